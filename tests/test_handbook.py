"""The handbook is made from the declarations, and is what lies in docs/."""

from __future__ import annotations

from plugins.build.handbook import HANDBOOK, text
from plugins.models.codes import CODES
from plugins.models.columns import columns
from plugins.models.types import TYPES
from plugins.rules.table import RULES


def test_the_handbook_in_docs_is_the_one_that_would_be_made() -> None:
    assert HANDBOOK.read_text(encoding="utf-8") == text()


def test_the_handbook_names_every_type_field_rule_and_fault() -> None:
    written = text()
    for model in TYPES.values():
        assert model.label in written
        assert all(f"| `{name}` |" in written for name in columns(model))
    assert all(f"| {rule} |" in written for rule in RULES)
    assert all(f"| {code} |" in written for code in CODES)


def test_every_type_has_a_worked_example_in_the_handbook() -> None:
    assert text().count("````markdown") == len(TYPES)
