"""OFAC's lists as plain XML (`sdn.xml`, `consolidated.xml`; root `sdnList`).

Source: sdn.xsd as published with the Sanctions List Service, read by element name, whatever the namespace.
"""

from typing import BinaryIO

from mirrorwatch.watchlists.found import At, Collector, Found, joined
from mirrorwatch.watchlists.markup import Node, records
from mirrorwatch.watchlists.ofac_terms import ENTITY_TYPES, contact_kind, days_of_document, person_name
from mirrorwatch.watchlists.tables import STRONG, WEAK

_RECORDS = frozenset({"sdnEntry", "publshInformation"})  # the publisher's own spelling


def read(stream: BinaryIO, file: str) -> Found:
    """Read one file. Raises InputError for XML that is broken or cut off."""
    found, position = Collector(), 0
    for node in records(stream, file, _RECORDS):
        if node.tag == "publshInformation":
            count = node.first("Record_Count")
            found.claims = int(count) if count and count.isdigit() else None
            continue
        position += 1
        _entry(found, At(file, position), node)
    return found.found()


def _entry(found: Collector, at: At, node: Node) -> None:
    ident, name = node.first("uid"), person_name(node.first("lastName"), node.first("firstName"))
    if not ident or not name:
        return found.skip(at, "no uid" if not ident else "no name")
    kind = (node.first("sdnType") or "").lower()
    programme = joined(*node.texts("programList/program"), by="; ") or None
    found.entry(at, ident, name, ENTITY_TYPES.get(kind, "other"), programme=programme)
    for alias in node.all("akaList/aka"):
        quality = WEAK if alias.first("category") == "weak" else STRONG
        called = person_name(alias.first("lastName"), alias.first("firstName"))
        found.detail(at, ident, "alias", called, label=alias.first("type"), quality=quality)
    _said(found, at, ident, node)
    _papers(found, at, ident, node)
    return _vessel(found, at, ident, node)


def _said(found: Collector, at: At, ident: str, node: Node) -> None:
    for place in node.all("addressList/address"):
        lines = [place.first(part) for part in ("address1", "address2", "address3", "city", "stateOrProvince")]
        found.detail(
            at, ident, "address", joined(*lines, place.first("postalCode"), by=", "), country=place.first("country")
        )
    for kind, path in (("nationality", "nationalityList/nationality"), ("citizenship", "citizenshipList/citizenship")):
        for each in node.all(path):
            found.detail(at, ident, kind, each.first("country"), country=each.first("country"))
    for text in node.texts("dateOfBirthList/dateOfBirthItem/dateOfBirth"):
        found.birth_date(at, ident, text)
    for text in node.texts("placeOfBirthList/placeOfBirthItem/placeOfBirth"):
        found.detail(at, ident, "birth_place", text, country=text)
    found.detail(at, ident, "position", node.first("title"))
    found.detail(at, ident, "remark", node.first("remarks"))


def _papers(found: Collector, at: At, ident: str, node: Node) -> None:
    for paper in node.all("idList/id"):
        label, number, country = paper.first("idType") or "", paper.first("idNumber"), paper.first("idCountry")
        known = days_of_document(paper.first("issueDate"), paper.first("expirationDate"))
        found.detail(at, ident, contact_kind(label), number, label=label or None, country=country, known=known)


def _vessel(found: Collector, at: At, ident: str, node: Node) -> None:
    for vessel in node.all("vesselInfo"):
        found.detail(at, ident, "flag", vessel.first("vesselFlag"), country=vessel.first("vesselFlag"))
        found.detail(at, ident, "identifier", vessel.first("callSign"), label="Call sign")
        found.detail(at, ident, "link", vessel.first("vesselOwner"), label="owned_by")
        found.detail(at, ident, "remark", vessel.first("vesselType"), label="Vessel type")
