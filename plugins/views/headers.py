"""The headers that a host has to send, said once and written for two kinds of hosts: `_headers` and nginx (pure)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

_POLICY = ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'")
_WORKER = "default-src 'self' 'wasm-unsafe-eval'; object-src 'none'; base-uri 'none'"
"""A worker keeps the policy that came with its own file, so no page need allow what only the program for SQL does."""
_POLICY_NAME, _TYPE = "Content-Security-Policy", "Content-Type"
_OPEN = {"Access-Control-Allow-Origin": "*"}
_NGINX_HEAD = """# 复制到 nginx 的配置目录，在网站的 server 段中 include。不要直接 include 网站目录里的这一份：
# 能写网站目录的人不应能改服务器的配置。重新生成网站后内容有变化的，复制新的一份。
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent with the files of `place`: a path, a folder with `*`, or `*` and an ending in a folder.

    `headers` are all of them, not additions.
    """

    place: str
    headers: Mapping[str, str]


def answers(engine: str, base: str, workers: Sequence[str] = (), requests: str = "") -> list[Answer]:
    """The headers by place, the general ones first.

    `engine` is the address of a search engine, the only other host that may be asked, or ""; `base` is the path below
    which the site lies, "" or "/a"; `workers` are the scripts that compile a program; `requests` is the address of what
    takes requests for disclosure in, or "": the page of the form alone may speak to it.
    """
    every = {
        _POLICY_NAME: _policy(engine),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }
    typed = (("/api/*", "application/json"), ("/catalog.ttl", "text/turtle"), ("/*.ics", "text/calendar"))
    texts = (("/*.md", "text/markdown"), ("/*.txt", "text/plain"))
    asking = {_POLICY_NAME: _policy(engine, requests)}
    base = quote(base)
    return [
        Answer(f"{base}/*", every),
        *(Answer(base + place, every | {_TYPE: f"{kind}; charset=utf-8"}) for place, kind in texts),
        *(Answer(base + place, every | {_TYPE: f"{kind}; charset=utf-8"} | _OPEN) for place, kind in typed),
        *(Answer(f"{base}/{path}", every | {_POLICY_NAME: _WORKER}) for path in workers),
        *([Answer(f"{base}/request/*", every | asking)] if requests else []),
    ]


def _policy(*addresses: str) -> str:
    """The policy of pages that may ask the hosts of these addresses besides their own."""
    hosts = dict.fromkeys(f"https://{host}" for address in addresses if (host := urlsplit(address).netloc))
    return "; ".join([*_POLICY, *([f"connect-src 'self' {' '.join(hosts)}"] if hosts else [])])


def as_headers(found: Sequence[Answer]) -> str:
    """The file `_headers` of static hosts, where the headers of every place that fits add up."""
    general, *special = found
    lines = [general.place, *(f"  {name}: {value}" for name, value in general.headers.items())]
    for one in special:
        lines.append(one.place)
        for name, value in one.headers.items():
            if name not in general.headers:
                lines.append(f"  {name}: {value}")
            elif value != general.headers[name]:
                lines += [f"  ! {name}", f"  {name}: {value}"]
    return "\n".join(lines) + "\n"


def as_nginx(found: Sequence[Answer]) -> str:
    """The same for nginx, where a location that adds one header loses those of its server: each repeats all."""
    return _NGINX_HEAD + "".join(_location(one) for one in found)


def _location(one: Answer) -> str:
    folder, star, ending = one.place.partition("*")
    how = f"~ ^{re.escape(folder)}.*{re.escape(ending)}$" if ending else folder if star else f"= {folder}"
    lines = [f"location {how} {{"]
    for name, value in one.headers.items():
        if name == _TYPE:
            kind, _, charset = value.partition("; charset=")
            lines += ["  types { }", f"  default_type {kind};", f"  charset {charset};", f"  charset_types {kind};"]
        else:
            lines.append(f'  add_header {name} "{value}" always;')
    return "\n".join([*lines, "}\n"])
