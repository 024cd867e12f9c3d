"""Sub-pattern: one shipment paid many times, by one document or by copies of it with slightly changed values.

Payments of one pair in nearly one amount, of which the documents know fewer shipments. A standing order is as even in
its days as in its amounts; parts of one invoice are smaller than the invoice; a correction is paid back.
"""

import numpy as np
import polars as pl
from scipy.stats import binom

from mirrorwatch.detectors.trade_based_claims import NOTHING, Claims, as_chance, claims, usual_rate
from mirrorwatch.detectors.trade_based_parameters import TradeParameters
from mirrorwatch.features.invoices import Settled
from mirrorwatch.features.trade import PAIR

EVEN = 0.3  # deviation of the days between payments over their mean: a standing order's, weekends included
WIDEST = 0.06  # logarithm from the smallest to the largest amount of a run
SAME_VALUE = 0.05  # logarithm by which a document may miss the amount paid
FEW_PAPERS = 0.01  # chance of so few documents, at the night's coverage, from which even days excuse nothing
LIKELY_PAPERS = 0.25  # the same for uneven days, where the documents are no copies of each other


def _runs(trades: pl.DataFrame, parameters: TradeParameters) -> pl.DataFrame:
    """`trades` with run (number, within its pair): payments whose amounts follow each other closely."""
    step = (pl.col("usd_minor").log() - pl.col("usd_minor").log().shift(1)).over(PAIR)
    ordered = trades.sort(*PAIR, "usd_minor", "transaction_id")
    return ordered.with_columns(run=(step.fill_null(1.0) > parameters.same_amount).cast(pl.Int64).cum_sum().over(PAIR))


def _refunded(trades: pl.DataFrame) -> pl.DataFrame:
    """Payments (transaction_id) of which the same amount came back: a correction without a reversal's mark."""
    back = trades.select(importer="exporter", exporter="importer", usd_minor="usd_minor", back_at="booked_at")
    return (
        trades.join(back, on=(*PAIR, "usd_minor"), how="inner")
        .filter(pl.col("back_at") >= pl.col("booked_at"))
        .select("transaction_id")
        .unique()
    )


def _shipments(runs: pl.DataFrame, papers: pl.DataFrame) -> pl.DataFrame:
    """Documents near each run's amount: papers, and shipments, the different goods among them. One row a run."""
    goods = pl.struct("hs_code", "parcels", "origin_country", "destination_country")
    apart = pl.when(pl.col("parcels").is_null()).then(pl.col("document_id"))
    near = (
        runs.select(*PAIR, "run", "middle")
        .join(papers, on=PAIR, how="inner")
        .filter((pl.col("declared_minor").log() - pl.col("middle").log()).abs() <= SAME_VALUE)
    )
    return near.group_by(*PAIR, "run").agg(
        pl.len().cast(pl.Int64).alias("papers"),
        pl.struct(goods.alias("goods"), apart.alias("apart")).n_unique().cast(pl.Int64).alias("shipments"),
        pl.col("document_id").min(),
    )


def _beyond_papers(paid: pl.DataFrame, papers: pl.DataFrame) -> pl.DataFrame:
    """One row a pair: beyond_minor, what was paid beyond all that its documents state.

    Deposits and balances of several orders may be alike: where all that was paid is covered, nothing was paid again,
    unless the papers are copies.
    """
    sums = paid.group_by(PAIR).agg(pl.col("usd_minor").sum())
    stated = papers.group_by(PAIR).agg(pl.col("declared_minor").sum())
    beyond = pl.col("usd_minor") - pl.col("declared_minor").fill_null(0)
    return sums.join(stated, on=PAIR, how="left").select(*PAIR, beyond_minor=beyond)


def _of_runs(rows: pl.DataFrame) -> pl.DataFrame:
    days = pl.col("booked_at").sort().dt.epoch("s").diff().drop_nulls()
    log = pl.col("usd_minor").log()
    return rows.group_by(*PAIR, "run").agg(
        pl.len().cast(pl.Int64).alias("payments"),
        pl.col("usd_minor").median().alias("middle"),
        (log.max() - log.min()).alias("width"),
        (days.std() / days.mean()).fill_null(0.0).alias("unevenness"),
        pl.struct("importer_account", "exporter_account").n_unique().alias("ways"),
    )


