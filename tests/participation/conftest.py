"""A small site on a host: two organs that take requests in, a consultation, a hearing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.served import Served
from tests.small import ORGANISATIONS, SITE, Small

REQUEST = "request: {channels: [信函, 现场], office: 政务公开科, phone: 0000-88001024, email: sq@example.gov.cn}"
ASKED = (
    f"- {{id: xzfb, name: 县政府办公室, kind: 政府办公室, address: 中心路1号, {REQUEST}}}\n"
    "- {id: fgj, name: 县发展改革局, kind: 政府部门, fax: 0000-2, request: {channels: 信函}}\n"
)
HOSTILE = "关于“<b>甲</b>，乙；丙\\丁”的听证会公告"


def document(small: Small, path: str, body: str = "第一条 为了试验，制定本办法。", **fields: str) -> None:
    """A public document with the fields that every one needs, and others."""
    number = path.replace("/", "-")
    usual = {
        "title": "试验公告",
        "issuer": "fgj",
        "signed": "2026-11-01",
        "published": "2026-11-02 09:00",
        "disclosure": "主动公开",
        "secrecy_review": f"{{id: BM-{number}, by: 保密审查岗, date: 2026-11-01, result: 通过}}",
        "sign_off": "{by: 签发岗, date: 2026-11-01}",
    }
    lines = "".join(f"{key}: {value}\n" for key, value in (usual | fields).items())
    small.write(f"{path}.md", f"---\n{lines}---\n{body}\n")


def taking_part(small: Small, site: str = "") -> Small:
    """The content: `site` is added to site.yml."""
    small.write("site.yml", SITE + site)
    small.write("organisations.yml", ORGANISATIONS.splitlines(keepends=True)[0] + ASKED)
    small.policy("a")
    ways = {"email": "yj@example.gov.cn", "phone": "0000-88001160", "address": "新城路20号", "channels": "各镇意见箱"}
    terms = {"opens": "2026-11-03 09:00", "closes": "2026-12-20 17:30", "explanation": "为了试验。"}
    online = {"online": "https://yj.example.gov.cn/1"}
    document(small, "consultations/2026/a", title="关于《试验办法》征求意见的公告", **terms, **ways, **online)
    about = {"about": "[consultations/2026/a]", "channels": "[政府网站]"}
    document(
        small, "hearings/2026/a", title=f"'{HOSTILE}'", held="2026-12-10 09:00", place="县政务服务中心，三楼", **about
    )
    return small


@pytest.fixture(scope="session")
def part(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site."""
    small = taking_part(Small(tmp_path_factory.mktemp("part") / "site").least())
    assert [str(f) for f in small.faults() if f.severity == "error"] == []
    assert small.build() == 0
    return small.output.resolve()


@pytest.fixture(scope="session")
def host(part: Path) -> Iterator[Served]:
    """The site on its host."""
    with Served(part) as made:
        yield made
