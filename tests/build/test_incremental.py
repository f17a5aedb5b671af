"""Whatever was edited, and in whatever order: the next build's site is the one that a clean build makes."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.build.settings import cache_folder
from tests.drill import often
from tests.small import ORGANISATIONS, SITE, TOPICS, Small

SLUGS = "abc"
_slug = st.sampled_from(SLUGS)
_edit = st.one_of(
    st.tuples(
        st.just("body"),
        _slug,
        st.sampled_from(["第一条 甲。", "第二条 乙，见[甲](a.md)。", "第三条 丙，见[丙](c.md#art-1)。"]),
    ),
    st.tuples(st.just("title"), _slug, st.sampled_from(["甲办法", "乙办法", "丙办法"])),
    st.tuples(st.just("number"), _slug, st.integers(1, 3)),
    st.tuples(st.just("relation"), _slug, st.tuples(st.sampled_from(["forwards", "amends", "based_on"]), _slug)),
    st.tuples(st.just("status"), _slug, st.sampled_from(["草稿", "定稿"])),
    st.tuples(st.just("remove"), _slug, st.none()),
    st.tuples(st.just("organisation"), st.none(), st.sampled_from(["县政府办公室", "县政府办"])),
    st.tuples(st.just("site"), st.none(), st.sampled_from(["试验站", "试验网"])),
    st.tuples(st.just("day"), st.none(), st.sampled_from(["2026-11-24 12:00", "2027-03-01 00:00", "2026-04-01 08:00"])),
)


class History:
    """A content tree under edits, and its builds."""

    def __init__(self, folder: Path) -> None:
        self.small = Small(folder)
        self.small.write("site.yml", SITE)
        self.small.write("organisations.yml", ORGANISATIONS)
        self.small.write("topics.yml", TOPICS)
        self.day = "2026-11-24 12:00"
        self.documents: dict[str, dict[str, str]] = {"a": {}}
        self.bodies = dict.fromkeys(SLUGS, "第一条 为了试验。")

    def edit(self, kind: str, slug: str | None, value: object) -> None:
        if kind == "organisation":
            self.small.write("organisations.yml", ORGANISATIONS.replace("县政府办公室", str(value)))
        elif kind == "site":
            self.small.write("site.yml", SITE.replace("试验站", str(value)))
        elif kind == "day":
            self.day = str(value)
        elif kind == "remove" and len(self.documents) > 1:
            self.documents.pop(str(slug), None)
        elif slug is not None:
            header = self.documents.setdefault(slug, {})
            if kind == "body":
                self.bodies[slug] = str(value)
            elif kind == "relation" and isinstance(value, tuple):
                header[value[0]] = f"[policies/2026/{value[1]}]"
            elif kind == "number":
                header["number"] = f"试政〔2026〕{value}号"
            elif kind in {"title", "status"}:
                header[kind] = str(value)

    def write(self) -> None:
        shutil.rmtree(self.small.content / "policies", ignore_errors=True)
        for slug, header in self.documents.items():
            review = f"{{id: BM-{slug}, by: 岗, date: 2026-03-02, result: 通过}}"
            self.small.policy(slug, self.bodies[slug], **{"secrecy_review": review, **header})

    def build(self, **chosen: object) -> tuple[int, bytes]:
        code = self.small.build(as_of=self.day, **chosen)
        listing = self.small.output / "MANIFEST"
        return code, listing.read_bytes() if code == 0 else b""


@pytest.mark.drill
@settings(max_examples=often(15, 2_000), deadline=None)
@given(st.lists(st.lists(_edit, min_size=1, max_size=3), min_size=2, max_size=6))
def test_an_incremental_build_gives_what_a_clean_build_gives(steps: list[list[tuple[str, str | None, object]]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        history = History(Path(name))
        try:
            for step in steps:
                for kind, slug, value in step:
                    history.edit(kind, slug, value)
                history.write()
                incremental = history.build()
                clean = history.build(clean=True)
                assert incremental == clean
        finally:
            shutil.rmtree(cache_folder(history.small.content), ignore_errors=True)


NEIGHBOURS = {
    "the title of a related document": ("title", "b", "乙办法"),
    "the number of a related document": ("number", "b", 2),
    "a related document withdrawn to a draft": ("status", "b", "草稿"),
    "a related document removed": ("remove", "b", None),
    "a linked document withdrawn to a draft": ("status", "c", "草稿"),
    "a relation from elsewhere": ("relation", "c", ("based_on", "a")),
    "the name of the issuer": ("organisation", None, "县政府办"),
    "the name of the site": ("site", None, "试验网"),
    "the day": ("day", None, "2026-04-01 08:00"),
}


@pytest.mark.parametrize("change", NEIGHBOURS.values(), ids=NEIGHBOURS.keys())
def test_a_change_outside_a_document_reaches_its_page(change: tuple[str, str | None, object], tmp_path: Path) -> None:
    """a is based on b, links to c and takes effect on 2026-05-01; then something else than a changes."""
    history = History(tmp_path / "site")
    history.documents = {"a": {"based_on": "[policies/2026/b]", "effective": "2026-05-01"}, "b": {}, "c": {}}
    history.bodies["a"] = "第一条 见[丙](c.md)。"
    history.write()
    history.day = "2026-06-01 12:00"
    assert history.build()[0] == 0
    history.edit(*change)
    if change[0] == "remove":  # a reference to nothing would stop the build
        history.documents["a"]["based_on"] = "示政发〔2026〕9号"
    history.write()
    incremental = history.build()
    assert incremental[0] == 0
    assert incremental == history.build(clean=True)


def test_the_first_release_makes_the_tree_of_the_second_ahead(tmp_path: Path) -> None:
    """The first edit finds its folders made; a tree ahead that was spoilt, or cannot be made, does no harm."""
    small = Small(tmp_path / "site").least()
    assert small.build() == 0
    ahead = small.output.parent / f".{small.output.name}.releases" / ".next"
    folders = {p.stat().st_ino for p in ahead.rglob("*") if p.is_dir()}
    assert len(folders) > 20
    shutil.rmtree(ahead / "policies")
    (ahead / "index.html").unlink()
    small.write("site.yml", SITE.replace("试验站", "试验网"))
    assert small.build() == 0
    assert not ahead.exists()
    assert folders & {p.stat().st_ino for p in small.output.resolve().rglob("*") if p.is_dir()}
    clean = tmp_path / "clean"
    assert small.build(output=str(clean), clean=True) == 0
    assert (clean / "MANIFEST").read_bytes() == (small.output / "MANIFEST").read_bytes()
