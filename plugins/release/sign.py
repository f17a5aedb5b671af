"""Ed25519 signatures in the forms that others check: raw for OpenSSL, and minisign's; keys as they read them (pure)."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import TYPE_CHECKING

from plugins.release.verify import DER, UNTRUSTED

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def signature(data: bytes, key: Ed25519PrivateKey) -> bytes:
    """64 bytes: `openssl pkeyutl -verify -rawin -pubin -inkey KEY.pub -in DATA -sigfile SIGNATURE` checks them."""
    return key.sign(data)


def minisign(data: bytes, key: Ed25519PrivateKey, comment: str) -> bytes:
    """A file that `minisign -V` checks, in the form with BLAKE2b; `comment` is signed too.

    Raises ValueError for a comment of more than one line, or with control characters.
    """
    if re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]", comment):
        raise ValueError(comment)
    one = key.sign(hashlib.blake2b(data).digest())
    two = key.sign(one + comment.encode())
    packed = base64.b64encode(b"ED" + _id(key) + one).decode()
    return f"{UNTRUSTED}\n{packed}\ntrusted comment: {comment}\n{base64.b64encode(two).decode()}\n".encode()


def minisign_key(key: Ed25519PrivateKey) -> str:
    """The public key as `minisign -P` takes it."""
    return base64.b64encode(b"Ed" + _id(key) + _raw(key)).decode()


def public(key: Ed25519PrivateKey) -> str:
    """The public key, 32 bytes in base64: as heads and statements name it."""
    return base64.b64encode(_raw(key)).decode()


def public_pem(key: Ed25519PrivateKey) -> bytes:
    """The public key as OpenSSL reads it."""
    der = base64.b64encode(DER + _raw(key)).decode()
    return f"-----BEGIN PUBLIC KEY-----\n{der}\n-----END PUBLIC KEY-----\n".encode()


def fingerprint(key: str) -> str:
    """The sha256, 64 hex digits, of the DER form of a public key in base64."""
    return hashlib.sha256(DER + base64.b64decode(key)).hexdigest()


def throwaway() -> Ed25519PrivateKey:
    """A key that nobody keeps: what it signed is shown to be unchanged since, and by nobody in particular."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.generate()


def _raw(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


def _id(key: Ed25519PrivateKey) -> bytes:
    """The eight bytes by which minisign names a public key."""
    return hashlib.sha256(_raw(key)).digest()[:8]
