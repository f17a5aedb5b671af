"""OpenAPI 3.1 of the static files: what a program may ask this site for, without a key (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from plugins.views.catalogues.entries import Entry
from plugins.views.frame import SiteFrame

_OF_ONE = {"name": "name", "in": "path", "required": True, "description": "数据集的名称"}


class _File(NamedTuple):
    path: str
    id: str
    summary: str
    media_type: str = "application/json"


_SITE = (
    _File("/index.json", "home", "首页"),
    _File("/datasets/index.json", "listDatasets", "数据集列表"),
    _File("/datasets/datapackage.json", "dataPackageCatalogue", "Data Package 目录"),
    _File("/datasets/catalogue/resource-catalogue.json", "resourceCatalogue", "政务信息资源目录"),
    _File("/datasets/catalogue/resource-catalogue.csv", "resourceCatalogueTable", "政务信息资源目录", "text/csv"),
    _File("/datasets/catalogue/open-catalogue.json", "openCatalogue", "开放目录"),
    _File("/datasets/catalogue/open-catalogue.csv", "openCatalogueTable", "开放目录", "text/csv"),
    _File("/catalog.ttl", "dcatTurtle", "DCAT-AP 3.0.1", "text/turtle"),
    _File("/catalog.jsonld", "dcatJson", "DCAT-AP 3.0.1 和 schema.org", "application/ld+json"),
    _File("/data.json", "dcatUs", "DCAT-US 3.0"),
    _File("/api/3/action/package_list", "ckanPackageList", "CKAN：数据集名称"),
    _File("/api/3/action/package_search", "ckanPackageSearch", "CKAN：全部数据集（不理会查询参数）"),
    _File("/api/3/action/current_package_list_with_resources", "ckanPackages", "CKAN：全部数据集及文件"),
    _File("/feed.atom", "feed", "最新发布", "application/atom+xml"),
    _File("/log.jsonl", "log", "公开台账", "application/jsonl"),
    _File("/sitemap.xml", "sitemap", "网站地图", "application/xml"),
)
_OF_FILES = (
    _File("/datasets/{name}/datapackage.json", "datasetPackage", "Data Package 描述文件"),
    _File("/datasets/{name}/SHA256SUMS", "datasetSums", "全部文件的校验值", "text/plain"),
)
"""What a data set has that has files."""
_OF_DATASET = (
    _File("/datasets/{name}/index.json", "dataset", "描述、版本和各种格式的文件"),
    _File("/datasets/{name}/dataset.jsonld", "datasetSchemaOrg", "schema.org", "application/ld+json"),
    _File("/datasets/{name}/croissant.json", "datasetCroissant", "Croissant 1.0", "application/ld+json"),
    _File("/api/3/action/package_show/{name}", "ckanPackageShow", "CKAN：一个数据集"),
)


def openapi(frame: SiteFrame, entries: Sequence[Entry]) -> dict[str, Any]:
    """The description; what is asked of one data set has the names of those that there are."""
    known = [entry for entry in entries if not entry.withheld]
    identity = frame.identity
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{identity.name}开放数据接口",
            "version": "1",
            "description": "全部是静态文件，用 GET 请求，无需登录和密钥；查询参数不起作用。",
        },
        "servers": [{"url": identity.address}],
        "paths": dict(_paths(known)),
    }


def _paths(known: Sequence[Entry]) -> Iterator[tuple[str, dict[str, Any]]]:
    every = [entry.package.name for entry in known]
    filed = [entry.package.name for entry in known if entry.files]
    for file in _SITE:
        if filed or file.path != "/datasets/datapackage.json":
            yield file.path, {"get": _operation(file)}
    for names, files in ((every, _OF_DATASET), (filed, _OF_FILES)):
        for file in files if names else ():
            parameter = {**_OF_ONE, "schema": {"type": "string", "enum": names}}
            yield file.path, {"parameters": [parameter], "get": _operation(file)}


def _operation(file: _File) -> dict[str, Any]:
    schema = {"type": "object"} if file.media_type.endswith("json") else {"type": "string"}
    content = {file.media_type: {"schema": schema}}
    return {
        "operationId": file.id,
        "summary": file.summary,
        "responses": {"200": {"description": file.summary, "content": content}},
    }
