"""Settings for editing: `pelican content -s pelicanconf.py` builds the same site as `invoke build`.

Pelican's defaults fail open; here each is closed. The plugin is imported by this file itself, so that a broken one
stops the command, and the class that runs is the product's own: nothing but the gate decides what is published.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import plugins.build
from plugins.build.encoding import require_utf8

require_utf8()

PATH = "content"
OUTPUT_PATH = "output"
THEME = str(Path(__file__).resolve().parent / "theme")
TIMEZONE = "Asia/Shanghai"
DEFAULT_LANG = "zh-cn"
SITEURL = ""

PLUGINS = [plugins.build]
PELICAN_CLASS = plugins.build.pelican_class()

# What Pelican would do by itself is switched off as well, should another class ever run.
DELETE_OUTPUT_DIRECTORY = False
ARTICLE_PATHS = []
PAGE_PATHS = []
STATIC_PATHS = []
DIRECT_TEMPLATES = []
CACHE_CONTENT = False
LOAD_CONTENT_CACHE = False
FEED_ALL_ATOM = None
CATEGORY_FEED_ATOM = None
TRANSLATION_FEED_ATOM = None
AUTHOR_FEED_ATOM = None
AUTHOR_FEED_RSS = None
JINJA_ENVIRONMENT = {"autoescape": True}
