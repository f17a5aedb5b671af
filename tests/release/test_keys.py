"""Keys: made once, outside any repository, for their owner alone; renewed with root, and never lost by a crash."""

from __future__ import annotations

import itertools
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from plugins.release.chain import UnsignableError, sealed, state
from plugins.release.disk import put
from plugins.release.keys import load, make, retire
from plugins.release.manifest import manifest
from plugins.release.sign import minisign, minisign_key, public, public_pem, signature, throwaway
from plugins.release.verify import STATEMENT, fields, signed
from tests.conftest import ROOT
from tests.release.faults import KINDS, failing

NOW, LATER = "2026-03-03 09:00", "2027-03-03 09:00"
LISTING = manifest({"index.html": "a" * 64})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make(tmp_path / "keys", ROOT, NOW)
    return tmp_path / "keys"


def cells(folder: Path) -> dict[str, str]:
    return fields((folder / "keys.json").read_bytes(), STATEMENT)


def test_keys_are_for_their_owner_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        make(tmp_path / "keys", ROOT, NOW)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "keys").iterdir()} == {0o600}
    assert os.listdir(tmp_path) == ["keys"]


def test_openssl_reads_both_keys_and_their_fingerprint_is_of_the_der_form(folder: Path) -> None:
    """The fingerprint on paper is what `openssl pkey -outform DER | sha256sum` prints."""
    shell = "openssl pkey -in root.key -pubout | cmp - root.pub && openssl pkey -in release-*.key -pubout -outform DER"
    der = subprocess.run(["sh", "-c", shell], cwd=folder, capture_output=True, check=True).stdout
    summed = subprocess.run(["sha256sum"], input=der, capture_output=True, check=True).stdout.decode()
    assert (folder / f"release-{summed[:16]}.key").is_file()


@pytest.mark.parametrize("place", ["", "deep/er"])
@pytest.mark.parametrize("mark", ["folder", "file", "project"])
def test_keys_in_a_repository_are_refused(tmp_path: Path, place: str, mark: str) -> None:
    """A work tree has a `.git` folder, a linked one a file of that name."""
    tree = tmp_path / "tree"
    tree.mkdir()
    if mark == "folder":
        subprocess.run(["git", "init", "-q"], cwd=tree, check=True)
    elif mark == "file":
        (tree / ".git").write_text("gitdir: elsewhere")
    with pytest.raises(UnsignableError, match="仓库"):
        make(tree / place / "keys", tree if mark == "project" else ROOT, NOW)
    assert not (tree / place / "keys").exists()


def test_a_link_into_a_repository_is_one_too(tmp_path: Path) -> None:
    (tmp_path / "tree/.git").mkdir(parents=True)
    (tmp_path / "link").symlink_to("tree")
    with pytest.raises(UnsignableError, match="仓库"):
        make(tmp_path / "link/keys", ROOT, NOW)


def test_what_lies_there_is_never_overwritten(folder: Path, tmp_path: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(UnsignableError, match="已有文件"):
        make(folder, ROOT, LATER)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    (tmp_path / "file").touch()
    with pytest.raises(UnsignableError, match="已有文件"):
        make(tmp_path / "file", ROOT, LATER)
    (tmp_path / "empty").mkdir()
    assert make(tmp_path / "empty", ROOT, NOW)


def test_no_key_lies_in_the_repository() -> None:
    """Every file of the work tree but for what set-up and tests bring: the words that open a private key."""
    skipped = {
        ".git",
        ".venv",
        ".venv-validators",
        ".cache",
        ".hypothesis",
        "node_modules",
        ".mypy_cache",
        "__pycache__",
    }
    words = (b"-----BEGIN PRIVATE" + b" KEY", b"-----BEGIN ENCRYPTED" + b" PRIVATE")
    found = []
    for above, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in skipped]
        regular = [path for path in (Path(above, name) for name in files) if path.is_file()]
        found += [path for path in regular if any(word in path.read_bytes() for word in words)]
    assert found == []


def test_publishing_needs_root_no_more(folder: Path, tmp_path: Path) -> None:
    """Root's key goes to a safe; only another release key asks for it."""
    (folder / "root.key").rename(tmp_path / "safe.key")
    assert sealed(LISTING, load(folder), NOW, 30)
    with pytest.raises(UnsignableError, match="--root"):
        retire(folder, ROOT, None, LATER)
    retire(folder, ROOT, tmp_path / "safe.key", LATER)
    assert sealed(LISTING, load(folder), LATER, 30)
    assert not (folder / "root.key").exists()


def test_a_retired_key_is_named_and_gone(folder: Path) -> None:
    first = public(load(folder).release)
    old, new = retire(folder, ROOT, None, LATER)
    assert (old, new) == (first, public(load(folder).release))
    assert len(list(folder.glob("release-*.key"))) == 1
    third = retire(folder, ROOT, None, LATER)[1]
    found = cells(folder)
    assert found["release_keys"] == f'"{third}"'
    assert found["retired_keys"] == f'"{new}", "{old}"'
    assert found["statement"] == "3"
    assert (folder / "minisign.pub").read_text().strip() == minisign_key(load(folder).release)


