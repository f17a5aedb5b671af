"""A published site with a current, an amended and a withdrawn text and a data set, on a host."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from plugins.build.changes import amend, withdraw
from plugins.build.publish import publish
from tests.served import Served
from tests.small import Small
from tests.tables import POWER_ROWS, write_powers

FIRST, SECOND, THIRD = "2026-03-03 10:00", "2026-05-01 09:00", "2026-06-01 09:00"
ARTICLES = "\n\n".join(f"第{n}条 这是第{n}条的内容，与别的条款不同。" for n in "一二三四五六七八九")
TITLE = "<b>甲</b>“乙”试验办法"
WITHDRAWN = "第一条 这份文件后来撤下。"


def published(small: Small, moment: str) -> None:
    """Publishes at `moment`."""
    result = publish(small.settings(as_of=moment, datasets=str(small.folder / "datasets")))
    assert [str(f) for f in result.faults if f.severity == "error"] == []


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release: `a` as it was published first, `b` amended, `c` withdrawn, `powers` a data set."""
    small = Small(tmp_path_factory.mktemp("verify") / "site").least()
    write_powers(small.folder / "datasets", POWER_ROWS)
    small.policy("a", ARTICLES, title=TITLE, number="试政发〔2026〕3号")
    small.policy("b", "第一条 为了试验，制定本办法。", title="后来修改的办法")
    small.policy("c", WITHDRAWN, title="撤下的办法", number="试政发〔2026〕4号")
    published(small, FIRST)
    assert amend(small.settings(as_of=SECOND), "policies/2026/b") == 0
    path = small.content / "policies/2026/b.md"
    text = path.read_text().replace("为了试验", "为了实验").replace("change_note:\n", "change_note: 改正错字\n")
    path.write_text(text)
    published(small, SECOND)
    assert withdraw(small.settings(as_of=THIRD), "policies/2026/c", "依据已经失效") == 0
    published(small, THIRD)
    return small.output.resolve()


@pytest.fixture(scope="session")
def host(site: Path) -> Iterator[Served]:
    """The site on its host."""
    with Served(site) as made:
        yield made
