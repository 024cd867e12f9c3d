"""The European Union's consolidated list of financial sanctions as XML (FSD 1.1; root `export`)."""

from datetime import date
from typing import BinaryIO

from mirrorwatch.watchlists.dates import day, days, parts
from mirrorwatch.watchlists.found import At, Collector, Found, joined
from mirrorwatch.watchlists.markup import Node, records
from mirrorwatch.watchlists.tables import STRONG, WEAK

_TYPES = {
    "person": "person",
    "P": "person",
    "enterprise": "organisation",
    "E": "organisation",
    "entity": "organisation",
}
_LINES = ("street", "poBox", "place", "zipCode", "city", "region")


def read(stream: BinaryIO, file: str) -> Found:
    """Read one file. Raises InputError for XML that is broken or cut off."""
    found = Collector()
    for position, node in enumerate(records(stream, file, frozenset({"sanctionEntity"})), start=1):
        _entry(found, At(file, position), node)
    return found.found()


def _entry(found: Collector, at: At, node: Node) -> None:
    # The logical id is the publisher's key; a reference number can be missing, or come later.
    ident, names = node.get("logicalId"), node.all("nameAlias")
    called = [(each, each.get("wholeName") or _whole(each)) for each in names]
    known = [(each, name) for each, name in called if name]
    if not ident or not known:
        return found.skip(at, "no logicalId" if not ident else "no name")
    # The first strong name in English or without a language names the entry; the others are its aliases.
    main = next((pair for pair in known if _strong(pair[0]) and pair[0].get("nameLanguage") in {None, "EN"}), known[0])
    found.entry(at, ident, main[1], _entity_type(node), programme=_programme(node), listed_on=_listed_on(node))
    for each, name in known:
        quality = STRONG if _strong(each) else WEAK
        found.detail(at, ident, "alias", name, label=each.get("nameLanguage"), quality=quality)
        found.detail(at, ident, "position", joined(each.get("title"), each.get("function")))
        found.detail(at, ident, "gender", each.get("gender"))
    for label, name in (("EU reference number", "euReferenceNumber"), ("UN reference number", "unitedNationId")):
        found.detail(at, ident, "identifier", node.get(name), label=label)
    for text in node.texts("remark"):
        found.detail(at, ident, "remark", text)
    _places(found, at, ident, node)
    return _papers(found, at, ident, node)


def _places(found: Collector, at: At, ident: str, node: Node) -> None:
    for place in node.all("address"):
        lines = joined(*(place.get(part) for part in _LINES), by=", ")
        found.detail(at, ident, "address", lines, country=_country(place), note=place.first("remark"))
        for contact in place.all("contactInfo"):
            found.detail(at, ident, "contact", contact.get("value"), label=contact.get("key"))
    for born in node.all("birthdate"):
        text = born.get("birthdate") or joined(
            born.get("dayOfMonth"), born.get("monthOfYear"), born.get("year"), by="."
        )
        exact = days(born.get("birthdate") or "")
        known = exact or parts(born.get("year"), born.get("monthOfYear"), born.get("dayOfMonth"))
        found.detail(at, ident, "birth_date", text, known=known, note="circa" if born.get("circa") == "true" else None)
        where = joined(born.get("city"), born.get("place"), born.get("region"), by=", ")
        found.detail(at, ident, "birth_place", where, country=_country(born))
    for each in node.all("citizenship"):
        found.detail(at, ident, "citizenship", each.get("countryDescription"), country=_country(each))


def _papers(found: Collector, at: At, ident: str, node: Node) -> None:
    for paper in node.all("identification"):
        number = paper.get("latinNumber") or paper.get("number")
        if number:
            label = paper.get("identificationTypeDescription") or paper.get("identificationTypeCode")
            known = (day(paper.get("issueDate") or paper.get("validFrom")), day(paper.get("validTo")))
            note = joined(paper.get("issuedBy"), *paper.texts("remark"), by="; ") or None
            found.detail(at, ident, "identifier", number, label=label, country=_country(paper), known=known, note=note)


def _whole(name: Node) -> str:
    return joined(name.get("firstName"), name.get("middleName"), name.get("lastName"))


def _strong(name: Node) -> bool:
    return name.get("strong") != "false"


def _entity_type(node: Node) -> str:
    subject = next(iter(node.all("subjectType")), None)
    return _TYPES.get((subject and (subject.get("code") or subject.get("classificationCode"))) or "", "other")


def _programme(node: Node) -> str | None:
    return joined(*dict.fromkeys(each.get("programme") for each in node.all("regulation")), by="; ") or None


def _listed_on(node: Node) -> date | None:
    """Return the earliest of the designation and of the regulations: an amendment names people listed before it."""
    given = [node.get("designationDate"), *(each.get("entryIntoForceDate") for each in node.all("regulation"))]
    return min((found for text in given if (found := day(text)) is not None), default=None)


def _country(node: Node) -> str | None:
    code = node.get("countryIso2Code")
    return code if code and code != "00" else node.get("countryDescription")
