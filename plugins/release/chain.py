"""The chain of releases: what root says of the release keys, and the signed head of each release (pure).

The forms are those of `verify`. Lessons of The Update Framework decide what is in them (docs/decisions/0021).
"""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from plugins.release.sign import minisign, public, signature
from plugins.release.verify import HEAD, STATEMENT, fields, statement_of

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_DAYS = 2 * 365
"""For how long root recognises a release key: from then on a stolen one is refused by all, seen before or not."""
_RETIRED = 100


class UnsignableError(Exception):
    """A release cannot be signed, or a key not be made; the argument says why and what to do, in Chinese."""


class Keys(NamedTuple):
    """What publishing needs: the statement that root signed, and a release key that it names."""

    statement: bytes
    release: Ed25519PrivateKey


def state(root: Ed25519PrivateKey, key: str, moment: str, before: bytes = b"") -> bytes:
    """A statement that recognises one release key (base64), and retires those of the statement before.

    It holds for two years from `moment`, `YYYY-MM-DD HH:MM` at +08:00. The oldest of more than a hundred retired keys
    is left out: no statement that recognised it is still valid.
    """
    old = fields(before, STATEMENT)
    listed = (old["release_keys"], old["retired_keys"]) if old else ()
    retired = [name for names in listed for name in names.split(", ") if name and name != f'"{key}"']
    cells = {
        "statement": int(old["statement"]) + 1 if old else 1,
        "keys_until": _stamp(_later(moment, _DAYS)),
        "release_keys": f'"{key}"',
        "retired_keys": ", ".join(retired[:_RETIRED]),
    }
    draft = STATEMENT.format_map(cells | {"statement_signature": ""}).encode()
    return STATEMENT.format_map(cells | {"statement_signature": _signed(statement_of(draft), root)}).encode()


def sealed(listing: bytes, keys: Keys, moment: str, days: int, before: bytes = b"") -> dict[str, bytes]:
    """The files that sign the MANIFEST `listing`, by name, after the chain's head `before`; equal for equal input.

    The head is valid for `days`, at most as long as its key. A release that is signed again keeps its place. Raises
    UnsignableError where `moment` is before that of the last head, or after the time of the release key.
    """
    stated, last = fields(keys.statement, STATEMENT), fields(before)
    now, digest = _stamp(moment), hashlib.sha256(listing).hexdigest()
    if now >= stated["keys_until"]:
        raise UnsignableError(f"发布密钥的有效期到 {stated['keys_until']} 为止；请用 keys --retire 换一把")
    if last and now < last["as_of"]:
        raise UnsignableError(f"时间早于上一次签名（{last['as_of']}）；请检查时钟或 --as-of")
    again = bool(last) and last["manifest"] == digest
    cells = stated | {
        "sequence": last["sequence"] if again else str(int(last.get("sequence", 0)) + 1),
        "manifest": digest,
        "previous": last["previous"] if again else last.get("manifest", ""),
        "as_of": now,
        "valid_until": min(_stamp(_later(moment, days)), stated["keys_until"]),
        "release_key": public(keys.release),
    }
    draft = HEAD.format_map(cells | {"signature": ""}).encode()
    cells["signature"] = _signed(draft[: draft.index(b'"signature"')], keys.release)
    return {
        "MANIFEST.sig": signature(listing, keys.release),
        "MANIFEST.minisig": minisign(listing, keys.release, f"MANIFEST sha256 {digest}"),
        "latest.json": HEAD.format_map(cells).encode(),
    }


def _signed(data: bytes, key: Ed25519PrivateKey) -> str:
    return base64.b64encode(signature(data, key)).decode()


def _stamp(moment: str) -> str:
    """A moment of the house as heads write it."""
    return f"{moment.replace(' ', 'T')}+08:00"


def _later(moment: str, days: int) -> str:
    return (datetime.fromisoformat(moment) + timedelta(days=days)).isoformat(" ", "minutes")
