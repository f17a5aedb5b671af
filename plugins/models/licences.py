"""What common licences allow, in words: a closed table by SPDX or Open Definition id (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Licence(NamedTuple):
    """`title` as people call it; `sentence`: what one may and must do; `code` in the EU's list, "" for none there."""

    title: str
    sentence: str
    code: str = ""


_BY = "可以复制、修改、商用和再发布，只需注明来源（署名）并说明是否改动。"
_SA = "可以复制、修改、商用和再发布；须注明来源，改编后的成果须用相同的许可发布。"
_NONE = "放弃了全部权利：可以不受限制地复制、修改、商用和再发布，无需征得同意，也无需署名。"
LICENCES: Mapping[str, Licence] = {
    "cc0-1.0": Licence("CC0 1.0 公有领域贡献", _NONE, "CC0"),
    "pddl-1.0": Licence("开放数据共用公有领域贡献与许可（PDDL 1.0）", _NONE, "ODC_PDDL"),
    "cc-by-4.0": Licence("知识共享 署名 4.0 国际", _BY, "CC_BY_4_0"),
    "cc-by-3.0": Licence("知识共享 署名 3.0", _BY),
    "odc-by-1.0": Licence("开放数据共用署名许可（ODC-By 1.0）", _BY, "ODC_BY"),
    "cc-by-sa-4.0": Licence("知识共享 署名-相同方式共享 4.0 国际", _SA, "CC_BYSA_4_0"),
    "odbl-1.0": Licence("开放数据库许可（ODbL 1.0）", _SA, "ODC_BL"),
    "cc-by-nd-4.0": Licence(
        "知识共享 署名-禁止演绎 4.0 国际", "可以原样复制和再发布，也可商用；须注明来源，不得发布改动后的版本。"
    ),
    "cc-by-nc-4.0": Licence(
        "知识共享 署名-非商业性使用 4.0 国际", "可以复制、修改和再发布；须注明来源，不得用于商业目的。", "CC_BYNC_4_0"
    ),
    "cc-by-nc-sa-4.0": Licence(
        "知识共享 署名-非商业性使用-相同方式共享 4.0 国际",
        "可以复制、修改和再发布；须注明来源，不得用于商业目的，改编后的成果须用相同的许可发布。",
    ),
    "cc-by-nc-nd-4.0": Licence(
        "知识共享 署名-非商业性使用-禁止演绎 4.0 国际", "可以原样复制和再发布；须注明来源，不得商用，不得改动。"
    ),
    "mit": Licence("MIT 许可", "可以复制、修改、商用和再发布，须保留版权声明和许可全文。"),
}
"""By id in lower case."""
_OTHERS = {"odc-pddl-1.0": "pddl-1.0", "cc-zero": "cc0-1.0", "cc0": "cc0-1.0", "odc-odbl": "odbl-1.0"}


def licence(name: str) -> Licence | None:
    """The licence of that id, None for one that is not known here."""
    folded = name.strip().casefold()
    return LICENCES.get(_OTHERS.get(folded, folded))
