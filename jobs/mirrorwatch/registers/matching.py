"""Which of the bank's parties a register speaks of: by identifier, where one is given and leads to one party only.

A party is matched when its id is the identifier itself (`SCHEME-ID`), or `party_identifiers` says so. Names are left to
screening and resolution. Whoever is not matched keeps an id of the register's: `NAME:kind:record`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from mirrorwatch.registers.statements import EXEMPT, Relation, Somebody
from mirrorwatch.store.registers import Registers


@dataclass
class Matcher:
    """Party ids of a register's records."""

    register: str
    parties: frozenset[str]
    known: Mapping[str, frozenset[str]]
    _party: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, registers: Registers, name: str) -> "Matcher":
        """Learn the bank's parties and their identifiers."""
        known: dict[str, set[str]] = defaultdict(set)
        for party, scheme, identifier in registers.identifiers().iter_rows():
            known[f"{scheme}-{identifier}"].add(party)
        return cls(name, frozenset(registers.parties()), {key: frozenset(held) for key, held in known.items()})

    def learn(self, described: Iterable[Somebody]) -> None:
        """Learn which record is which party."""
        for each in described:
            found = {party for ident in each.identifiers for party in self._of(ident)}
            own = f"{self.register}:{each.kind}:{each.said.record_id}"
            self._party[each.said.record_id] = found.pop() if len(found) == 1 else own

    def _of(self, identifier: str) -> frozenset[str]:
        direct = {identifier} & self.parties
        return frozenset(direct) | self.known.get(identifier, frozenset())

    def party(self, record: str) -> str:
        """Return the party id of a record; one that no statement describes is somebody unknown."""
        return self._party.get(record, f"{self.register}:unknown:{record}")

    def owner(self, relation: Relation) -> str:
        """Return the owner's party id; where nobody is named, one of the relationship's own: there a chain ends."""
        if relation.owner is not None:
            return self.party(relation.owner)
        return f"{self.register}:unknown:{relation.said.record_id}"

    def row(self, each: Somebody) -> tuple[object, ...]:
        """Make the row of REGISTER_ENTITIES of somebody described."""
        party = self.party(each.said.record_id)
        matched = not party.startswith(f"{self.register}:{each.kind}:")
        return (party, each.said.record_id, each.kind, each.type, each.name, each.country, list(each.identifiers),
                each.listed, each.reason, matched, each.said.raw.file, each.said.raw.position)  # fmt: skip

    def nobody(self, relations: Mapping[str, Iterable[Relation]]) -> list[tuple[object, ...]]:
        """Make rows of those whom a relationship leaves unnamed, or names without describing them."""
        rows: list[tuple[object, ...]] = []
        for record in sorted(relations):
            for each in relations[record]:
                at = (each.said.raw.file, each.said.raw.position)
                if each.owner is None:
                    kind = "exempt" if each.reason in EXEMPT else "unknown"
                    rows.append((self.owner(each), record, kind, None, None, None, [], False, each.reason, False, *at))
                named = {each.owned, each.owner} - {None} - self._party.keys()
                rows += [
                    (self.party(str(one)), one, "unknown", None, None, None, [], False, "not described", False, *at)
                    for one in sorted(map(str, named))
                ]
        return rows
