"""A document as a browser prints it: the norm's page, and the way back from paper to the site."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from benchmarks.search_browser import Browser, Page
from plugins.formats import qr
from tests.served import Served
from tests.small import Small

pytestmark = pytest.mark.slow
LINE = "为保障公众的知情权参与权和监督权制定本办法并向社会公布施行"
"""Nothing that a line may not begin or end with."""


def needed(program: str) -> None:
    """Skips visibly where a program is absent."""
    if not shutil.which(program):
        assert os.environ.get("CI") != "true", f"{program} is required here"
        pytest.skip(f"{program} is absent")


def reader() -> Any:
    """The outside reader of QR codes."""
    if os.environ.get("CI") == "true":
        import zxingcpp
    else:
        zxingcpp = pytest.importorskip("zxingcpp", reason="zxing-cpp is absent: QR codes are not read")
    return zxingcpp


def printed(browser: Browser, address: str, folder: Path) -> Path:
    """The page as PDF."""
    page = Page(browser, address)
    path = folder / "page.pdf"
    path.write_bytes(page.pdf())
    page.close()
    return path


def words(pdf: Path, *options: str) -> str:
    """The text of a PDF as poppler reads it."""
    needed("pdftotext")
    command = ["pdftotext", *options, str(pdf), "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def codes(pdf: Path, folder: Path, dpi: int) -> list[str]:
    """What the codes on its last page say."""
    import numpy

    needed("pdftoppm")
    zxingcpp = reader()
    subprocess.run(["pdftoppm", "-r", str(dpi), "-gray", str(pdf), str(folder / "shot")], check=True)
    data = max(folder.glob("shot*.pgm")).read_bytes()
    width, height = map(int, re.match(rb"P5\s+(\d+)\s+(\d+)\s+255\s", data).groups())  # type: ignore[union-attr]
    image = numpy.frombuffer(data[-width * height :], dtype=numpy.uint8).reshape(height, width)
    return [found.text for found in zxingcpp.read_barcodes(image)]


def test_the_printed_document_has_number_address_hash_and_code(
    browser: Browser, host: Served, site: Path, tmp_path: Path
) -> None:
    """An outside reader reads the code off the page as a cheap scanner sees it (150 dpi): it leads to /verify/."""
    pdf = printed(browser, f"{host.address}/policies/2026/a/", tmp_path)
    said = words(pdf)
    text = " ".join(said.split())
    digest = subprocess.run(["sha256sum", site / "policies/2026/a/index.txt"], capture_output=True, check=True).stdout
    groups = re.findall("....", digest[:64].decode())
    assert " ".join(groups) in text
    for part in ("试政发〔2026〕3号", "http://127.0.0.1:8000/policies/2026/a/", "（此件公开发布）"):
        assert part in text
    for part in ("检索", "网站地图", "首页", "纯文本", "核对本文", "目录"):
        assert part not in text
    assert codes(pdf, tmp_path, 150) == ["http://127.0.0.1:8000/verify/"]


@pytest.mark.usefixtures("chinese_font")
def test_the_page_is_that_of_the_norm(browser: Browser, small: Small, tmp_path: Path) -> None:
    """GB/T 9704-2012: A4, 22 lines of 28 characters, numbers between dashes on the outer side."""
    small.policy("b", (LINE * 60).strip(), title="长的办法")
    assert small.build() == 0
    with Served(small.output.resolve()) as host:
        pdf = printed(browser, f"{host.address}/policies/2026/b/", tmp_path)
    second = words(pdf, "-f", "2", "-l", "2", "-layout")
    *lines, foot = ["".join(line.split()) for line in second.splitlines() if line.strip()]
    assert [len(line) for line in lines] == [28] * 22
    assert foot == "—2—"
    pages = words(pdf, "-bbox").split("<page ")[1:]
    width, height = (float(n) / 72 * 25.4 for n in re.findall(r'(?:width|height)="([\d.]+)"', pages[0])[:2])
    assert (width, height) == pytest.approx((210, 297), abs=0.2)
    found = [
        [(float(x) / 72 * 25.4, word) for x, word in re.findall(r'xMin="([\d.]+)".*>(.+)</word>', p)] for p in pages
    ]
    assert [min(x for x, _ in one) for one in found] == pytest.approx([28] * len(pages), abs=1)
    assert [next(x for x, word in one if "—" in word) > 105 for one in found] == [n % 2 == 0 for n in range(len(pages))]


@pytest.mark.parametrize("text", ["https://a.cn/verify/", "https://www.example.gov.cn/gongbao/verify/", "x" * 300])
def test_an_outside_reader_reads_the_code_with_a_soiled_corner(text: str) -> None:
    """A stain on 3 % of the modules, none on the marks by which a code is found."""
    import numpy
    from lxml import etree

    zxingcpp = reader()
    svg = etree.fromstring(qr.render({"text": text}, None))  # type: ignore[arg-type]
    size = int(svg.get("viewBox").split()[2])
    grid = numpy.zeros((size, size), dtype=bool)
    x = y = 0.0
    for letter, rest in re.findall(r"([mMhH])([-\d. ]+)", svg[-1].get("d")):
        numbers = [float(n) for n in re.findall(r"-?\d*\.?\d+", rest)]
        if letter == "h":
            grid[int(y), int(x) : int(x + numbers[0])] = True
            x += numbers[0]
        else:
            x, y = (numbers[0], numbers[1]) if letter == "M" else (x + numbers[0], y + numbers[1])
    side = max(2, int(size * 0.17))
    grid[-4 - side : -4, -4 - side : -4] ^= True
    image = numpy.where(numpy.kron(grid, numpy.ones((6, 6), dtype=bool)), 0, 255).astype(numpy.uint8)
    (found,) = zxingcpp.read_barcodes(image)
    assert found.text == text
    assert "M" in found.ec_level


def test_equal_addresses_give_equal_codes_and_no_code_is_of_this_moment() -> None:
    one, other = (qr.render({"text": "https://a.cn/verify/"}, None) for _ in range(2))  # type: ignore[arg-type]
    assert one == other
    assert b"<script" not in one
    assert not re.search(rb"20\d\d-", one)


def test_every_text_of_a_site_is_printed_with_one_code(site: Path) -> None:
    """One file for the whole site: a code for each page would cost its making at every build."""
    assert [str(p.relative_to(site)) for p in site.rglob("qr*")] == ["verify/qr.svg"]
    for path in ("policies/2026/a", "policies/2026/b/2026-03-03"):
        page = (site / path / "index.html").read_text()
        assert page.count('src="/verify/qr.svg"') == 1
