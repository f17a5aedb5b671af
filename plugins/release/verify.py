"""Proves a release, or any copy of one, offline. Touches the disk.

Stands alone: `python -I verify.py DIR --key ROOT.pub`, from any folder, with the standard library and `cryptography`.
What a MANIFEST, the chain's head (`latest.json`) and its statement of keys look like is said here and nowhere else: who
writes them imports it from here. `verify.sh` beside it comes to the same verdict with OpenSSL and `sha256sum` alone.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import os
import re
import stat
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from string import Formatter

EXCLUDED = frozenset({"MANIFEST", "MANIFEST.sig", "MANIFEST.minisig", "latest.json"})
"""Files of a release that its MANIFEST does not list."""

# Control characters and the backslash are what `sha256sum` escapes. Other characters are not judged here: what counts
# as printable differs between versions of Unicode, and a MANIFEST must be read the same by all.
_SEGMENT = r"(?!\.\.?(?:/|\Z))[^/\\\x00-\x1f\x7f\ud800-\udfff]+"
ENTRY = re.compile(rf"([0-9a-f]{{64}})  ((?!-\Z){_SEGMENT}(?:/{_SEGMENT})*)")
"""A line of a MANIFEST. A path of one hyphen is what `sha256sum` takes for its standard input."""

STATEMENT = (
    '{{\n"statement": {statement},\n"keys_until": "{keys_until}",\n"release_keys": '
    '[{release_keys}],\n"retired_keys": [{retired_keys}],\n"statement_signature": "{statement_signature}"\n}}\n'
)
"""The release keys that root recognises; its signature is over the lines before `statement_signature`, brace apart."""
HEAD = STATEMENT.removesuffix("\n}}\n") + (
    ',\n"sequence": {sequence},\n"manifest": "{manifest}",\n"previous": "{previous}",\n"as_of": "{as_of}",\n'
    '"valid_until": "{valid_until}",\n"release_key": "{release_key}",\n"signature": "{signature}"\n}}\n'
)
"""`latest.json`: JSON, one field a line, in this order; the signature is over all that stands before its own line."""
_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}\+08:00"
# The last character of base64 has bits that no byte uses: only the one with zeros there is the key's or signature's.
_KEY, _SIGNED = "[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=", "[A-Za-z0-9+/]{85}[AQgw]=="
_CELLS = {
    "statement": "[1-9][0-9]{0,8}", "keys_until": _TIME,
    "release_keys": f'"{_KEY}"(?:, "{_KEY}"){{0,9}}', "retired_keys": f'(?:"{_KEY}"(?:, "{_KEY}"){{0,99}})?',
    "statement_signature": _SIGNED, "sequence": "[1-9][0-9]{0,8}", "manifest": "[0-9a-f]{64}", "as_of": _TIME,
    "previous": "(?:[0-9a-f]{64})?", "valid_until": _TIME, "release_key": _KEY, "signature": _SIGNED,
}  # fmt: skip
UNTRUSTED = "untrusted comment: minisign signature"
_MINISIG = rf"{UNTRUSTED}\n([A-Za-z0-9+/]{{98}}[AEIMQUYcgkosw048]=)\ntrusted comment: ([ -~]*)\n({_SIGNED})\n"
_PEM = rf"-----BEGIN PUBLIC KEY-----\s+MCowBQYDK2VwAyEA({_KEY})\s+-----END PUBLIC KEY-----\s*"
DER = bytes.fromhex("302a300506032b6570032100")  # before the 32 bytes of a key: of both, sha256 is the fingerprint


def fields(data: bytes, form: str = HEAD) -> dict[str, str]:
    """What the head of a chain, or with STATEMENT a statement, says; empty where any byte is out of its form."""
    parts = [(re.escape(text), name) for text, name, *_ in Formatter().parse(form)]
    pattern = "".join(text + (f"(?P<{name}>{_CELLS[name]})" if name else "") for text, name in parts)
    match = re.fullmatch(pattern, data[:65536].decode("latin-1"))
    return match.groupdict() if match else {}


def statement_of(data: bytes) -> bytes:
    """What root signs of a statement or a head."""
    return data[2 : data.index(b'"statement_signature"')]


def parse(data: bytes) -> dict[str, str]:
    """path -> sha256 of a MANIFEST. Raises ValueError, with the line's number, for what `manifest` would not write."""
    *lines, rest = data.split(b"\n")
    entries: dict[str, str] = {}
    last = b""
    for number, line in enumerate(lines, 1):
        match = ENTRY.fullmatch(line.decode(errors="surrogateescape"))
        if match is None or match[2] in EXCLUDED or line[66:] <= last:
            raise ValueError(f"line {number}: not a plain `sha256  path`, out of order, or twice")
        last = line[66:]
        entries[match[2]] = match[1]
    if rest:
        raise ValueError(f"line {len(lines) + 1}: cut off")
    return entries


