"""Attachments with words planted in every hidden place, and a search that looks into everything compressed."""

from __future__ import annotations

import re
import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

import docx
import openpyxl
import pptx
from docx.oxml import parse_xml
from PIL import Image, ImageCms, PngImagePlugin
from pptx.util import Inches

CANARY = "KanaryWord"
SHOWN = "ShownWord"
XMP = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'><dc:creator>{CANARY}</dc:creator></x:xmpmeta>".encode()
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"


def hidden_words(data: bytes) -> int:
    """How often the canary occurs: in the bytes, in zip members and deflated streams in them, in four spellings."""
    word = CANARY.encode()
    spellings = (word, CANARY.encode("utf-16-le"), CANARY.encode("utf-16-be"), word.hex().encode())
    return sum(piece.lower().count(s.lower()) for piece in _pieces(data) for s in spellings)


def _pieces(data: bytes, depth: int = 0) -> list[bytes]:
    found = [data]
    if depth > 4:
        return found
    if data.startswith(b"PK"):
        try:
            with ZipFile(BytesIO(data)) as archive:
                found += [i.filename.encode() + archive.comment + i.comment + i.extra for i in archive.infolist()]
                for name in archive.namelist():
                    found += _pieces(archive.read(name), depth + 1)
        except BadZipFile:
            pass
    for match in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", data):
        try:
            inner = zlib.decompressobj().decompress(data[match.start() :], 10_000_000)
        except zlib.error:
            continue
        if len(inner) > 20:
            found += _pieces(inner, depth + 1)
    return found


def photo(kind: str, turned: int = 6) -> bytes:
    """An image with EXIF, XMP, a comment and a colour profile."""
    image = Image.linear_gradient("L").resize((40, 24)).convert("RGB")
    exif = Image.Exif()
    exif[0x0112], exif[0x013B], exif[0x010E] = turned, CANARY, CANARY
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    target = BytesIO()
    if kind == "jpeg":
        image.save(target, "jpeg", exif=exif, xmp=XMP, comment=CANARY, icc_profile=profile, quality=80)
        data = target.getvalue()
        photoshop = b"Photoshop 3.0\0" + CANARY.encode()
        return (
            data[:-2] + b"\xff\xed" + (len(photoshop) + 2).to_bytes(2, "big") + photoshop + data[-2:] + CANARY.encode()
        )
    if kind == "png":
        notes = PngImagePlugin.PngInfo()
        notes.add_text("Author", CANARY)
        notes.add_text("Comment", CANARY, zip=True)
        notes.add_itxt("XML:com.adobe.xmp", XMP.decode())
        notes.add(b"prVt", CANARY.encode())
        image.save(target, "png", exif=exif, pnginfo=notes, icc_profile=profile, dpi=(96, 96))
        return target.getvalue() + CANARY.encode()
    if kind == "webp":
        image.save(target, "webp", exif=exif, xmp=XMP, icc_profile=profile, lossless=True)
        return target.getvalue()
    frames = [image.quantize(8), image.transpose(Image.Transpose.FLIP_LEFT_RIGHT).quantize(8)]
    frames[0].save(target, "gif", save_all=True, append_images=frames[1:], loop=0, duration=100, comment=CANARY)
    data = target.getvalue()
    extension = b"!\xff\x0bXMP DataXMP" + bytes([len(CANARY)]) + CANARY.encode() + b"\0"
    return data[:-1] + extension + b";" + CANARY.encode()


def rezip(data: bytes, changes: dict[str, bytes | None], comment: bytes = b"") -> bytes:
    """A zip with members put in, replaced, or left out (None)."""
    target = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(target, "w", ZIP_DEFLATED) as new:
        members = {name: old.read(name) for name in old.namelist()} | changes
        for name, member in members.items():
            if member is not None:
                new.writestr(name, member)
        new.comment = comment
    return target.getvalue()


def member(data: bytes, name: str) -> bytes:
    """One member of a zip."""
    with ZipFile(BytesIO(data)) as archive:
        return archive.read(name)


