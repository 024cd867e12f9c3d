"""Which parties of a data folder are one person or firm, with the values that say so."""

from datetime import date
from typing import Any

import polars as pl

from mirrorwatch.errors import UsageError
from mirrorwatch.intake.entities import resolved
from mirrorwatch.night.parts import stage_people
from mirrorwatch.night.planning import Plan
from mirrorwatch.store.staging import staged

_SHOWN = ("name", "phone", "email", "address", "born_or_incorporated_on")
_DECIMALS = 3


def entities(plan: Plan, party: str | None = None) -> dict[str, Any]:
    """Stage the parties and resolve them; JSON values, all sorted.

    `entities`: entity_id, party_type, agreement, accounts, parties (party_id, name). `chains_cut`: how many groups held
    together too badly. `keys_shared_by_too_many`: values that were no evidence on their own.
    With `party` only its entity, and `pairs`: each other party that may be it, with evidence and probability.
    Raises UsageError for a party that the data does not know.
    """
    stage_people(plan)
    found = resolved(plan.work, plan.run_date, plan.configuration().resolution)
    people = staged(plan.work, "parties").select("party_id", *_SHOWN)
    told = found.entities if party is None else _of(found.entities, people, party)
    named = told.lazy().join(people.select("party_id", "name"), on="party_id").sort("entity_id", "party_id").collect()
    large = found.blocks.filter(pl.col("too_large") > 0).sort("party_type", "key")
    listed = {"entities": _listed(named), "chains_cut": found.cut, "keys_shared_by_too_many": large.to_dicts()}
    return listed if party is None else {**listed, "pairs": _pairs(found.pairs, people, party)}


def _of(all_entities: pl.DataFrame, people: pl.LazyFrame, party: str) -> pl.DataFrame:
    if people.filter(pl.col("party_id") == party).head(1).collect().is_empty():
        raise UsageError(f"No party is called {party!r}.", where="--party", remedy="Give a party_id of the data.")
    mine = all_entities.filter(pl.col("party_id") == party).select("entity_id")
    return all_entities.join(mine, on="entity_id", how="semi")


def _listed(named: pl.DataFrame) -> list[dict[str, Any]]:
    of_one = named.group_by("entity_id", maintain_order=True).agg(
        pl.col("party_type", "agreement", "accounts").first(), parties=pl.struct("party_id", "name")
    )
    return of_one.to_dicts()


def _pairs(pairs: pl.DataFrame, people: pl.LazyFrame, party: str) -> list[dict[str, Any]]:
    left, right = pl.col("left_party_id"), pl.col("right_party_id")
    mine = pairs.filter((left == party) | (right == party)).with_columns(
        other=pl.when(left == party).then(right).otherwise(left)
    )
    wanted = [party, *mine["other"]]
    values = {row["party_id"]: row for row in people.filter(pl.col("party_id").is_in(wanted)).collect().to_dicts()}
    ordered = mine.sort("probability", "other", descending=[True, False]).to_dicts()
    return [_told(pair, values[party], values[pair["other"]]) for pair in ordered]


def _told(pair: dict[str, Any], one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    evidence = [
        {**item, "value": _text(one.get(item["field"])), "other_value": _text(other.get(item["field"]))}
        for item in pair["evidence"]
    ]
    bits = round(sum(item["bits"] for item in evidence), _DECIMALS)
    return {"party_id": other["party_id"], "probability": pair["probability"], "bits": bits, "evidence": evidence}


def _text(value: object) -> str | None:
    return value.isoformat() if isinstance(value, date) else None if value is None else str(value)
