"""From claims of the sub-patterns to schemes: firms that share a matter become one, with every term's value."""

from dataclasses import dataclass

import polars as pl

from mirrorwatch.detectors.trade_based_claims import Claims
from mirrorwatch.detectors.writing import EVIDENCE, MEMBERS
from mirrorwatch.features.chains import component_of
from mirrorwatch.features.invoices import Settled

WHOLE_THOUSAND = 100_000  # in hundredths of a currency
BEST_REBATE = 0.25  # of purchases: above any export rebate, which is at most the tax on them
SIZES = {
    "misvaluation": ("over_invoiced", "under_invoiced", "unlike_documents", "in_parts", "price_apart"),
    "undocumented": ("undocumented",),
    "paid_again": ("paid_again", "paid_by_others"),
    "parcels_under_limit": ("under_limit",),
    "unbacked_share": ("unbacked_income",),
}


@dataclass(frozen=True)
class Schemes:
    """Frames for `writing.findings`, without score."""

    values: pl.DataFrame
    members: pl.DataFrame
    evidence: pl.DataFrame


def _scheme_of(found: Claims) -> pl.DataFrame:
    """One row a unit: the number of its scheme."""
    first = found.suspects.group_by("unit").agg(pl.col("party_id").min().alias("party_id_to"))
    edges = found.suspects.join(first, on="unit").select("party_id", "party_id_to").unique().sort(pl.all())
    nodes = found.suspects.select("party_id").unique()
    numbered = component_of(nodes, edges, ("party_id",), "scheme")
    return first.join(numbered, left_on="party_id_to", right_on="party_id").select("unit", "scheme").sort("unit")


def _members(found: Claims, place: pl.DataFrame, accounts: pl.DataFrame) -> pl.DataFrame:
    """All accounts of the suspects: what went through one of them may be spread over the others."""
    suspects = found.suspects.join(place, on="unit").select("scheme", "party_id").unique()
    on_file = suspects.join(accounts, on="party_id", how="left")
    # an account that is on no file is its own party
    return on_file.with_columns(pl.coalesce("account_id", "party_id").alias("account_id")).select(MEMBERS).sort(MEMBERS)


def _evidence(found: Claims, place: pl.DataFrame) -> pl.DataFrame:
    rows = found.payments.join(place, on="unit").sort("scheme", "unit", "booked_at", "transaction_id")
    once = rows.unique(("scheme", "transaction_id"), keep="first", maintain_order=True)
    return once.with_columns(
        group_no=pl.col("unit").rank("dense").over("scheme").cast(pl.Int64),
        step_no=pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("scheme", "unit"),
    ).select(*EVIDENCE, "usd_minor", "amount_minor", "payer_account", "payee_account")


def _units(found: Claims, place: pl.DataFrame) -> pl.DataFrame:
    """One row a scheme: units, what is told of each, the one that moved most first."""
    named = found.suspects.group_by("unit").agg(pl.col("party_id").sort().alias("named"))
    paid = found.payments.group_by("unit").agg(
        pl.len().cast(pl.Int64).alias("payments"),
        pl.col("document_ids").explode().drop_nulls().unique().sort().alias("documents"),
    )
    told = found.values.join(named, on="unit").join(paid, on="unit").join(place, on="unit")
    told = told.sort("scheme", pl.col("moved_minor") * -1, "unit")
    item = pl.struct("unit", "pattern", "share", "size", "moved_minor", "note", "named", "payments", "documents")
    sizes = [
        pl.col("size").filter(pl.col("pattern").is_in(patterns)).max().alias(name) for name, patterns in SIZES.items()
    ]
    return told.group_by("scheme", maintain_order=True).agg(
        item.alias("units"),
        *sizes,
        pl.col("chance").min().alias("chance_probability"),
        (pl.col("chance").min().log10() * -1).alias("beyond_custom"),
        pl.col("share").max().alias("contradicted_share"),
    )


def _figures(evidence: pl.DataFrame, settled: Settled) -> pl.DataFrame:
    contradicted = evidence.filter(pl.col("role") != "onward")
    third = settled.valued.filter(pl.col("how") == "tied").select("transaction_id", "third_party")
    return contradicted.join(third, on="transaction_id", how="left").group_by("scheme").agg(
        pl.len().cast(pl.Float64).alias("contradicted_payments"),
        pl.col("usd_minor").sum().alias("amount_usd_minor"),
        (pl.col("amount_minor") % WHOLE_THOUSAND == 0).mean().alias("round_share"),
        pl.col("third_party").mean().alias("third_party_share"),
    )  # fmt: skip


def _spent(members: pl.DataFrame, spent: pl.DataFrame) -> pl.DataFrame:
    """One row a scheme with a firm among `spent` (the unbacked): forwarded_share, dwell_days, unearned_rebates."""
    firms = members.select("scheme", "party_id").unique().join(spent, on="party_id", how="inner")
    earned = pl.max_horizontal(pl.col("backing_minor") * BEST_REBATE, pl.lit(1.0))
    rebates = pl.when(pl.col("rebate_minor") > 0).then((pl.col("rebate_minor") / earned).clip(0, 100))
    return firms.group_by("scheme").agg(
        pl.col("forwarded").max().clip(0, 1).alias("forwarded_share"),
        pl.min_horizontal("dwell_days", "delay_days").min().alias("dwell_days"),
        rebates.max().alias("unearned_rebates"),
    )


def _subjects(members: pl.DataFrame, evidence: pl.DataFrame) -> pl.DataFrame:
    """One row a scheme: the suspect through whose accounts most of it went."""
    sides = pl.concat(
        [evidence.select("scheme", "usd_minor", account_id=f"{side}_account") for side in ("payer", "payee")]
    )
    moved = members.join(sides, on=("scheme", "account_id"), how="left").group_by("scheme", "party_id").agg(
        pl.col("usd_minor").sum()
    )  # fmt: skip
    ordered = moved.sort("scheme", pl.col("usd_minor") * -1, "party_id")
    return ordered.group_by("scheme").agg(pl.col("party_id").first().alias("subject_party_id"))


def schemes(found: Claims, accounts: pl.DataFrame, settled: Settled, spent: pl.DataFrame) -> Schemes:
    """Schemes with every term's value; `accounts` is account_id, party_id, `spent` the rows of unbacked income."""
    place = _scheme_of(found)
    members, evidence = _members(found, place, accounts), _evidence(found, place)
    values = _units(found, place)
    for more in (_figures(evidence, settled), _spent(members, spent), _subjects(members, evidence)):
        values = values.join(more, on="scheme", how="left")
    kept = values.drop_nulls(("subject_party_id", "amount_usd_minor")).sort("scheme")
    return Schemes(kept, members, evidence.select(EVIDENCE))
