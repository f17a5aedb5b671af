"""An ordinary copy of a release, for hosts that want one. Touches the disk."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from plugins.release.disk import flush, readable, same_file, walk
from plugins.release.promote import Occupied
from plugins.release.verify import EXCLUDED, parse

_UNFINISHED, _PART = ".gazette-unfinished", ".gazette-part"


def copy_plain(release: Path, target: Path) -> None:
    """Makes `target` hold what `release` holds: files replaced whole, files no longer in it gone, MANIFEST last.

    Names with a dot in front, at the top, that no release holds are the host's (`.git`, `.nojekyll`) and stay.
    Raises Occupied for a link, a file, or a non-empty folder without a MANIFEST of ours: it is not ours to change.
    Raises OSError where the disk refuses; a copy that was broken off is taken up again by the next one.
    """
    refuse_foreign(target)
    source, root = os.fspath(release), os.fspath(target)
    wanted = {path for path, _ in walk(source)}
    with readable():
        os.makedirs(root, exist_ok=True)
        Path(root, _UNFINISHED).touch()
        for path in sorted(wanted - EXCLUDED):
            _copy(source, root, path)
        for path in [path for path, _ in walk(root) if path not in wanted and not _of_the_host(path)]:
            _remove(root, path)
        for path in sorted(wanted & EXCLUDED, reverse=True):
            if path == "MANIFEST":
                flush(root)
            _copy(source, root, path)
    os.unlink(f"{root}/{_UNFINISHED}")


def _of_the_host(path: str) -> bool:
    return path.startswith(".") and path != _PART


def refuse_foreign(target: Path) -> None:
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise Occupied(str(target))
    if target.exists() and os.listdir(target) and not (target / _UNFINISHED).is_file():
        try:
            ours = bool(parse((target / "MANIFEST").read_bytes()))
        except (FileNotFoundError, IsADirectoryError, ValueError):
            ours = False
        if not ours:
            raise Occupied(str(target))


def _copy(source: str, root: str, path: str) -> None:
    """Replaces one file whole, unless it is there already."""
    place = f"{root}/{path}"
    if os.path.isfile(place) and _straight(root, path) and same_file(f"{source}/{path}", place):
        return
    _clear(root, path)
    os.makedirs(os.path.dirname(place), exist_ok=True)
    shutil.copyfile(f"{source}/{path}", f"{root}/{_PART}")
    os.replace(f"{root}/{_PART}", place)


def _heads(path: str) -> list[str]:
    """`a`, `a/b` and `a/b/c` of `a/b/c`."""
    parts = path.split("/")
    return ["/".join(parts[: n + 1]) for n in range(len(parts))]


def _straight(root: str, path: str) -> bool:
    """Whether no link leads to it: we never write through one."""
    return not any(os.path.islink(f"{root}/{head}") for head in _heads(path))


def _clear(root: str, path: str) -> None:
    """Removes a file or a link where a folder must be, and a folder where the file must be."""
    *folders, last = (f"{root}/{head}" for head in _heads(path))
    for folder in folders:
        if os.path.lexists(folder) and (os.path.islink(folder) or not os.path.isdir(folder)):
            os.unlink(folder)
    if os.path.isdir(last) and not os.path.islink(last):
        shutil.rmtree(last)


def _remove(root: str, path: str) -> None:
    """Removes a file, and the folders that are empty without it."""
    os.unlink(f"{root}/{path}")
    while (path := path.rpartition("/")[0]) and not os.listdir(f"{root}/{path}"):
        os.rmdir(f"{root}/{path}")
