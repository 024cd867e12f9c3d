"""Import a register's statements: read, sort by record, match with the bank's parties, write whole or not at all."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from mirrorwatch.contract import OWNERSHIP
from mirrorwatch.errors import InputError
from mirrorwatch.registers import older
from mirrorwatch.registers.holdings import SHAREHOLDER, Holding, holdings
from mirrorwatch.registers.matching import Matcher
from mirrorwatch.registers.reading import Raw, statements
from mirrorwatch.registers.statements import EXEMPT, BadStatementError, Relation, Somebody, read
from mirrorwatch.registers.tables import REGISTER_ENTITIES, REGISTER_INTERESTS, REGISTER_SKIPPED
from mirrorwatch.store.delivered import Delivered, delivered
from mirrorwatch.store.registers import Registers

_REPEATED = "the statement is there already, word for word"
_TWICE = "another statement of the same record has the same id and says something else"


@dataclass(frozen=True)
class Import:
    """What an import is asked to do."""

    data: str
    files: Sequence[str]
    register: str = "bods"


@dataclass
class Read:
    """What the files hold: statements by record, and what was left out."""

    somebody: dict[str, list[Somebody]] = field(default_factory=lambda: defaultdict(list))
    relations: dict[str, list[Relation]] = field(default_factory=lambda: defaultdict(list))
    skipped: list[tuple[str, int, str | None, str]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, said: Somebody | Relation) -> None:
        """Keep a statement under its record."""
        kept: Any = self.somebody if isinstance(said, Somebody) else self.relations
        kept[said.said.record_id].append(said)

    def skip(self, raw: Raw, reason: str) -> None:
        """Leave something out, and say why."""
        value = raw.value if isinstance(raw.value, dict) else {}
        ident = value.get("statementId", value.get("statementID"))
        known = ident[:400].encode("utf-8", "replace").decode() if isinstance(ident, str) else None
        self.skipped.append((raw.file, raw.position, known, reason))


def run(asked: Import) -> dict[str, Any]:
    """Import the files, and tell what they hold.

    Raises InputError or UsageError, and then nothing is written; MirrorwatchError when another import is under way.
    """
    registers = Registers.of(asked.data, asked.register)
    files = delivered(asked.files)
    found = gathered(files)
    with registers.lock():
        matcher = Matcher.of(registers, asked.register)
        tables = _tables(found, matcher, registers.known_keys())
        changed = registers.publish(tables)
    rows = {name: frame.height for name, (frame, _) in tables.items()}
    reasons = Counter(reason for *_, reason in found.skipped)
    entities = tables["register_entities"][0]
    return {
        "register": asked.register, "outcome": "written" if changed else "unchanged",
        "files": [file.name for file in files], "statements": dict(sorted(found.counts.items())), "rows": rows,
        "matched_parties": int(entities["matched"].sum()), "nobody_named": int((entities["kind"] == "unknown").sum()),
        "skipped": dict(sorted(reasons.items())),
    }  # fmt: skip


def gathered(files: Iterable[Delivered]) -> Read:
    """Read all statements. Raises InputError where a file is broken, or holds nothing of this kind."""
    found, seen = Read(), dict[tuple[str, str], Any]()
    for order, raw in enumerate(_newest_words(files)):
        found.counts["read"] += 1
        try:
            said = read(raw, order)
        except BadStatementError as error:
            found.skip(raw, str(error))
            continue
        ident = (said.said.statement_id, said.said.record_id)  # packages that were put together may share an id
        if ident in seen:
            found.skip(raw, _REPEATED if seen[ident] == raw.value else _TWICE)
            continue
        seen[ident] = raw.value
        found.counts[raw.value["recordType"]] += 1
        found.add(said)
    if not seen:
        where = (
            f"{found.skipped[0][0]}, statement {found.skipped[0][1]}: {found.skipped[0][3]}" if found.skipped else ""
        )
        raise InputError(
            "The files hold no statement of the Beneficial Ownership Data Standard.", where=where,
            remedy="Give the statements as their publisher ships them, of version 0.2 or later.",
        )  # fmt: skip
    found.counts["kept"] = len(seen)
    found.counts["skipped"] = len(found.skipped)
    return found


def _newest_words(files: Iterable[Delivered]) -> Iterator[Raw]:
    """Give every statement as 0.4 writes it; older ones wait until all that they replace is known."""
    waiting: list[Raw] = []
    for file in files:
        for raw in statements(file):
            if isinstance(raw.value, dict) and older.is_older(raw.value):
                waiting.append(raw)
            else:
                yield raw
    replaces = {str(raw.value.get("statementID")): _texts(raw.value.get("replacesStatements")) for raw in waiting}
    record_of = older.records(replaces)
    yield from (Raw(raw.file, raw.position, older.translated(raw.value, record_of)) for raw in waiting)


def _texts(given: object) -> list[str]:
    return [each for each in given if isinstance(each, str)] if isinstance(given, list) else []


def _tables(found: Read, matcher: Matcher, known: pl.DataFrame) -> dict[str, tuple[pl.DataFrame, pl.Schema]]:
    newest = {record: max(said, key=lambda each: (str(each.said.day or ""), each.said.order))
              for record, said in found.somebody.items()}  # fmt: skip
    matcher.learn(newest.values())
    said = [each for record in sorted(found.relations) for each in holdings(found.relations[record])]
    entities = [matcher.row(each) for each in newest.values()]
    entities += matcher.nobody(found.relations)
    interests = pl.DataFrame([_interest(each, matcher) for each in said], REGISTER_INTERESTS, orient="row")
    named = pl.DataFrame(entities, REGISTER_ENTITIES, orient="row").unique("record_id", keep="first")
    skipped = pl.DataFrame(found.skipped, REGISTER_SKIPPED, orient="row")
    return {
        "register_entities": (named.sort("party_id", "record_id"), REGISTER_ENTITIES),
        "register_interests": (
            interests.sort("record_id", "since", "statement_id", "interest", nulls_last=False), REGISTER_INTERESTS
        ),
        "register_skipped": (skipped.sort("source_file", "source_position"), REGISTER_SKIPPED),
        "ownership": (_ownership(interests, known), OWNERSHIP.schema),
    }  # fmt: skip


def _ownership(interests: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Rows of the contract, one a key; those that the bank's own ownership has already are left to it."""
    ends = pl.col("until").fill_null(pl.date(9999, 12, 31))
    return (
        interests.filter(pl.col("left_out").is_null(), pl.col("owner_party_id") != pl.col("owned_party_id"))
        .with_columns(share=pl.when(pl.col("role") == SHAREHOLDER).then("least_share"))
        .sort(*OWNERSHIP.key, ends, "share", "statement_id", nulls_last=True)
        .unique(OWNERSHIP.key, keep="last", maintain_order=True)
        .join(known, on=OWNERSHIP.key, how="anti", nulls_equal=True)
        .select(list(OWNERSHIP.schema))
        .sort(OWNERSHIP.key)
    )


def _interest(holding: Holding, matcher: Matcher) -> tuple[object, ...]:
    relation, interest, said = holding.relation, holding.interest, holding.relation.said
    left_out = holding.left_out
    if relation.owner is None and relation.reason in EXEMPT:
        left_out = "nobody has to be named"
    return (
        matcher.owner(relation), matcher.party(relation.owned), holding.role, interest.type, interest.directness,
        interest.least, interest.most, holding.since, holding.until, said.day, left_out, said.record_id,
        said.statement_id, said.raw.file, said.raw.position,
    )  # fmt: skip
