"""The published forms of tables, made from the original's cells (pure but for scratch files of the loader).

Rules, the same for every form (docs/decisions/0019-forms-of-tables.md says why):

* **Text** is as written, character for character; so is every type that the table below does not name. A cell is
  missing where the schema says so (`missingValues`, of the field first); it is null, NULL or no cell, never a word.
  Only CSV keeps what was written in its place, so that the schema holds for it as it does for the original.
* **Typed**: integer (64 bits), number (double), boolean, date, datetime (no zone, microseconds), time, year (32 bits).
  Cells mean what the judge takes them for: `1_000`, full-width digits, `trueValues`, `bareNumber` and formats included.
* **Wider**: a column of whole numbers with one beyond 64 bits, and one of moments with a zone, is text in every typed
  form: decimal digits, ISO 8601. Never one cell alone: a column has one type.
* **JSON** keeps the decimal digits of a number as they are written (`0.10` stays `0.10`), or those of the judge's
  decimal where they are no JSON number (`.5` is `0.5`). No JSON number are NaN, INF and -INF: text. A column of whole
  numbers with one of more than 15 digits is text in JSON and XLSX, because a double does not hold it (RFC 7493, 2.2).
  Days and moments are text in ISO 8601. NDJSON is one object a line; a page of JSON is an array of 1,000 of them.
* **CSV** is UTF-8, comma, LF, a header of the fields' names, quotes only where RFC 4180 needs them. The one for Excel
  is the same behind a byte order mark. Neither changes a cell that begins with `=`, `+`, `-` or `@`: a file is data,
  and who opens a foreign CSV by double click is warned by Excel.
* **XLSX** holds text as inline strings and no formula, whatever a cell begins with. Days before 1900-03-01 are text. A
  table of more than 1,048,575 rows, 16,384 columns or a cell of more than 32,767 characters has none.
* **Parquet** is sorted by the primary key, in groups of 10,000 rows, snappy, with statistics and page index; without a
  key it is in the order of the file. A large table is a Hive-partitioned set, its parts in that order.
* **SQLite** holds all tables of a package in the order of their files: primary keys, and foreign keys that lead to one.
"""
