"""What is handled at a counter, held against the sum that must be reported there: by whom, where, how much of it.

Sums are compared as ten-thousandths of the threshold of the country where the cash was handled (`part`), so that
accounts in several countries read the same. Where the rulebook knows no threshold in force, rows are left out. Which
rules are such thresholds is theirs to say (`use`), so a country is added by a rule.
"""

import polars as pl

from mirrorwatch.rulebook import Rules, Use

WHOLE = 10_000  # a `part` of the whole threshold
DEPOSIT, WITHDRAWAL, INSTRUMENT = "deposit", "withdrawal", "instrument"
_KINDS = {
    "cash_deposit": DEPOSIT, "cash_withdrawal": WITHDRAWAL, "cashiers_check": INSTRUMENT, "money_order": INSTRUMENT,
}  # fmt: skip
# Which of them a rule of a use speaks of.
READ_AS: dict[Use, tuple[str, ...]] = {"cash_report": (DEPOSIT, WITHDRAWAL), "instrument_record": (INSTRUMENT,)}

HANDLED = (
    "transaction_id", "booked_at", "day", "account_id", "party_id", "group_id", "personal", "kind", "usd_minor", "part",
    "below", "monthly", "branch_id", "branch_region", "conductor_party_id", "words",
)  # fmt: skip


def limits(rules: Rules) -> pl.DataFrame:
    """One row a country, kind and currency, of the lowest sum in force there, sorted.

    Columns: country, kind, limit_currency, least_minor (least sum reported), monthly (added up over a month), words.
    """
    rows = [
        (held.rule.jurisdiction, kind, held.version.currency, held.least_minor, held.version.adds_up == "month",
         held.words)
        for use, kinds in READ_AS.items()
        for held in rules.used_as(use)
        for kind in kinds
    ]  # fmt: skip
    names = ("country", "kind", "limit_currency", "least_minor", "monthly", "words")
    types = (pl.String(), pl.String(), pl.String(), pl.Int64(), pl.Boolean(), pl.String())
    table = pl.DataFrame(rows, schema=dict(zip(names, types, strict=True)), orient="row").sort(names)
    return table.unique(("country", "kind", "limit_currency"), keep="first", maintain_order=True)


def _bounded(rows: pl.LazyFrame, bounds: pl.LazyFrame) -> pl.LazyFrame:
    """`rows` with `value` and the rule that it is held against: one in its own currency, else one in US dollars."""
    same = rows.join(
        bounds.rename({"limit_currency": "currency"}), on=("country", "kind", "currency"), how="inner"
    ).with_columns(value="amount_minor")
    own = bounds.select("country", "kind", currency="limit_currency")
    dollars = bounds.filter(pl.col("limit_currency") == "USD").drop("limit_currency")
    others = (
        rows.join(own, on=("country", "kind", "currency"), how="anti")
        .join(dollars, on=("country", "kind"), how="inner")
        .with_columns(value="usd_minor")
    )
    return pl.concat([same, others.select(same.collect_schema().names())])


