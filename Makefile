site test serve check build:
	python3 tasks.py $@

.PHONY: site test serve check build
