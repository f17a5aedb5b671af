"""Example views of every template: the keys that the theme asks of the views, each with a value.

`data` of a comparison stands beside the page when a template is drawn; here it is one of its keys.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from plugins.formats.compare import STATES

View = dict[str, Any]
BODY = '<p id="art-1">第一条 为了试验，制定本办法。</p>'
HOSTILE = "</title></p></script><script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def _card(number: int = 1) -> View:
    return {
        "title": f"试验办法之{number}",
        "url": f"/policies/2026/p-{number}/",
        "number": f"试政发〔2026〕{number}号",
        "issuer": "试验县人民政府",
        "published": "2026-03-03 09:00",
        "kind": "政策文件",
        "validity": "现行有效",
        "level": "ok",
    }


_LINK = {"title": "试验链接", "url": "/pages/about/"}
_COUNTED = _LINK | {"count": 3}
_PAIR = {"label": "签发", "value": "2026-03-02　签发岗"}
_FIELDS = [{"label": "发文机关", "value": "试验县人民政府", "url": "/organisations/xzf/"}, _PAIR | {"url": ""}]
_EVENT = {"label": "发布", "moment": "2026-03-03 09:00", "note": "", "sha256": "3" * 64}
_DOWNLOAD = {"title": "纯文本", "url": "index.txt", "note": "规范文本"}
_MODULE = {
    "url": "/static/a.js",
    "integrity": "sha256-a",
    "needs": [{"url": "/static/b.js", "integrity": "sha256-b"}],
}
_BOX = {"x": 1, "y": 1, "width": 280, "height": 35, "lines": [{"x": 8, "y": 20, "text": "试验办法"}]}
_COMMON = {
    "site": {
        "name": "试验站",
        "government": "试验县人民政府",
        "description": "试验站的说明",
        "notice": "这是试验网站",
        "home": "/",
        "site_code": "3299990001",
        "icp": "试ICP备00000000号",
        "police_record": "试公网安备00000000000000号",
        "police_code": "00000000000000",
        "conac_id": "0000",
        "hotline": "12345",
        "address": "https://www.example.gov.cn",
        "contact": {
            "address": "试验县中心路1号",
            "postcode": "000000",
            "phone": "0000-1",
            "email": "a@example.gov.cn",
            "hours": "工作日",
        },
    },
    "nav": [
        {"title": "首页", "url": "/", "current": False},
        {"title": "政策文件", "url": "/policies/", "current": True},
    ],
    "title": "试验网页 - 试验站",
    "heading": "试验网页",
    "description": "试验网页的说明",
    "keywords": "试验，网页",
    "url": "https://www.example.gov.cn/policies/2026/p-1/",
    "path_url": "/policies/2026/p-1/",
    "crumbs": [{"title": "首页", "url": "/"}],
    "feed": "/feed.atom",
    "alternates": [{"type": "application/json", "title": "JSON", "url": "index.json"}],
    "meta": [
        {"name": "SiteName", "content": "试验站"},
        {"name": "ContentSource", "content": "试验县人民政府办公室"},
        {"name": "PubDate", "content": "2026-03-03 09:00"},
    ],
    "structured": "{}",
    "css": "/static/style.css",
    "icon": "/static/icon.svg",
    "css_integrity": "sha256-css",
    "choices": {"url": "/static/choices.js", "integrity": "sha256-choices"},
    "links": {
        "search": "/search/",
        "sitemap_page": "/sitemap/",
        "organisations": "/organisations/",
        "datasets": "/datasets/",
        "places": "/places/",
        "gazette": "/gazette/",
        "opensearch": "/opensearch.xml",
        "feed": "/feed.atom",
        "log": "/log/",
        "rules": "/rules/",
        "citations": "/citations/",
        "verify": "/verify/",
        "qr": "/verify/qr.svg",
        "request": "/request/",
        "interaction": "/interaction/",
    },
}
_DOCUMENT = {
    "kind": "政策文件",
    "validity": {"label": "已废止", "sentence": "本文件已废止。", "level": "off", "successors": [_LINK]},
    "annotation": "此件公开发布",
    "fields": _FIELDS,
    "tables": [
        {"title": "意见分组", "header": ["意见", "条数"], "rows": [["建议延长过渡期", "12"], ["建议提前", "3"]]}
    ],
    "history": [
        _EVENT | {"label": "修改", "moment": "2026-05-08 10:00", "note": "修改第三条", "url": "", "compare_url": ""},
        _EVENT | {"url": "/policies/2026/p-1/2026-03-03/", "compare_url": "/policies/2026/p-1/2026-03-03/compare/"},
    ],
    "timeline": {
        "title": "文件历程",
        "steps": [
            {"moment": "2026-03-02", "label": "成文", "text": "", "title": "", "url": "", "state": "past"},
            {
                "moment": "",
                "label": "目前：现行有效",
                "text": "自2026年3月2日起",
                "title": "",
                "url": "",
                "state": "now",
            },
            {"moment": "2027-01-01", "label": "废止", "text": "说明", "title": "决定", "url": "/p/", "state": "ahead"},
        ],
    },
    "compare_url": "/consultations/p-1/compare/",
    "corrections": [_LINK | {"text": "第三行“甲”应为“乙”。"}],
    "relations": [
        {
            "label": "依据",
            "verb": "依据",
            "inward": False,
            "beside": False,
            "items": [
                _LINK | {"number": "试政发〔2020〕1号", "note": ""},
                {"title": "国发〔2019〕1号", "url": "/citations/#n-1", "number": "", "note": "本站未收录"},
            ],
        },
        {
            "label": "政策解读",
            "verb": "解读",
            "inward": True,
            "beside": True,
            "items": [_LINK | {"number": "", "note": ""}],
        },
    ],
    "graph": {
        "width": 360,
        "height": 90,
        "boxes": [_BOX | {"own": True, "url": ""}, _BOX | {"own": False, "url": "/pages/about/"}],
        "paths": ["M14 45V20"],
        "verbs": [{"x": 40, "y": 14, "text": "依据"}],
        "rests": [{"x": 78, "y": 80, "text": "另有 2 件"}],
    },
    "follow": [_DOWNLOAD],
    "script": "/static/reading.js",
    "module": _MODULE,
    "outline": [{"title": "第一章 总则", "url": "#sec-1", "level": 2}],
    "downloads": [_DOWNLOAD],
    "attachments": [{"title": "申请表", "url": "form.pdf", "bytes": "12 KB"}],
    "provenance": [_PAIR],
    "sha256": "0" * 64,
    "number": "试政发〔2026〕1号",
    "verify_url": "/verify/?page=policies/2026/p-1",
    "digest": " ".join(["0000"] * 16),
    "draft": True,
    "calendar": "/consultations/p-1/index.ics",
    "empty_body": "本文件没有正文。",
}
_ORGAN = {
    "id": "xzfb",
    "name": "县政府办公室",
    "url": "/organisations/xzfb/",
    "office": "政务公开科",
    "channels": "信函、现场",
    "process": "登记—答复",
    "phone": "0000-1",
    "dial": "tel:00001",
    "fax": "0000-2",
    "email": "a@example.gov.cn",
    "address": "试验县中心路1号",
    "postcode": "000000",
    "hours": "工作日",
}
_VERSIONS = [
    {"name": "2026-05-01", "moment": "2026-05-01 09:00", "note": "数据更新：新增 1 行", "first": False, "rows": 9}
    | {"added": 1, "removed": 0, "changed": 0, "url": "/datasets/d/changes/2026-05-01/", "files": [_DOWNLOAD]},
    {"name": "2026-03-03", "moment": "2026-03-03 09:00", "note": "", "first": True, "rows": 8}
    | {"added": 0, "removed": 0, "changed": 0, "url": "/datasets/d/changes/2026-03-03/", "files": [_DOWNLOAD]},
]
_COLUMNS = {
    "added": [{"name": "more", "title": "更多"}],
    "removed": [{"name": "gone", "title": "gone"}],
    "changed": [{"name": "count", "title": "数量", "what": "类型由 integer 改为 number"}],
}
_EXAMPLES = {
    "added": [["04", "丁镇"]],
    "removed": [["02", "乙镇"]],
    "changed": [{"key": "01", "cells": [{"column": "数量", "earlier": "10", "later": "11"}] * 2}],
}
_TABLE = {
    "title": "站点",
    "name": "stops",
    "anchor": "table-1",
    "rows": 140,
    "quality": [{"label": "规模", "value": "140 行 × 2 列"}],
    "columns": [
        {
            "name": "code",
            "title": "编号",
            "type": "文字",
            "description": "六位编号",
            "rules": "必填",
            "missing": "无",
            "distinct": "140",
            "range": "1 至 140",
            "mean": "70.5",
        }
    ],
    "header": [
        {"name": "code", "title": "编号", "type": "string", "number": False},
        {"name": "routes", "title": "线路", "type": "integer", "number": True},
    ],
    "head": [["A00001", "6"]],
    "cut": True,
    "head_note": "前 1 行，共 140 行",
    "downloads": [_DOWNLOAD],
    "code": [{"title": "pandas", "text": "import pandas as pd\n"}],
    "grid": {"rows": "140", "key": "code", "pages": "/datasets/stops/files/stops/"},
}
_ROW = {"key": "", "label": "", "was": "", "now": "", "state": "same", "earlier": [], "later": []}
_ROWS: list[View] = [
    _ROW
    | {"state": "changed", "earlier": [["=", "根据省的"], ["-", "办法"]], "later": [["=", "根据省的"], ["+", "条例"]]},
    _ROW | {"key": "art-1", "label": "第一条至第三条", "earlier": [["=", "第一条 甲\n第二条 乙\n第三条 丙"]]},
    _ROW | {"key": "art-4", "label": "第四条", "was": "第四条", "state": "removed", "earlier": [["-", "第四条 丁"]]},
    _ROW | {"key": "art-4", "label": "第四条", "now": "第四条", "state": "added", "later": [["+", "第四条 戊"]]},
    _ROW
    | {
        "key": "art-5",
        "label": "第五条",
        "was": "第六条",
        "now": "第五条",
        "state": "renumbered",
        "earlier": [["-", "第六条"], ["=", " 己"]],
        "later": [["+", "第五条"], ["=", " 己"]],
    },
    _ROW | {"key": "art-6", "was": "第五条", "now": "第六条", "state": "moved", "later": [["=", "第六条 庚"]]},
    _ROW | {"key": "art-6", "was": "第五条", "now": "第六条", "state": "moved", "earlier": [["=", "第五条 庚"]]},
]
"""Each state once, and two anchors that both texts have; lists where JSON makes lists of pairs."""
_PAGER: View = {
    "number": 2,
    "count": 3,
    "previous": "/policies/",
    "next": "/policies/page-3/",
    "pages": [{"number": n, "url": f"/policies/page-{n}/", "current": n == 2} for n in (1, 2, 3)],
}
_OWN: dict[str, View] = {
    "404": {},
    "home": {
        "consultations": [_card(3) | {"label": "正在征求意见", "sentence": "征求意见至2026年12月20日 17:30。"}],
        "responses": [_card(4)],
        "latest": [_card(1), _card(2)],
        "latest_url": "/policies/",
        "interpretations": [_card(3)],
        "issue": _card(4) | {"cover": "/gazette/2026-01/cover.png", "pdf": "/gazette/2026-01/2026-01.pdf"},
        "services": [_LINK | {"description": "试验事项"}],
        "datasets": [_LINK | {"description": "试验数据"}],
        "counts": [_COUNTED],
    },
    "document": _DOCUMENT,
    "consultation": _DOCUMENT
    | {
        "explanation": "为落实条例，拟建立统一的办法。",
        "term": [{"label": "截止时间", "value": "2026-04-03 17:30"}],
        "closes": "2026-04-03T17:30:00+08:00",
        "ways": [
            {"label": "在线提交", "value": "https://yj.example.gov.cn/1", "url": "https://yj.example.gov.cn/1"}
            | {"outside": "external"},
            {"label": "", "value": "意见箱", "url": "", "outside": ""},
        ],
        "outcome": {"published": "2026-04-20 09:00", "received": "25", "summary": "共收到意见 25 条。"},
        "results": [_LINK, {"title": "试政发〔2026〕9号", "url": ""}],
        "opinions": [{"title": "意见分组", "header": ["意见", "条数"], "rows": [["建议提前", "3"]]}],
        "script": "/static/deadline.js",
        "module": _MODULE,
    },
    "request": {
        "organs": [_ORGAN],
        "first": _ORGAN,
        "identities": {"居民身份证": True, "护照": False},
        "applicants": {"person": "公民", "body": "法人或者其他组织"},
        "forms": {"paper": "纸质", "electronic": "电子"},
        "ways": {"post": "邮寄", "mail": "电子邮件"},
        "kinds": ["商业企业", "其他"],
        "endpoint": "https://sq.example.gov.cn/api",
        "script": "/static/request.js",
        "module": _MODULE,
    },
    "interaction": {
        "asked": [_card() | {"snippet": "截止 2026-04-03 17:30"}],
        "coming": [_card(2) | {"snippet": "2026-05-12 09:00 会议室"}],
        "interviews": [_card(3)],
        "mailboxes": [
            {"name": "县长信箱", "url": "mailto:a@example.gov.cn?subject=a", "outside": "", "email": "a@example.gov.cn"}
            | {"address": "试验县中心路1号", "office": "县政府办公室", "process": "十个工作日内答复。"}
        ],
        "hotline": {"title": "12345", "url": "tel:12345"},
        "accounts": [_LINK],
        "request": "/request/",
        "calendar": "/calendar.ics",
        "lists": [_LINK],
    },
    "issue": _DOCUMENT
    | {
        "sections": [{"title": "县政府文件", "entries": [_card() | {"sha256": "2" * 64}]}],
        "errata": [_LINK | {"text": "第三行“甲”应为“乙”。"}],
        "imprint": [_PAIR],
        "edition": {
            "cover": "/gazette/2026-01/cover.png",
            "pdf": "/gazette/2026-01/2026-01.pdf",
            "forms": [_DOWNLOAD],
            "sentence": "本期已定版。",
            "fingerprint": "4" * 64,
            "files": [
                {
                    "name": "manifest.txt",
                    "what": "定版清单",
                    "url": "/gazette/2026-01/manifest.txt",
                    "bytes": 1024,
                    "size": "1.0 KB",
                    "sha256": "5" * 64,
                    "sm3": "6" * 64,
                }
            ],
            "key": "7" * 64,
            "comment": "试验县公报2026年第1期",
        },
    },
    "list": {
        "intro": "另有 1 件依法不予公开。",
        "items": [_card(1), _card(2)],
        "why": "试验县人民政府还没有发布过内容。",
        "listed": [{"title": "依申请公开的文件", "number": "试政发〔2026〕8号"}],
        "total": 41,
        "pager": _PAGER,
        "facets": [{"title": "按年份", "items": [_COUNTED | {"current": True}]}],
    },
    "datasets": {
        "items": [
            _LINK
            | {
                "description": "说明",
                "publisher": "试验局",
                "open_type": "无条件开放",
                "cycle": "每年",
                "rows": 9,
                "overdue": True,
            }
        ],
        "total": 1,
        "catalogue": "/datasets/catalogue/",
    },
    "catalogue": {
        "facts": [_PAIR | {"url": ""}],
        "rows": [
            {
                "title": "站点",
                "url": "/datasets/stops/",
                "code": "329999/0003",
                "provider": "试验局",
                "category": "交通",
                "open_type": "无条件开放",
                "cycle": "每年",
                "changed": "2026-03-02",
                "due": "2027-03-02",
                "timeliness": "更新及时",
                "complete": "缺共享类型",
            }
        ],
        "downloads": [_DOWNLOAD],
    },
    "dataset": {
        "fields": _FIELDS,
        "open": True,
        "condition": "签订使用协议",
        "updating": {"label": "已逾期", "sentence": "应不迟于2026年8月9日更新，已逾期。", "level": "warn"},
        "charts": [{"title": "各乡镇的站点", "text": "条形图", "url": "/datasets/stops/chart-1.svg", "note": "来源"}],
        "data": [
            {"header": ["乡镇", "行数"], "rows": [["清河镇", 3], ["柳树镇", None]], "words": ["行数：1 个值都是 3"]}
        ],
        "tables": [_TABLE],
        "files": [
            {
                "table": "站点",
                "title": "原始文件",
                "path": "stops.csv",
                "url": "stops.csv",
                "bytes": "8.0 KB",
                "rows": "140",
                "sha256": "1" * 64,
            }
        ],
        "downloads": [_DOWNLOAD],
        "licence": {
            "title": "知识共享 署名 4.0",
            "url": "https://creativecommons.org/licenses/by/4.0/",
            "sentence": "可以商用，注明来源。",
        },
        "reuses": [{"title": "公交地图", "url": "https://example.org/", "description": "每个站点"}],
        "contacts": [{"title": "申请数据", "url": "mailto:a@example.gov.cn?subject=a", "note": "a@example.gov.cn"}],
        "script": "/static/table.js",
        "module": _MODULE,
        "versions": _VERSIONS,
        "versions_url": "/datasets/d/changes/",
    },
    "data-events": {
        "withdrawn": "2026年6月1日",
        "reason": "涉及个人隐私",
        "versions": _VERSIONS,
        "events": [_LINK | {"label": "撤下", "moment": "2026-06-01 09:00", "note": "涉及个人隐私"}],
    },
    "row-changes": {
        "earlier": "2026-03-03",
        "earlier_url": "/datasets/d/changes/2026-03-03/",
        "facts": [_PAIR],
        "licence": True,
        "counts": {"rows": 9, "earlier_rows": 8, "added": 30, "removed": 1, "changed": 1},
        "tables": [
            {"title": "表", "by": "代码", "header": ["代码", "名称"], "columns": _COLUMNS, "examples": _EXAMPLES}
            | {"state": state, "rows": 9, "earlier_rows": 8, "added": 30, "removed": 1, "changed": 1}
            for state in ("first", "same", "added", "removed", "changed")
        ],
        "files": [_DOWNLOAD],
    },
    "items": {
        "why": "试验县人民政府还没有发布过内容。",
        "items": [_LINK | {"facts": ["SY-XK-001", "行政许可"]}],
        "total": 1,
        "facets": [{"title": "按权力类型", "items": [_COUNTED | {"current": True}]}],
        "dataset": _LINK,
        "pager": _PAGER,
    },
    "item": {
        "fields": _FIELDS,
        "kind": "权力事项",
        "dataset": _LINK,
        "mentions": [
            {
                "title": "决定",
                "note": "共 12 条，列出最近 1 条",
                "url": "/datasets/decisions/",
                "header": ["文号", "结果"],
                "rows": [{"url": "/services/a/", "cells": ["试许〔2026〕1号", "准予"]}],
            }
        ],
    },
    "organisations": {"groups": [{"title": "政府部门", "items": [_COUNTED | {"short": "试验局"}]}]},
    "organisation": {
        "fields": _FIELDS,
        "posts": [{"title": "主任", "name": "主要负责人", "phone": "0000-2"}],
        "request": [_PAIR],
        "asking_url": "/request/?organ=xzf",
        "items": [_card()],
        "more_url": "/organisations/xzf/documents/",
        "total": 21,
    },
    "places": {
        "map": {"url": "/places/map.svg", "width": 600, "height": 400, "text": "地图", "notes": ["底图：试验。"]},
        "groups": [
            {
                "title": "公报赠阅点",
                "rows": [
                    {"number": "1", "name": "试验县图书馆", "url": "/organisations/xzf/", "kind": "图书馆"}
                    | {"address": "中心路1号", "hours": "工作日", "phone": "0000-3", "note": "自2026年3月3日起赠阅"}
                ],
            }
        ],
        "contact": "试验县中心路1号",
    },
    "topics": {"items": [_COUNTED]},
    "search": {
        "script": "/static/search-page.js",
        "module": _MODULE,
        "base": "/search/",
        "engine": "/search/search.js",
        "lists": [_LINK],
        "query": "公积金",
        "results": [_card() | {"snippet": "第一条 住房公积金"}],
    },
    "version": {
        "name": "2026年3月3日的文本",
        "until": "2026年5月8日",
        "current_url": "/policies/2026/p-1/",
        "compare_url": "/policies/2026/p-1/2026-03-03/compare/",
        "text_url": "/policies/2026/p-1/2026-03-03/index.txt",
        "script": "/static/reading.js",
        "module": _MODULE,
        "outline": [{"title": "第一章 总则", "url": "#sec-1", "level": 2}],
        "sha256": "4" * 64,
        "number": "试政发〔2026〕1号",
        "verify_url": "/verify/?page=policies/2026/p-1/2026-03-03",
        "digest": " ".join(["4444"] * 16),
    },
    "compare": {
        "urls": ["/consultations/p-1/", "/policies/2026/p-1/"],
        "data": {
            "labels": ["征求意见稿", "正式文本"],
            "titles": [[["=", "试验办法"], ["-", "（征求意见稿）"]], [["=", "试验办法"]]],
            "rows": _ROWS,
            "counts": {"same": 3, "renumbered": 1, "changed": 1, "moved": 1, "added": 1, "removed": 1},
        },
    },
    "tombstone": {
        "number": "试政发〔2026〕3号",
        "day": "2026年3月5日",
        "reason": "附件有误，已重新发布",
        "sha256": "5" * 64,
    },
    "log": {
        "rows": [_LINK | {"label": "撤下", "moment": "2026-03-05 09:00", "note": "附件有误"}],
        "total": 201,
    },
    "rules": {
        "rows": [
            {
                "id": "GN-06.1",
                "article": "第6条",
                "sentence": "在决策前公布草案，征求意见",
                "severity": "不合则退回",
                "codes": "D401、D402",
                "parameters": "2018年7月27日起：天数 30",
            }
        ]
    },
    "media": {
        "rows": [
            {
                "id": "wx",
                "platform": "微信公众号",
                "name": "试验县发布",
                "url": "https://social.example/wx",
                "main": True,
                "owner": _LINK,
                "facts": [{"label": "账号", "value": "fabu"}],
            },
        ]
    },
    "citations": {"rows": [{"number": "国发〔2019〕1号", "anchor": "n-1", "by": [_LINK]}]},
    "verify": {
        "script": "/static/verify.js",
        "module": _MODULE,
        "base": "/",
        "hashes": {"url": "/verify/hashes/", "digits": 1, "first": "0.txt"},
        "numbers": {"url": "/verify/numbers/", "digits": 0},
    },
    "sitemap": {
        "columns": [_LINK | {"purpose": "试验内容", "owner": "试验局", "cycle": "每年"}],
        "groups": [{"title": "栏目", "items": [_LINK]}],
    },
}
TEMPLATES = sorted(_OWN)
WITH_BODY = frozenset({"consultation", "document", "issue", "version"})


def full(template: str) -> View:
    """A view in which every key has a value."""
    return _COMMON | _OWN[template]


def minimal(template: str) -> View:
    """The same keys with nothing in them: strings "", lists empty, the optional parts None."""
    return _changed(full(template), lambda _: "", empty=True) | {
        key: None for key in ("issue", "results", "outcome", "first", "hotline") if key in _OWN[template]
    }


def hostile(template: str) -> View:
    """The same keys, each string an attack on the markup around it, but for the comparison's own words."""
    return hostile_value(full(template))


def hostile_value(value: Any) -> Any:
    """A value with each string an attack, but for the comparison's own words."""
    return _changed(value, lambda text: text if _is_own_word(text) else HOSTILE, empty=False)


def _is_own_word(text: str) -> bool:
    return text in {*STATES, "=", "-", "+"} or text.startswith("art-")


def _changed(value: Any, text: Callable[[str], str], *, empty: bool) -> Any:
    if isinstance(value, str):
        return text(value)
    if isinstance(value, list):
        return [] if empty else [_changed(v, text, empty=empty) for v in value]
    if isinstance(value, dict):
        return {k: _changed(v, text, empty=empty) for k, v in value.items()}
    return type(value)() if empty and value is not None else value