def repeated(trades: pl.DataFrame, papers: pl.DataFrame, found: Settled, parameters: TradeParameters) -> Claims:
    """Find runs of equal payments beyond the shipments that documents show."""
    paid = trades.join(papers.select(PAIR).unique(), on=PAIR, how="semi")
    paid = _runs(paid.join(_refunded(trades), on="transaction_id", how="anti"), parameters)
    told = _of_runs(paid)
    runs = told.filter(pl.col("payments") >= parameters.least_repeats, pl.col("width") <= WIDEST)
    rows = paid.join(runs.select(*PAIR, "run"), on=(*PAIR, "run"), how="semi")
    marked = paid.join(
        rows.select("transaction_id").with_columns(odd=pl.lit(value=True)), on="transaction_id", how="left"
    )
    marked = marked.with_columns(pl.col("odd").fill_null(value=False))
    runs = runs.join(_shipments(runs, papers), on=(*PAIR, "run"), how="inner")
    runs = runs.join(marked.group_by(PAIR).agg(all_payments=pl.len().cast(pl.Int64)), on=PAIR, how="left")
    runs = runs.with_columns(again=pl.col("payments") - pl.max_horizontal("shipments", pl.lit(1)))
    runs = runs.join(_beyond_papers(paid, papers), on=PAIR, how="left").filter(
        (pl.col("beyond_minor") * 2 >= pl.col("again") * pl.col("middle")) | (pl.col("papers") > pl.col("shipments"))
    )
    runs = _unlikely(runs.sort(*PAIR, "run"), usual_rate(marked), _coverage(found, trades), paid, parameters)
    return _told(runs, rows)


def _coverage(found: Settled, trades: pl.DataFrame) -> float:
    return min((found.valued.height + 1) / (trades.height + 2), 0.95)


def _unlikely(
    runs: pl.DataFrame, usual: float, coverage: float, paid: pl.DataFrame, parameters: TradeParameters
) -> pl.DataFrame:
    """Keep `runs` that custom explains neither by equal amounts nor by missing documents."""
    alike = binom.sf(runs["payments"].to_numpy() - 1, runs["all_payments"].to_numpy(), usual)
    fewer = binom.cdf(runs["papers"].to_numpy(), runs["payments"].to_numpy(), coverage)
    tests = max(paid.group_by(PAIR).agg(pl.len()).filter(pl.col("len") >= parameters.least_repeats).height, 1)
    runs = runs.with_columns(
        tail=pl.Series(np.asarray(alike), dtype=pl.Float64), fewer=pl.Series(np.asarray(fewer), dtype=pl.Float64)
    )
    copies = pl.col("papers") > pl.col("shipments")
    uneven = (pl.col("unevenness") > EVEN) | (pl.col("ways") > 1)
    return runs.with_columns(chance=as_chance(tests)).filter(
        pl.col("again") >= parameters.least_repeats - 1,
        pl.col("chance") <= parameters.most_chance,
        (pl.col("fewer") <= FEW_PAPERS) | (uneven & (copies | (pl.col("fewer") <= LIKELY_PAPERS))),
        pl.col("again") * pl.col("middle") >= parameters.least_moved_usd * 100,
    )


def _told(runs: pl.DataFrame, rows: pl.DataFrame) -> Claims:
    if runs.is_empty():
        return NOTHING
    unit = ("paid_again|" + pl.col("importer") + "|" + pl.col("exporter") + "|" + pl.col("run").cast(pl.String)).alias(
        "unit"
    )
    payments = rows.join(runs.select(*PAIR, "run", "document_id"), on=(*PAIR, "run"), how="inner").with_columns(
        unit,
        role=pl.lit("paid_again"),
        payer_account=pl.col("importer_account"),
        payee_account=pl.col("exporter_account"),
    )
    values = runs.with_columns(
        unit,
        pattern=pl.lit("paid_again"),
        share=pl.col("payments") / pl.col("all_payments"),
        size=pl.col("again").cast(pl.Float64),
        moved_minor=(pl.col("again") * pl.col("middle")).cast(pl.Int64),
    )
    both = pl.concat([runs.select(unit, party_id=pl.col(side)) for side in PAIR])
    return claims(values, payments, both)
