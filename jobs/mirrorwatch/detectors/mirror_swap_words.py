"""Mirror-swap rings as findings: figures of each ring, indicators against thresholds, and the sentences about them."""

from collections.abc import Iterator
from math import log10
from typing import Any

import polars as pl

from mirrorwatch.detectors.base import FINDINGS, Floor, NightFrames
from mirrorwatch.detectors.mirror_swap_parameters import MirrorSwapParameters
from mirrorwatch.detectors.writing import usd
from mirrorwatch.features.marks import SHARE_OF_SWAPS, over_income

FLOOR = Floor(1e-6, "a few moved nights, whose best scores are carried on far beyond the highest that was seen")
FINCEN = "FIN-2025-A003"
BENJAMINI = "Benjamini and Hochberg 1995"
FINCEN_NOTE = "FIN-2025-A003 fn 28"


def findings(
    swaps: pl.DataFrame, night: NightFrames, ties: pl.LazyFrame, settled: pl.DataFrame, parameters: MirrorSwapParameters
) -> pl.LazyFrame:
    """Turn swaps (`matching.corridors.SWAPS`) into a FINDINGS frame; rings that a settlement explains are left out."""
    if swaps.is_empty():
        return pl.LazyFrame(schema=FINDINGS)
    wanted = swaps.select("transaction_id").unique().lazy()
    booked = night.transactions.join(wanted, on="transaction_id", how="semi")
    legs = _with_accounts(swaps.lazy(), booked, ties).collect().sort("ring", "swap", "side", "part")
    # One running order over both sides, so that a place such as 7.2 names one payment: collections, then payouts.
    legs = legs.with_columns(step=pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("ring", "swap"))
    rows = [row for ring in _rings(legs) if (row := _finding(ring, settled, parameters)) is not None]
    return pl.LazyFrame(rows, schema=FINDINGS)


def _with_accounts(swaps: pl.LazyFrame, booked: pl.LazyFrame, ties: pl.LazyFrame) -> pl.LazyFrame:
    """Each leg with its member account and party and what was booked."""
    member = pl.when(pl.col("side") == "collection").then("beneficiary_account_id").otherwise("originator_account_id")
    place = pl.when(pl.col("side") == "collection").then("beneficiary_country").otherwise("originator_country")
    booked = booked.select(
        "transaction_id",
        "booked_at",
        "usd_minor",
        "currency",
        "channel",
        "originator_account_id",
        "beneficiary_account_id",
        "originator_country",
        "beneficiary_country",
        "conductor_party_id",
    )
    return (
        swaps.join(booked, on="transaction_id")
        .with_columns(account_id=member, country=place)
        .join(ties.select("account_id", "party_id", "group_id", "account_type", "turnover_usd"), on="account_id")
    )


def _rings(legs: pl.DataFrame) -> Iterator[pl.DataFrame]:
    for _, ring in legs.group_by("ring", maintain_order=True):
        yield ring


def _finding(legs: pl.DataFrame, settled: pl.DataFrame, parameters: MirrorSwapParameters) -> dict[str, Any] | None:
    """One ring as a FINDINGS row, or none when it has swaps on too few days or the sides settle across the border."""
    facts = _facts(legs, settled)
    if min(facts["swaps"], facts["days"]) < parameters.least_swaps or facts["settled_share"] > parameters.settled_share:
        return None
    return {
        "score": facts["score"],
        "chance_probability": facts["chance"],
        "subject_party_id": facts["subject"],
        "account_ids": facts["accounts"],
        "party_ids": facts["parties"],
        "transaction_ids": sorted(legs["transaction_id"].to_list()),
        "first_booked_at": facts["first"],
        "last_booked_at": facts["last"],
        "amount_usd_minor": facts["collected"],
        "indicators": _indicators(facts, parameters),
        "narrative": _narrative(facts),
        "would_not_fire_if": _counterfactuals(facts, parameters),
        "next_steps": _next_steps(facts),
        "evidence": [
            {"transaction_id": t, "role": side, "group_no": swap, "step_no": step}
            for t, side, swap, step in legs.select("transaction_id", "side", "swap", "step").rows()
        ],
    }


