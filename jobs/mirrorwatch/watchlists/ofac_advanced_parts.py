"""The parts of OFAC's advanced format: what its numbers mean, names in pieces, addresses in pieces, periods."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from mirrorwatch.watchlists.dates import Days, parts
from mirrorwatch.watchlists.found import joined
from mirrorwatch.watchlists.markup import Node
from mirrorwatch.watchlists.ofac_terms import contact_kind

# What each side of a relation is to the other; all others are only linked.
RELATIONS = {
    "owned or controlled by": ("owned_by", "owner_of"),
    "family member of": ("family_of", "family_of"),
    "associate of": ("associate_of", "associate_of"),
    "leader or official of": ("director_of", "directed_by"),
}
_FEATURES = {
    "birthdate": "birth_date", "place of birth": "birth_place", "location": "address", "gender": "gender",
    "title": "position",
    "nationality country": "nationality", "citizenship country": "citizenship", "vessel flag": "flag",
    "nationality of registration": "country",
}  # fmt: skip
_FAMILY_NAMES = frozenset({"Last Name"})
_LINES = ("ADDRESS1", "ADDRESS2", "ADDRESS3", "CITY", "STATE/PROVINCE", "POSTAL CODE", "REGION", "Unknown")


@dataclass(frozen=True)
class Reference:
    """What the file's numbers mean: text by kind and number, and the party type of each subtype."""

    texts: Mapping[tuple[str, str], str]
    parents: Mapping[str, str]

    @classmethod
    def of(cls, node: Node) -> "Reference":
        """Read the section `ReferenceValueSets`."""
        values = [value for group in node.children for value in group.children]
        texts = {(each.tag, each.get("ID") or ""): each.text or each.get("Description") or "" for each in values}
        parents = {each.get("ID") or "": each.get("PartyTypeID") or "" for each in values if each.tag == "PartySubType"}
        return cls(texts, parents)

    def text(self, kind: str, number: str | None) -> str:
        """Return what a number of a kind means; empty when the file does not say."""
        return self.texts.get((kind, number or ""), "")

    def party_type(self, number: str | None) -> str:
        """Return Individual, Entity, Vessel or Aircraft of a party's subtype."""
        own = self.text("PartySubType", number)
        return self.text("PartyType", self.parents.get(number or "")) if own in {"Unknown", ""} else own


def called(documented: Node, groups: Mapping[str, str]) -> str:
    """Put a name together as OFAC writes it: the family name, a comma, the rest in the published order."""
    pieces = [(groups.get(each.get("NamePartGroupID") or "", ""), each.text)
              for each in documented.all("DocumentedNamePart/NamePartValue")]  # fmt: skip
    family = joined(*(text for kind, text in pieces if kind in _FAMILY_NAMES))
    rest = joined(*(text for kind, text in pieces if kind not in _FAMILY_NAMES))
    return joined(family, rest, by=", ")


def feature_kind(label: str) -> str:
    """Return the kind of detail of a feature."""
    return _FEATURES.get(label.strip().lower(), contact_kind(label))


def lines_of(node: Node, reference: Reference) -> tuple[str, str | None]:
    """Return an address in one line, and the name of its country."""
    found = {
        reference.text("LocPartType", part.get("LocPartTypeID")): part.first("LocationPartValue/Value")
        for part in node.all("LocationPart")
    }
    countries = [reference.text("Country", each.get("CountryID")) for each in node.all("LocationCountry")]
    country = next((name for name in countries if name and name != "undetermined"), None)
    return joined(*(found.get(line) for line in _LINES), by=", "), country


def day_of(node: Node) -> date | None:
    """Return the day of a `Date`; None unless year, month and day are all there."""
    known = parts(node.first("Year"), node.first("Month"), node.first("Day"))
    return known[0] if known is not None and known[0] == known[1] else None


def period(node: Node) -> tuple[str, Days | None]:
    """Return the days between the earliest start and the latest end of a `DatePeriod`, as text and as dates."""
    points = [each for path in ("Start/From", "Start/To", "End/From", "End/To") for each in node.all(path)]
    known = [found for each in points if (found := parts(each.first("Year"), each.first("Month"), each.first("Day")))]
    if not known:
        return "", None
    first, last = min(first for first, _ in known), max(last for _, last in known)
    return (first.isoformat() if first == last else f"{first.isoformat()} to {last.isoformat()}"), (first, last)
