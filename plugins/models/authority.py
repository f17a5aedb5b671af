"""Chinese catalogue words and their codes in the EU's authority lists, each mapped once (pure; DCAT-AP 3.0.1).

A word that no table holds has no code: nothing is guessed, and the word itself stands in the catalogue as written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

AUTHORITY = "http://publications.europa.eu/resource/authority/"


FREQUENCIES: Mapping[str, str] = {
    "实时": "CONT",
    "每日": "DAILY",
    "每天": "DAILY",
    "每周": "WEEKLY",
    "每旬": "OTHER",
    "每半月": "MONTHLY_2",
    "每月": "MONTHLY",
    "每两月": "BIMONTHLY",
    "每季": "QUARTERLY",
    "每季度": "QUARTERLY",
    "每半年": "ANNUAL_2",
    "每年": "ANNUAL",
    "每两年": "BIENNIAL",
    "不定期": "IRREG",
    "按需": "IRREG",
    "不更新": "NEVER",
    "其他": "OTHER",
}
"""更新周期 -> code in the list `frequency`; the terms are those of `rules.updating`."""

ACCESS: Mapping[str, str] = {"无条件开放": "PUBLIC", "有条件开放": "RESTRICTED", "不予开放": "NON_PUBLIC"}
"""开放类型 -> code in the list `access-right`."""

LABELS: Mapping[str, str] = {
    "PUBLIC": "公开",
    "RESTRICTED": "受限",
    "NON_PUBLIC": "不公开",
    "CONT": "连续",
    "DAILY": "每日",
    "WEEKLY": "每周",
    "MONTHLY_2": "每月两次",
    "MONTHLY": "每月",
    "BIMONTHLY": "每两月",
    "QUARTERLY": "每季度",
    "ANNUAL_2": "每半年",
    "ANNUAL": "每年",
    "BIENNIAL": "每两年",
    "IRREG": "不定期",
    "NEVER": "不更新",
    "OTHER": "其他",
    "AGRI": "农业、渔业、林业和食品",
    "ECON": "经济和金融",
    "EDUC": "教育、文化和体育",
    "ENER": "能源",
    "ENVI": "环境",
    "GOVE": "政府和公共部门",
    "HEAL": "卫生",
    "JUST": "司法、法律制度和公共安全",
    "REGI": "区域和城市",
    "SOCI": "人口和社会",
    "TECH": "科学技术",
    "TRAN": "交通运输",
    "ZHO": "中文",
    "AVAILABLE": "可获取",
}
"""What a code means, for readers who do not look it up."""

THEMES: tuple[tuple[str, str], ...] = (
    ("交通", "TRAN"),
    ("环境", "ENVI"),
    ("气象", "ENVI"),
    ("水利", "ENVI"),
    ("自然资源", "ENVI"),
    ("能源", "ENER"),
    ("卫生", "HEAL"),
    ("医疗", "HEAL"),
    ("健康", "HEAL"),
    ("教育", "EDUC"),
    ("文化", "EDUC"),
    ("体育", "EDUC"),
    ("旅游", "EDUC"),
    ("科技", "TECH"),
    ("信息化", "TECH"),
    ("市场", "ECON"),
    ("农", "AGRI"),
    ("林业", "AGRI"),
    ("食品", "AGRI"),
    ("司法", "JUST"),
    ("公安", "JUST"),
    ("应急", "JUST"),
    ("安全", "JUST"),
    ("财政", "ECON"),
    ("金融", "ECON"),
    ("审计", "ECON"),
    ("经济", "ECON"),
    ("商贸", "ECON"),
    ("工业", "ECON"),
    ("税", "ECON"),
    ("城乡建设", "REGI"),
    ("城市", "REGI"),
    ("地理", "REGI"),
    ("人口", "SOCI"),
    ("民政", "SOCI"),
    ("社会", "SOCI"),
    ("劳动", "SOCI"),
    ("人事", "SOCI"),
    ("政务", "GOVE"),
    ("机构", "GOVE"),
    ("信用", "GOVE"),
)
"""A word within the theme -> code in the list `data-theme`; the first that is found counts."""


def theme_code(theme: str) -> str:
    """The code of a theme in the list `data-theme`, "" for one that no word of the table is in."""
    return next((code for word, code in THEMES if word in theme), "")