def test_a_hundred_and_more_retired_keys_stay_readable() -> None:
    root, statement = throwaway(), b""
    for _ in range(104):
        statement = state(root, public(throwaway()), NOW, statement)
    assert len(fields(statement, STATEMENT)["retired_keys"].split(", ")) == 100


def test_another_root_retires_nothing(folder: Path, tmp_path: Path) -> None:
    make(tmp_path / "other", ROOT, NOW)
    before = (folder / "keys.json").read_bytes()
    with pytest.raises(UnsignableError, match="不是签出"):
        retire(folder, ROOT, tmp_path / "other/root.key", LATER)
    assert (folder / "keys.json").read_bytes() == before


@pytest.mark.parametrize(
    ("attack", "words"),
    [
        ("absent", "请先运行 keys"), ("open to all", "chmod 600"), ("statement changed", "被改动过"),
        ("no release key", "备份"), ("no root.pub", "."), ("root.pub is none", "不是 Ed25519"),
        ("key is none", "没有口令"), ("rsa", "没有口令"), ("with a password", "没有口令"), ("of another", "备份"),
    ],
)  # fmt: skip
def test_keys_that_are_not_whole_are_refused_with_a_way_out(folder: Path, attack: str, words: str) -> None:
    key = next(folder.glob("release-*.key"))
    if attack == "absent":
        (folder / "keys.json").unlink()
    elif attack == "open to all":
        key.chmod(0o644)
    elif attack == "statement changed":
        (folder / "keys.json").write_bytes((folder / "keys.json").read_bytes().replace(b"2028", b"2038"))
    elif attack == "no release key":
        key.unlink()
    elif attack == "no root.pub":
        (folder / "root.pub").unlink()
    elif attack == "root.pub is none":
        (folder / "root.pub").write_text("x")
    elif attack == "key is none":
        key.write_text("x")
    else:
        kind = {"rsa": "rsa", "with a password": "ed25519 -aes-256-cbc -pass pass:x"}.get(attack, "ed25519")
        made = f"openssl genpkey -out {key} -algorithm {kind}"
        subprocess.run(made.split(), check=True, capture_output=True)
        key.chmod(0o600)
    with pytest.raises((UnsignableError, OSError), match=words):
        load(folder)


def test_time_goes_forward_and_keys_end(folder: Path) -> None:
    keys = load(folder)
    head = sealed(LISTING, keys, LATER, 30)["latest.json"]
    with pytest.raises(UnsignableError, match="早于"):
        sealed(LISTING, keys, NOW, 30, head)
    last = sealed(LISTING, keys, "2028-03-02 08:59", 30, head)["latest.json"]
    assert fields(last)["valid_until"] == "2028-03-02T09:00+08:00"
    with pytest.raises(UnsignableError, match="--retire"):
        sealed(LISTING, keys, "2028-03-02 09:00", 30, head)


def test_equal_input_is_signed_with_equal_bytes(folder: Path) -> None:
    assert sealed(LISTING, load(folder), NOW, 30) == sealed(LISTING, load(folder), NOW, 30)


def test_a_comment_cannot_begin_another_line() -> None:
    key = throwaway()
    assert "公报".encode() in minisign(b"data", key, "公报 2025-02")
    for comment in ("a\nb", "a\rb", "a\x00", "\u2028"):
        with pytest.raises(ValueError, match=r"(?s)."):
            minisign(b"data", key, comment)


def test_openssl_checks_a_raw_signature(tmp_path: Path) -> None:
    key = throwaway()
    for name, data in (("data", b"x"), ("sig", signature(b"x", key)), ("pub", public_pem(key))):
        put(str(tmp_path / name), data)
    command = "openssl pkeyutl -verify -rawin -pubin -inkey pub -in data -sigfile sig"
    assert subprocess.run(command.split(), cwd=tmp_path, check=False, capture_output=True).returncode == 0
    assert signed(b"x", signature(b"x", key), public(key))


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_call_fails_a_new_key_is_whole_or_the_old_one_stands(quick: Path, kind: str) -> None:
    for number in itertools.count(1):
        folder = quick / str(number) / "keys"
        make(folder, ROOT, NOW)
        code = failing(lambda: retire(folder, ROOT, None, LATER) and None, number, kind)  # noqa: B023
        assert code in {0, 3, -signal.SIGKILL if kind == "KILL" else 1}, number
        assert sealed(LISTING, load(folder), LATER, 30), number
        retire(folder, ROOT, None, LATER)
        assert sealed(LISTING, load(folder), LATER, 30), number
        if code == 3:
            break
    assert number > 10


def test_the_verb_makes_keys_where_the_environment_says(tmp_path: Path) -> None:
    def keys(*options: str) -> subprocess.CompletedProcess[str]:
        code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import tasks; tasks.main(sys.argv[1:])"
        environment = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path), "GAZETTE_KEYS": ""}
        command = [sys.executable, "-c", code, "keys", *options]
        return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)

    made = keys()
    assert made.returncode == 0, made.stderr
    assert "根公钥指纹" in made.stderr
    assert keys().returncode == 2
    assert keys("--retire").returncode == 0
    assert cells(tmp_path / "gazette")["statement"] == "2"
