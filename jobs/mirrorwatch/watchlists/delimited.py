"""Hostile delimited text: rows with their line numbers, strictly quoted, in UTF-8 or, failing that, Windows-1252."""

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO

from mirrorwatch.errors import InputError

# The longest published cell is about 20,000 characters (remarks); a megabyte is a quote that was never closed.
_LONGEST_CELL = 1 << 20
_END_OF_FILE = "\x1a"  # what OFAC's delimited files end with


def rows(stream: BinaryIO, file: str, delimiter: str, notes: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield each row with the number of its first line, from 1. Adds to `notes` what a person should know.

    Raises InputError for text that is broken (quotes that do not close, NUL bytes), naming file and line.
    """
    csv.field_size_limit(_LONGEST_CELL)
    text = io.StringIO(decoded(stream.read(), file, notes), newline="")
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise InputError(
                f"The text is broken: {error}.", where=f"{file}, line {line}", remedy="Download the file again, whole."
            ) from error
        if cells and cells != [_END_OF_FILE]:
            yield line, cells


def decoded(content: bytes, file: str, notes: list[str]) -> str:
    """Return a file's text. Raises InputError when it is neither UTF-8 nor Windows-1252, or holds NUL bytes."""
    if (nul := content.find(b"\0")) >= 0:
        where = _where(file, content, nul)
        raise InputError("The file is no text: it holds NUL bytes.", where=where, remedy="Download the file again.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError as error:
        where = _where(file, content, error.start)
        raise InputError(
            "The text is neither UTF-8 nor Windows-1252.", where=where, remedy="Download the file again."
        ) from error
    notes.append(f"{file} is not UTF-8; it was read as Windows-1252")
    return text


def _where(file: str, content: bytes, offset: int) -> str:
    line = content.count(b"\n", 0, offset) + 1
    return f"{file}, line {line}"
