site test drill serve check build:
	python3 tasks.py $@

.PHONY: site test drill serve check build
