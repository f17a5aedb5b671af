"""The table of fault codes: one row per code, the sentence and the remedy as an editor reads them (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from plugins.models import (
    codes_attachments,
    codes_documents,
    codes_gazette,
    codes_places,
    codes_private,
    codes_schemas,
    codes_tables,
)


@dataclass(frozen=True, slots=True)
class Code:
    """One row: `sentence` and `remedy` are format strings in Chinese."""

    severity: Literal["error", "warning", "notice"]
    sentence: str
    remedy: str


CODES: dict[str, Code] = {
    code: Code(*row)
    for table in (
        codes_attachments.ROWS,
        codes_documents.ROWS,
        codes_gazette.ROWS,
        codes_places.ROWS,
        codes_private.ROWS,
        codes_schemas.ROWS,
        codes_tables.ROWS,
    )
    for code, row in table.items()
}
