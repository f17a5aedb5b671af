"""The files of a frozen issue, written and signed here without any code of the product."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

KEY = Ed25519PrivateKey.from_private_bytes(b"a key of these tests, kept open.")


def digest(data: bytes) -> str:
    """The sha256 in hex."""
    return hashlib.sha256(data).hexdigest()


def minisigned(data: bytes, key: Ed25519PrivateKey, comment: str) -> bytes:
    """A signature as `minisign -S` writes it: prehashed, with a trusted comment."""
    signature = key.sign(hashlib.blake2b(data).digest())
    first = base64.b64encode(b"ED" + b"12345678" + signature).decode()
    second = base64.b64encode(key.sign(signature + comment.encode())).decode()
    return f"untrusted comment: signature\n{first}\ntrusted comment: {comment}\n{second}\n".encode()


def public(key: Ed25519PrivateKey) -> bytes:
    """The public key in PEM."""
    form = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(*form)


def signed(manifest: bytes, key: Ed25519PrivateKey = KEY, comment: str = "试验县公报") -> dict[str, bytes]:
    """The manifest with its three companions, by name."""
    return {
        "manifest.txt": manifest,
        "manifest.txt.sig": key.sign(manifest),
        "manifest.txt.minisig": minisigned(manifest, key, comment),
        "manifest.pub": public(key),
    }


def frozen(slug: str, texts: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of the issue `slug` that carries `texts`, by name; `texts` are canonical texts by document id."""
    forms = {f"{slug}.{end}": f"{slug} {end}\n".encode() for end in ("pdf", "epub", "txt")}
    named = forms | {f"texts/{identifier}.txt": text for identifier, text in texts.items()}
    manifest = "".join(f"{digest(data)}  {path}\n" for path, data in sorted(named.items())).encode()
    return {**forms, **signed(manifest)}


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    """The files in `folder`, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