def _facts(legs: pl.DataFrame, settled: pl.DataFrame) -> dict[str, Any]:
    """Everything that the sentences say, from the ring's legs."""
    collected, paid = (legs.filter(pl.col("side") == side) for side in ("collection", "payout"))
    each = (
        legs.group_by("swap")
        .agg(
            taken=pl.col("usd_minor").filter(pl.col("side") == "collection").sum(),
            given=pl.col("usd_minor").filter(pl.col("side") == "payout").sum(),
            taken_at=pl.col("booked_at").filter(pl.col("side") == "collection").min(),
            given_at=pl.col("booked_at").filter(pl.col("side") == "payout").min(),
            parts=pl.len(),
        )
        .sort("swap")
        .with_columns(
            fee=1 - pl.col("given") / pl.col("taken"),
            lag=(pl.col("given_at") - pl.col("taken_at")).dt.total_seconds() / 3600,
        )
    )
    groups = [set(side["group_id"].to_list()) for side in (collected, paid)]
    crossing = settled.filter(
        (pl.col("payer_group").is_in(list(groups[0])) & pl.col("payee_group").is_in(list(groups[1])))
        | (pl.col("payer_group").is_in(list(groups[1])) & pl.col("payee_group").is_in(list(groups[0])))
    )
    # The score keeps what the model says, so that strong rings stay in order; the probability says no more than it can.
    modelled = float(legs["chance_probability"][0])
    taken = int(collected["usd_minor"].sum())
    by_party = (
        collected.group_by("party_id")
        .agg(pl.col("usd_minor").sum())
        .sort("usd_minor", "party_id", descending=[True, False])
    )
    return {
        "swaps": each.height,
        "days": each["taken_at"].dt.date().n_unique(),
        "expected_swaps": float(legs["chance_swaps"][0]),
        "expected_rings": float(legs["expected_by_chance"][0]),
        "chance": max(modelled, FLOOR.probability),
        "score": _score(modelled),
        "nats": float(legs["score_nats"][0]),
        "collected": taken,
        "paid": int(paid["usd_minor"].sum()),
        "accounts": sorted(set(legs["account_id"].to_list())),
        "parties": sorted(set(legs["party_id"].to_list())),
        "subject": by_party["party_id"][0],
        "collectors": collected["account_id"].n_unique(),
        "payers": paid["account_id"].n_unique(),
        "here": (collected["country"][0], collected["currency"][0]),
        "there": (paid["country"][0], paid["currency"][0]),
        "channels": [", ".join(sorted(set(side["channel"].to_list()))) for side in (collected, paid)],
        "fee": float(each["fee"].median() or 0.0),  # type: ignore[arg-type]
        "lag": float(each["lag"].median() or 0.0),  # type: ignore[arg-type]
        "split": int((each["parts"] > 2).sum()),  # noqa: PLR2004 - one leg a side is a whole swap
        "first": legs["booked_at"].min(),
        "last": legs["booked_at"].max(),
        "by_others": _share(collected, pl.col("conductor_party_id") != pl.col("party_id")),
        "over_income": _share(legs.filter(pl.col("account_type") == "personal"), over_income()),
        "settled_share": int(crossing["usd_minor"].sum()) / max(1, taken),
    }


def _share(legs: pl.DataFrame, fact: pl.Expr) -> float | None:
    """Share of the legs with a fact, of those that tell it; none where none does."""
    return legs.select(fact.mean()).item()  # type: ignore[no-any-return]


def _score(chance: float) -> float:
    """Score: each factor of ten by which chance is less likely halves what is missing to one."""
    decades = -log10(max(chance, 1e-300))
    return round(1 - float(0.5**decades), 6)


