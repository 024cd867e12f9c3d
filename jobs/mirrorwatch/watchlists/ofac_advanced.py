"""OFAC's lists in the advanced format (`sdn_advanced.xml`, `cons_advanced.xml`; root `Sanctions`).

Its parts name each other by number: what a number means stands in `ReferenceValueSets`, which comes first. Addresses,
documents and designations may stand before or after the parties they belong to, and are joined at the end.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO

from mirrorwatch.errors import InputError
from mirrorwatch.watchlists.found import At, Collector, Found, joined
from mirrorwatch.watchlists.markup import Node, records
from mirrorwatch.watchlists.ofac_advanced_parts import (
    RELATIONS,
    Reference,
    called,
    day_of,
    feature_kind,
    lines_of,
    period,
)
from mirrorwatch.watchlists.ofac_terms import ENTITY_TYPES, contact_kind
from mirrorwatch.watchlists.tables import STRONG, WEAK

_SECTIONS = frozenset(
    {"ReferenceValueSets", "Location", "IDRegDocument", "DistinctParty", "ProfileRelationship", "SanctionsEntry"}
)


@dataclass
class _Parts:
    """Everything of one file that is joined at the end, by the numbers that the publisher gives."""

    reference: Reference | None = None
    places: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    placed: list[tuple[At, str, str, str, str]] = field(default_factory=list)  # at, entry, kind, label, place
    papers: list[tuple[At, Node]] = field(default_factory=list)
    holders: dict[str, str] = field(default_factory=dict)  # identity: entry
    parties: dict[str, tuple[At, str, str]] = field(default_factory=dict)  # entry: at, name, type
    listed: dict[str, list[date]] = field(default_factory=dict)
    programmes: dict[str, list[str]] = field(default_factory=dict)
    relations: list[tuple[At, Node]] = field(default_factory=list)


def read(stream: BinaryIO, file: str) -> Found:
    """Read one file. Raises InputError for XML that is broken or cut off, or that lacks its reference values."""
    found, parts, position = Collector(), _Parts(), 0
    for node in records(stream, file, _SECTIONS):
        position += node.tag == "DistinctParty"
        _section(found, parts, At(file, position), node)
    for ident, (at, name, kind) in parts.parties.items():
        programmes = "; ".join(dict.fromkeys(parts.programmes.get(ident, []))) or None
        found.entry(
            at, ident, name, kind, programme=programmes, listed_on=min(parts.listed.get(ident, []), default=None)
        )
    _join(found, parts)
    return found.found()


def _section(found: Collector, parts: _Parts, at: At, node: Node) -> None:
    if node.tag == "ReferenceValueSets":
        parts.reference = Reference.of(node)
    elif parts.reference is None:
        raise InputError(
            "The file holds parties before the reference values that tell what their numbers mean.", where=at.file,
            remedy="Download the file again, whole.",
        )  # fmt: skip
    elif node.tag == "Location":
        parts.places[node.get("ID") or ""] = lines_of(node, parts.reference)
    elif node.tag == "IDRegDocument":
        parts.papers.append((at, node))
    elif node.tag == "ProfileRelationship":
        parts.relations.append((at, node))
    elif node.tag == "SanctionsEntry":
        _designation(parts, node, parts.reference)
    else:
        _party(found, parts, at, node, parts.reference)


def _party(found: Collector, parts: _Parts, at: At, node: Node, reference: Reference) -> None:
    profile = next(iter(node.all("Profile")), None)
    ident = (profile.get("ID") if profile else None) or node.get("FixedRef")
    names = list(_names(profile, reference)) if profile else []
    if profile is None or not ident or not names:
        return found.skip(at, "no profile with an ID" if not ident else "no name")
    main = next((name for name, primary, _, _ in names if primary), names[0][0])
    kind = reference.party_type(profile.get("PartySubTypeID")).lower()
    parts.parties[ident] = (at, main, ENTITY_TYPES.get(kind, "other"))
    for name, _, label, quality in names:
        found.detail(at, ident, "alias", name, label=label, quality=quality)
    for identity in profile.all("Identity"):
        parts.holders[identity.get("ID") or ""] = ident
    for feature in (*profile.all("Feature"), *node.all("Feature")):
        _feature(found, parts, at, ident, feature, reference)
    return found.detail(at, ident, "remark", node.first("Comment"))


def _names(profile: Node, reference: Reference) -> Iterator[tuple[str, bool, str, str]]:
    for identity in profile.all("Identity"):
        groups = {
            group.get("ID") or "": reference.text("NamePartType", group.get("NamePartTypeID"))
            for group in identity.all("NamePartGroups/MasterNamePartGroup/NamePartGroup")
        }
        for alias in identity.all("Alias"):
            label = reference.text("AliasType", alias.get("AliasTypeID"))
            quality = WEAK if alias.get("LowQuality") == "true" else STRONG
            for documented in alias.all("DocumentedName"):
                if name := called(documented, groups):
                    yield name, alias.get("Primary") == "true", label, quality


def _feature(found: Collector, parts: _Parts, at: At, ident: str, node: Node, reference: Reference) -> None:
    label = reference.text("FeatureType", node.get("FeatureTypeID"))
    kind = feature_kind(label)
    for version in node.all("FeatureVersion"):
        for place in version.all("VersionLocation"):
            parts.placed.append((at, ident, kind, label, place.get("LocationID") or ""))
        for dates in version.all("DatePeriod"):
            text, known = period(dates)
            found.detail(at, ident, kind, text, label=label, known=known)
        for detail in version.all("VersionDetail"):
            value = detail.text or reference.text("DetailReference", detail.get("DetailReferenceID"))
            country = value if kind in {"flag", "nationality", "citizenship"} else None
            found.detail(at, ident, kind, value, label=label, country=country)


def _designation(parts: _Parts, node: Node, reference: Reference) -> None:
    ident = node.get("ProfileID") or ""
    dates = [found for each in node.all("EntryEvent/Date") if (found := day_of(each)) is not None]
    parts.listed.setdefault(ident, []).extend(dates)
    for measure in node.all("SanctionsMeasure"):
        kind, comment = reference.text("SanctionsType", measure.get("SanctionsTypeID")), measure.first("Comment")
        if comment and kind in {"Program", ""}:
            parts.programmes.setdefault(ident, []).append(comment)


def _join(found: Collector, parts: _Parts) -> None:
    reference = parts.reference or Reference({}, {})
    for at, ident, kind, label, place in parts.placed:
        lines, country = parts.places.get(place, ("", None))
        found.detail(at, ident, kind, lines, label=None if kind == "address" else label, country=country)
    for at, node in parts.papers:
        holder = parts.holders.get(node.get("IdentityID") or "")
        if holder is not None:
            label = reference.text("IDRegDocType", node.get("IDRegDocTypeID"))
            country = reference.text("Country", node.get("IssuedBy-CountryID")) or None
            note = joined(node.first("IssuingAuthority"), node.first("Comment"), by="; ") or None
            number = node.first("IDRegistrationNo")
            found.detail(at, holder, contact_kind(label), number, label=label, country=country, note=note)
    for at, node in parts.relations:
        _relation(found, parts, at, node, reference)


def _relation(found: Collector, parts: _Parts, at: At, node: Node, reference: Reference) -> None:
    text = reference.text("RelationType", node.get("RelationTypeID"))
    note = joined(text, "former" if node.get("Former") == "true" else None, by="; ") or None
    one, other = node.get("From-ProfileID") or "", node.get("To-ProfileID") or ""
    forward, back = RELATIONS.get(text.lower(), ("linked_to", "linked_to"))
    for ident, far, label in ((one, other, forward), (other, one, back)):
        if ident in parts.parties:
            name = parts.parties[far][1] if far in parts.parties else far
            found.detail(at, ident, "link", name, label=label, related=far, note=note)
