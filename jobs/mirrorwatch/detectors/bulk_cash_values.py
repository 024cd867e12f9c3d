"""What each term of bulk cash is for one owner: one row an owner and way, one column a term."""

import polars as pl

from mirrorwatch.detectors.base import NightFrames
from mirrorwatch.detectors.bulk_cash_evidence import CAME, KEY, Bulk
from mirrorwatch.detectors.bulk_cash_parameters import BulkCashParameters
from mirrorwatch.features import declared, draining
from mirrorwatch.features.running_costs import effective

# What is no wonder in any trade: a tenth of the turnover in cash, and so many dollars a year, of staff or in all.
_LEAST = {"share": 0.1, "each": 5_000.0, "yearly": 50_000.0}
_FEW_WEEKS = 3
_LEAST_DAYS = 30  # a shorter window is not taken for a smaller one


def _gone(bulk: Bulk, after: pl.DataFrame, most_lag: int, share: str) -> pl.DataFrame:
    """Share of the cash matched with `after` in time (before it, for cash drawn), and its mean lag in days."""
    tables = []
    for way in bulk.cash["way"].unique().sort().to_list():
        cash, moved = (rows.filter(pl.col("way") == way) for rows in (bulk.cash, after))
        numbers = cash.select("purse").unique().sort("purse").with_row_index("holder")
        numbers = numbers.with_columns(pl.col("holder").cast(pl.Int64))
        first, last = (cash, moved) if way == CAME else (moved, cash)
        first, last = (rows.join(numbers, on="purse", how="inner") for rows in (first, last))
        sums = draining.drained(first, last, numbers.height, most_lag).drop("came_minor")
        total = cash.group_by("purse").agg(pl.col("usd_minor").sum())
        known = numbers.join(sums, on="holder", how="left").join(total, on="purse", how="left")
        gone = (pl.col("gone_minor").fill_null(0) / pl.col("usd_minor")).alias(share)
        tables.append(known.select("purse", pl.lit(way).alias("way"), gone, "lag_days"))
    return pl.concat(tables)


def figures(cash: pl.DataFrame, holders: pl.DataFrame, days: int) -> pl.DataFrame:
    """One row a party and way, of all holders: yearly cash in US dollars, and its share of what was declared.

    `cash`: party_id, way, usd_minor; `holders`: account_id, party_id, personal, trade, country, turnover_usd and
    employees.
    """
    yearly = (pl.col("usd_minor").sum() * 365 / max(days, _LEAST_DAYS) / 100).alias("yearly")
    parties = holders.sort("account_id").unique("party_id", keep="first", maintain_order=True)
    every = parties.select("party_id", "personal", "trade", "employees").join(cash.select("way").unique(), how="cross")
    return (
        every.join(cash.group_by("party_id", "way").agg(yearly), on=("party_id", "way"), how="left")
        .join(declared.incomes(holders), on="party_id", how="left")
        .with_columns(pl.col("yearly").fill_null(0.0))
        .with_columns(
            pl.when(pl.col("turnover_usd") > 0).then(pl.col("yearly") / pl.col("turnover_usd")).alias("share"),
            pl.when(pl.col("employees") > 0).then(pl.col("yearly") / pl.col("employees")).alias("each"),
        )
    )


def _beyond(of_way: pl.DataFrame) -> pl.DataFrame:
    """`figures` of one way with `beyond`: a party's cash over what is ordinary in its trade."""
    for figure, least in _LEAST.items():
        usual = pl.col("ordinary").fill_null(least).clip(least)
        of_way = (
            of_way.join(declared.ordinary(of_way, figure), on="party_id", how="left")
            .with_columns((pl.col(figure) / usual).alias(f"beyond_{figure}"))
            .drop("ordinary")
        )
    absolute = pl.col("beyond_yearly").sqrt()  # large firms handle more: size is no sign, and this is all there is
    return of_way.with_columns(pl.coalesce("beyond_share", "beyond_each", absolute).alias("beyond"))


def _out_of_line(bulk: Bulk, figures: pl.DataFrame) -> pl.DataFrame:
    """over_turnover and beyond_peers: of the owner's parties that handled cash together."""
    levels = pl.concat([_beyond(figures.filter(pl.col("way") == way)) for way in figures["way"].unique().sort()])
    own = bulk.cash.select(*KEY, "party_id").unique().join(levels, on=["party_id", "way"], how="left")
    known = pl.col("turnover_usd").is_not_null()
    declared_usd = pl.col("turnover_usd").sum()
    return own.sort(*KEY, "party_id").group_by(KEY, maintain_order=True).agg(
        pl.when(declared_usd > 0).then(pl.col("yearly").filter(known).sum() / declared_usd).alias("over_turnover"),
        # each party by its weight in the cash
        pl.col("personal").all().alias("persons"),
        ((pl.col("beyond") * pl.col("yearly")).sum() / pl.col("yearly").sum()).alias("beyond_peers"),
    )  # fmt: skip