def names(data: bytes) -> list[str]:
    """The members of a zip, in order."""
    with ZipFile(BytesIO(data)) as archive:
        return archive.namelist()


def related(data: bytes, source: str, kind: str, target: str, mode: str = "") -> bytes:
    """The relationships `source` with one more, `rIdX`."""
    mode = f' TargetMode="{mode}"' if mode else ""
    line = f'<Relationship Id="rIdX" Type="{kind}" Target="{target}"{mode}/></Relationships>'
    return member(data, source).replace(b"</Relationships>", line.encode())


def _properties(core: object) -> None:
    for name in ("author", "title", "subject", "keywords", "category", "last_modified_by"):
        setattr(core, name, CANARY)


def word() -> bytes:
    """A docx with properties, comment, tracked changes, custom XML, document variables and a template's path."""
    document = docx.Document()
    _properties(document.core_properties)
    paragraph = document.add_paragraph(SHOWN)
    document.add_comment(paragraph.runs, text=CANARY, author=CANARY, initials="K")
    run = f'<w:r xmlns:w="{_W}"><w:t>{{}}</w:t></w:r>'
    mark = f'xmlns:w="{_W}" w:id="90" w:author="{CANARY}" w:date="2026-01-01T00:00:00Z"'
    for tag, inner in (
        ("ins", run.format("Inserted")),
        ("del", run.format(CANARY).replace("w:t>", "w:delText>")),
        ("moveFrom", run.format(CANARY)),
        ("moveTo", run.format("Moved")),
    ):
        paragraph._p.append(parse_xml(f"<w:{tag} {mark}>{inner}</w:{tag}>"))
    gone = document.add_paragraph("First")
    gone._p.get_or_add_pPr().append(parse_xml(f'<w:rPr xmlns:w="{_W}"><w:del {mark[mark.index("w:id") :]}/></w:rPr>'))
    document.add_paragraph("Second")
    table = document.add_table(2, 1)
    table.cell(0, 0).text, table.cell(1, 0).text = "Kept", CANARY
    table.rows[1]._tr.get_or_add_trPr().append(parse_xml(f"<w:del {mark}/>"))
    document.add_picture(BytesIO(photo("jpeg")))
    document.add_picture(BytesIO(photo("png")))
    for shape in document.inline_shapes:
        shape._inline.docPr.set("descr", f"C:\\Users\\{CANARY}\\x.png")
    target = BytesIO()
    document.save(target)
    data = target.getvalue()
    settings = member(data, "word/settings.xml")
    extra = (
        f'<w:docVars><w:docVar w:name="x" w:val="{CANARY}"/></w:docVars><w:attachedTemplate r:id="rIdX"/></w:settings>'
    )
    template = (
        f'<Relationships xmlns="{_RELS}"><Relationship Id="rIdX" Type="{_R}/attachedTemplate" TargetMode="External"'
    )
    return rezip(
        data,
        {
            "word/settings.xml": settings.replace(b"</w:settings>", f"<!--{CANARY}-->{extra}".encode()).replace(
                b"<w:settings ",
                f'<w:settings xmlns:r="{_R}" '.encode() if b"xmlns:r=" not in settings else b"<w:settings ",
            ),
            "word/_rels/settings.xml.rels": f'{template} Target="file:///C:/{CANARY}.dotx"/></Relationships>'.encode(),
            "customXml/item9.xml": f"<x>{CANARY}</x>".encode(),
            "word/_rels/document.xml.rels": related(
                data, "word/_rels/document.xml.rels", f"{_R}/customXml", "../customXml/item9.xml"
            ),
            "docProps/thumbnail.jpeg": photo("jpeg"),
        },
        comment=CANARY.encode(),
    )


