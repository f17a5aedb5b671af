"""Free pages: about, the disclosure guide, terms (pure)."""

from __future__ import annotations

from typing import ClassVar

from plugins.models.document import Document


class Page(Document):
    """单页: keeps its address for good."""

    folder: ClassVar[str] = "pages"
    label: ClassVar[str] = "单页"
