"""The handbook on places and the map (pure)."""

from __future__ import annotations

TEXT = """## 赠阅点、办事地点和地图

`/places/` 列出 `site.yml` 的公报赠阅点（`gift_points`）、写有坐标的机构和有地址的乡镇街道。地点写有坐标的，网页上
另有一张地图；地图在生成网站时画成，不用任何外部地图服务，没有地图也能从列表中找到地点。

1. 坐标。赠阅点和 `organisations.yml` 的机构都可以写 `location: {lon: 119.2107, lat: 34.2865}`（经度、纬度，都是十进制
   度数）。坐标系在 `site.yml` 用 `datum` 写明：`CGCS2000`（默认）或 `WGS-84`。高德、百度等在线地图上取得的坐标是
   有意偏移过的，须先换算，否则图上的位置会差几百米。
2. 底图。可有可无。把县界和乡镇界存成 `content/map.geojson`：GeoJSON 的 FeatureCollection，每一项是 Polygon 或
   MultiPolygon，`properties` 写 `name`（名称）和 `level`（`county` 县、`town` 乡镇，不写就是乡镇）。文件不超过 1 MB、
   两万个点；界线太细的，先用制图软件简化。不能用的底图整个不用（S332），不会画出半张。
3. 来源和审图号。有底图的，`site.yml` 须写明来源、使用许可和审图号，三者都显示在地图旁边，审图号也画在图上，如
   `map: {source: 县自然资源和规划局, licence: 经许可使用, review_number: 苏S（2026）12号}`。公开的地图须经审核
   并标注审图号（《地图管理条例》）。没有的，检查时提示（S334）；依法不需要的，用 `review_exempt` 写明理由，
   理由同样显示。
"""
