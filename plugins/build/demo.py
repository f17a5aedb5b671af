"""`demo`: a deterministic content tree of any size, with bodies like real ones. Touches the disk."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from pathlib import Path

from plugins.build.demo_text import body, title

_SITE = """name: 演示公报站
government: 示例县人民政府
address: http://127.0.0.1:8000
site_code: '3299990001'
area_code: '329999'
duties_from: 2018-07-27
"""
_DEPARTMENTS = 24
_TOPICS = 20


def demo(documents: int, datasets: int, output: Path) -> None:
    """Writes `output`/content with that many documents and `output`/datasets with that many data packages.

    About 3 in 100 documents are interpretations. The same numbers give the same bytes, whatever hash seed or clock.
    Raises OSError where the folder cannot be written.
    """
    content = output / "content"
    content.mkdir(parents=True, exist_ok=True)
    (content / "site.yml").write_text(_SITE, encoding="utf-8")
    organisations = [
        "- {id: xzf, name: 示例县人民政府, kind: 政府}",
        "- {id: xzfb, name: 示例县人民政府办公室, kind: 政府办公室}",
    ]
    organisations += [f"- {{id: bm-{n:02d}, name: 示例县第{n}局, kind: 政府部门}}" for n in range(1, _DEPARTMENTS + 1)]
    (content / "organisations.yml").write_text("\n".join(organisations) + "\n", encoding="utf-8")
    topics = "".join(f"- {{id: zt-{n:02d}, name: 主题{n:02d}}}\n" for n in range(1, _TOPICS + 1))
    (content / "topics.yml").write_text(topics, encoding="utf-8")
    _documents(content, documents)
    for number in range(1, datasets + 1):
        _dataset(output / "datasets" / f"table-{number:03d}", number)


def _documents(content: Path, count: int) -> None:
    chance = random.Random(20180727)
    policies = count - count * 3 // 100
    start, repealed = date(2000, 1, 4), set[int]()
    for number in range(policies):
        signed = start + timedelta(days=number * 9700 // max(policies, 1))
        interpreted = number % 33 == 7 and number // 33 < count - policies
        relations = _relations(chance, number, policies, start, repealed)
        links = [f"../{_identifier(number // 2, policies, start)}.md"] if number and chance.random() < 0.02 else []
        header = _header(chance, number, signed, "" if interpreted else "interpretation_exempt: 不涉及公众\n")
        _write(content / f"policies/{_identifier(number, policies, start)}.md", header + relations, body(chance, links))
        if interpreted:
            _interpretation(content, number, signed, f"policies/{_identifier(number, policies, start)}")


def _identifier(number: int, policies: int, start: date) -> str:
    return f"{(start + timedelta(days=number * 9700 // max(policies, 1))).year}/wj-{number:06d}"


def _relations(chance: random.Random, number: int, policies: int, start: date, repealed: set[int]) -> str:
    if number < 10 or chance.random() > 0.04:
        return ""
    earlier = chance.randrange(number - 1)
    kind = chance.choice(["based_on", "amends", "repeals"])
    if earlier in repealed:
        return ""
    if kind == "repeals":
        repealed.add(earlier)
    return f"{kind}: [policies/{_identifier(earlier, policies, start)}]\n"


def _header(chance: random.Random, number: int, signed: date, exempt: str) -> str:
    issuer = chance.choice(["xzf", "xzfb", *(f"bm-{n:02d}" for n in range(1, _DEPARTMENTS + 1))])
    return (
        f"title: {title(chance, number)}\nnumber: 示文发〔{signed.year}〕{number + 1}号\nissuer: {issuer}\n"
        f"signed: {signed}\npublished: {signed} 09:00\ntopic: zt-{chance.randint(1, _TOPICS):02d}\n"
        f"genre: {chance.choice(['办法', '通知', '意见', '方案'])}\neffective: {signed + timedelta(days=30)}\n"
        f"keywords: [示例, 演示{number % 97}]\n" + _approved(f"ZC-{number}", signed) + exempt
    )


def _approved(review: str, signed: date) -> str:
    return (
        f"disclosure: 主动公开\nsecrecy_review: {{id: {review}, by: 保密审查岗, date: {signed}, result: 通过}}\n"
        f"sign_off: {{by: 签发岗, date: {signed}}}\n"
    )


def _interpretation(content: Path, number: int, signed: date, policy: str) -> None:
    chance = random.Random(number)
    header = (
        f"title: 第{number}号文件解读\nissuer: xzfb\ninterprets: [{policy}]\nsigned: {signed}\n"
        f"published: {signed} 10:00\nforms: [文字]\n" + _approved(f"JD-{number}", signed)
    )
    _write(content / f"interpretations/{signed.year}/jd-{number:06d}.md", header, body(chance, []))


def _write(path: Path, header: str, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"---\n{header}---\n{text}\n", encoding="utf-8")


def _dataset(folder: Path, number: int) -> None:
    chance = random.Random(number)
    folder.mkdir(parents=True, exist_ok=True)
    rows = [f"{n},项目{n},{chance.randint(0, 9999)}" for n in range(1, chance.randint(50, 500))]
    (folder / "table.csv").write_text("id,name,value\n" + "\n".join(rows) + "\n", encoding="utf-8")
    fields = [
        {"name": "id", "type": "integer"},
        {"name": "name", "type": "string"},
        {"name": "value", "type": "integer"},
    ]
    schema = {"fields": fields, "primaryKey": ["id"]}
    descriptor = {
        "name": folder.name,
        "title": f"演示数据 {number}",
        "licenses": [{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}],
        "contributors": [{"title": "示例县第1局", "role": "publisher", "organization": "bm-01"}],
        "resources": [
            {"name": "table", "path": "table.csv", "format": "csv", "mediatype": "text/csv", "schema": schema}
        ],
    }
    text = json.dumps(descriptor, ensure_ascii=False, indent=1)
    (folder / "datapackage.json").write_text(text + "\n", encoding="utf-8")
