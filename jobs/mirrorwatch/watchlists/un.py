"""The United Nations Security Council's consolidated list as XML (root `CONSOLIDATED_LIST`)."""

from typing import BinaryIO

from mirrorwatch.watchlists.dates import Days, day, days
from mirrorwatch.watchlists.found import At, Collector, Found, joined
from mirrorwatch.watchlists.markup import Node, records
from mirrorwatch.watchlists.tables import STRONG, WEAK

_TYPES = {"INDIVIDUAL": "person", "ENTITY": "organisation"}
_NAMES = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")


def read(stream: BinaryIO, file: str) -> Found:
    """Read one file. Raises InputError for XML that is broken or cut off."""
    found = Collector()
    for position, node in enumerate(records(stream, file, frozenset(_TYPES)), start=1):
        _entry(found, At(file, position), node)
    return found.found()


def _entry(found: Collector, at: At, node: Node) -> None:
    ident, name = node.first("DATAID"), joined(*(node.first(part) for part in _NAMES))
    if not ident or not name:
        return found.skip(at, "no DATAID" if not ident else "no name")
    found.entry(
        at, ident, name, _TYPES[node.tag], programme=node.first("UN_LIST_TYPE"),
        listed_on=day(node.first("LISTED_ON")),
    )  # fmt: skip
    _names(found, at, ident, node)
    found.detail(at, ident, "identifier", node.first("REFERENCE_NUMBER"), label="UN reference number")
    found.detail(at, ident, "gender", node.first("GENDER"))
    found.detail(at, ident, "remark", node.first("COMMENTS1"))
    for text in (*node.texts("TITLE/VALUE"), *node.texts("DESIGNATION/VALUE")):
        found.detail(at, ident, "position", text)
    for text in node.texts("NATIONALITY/VALUE"):
        found.detail(at, ident, "nationality", text, country=text)
    _places(found, at, ident, node)
    return _papers(found, at, ident, node)


def _names(found: Collector, at: At, ident: str, node: Node) -> None:
    found.detail(at, ident, "alias", node.first("NAME_ORIGINAL_SCRIPT"), label="original script", quality=STRONG)
    for alias in node.all(f"{node.tag}_ALIAS"):
        quality = WEAK if alias.first("QUALITY") == "Low" else STRONG
        found.detail(at, ident, "alias", alias.first("ALIAS_NAME"), label=alias.first("QUALITY"), quality=quality)


def _places(found: Collector, at: At, ident: str, node: Node) -> None:
    for kind, tag in (("address", f"{node.tag}_ADDRESS"), ("birth_place", "INDIVIDUAL_PLACE_OF_BIRTH")):
        for place in node.all(tag):
            lines = [place.first(part) for part in ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE")]
            country, note = place.first("COUNTRY"), place.first("NOTE")
            found.detail(at, ident, kind, joined(*lines, by=", "), country=country, note=note)


def _papers(found: Collector, at: At, ident: str, node: Node) -> None:
    for born in node.all("INDIVIDUAL_DATE_OF_BIRTH"):
        text = born.first("DATE") or born.first("YEAR") or _range(born) or born.first("NOTE")
        found.detail(at, ident, "birth_date", text, known=_days(text), label=born.first("TYPE_OF_DATE"))
    for paper in node.all("INDIVIDUAL_DOCUMENT"):
        label = joined(paper.first("TYPE_OF_DOCUMENT"), paper.first("TYPE_OF_DOCUMENT2")) or None
        country = paper.first("ISSUING_COUNTRY") or paper.first("COUNTRY_OF_ISSUE")
        if number := paper.first("NUMBER"):
            found.detail(at, ident, "identifier", number, label=label, country=country, note=paper.first("NOTE"))


def _range(born: Node) -> str | None:
    first, last = born.first("FROM_YEAR"), born.first("TO_YEAR")
    return f"{first} to {last}" if first and last else first or last


def _days(text: str | None) -> Days | None:
    return days(text) if text else None
