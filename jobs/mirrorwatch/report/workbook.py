"""An XLSX file whose bytes depend on nothing but the tables in it."""

import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from mirrorwatch.report.sheets import harmless

_LONGEST_CELL = 32_767  # Excel's own limit of characters in a cell
_MOST_ROWS = 1_048_575  # Excel's own limit, less the header
_WIDE, _NARROW = 48, 9
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
# Texts stay texts whatever they look like; rows leave memory as soon as they are written.
_OPTIONS: dict[str, Any] = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "nan_inf_to_errors": True,
    "remove_timezone": True,
}


def write_workbook(sheets: dict[str, pl.DataFrame], path: Path, run_date: date) -> None:
    """Write one sheet a frame; money has two decimals, dates are dates, times are UTC."""
    stamp = datetime(run_date.year, run_date.month, run_date.day, tzinfo=UTC).replace(tzinfo=None)
    partial = path.with_name(path.name + ".partial")
    book = xlsxwriter.Workbook(str(partial), _OPTIONS)
    book.set_properties({"title": f"mirrorwatch alerts, {run_date}", "created": stamp, "author": "", "company": ""})
    formats = {name: book.add_format(style) for name, style in _STYLES.items()}
    for name, frame in sheets.items():
        _write_sheet(book.add_worksheet(name), frame.head(_MOST_ROWS), formats)
    book.close()
    path.write_bytes(_same_bytes(partial))
    partial.unlink()


_STYLES: dict[str, dict[str, Any]] = {
    "header": {"bold": True, "bottom": 1, "valign": "top"},
    "money": {"num_format": "#,##0.00"},
    "date": {"num_format": "yyyy-mm-dd"},
    "time": {"num_format": "yyyy-mm-dd hh:mm:ss"},
    "number": {"num_format": "#,##0.########"},
    "text": {},
}


def _write_sheet(sheet: Worksheet, frame: pl.DataFrame, formats: dict[str, Format]) -> None:
    sheet.freeze_panes(1, 0)
    if frame.width:
        sheet.autofilter(0, 0, frame.height, frame.width - 1)
    kinds = [_kind(dtype) for dtype in frame.dtypes]
    for column, (name, kind) in enumerate(zip(frame.columns, kinds, strict=True)):
        sheet.set_column(column, column, _width(name, frame[name]), formats[kind])
        sheet.write_string(0, column, name, formats["header"])
    for number, row in enumerate(harmless(frame).iter_rows(), start=1):
        for column, value in enumerate(row):
            if value is not None:
                _write_cell(sheet, number, column, value, formats[kinds[column]])


def _write_cell(sheet: Worksheet, row: int, column: int, value: object, style: Format) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value, style)
    elif isinstance(value, Decimal | int | float):
        sheet.write_number(row, column, value, style)
    elif isinstance(value, datetime):
        sheet.write_datetime(row, column, value.replace(tzinfo=None), style)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, style)
    else:
        sheet.write_string(row, column, _fit(str(value)), style)


def _fit(text: str) -> str:
    if len(text) <= _LONGEST_CELL:
        return text
    note = f" … (cut: {len(text):,} characters)"
    return text[: _LONGEST_CELL - len(note)] + note


def _kind(dtype: pl.DataType) -> str:
    if dtype.is_decimal():
        return "money"
    if dtype == pl.Date:
        return "date"
    if dtype == pl.Datetime:
        return "time"
    return "number" if dtype.is_numeric() else "text"


def _width(name: str, values: pl.Series) -> int:
    lengths = values.head(200).cast(pl.String, strict=False).str.len_chars().to_list()
    return min(_WIDE, max(_NARROW, len(name) + 3, *(1 + (length or 0) for length in lengths), 0))


def _same_bytes(path: Path) -> bytes:
    """Repack the file's parts with one fixed time and one fixed mode, whatever the machine's zone and umask."""
    target = io.BytesIO()
    with zipfile.ZipFile(path) as parts, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in parts.namelist():
            entry = zipfile.ZipInfo(name, _ZIP_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, parts.read(name))
    return target.getvalue()
