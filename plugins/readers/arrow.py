"""Tables as Arrow: strict text in batches, and typed columns. Imports pyarrow, inside functions only; reads files.

Strict means that frictionless, which is the judge, would see exactly the same cells: what several parsers of CSV read
in several ways is refused, never guessed. The grammar of `typed` is a subset of the judge's own.
"""

from __future__ import annotations

import codecs
import csv
import io
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from plugins.readers.columnar import typed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow as pa

    from plugins.models.package import Layout

__all__ = ["NotPlainError", "batches", "strict", "typed"]

BLOCK = 1 << 20
"""Bytes that are parsed at once, and a row must fit. Arrow reads 34 of them ahead at most, whatever the size."""
ROWS = 65_536
"""Rows of a batch where Python parses."""


class NotPlainError(ValueError):
    """The file is not one that every parser reads alike; the message says why (for logs, in English)."""


def batches(file: Path | BinaryIO, layout: Layout, names: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """The rows of a judged table in file order, every cell a string as it stands, columns called `names`.

    The header is left out; memory does not grow with the file. A file that is not `layout.plain` is parsed as the
    judge does it, by the standard library, ten times as slowly. Raises NotPlainError for a row of another length than
    `names`, which no judged table has, and OSError.
    """
    yield from strict(file, layout, names) if layout.plain else _lenient(file, layout, names)


def strict(file: Path | BinaryIO, layout: Layout, names: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """The same for any file at all. Raises NotPlainError, perhaps after some batches, for all that is not plain.

    Plain: UTF-8 or the declared encoding, one byte order mark at most, no NUL, no lone CR, no blank line, no row of
    empty cells only, rows of equal length, quotes that are closed, a header equal to `names`, some row.
    """
    import pyarrow as pa

    with ExitStack() as stack:
        stream = _Text(file if not isinstance(file, Path) else stack.enter_context(file.open("rb")), layout)
        last, expected = None, list(names) if layout.header else None
        try:
            for batch in _parsed(stream, layout, names):
                rows = batch
                if expected is not None and batch.num_rows:
                    if [column[0].as_py() for column in batch.columns] != expected:
                        raise NotPlainError("the header differs from the names of the fields")
                    expected, rows = None, batch.slice(1)
                _no_empty_row(rows)
                if rows.num_rows:
                    last = rows
                    yield rows
        except pa.ArrowInvalid as error:
            raise NotPlainError(str(error)[:200]) from error
    if last is None:
        raise NotPlainError("no rows")
    if stream.quotes % 2 or ("\n" in last.columns[-1][-1].as_py() and not stream.ends_with_quote()):
        raise NotPlainError("a quote is not closed")


def _parsed(stream: _Text, layout: Layout, names: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """Batches of strings, the header as their first row; columns may share a name, for they are numbered meanwhile."""
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    numbers = [str(n) for n in range(len(names))]
    reader = arrow_csv.open_csv(
        stream,
        read_options=arrow_csv.ReadOptions(use_threads=False, block_size=BLOCK, column_names=numbers),
        parse_options=arrow_csv.ParseOptions(
            delimiter=layout.delimiter, quote_char=layout.quote, newlines_in_values=True, ignore_empty_lines=False
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(numbers, pa.string()), strings_can_be_null=False
        ),
    )
    for batch in reader:
        yield pa.RecordBatch.from_arrays(batch.columns, names=list(names))


def _no_empty_row(rows: pa.RecordBatch) -> None:
    """A blank line is an error, or the end, or nothing, as parsers go; to Arrow it is a row of empty cells."""
    import pyarrow.compute as pc

    empty = None
    for column in rows.columns:
        here = pc.equal(pc.binary_length(column), 0)
        empty = here if empty is None else pc.and_(empty, here)
        if not pc.any(empty, min_count=0).as_py():
            return
    raise NotPlainError("a row is empty")


class _Text(io.RawIOBase):
    """The bytes of a file as UTF-8 without its mark, in pieces; raises NotPlainError at what is not plain."""

    def __init__(self, file: BinaryIO, layout: Layout) -> None:
        self.quotes = 0
        self._file, self._layout = file, layout
        self._decoder = None if layout.encoding == "utf-8" else codecs.getincrementaldecoder(layout.encoding)()
        self._quote = layout.quote.encode()
        self._started = self._return = False
        self._end = b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes; none at the end only."""
        wanted = BLOCK if size < 0 else size
        while piece := self._file.read(max(16, wanted if self._decoder is None else wanted // 2)):
            self._check(piece)
            text = piece if self._decoder is None else self._decoded(piece)
            if not self._started and text:
                self._started, text = True, self._unmarked(text)
            if text:
                self._check_spaces(text)
                self.quotes += text.count(self._quote)
                self._end = text[-8:]
                return text
        if self._return:
            raise NotPlainError("a lone CR")
        self._decoded(b"", final=True)
        return b""

    def ends_with_quote(self) -> bool:
        """Whether the last line that was read does."""
        return self._end.rstrip(b"\r\n").endswith(self._quote)

    def _check(self, piece: bytes) -> None:
        """In every encoding that may be declared, CR, LF and NUL are no part of a longer character."""
        if b"\0" in piece:
            raise NotPlainError("NUL")
        if self._return and not piece.startswith(b"\n"):
            raise NotPlainError("a lone CR")
        self._return = piece.endswith(b"\r")
        if b"\r" in piece and piece.count(b"\r") - self._return != piece.count(b"\r\n"):
            raise NotPlainError("a lone CR")

    def _check_spaces(self, text: bytes) -> None:
        """To skip spaces after delimiters changes nothing where there are none."""
        if self._layout.skip_space:
            joined = (self._end[-1:] or b"\n") + text
            if b"\n " in joined or self._layout.delimiter.encode() + b" " in joined:
                raise NotPlainError("spaces after delimiters")

    def _decoded(self, piece: bytes, final: bool = False) -> bytes:
        if self._decoder is None:
            return piece
        try:
            return self._decoder.decode(piece, final).encode()
        except UnicodeError as error:
            raise NotPlainError(f"not {self._layout.encoding}") from error

    def _unmarked(self, text: bytes) -> bytes:
        if self._layout.marked:
            text = text.removeprefix(codecs.BOM_UTF8)
        if text.startswith(codecs.BOM_UTF8):
            raise NotPlainError("a byte order mark of no use")
        return text


def _lenient(file: Path | BinaryIO, layout: Layout, names: Sequence[str]) -> Iterator[pa.RecordBatch]:
    with ExitStack() as stack:
        stream = file if not isinstance(file, Path) else stack.enter_context(file.open("rb"))
        text = io.TextIOWrapper(stream, "utf-8-sig" if layout.marked else layout.encoding, newline="")
        stack.callback(text.detach)
        csv.field_size_limit(max(csv.field_size_limit(), 1 << 30))
        reader = csv.reader(
            text, delimiter=layout.delimiter, quotechar=layout.quote, skipinitialspace=layout.skip_space
        )
        if layout.header:
            next(reader, None)
        rows: list[list[str]] = []
        for row in reader:
            if len(row) != len(names):
                raise NotPlainError(f"line {reader.line_num}: {len(row)} cells, not {len(names)}")
            rows.append(row)
            if len(rows) == ROWS:
                yield _batch(rows, names)
                rows = []
        if rows:
            yield _batch(rows, names)


def _batch(rows: Sequence[Sequence[str]], names: Sequence[str]) -> Any:
    import pyarrow as pa

    columns = [pa.array(cells, pa.string()) for cells in zip(*rows, strict=True)]
    return pa.RecordBatch.from_arrays(columns, names=list(names))