def signed(data: bytes, signature: bytes, key: str) -> bool:
    """Whether `signature` (64 bytes) is that of the Ed25519 `key` (base64 of 32 bytes) over `data`."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(base64.b64decode(key)).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def tree_flaws(folder: str, listing: bytes) -> Iterator[str]:
    """Every difference between the files below `folder`, links not followed, and a MANIFEST."""
    try:
        missing = parse(listing)
    except ValueError as error:
        yield f"清单 MANIFEST 第 {str(error)[5:].partition(':')[0]} 行不合规定：路径出格、次序不对，或者被截断"
        return
    if not missing:
        yield "没有清单 MANIFEST，或者它是空的"
    unread: list[OSError] = []
    for above, folders, files in os.walk(folder, onerror=unread.append):
        for name in sorted(folders + files):
            place = f"{above}/{name}"
            path, mode = place[len(folder) + 1 :], os.lstat(place).st_mode
            wanted = missing.pop(path, None)
            if stat.S_ISREG(mode) and (wanted or path in EXCLUDED):
                if wanted and _sha256(place) != wanted:
                    yield f"改动过：{path!r}"
            elif not stat.S_ISDIR(mode) or wanted:
                yield f"{'多出' if stat.S_ISREG(mode) else '不是普通文件'}：{path!r}"
    yield from (f"缺少：{path!r}" for path in missing)
    yield from (f"读不了：{error.filename!r}" for error in unread)


def head_flaws(data: bytes, root: str) -> Iterator[str]:
    """What is wrong with a head by itself, its age aside. `root` is the trusted key."""
    if not (head := fields(data)):
        yield "latest.json 不合格式"
        return
    key, before = head["release_key"], data[: data.index(b'"signature"')]
    if not signed(statement_of(data), base64.b64decode(head["statement_signature"]), root):
        yield "密钥声明不是您给出的根公钥签的"
    if key in head["retired_keys"]:
        yield "签名用的是已经停用的发布密钥"
    if key not in head["release_keys"]:
        yield "签名用的密钥不在根密钥认可之列"
    if not signed(before, base64.b64decode(head["signature"]), key):
        yield "latest.json 的签名不符"
    inside = head["as_of"] < head["valid_until"] <= head["keys_until"]
    if not inside or (head["sequence"] == "1") != (head["previous"] == ""):
        yield "签名时间或有效期超出了密钥声明的期限，或者序号与前次不合"


def replay_flaws(data: bytes, seen: bytes, root: str) -> Iterator[str]:
    """What the head `data` contradicts of a head that was seen before."""
    if any(head_flaws(seen, root)):
        yield "--seen 的文件不是这条发布链上的 latest.json"
        return
    new, old = fields(data), fields(seen)
    later, keys = (int(new[name]) - int(old[name]) for name in ("sequence", "statement"))
    if later < 0 or keys < 0 or (later == 0 and new["as_of"] < old["as_of"]):
        yield f"重放：比您见过的旧（第 {new['sequence']} 次发布，见过第 {old['sequence']} 次）"
    named = {0: new["manifest"], 1: new["previous"]}.get(later, old["manifest"])
    if named != old["manifest"] or (keys == 0 and statement_of(data) != statement_of(seen)):
        yield "分叉：与您见过的不是同一条发布链"


def manifest_flaws(listing: bytes, signature: bytes, mini: bytes, head: dict[str, str]) -> Iterator[str]:
    """What is wrong with the place of a MANIFEST in the chain, and with both of its signatures."""
    key = head["release_key"]
    if hashlib.sha256(listing).hexdigest() != head["manifest"]:
        yield "MANIFEST 不是 latest.json 所说的那一份"
    if not signed(listing, signature, key):
        yield "MANIFEST.sig 与 MANIFEST 不符"
    match = re.fullmatch(_MINISIG, mini.decode("latin-1"))
    packed = base64.b64decode(match[1]) if match else b""
    named = packed[:10] == b"ED" + hashlib.sha256(base64.b64decode(key)).digest()[:8]
    whole = match and named and signed(packed[10:] + match[2].encode(), base64.b64decode(match[3]), key)
    if not whole or not signed(hashlib.blake2b(listing).digest(), packed[10:], key):
        yield "MANIFEST.minisig 与 MANIFEST 不符"


def _sha256(path: str) -> str:
    """Of a file, "" where it cannot be read."""
    try:
        with open(path, "rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""


def key_of(path: str) -> str:
    """The Ed25519 key in a PEM file, in base64. Raises OSError, ValueError where there is none."""
    if (match := re.fullmatch(_PEM, Path(path).read_bytes().decode("latin-1"))) is None:
        raise ValueError(f"{path} 不是 Ed25519 公钥（PEM）")
    return match[1]


def flaws(folder: str, files: dict[str, bytes], given: argparse.Namespace) -> Iterator[str]:
    """All that speaks against a release; `files` are its own of EXCLUDED. Raises OSError and ValueError for `given`."""
    yield from tree_flaws(folder, files.get("MANIFEST", b""))
    if not given.key or files.keys() <= {"MANIFEST"}:
        return
    root, latest = key_of(given.key), files.get("latest.json", b"")
    if wrong := [f"缺少：{name}" for name in sorted(EXCLUDED - files.keys())] or list(head_flaws(latest, root)):
        yield from wrong
        return
    head = fields(latest)
    yield from manifest_flaws(files["MANIFEST"], files["MANIFEST.sig"], files["MANIFEST.minisig"], head)
    if given.at >= head["valid_until"]:
        yield f"过期：有效期到 {head['valid_until']}"
    yield from replay_flaws(latest, Path(given.seen).read_bytes(), root) if given.seen else ()
    for public, signature in given.witness:
        if not signed(latest, Path(signature).read_bytes(), key_of(public)):
            yield f"见证签名 {signature} 不符"


def main(arguments: list[str] | None = None) -> int:
    """The command: prints the verdict; 0 proved, 1 not proved or not signed, 2 wrong use."""
    options = argparse.ArgumentParser(prog="verify.py", description="离线核对网站的一次发布，或者它的任何副本")
    options.add_argument("folder", metavar="DIR", help="要核对的文件夹")
    either = options.add_mutually_exclusive_group()
    either.add_argument("--key", metavar="ROOT.pub", help="从别处得来的根公钥（PEM）")
    either.add_argument("--unsigned", action="store_true", help="只核对是否完整，不问是谁发布的")
    options.add_argument("--seen", metavar="FILE", help="以前核对过的 latest.json，用来发现重放")
    options.add_argument("--at", metavar="MOMENT", help="以哪一时刻判断是否过期，如 2026-03-03T09:00+08:00")
    options.add_argument("--witness", nargs=2, action="append", default=[], metavar=("PUB", "SIG"), help="核对见证签名")
    given, folder = (chosen := options.parse_args(arguments)), os.path.realpath(chosen.folder)
    given.at = given.at or datetime.now(timezone(timedelta(hours=8))).strftime("%Y-%m-%dT%H:%M+08:00")
    if given.key and os.path.realpath(given.key).startswith(folder + os.sep):
        options.error("根公钥须从别处得来，不能取自要核对的文件夹")
    if not re.fullmatch(_TIME, given.at) or ((given.seen or given.witness) and not given.key):
        options.error("--at 须如 2026-03-03T09:00+08:00；--seen 和 --witness 须与 --key 同用")
    try:
        inside = [item for item in os.scandir(folder) if item.name in EXCLUDED]
        files = {item.name: Path(item.path).read_bytes() for item in inside if item.is_file(follow_symlinks=False)}
        found = sorted(flaws(folder, files, given))
    except (OSError, ValueError, ImportError) as error:
        options.error(str(error))
    sys.stdout.buffer.write("\n".join([*_told(found, files, given), ""]).encode(errors="backslashreplace"))
    return 0 if not found and (given.unsigned or (given.key and len(files) == len(EXCLUDED))) else 1


def _told(found: list[str], files: dict[str, bytes], given: argparse.Namespace) -> list[str]:
    """The verdict in words."""
    if found:
        return [f"未通过，{len(found)} 处：", *found[:20], *["……"][: len(found) > 20]]
    whole = f"{len(parse(files['MANIFEST']))} 个文件与清单一致，一个不多，一个不少"
    if len(files) == 1 or not given.key:
        kind = "完整但未签名" if len(files) == 1 else "完整；有签名，但没有用 --key 核对"
        return [f"{kind}：{whole}。没有证明是谁发布的，也没有证明是最新的。"]
    head = fields(files["latest.json"])
    newest = "比您见过的不旧" if given.seen else "没有 --seen，看不出重放"
    return [
        f"已证明：{whole}；清单由根公钥认可的发布密钥签名。",
        f"第 {head['sequence']} 次发布，签名时间 {head['as_of']}，有效期到 {head['valid_until']}。",
        f"根公钥指纹：{hashlib.sha256(DER + base64.b64decode(key_of(given.key))).hexdigest()}",
        *(f"见证签名相符：{signature}" for _, signature in given.witness),
        f"未证明：是不是最新的一次（{newest}；有效期满以前，扣住新版本不发也看不出）；内容本身是否正确。",
    ]


if __name__ == "__main__":
    sys.exit(main())
