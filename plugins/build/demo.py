"""`demo`: a deterministic content tree of any size, with bodies like real ones. Touches the disk."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import NamedTuple, TypeVar

from plugins.build import demo_words as words
from plugins.build.demo_data import package
from plugins.build.demo_text import Subject, body, interpretation

_SITE = """name: 演示公报站
government: 示例县人民政府
address: http://127.0.0.1:8000
site_code: '3299990001'
area_code: '329999'
duties_from: 2018-07-27
"""
_SEED = 20180727
_FIRST, _DAYS = date(2000, 1, 4), 9_680
"""The first 成文日期, and the days from it to the last, in July 2026."""
_INTERPRETED, _LINKED, _WITH_TABLE, _RELATED, _EFFECTIVE = 0.03, 0.02, 0.02, 0.05, 0.6
_WAIT = 60
"""Days after its publication by which a policy is in force."""
_OFFICES = (("xzf", "示例县人民政府", "government", "示政发"), ("xzfb", "示例县人民政府办公室", "office", "示政办发"))
_Item = TypeVar("_Item")


class Organisation(NamedTuple):
    """One row of organisations.yml; every one has its own 机关代字."""

    id: str
    name: str
    kind: str
    prefix: str


class Policy(NamedTuple):
    """What is decided about a policy before anything is written."""

    id: str
    title: str
    subject: Subject
    genre: str
    issuer: Organisation
    number: str
    signed: date
    published: date


def demo(documents: int, datasets: int, output: Path) -> None:
    """Writes `output`/content with that many documents and `output`/datasets with that many data packages.

    About 3 in 100 documents are interpretations. The same numbers give the same bytes, whatever clock or hash seed.
    What an earlier run wrote there is replaced; raises FileExistsError for any other content or datasets in the place,
    and OSError where it cannot write.
    """
    content, packages = output / "content", output / "datasets"
    _clear(content, packages)
    organisations = _organisations()
    _write(content / "site.yml", _SITE)
    _write(content / "organisations.yml", "".join(map(_row, organisations)))
    _write(content / "topics.yml", "".join(f"- {{id: {f.topic}, name: {f.name}}}\n" for f in words.FIELDS))
    interpreted = round(documents * _INTERPRETED)
    policies = _plan(documents - interpreted, organisations)
    explained = {(2 * n + 1) * len(policies) // (2 * interpreted) for n in range(interpreted)}
    _policies(content, policies, explained)
    for place in sorted(explained):
        _interpretation(content, policies[place], Random(_SEED + 2 * place + 1))
    packages.mkdir(exist_ok=True)
    for number in range(datasets):
        name, files = package(Random(_SEED - 1 - number), number)
        for file, text in files.items():
            _write(packages / name / file, text)


def _clear(content: Path, packages: Path) -> None:
    """Removes what `demo` wrote before, which is known by its site.yml, and nothing that it did not write."""
    identity = content / "site.yml"
    ours = identity.is_file() and identity.read_bytes() == _SITE.encode()
    for folder in (content, packages):
        if ours and folder.is_dir() and not folder.is_symlink():
            shutil.rmtree(folder)
        elif folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
            raise FileExistsError(17, "不是 demo 写的，没有改动它", str(folder))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def _organisations() -> list[Organisation]:
    found = [Organisation(*office) for office in _OFFICES]
    found += [
        Organisation(f.department, f"示例县{f.department_name}", "department", f"示{f.prefix}") for f in words.FIELDS
    ]
    towns = enumerate(words.TOWNS, 1)
    return found + [Organisation(f"town-{n}", f"示例县{t}人民政府", "town", f"示{t[0]}政发") for n, t in towns]


def _row(one: Organisation) -> str:
    return f"- {{id: {one.id}, name: {one.name}, kind: {one.kind}, number_prefixes: [{one.prefix}]}}\n"


def _pick(chance: Random, values: Sequence[_Item]) -> _Item:
    return values[int(chance.random() * len(values))]


def _workday(day: date) -> date:
    """`day`, or the Monday after it."""
    return day + timedelta(days=max(0, 7 - day.weekday()) % 7 if day.weekday() > 4 else 0)


def _plan(count: int, organisations: Sequence[Organisation]) -> list[Policy]:
    """Policies in the order of their days; issuer, year and serial make number and slug, so that both are unique."""
    chance = Random(_SEED)
    by_id = {one.id: one for one in organisations}
    serials: Counter[tuple[str, int]] = Counter()
    policies = []
    for place in range(count):
        field = _pick(chance, words.FIELDS)
        genre, name = _pick(chance, words.GENRES), _pick(chance, field.subjects)
        signed = _workday(_FIRST + timedelta(days=place * _DAYS // max(count - 1, 1)))
        issuer = by_id[_pick(chance, ("xzf", "xzfb", field.department, field.department, f"town-{place % 8 + 1}"))]
        serials[issuer.id, signed.year] += 1
        serial = serials[issuer.id, signed.year]
        policies.append(
            Policy(
                id=f"policies/{signed.year}/{issuer.id}-{signed.year}-{serial:03d}",
                title=_title(chance, issuer, name, genre, signed.year),
                subject=Subject(field, name, genre[-2:]),
                genre=genre[-2:],
                issuer=issuer,
                number=f"{issuer.prefix}〔{signed.year}〕{serial}号",
                signed=signed,
                published=_workday(signed + timedelta(days=int(chance.random() * 4))),
            )
        )
    return policies


def _title(chance: Random, issuer: Organisation, subject: str, genre: str, year: int) -> str:
    place = issuer.name.removesuffix("人民政府") if issuer.kind == "town" else "示例县"
    name, kind = f"{place}{subject}{_pick(chance, words.ASPECT)}{genre}", chance.random()
    if kind < 0.3:
        return f"{issuer.name}关于印发{name}的通知"
    return f"{name}（{year}年修订）" if kind < 0.45 else name


def _policies(content: Path, policies: Sequence[Policy], explained: set[int]) -> None:
    """Writes the policies; whoever is in `explained` has an interpretation, the others say why not."""
    planning, ended = Random(_SEED + 1), set[int]()
    for place, policy in enumerate(policies):
        chance = Random(_SEED + 2 * place)
        header = _header(chance, policy) + _relation(planning, policies, place, ended)
        if place not in explained:
            header += f"interpretation_exempt: {_pick(chance, words.EXEMPT)}\n"
        links = {}
        if place and chance.random() < _LINKED:
            other = _pick(chance, policies[:place])
            links["../" + other.id.removeprefix("policies/") + ".md"] = other.title
        text = body(chance, policy.subject, links, table=chance.random() < _WITH_TABLE)
        _write(content / f"{policy.id}.md", f"---\n{header}---\n{text}\n")


def _header(chance: Random, policy: Policy) -> str:
    clock = f"{8 + int(chance.random() * 9):02d}:{int(chance.random() * 12) * 5:02d}"
    subject = policy.subject
    lines = [
        f"title: {policy.title}",
        f"number: {policy.number}",
        f"issuer: {policy.issuer.id}",
        f"signed: {policy.signed}",
        f"published: {policy.published} {clock}",
        f"topic: {subject.field.topic}",
        f"genre: {policy.genre}",
        f"keywords: [{subject.name}, {_pick(chance, subject.field.terms)}]",
    ]
    if chance.random() < _EFFECTIVE:
        lines.append(f"effective: {policy.published + timedelta(days=int(chance.random() * 60))}")
    return "\n".join(lines) + "\n" + _approved("BM-" + policy.id.rsplit("/", 1)[1], policy.signed)


def _approved(review: str, day: date) -> str:
    return (
        f"disclosure: 主动公开\nsecrecy_review: {{id: {review}, by: 保密审查岗, date: {day}, result: 通过}}\n"
        f"sign_off: {{by: 签发岗, date: {day}}}\n"
    )


def _relation(chance: Random, policies: Sequence[Policy], place: int, ended: set[int]) -> str:
    """A relation to an earlier policy, which nobody has repealed; `ended` remembers what was."""
    if place < 2 or chance.random() > _RELATED:
        return ""
    kind, earlier = _pick(chance, ("based_on", "amends", "repeals")), int(chance.random() * place)
    if earlier in ended or policies[earlier].published + timedelta(days=_WAIT) > policies[place].signed:
        return ""
    if kind == "repeals":
        ended.add(earlier)
    return f"{kind}: [{policies[earlier].id}]\n"


def _interpretation(content: Path, policy: Policy, chance: Random) -> None:
    """The interpretation of a policy, published on its day or on one of the two working days after it."""
    day = policy.published
    for _ in range(int(chance.random() * 3)):
        day = _workday(day + timedelta(days=1))
    slug = "jd-" + policy.id.rsplit("/", 1)[1]
    header = (
        f"title: 《{policy.title}》解读\nissuer: {policy.issuer.id}\ninterprets: [{policy.id}]\n"
        f"signed: {policy.signed}\npublished: {day} 17:30\ntopic: {policy.subject.field.topic}\nforms: [文字]\n"
        "media: [政府网站, 示例县融媒体中心]\n"
        f"head_approval: {{by: 主要负责人, date: {policy.signed}}}\n"
    ) + _approved(f"BM-{slug}", policy.signed)
    text = interpretation(chance, policy.subject, f"../../{policy.id}.md", policy.title)
    _write(content / f"interpretations/{policy.signed.year}/{slug}.md", f"---\n{header}---\n{text}\n")