def sheets() -> bytes:
    """An xlsx with properties, a comment, a hidden name, the folder it lay in, a printer, a forgotten string."""
    book = openpyxl.Workbook()
    for name in ("creator", "title", "subject", "keywords", "description", "lastModifiedBy"):
        setattr(book.properties, name, CANARY)
    sheet = book.active
    sheet["A1"], sheet["B1"], sheet["A2"], sheet["B2"] = SHOWN, "甲", 1.5, "=A2*2"
    sheet["A1"].comment = openpyxl.comments.Comment(CANARY, CANARY)
    hidden = openpyxl.workbook.defined_name.DefinedName("secret", attr_text=f'"{CANARY}"', hidden=True)
    book.defined_names["secret"] = hidden
    target = BytesIO()
    book.save(target)
    data = target.getvalue()
    path = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice'
        ' Requires="x15" xmlns:x15="http://schemas.microsoft.com/office/spreadsheetml/2010/11/main"><x15ac:absPath'
        f' url="C:\\{CANARY}" xmlns:x15ac="http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac"/></mc:Choice>'
        "</mc:AlternateContent><sheets>"
    )
    first, rels = "xl/worksheets/sheet1.xml", "xl/worksheets/_rels/sheet1.xml.rels"
    setup = f'<pageSetup xmlns:r="{_R}" orientation="landscape" r:id="rIdX"/><legacyDrawing'
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    strings = f'<sst xmlns="{main}"><si><t>{SHOWN}</t></si><si><t>{CANARY}</t></si></sst>'
    inline = f't="inlineStr"><is><t>{SHOWN}</t></is>'.encode()
    sheet_xml = member(data, first).replace(inline, b't="s"><v>0</v>').replace(b"<legacyDrawing", setup.encode())
    part = b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    part += b'spreadsheetml.sharedStrings+xml"/></Types>'
    return rezip(
        data,
        {
            "xl/workbook.xml": member(data, "xl/workbook.xml").replace(b"<sheets>", path.encode()),
            "xl/sharedStrings.xml": strings.encode(),
            "xl/_rels/workbook.xml.rels": related(
                data, "xl/_rels/workbook.xml.rels", f"{_R}/sharedStrings", "sharedStrings.xml"
            ),
            "[Content_Types].xml": member(data, "[Content_Types].xml").replace(b"</Types>", part),
            first: sheet_xml,
            rels: related(data, rels, f"{_R}/printerSettings", "../printerSettings/printerSettings1.bin"),
            "xl/printerSettings/printerSettings1.bin": CANARY.encode("utf-16-le"),
        },
    )


def slides() -> bytes:
    """A pptx with properties, speaker's notes, a thumbnail and a picture."""
    show = pptx.Presentation()
    _properties(show.core_properties)
    slide = show.slides.add_slide(show.slide_layouts[5])
    slide.shapes.title.text = SHOWN
    slide.notes_slide.notes_text_frame.text = CANARY
    slide.shapes.add_picture(BytesIO(photo("jpeg")), Inches(1), Inches(1))
    target = BytesIO()
    show.save(target)
    return rezip(target.getvalue(), {"docProps/thumbnail.jpeg": photo("jpeg")})


_ODF = "urn:oasis:names:tc:opendocument:xmlns:"


