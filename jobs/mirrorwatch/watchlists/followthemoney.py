"""FollowTheMoney entities, one JSON object a line (OpenSanctions' `entities.ftm.json`, `targets.nested.json`).

An entity becomes an entry when a topic marks it: sanctioned, wanted, debarred, exposed (`role.pep`) or kin of somebody
exposed (`role.rca`). What is beside it (owners, addresses, documents) becomes its details.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, BinaryIO

from mirrorwatch.errors import InputError
from mirrorwatch.watchlists.dates import day
from mirrorwatch.watchlists.found import At, Collector, Found
from mirrorwatch.watchlists.ftm_links import LINKS, add_links, validity
from mirrorwatch.watchlists.opensanctions import SCHEMAS
from mirrorwatch.watchlists.tables import STRONG, WEAK

# Topics of entries. `role.pep` and `role.rca` are told in the programme as PEP and RCA: context, never guilt by office.
_MARKS = {
    "sanction": "SANCTION", "sanction.linked": "SANCTION-LINKED", "sanction.counter": "SANCTION-COUNTER",
    "debarment": "DEBARMENT", "wanted": "WANTED", "crime": "CRIME", "poi": "POI", "role.pep": "PEP", "role.rca": "RCA",
}  # fmt: skip
_EXPOSED = ("role.pep", "role.rca")
# The longest published entity has a few megabytes (heads of state with every name); the nesting goes three deep.
_LONGEST_LINE, _DEEPEST = 64 * 1024 * 1024, 6
_FIELDS = {
    "alias": ("alias", STRONG), "previousName": ("alias", STRONG), "weakAlias": ("alias", WEAK),
    "address": ("address", None),
    "full": ("address", None), "birthPlace": ("birth_place", None), "gender": ("gender", None),
    "position": ("position", None), "phone": ("contact", None), "email": ("contact", None),
    "website": ("contact", None),
    "notes": ("remark", None), "topics": ("topic", None), "nationality": ("nationality", None),
    "citizenship": ("citizenship", None), "country": ("country", None), "jurisdiction": ("country", None),
    "flag": ("flag", None),
}  # fmt: skip
_IDENTIFIERS = (
    "passportNumber", "idNumber", "taxNumber", "registrationNumber", "vatCode", "leiCode", "innCode", "ogrnCode",
    "imoNumber",
    "mmsi", "callSign", "swiftBic", "dunsCode", "uscCode", "socialSecurityNumber", "serialNumber", "wikidataId",
)  # fmt: skip
# What is put together only at the end: sanctions with their entries, and the things beside them.
_NEEDED_LATER = frozenset(
    {
        "topics", "programId", "program", "addressEntity", "entity", "listingDate", "startDate", "endDate", "full",
        "country", "holder", "number", "passportNumber", "type", "post", "status", "role", "relationship", "percentage",
        *(end for first, second, _, _ in LINKS.values() for end in (first, second)),
    }
)  # fmt: skip
_BESIDE = frozenset({"Sanction", "Address", "Identification", "Passport", "Occupancy", "Position"})
_OF_COUNTRIES = frozenset({"nationality", "citizenship", "country", "flag"})


@dataclass(frozen=True, slots=True)
class Entity:
    """One entity: its id, schema and properties, each a list of texts or of other entities' ids."""

    ident: str
    schema: str
    caption: str
    first_seen: str | None
    properties: Mapping[str, list[str]]
    at: At

    def all(self, name: str) -> list[str]:
        """Return the values of a property."""
        return self.properties.get(name, [])

    @property
    def name(self) -> str:
        """The name to show: the caption, which is the first of the names where the file gives none."""
        return self.caption


@dataclass
class World:
    """Everything that one file says, before it is put together."""

    entries: dict[str, Entity] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)  # of everything that has one, for the other side of a link
    beside: list[Entity] = field(default_factory=list)  # sanctions, documents, addresses, links


def read(stream: BinaryIO, file: str) -> Found:
    """Read one file. Raises InputError for a line that is no JSON."""
    found, world = Collector(), World()
    for at, line in _lines(stream, file):
        _place(found, world, at, _parsed(line, at), 0)
    sanctions: dict[str, list[Entity]] = {}
    for each in world.beside:
        if each.schema == "Sanction":
            for ident in each.all("entity"):
                sanctions.setdefault(ident, []).append(each)
    for entity in world.entries.values():
        _entry(found, entity, sanctions.get(entity.ident, []))
    _beside(found, world)
    return found.found()


def _lines(stream: BinaryIO, file: str) -> Iterator[tuple[At, bytes]]:
    number = 0
    while line := stream.readline(_LONGEST_LINE + 1):
        number += 1
        if len(line) > _LONGEST_LINE:
            raise InputError("One line holds more than 64 MB.", where=f"{file}, line {number}",
                             remedy="Import newline-delimited JSON: one entity a line.")  # fmt: skip
        if line.strip():
            yield At(file, number), line


def _parsed(line: bytes, at: At) -> Any:  # noqa: ANN401 - JSON may be anything until it is checked
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InputError(
            "The line is no JSON.", where=f"{at.file}, line {at.position}", remedy="Download the file again, whole."
        ) from error


