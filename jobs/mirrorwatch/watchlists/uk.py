"""The UK Sanctions List as XML (root `Designations`): since 28 January 2026 the United Kingdom's only list.

Source: the published XML of the Foreign, Commonwealth and Development Office in its format of 2022 and later.
"""

from typing import BinaryIO

from mirrorwatch.watchlists.dates import day
from mirrorwatch.watchlists.found import At, Collector, Found, joined
from mirrorwatch.watchlists.markup import Node, records
from mirrorwatch.watchlists.tables import STRONG, WEAK

TYPES = {"individual": "person", "entity": "organisation", "ship": "vessel"}
_PARTS = tuple(
    f"Name{number}" for number in range(1, 7)
)  # the sixth is the family name, or an organisation's whole name
_LINES = (*(f"AddressLine{number}" for number in range(1, 7)), "AddressPostalCode")
_SHIP = "ShipDetails/Ship"
_PERSON = "IndividualDetails/Individual"
_FIRM = "EntityDetails/Entity"


def read(stream: BinaryIO, file: str) -> Found:
    """Read one file. Raises InputError for XML that is broken or cut off."""
    found = Collector()
    for position, node in enumerate(records(stream, file, frozenset({"Designation"})), start=1):
        _entry(found, At(file, position), node)
    return found.found()


def _entry(found: Collector, at: At, node: Node) -> None:
    ident = node.first("UniqueID")
    names = [(each, joined(*(each.first(part) for part in _PARTS))) for each in node.all("Names/Name")]
    called = [(each, name) for each, name in names if name]
    if not ident or not called:
        return found.skip(at, "no UniqueID" if not ident else "no name")
    main = next(
        (name for each, name in called if (each.first("NameType") or "").lower() == "primary name"), called[0][1]
    )
    kind = TYPES.get((node.first("IndividualEntityShip") or "").lower(), "other")
    listed_on = day(node.first("DateDesignated"))
    found.entry(at, ident, main, kind, programme=node.first("RegimeName"), listed_on=listed_on)
    for each, name in called:
        quality = WEAK if "low" in (each.first("AliasStrength") or "").lower() else STRONG
        found.detail(at, ident, "alias", name, label=each.first("NameType"), quality=quality)
    for text in node.texts("NonLatinNames/NonLatinName/NameNonLatinScript"):
        found.detail(at, ident, "alias", text, label="original script", quality=STRONG)
    _said(found, at, ident, node)
    _person(found, at, ident, node)
    return _links(found, at, ident, node)


def _said(found: Collector, at: At, ident: str, node: Node) -> None:
    for label, tag in (("OFSI group ID", "OFSIGroupID"), ("UN reference number", "UNReferenceNumber")):
        found.detail(at, ident, "identifier", node.first(tag), label=label)
    for place in node.all("Addresses/Address"):
        lines = joined(*(place.first(line) for line in _LINES), by=", ")
        found.detail(at, ident, "address", lines, country=place.first("AddressCountry"))
    contacts = (
        ("phone", "PhoneNumbers/PhoneNumber"), ("e-mail", "EmailAddresses/EmailAddress"),
        ("website", "Websites/Website"),
    )  # fmt: skip
    for label, path in contacts:
        for text in node.texts(path):
            found.detail(at, ident, "contact", text, label=label)
    for tag in ("OtherInformation", "UKStatementofReasons"):
        found.detail(at, ident, "remark", node.first(tag), label=tag)


def _person(found: Collector, at: At, ident: str, node: Node) -> None:
    for text in node.texts(f"{_PERSON}/DOBs/DOB"):
        found.birth_date(at, ident, text)
    for place in node.all(f"{_PERSON}/BirthDetails/Location"):
        found.detail(at, ident, "birth_place", place.first("TownOfBirth"), country=place.first("CountryOfBirth"))
    for text in node.texts(f"{_PERSON}/Nationalities/Nationality"):
        found.detail(at, ident, "nationality", text, country=text)
    for text in (*node.texts("Titles/Title"), *node.texts(f"{_PERSON}/Positions/Position")):
        found.detail(at, ident, "position", text)
    for text in node.texts(f"{_PERSON}/Genders/Gender"):
        found.detail(at, ident, "gender", text)
    papers = (
        ("Passport", "PassportDetails/Passport"),
        ("NationalIdentifier", "NationalIdentifierDetails/NationalIdentifier"),
    )
    for tag, path in papers:
        for paper in node.all(f"{_PERSON}/{path}"):
            note = paper.first(f"{tag}AdditionalInformation")
            if number := paper.first(f"{tag}Number"):
                found.detail(at, ident, "identifier", number, label=tag, note=note)


def _links(found: Collector, at: At, ident: str, node: Node) -> None:
    for text in node.texts(f"{_FIRM}/BusinessRegistrationNumbers/BusinessRegistrationNumber"):
        found.detail(at, ident, "identifier", text, label="Business registration number")
    for text in node.texts(f"{_SHIP}/IMONumbers/IMONumber"):
        found.detail(at, ident, "identifier", text, label="IMO number")
    for text in node.texts(f"{_SHIP}/CurrentBelievedFlagOfShips/CurrentBelievedFlagOfShip"):
        found.detail(at, ident, "flag", text, country=text)
    links = (
        ("owned_by", f"{_FIRM}/ParentCompanies/ParentCompany"), ("owner_of", f"{_FIRM}/Subsidiaries/Subsidiary"),
        ("owned_by", f"{_SHIP}/CurrentOwnerOperators/CurrentOwnerOperator"),
        ("formerly_owned_by", f"{_SHIP}/PreviousOwnerOperators/PreviousOwnerOperator"),
    )  # fmt: skip
    for label, path in links:
        for text in node.texts(path):
            found.detail(at, ident, "link", text, label=label)