def open_text(body: str = "", styles: str = "") -> bytes:
    """An odt with properties, annotation, tracked deletion, printer's name, thumbnail and picture."""
    spaces = " ".join(
        f'xmlns:{p}="{_ODF}{n}:1.0"'
        for p, n in {"office": "office", "text": "text", "style": "style", "draw": "drawing", "table": "table"}.items()
    )
    spaces += ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    content = (
        f'<office:document-content {spaces} office:version="1.2"><office:automatic-styles>{styles}'
        "</office:automatic-styles><office:body><office:text><text:tracked-changes><text:changed-region"
        f' text:id="c1"><text:deletion><dc:creator>{CANARY}</dc:creator><text:p>{CANARY}</text:p></text:deletion>'
        f'</text:changed-region></text:tracked-changes><text:p>{SHOWN}<text:change text:change-id="c1"/>'
        f"<office:annotation><dc:creator>{CANARY}</dc:creator><text:p>{CANARY}</text:p></office:annotation> Tail"
        f"<text:author-name>Author</text:author-name></text:p><text:p><draw:frame>"
        '<draw:image xlink:href="Pictures/1.png"/>'
        f"</draw:frame></text:p>{body}</office:text></office:body></office:document-content>"
    )
    settings = (
        f'<office:document-settings xmlns:office="{_ODF}office:1.0" xmlns:config="{_ODF}config:1.0"><office:settings>'
        '<config:config-item-set config:name="ooo:configuration-settings"><config:config-item'
        f' config:name="PrinterName" config:type="string">{CANARY}</config:config-item></config:config-item-set>'
        "</office:settings></office:document-settings>"
    )
    kind = "application/vnd.oasis.opendocument.text"
    members = {
        "mimetype": kind.encode(),
        "content.xml": content.encode(),
        "settings.xml": settings.encode(),
        "meta.xml": f'<office:document-meta xmlns:office="{_ODF}office:1.0"><office:meta><dc:creator xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"{CANARY}</dc:creator></office:meta></office:document-meta>".encode(),
        "Thumbnails/thumbnail.png": photo("png"),
        "Pictures/1.png": photo("png"),
        "Versions/Version1": CANARY.encode(),
    }
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{n}" manifest:media-type="{t}"/>'
        for n, t in {"/": kind, **dict.fromkeys(members, "text/xml")}.items()
    )
    members["META-INF/manifest.xml"] = (
        f'<manifest:manifest xmlns:manifest="{_ODF}manifest:1.0">{entries}</manifest:manifest>'.encode()
    )
    return zipped(members)


def zipped(members: dict[str, bytes]) -> bytes:
    """A zip of `members`, in order."""
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return target.getvalue()


def stream(data: bytes, entries: bytes = b"", deflate: bool = True) -> bytes:
    """A PDF stream object."""
    if deflate:
        data, entries = zlib.compress(data), entries + b"/Filter/FlateDecode"
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(data), data)


