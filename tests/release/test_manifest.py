"""MANIFEST: strict, and read by `sha256sum` as by us."""

from __future__ import annotations

import hashlib
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.release.manifest import manifest
from plugins.release.verify import EXCLUDED, parse

A = "a" * 64
segments = st.one_of(
    st.from_regex(r"[ #*\-.a-zA-Z0-9%'\"]{1,12}", fullmatch=True),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/\\"), min_size=1, max_size=20),
).filter(lambda s: s not in {".", ".."} and all(c >= " " and c != "\x7f" for c in s))
paths = st.lists(segments, min_size=1, max_size=3).map("/".join).filter(lambda p: p not in EXCLUDED | {"-"})
digests = st.from_regex(r"[0-9a-f]{64}", fullmatch=True)


@given(st.dictionaries(paths, digests, max_size=8))
def test_what_is_written_is_read_again(entries: dict[str, str]) -> None:
    assert parse(manifest(entries)) == entries


@given(st.dictionaries(paths, digests, max_size=8), st.randoms())
def test_the_order_of_entries_does_not_matter(entries: dict[str, str], random: object) -> None:
    rows = list(entries.items())
    random.shuffle(rows)  # type: ignore[attr-defined]
    assert manifest(dict(rows)) == manifest(entries)


@given(st.dictionaries(paths, digests, min_size=1, max_size=4), st.data())
def test_what_is_accepted_is_exactly_what_would_be_written(entries: dict[str, str], data: st.DataObject) -> None:
    """Bytes put in, taken out and changed at random."""
    written = bytearray(manifest(entries))
    at = data.draw(st.integers(0, len(written) - 1))
    written[at : at + data.draw(st.integers(0, 2))] = data.draw(st.binary(max_size=2))
    try:
        again = parse(bytes(written))
    except ValueError as error:
        again = None
        refusal = str(error)
    assert refusal.startswith("line ") if again is None else manifest(again) == bytes(written)


@given(st.binary(max_size=200))
def test_any_other_bytes_are_refused_with_a_line(data: bytes) -> None:
    refusal = "line 1" if data else ""
    try:
        parse(data)
    except ValueError as error:
        refusal = refusal and str(error)[:6]
    else:
        refusal = refusal and "accepted"
    assert refusal == ("line 1" if data else "")


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(segments, st.binary(max_size=9), min_size=1, max_size=8))
def test_sha256sum_finds_every_name_that_we_accept(files: dict[str, bytes]) -> None:
    """Names with spaces, stars, quotes, hashes and any character of Unicode, at the top and in a folder."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        entries = {}
        for n, (segment, data) in enumerate(sorted(files.items())):
            path = segment if n % 2 and segment not in EXCLUDED | {"-"} else f"{n}/{segment}"
            above = (folder / path).parent
            if len(segment.encode()) > 255 or (folder / path).exists() or above.is_file():
                continue
            above.mkdir(exist_ok=True)
            (folder / path).write_bytes(data)
            entries[path] = hashlib.sha256(data).hexdigest()
        (folder / "MANIFEST").write_bytes(manifest(entries))
        checked = subprocess.run(
            ["sha256sum", "-c", "--strict", "MANIFEST"], cwd=folder, capture_output=True, check=False
        )
    assert checked.returncode == 0, checked
    assert checked.stdout.count(b": OK\n") == len(entries)


@pytest.mark.parametrize(
    "path",
    ["", "-", "/a", "a/", "a//b", "..", "../a", "a/../b", "a/..", ".", "./a", "a/.", "a\nb", "a\rb", "a\\b", "a\x00b",
     "\x7f", "a\ud800", *sorted(EXCLUDED)],
)  # fmt: skip
def test_a_path_that_is_not_plain_is_refused_both_ways(path: str) -> None:
    with pytest.raises(ValueError, match=r"(?s)."):
        manifest({path: A})
    with pytest.raises(ValueError, match="line "):
        parse(f"{A}  {path}\n".encode(errors="surrogatepass"))


@pytest.mark.parametrize(
    "path", ["...", "..a", ".well-known/a", "a..", " a", "*a", "附件 １.pdf", "a/MANIFEST", "\u0085"]
)
def test_a_strange_but_plain_path_is_accepted(path: str) -> None:
    assert parse(manifest({path: A})) == {path: A}


@pytest.mark.parametrize("digest", ["", "a" * 63, "a" * 65, "A" * 64, "g" * 64, "ａ" * 64])
def test_a_digest_that_is_none_is_refused(digest: str) -> None:
    with pytest.raises(ValueError, match="x"):
        manifest({"x": digest})


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (f"{A}  b\n{A}  a\n", 2),
        (f"{A}  a\n{A}  a\n", 2),
        (f"{A}  a\n{A}  b", 2),
        (f"{A}  a\n\n", 2),
        (f"{A}  a\r\n", 1),
        (f"{A} *a\n", 1),
        (f"{A} a\n", 1),
        (f"\\{A}  a\n", 1),
        (f"# comment\n{A}  a\n", 1),
        (f"\ufeff{A}  a\n", 1),
        (f"{A}  é\n{A}  z\n", 2),
    ],
)
def test_an_irregular_line_is_refused_with_its_number(data: str, line: int) -> None:
    with pytest.raises(ValueError, match=f"line {line}:"):
        parse(data.encode())


def test_the_order_is_that_of_bytes_not_of_folders() -> None:
    written = manifest(dict.fromkeys(["a/b", "a.txt", "a-b", "B", "ä", "\U00020000", "\uffee"], A))
    names = [line[66:] for line in written.splitlines()]
    assert names == sorted(names)
    assert [name.decode() for name in names[:4]] == ["B", "a-b", "a.txt", "a/b"]
