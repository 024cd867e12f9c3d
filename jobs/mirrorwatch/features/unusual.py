"""Ties that are large in the life of who pays, or of who is paid: what schemes that repeat themselves are made of.

A *tie* is all that one account pays another in the window. It may come back (a scheme of several rounds does), but
not as a standing one: in most weeks, or evenly and in like sums. How large it is, is only read against what the same
account turns over otherwise, and then as a rank among the night's ties: tenfold sums change nothing.
"""

import polars as pl

from mirrorwatch.features.edges import pair

WEEK_SECONDS = 7 * 86_400
# Of ties that return, those seen in more of a window's weeks than this share are standing ones.
STANDING_SHARE = 0.6
MOST_PAYMENTS = 16  # four rounds, each in up to four parts; whoever pays more often has a running account
# Sums that come back within so much of each other, every one, two or four weeks, are wages, rents, instalments; where
# only two are seen, they have to lie a month apart and closer to each other.
ALIKE, ALIKE_TWO = 1.3, 1.1
MONTH = (26.0, 33.0)  # days, give or take a weekend
RHYTHMS = ((5.0, 9.0), (12.0, 16.0), MONTH)
MOST_RANK = 0.15  # share of the night's ties that are as large for one of their accounts: the others are everyday sums
FIRST_LOOK = 0.1  # share of ties that are left out of what is usual for their accounts
LEAST_USUAL = 0.1  # of what the middle account turns over: an idle account's first payment is not infinitely large

# payer, payee, from when until when, cents in all, in how many payments and weeks; a week's largest sum over what the
# payer (`times_paid`) or the payee (`times_got`) usually turns over in the window, and the share of the night's ties
# where that is as large (`rank_paid`, `rank_got`)
TIES = pl.Schema(
    {
        "payer": pl.String(),
        "payee": pl.String(),
        "booked_at": pl.Datetime("us", "UTC"),
        "last_at": pl.Datetime("us", "UTC"),
        "usd_minor": pl.Int64(),
        "payments": pl.Int64(),
        "weeks": pl.Int64(),
        "means": pl.String(),
        "times_paid": pl.Float64(),
        "times_got": pl.Float64(),
        "rank_paid": pl.Float64(),
        "rank_got": pl.Float64(),
    }
)

TURNOVER = pl.Schema({"account_id": pl.String(), "all_minor": pl.Int64(), "week_minor": pl.Int64()})


