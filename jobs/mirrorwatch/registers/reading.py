"""Statements of a file: a JSON array or JSON lines, packed by gzip or not, or Parquet with a column `json`."""

import gzip
import json
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any, BinaryIO, NoReturn, cast

import polars as pl

from mirrorwatch.errors import InputError
from mirrorwatch.store.delivered import Delivered

# An array must be held whole. JSON lines need no more than one line, and that is how large registers are published.
_LARGEST_ARRAY = 512 * 1024 * 1024
_LONGEST_LINE = 16 * 1024 * 1024  # the longest statement known has some hundred kilobytes
_REMEDY = "Give Open Ownership's BODS as a JSON array, as JSON lines, or as Parquet with a column `json`."


@dataclass(frozen=True)
class Raw:
    """One thing that a file holds, and where: `position` counts from 1."""

    file: str
    position: int
    value: Any


def statements(file: Delivered) -> Iterator[Raw]:
    """Read a file from its start. Raises InputError where it is not what its first bytes say."""
    with closing(file.open()) as stream:
        kind = stream.read(4)
        stream.seek(0)
        if kind == b"PAR1":
            yield from _of_parquet(file, stream)
            return
        packed = kind[:2] == b"\x1f\x8b"
        text = cast("BinaryIO", gzip.GzipFile(fileobj=stream)) if packed else stream
        try:
            yield from _of_json(file, text)
        except (EOFError, zlib.error, OSError) as error:
            raise InputError("The file is broken or cut off.", where=file.address, remedy="Fetch it again.") from error


def _of_json(file: Delivered, text: BinaryIO) -> Iterator[Raw]:
    start = text.read(4_096).removeprefix(b"\xef\xbb\xbf").lstrip()
    text.seek(0)
    if start[:1] == b"[":
        content = text.read(_LARGEST_ARRAY + 1)
        if len(content) > _LARGEST_ARRAY:
            raise InputError("The array is larger than 512 MiB.", where=file.address,
                             remedy="Write it as JSON lines, one statement a line.")  # fmt: skip
        values = _parsed(content, file.address)
        yield from (Raw(file.name, number, value) for number, value in enumerate(values, 1))
        return
    number = 0
    while line := text.readline(_LONGEST_LINE + 1):
        number += 1
        if len(line) > _LONGEST_LINE:
            raise InputError("A line is longer than 16 MiB.", where=f"{file.address}, line {number}", remedy=_REMEDY)
        if line.strip():
            yield Raw(file.name, number, _parsed(line, f"{file.address}, line {number}"))


def _of_parquet(file: Delivered, stream: BinaryIO) -> Iterator[Raw]:
    try:
        frame = pl.read_parquet(stream)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise InputError("The Parquet file cannot be read.", where=file.address, remedy="Fetch it again.") from error
    if frame.schema.get("json") != pl.String:
        raise InputError("The Parquet file has no column `json` of texts.", where=file.address, remedy=_REMEDY)
    for number, text in enumerate(frame["json"], 1):
        where = f"{file.address}, row {number}"
        yield Raw(file.name, number, None if text is None else _parsed(text, where))


def _parsed(content: str | bytes, where: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    try:
        return json.loads(content, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        said = "it is nested too deep" if isinstance(error, RecursionError) else str(error)[:200]
        raise InputError(f"This is no JSON: {said}.", where=where, remedy=_REMEDY) from error


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")
