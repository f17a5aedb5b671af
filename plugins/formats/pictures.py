"""Pictures of a body for the typesetter; what cannot be set shows its alternative (pure)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from plugins.formats.blocks import Block
from plugins.formats.press import RefusedError, press
from plugins.formats.strip import strip
from plugins.formats.views import Loader, View
from plugins.models.attachments import Finding, magic
from plugins.readers.attached_images import check_image

_SET = {"jpeg": "jpg", "png": "png", "webp": "webp", "gif": "gif"}


class Pictures:
    """The pictures of one file, each once; `files` are their bytes by the name that blocks give."""

    def __init__(self, load: Loader) -> None:
        self.load = load
        self.files: dict[str, bytes] = {}

    def placed(self, block: Block, pictures: Mapping[str, View]) -> Block:
        """`block`, a picture with the file that shows it, "" where there is none that can be shown."""
        if block["k"] != "img":
            return block
        reference: Any = pictures.get(block["src"])
        name = self._name(reference) if reference else ""
        return {"k": "img", "file": name, "alt": block["alt"] or "没有说明的图片"}

    def _name(self, reference: View) -> str:
        data = self.load.file(reference)
        try:
            kind = magic(data)
            if kind not in _SET or any(check_image(kind, data)):
                return ""
            name = f"{reference['sha256']}.{_SET[kind]}"
            self.files[name] = strip(data, name)  # a print carries away what the file tells besides its picture
        except (Finding, ValueError):
            return ""
        return name


def undrawable(files: Mapping[str, bytes], fonts: Sequence[Path]) -> list[str]:
    """The names of those pictures that Typst refuses: of whole form, with pixels that cannot be read."""
    found = []
    for name, data in files.items():
        alone = f'#set document(title: "x")\n#image("{name}", alt: "x")'
        try:
            press({"main.typ": alone.encode(), name: data}, fonts, 0)
        except RefusedError:
            found.append(name)
    return found
