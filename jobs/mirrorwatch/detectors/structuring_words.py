"""What an analyst would say of structuring: the finding, what would have cleared it, what to do next."""

import polars as pl

from mirrorwatch.detectors.structuring_evidence import CLUSTER, Pieces
from mirrorwatch.detectors.structuring_parameters import StructuringParameters
from mirrorwatch.detectors.structuring_terms import TERMS
from mirrorwatch.detectors.writing import Row, Words, findings, named, usd
from mirrorwatch.features.counter import INSTRUMENT

_DONE = {"deposit": "deposits of cash", "withdrawal": "withdrawals of cash", "instrument": "cheques and money orders"}


def _spread(row: Row) -> str:
    parts = [
        f"{number:,.0f} {many if number != 1 else one}"
        for number, one, many in (
            (row["branches"], "branch", "branches"),
            (row["conductors"], "known hand at the counter", "known hands at the counter"),
            (len(row["accounts"]), "account", "accounts"),
        )
        if number
    ]
    return ", ".join(parts)


def _evasion(row: Row) -> str:
    said = []
    if row["split_days"]:
        said.append(
            f"they added up to more than the threshold on {row['split_days']:.1f} days (two days in a row count half, "
            f"and less where ordinary accounts are as often apart), over up to {row['apart_a_day']:.0f} "
            f"{'instruments' if row['kind'] == INSTRUMENT else 'places, hands or accounts'} a day"
        )
    for term, what in (("branches_beyond", "another branch is used"), ("conductors_beyond", "another hand comes")):
        if row[term] is not None and row[term] > 1:
            said.append(f"{what} more often than with ordinary accounts ({row[term]:.1f} powers of ten against chance)")
    if row["amounts_changed"]:
        said.append(f"{row['amounts_changed']:.0f} sums above it were taken back and brought again below it")
    if row["regions"] > 2:  # noqa: PLR2004 : home and one place beside it are no funnel
        said.append(f"they came from {row['regions']:.0f} regions")
    return "; ".join(said)


def _rest(row: Row) -> str:
    said = []
    if row["passed_on"] is not None:
        said.append(f"{row['passed_on']:.0%} of the cash left again within days")
    if row["over_income"] is not None:
        said.append(f"a year at this rate is {row['over_income']:.1f} times what the holders declared")
    return f" Besides, {'; '.join(said)}." if said else ""


def _narrative(row: Row) -> str:
    return (
        f"{row['pieces']} {_DONE[row['kind']]}, {usd(row['amount_usd_minor'])} in all, each under the threshold from "
        f"which it is reported or recorded, over {_spread(row)} of {named(row['accounts'])}. What shows evasion: "
        f"{_evasion(row)}.{_rest(row)} Rules as they stood: {row['rules']}."
    )


def _together(row: Row) -> str:
    if row["kind"] == INSTRUMENT:
        return "They were bought one a day, or less than half for cash: nearness to the threshold is no finding."
    return "The sums came through one branch, by one hand, to one account: nearness to the threshold is no finding."


def words(parameters: StructuringParameters) -> Words:
    """Give the sentences of a finding under `parameters`."""

    def cleared(row: Row) -> list[str]:
        enough = parameters.score if row["persons"] else parameters.business_score
        return [
            f"The score were below {enough:.2f}; it is {row['score']:.3f}.",
            _together(row),
            f"The sums were smaller than {parameters.least_mean_piece:.0%} of the threshold on average.",
            "A business's own turnover carried the cash, banked every week at its usual branches by its usual people.",
            "One of the holders held, or were covered by, a licence to move money for others.",
        ]

    return Words(_narrative, cleared, _next_steps)


def _next_steps(row: Row) -> list[str]:
    return [
        "Ask the branches who stood at the counter, what was said about reports, and whether a sum was changed.",
        "See whether cash reports were filed for the person on the days named, all accounts taken together.",
        f"Ask the holders of {named(row['accounts'])} where the cash comes from, and why by these ways.",
        "Follow where the money went next; whoever was merely paid is not a suspect for that.",
    ]


def _members(own: pl.DataFrame, split: pl.DataFrame) -> pl.DataFrame:
    """Accounts that took their part: scheme, account_id, party_id.

    With two sums or more, or with one on a day that adds up; and with a quarter of what each had on average.
    """
    days = split.join(own.select("scheme", *CLUSTER).unique(), on=CLUSTER, how="inner")
    every = pl.concat([days.select("scheme", "day"), days.select("scheme", day="until")]).unique()
    on_day = own.join(every, on=("scheme", "day"), how="semi").select("scheme", "account_id").unique()
    each = own.group_by("scheme", "account_id", "party_id").agg(pl.len().alias("sums"), pl.col("part").sum())
    a_share = pl.col("part") * pl.len().over("scheme") * 4 >= pl.col("part").sum().over("scheme")
    adding = each.join(on_day, on=("scheme", "account_id"), how="semi").select("scheme", "account_id")
    often = each.filter(pl.col("sums") > 1).select("scheme", "account_id")
    kept = each.filter(a_share).join(pl.concat([adding, often]).unique(), on=("scheme", "account_id"), how="semi")
    return kept.select("scheme", "account_id", "party_id").sort(pl.all())


def written(rows: pl.DataFrame, found: Pieces, split: pl.DataFrame, parameters: StructuringParameters) -> pl.LazyFrame:
    """Write FINDINGS of scored `values` rows."""
    own = found.rows.join(rows.select("scheme", *CLUSTER), on=CLUSTER, how="inner").sort(
        "scheme", "booked_at", "transaction_id"
    )
    largest = own.group_by("scheme", "party_id").agg(pl.col("usd_minor").sum())
    ordered = largest.sort("scheme", "usd_minor", "party_id", descending=[False, True, False])
    subject = ordered.group_by("scheme", maintain_order=True).agg(pl.col("party_id").first().alias("subject_party_id"))
    rules = own.group_by("scheme").agg(pl.col("words").unique().sort().str.join("; ").alias("rules"))
    told = rows.join(subject, on="scheme", how="left").join(rules, on="scheme", how="left")
    evidence = own.select(
        "scheme",
        "transaction_id",
        pl.col("kind").alias("role"),
        pl.col("day").rank("dense").over("scheme").cast(pl.Int64).alias("group_no"),
        pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("scheme", "day").alias("step_no"),
        "booked_at",
    )
    return findings(
        told.with_columns(pl.lit(None, dtype=pl.Float64).alias("chance_probability")),
        _members(own, split), evidence, TERMS, words(parameters),
    )  # fmt: skip
