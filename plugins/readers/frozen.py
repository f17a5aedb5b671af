"""The files of frozen gazette issues: they fit the manifest, and it fits its signature, or a fault. Reads the disk.

Whether a text is still the one that the manifest names, only who has the texts can tell.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from plugins.models.edition import FORMS, KEY, MANIFEST, MINISIGN, SIGNATURE, TEXTS, Frozen, Held, form_names, own_names
from plugins.models.faults import Fault, fault
from plugins.models.scalars import SLUG
from plugins.models.sums import read_sums
from plugins.readers.tree import MAX_BYTES, read_bytes

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

_LIMIT = 50 * MAX_BYTES
_TRUSTED = "trusted comment: "
_SIGNATURE, _HEAD = 64, 10
"""Bytes: of a signature, and of what stands before it in minisign's form (algorithm and key number)."""


def read_frozen(issue: str, files: Mapping[str, str]) -> tuple[Frozen | None, list[Fault]]:
    """What lies beside the header of `issue`: `files` are paths on the disk by name.

    None where it is not frozen, that is, where none of the files has the name of a frozen one; and with any fault.
    """
    slug = issue.rsplit("/", 1)[-1]
    wanted = own_names(slug)
    if not files.keys() & wanted:
        return None, []
    data, faults = _read(issue, files)
    faults += [fault("D310", f"content/{issue}/{name}", name=name) for name in sorted(wanted - files.keys())]
    if faults:
        return None, faults
    listed = read_sums(data[MANIFEST].decode(errors="replace"))
    texts = None if listed is None else _texts(listed, slug)
    if listed is None or texts is None:
        return None, [fault("D312", f"content/{issue}/{MANIFEST}")]
    held = {name: Held(hashlib.sha256(d).hexdigest(), sm3(d), len(d)) for name, d in data.items()}
    changed = [name for name in form_names(slug) if held[name].sha256 != listed[name]]
    faults = [fault("D311", f"content/{issue}/{name}", name=name) for name in changed]
    key, comment, wrong = _proved(data)
    faults += [fault("D316", f"content/{issue}/{name}", name=name) for name in wrong]
    if faults:
        return None, faults
    return Frozen(held[MANIFEST].sha256, texts, held, key, comment), []


def sm3(data: bytes) -> str:
    """The digest of GB/T 32905-2016, 64 lower-case hex digits."""
    from cryptography.hazmat.primitives.hashes import SM3, Hash

    digest = Hash(SM3())
    digest.update(data)
    return digest.finalize().hex()


def _read(issue: str, files: Mapping[str, str]) -> tuple[dict[str, bytes], list[Fault]]:
    data, faults = {}, []
    for name, file in sorted(files.items()):
        try:
            data[name] = read_bytes(file, _LIMIT)
        except OSError as error:
            faults.append(fault("F109", f"content/{issue}/{name}", reason=error.strerror or "已被改动"))
    return data, faults


def _texts(listed: Mapping[str, str], slug: str) -> dict[str, str] | None:
    """The sha256 of canonical texts by document id; None where the manifest names anything else than an issue has."""
    rest = {path: digest for path, digest in listed.items() if path not in form_names(slug)}
    names = [path.removeprefix(TEXTS).removesuffix(".txt") for path in rest]
    whole = len(rest) == len(listed) - len(FORMS)
    if not whole or any(path != f"{TEXTS}{n}.txt" or not _is_id(n) for path, n in zip(rest, names, strict=True)):
        return None
    return dict(zip(names, rest.values(), strict=True))


def _is_id(text: str) -> bool:
    return "/" in text and all(SLUG.fullmatch(part) for part in text.split("/"))


def _proved(data: Mapping[str, bytes]) -> tuple[str, str, list[str]]:
    """The key's sha256, its holder's signed comment, and the names of what does not fit the manifest."""
    if (key := _key(data[KEY])) is None:
        return "", "", [KEY]
    public, digest = key
    if not _fits(public, data[SIGNATURE], data[MANIFEST]):
        return "", "", [SIGNATURE]
    comment = _comment(public, data[MINISIGN], data[MANIFEST])
    return (digest, comment, []) if comment is not None else ("", "", [MINISIGN])


def _key(pem: bytes) -> tuple[Ed25519PublicKey, str] | None:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        key = serialization.load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm):
        return None
    if not isinstance(key, Ed25519PublicKey):
        return None
    form = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    return key, hashlib.sha256(key.public_bytes(*form)).hexdigest()


def _fits(key: Ed25519PublicKey, signature: bytes, data: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature

    try:
        key.verify(signature, data)
    except InvalidSignature:
        return False
    return True


def _comment(key: Ed25519PublicKey, text: bytes, data: bytes) -> str | None:
    """The trusted comment of a signature in minisign's form over `data`, None where either does not fit."""
    try:
        _, first, trusted, second = _lines(text)
        signature, of_comment = (base64.b64decode(line, validate=True) for line in (first, second))
    except (ValueError, binascii.Error):
        return None
    signed = hashlib.blake2b(data).digest() if signature[:2] == b"ED" else data
    comment = trusted.removeprefix(_TRUSTED)
    fits = (
        len(signature) == _HEAD + _SIGNATURE
        and trusted.startswith(_TRUSTED)
        and _fits(key, signature[_HEAD:], signed)
        and _fits(key, of_comment, signature[_HEAD:] + comment.encode())
    )
    return comment if fits and not re.search(r"[\x00-\x1f\x7f-\x9f]", comment) else None


def _lines(text: bytes) -> Iterator[str]:
    yield from text.decode().removesuffix("\n").split("\n")