def _place(found: Collector, world: World, at: At, given: Any, depth: int) -> str | None:  # noqa: ANN401
    """File an entity, and those nested in it, where it belongs; return its id."""
    if not isinstance(given, dict) or not isinstance(given.get("properties"), dict) or depth > _DEEPEST:
        found.skip(at, "no entity with an id, a schema and properties")
        return None
    ident, schema = given.get("id"), given.get("schema")
    if not isinstance(ident, str) or not isinstance(schema, str) or not ident.strip():
        found.skip(at, "no entity with an id, a schema and properties")
        return None
    properties = {
        str(name): [text for value in _listed(values) if (text := _text(found, world, at, value, depth)) is not None]
        for name, values in given["properties"].items()
    }
    caption, seen = given.get("caption"), given.get("first_seen")
    named = caption if isinstance(caption, str) and caption else next(iter(properties.get("name", [])), "")
    entity = Entity(ident, schema, named, seen if isinstance(seen, str) else None, properties, at)
    _file(found, world, entity)
    return ident


def _file(found: Collector, world: World, entity: Entity) -> None:
    if entity.name:
        world.names[entity.ident] = entity.name
    if entity.schema in LINKS or entity.schema in _BESIDE:
        world.beside.append(_slim(entity))
    elif _MARKS.keys() & set(entity.all("topics")):
        if entity.name:
            _properties(found, entity)
            world.entries[entity.ident] = _slim(entity)
        else:
            found.skip(entity.at, "no name")


def _slim(entity: Entity) -> Entity:
    """Keep of an entity what is still needed when the whole file has been read: there are millions of them."""
    kept = {name: values for name, values in entity.properties.items() if name in _NEEDED_LATER}
    return replace(entity, properties=kept)


def _text(found: Collector, world: World, at: At, value: Any, depth: int) -> str | None:  # noqa: ANN401
    return value if isinstance(value, str) else _place(found, world, at, value, depth + 1)


def _listed(values: Any) -> list[Any]:  # noqa: ANN401
    return values if isinstance(values, list) else [values]


def _entry(found: Collector, entity: Entity, sanctions: list[Entity]) -> None:
    topics = set(entity.all("topics"))
    lasting = [each for each in sanctions if not each.all("endDate")] or ([] if topics & set(_EXPOSED) else sanctions)
    codes = [code for each in lasting for code in (each.all("programId") or each.all("program"))]
    programmes = [
        *(_MARKS[topic] for topic in _EXPOSED if topic in topics),
        *(codes or ([] if sanctions else entity.all("programId"))),
    ]
    marks = [_MARKS[topic] for topic in sorted(topics & _MARKS.keys()) if topic not in _EXPOSED]
    starts = [found_on for each in sanctions for name in ("listingDate", "startDate") for text in each.all(name)
              if (found_on := day(text)) is not None]  # fmt: skip
    found.entry(
        entity.at, entity.ident, entity.name, SCHEMAS.get(entity.schema, "other"),
        programme="; ".join(dict.fromkeys(programmes or marks)), listed_on=min(starts, default=day(entity.first_seen)),
        delisted_on=None if topics & set(_EXPOSED) else _ended(sanctions),
    )  # fmt: skip


def _ended(sanctions: list[Entity]) -> date | None:
    """Return the day on which the last of the sanctions ended; None while one has no end, or there is none."""
    ends = [max((end for text in each.all("endDate") if (end := day(text))), default=None) for each in sanctions]
    known = [end for end in ends if end is not None]
    return max(known) if known and len(known) == len(ends) else None


def _properties(found: Collector, entity: Entity) -> None:
    at, ident = entity.at, entity.ident
    for name in entity.all("name"):
        found.detail(at, ident, "alias", name, quality=STRONG)
    for name, (kind, quality) in _FIELDS.items():
        for text in entity.all(name):
            found.detail(
                at, ident, kind, text, label=name, country=text if kind in _OF_COUNTRIES else None, quality=quality
            )
    for name in _IDENTIFIERS:
        for text in entity.all(name):
            found.detail(at, ident, "identifier", text, label=name)
    for text in entity.all("birthDate"):
        found.birth_date(at, ident, text)


def _beside(found: Collector, world: World) -> None:
    """Add what other entities say of the entries: documents, addresses, offices, links."""
    addresses = {each.ident: each for each in world.beside if each.schema == "Address"}
    for entity in world.entries.values():
        for ref in entity.all("addressEntity"):
            if (place := addresses.get(ref)) is not None:
                found.detail(
                    place.at, entity.ident, "address", next(iter(place.all("full")), place.caption),
                    country=next(iter(place.all("country")), None),
                )  # fmt: skip
    for each in world.beside:
        if each.schema in {"Identification", "Passport"}:
            _document(found, world, each)
        elif each.schema == "Occupancy":
            _office(found, world, each)
        elif each.schema in LINKS:
            add_links(found, world.entries.keys(), world.names, each)


def _document(found: Collector, world: World, paper: Entity) -> None:
    numbers = dict.fromkeys((*paper.all("number"), *paper.all("passportNumber")))
    for holder in (ident for ident in paper.all("holder") if ident in world.entries):
        for number in numbers:
            found.detail(
                paper.at, holder, "identifier", number, label=next(iter(paper.all("type")), paper.schema),
                country=next(iter(paper.all("country")), None), known=validity(paper),
            )  # fmt: skip


def _office(found: Collector, world: World, held: Entity) -> None:
    for holder in (ident for ident in held.all("holder") if ident in world.entries):
        for post in held.all("post"):
            name, note = world.names.get(post, post), next(iter(held.all("status")), None)
            found.detail(held.at, holder, "position", name, label="office", known=validity(held), note=note)