def handled(transactions: pl.LazyFrame, holders: pl.LazyFrame, bounds: pl.DataFrame, least_part: int) -> pl.LazyFrame:
    """Find what `holders` (account_id, party_id, group_id, personal) handled, as HANDLED, from `least_part` on.

    `part`: sum over the threshold, in ten-thousandths; `below`: whether it stays under. A sum in another currency than
    the threshold's is compared in US dollars where the threshold is in dollars, and left out elsewhere.
    """
    kind = pl.col("channel").replace_strict(_KINDS, default=None, return_dtype=pl.String)
    into = pl.col("channel") == "cash_deposit"
    own = pl.when(into).then("beneficiary_account_id").otherwise("originator_account_id")
    place = pl.when(pl.col("channel") == "cash_withdrawal").then("beneficiary_country").otherwise("originator_country")
    counted = (
        transactions.filter(pl.col("channel").is_in(list(_KINDS)))
        .select(
            "transaction_id", "booked_at", "usd_minor", "amount_minor", "currency", "branch_id", "branch_region",
            "conductor_party_id", kind.alias("kind"), own.alias("account_id"), place.alias("country"),
            pl.col("booking_date").alias("day"),
        )
    )  # fmt: skip
    return (
        _bounded(counted, bounds.lazy())
        .with_columns((pl.col("value") * WHOLE // pl.col("least_minor")).alias("part"))
        .filter(pl.col("part") >= least_part)
        .with_columns((pl.col("value") < pl.col("least_minor")).alias("below"))
        .join(holders, on="account_id", how="inner")
        .select(HANDLED)
    )


def _most(rows: pl.DataFrame, column: str) -> pl.DataFrame:
    """One row an account: its most frequent value of `column`, the smallest of several, as usual_`column`."""
    counted = rows.filter(pl.col(column).is_not_null()).group_by("account_id", column).agg(pl.len().alias("times"))
    ordered = counted.sort("account_id", "times", column, descending=[False, True, False])
    return ordered.group_by("account_id", maintain_order=True).agg(pl.col(column).first().alias(f"usual_{column}"))


def placed(rows: pl.DataFrame) -> pl.DataFrame:
    """`rows` (HANDLED) with `elsewhere`, `by_other`, `far`: not the account's usual branch, conductor, region.

    The holder is never an unusual conductor. Each is null where the source does not say.
    """
    for column in ("branch_id", "conductor_party_id", "branch_region"):
        rows = rows.join(_most(rows, column), on="account_id", how="left")
    other = pl.col("conductor_party_id") != pl.col("usual_conductor_party_id")
    return rows.with_columns(
        (pl.col("branch_id") != pl.col("usual_branch_id")).alias("elsewhere"),
        (other & (pl.col("conductor_party_id") != pl.col("party_id"))).alias("by_other"),
        (pl.col("branch_region") != pl.col("usual_branch_region")).alias("far"),
    ).drop("usual_branch_id", "usual_conductor_party_id", "usual_branch_region")


# What ordinary accounts do is known from so many of them, each with so many rows; below that a flat guess stands in.
_FEW_ACCOUNTS, _FEW_ROWS, _GUESS = 20, 3, 0.1
_LEAST, _MOST = 0.05, 0.95  # no habit is known closer than this


def usual_shares(rows: pl.DataFrame, facts: tuple[str, ...]) -> pl.DataFrame:
    """One row a value of `personal`: how often each fact holds with ordinary accounts, each account counted once.

    `rows` is `placed`; the columns are named usual_FACT.
    """
    kinds = pl.DataFrame({"personal": [False, True]})
    for fact in facts:
        each = (
            rows.filter(pl.col(fact).is_not_null())
            .group_by("personal", "account_id")
            .agg((pl.col(fact).sum() * 1_000 // pl.len()).cast(pl.Int64).alias("thousandths"), pl.len().alias("rows"))
            .filter(pl.col("rows") >= _FEW_ROWS)
        )
        shares = each.group_by("personal").agg(pl.col("thousandths").sum(), pl.len().alias("accounts"))
        share = (pl.col("thousandths") / pl.col("accounts") / 1_000).clip(_LEAST, _MOST)
        known = pl.when(pl.col("accounts") >= _FEW_ACCOUNTS).then(share)
        kinds = kinds.join(
            shares.select("personal", known.alias(f"usual_{fact}")), on="personal", how="left"
        ).with_columns(pl.col(f"usual_{fact}").fill_null(_GUESS))
    return kinds


def takings(rows: pl.DataFrame, weeks: int, least_weeks: int, steady: float) -> pl.DataFrame:
    """Transaction ids of cash that looks like a trade's own: by a regular hand at a regular place, or by a steady hand.

    `rows`: cash of businesses. Steady is who, or where, is seen in a share `steady` of the window's weeks: a driver's
    round has many places. Regular is a steady place, an account's most used one seen in `least_weeks`, and a hand seen
    in so many. What the source does not say is regular, and never steady.
    """
    week, all_but = pl.col("day").dt.truncate("1w"), max(least_weeks, round(steady * weeks))
    for column, name in (("branch_id", "place"), ("conductor_party_id", "hand")):
        known = rows.filter(pl.col(column).is_not_null())
        used = known.group_by("account_id", column).agg(week.n_unique().alias(name))
        first = (pl.col(name) == pl.col(name).max().over("account_id")).alias(f"first_{name}")
        rows = rows.join(used.with_columns(first), on=("account_id", column), how="left")
    place = (pl.col("place") >= all_but) | (pl.col("first_place") & (pl.col("place") >= least_weeks))
    hand = pl.col("hand") >= least_weeks
    regular = place.fill_null(value=True) & hand.fill_null(value=True)
    # a business named as its own conductor says nothing of who stood there
    someone = pl.col("conductor_party_id") != pl.col("party_id")
    steadily = (someone & (pl.col("hand") >= all_but)).fill_null(value=False)
    return rows.filter(regular | steadily).select("transaction_id")
