"""Row 25 of the battery: 220 tamperings with one signed site, each found by us and by OpenSSL with `sha256sum`.

The site is built once for the module; an attack works on a copy of links, in which it replaces single files.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from plugins.release.chain import Keys, sealed, state
from plugins.release.manifest import manifest
from plugins.release.promote import Releases
from plugins.release.sign import minisign_key, public, public_pem, throwaway
from plugins.release.verify import EXCLUDED, fields, main
from tests.conftest import ROOT
from tests.drill import often

ROOM = ROOT / "plugins/release"
FIRST, SECOND, THIRD = "2026-03-03 09:00", "2026-03-10 09:00", "2026-03-17 09:00"
AT = "2026-03-20T09:00+08:00"


class Chain(NamedTuple):
    """A site's second release, with the first beside it, and the keys that made both."""

    folder: Path
    first: Path
    third: Path
    root: Path
    keys: Keys
    retired: Keys
    renewed: Keys


def listed(files: dict[str, bytes]) -> bytes:
    return manifest({path: hashlib.sha256(data).hexdigest() for path, data in files.items()})


def pages(word: str) -> dict[str, bytes]:
    """210 files; some are equal in all releases."""
    return {f"policies/{n % 9}/文件 {n}.html": f"{n} {word if n % 2 else ''}".encode() * 20 for n in range(210)}


def release(folder: Path, word: str, keys: Keys, moment: str, before: bytes = b"") -> bytes:
    """Writes a signed release, thirty days valid; returns its head."""
    listing = listed(pages(word))
    signatures = sealed(listing, keys, moment, 30, before)
    for path, data in {**pages(word), "MANIFEST": listing, **signatures}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return signatures["latest.json"]


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Chain:
    folder = tmp_path_factory.mktemp("chain")
    root, one, two = throwaway(), throwaway(), throwaway()
    statement = state(root, public(one), FIRST)
    keys = Keys(statement, one)
    newer = state(root, public(two), SECOND, statement)
    heads = b""
    for name, moment in (("first", FIRST), ("second", SECOND), ("third", THIRD)):
        heads = release(folder / name, name, keys, moment, heads)
    (folder / "root.pub").write_bytes(public_pem(root))
    return Chain(
        folder / "second",
        folder / "first",
        folder / "third",
        folder / "root.pub",
        keys,
        Keys(newer, one),
        Keys(newer, two),
    )


@pytest.fixture
def copy(chain: Chain, tmp_path: Path) -> Path:
    """The second release once more, of links."""
    return Path(shutil.copytree(chain.folder, tmp_path / "copy", copy_function=os.link))


def replace(path: Path, data: bytes) -> None:
    """Other bytes at the name, not in the file that it is a link to."""
    path.unlink()
    path.write_bytes(data)


def ours(folder: Path, root: Path, *options: str) -> int:
    return main([str(folder), "--key", str(root), "--at", AT, *options])


def theirs(folder: Path, root: Path, *options: str) -> int:
    command = ["sh", str(ROOM / "verify.sh"), str(folder), str(root), "--at", AT, *options]
    return subprocess.run(command, capture_output=True, check=False).returncode


def found(folder: Path, root: Path, *options: str) -> tuple[int, int]:
    return ours(folder, root, *options), theirs(folder, root, *options)


def minisign_refuses(folder: Path, chain: Chain) -> bool:
    if not shutil.which("minisign"):
        assert os.environ.get("CI") != "true"
        pytest.skip("minisign is absent: its verdict is skipped")
    command = [
        "minisign",
        "-V",
        "-q",
        "-m",
        "MANIFEST",
        "-x",
        "MANIFEST.minisig",
        "-P",
        minisign_key(chain.keys.release),
    ]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode != 0


def test_an_untouched_copy_is_proved_by_both_and_by_minisign(chain: Chain, copy: Path) -> None:
    assert found(copy, chain.root) == (0, 0)
    assert found(copy, chain.root, "--seen", str(chain.first / "latest.json")) == (0, 0)
    assert not minisign_refuses(copy, chain)


