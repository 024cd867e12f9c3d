"""Which parties are one person or one firm, as a probability with its evidence. Pure: frames in, frames out."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from mirrorwatch.resolution import comparing, weights
from mirrorwatch.resolution.blocking import BLOCKS, Blocked, blocked
from mirrorwatch.resolution.clusters import Links, cut
from mirrorwatch.resolution.comparing import Compared, Side
from mirrorwatch.resolution.evidence import EVIDENCE, evidence
from mirrorwatch.resolution.marks import MARKS, of_owners
from mirrorwatch.resolution.parameters import ResolutionParameters
from mirrorwatch.resolution.spelling import Coded

PAIRS = pl.Schema(
    {
        "left_party_id": pl.String(),
        "right_party_id": pl.String(),
        "party_type": pl.String(),
        "probability": pl.Float64(),
        "evidence": pl.List(EVIDENCE),
    }
)
ENTITIES = pl.Schema(
    {
        "party_id": pl.String(),
        "entity_id": pl.String(),
        "party_type": pl.String(),
        "parties": pl.Int64(),
        "accounts": pl.Int64(),
        "agreement": pl.Float64(),
    }
)
COMPARED = ("party_id", "party_type", "name", "born_or_incorporated_on", "address", "phone", "email")
_DECIMALS = 6


@dataclass(frozen=True)
class Resolved:
    """What was found, sorted by ids.

    `pairs` (PAIRS, from `least_told` on), `entities` (ENTITIES, of two parties and more), `blocks` (BLOCKS: what each
    key did), `cut` (how many chains were cut).
    """

    pairs: pl.DataFrame
    entities: pl.DataFrame
    blocks: pl.DataFrame
    cut: int


def resolve(
    parties: pl.LazyFrame,
    ownership: pl.LazyFrame,
    accounts: pl.LazyFrame,
    parameters: ResolutionParameters,
    marks: pl.LazyFrame | None = None,
) -> Resolved:
    """Link parties of one type that are likely one.

    `parties`, `ownership` (what held on the run date) and `accounts` have the contract's schemas; `marks` (MARKS) adds
    identifiers and conductors. An entity is called by the smallest of its party ids; `agreement` is the average
    probability over its pairs; `accounts` the accounts of all its parties.
    """
    given = pl.concat([of_owners(ownership), *([] if marks is None else [marks.select(MARKS.names())])])
    every = given.drop_nulls().unique().collect()
    kinds = sorted(parties.select(pl.col("party_type").unique()).collect()["party_type"].drop_nulls())
    one_by_one = [_resolve_type(parties, ownership, every, kind, parameters) for kind in kinds]
    pairs = pl.concat([pl.DataFrame(schema=PAIRS), *(each.pairs for each in one_by_one)])
    entities = pl.concat([pl.DataFrame(schema=ENTITIES), *(each.entities for each in one_by_one)])
    return Resolved(
        pairs.sort("left_party_id", "right_party_id"),
        _with_accounts(entities, accounts).sort("entity_id", "party_id"),
        pl.concat([pl.DataFrame(schema=BLOCKS), *(each.blocks for each in one_by_one)]),
        sum(each.cut for each in one_by_one),
    )


def _with_accounts(entities: pl.DataFrame, accounts: pl.LazyFrame) -> pl.DataFrame:
    members = entities.lazy().select("party_id", "entity_id")
    held = accounts.join(members, on="party_id").group_by("entity_id").agg(held=pl.len().cast(pl.Int64)).collect()
    counted = entities.join(held, on="entity_id", how="left")
    return counted.with_columns(accounts=pl.col("held").fill_null(0)).select(ENTITIES.names())


def _resolve_type(
    parties: pl.LazyFrame, ownership: pl.LazyFrame, marks: pl.DataFrame, kind: str, parameters: ResolutionParameters
) -> Resolved:
    frame = parties.filter(pl.col("party_type") == kind).select(COMPARED).sort("party_id").collect()
    ids = frame["party_id"]
    if len(ids) < 2:  # noqa: PLR2004 - nobody to compare with
        return _nothing()
    told = comparing.side(frame, _numbered(marks, ids), _owning(ownership, ids), person=kind == "person")
    del frame
    found = blocked(_values(told), told.names, {name: rows for name, (rows, _) in told.marks.items()}, parameters)
    blocks = pl.DataFrame([{"party_type": kind, **row} for row in found.told], schema=BLOCKS)
    if not len(found.left):
        return Resolved(_nothing().pairs, _nothing().entities, blocks, 0)
    model = _fitted(told, found, parameters)
    scored = _scored(told, found, model, parameters)
    labels, chains = cut(scored, len(ids), parameters)
    return Resolved(
        _pairs(told, model, scored, ids, kind, parameters), _entities(labels, scored, ids, kind), blocks, chains
    )


def _nothing() -> Resolved:
    return Resolved(pl.DataFrame(schema=PAIRS), pl.DataFrame(schema=ENTITIES), pl.DataFrame(schema=BLOCKS), 0)


def _values(told: Side) -> dict[str, Coded]:
    return {name: getattr(told, name) for name in ("phone", "email", "mailbox", "address", "born")}


def _rows(ids: pl.Series) -> pl.DataFrame:
    return ids.to_frame("party_id").with_row_index("row")


def _numbered(marks: pl.DataFrame, ids: pl.Series) -> dict[str, pl.DataFrame]:
    """Split the marks of these parties: kind -> (row, value)."""
    mine = marks.join(_rows(ids), on="party_id").sort("kind", "row", "value")
    return {str(kind): rows.select("row", "value") for (kind,), rows in mine.partition_by("kind", as_dict=True).items()}


def _owning(ownership: pl.LazyFrame, ids: pl.Series) -> np.ndarray:
    """Pairs of rows of which one owns the other, both ways round, as left << 32 | right, sorted."""
    rows = _rows(ids).lazy()
    both = (
        ownership.join(rows, left_on="owner_party_id", right_on="party_id")
        .join(rows, left_on="owned_party_id", right_on="party_id", suffix="_owned")
        .select("row", "row_owned")
        .collect()
    )
    first, second = (both[name].to_numpy().astype(np.uint64) for name in ("row", "row_owned"))
    shift = np.uint64(32)
    return np.unique(np.concatenate([(first << shift) | second, (second << shift) | first]))


def _fitted(told: Side, found: Blocked, parameters: ResolutionParameters) -> weights.Model:
    every = max(1, -(-len(found.left) // parameters.fitted_pairs))
    some = _compared(told, found.left[::every], found.right[::every], parameters)
    return weights.fitted(weights.start(told, parameters), some, len(some.level) / len(found.left), parameters)


def _compared(told: Side, left: np.ndarray, right: np.ndarray, parameters: ResolutionParameters) -> Compared:
    size = parameters.pairs_at_once
    parts = [comparing.compare(told, left[at : at + size], right[at : at + size]) for at in range(0, len(left), size)]
    return Compared(np.concatenate([part.level for part in parts]), np.concatenate([part.chance for part in parts]))


def _scored(told: Side, found: Blocked, model: weights.Model, parameters: ResolutionParameters) -> Links:
    parts = []
    for at in range(0, len(found.left), parameters.pairs_at_once):
        piece = slice(at, at + parameters.pairs_at_once)
        total = weights.totals(model, comparing.compare(told, found.left[piece], found.right[piece]))
        parts.append(np.round(weights.probabilities(total)[:, weights.SAME], _DECIMALS))
    return Links(found.left, found.right, np.concatenate(parts))


def _pairs(
    told: Side, model: weights.Model, scored: Links, ids: pl.Series, kind: str, parameters: ResolutionParameters
) -> pl.DataFrame:
    kept = scored.where(scored.probability >= parameters.least_told)
    reasons: pl.Series | list[object] = (
        evidence(model, _compared(told, kept.left, kept.right, parameters)) if len(kept.left) else []
    )
    columns = {
        "left_party_id": ids.gather(kept.left),
        "right_party_id": ids.gather(kept.right),
        "party_type": [kind] * len(kept.left),
        "probability": kept.probability,
        "evidence": reasons,
    }
    return pl.DataFrame(columns, schema=PAIRS)


def _entities(labels: np.ndarray, scored: Links, ids: pl.Series, kind: str) -> pl.DataFrame:
    inside = labels[scored.left] == labels[scored.right]
    sums = np.bincount(labels[scored.left[inside]], scored.probability[inside], minlength=int(labels.max()) + 1)
    frame = pl.DataFrame({"party_id": ids, "label": labels, "sum": sums[labels]})
    size = pl.len().over("label").cast(pl.Int64)
    named = frame.with_columns(parties=size).filter(pl.col("parties") > 1)
    possible = pl.col("parties") * (pl.col("parties") - 1) / 2
    return named.select(
        "party_id",
        entity_id=pl.col("party_id").min().over("label"),
        party_type=pl.lit(kind),
        parties="parties",
        accounts=pl.lit(0, pl.Int64),
        agreement=(pl.col("sum") / possible).round(4),
    )