def pdf(objects: dict[int, bytes], trailer: bytes = b"", before: bytes = b"") -> bytes:
    """A PDF of numbered objects, 1 the catalogue; an incremental update where `before` is a PDF."""
    pieces, offsets, at = [before or b"%PDF-1.7\n"], {}, len(before) or 9
    for number, body in objects.items():
        pieces.append(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        offsets[number] = at
        at += len(pieces[-1])
    lines = b"".join(b"%d 1\n%010d 00000 n \n" % (n, o) for n, o in sorted(offsets.items()))
    if before:
        trailer += b"/Prev %d" % int(before.rsplit(b"startxref", 1)[1].split()[0])
    else:
        lines = b"0 1\n0000000000 65535 f \n" + lines
    end = b"trailer <</Size 100/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (trailer, at)
    return b"".join([*pieces, b"xref\n", lines, end])


def page(text: str = SHOWN) -> bytes:
    """A page's content stream."""
    return stream(f"BT /F1 24 Tf 20 150 Td ({text}) Tj ET q 80 0 0 48 20 20 cm /I Do Q".encode())


def least_pdf(catalogue: bytes = b"", leaf: bytes = b"", others: dict[int, bytes] | None = None) -> bytes:
    """A PDF of one page, with entries added to its catalogue and its page."""
    return pdf(
        {
            1: b"<</Type/Catalog/Pages 2 0 R%s>>" % catalogue,
            2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>%s>>"
            % leaf,
            4: page().replace(b"/I Do", b""),
            5: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
            **(others or {}),
        }
    )


def portable() -> bytes:
    """A PDF with words in every place that a page does not show, and an earlier revision of its text."""
    word, xmp = CANARY.encode(), stream(XMP, b"/Type/Metadata/Subtype/XML")
    javascript = b"<</S/JavaScript/JS(app.alert\\('%s'\\))>>" % word
    note = b"<</Type/Annot/Rect[9 9 20 20]/T(%s)/Contents(%s)/Subj(%s)" % (word, word, word)
    picture = photo("jpeg")
    first = {
        1: b"<</Type/Catalog/Pages 2 0 R/Metadata 6 0 R/OpenAction %s/AA<</WC %s>>/PieceInfo<</X<</Private(%s)>>>>"
        b"/Names<</JavaScript<</Names[(a) %s]>>/EmbeddedFiles<</Names[(%s) 7 0 R]>>>>/X_Own(%s)"
        b"/Outlines 17 0 R/StructTreeRoot<</K[<</S/Span/Obj 10 0 R>>]>>>>"
        % (javascript, javascript, word, javascript, word, word),
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Metadata 6 0 R/Thumb 9 0 R"
        b"/LastModified(D:2026)/Resources<</Font<</F1 5 0 R>>/XObject<</I 9 0 R>>>>"
        b"/Annots[10 0 R 11 0 R 12 0 R 13 0 R 14 0 R 15 0 R]"
        b"/PieceInfo<</X<</Private(%s)>>>>>>" % word,
        4: page(CANARY),
        5: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        6: xmp,
        7: b"<</Type/Filespec/F(%s)/EF<</F 8 0 R>>>>" % word,
        8: stream(word, b"/Type/EmbeddedFile"),
        9: stream(
            picture,
            b"/Type/XObject/Subtype/Image/Width 40/Height 24/ColorSpace/DeviceRGB/BitsPerComponent 8/Metadata 6 0 R"
            b"/Filter/DCTDecode",
            deflate=False,
        ),
        10: note + b"/Subtype/Text/Popup 11 0 R>>",
        11: note + b"/Subtype/Popup/Parent 10 0 R>>",
        12: note + b"/Subtype/FreeText/DA(/F1 9 Tf)/AP<</N 16 0 R/R 8 0 R>>>>",
        13: note + b"/Subtype/Link/A<</S/URI/URI(https://www.example.gov.cn/)/Next %s>>>>" % javascript,
        14: note + b"/Subtype/Link/A<</S/Launch/F(C:\\\\%s)>>>>" % word,
        15: note + b"/Subtype/Square/F 2>>",
        16: stream(b"0 0 5 5 re f", b"/Type/XObject/Subtype/Form/BBox[0 0 11 11]"),
        17: b"<</First 18 0 R/Last 18 0 R/Count 1>>",
        18: b"<</Title(Chapter)/Parent 17 0 R/A %s>>" % javascript,
        19: b"<</Author(%s)/Title(%s)/Subject(%s)/Keywords(%s)>>" % (word, word, word, word),
        20: b"(%s)" % word,
    }
    return pdf({4: page()}, b"/Info 19 0 R", before=pdf(first, b"/Info 19 0 R"))


def sealed_pdf() -> bytes:
    """A PDF whose form has a signature field that was signed; the signature's value is not a real one."""
    form = b"/AcroForm<</SigFlags 3/Fields[6 0 R]>>"
    field = b"<</Type/Annot/Subtype/Widget/Rect[0 0 0 0]/FT/Sig/T(seal)/V 7 0 R>>"
    value = b"<</Type/Sig/Filter/Adobe.PPKLite/ByteRange[0 10 20 30]/Contents<00>/Name(%s)>>" % CANARY.encode()
    return least_pdf(form, b"/Annots[6 0 R]", {6: field, 7: value})


def sealed_ofd() -> bytes:
    """An OFD package, as far as anyone here looks."""
    return zipped({"OFD.xml": f"<OFD><Author>{CANARY}</Author></OFD>".encode(), "Doc_0/Document.xml": b"<x/>"})


PLANTED = {
    "a.jpg": lambda: photo("jpeg"),
    "a.png": lambda: photo("png"),
    "a.webp": lambda: photo("webp"),
    "a.gif": lambda: photo("gif"),
    "a.docx": word,
    "a.xlsx": sheets,
    "a.pptx": slides,
    "a.odt": open_text,
    "a.pdf": portable,
    "a.zip": lambda: rezip(
        zipped({"表/a.docx": word(), "a.pdf": portable(), "__MACOSX/._a.pdf": CANARY.encode(), "b.jpg": photo("jpeg")}),
        {},
        CANARY.encode(),
    ),
}
"""Name -> a file of that kind with words planted where no reader sees them."""