@pytest.mark.drill
def test_bits_flipped_in_200_files_are_found_each_by_both(chain: Chain, copy: Path) -> None:
    """One bit each (in a drill ten): the first, the last, or one between."""
    missed = []
    files = sorted(pages("second"))[:200]
    for number in range(often(200, 2_000)):
        path = files[number % 200]
        data = bytearray((chain.folder / path).read_bytes())
        data[number * 37 % len(data)] ^= 1 << number % 8
        replace(copy / path, bytes(data))
        summed = subprocess.run(["sha256sum", "-c", "--status", "MANIFEST"], cwd=copy, check=False).returncode
        if ours(copy, chain.root) != 1 or summed != 1 or (number % 20 == 0 and theirs(copy, chain.root) != 1):
            missed.append(path)
        replace(copy / path, (chain.folder / path).read_bytes())
    assert missed == []
    assert found(copy, chain.root) == (0, 0)


@pytest.mark.parametrize("name", sorted(EXCLUDED))
def test_no_bit_of_what_signs_can_be_flipped(chain: Chain, copy: Path, name: str) -> None:
    """Every byte for us, a sample for the shell; the bits of base64 that no byte uses are among them."""
    whole = (chain.folder / name).read_bytes()
    step = max(1, len(whole) // 600)
    for place in range(0, len(whole), step):
        data = bytearray(whole)
        data[place] ^= 1 << place % 8
        replace(copy / name, bytes(data))
        assert ours(copy, chain.root) == 1, place
        if place % (step * 60) == 0:
            assert theirs(copy, chain.root) == 1, place
    for cut in (whole[:-1], whole + b"\n", whole + b"\0", b""):
        replace(copy / name, cut)
        assert found(copy, chain.root) == (1, 1)
    if name.startswith("MANIFEST") and name != "MANIFEST.sig":
        assert minisign_refuses(copy, chain)


def test_spare_bits_of_base64_are_no_second_form_of_a_signature(chain: Chain, copy: Path) -> None:
    """`A==` and `B==` are the same bytes to most decoders."""
    text = (chain.folder / "latest.json").read_text()
    signature = fields(text.encode())["signature"]
    alike = "".join(c for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    other = signature[:-3] + alike[alike.index(signature[-3]) + 1] + "=="
    assert base64.b64decode(other) == base64.b64decode(signature)
    replace(copy / "latest.json", text.replace(signature, other).encode())
    assert found(copy, chain.root) == (1, 1)


PAGE = "policies/0/文件 0.html"
Attack = Callable[[Path, Chain], None]


def signed_anew(copy: Path, chain: Chain, listing: bytes, keys: Keys | None = None, moment: str = SECOND) -> None:
    """What one who has a release key may do: a list of his own, rightly signed."""
    signatures = sealed(listing, keys or chain.keys, moment, 30, (chain.first / "latest.json").read_bytes())
    for name, data in {"MANIFEST": listing, **signatures}.items():
        replace(copy / name, data)


def a_file_more(copy: Path, chain: Chain) -> None:
    (copy / "policies/0/extra.html").touch()


def a_hidden_file_more(copy: Path, chain: Chain) -> None:
    (copy / ".hidden").touch()


def a_file_less(copy: Path, chain: Chain) -> None:
    (copy / PAGE).unlink()


def two_files_swapped(copy: Path, chain: Chain) -> None:
    (copy / PAGE).rename(copy / "aside")
    (copy / "policies/1/文件 1.html").rename(copy / PAGE)
    (copy / "aside").rename(copy / "policies/1/文件 1.html")


def a_file_renamed(copy: Path, chain: Chain) -> None:
    (copy / PAGE).rename(copy / "policies/0/文件 00.html")


def a_link_to_the_same_bytes(copy: Path, chain: Chain) -> None:
    (copy / PAGE).unlink()
    (copy / PAGE).symlink_to(chain.folder / PAGE)


def a_linked_folder(copy: Path, chain: Chain) -> None:
    shutil.rmtree(copy / "policies/0")
    (copy / "policies/0").symlink_to(chain.folder / "policies/0", target_is_directory=True)


def a_pipe(copy: Path, chain: Chain) -> None:
    os.mkfifo(copy / "pipe")


def a_folder_in_place_of_a_file(copy: Path, chain: Chain) -> None:
    (copy / PAGE).unlink()
    (copy / PAGE).mkdir()


def a_name_of_two_lines(copy: Path, chain: Chain) -> None:
    (copy / f"x\n{PAGE.rpartition('/')[2]}").touch()


def a_truncated_list(copy: Path, chain: Chain) -> None:
    replace(copy / "MANIFEST", b"\n".join((chain.folder / "MANIFEST").read_bytes().split(b"\n")[:-9]) + b"\n")


def a_list_cut_in_a_line(copy: Path, chain: Chain) -> None:
    signed_anew(copy, chain, listed(pages("second"))[:-20])


def a_list_of_nothing(copy: Path, chain: Chain) -> None:
    signed_anew(copy, chain, b"")


def dots_in_the_list(copy: Path, chain: Chain) -> None:
    """A rightly signed list, which names a file that is there, outside."""
    (copy.parent / "outside").write_bytes(b"x")
    line = f"{hashlib.sha256(b'x').hexdigest()}  ../outside\n".encode()
    signed_anew(copy, chain, line + listed(pages("second")))


def dots_amid_a_path(copy: Path, chain: Chain) -> None:
    signed_anew(copy, chain, listed(pages("second")).replace(b"  policies/0/", b"  policies/0/../0/"))


def an_absolute_path(copy: Path, chain: Chain) -> None:
    signed_anew(copy, chain, listed(pages("second")).replace(b"  policies/0/", f"  {copy}/policies/0/".encode()))


def a_list_out_of_order(copy: Path, chain: Chain) -> None:
    signed_anew(copy, chain, b"".join(reversed(listed(pages("second")).splitlines(keepends=True))))


def a_list_with_a_line_twice(copy: Path, chain: Chain) -> None:
    first, *rest = listed(pages("second")).splitlines(keepends=True)
    signed_anew(copy, chain, b"".join([first, first, *rest]))


def a_list_that_names_itself(copy: Path, chain: Chain) -> None:
    signed_anew(copy, chain, f"{'0' * 64}  MANIFEST\n".encode() + listed(pages("second")))


def a_list_that_is_no_text(copy: Path, chain: Chain) -> None:
    signed_anew(copy, chain, listed(pages("second")) + b"0" * 64 + b"  \xff\n")


def the_list_of_the_release_before(copy: Path, chain: Chain) -> None:
    replace(copy / "MANIFEST", (chain.first / "MANIFEST").read_bytes())


def list_and_signatures_of_the_release_before(copy: Path, chain: Chain) -> None:
    """Mix-and-match: the old list is rightly signed, and the new head too."""
    for name in ("MANIFEST", "MANIFEST.sig", "MANIFEST.minisig"):
        replace(copy / name, (chain.first / name).read_bytes())


def everything_but_the_head_of_the_release_before(copy: Path, chain: Chain) -> None:
    shutil.rmtree(copy)
    shutil.copytree(chain.first, copy)
    replace(copy / "latest.json", (chain.folder / "latest.json").read_bytes())


def a_signature_of_the_release_before(copy: Path, chain: Chain) -> None:
    replace(copy / "MANIFEST.sig", (chain.first / "MANIFEST.sig").read_bytes())


def a_minisign_signature_of_the_release_before(copy: Path, chain: Chain) -> None:
    replace(copy / "MANIFEST.minisig", (chain.first / "MANIFEST.minisig").read_bytes())


def no_signatures(copy: Path, chain: Chain) -> None:
    for name in EXCLUDED - {"MANIFEST"}:
        (copy / name).unlink()


def no_head(copy: Path, chain: Chain) -> None:
    (copy / "latest.json").unlink()


def keys_of_somebody_else(copy: Path, chain: Chain) -> None:
    """A whole chain of its own, with a root of its own: it is right in itself."""
    root, key = throwaway(), throwaway()
    signed_anew(copy, chain, listed(pages("second")), Keys(state(root, public(key), FIRST), key))


def a_key_that_root_does_not_know(copy: Path, chain: Chain) -> None:
    signed_anew(copy, chain, listed(pages("second")), Keys(chain.keys.statement, throwaway()))


def the_retired_key_with_the_newest_statement(copy: Path, chain: Chain) -> None:
    signed_anew(copy, chain, listed(pages("second")), chain.retired)


def a_head_that_outlives_its_keys(copy: Path, chain: Chain) -> None:
    """The key signs until 2030, root recognised it until 2028."""
    draft = (chain.folder / "latest.json").read_text().replace("2026-04-09T", "2030-04-09T")
    before = draft[: draft.index('"signature"')]
    signature = base64.b64encode(chain.keys.release.sign(before.encode())).decode()
    replace(copy / "latest.json", f'{before}"signature": "{signature}"\n}}\n'.encode())


def a_first_release_with_one_before(copy: Path, chain: Chain) -> None:
    text = (chain.folder / "latest.json").read_text().replace('"sequence": 2,', '"sequence": 1,')
    before = text[: text.index('"signature"')]
    signature = base64.b64encode(chain.keys.release.sign(before.encode())).decode()
    replace(copy / "latest.json", f'{before}"signature": "{signature}"\n}}\n'.encode())


ATTACKS = [
    a_file_more, a_hidden_file_more, a_file_less, two_files_swapped, a_file_renamed, a_link_to_the_same_bytes,
    a_linked_folder, a_pipe, a_folder_in_place_of_a_file, a_name_of_two_lines, a_truncated_list, a_list_cut_in_a_line,
    a_list_of_nothing, dots_in_the_list, dots_amid_a_path, an_absolute_path, a_list_out_of_order,
    a_list_with_a_line_twice, a_list_that_names_itself, a_list_that_is_no_text, the_list_of_the_release_before,
    list_and_signatures_of_the_release_before, everything_but_the_head_of_the_release_before,
    a_signature_of_the_release_before, a_minisign_signature_of_the_release_before, no_signatures, no_head,
    keys_of_somebody_else, a_key_that_root_does_not_know, the_retired_key_with_the_newest_statement,
    a_head_that_outlives_its_keys, a_first_release_with_one_before,
]  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_an_attack_is_found_by_both(chain: Chain, copy: Path, attack: Attack) -> None:
    attack(copy, chain)
    assert found(copy, chain.root) == (1, 1)
    if attack in {a_truncated_list, the_list_of_the_release_before, a_minisign_signature_of_the_release_before}:
        assert minisign_refuses(copy, chain)


def test_an_expired_head_is_refused_by_both(chain: Chain, copy: Path) -> None:
    """A freeze lasts no longer than a head: at its last minute it is right, at the next no more."""
    until = fields((copy / "latest.json").read_bytes())["valid_until"]
    assert found(copy, chain.root, "--at", "2026-04-09T08:59+08:00") == (0, 0)
    assert found(copy, chain.root, "--at", until) == (1, 1)


def test_without_a_moment_the_clock_decides(chain: Chain, copy: Path) -> None:
    """What was signed for thirty days in March 2026 is no longer proved."""
    shell = ["sh", str(ROOM / "verify.sh"), str(copy), str(chain.root)]
    assert main([str(copy), "--key", str(chain.root)]) == 1
    assert subprocess.run(shell, capture_output=True, check=False).returncode == 1


@pytest.fixture
def seen(chain: Chain) -> str:
    return str(chain.third / "latest.json")


def test_an_older_release_is_a_replay_for_who_saw_a_newer_one(chain: Chain, copy: Path, seen: str) -> None:
    assert found(copy, chain.root) == (0, 0)
    assert found(copy, chain.root, "--seen", seen) == (1, 1)


def test_the_retired_key_with_its_own_statement_is_refused_by_who_saw_the_newer(chain: Chain, tmp_path: Path) -> None:
    """The thief publishes a fourth release in the old name; a reader saw that root had retired his key."""
    old, new = (chain.third / "latest.json").read_bytes(), tmp_path / "seen.json"
    new.write_bytes(sealed(listed(pages("third")), chain.renewed, THIRD, 30, old)["latest.json"])
    release(tmp_path / "theft", "lie", chain.keys, THIRD, old)
    assert found(tmp_path / "theft", chain.root) == (0, 0)
    assert found(tmp_path / "theft", chain.root, "--seen", str(new)) == (1, 1)


def test_a_second_third_release_is_a_fork(chain: Chain, tmp_path: Path, seen: str) -> None:
    before = (chain.folder / "latest.json").read_bytes()
    release(tmp_path / "fork", "fork", chain.keys, THIRD, before)
    assert found(tmp_path / "fork", chain.root) == (0, 0)
    assert found(tmp_path / "fork", chain.root, "--seen", seen) == (1, 1)
    after = (tmp_path / "fork/latest.json").read_bytes()
    release(tmp_path / "next", "next", chain.keys, THIRD, after)
    assert found(tmp_path / "next", chain.root, "--seen", seen) == (1, 1)


def test_two_statements_of_one_version_are_a_fork(chain: Chain, tmp_path: Path) -> None:
    """Root signed twice: who saw one refuses the other."""
    root, one, two = throwaway(), throwaway(), throwaway()
    (tmp_path / "root.pub").write_bytes(public_pem(root))
    for name, key in (("one", one), ("two", two)):
        keys = Keys(state(root, public(key), FIRST), key)
        release(tmp_path / name, "a", keys, FIRST)
    assert found(tmp_path / "two", tmp_path / "root.pub") == (0, 0)
    assert found(tmp_path / "two", tmp_path / "root.pub", "--seen", str(tmp_path / "one/latest.json")) == (1, 1)


def test_what_was_seen_must_be_of_the_same_chain(chain: Chain, copy: Path, tmp_path: Path) -> None:
    (tmp_path / "seen").write_text((chain.first / "latest.json").read_text().replace('"sequence": 1', '"sequence": 2'))
    assert found(copy, chain.root, "--seen", str(tmp_path / "seen")) == (1, 1)


def test_a_head_is_signed_again_at_its_place(chain: Chain, tmp_path: Path) -> None:
    """A timer makes it young again: the same release, later; the old head is then a replay, the new one is not."""
    old = (chain.folder / "latest.json").read_bytes()
    young = release(tmp_path / "young", "second", chain.keys, THIRD, old)
    assert [fields(head)["sequence"] for head in (old, young)] == ["2", "2"]
    assert found(tmp_path / "young", chain.root, "--seen", str(chain.folder / "latest.json")) == (0, 0)
    assert found(chain.folder, chain.root, "--seen", str(tmp_path / "young/latest.json")) == (1, 1)


def test_the_head_is_json_for_any_reader(chain: Chain) -> None:
    head = json.loads((chain.folder / "latest.json").read_bytes())
    assert head["sequence"] == 2
    assert head["manifest"] == hashlib.sha256((chain.folder / "MANIFEST").read_bytes()).hexdigest()
    assert head["previous"] == hashlib.sha256((chain.first / "MANIFEST").read_bytes()).hexdigest()


def test_a_key_inside_the_release_is_never_trust(chain: Chain, copy: Path) -> None:
    replace(copy / PAGE, chain.root.read_bytes())
    command = ["sh", str(ROOM / "verify.sh"), str(copy), str(copy / PAGE)]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 2
    with pytest.raises(SystemExit) as ended:
        main([str(copy), "--key", str(copy / PAGE)])
    assert ended.value.code == 2


def test_an_unsigned_release_is_whole_but_unsigned(copy: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    no_signatures(copy, None)  # type: ignore[arg-type]
    assert (main([str(copy)]), main([str(copy), "--unsigned"])) == (1, 0)
    assert capfdbinary.readouterr().out.decode().count("完整但未签名") == 2
    (copy / PAGE).unlink()
    assert main([str(copy), "--unsigned"]) == 1


def test_a_signed_release_without_a_key_is_not_proved(copy: Path) -> None:
    assert (main([str(copy)]), main([str(copy), "--unsigned"])) == (1, 0)


WRONG = [
    [], ["absent", "--unsigned"], ["{copy}", "--key", "absent"], ["{copy}", "--key", "{copy}.pub"],
    ["{copy}", "--key", "{root}", "--unsigned"], ["{copy}", "--key", "{root}", "--at", "tomorrow"],
    ["{copy}", "--seen", "{root}"], ["{copy}", "--key", "{root}", "--seen", "absent"],
    ["{copy}", "--key", "{root}", "--witness", "{root}", "absent"],
]  # fmt: skip


@pytest.mark.parametrize("given", WRONG, ids=" ".join)
def test_wrong_use_is_another_answer_than_not_proved(chain: Chain, copy: Path, given: list[str]) -> None:
    copy.with_name("copy.pub").write_text("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n")
    with pytest.raises(SystemExit) as ended:
        main([word.format(copy=copy, root=chain.root) for word in given])
    assert ended.value.code == 2


def test_a_witness_countersigns_with_openssl(chain: Chain, copy: Path, tmp_path: Path) -> None:
    """A library's own key, made and used as docs/mirror.md says; a signature of another head is not its."""
    for command in (
        "openssl genpkey -algorithm ed25519 -out w.key",
        "openssl pkey -in w.key -pubout -out w.pub",
        f"openssl pkeyutl -sign -inkey w.key -rawin -in {copy}/latest.json -out w.sig",
        f"openssl pkeyutl -sign -inkey w.key -rawin -in {chain.first}/latest.json -out old.sig",
    ):
        subprocess.run(command.split(), cwd=tmp_path, check=True, capture_output=True)
    public_key = str(tmp_path / "w.pub")
    assert ours(copy, chain.root, "--witness", public_key, str(tmp_path / "w.sig")) == 0
    assert ours(copy, chain.root, "--witness", public_key, str(tmp_path / "old.sig")) == 1
    assert ours(copy, chain.root, "--witness", str(chain.root), str(tmp_path / "w.sig")) == 1


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    (tmp_path / "empty").mkdir()
    return tmp_path / "empty"


def test_the_script_stands_alone(chain: Chain, copy: Path, empty: Path) -> None:
    """Copied into an empty folder, with nothing of ours on the path, and a locale that knows no Chinese."""
    shutil.copy(ROOM / "verify.py", empty)
    command = [sys.executable, "-I", "verify.py", str(copy), "--key", str(chain.root), "--at", AT]
    environment = {"LC_ALL": "C", "PATH": os.environ["PATH"]}
    done = subprocess.run(command, cwd=empty, capture_output=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    assert "已证明：210 个文件" in done.stdout.decode()
    assert "未证明" in done.stdout.decode()
    replace(copy / PAGE, b"")
    assert subprocess.run(command, cwd=empty, capture_output=True, check=False, env=environment).returncode == 1


def block(page: str, words: str) -> str:
    """The commands of a page's block that holds `words`."""
    return next(text for text in (ROOT / "docs" / page).read_text().split("```")[1::2] if words in text)


def by_hand(copy: Path, root: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """The commands of docs/verify.md, each of which must agree, in a copy as the page says."""
    commands = block("verify.md", "cd DIR").replace("DIR", str(copy)).replace("ROOT.pub", str(root))
    return subprocess.run(["sh", "-ec", commands], cwd=folder, capture_output=True, text=True, check=False)


def test_the_page_proves_a_release_by_hand(chain: Chain, copy: Path, tmp_path: Path) -> None:
    done = by_hand(copy, chain.root, tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("Signature Verified Successfully") == 3
    assert fields((copy / "latest.json").read_bytes())["manifest"] in done.stdout


@pytest.mark.parametrize("name", ["latest.json", "MANIFEST", "MANIFEST.sig", PAGE])
def test_the_page_finds_a_changed_file_by_hand(chain: Chain, copy: Path, tmp_path: Path, name: str) -> None:
    data = (copy / name).read_bytes()
    replace(copy / name, bytes([data[0] ^ 1]) + data[1:])
    assert by_hand(copy, chain.root, tmp_path).returncode != 0


def test_a_mirror_takes_the_chain_up_when_all_else_is_lost(chain: Chain, tmp_path: Path) -> None:
    """Row 26: from the published tree alone, with the commands of the page."""
    shutil.copytree(chain.third, tmp_path / "mirror")
    subprocess.run(["sh", "-ec", block("mirror.md", "ln -s")], cwd=tmp_path, check=True)
    releases = Releases(tmp_path / "output")
    assert found(tmp_path / "output", chain.root) == (0, 0)
    assert releases.live()
    assert fields(releases.head())["sequence"] == "3"


@pytest.mark.parametrize("page", ["verify.md", "mirror.md"])
def test_both_languages_give_the_same_commands(page: str) -> None:
    """What a page in Chinese tells to type is told by the English one too."""
    chinese = (ROOT / "docs" / page.replace(".md", ".zh.md")).read_text().split("```")[1::2]
    typed = {line.split("#")[0].split(" --")[0].strip() for text in chinese for line in text.strip().splitlines()}
    english = (ROOT / "docs" / page).read_text()
    assert [line for line in typed if line.isascii() and line not in english] == []