def _undocumented(bulk: Bulk, night: NightFrames) -> pl.DataFrame:
    """Share of payments abroad that trade documents of the holders do not cover; null where the night has none."""
    documents = night.trade_documents.select(
        pl.col("importer_party_id").alias("party_id"), pl.col("declared_value_usd").cast(pl.Float64).alias("usd")
    ).collect()
    if documents.is_empty():
        return pl.DataFrame(schema={"purse": pl.String(), "way": pl.String(), "undocumented": pl.Float64()})
    paid = bulk.border.filter(pl.col("way") == CAME)
    covered = documents.group_by("party_id").agg((pl.col("usd") * 100).round(0).cast(pl.Int64).sum().alias("covered"))
    each = paid.group_by(*KEY, "party_id").agg(pl.col("usd_minor").sum()).join(covered, on="party_id", how="left")
    bare = (pl.col("usd_minor") - pl.col("covered").fill_null(0)).clip(0)
    return each.group_by(KEY).agg((bare.sum() / pl.col("usd_minor").sum()).alias("undocumented"))


def _uneven(bulk: Bulk) -> pl.DataFrame:
    """Divide the standard deviation by the mean of weekly cash, in whole weeks back from the last day."""
    last = pl.col("day").max()
    ago = ((bulk.cash.select(last).item() - pl.col("day")).dt.total_days() // 7).alias("week")
    span = bulk.cash.select((last - pl.col("day").min()).dt.total_days() + 1).item()
    weeks = int(span) // 7
    weekly = bulk.cash.with_columns(ago).filter(pl.col("week") < weeks).group_by(*KEY, "week")
    dollars = weekly.agg((pl.col("usd_minor").sum() // 100).alias("usd"))
    if weeks < _FEW_WEEKS:
        return dollars.select(KEY).unique().with_columns(pl.lit(None, dtype=pl.Float64).alias("uneven"))
    usd = pl.col("usd").cast(pl.Int128)  # squares of three billion dollars are more than 64 bits hold
    sums = dollars.group_by(KEY).agg(usd.sum().alias("total"), (usd * usd).sum().alias("squares"))
    total = pl.col("total")  # weeks without cash add nothing to either
    spread = (weeks * pl.col("squares") - total * total).cast(pl.Float64).sqrt() / total.cast(pl.Float64)
    return sums.select(*KEY, pl.when(total > 0).then(spread).alias("uneven"))


def values(
    bulk: Bulk, figures: pl.DataFrame, opened: pl.DataFrame, night: NightFrames, parameters: BulkCashParameters
) -> pl.DataFrame:
    """One row an owner and way, sorted, with every term's value; `opened` has account_id, opened_on."""
    first = pl.col("day").min()
    sums = (
        bulk.cash.join(opened, on="account_id", how="left")
        .group_by(KEY)
        .agg(
            pl.col("usd_minor").sum().alias("amount_usd_minor"),
            pl.len().alias("bundles"),
            (pl.col("usd_minor").sum() / pl.len() / 100).alias("mean_deposit"),
            (first - pl.col("opened_on").min()).dt.total_days().cast(pl.Float64).alias("account_days"),
        )
    )
    crossed = _gone(bulk, bulk.border, parameters.most_lag_days, "crossed")
    moved = _gone(bulk, bulk.onward, parameters.most_lag_days, "gone_on").drop("lag_days")
    by_payee = bulk.border.group_by(*KEY, "other").agg(pl.col("usd_minor").sum())
    payees = by_payee.group_by(KEY).agg(effective("usd_minor").alias("few_payees"))
    border = bulk.border.group_by(KEY).agg(pl.col("usd_minor").sum().alias("border_minor"))
    for more in (
        crossed,
        moved,
        payees,
        border,
        bulk.rest,
        _uneven(bulk),
        _out_of_line(bulk, figures),
        _undocumented(bulk, night),
    ):
        sums = sums.join(more, on=KEY, how="left")
    cash = pl.col("amount_usd_minor")
    sums = sums.with_columns(
        (cash / (cash + pl.col("rest_minor").fill_null(0))).alias("cash_share"),
        (pl.col("crossed") * cash / pl.col("border_minor")).alias("border_from_cash"),
    )
    sums = sums.with_columns(pl.selectors.float().fill_nan(None))  # not a number is above every bound, and unknown here
    return sums.sort(KEY).with_row_index("scheme").with_columns(pl.col("scheme").cast(pl.Int64))
