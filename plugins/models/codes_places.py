"""Fault codes of places and maps (pure)."""

from __future__ import annotations

from plugins.models.codes_documents import Row

ROWS: dict[str, Row] = {
    "S331": (
        "error",
        "坐标“{value}”不能用",
        "请写十进制度数，如 {{lon: 119.2107, lat: 34.2865}}，不要写反；在线地图上取得的坐标有偏移，须先换算成 CGCS2000",
    ),
    "S332": ("error", "地图底图不能用：{reason}", "请改正 map.geojson，或删去它：没有底图，地点照样列出"),
    "S333": (
        "warning",
        "“{name}”的坐标不在底图范围之内，地图上不画",
        "请核对坐标，是否写反，是否取自有偏移的在线地图",
    ),
    "S334": (
        "warning",
        "地图底图没有审图号",
        "《地图管理条例》第二十二条要求标注审图号：请补写 map 的 review_number；依法不需要的，在 review_exempt 写理由",
    ),
    "S335": (
        "error",
        "map.geojson 没有写明来源和许可",
        "请在 site.yml 写 map: {{source: 提供单位, licence: 使用许可, review_number: 审图号}}",
    ),
}