def _indicators(facts: dict[str, Any], parameters: MirrorSwapParameters) -> list[dict[str, Any]]:
    rows = [
        ("handed_in_by_others", facts["by_others"], SHARE_OF_SWAPS["by_other"], 0.0, f"{FINCEN}, FINTRAC-2023-OA002",
         "Share of the cash collections with someone else than the holder at the counter; weighed in the evidence."),
        ("beyond_income", facts["over_income"], SHARE_OF_SWAPS["over_income"], 0.0, f"{FINCEN}, FINTRAC-2023-OA002",
         "Share of the persons' payments beyond their declared monthly income; weighed in the evidence."),
        ("repeated_swaps", float(facts["swaps"]), float(parameters.least_swaps), 1.0, FINCEN_NOTE,
         "Two equal but separate payments in two countries, repeated by the same accounts."),
        ("rings_by_chance", facts["expected_rings"], parameters.false_discovery_rate, 1.0, BENJAMINI,
         "Rings with so much evidence that the night shows when one side is moved by weeks."),
        ("evidence_nats", facts["nats"], 0.0, 1.0, "log-likelihood ratio, docs/mirror-swap-statistics.md",
         "Evidence for swaps over chance in natural-log units, less the price of naming each account."),
        ("median_fee", facts["fee"], parameters.fee_high, 0.0, "press: 0.3 to 3 %; no regulator gives a figure",
         "What the broker kept; context, not weighed by itself."),
        ("median_lag_hours", facts["lag"], float(parameters.paid_after_hours), 0.0, f"{FINCEN}: nearly instantly",
         "Hours from collection to payout; context, not weighed by itself."),
        ("settled_share", facts["settled_share"], parameters.settled_share, 0.0, f"{FINCEN}: no cross-border wire",
         "Payments across the border between both sides, as a share of the swaps: a settlement would explain them."),
    ]  # fmt: skip
    keys = ("code", "value", "threshold", "weight", "reference", "reason")
    return [dict(zip(keys, row, strict=True)) for row in rows if row[1] is not None]


def _accounts(count: int) -> str:
    return "One account" if count == 1 else f"{count} accounts"


def _lag_words(hours: float) -> str:
    return f"{abs(hours):.0f} hours {'before' if hours < 0 else 'after'} the collection"


def _odds(chance: float) -> str:
    if FLOOR.reached(chance):
        return f"{FLOOR.words} nights"
    return f"1 night in {1 / chance:,.0f}" if chance < 0.5 else "most nights"  # noqa: PLR2004 - even odds


def _narrative(facts: dict[str, Any]) -> str:
    (here, here_currency), (there, there_currency) = facts["here"], facts["there"]
    payers = _accounts(facts["payers"]).lower()
    return (
        f"{_accounts(facts['collectors'])} in {here} took in {usd(facts['collected'])} in {here_currency} "
        f"({facts['channels'][0]}), and {payers} in {there} paid out {usd(facts['paid'])} in "
        f"{there_currency} ({facts['channels'][1]}), in {facts['swaps']} swaps between {facts['first']:%Y-%m-%d} and "
        f"{facts['last']:%Y-%m-%d}. Each payout is worth its collection less a fee (median {facts['fee']:.1%}), with a "
        f"median lag of {_lag_words(facts['lag'])}; {facts['split']} of the swaps were split into parts. No owner or "
        f"group stands behind both sides and no settlement between them is seen. Ordinary activity shows a ring with "
        f"this much evidence in {_odds(facts['chance'])}."
    )


def _counterfactuals(facts: dict[str, Any], parameters: MirrorSwapParameters) -> list[str]:
    few = f"The accounts had made fewer than {parameters.least_swaps} swaps (they made {facts['swaps']})."
    common = (
        f"As many rings were expected by chance as the false-discovery rate of {parameters.false_discovery_rate:.0%} "
        f"allows (expected here: {facts['expected_rings']:.2g})."
    )
    tied = (
        "One owner or ownership group stood behind both sides, or either side held a licence as a bank, remitter, "
        "payment provider or broker."
    )
    settled = (
        f"The two sides had paid each other across the border {parameters.settled_share:.0%} or more of the swaps' "
        f"worth (they paid {facts['settled_share']:.1%})."
    )
    return [few, common, tied, settled]


def _next_steps(facts: dict[str, Any]) -> list[str]:
    here, there = facts["here"][0], facts["there"][0]
    return [
        f"Read the {facts['swaps']} swaps side by side: do amounts, days and the order of accounts make one book?",
        f"Ask who conducted the collections in {here} and what their income is; compare with the accounts' profile.",
        f"Ask what the payees in {there} were paid for, and whether they know the payers.",
        "Look for money that moves the collected funds on, and for what funds the payout accounts.",
        "If it holds, consider a SAR with the key term CMLN-2025-A003 where the network fits the advisory.",
    ]
