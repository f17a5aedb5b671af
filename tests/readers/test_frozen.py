"""Frozen issues are read whole or not at all: every way to change one has its fault."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from plugins.models.edition import Frozen
from plugins.readers.frozen import read_frozen, sm3
from tests.frozen import KEY, digest, frozen, minisigned, public, signed, write

ISSUE, SLUG = "gazette/2026-01", "2026-01"
TEXTS = {"policies/2026/a": b"A\n", "interpretations/2026/b": b"B\n"}
OTHER = Ed25519PrivateKey.from_private_bytes(b"another key of these tests, too.")
Files = dict[str, bytes]


def read(folder: Path, files: Files) -> tuple[Frozen | None, list[str]]:
    """What lies in a folder of these files, and the faults as `code name`."""
    write(folder, files)
    found, faults = read_frozen(ISSUE, {name: str(folder / name) for name in files})
    return found, [f"{f.code} {f.path.rpartition('/')[2]}" for f in faults]


def test_what_was_frozen_is_read_back(tmp_path: Path) -> None:
    files = frozen(SLUG, TEXTS)
    found, faults = read(tmp_path, files)
    assert faults == []
    assert found is not None
    assert found.texts == {identifier: digest(text) for identifier, text in TEXTS.items()}
    assert {name: held.sha256 for name, held in found.files.items()} == {n: digest(d) for n, d in files.items()}
    assert {name: held.bytes for name, held in found.files.items()} == {n: len(d) for n, d in files.items()}
    assert found.sha256 == digest(files["manifest.txt"])
    assert found.key == digest(KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    assert found.comment == "试验县公报"


def test_an_issue_with_nothing_beside_it_is_not_frozen(tmp_path: Path) -> None:
    assert read(tmp_path, {}) == (None, [])
    assert read(tmp_path, {"stamp.tsr": b"x"}) == (None, [])


def test_a_timestamp_beside_it_is_hashed_too(tmp_path: Path) -> None:
    found, faults = read(tmp_path, frozen(SLUG, TEXTS) | {"manifest.txt.tsr": b"stamp"})
    assert faults == []
    assert found is not None
    assert found.files["manifest.txt.tsr"].sha256 == digest(b"stamp")


def _manifest(change: Callable[[bytes], bytes]) -> Callable[[Files], Files]:
    """The manifest changed and signed again, so that only its content is wrong."""
    return lambda files: files | signed(change(files["manifest.txt"]))


ATTACKS: dict[str, tuple[Callable[[Files], Files], list[str]]] = {
    "a byte changed in the PDF": (
        lambda f: f | {f"{SLUG}.pdf": f[f"{SLUG}.pdf"] + b"\0"},
        [f"D311 {SLUG}.pdf"],
    ),
    "a form missing": (lambda f: {n: d for n, d in f.items() if n != f"{SLUG}.epub"}, [f"D310 {SLUG}.epub"]),
    "the manifest missing": (lambda f: {n: d for n, d in f.items() if n != "manifest.txt"}, ["D310 manifest.txt"]),
    "signatures missing": (
        lambda f: {n: d for n, d in f.items() if n not in {"manifest.txt.sig", "manifest.txt.minisig"}},
        ["D310 manifest.txt.minisig", "D310 manifest.txt.sig"],
    ),
    "a truncated manifest": (_manifest(lambda m: m[:-20]), ["D312 manifest.txt"]),
    "a manifest without its last line": (
        _manifest(lambda m: b"".join(m.splitlines(keepends=True)[:-1])),
        [],  # one text fewer: the rules tell, which know the header
    ),
    "a manifest without the PDF": (
        _manifest(lambda m: b"".join(x for x in m.splitlines(keepends=True) if b".pdf" not in x)),
        ["D312 manifest.txt"],
    ),
    "a path upwards in the manifest": (
        _manifest(lambda m: m.replace(b"texts/policies/2026/a.txt", b"texts/../../2026/a.txt")),
        ["D312 manifest.txt"],
    ),
    "a file more in the manifest": (
        _manifest(lambda m: m + b"f" * 64 + b"  zzz.pdf\n"),
        ["D312 manifest.txt"],
    ),
    "a manifest that was not signed": (
        lambda f: f | {"manifest.txt": f["manifest.txt"].replace(b"policies/2026/a", b"policies/2026/c")},
        ["D316 manifest.txt.sig"],
    ),
    "a manifest with another hash": (
        lambda f: f | {"manifest.txt": f["manifest.txt"].replace(digest(b"A\n").encode(), b"0" * 64)},
        ["D316 manifest.txt.sig"],
    ),
    "the signature of another key": (
        lambda f: f | {"manifest.txt.sig": OTHER.sign(f["manifest.txt"])},
        ["D316 manifest.txt.sig"],
    ),
    "another key": (lambda f: f | {"manifest.pub": public(OTHER)}, ["D316 manifest.txt.sig"]),
    "a key of another kind": (
        lambda f: (
            f
            | {
                "manifest.pub": generate_private_key(SECP256R1())
                .public_key()
                .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
            }
        ),
        ["D316 manifest.pub"],
    ),
    "no key at all": (lambda f: f | {"manifest.pub": b"\xff\0"}, ["D316 manifest.pub"]),
    "a comment that was not signed": (
        lambda f: f | {"manifest.txt.minisig": f["manifest.txt.minisig"].replace("试验".encode(), "真的".encode())},
        ["D316 manifest.txt.minisig"],
    ),
    "a comment with a line break": (
        lambda f: f | {"manifest.txt.minisig": minisigned(f["manifest.txt"], KEY, "甲\r乙")},
        ["D316 manifest.txt.minisig"],
    ),
    "a signature of the issue before": (
        lambda f: f | {"manifest.txt.minisig": frozen("2025-04", TEXTS)["manifest.txt.minisig"]},
        ["D316 manifest.txt.minisig"],
    ),
    "no signature but zeros": (lambda f: f | {"manifest.txt.sig": bytes(64)}, ["D316 manifest.txt.sig"]),
    "a signature cut short": (
        lambda f: f | {"manifest.txt.sig": f["manifest.txt.sig"][:63]},
        ["D316 manifest.txt.sig"],
    ),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_on_a_frozen_issue_is_told(attack: str, tmp_path: Path) -> None:
    change, expected = ATTACKS[attack]
    found, faults = read(tmp_path, change(frozen(SLUG, TEXTS)))
    assert faults == expected
    assert (found is None) == bool(expected)


@given(name=st.sampled_from(sorted(frozen(SLUG, TEXTS))), other=st.binary(max_size=400))
def test_any_bytes_in_any_file_are_faults_never_an_exception(
    tmp_path_factory: pytest.TempPathFactory, name: str, other: bytes
) -> None:
    files = frozen(SLUG, TEXTS)
    found, faults = read(tmp_path_factory.mktemp("issue"), files | {name: other})
    assert (found is None and faults != []) or other == files[name]


def test_a_link_in_the_folder_is_not_followed(tmp_path: Path) -> None:
    files = frozen(SLUG, TEXTS)
    write(tmp_path / "issue", files)
    pdf = tmp_path / "issue" / f"{SLUG}.pdf"
    pdf.rename(tmp_path / "elsewhere.pdf")
    pdf.symlink_to(tmp_path / "elsewhere.pdf")
    found, faults = read_frozen(ISSUE, {name: str(tmp_path / "issue" / name) for name in files})
    assert found is None
    assert [f.code for f in faults] == ["F109"]


def test_sm3_is_that_of_the_standard_and_of_openssl(tmp_path: Path) -> None:
    """GB/T 32905-2016, A.1; and a file."""
    assert sm3(b"abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    data = bytes(range(256)) * 9
    (tmp_path / "x").write_bytes(data)
    if shutil.which("openssl") is None:
        pytest.skip("no openssl on this machine")
    done = subprocess.run(["openssl", "dgst", "-sm3", "-r", tmp_path / "x"], capture_output=True, text=True, check=True)
    assert done.stdout.split()[0] == sm3(data)


def test_the_manifest_is_one_that_sha256sum_checks(tmp_path: Path) -> None:
    files = frozen(SLUG, TEXTS)
    write(tmp_path, files)
    for identifier, text in TEXTS.items():
        write((tmp_path / "texts" / identifier).parent, {f"{identifier.rpartition('/')[2]}.txt": text})
    done = subprocess.run(
        ["sha256sum", "-c", "--strict", "manifest.txt"], cwd=tmp_path, capture_output=True, check=False
    )
    assert done.returncode == 0
