"""What people and machines read of faults: text, JSON, CI annotations, SARIF. Prints to standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace

from plugins.models.codes import CODES
from plugins.models.faults import Fault
from plugins.rules.slips import Slip, case_of

_SHOWN = 200
_SARIF_LEVEL = {"error": "error", "warning": "warning", "notice": "note"}


def line(text: str) -> None:
    """One line for the person at the terminal."""
    print(text, file=sys.stderr)  # noqa: T201


def outside(text: str) -> int:
    """Something outside the content is wrong: says so, exit code 2."""
    line(text)
    return 2


def faults(found: Sequence[Fault]) -> None:
    """Faults one a line, at most 200, errors never hidden behind warnings; equal ones of a file are one line."""
    alike: dict[Fault, list[Fault]] = {}
    for item in sorted(found):
        alike.setdefault(replace(item, line=0), []).append(item)
    shown = sorted(alike.values(), key=lambda items: (items[0].severity != "error", items))[:_SHOWN]
    for items in sorted(shown):
        often = f"（本文件共 {len(items)} 处，用 check 逐处查看）" if len(items) > 1 else ""
        line(("" if items[0].severity == "error" else "提醒 ") + f"{items[0]}{often}")
    left = len(found) - sum(map(len, shown))
    if left:
        line(f"另有 {left} 处，用 check 查看全部")


def _text(found: Sequence[Fault]) -> str:
    return "".join(f"{item}\n" for item in found)


def _json(found: Sequence[Fault]) -> str:
    return json.dumps([item.as_json() for item in found], ensure_ascii=False, indent=1) + "\n"


def _github(found: Sequence[Fault]) -> str:
    """Annotations of GitHub's workflow commands; data is escaped as they ask."""
    rows = []
    for item in found:
        case = case_of(item.code)
        name = f"退文 {case} {item.code}" if case else item.code
        text = f"{item.message}——{item.remedy}".replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
        path = item.path.replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
        rows.append(f"::{item.severity} file={path},line={max(item.line, 1)},title={name}::{text}\n")
    return "".join(rows)


def _sarif(found: Sequence[Fault]) -> str:
    """SARIF 2.1.0."""
    rules = [
        {"id": code, "shortDescription": {"text": CODES[code].sentence}} for code in sorted({f.code for f in found})
    ]
    results = [
        {
            "ruleId": item.code,
            "level": _SARIF_LEVEL[item.severity],
            "message": {"text": f"{item.message}——{item.remedy}"},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": item.path},
                        "region": {"startLine": max(item.line, 1)},
                    }
                }
            ],
        }
        for item in found
    ]
    run = {"tool": {"driver": {"name": "gazette", "rules": rules}}, "results": results}
    whole = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def slips(found: Sequence[Slip], format: str) -> str:  # noqa: A002
    """Return slips as readable text, one after the other, or as a JSON array."""
    if format == "slips-json":
        return json.dumps([slip.as_json() for slip in found], ensure_ascii=False, indent=1) + "\n"
    return "\n————————\n\n".join(slip.text() for slip in found)


SLIPS = ("slips", "slips-json")
FORMATS: dict[str, Callable[[Sequence[Fault]], str]] = {
    "text": _text,
    "json": _json,
    "github": _github,
    "sarif": _sarif,
}
