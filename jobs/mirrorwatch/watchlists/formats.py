"""The formats that lists are published in: how each is known, which reader reads it, what its list is called."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from mirrorwatch.errors import InputError, UsageError
from mirrorwatch.store.delivered import Delivered
from mirrorwatch.watchlists import (
    eu,
    followthemoney,
    ofac_advanced,
    ofac_legacy,
    ofac_xml,
    opensanctions,
    uk,
    uk_ofsi,
    un,
)
from mirrorwatch.watchlists.found import Found
from mirrorwatch.watchlists.markup import root_of

AUTO = "auto"
OFAC_CSV = "ofac-csv"
_HEAD = 65_536  # bytes that tell a format: more than any publisher's header before the first element
_PARQUET = b"PAR1"
_CSV_HEADER = re.compile(rb'^"?id"?,"?schema"?,"?name"?')
Reader = Callable[[BinaryIO, str], Found]


@dataclass(frozen=True)
class Format:
    """One format: its name, what its list is called, and the reader for each root element (XML) or for any file."""

    name: str
    list_name: str
    roots: dict[str, Reader]
    reader: Reader | None = None


FORMATS = {
    each.name: each
    for each in (
        Format(OFAC_CSV, "ofac-sdn", {}),  # several files make one list: read together
        Format("ofac-xml", "ofac-sdn", {"sdnList": ofac_xml.read}),
        Format("ofac-advanced-xml", "ofac-sdn", {"Sanctions": ofac_advanced.read}),
        Format("eu-xml", "eu-fsf", {"export": eu.read}),
        Format("uk-xml", "uk-sanctions-list",
               {"Designations": uk.read, "ArrayOfFinancialSanctionsTarget": uk_ofsi.read}),
        Format("un-xml", "un-security-council", {"CONSOLIDATED_LIST": un.read}),
        Format("opensanctions-csv", "opensanctions", {}, opensanctions.read),
        Format("ftm-json", "opensanctions", {}, followthemoney.read),
    )
}  # fmt: skip
# Lists of OFAC other than the SDN list bear this in their file names; the old list of the United Kingdom by its root.
_OTHER_LISTS = (("cons", "ofac-consolidated"),)
_OFSI = ("ArrayOfFinancialSanctionsTarget", "uk-ofsi")


@dataclass(frozen=True)
class Chosen:
    """The format of a delivery, and what its list is called unless its user says otherwise."""

    format: Format
    list_name: str


def choose(files: Sequence[Delivered], name: str) -> Chosen:
    """Return the format of the files, told by their content where `name` is auto.

    Raises UsageError for an unknown format, for files that are of none and for files of several.
    """
    if name not in {AUTO, *FORMATS}:
        raise UsageError(f"There is no format {name!r}.", remedy=f"Name one of {', '.join((AUTO, *FORMATS))}.")
    seen = {file.name: told(file) for file in files} if name == AUTO else dict.fromkeys((f.name for f in files), name)
    unknown = sorted(file for file, found in seen.items() if found is None)
    if unknown:
        raise _unknown(unknown)
    formats = sorted({found for found in seen.values() if found is not None})
    if len(formats) > 1:
        raise UsageError(
            "The files are of several formats.", remedy="Import each list alone.",
            where=", ".join(f"{file}: {found}" for file, found in sorted(seen.items())),
        )  # fmt: skip
    chosen = FORMATS[formats[0]]
    return Chosen(chosen, _called(chosen, files))


def _unknown(files: Sequence[str]) -> UsageError:
    named = ", ".join(name for name in FORMATS if name != OFAC_CSV)  # whose files are known by their names alone
    return UsageError(
        f"The format of {', '.join(files)} is not known.",
        remedy="If OFAC published it, give it OFAC's name again (sdn.csv, alt.csv, add.csv, sdn_comments.csv, "
        f"cons_prim.csv and so on); else name its format with --format: {named}.",
    )


def read(chosen: Format, files: Sequence[Delivered]) -> list[Found]:
    """Read the files. Raises InputError for what is not as its publisher writes it."""
    if chosen.name == OFAC_CSV:
        streams = [(file.name, file.open()) for file in files]
        try:
            return [ofac_legacy.read(streams)]
        finally:
            for _, stream in streams:
                stream.close()
    return [_one(chosen, file) for file in files]


def told(file: Delivered) -> str | None:
    """Return the format that a file's content tells, or None."""
    head = _head(file)
    if (root := _root(head)) is not None:
        return next((each.name for each in FORMATS.values() if root in each.roots), None)
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"{"):
        return "ftm-json"
    if _CSV_HEADER.match(text):
        return "opensanctions-csv"
    return OFAC_CSV if ofac_legacy.part_of(file.name) is not None else None


def _one(chosen: Format, file: Delivered) -> Found:
    reader = chosen.reader
    if chosen.roots:
        root = _root(_head(file))
        reader = chosen.roots.get(root or "")
        if reader is None:
            raise InputError(
                f"The file's first element is {root or 'none'}, not {' or '.join(chosen.roots)}.", where=file.address,
                remedy="Download the file again, or name its format with --format.",
            )  # fmt: skip
    assert reader is not None  # noqa: S101 - a format has roots or a reader
    with file.open() as stream:
        return reader(stream, file.name)


def _called(chosen: Format, files: Sequence[Delivered]) -> str:
    if chosen.name == "uk-xml" and any(_root(_head(file)) == _OFSI[0] for file in files):
        return _OFSI[1]
    if chosen.name.startswith("ofac"):
        named = [other for file in files for start, other in _OTHER_LISTS if file.name.lower().startswith(start)]
        return named[0] if named else chosen.list_name
    return chosen.list_name


def _head(file: Delivered) -> bytes:
    with file.open() as stream:
        return bytes(stream.read(_HEAD))


def _root(head: bytes) -> str | None:
    if head.startswith(_PARQUET) or not head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(
        (b"<", b"\xff\xfe", b"\xfe\xff")
    ):
        return None
    return root_of(head)
