"""The list of OFSI, HM Treasury, as XML (root `ArrayOfFinancialSanctionsTarget`), which ended on 28 January 2026.

Kept for nights before that day. Every name of an entry is a row of its own, with all the rest repeated.
"""

import re
from typing import BinaryIO

from mirrorwatch.watchlists.dates import day
from mirrorwatch.watchlists.found import At, Collector, Found, joined
from mirrorwatch.watchlists.markup import Node, records
from mirrorwatch.watchlists.tables import STRONG, WEAK
from mirrorwatch.watchlists.uk import TYPES

_PARTS = ("name1", "name2", "name3", "name4", "name5", "Name6")
_LINES = (*(f"Address{number}" for number in range(1, 7)), "PostCode")
# "(1) Havana (2) Lima": several answers in one field.
_NUMBERED = re.compile(r"\s*\(\d+\)\s*")
_FIELDS = (
    ("nationality", None, "Individual_Nationality"), ("position", None, "Individual_Position"),
    ("position", None, "Title"),
    ("identifier", "Passport", "Individual_PassportNumber"),
    ("identifier", "National identifier", "Individual_NINumber"),
    ("identifier", "Business registration number", "Entity_BusinessRegNumber"),
    ("identifier", "IMO number", "Ship_IMONumber"), ("identifier", "UK Sanctions List", "UKSanctionsListRef"),
    ("identifier", "UN reference number", "UNRef"), ("gender", None, "Individual_Gender"), ("flag", None, "Ship_Flag"),
    ("contact", "phone", "PhoneNumber"), ("contact", "e-mail", "EmailAddress"), ("contact", "website", "Website"),
    ("birth_place", None, "Individual_TownOfBirth"), ("birth_place", None, "Individual_CountryOfBirth"),
    ("link", "owned_by", "Entity_ParentCompany"), ("link", "owner_of", "Entity_Subsidiaries"),
    ("link", "owned_by", "Ship_CurrentOwners"), ("remark", None, "OtherInformation"),
)  # fmt: skip
_OF_COUNTRIES = frozenset({"Individual_Nationality", "Ship_Flag", "Individual_CountryOfBirth"})


def read(stream: BinaryIO, file: str) -> Found:
    """Read one file. Raises InputError for XML that is broken or cut off."""
    found, groups = Collector(), dict[str, list[tuple[At, Node]]]()
    for position, node in enumerate(records(stream, file, frozenset({"FinancialSanctionsTarget"})), start=1):
        at, ident = At(file, position), node.first("GroupID")
        if ident and _name(node):
            groups.setdefault(ident, []).append((at, node))
        else:
            found.skip(at, "no GroupID" if not ident else "no name")
    for ident, rows in groups.items():
        _entry(found, ident, rows)
    return found.found()


def _entry(found: Collector, ident: str, rows: list[tuple[At, Node]]) -> None:
    main = next((row for row in rows if (row[1].first("AliasType") or "").lower() == "primary name"), rows[0])
    at, node = main
    listed_on = day(node.first("DateListed")) or day(node.first("DateDesignated"))
    kind = TYPES.get((node.first("GroupTypeDescription") or "").lower(), "other")
    found.entry(at, ident, _name(node), kind, programme=node.first("RegimeName"), listed_on=listed_on)
    for where, row in rows:
        quality = WEAK if "low" in (row.first("AliasQuality") or "").lower() else STRONG
        found.detail(where, ident, "alias", _name(row), label=row.first("AliasType"), quality=quality)
        found.detail(where, ident, "alias", row.first("NameNonLatinScript"), label="original script", quality=STRONG)
        lines = joined(*(row.first(line) for line in _LINES), by=", ")
        found.detail(where, ident, "address", lines, country=row.first("Country"))
        for text in _several(row.first("Individual_DateOfBirth")):
            found.birth_date(where, ident, text)
        for kind_of, label, tag in _FIELDS:
            for text in _several(row.first(tag)):
                country = text if tag in _OF_COUNTRIES else None
                found.detail(where, ident, kind_of, text, label=label, country=country)


def _name(node: Node) -> str:
    return joined(*(node.first(part) for part in _PARTS))


def _several(text: str | None) -> list[str]:
    return [part for part in _NUMBERED.split(text) if part] if text else []