def _week() -> pl.Expr:
    return (pl.col("booked_at").dt.epoch("s") // WEEK_SECONDS).alias("week")


def weeks(transactions: pl.LazyFrame) -> int:
    """Weeks that the window touches; at least 1."""
    first, last = transactions.select(first=_week().min(), last=_week().max()).collect().row(0)
    return int(last - first) + 1 if first is not None else 1


def turnover(transactions: pl.LazyFrame, weeks: int) -> pl.LazyFrame:
    """One row an account (TURNOVER): all_minor (in and out, by any means) and week_minor, that of its middle week."""
    sides = [
        transactions.select(pl.col(side).alias("account_id"), _week(), "usd_minor").drop_nulls("account_id")
        for side in ("originator_account_id", "beneficiary_account_id")
    ]
    most = weeks // 2 + 1
    middle = pl.when(pl.len() >= most).then(pl.col("usd_minor").top_k(most).min()).otherwise(0)
    return (
        pl.concat(sides)
        .group_by("account_id", "week")
        .agg(pl.col("usd_minor").sum())
        .group_by("account_id")
        .agg(pl.col("usd_minor").sum().alias("all_minor"), middle.alias("week_minor"))
    )


def returning(paid: pl.LazyFrame, weeks: int) -> pl.LazyFrame:
    """Sum up the ties of `edges.transfers` that are no standing ones: TIES without ranks, and `largest` (a week's)."""
    # running accounts go first: most payments of most nights are theirs, and grouping by weeks is what costs
    few = paid.group_by(pair()).agg(pl.len().alias("payments")).filter(pl.col("payments") <= MOST_PAYMENTS)
    kept = paid.with_columns(pair()).join(few.select("pair"), on="pair", how="semi")
    weekly = kept.group_by("payer", "payee", _week()).agg(
        pl.col("booked_at").min(),
        pl.col("booked_at").max().alias("last_at"),
        pl.col("usd_minor").sum(),
        pl.len().cast(pl.Int64).alias("payments"),
        pl.col("means").min(),
    )
    found = weekly.group_by("payer", "payee").agg(
        pl.col("booked_at").min(),
        pl.col("last_at").max(),
        pl.col("usd_minor").sum(),
        pl.col("payments").sum(),
        pl.col("means").min(),
        pl.col("usd_minor").max().alias("largest"),
        pl.col("usd_minor").min().alias("smallest"),
        pl.len().cast(pl.Int64).alias("weeks"),
    )
    apart = (pl.col("last_at") - pl.col("booked_at")).dt.total_seconds() / 86_400 / (pl.col("weeks") - 1)
    even = pl.any_horizontal(apart.is_between(low, high) for low, high in RHYTHMS)
    ratio = pl.col("largest") / pl.col("smallest")
    regular = ((pl.col("weeks") > 2) & even & (ratio <= ALIKE)) | (  # noqa: PLR2004 : two are no rhythm
        (pl.col("weeks") == 2) & apart.is_between(*MONTH) & (ratio <= ALIKE_TWO)  # noqa: PLR2004
    )
    most = max(int(STANDING_SHARE * weeks), 1)
    return found.filter(~regular, pl.col("weeks") <= most, pl.col("payments") <= MOST_PAYMENTS).drop("smallest")


def _left_out(ties: pl.DataFrame) -> pl.DataFrame:
    """One row an account of the ties that look unusual at first: account_id, off_minor (cents in and out)."""
    first = ties.filter(pl.min_horizontal("rank_paid", "rank_got") <= FIRST_LOOK)
    sides = [first.select(pl.col(side).alias("account_id"), "usd_minor") for side in ("payer", "payee")]
    return pl.concat(sides).group_by("account_id").agg(pl.col("usd_minor").sum().alias("off_minor"))


def _usual(turned: pl.DataFrame, off: pl.DataFrame | None) -> pl.DataFrame:
    """account_id and `usual`: half of all that is turned over without what is left out, a middle week at least."""
    usual = pl.col("week_minor")
    if off is not None:
        turned = turned.join(off, on="account_id", how="left")
        rest = (pl.col("all_minor") - pl.col("off_minor").fill_null(0)) / 2
        usual = pl.max_horizontal(usual, rest)
    least = pl.max_horizontal(usual.median() * LEAST_USUAL, 1.0)
    return turned.select("account_id", usual=pl.max_horizontal(usual.cast(pl.Float64), least))


def means(turned: pl.DataFrame, ties: pl.DataFrame, declared: pl.DataFrame, days: int) -> pl.DataFrame:
    """One row an account: account_id and `usual`, cents that it turns over in the window without unusual ties.

    `turned` is `turnover`, `ties` are TIES, `declared` has account_id and annual_turnover_usd: who declared more than
    is seen may have it elsewhere.
    """
    usual = _usual(turned, _left_out(ties))
    said = pl.col("annual_turnover_usd").cast(pl.Float64) * 100 * (days / 365)
    return (
        usual.join(declared.select("account_id", said.alias("said")).unique("account_id"), on="account_id", how="left")
        .select("account_id", usual=pl.max_horizontal("usual", "said"))
        .sort("account_id")
    )


def _beside(ties: pl.DataFrame, usual: pl.DataFrame) -> pl.DataFrame:
    """`ties` with how large each is for its two accounts, and its ranks by that."""
    for side, name in (("payer", "paid"), ("payee", "got")):
        own = usual.rename({"account_id": side})
        times = (pl.col("largest") / pl.col("usual")).alias(f"times_{name}")
        ties = ties.join(own, on=side, how="left").with_columns(times).drop("usual")
    ranks = [
        (pl.col(f"times_{name}").rank("max", descending=True) / pl.len()).alias(f"rank_{name}")
        for name in ("paid", "got")
    ]
    return ties.with_columns(ranks)


def unusual(
    paid: pl.LazyFrame, turned: pl.DataFrame, window_weeks: int, known: pl.LazyFrame, most_rank: float
) -> pl.DataFrame:
    """Find the ties (TIES, sorted) of which at most `most_rank` of the night's are as large for payer or payee.

    `paid` is `edges.transfers`, `turned` is `turnover`, `known` is `edges.standing`. Carriers and moves in one
    ownership group are left out. Reads the transfers once; two group-bys and a sort of the ties.
    """
    ties = _strangers(returning(paid, window_weeks), known).collect()
    if ties.is_empty():
        return pl.DataFrame(schema=TIES)
    ties = _beside(ties, _usual(turned, None))
    ties = _beside(ties, _usual(turned, _left_out(ties)))
    kept = ties.filter(pl.min_horizontal("rank_paid", "rank_got") <= most_rank)
    return kept.select(TIES.names()).cast(TIES).sort("booked_at", "usd_minor", "payments", "payer", "payee")


def _strangers(rows: pl.LazyFrame, known: pl.LazyFrame) -> pl.LazyFrame:
    """Leave out what carriers and one ownership group explain."""
    sides = known.select("account_id", "group_id", "carrier")
    carried = pl.col("carrier").fill_null(value=False) | pl.col("carrier_payee").fill_null(value=False)
    return (
        rows.join(sides, left_on="payer", right_on="account_id", how="left")
        .join(sides, left_on="payee", right_on="account_id", how="left", suffix="_payee")
        .filter(~carried, pl.col("group_id").ne_missing(pl.col("group_id_payee")) | pl.col("group_id").is_null())
        .drop("group_id", "carrier", "group_id_payee", "carrier_payee")
    )


def without_owners(ties: pl.DataFrame, known: pl.DataFrame, ownership: pl.DataFrame) -> pl.DataFrame:
    """Leave out `ties` between a firm and whoever owns a share of it or runs it, by any record of `ownership`."""
    party = known.select("account_id", "party_id").unique("account_id")
    sides = ("owner_party_id", "owned_party_id")
    related = pl.concat([ownership.select(one=one, other=other) for one, other in (sides, sides[::-1])]).unique()
    return (
        ties.join(
            party.rename({"account_id": "payer", "party_id": "one"}), on="payer", how="left", maintain_order="left"
        )
        .join(party.rename({"account_id": "payee", "party_id": "other"}), on="payee", how="left", maintain_order="left")
        .join(related, on=("one", "other"), how="anti", maintain_order="left")
        .drop("one", "other")
    )
