"""`freeze`: the files of an issue and their signature are written beside its header, once. Touches the disk."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from plugins.build import report
from plugins.build.builder import prepared, site_of
from plugins.build.clock import moment
from plugins.build.content import Content
from plugins.build.maker import Maker
from plugins.build.settings import Settings
from plugins.build.store import read_object
from plugins.models.edition import KEY, MANIFEST, MINISIGN, SIGNATURE, TEXTS
from plugins.models.faults import Fault, has_errors
from plugins.models.record import Record
from plugins.models.sums import sums
from plugins.release import sign
from plugins.release.disk import fsync
from plugins.views.editions import edition, first_form_jobs, form_jobs
from plugins.views.frame import SiteFrame
from plugins.views.site import Site

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def freeze(settings: Settings, name: str, key: Ed25519PrivateKey, remark: str = "") -> int:
    """Writes the files of the issue `name`; returns the exit code. Raises OSError.

    The issue is made as it will be at its own publication, or as it is now where that is past. `key` signs the
    manifest, and with it `remark`.
    """
    waiting = _at_publication(settings, name)
    with prepared(waiting) as (content, maker):
        if has_errors(content.faults) or content.context.register.identity is None:
            return _refused(content.faults)
        site = site_of(content)
        issue = site.find(name.removeprefix("content/"))
        if issue is None or issue.kind != "gazette":
            return report.outside(f"没有可以定版的公报“{name}”；请写编号，如 gazette/2026-01，并先定稿")
        if issue.id in site.frozen:
            return report.outside(f"“{issue.id}”已经定版，不能再写；要更正，请在以后一期登勘误")
        if os.path.lexists(folder := settings.content / issue.id):
            return report.outside(f"{folder} 里已有文件；请先移走，定版之后再放回")
        faults, files = maker.sound(partial(_made, maker, content, site, issue))
        if has_errors(faults):
            return _refused(faults)
    manifest = files[MANIFEST]
    files[SIGNATURE], files[KEY] = sign.signature(manifest, key), sign.public_pem(key)
    files[MINISIGN] = sign.minisign(manifest, key, f"{issue.title}　定版清单{remark}")
    write_once(folder, files)
    report.line(f"已定版 {issue.title}：{folder} 中的 {len(files)} 个文件从此不变，请一并提交")
    return 0


def _at_publication(settings: Settings, name: str) -> Settings:
    """The settings at the moment of the issue's own publication, if that is still to come."""
    now = moment(settings.as_of)
    with prepared(replace(settings, as_of=now)) as (content, _):
        issue = content.context.register.find(name.removeprefix("content/"))
        return replace(settings, as_of=max(now, issue.published if issue else now))


def _refused(faults: list[Fault]) -> int:
    report.faults(faults)
    report.line("内容有错误，没有定版")
    return 1


def _made(maker: Maker, content: Content, site: Site, issue: Record) -> tuple[list[Fault], dict[str, bytes]]:
    """What stands in the way, or else the files of `issue` by name."""
    texts = maker.texts(site)
    faults = maker.faults or content.against_ledger(site, texts)
    files = {} if has_errors(faults) else _files(maker, site, issue, texts)
    return [*faults, *maker.faults], files


def _files(maker: Maker, site: Site, issue: Record, texts: Mapping[str, str]) -> dict[str, bytes]:
    """The forms and their manifest, by name; nothing where something could not be made: see the maker's faults."""
    view = edition(SiteFrame(site), issue, texts)
    first = maker.digests(first_form_jobs(view))
    if not first:
        return {}
    made = maker.digests((job.path, job) for job in form_jobs(view, first, issue.slug))
    named = made | {
        f"{TEXTS}{one['id']}.txt": one["sha256"] for section in view["sections"] for one in section["entries"]
    }
    forms = {name: read_object(maker.store.objects, digest) for name, digest in made.items()}
    return {} if maker.faults else {**forms, MANIFEST: sums(named).encode()}


def write_once(folder: Path, files: Mapping[str, bytes]) -> None:
    """All files or none, in a folder that is new; on the disk when it returns. Raises OSError."""
    part = folder.parents[1] / f".{folder.name}.part"  # a name that reading content leaves out
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    for name, data in files.items():
        with open(part / name, "xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
    fsync(os.fspath(part))
    os.rename(part, folder)
    fsync(os.fspath(folder.parent))
