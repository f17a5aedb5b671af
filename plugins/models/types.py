"""The registry of document types: adding one is adding its class here (pure)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plugins.models.interpretation import Interpretation
from plugins.models.issue import Issue
from plugins.models.page import Page
from plugins.models.policy import Policy

if TYPE_CHECKING:
    from plugins.models.document import Document

TYPES: dict[str, type[Document]] = {t.folder: t for t in (Policy, Interpretation, Issue, Page)}
"""Document types by their folder under `content/`."""
