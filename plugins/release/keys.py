"""The folder of keys, outside any repository: made once, read by `publish`, renewed with root. Touches the disk.

It holds `root.key` and `root.pub`, one `release-<fingerprint>.key`, `keys.json` (what root says of it) and
`minisign.pub`. Root's key may be moved elsewhere: only another release key needs it again.
"""

from __future__ import annotations

import base64
import os
import secrets
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from plugins.release.chain import Keys, UnsignableError, state
from plugins.release.disk import fsync, put
from plugins.release.sign import fingerprint, minisign_key, public, public_pem, throwaway
from plugins.release.verify import STATEMENT, fields, key_of, signed, statement_of

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_ROOT, _PUBLIC, _STATEMENT, _MINISIGN = "root.key", "root.pub", "keys.json", "minisign.pub"


def make(folder: Path, project: Path, moment: str) -> tuple[str, str]:
    """Makes the folder with a root key and a release key; returns both public keys, in base64.

    Raises UnsignableError where `folder` holds anything, or lies in `project` or in a git work tree; OSError.
    """
    refuse_repository(folder, project)
    if os.path.lexists(folder) and (not folder.is_dir() or os.listdir(folder)):
        raise UnsignableError(
            f"{folder} 里已有文件，没有改动；换发布密钥请用 keys --retire，或用 GAZETTE_KEYS 另指一处"
        )
    root, release = throwaway(), throwaway()
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = folder.with_name(f".{folder.name}-{secrets.token_hex(6)}")
    part.mkdir(mode=0o700)
    _put(part, _ROOT, _pem(root))
    _put(part, _PUBLIC, public_pem(root))
    _put(part, _name(public(release)), _pem(release))
    _put(part, _MINISIGN, f"{minisign_key(release)}\n".encode())
    _put(part, _STATEMENT, state(root, public(release), moment))
    os.rename(part, folder)
    fsync(os.fspath(folder.parent))
    return public(root), public(release)


def retire(folder: Path, project: Path, root_file: Path | None, moment: str) -> tuple[str, str]:
    """Makes another release key, which root signs, and retires the one before; returns the old and the new one.

    `root_file` is root's key where it is not in the folder. Raises UnsignableError and OSError; the folder then holds
    one key or the other, whole.
    """
    refuse_repository(folder, project)
    before, trusted = _statement(folder)
    root = _private(root_file or folder / _ROOT)
    if public(root) != trusted:
        raise UnsignableError("这不是签出 keys.json 的那把根密钥")
    release = throwaway()
    _put(folder, _name(public(release)), _pem(release))
    _put(folder, _STATEMENT, state(root, public(release), moment, before))
    _put(folder, _MINISIGN, f"{minisign_key(release)}\n".encode())
    old = _keys(before)
    for key in old:
        (folder / _name(key)).unlink(missing_ok=True)
    fsync(os.fspath(folder))
    return old[0], public(release)


def load(folder: Path) -> Keys:
    """The statement and the release key that it names. Raises UnsignableError, with the way out, and OSError."""
    if not (folder / _STATEMENT).is_file():
        raise UnsignableError(f"{folder} 里没有密钥；请先运行 keys，或用 GAZETTE_KEYS 指明密钥所在的文件夹")
    statement, _ = _statement(folder)
    for key in _keys(statement):
        if (path := folder / _name(key)).is_file():
            release = _private(path)
            if public(release) == key:
                return Keys(statement, release)
    raise UnsignableError(f"{folder} 里没有 keys.json 所说的发布密钥；请从备份取回，或用 keys --retire 换一把")


def refuse_repository(folder: Path, project: Path) -> None:
    """Raises UnsignableError for a folder in `project` or a git work tree: what lies there is published one day."""
    real = Path(os.path.realpath(folder))
    for above in (real, *real.parents):
        if above == Path(os.path.realpath(project)) or os.path.lexists(above / ".git"):
            raise UnsignableError(f"{folder} 在代码仓库 {above} 里，密钥不能放在这里；请用 GAZETTE_KEYS 另指一处")


def _statement(folder: Path) -> tuple[bytes, str]:
    """The statement, and root's public key, which signed it."""
    try:
        data, root = (folder / _STATEMENT).read_bytes(), key_of(os.fspath(folder / _PUBLIC))
    except ValueError as error:
        raise UnsignableError(str(error)) from error
    cells = fields(data, STATEMENT)
    if not cells or not signed(statement_of(data), base64.b64decode(cells["statement_signature"]), root):
        raise UnsignableError(f"{folder / _STATEMENT} 被改动过，或者不是 root.pub 签的")
    return data, root


def _private(path: Path) -> Ed25519PrivateKey:
    """A private key that nobody else can read."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    if not path.is_file():
        raise UnsignableError(f"没有 {path}；根密钥若在别处，请用 --root 指明")
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise UnsignableError(f"{path} 别人也能读；请运行 chmod 600 {path}")
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise UnsignableError(f"{path} 不是没有口令的 Ed25519 私钥（PEM）")
    return key


def _keys(statement: bytes) -> list[str]:
    """The release keys that a statement recognises."""
    return [key.strip('"') for key in fields(statement, STATEMENT)["release_keys"].split(", ")]


def _pem(key: Ed25519PrivateKey) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _name(key: str) -> str:
    return f"release-{fingerprint(key)[:16]}.key"


def _put(folder: Path, name: str, data: bytes) -> None:
    """A file for its owner alone, whole, in place of the one before."""
    part = f"{folder}/.{name}-{secrets.token_hex(6)}"
    put(part, data, 0o600)
    fsync(part)
    os.replace(part, f"{folder}/{name}")
    fsync(os.fspath(folder))
