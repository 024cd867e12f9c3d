"""What an analyst would say of bulk cash: the finding, what would have cleared it, what to do next."""

import polars as pl

from mirrorwatch.detectors.bulk_cash_evidence import CAME, KEY, Bulk
from mirrorwatch.detectors.bulk_cash_parameters import BulkCashParameters
from mirrorwatch.detectors.bulk_cash_terms import TERMS
from mirrorwatch.detectors.writing import Row, Words, as_stood, findings, named, usd
from mirrorwatch.rulebook import Rules

ADVISORY = "fin_2025_alert001"

_TENTH = 10  # of the owner's cash, or of what crossed the border: who has less is not what the scheme runs over
_SHOWN = (
    10  # the largest bundles are shown until a tenth of the cash is left: daily takings beside them are no evidence
)


def _movement(row: Row) -> str:
    lag = f", after {row['lag_days']:.1f} days on average" if row["lag_days"] is not None else ""
    if row["way"] == CAME:
        return (
            f"{row['crossed']:.0%} of it went abroad within {row['most_lag']} days{lag}; {row['gone_on'] or 0:.0%} "
            f"went to one payee or another business of the owner at home"
        )
    return f"{row['crossed']:.0%} of it had come from abroad in the {row['most_lag']} days before{lag}"


def _trade(row: Row) -> str:
    said = []
    if row["over_turnover"] is not None:
        said.append(f"a year at this rate is {row['over_turnover']:.1f} times the declared turnover or income")
    if row["beyond_peers"] is not None:
        said.append(f"it is {row['beyond_peers']:.1f} times what three in four of the same trade stay within")
    said.append(f"{row['cash_share']:.0%} of all money {'in' if row['way'] == CAME else 'out'} was cash")
    if row["undocumented"] is not None:
        said.append(f"no trade document covers {row['undocumented']:.0%} of what was paid abroad")
    return "; ".join(said)


def _narrative(row: Row) -> str:
    done = "brought to" if row["way"] == CAME else "drawn from"
    return (
        f"{usd(row['amount_usd_minor'])} of cash was {done} {named(row['accounts'])} in {row['bundles']} bundles of "
        f"{row['mean_deposit']:,.0f} US dollars on average. {_movement(row)}. Out of line with the trade: "
        f"{_trade(row)}. {row['rule_words']}"
    ).rstrip()


def words(parameters: BulkCashParameters) -> Words:
    """Give the sentences of a finding under `parameters`."""

    def cleared(row: Row) -> list[str]:
        return [
            f"The score were below {parameters.score:.2f}; it is {row['score']:.3f}.",
            "The declared turnover carried the cash, and it was no more than what others of the trade take.",
            f"Less than {parameters.least_crossed:.0%} had crossed a border, and the rest had stayed or gone to many.",
            "One of the holders held, or were covered by, a licence to deal in banknotes or move money for others.",
        ]

    return Words(_narrative, cleared, _next_steps)


def _next_steps(row: Row) -> list[str]:
    return [
        f"Ask {named(row['accounts'])} for the books behind the cash: till rolls, invoices, who collected it where.",
        "Ask the armoured-car firm or the branch from which addresses the cash was collected, and in what notes.",
        "Hold payments abroad against invoices and customs papers; a supplier who was merely paid is no suspect.",
        "See which businesses abroad belong to the owner, and what became of the money there.",
    ]


def _members(cash: pl.DataFrame, border: pl.DataFrame) -> pl.DataFrame:
    """Accounts with a tenth of the cash or of what crossed the border: scheme, account_id, party_id."""
    parts = []
    for rows in (cash, border):
        each = rows.group_by("scheme", "account_id", "party_id").agg(pl.col("usd_minor").sum())
        parts.append(each.filter(pl.col("usd_minor") * _TENTH >= pl.col("usd_minor").sum().over("scheme")))
    return pl.concat(parts).select("scheme", "account_id", "party_id").unique().sort(pl.all())


def written(rows: pl.DataFrame, bulk: Bulk, rules: Rules, parameters: BulkCashParameters) -> pl.LazyFrame:
    """Write FINDINGS of scored `values` rows; payments at home are shown where they carry the finding."""
    keys = rows.select("scheme", *KEY, "crossed")
    cash, border, onward = (part.join(keys, on=KEY, how="inner") for part in (bulk.cash, bulk.border, bulk.onward))
    onward = onward.filter(pl.col("crossed") < parameters.least_crossed)
    shown = _largest(cash)
    near = cash.group_by("scheme").agg(pl.col("day").min().alias("since"), pl.col("day").max().alias("until"))
    lag = pl.duration(days=parameters.most_lag_days)
    moved = pl.concat([border, onward]).join(near, on="scheme", how="inner")
    moved = moved.filter(pl.col("day").is_between(pl.col("since") - lag, pl.col("until") + lag)).drop("since", "until")
    evidence = pl.concat([shown, moved]).unique(["scheme", "transaction_id"], keep="first", maintain_order=True)
    order = ["scheme", "booked_at", "transaction_id"]
    numbered = evidence.sort(order).select(
        "scheme", "transaction_id", "role",
        pl.when(pl.col("role") == "cash").then(1).otherwise(2).cast(pl.Int64).alias("group_no"),
        pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("scheme").alias("step_no"), "booked_at",
    )  # fmt: skip
    told = rows.join(_subject(cash), on="scheme", how="left").with_columns(
        pl.lit(None, dtype=pl.Float64).alias("chance_probability"),
        pl.lit(parameters.most_lag_days).alias("most_lag"),
        pl.lit(as_stood(rules, ADVISORY)).alias("rule_words"),
    )
    return findings(told, _members(cash, border), numbered, TERMS, words(parameters))


def _largest(cash: pl.DataFrame) -> pl.DataFrame:
    """Keep of each scheme the largest bundles that make up all but a tenth of its cash."""
    usd = pl.col("usd_minor")
    ordered = cash.sort("scheme", "usd_minor", "transaction_id", descending=[False, True, False])
    before = ordered.with_columns(before=usd.cum_sum().over("scheme") - usd, all=usd.sum().over("scheme"))
    return before.filter(pl.col("before") * _SHOWN < pl.col("all") * (_SHOWN - 1)).drop("before", "all")


def _subject(cash: pl.DataFrame) -> pl.DataFrame:
    """Find the party with most of the cash: scheme, subject_party_id."""
    largest = cash.group_by("scheme", "party_id").agg(pl.col("usd_minor").sum())
    ordered = largest.sort("scheme", "usd_minor", "party_id", descending=[False, True, False])
    return ordered.group_by("scheme", maintain_order=True).agg(pl.col("party_id").first().alias("subject_party_id"))
