"""Trade documents beside the payments that settle them: which belong together, and at what share of the stated value.

A document that names its payment is *tied* to it. Of the others of the same pair of parties, document and payment
belong together when their values agree within the night's spread (*matched*), or when both are left over and nearest
to each other (*near*). A part payment is not held against its document when other payments of the pair make it whole;
nor a payment against a document when other documents make it whole. Values are logarithms of paid over declared.
"""

from dataclasses import dataclass

import polars as pl

from mirrorwatch.features.trade import PAIR

LEAST_CUSTOM = 20  # tied documents from which the night's own spread is used
LEAST_CORRIDOR = 100  # and from which a corridor has a spread of its own
GAUSSIAN = 1.4826  # median absolute deviation to standard deviation of a normal distribution
# Payment after the document: open account; before it: prepayment. The night's own days are taken where it shows them.
MOST_DAYS_AFTER, MOST_DAYS_BEFORE = 75, 45
CHANCE_ALIKE = 0.1  # of documents and payments of equal value that are not of each other, on either end of time
LAG_ROOM = 3  # days on either side of what tied documents show
MOST_NEAR = 1.61  # log 5: values further apart are not taken for one another
MOST_OPEN = 200  # documents or payments left over in one pair, above which completions are not searched
NEAREST = 20  # payments before and after a document, of a pair with more than that of one size
MOST_AT_ONCE = 500_000  # rows of one that is short and one left over, searched at once: some 150 MB
WHOLE = 0.025  # share of the whole by which parts may miss it
LOT_DAYS = 14  # between the documents of one lot that is paid at once; parts of one invoice are paid over longer

VALUED = pl.Schema(
    {
        "document_id": pl.String(),
        "transaction_id": pl.String(),
        "importer": pl.String(),
        "exporter": pl.String(),
        "issued_on": pl.Date(),
        "booked_at": pl.Datetime("us", "UTC"),
        "usd_minor": pl.Int64(),
        "amount_minor": pl.Int64(),
        "declared_minor": pl.Int64(),
        "importer_account": pl.String(),
        "exporter_account": pl.String(),
        "ratio": pl.Float64(),  # log of paid over declared, less the corridor's custom
        "how": pl.String(),  # tied, matched, near
        "third_party": pl.Boolean(),  # payer or payee is not who the document names
        "whole": pl.Boolean(),  # other payments or documents of the pair make up the difference
    }
)


@dataclass(frozen=True)
class Custom:
    """What is usual: `centre` and `spread` of the logarithm of paid over declared, one row a corridor and the night.

    `soonest`, `latest`: days from a document to its payment, within which nearly all lie.
    """

    corridors: pl.DataFrame  # corridor, centre, spread
    centre: float
    spread: float
    soonest: int
    latest: int

    def of(self, rows: pl.DataFrame) -> pl.DataFrame:
        """`rows` (corridor) with centre and spread."""
        return rows.join(self.corridors, on="corridor", how="left", maintain_order="left").with_columns(
            pl.col("centre").fill_null(self.centre), pl.col("spread").fill_null(self.spread)
        )


def _typical(column: str) -> list[pl.Expr]:
    centre = pl.col(column).median()
    return [centre.alias("centre"), ((pl.col(column) - centre).abs().median() * GAUSSIAN).alias("spread")]


def lag() -> pl.Expr:
    """Days from the document to the payment."""
    return (pl.col("booked_at").dt.date() - pl.col("issued_on")).dt.total_days().alias("lag")


def custom(tied: pl.DataFrame, least_spread: float, most_spread: float, outside: float = 0.01) -> Custom:
    """Learn the custom of the night from `tied` documents: medians, median deviations, and days to payment.

    `outside`: share of them on either end whose days are not taken for custom.
    """

    def bounded(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.with_columns(pl.col("centre").clip(-0.1, 0.1), pl.col("spread").clip(least_spread, most_spread))

    schema = {"corridor": pl.String(), "centre": pl.Float64(), "spread": pl.Float64()}
    if tied.height < LEAST_CUSTOM:
        return Custom(pl.DataFrame(schema=schema), 0.0, least_spread, -MOST_DAYS_BEFORE, MOST_DAYS_AFTER)
    busy = tied.filter(pl.len().over("corridor") >= LEAST_CORRIDOR)
    centre, spread = bounded(tied.select(_typical("raw"))).row(0)
    days = tied.select(lag()).to_series()
    first, last = (int(days.quantile(share, "nearest") or 0) for share in (outside, 1 - outside))
    corridors = bounded(busy.group_by("corridor").agg(_typical("raw"))).sort("corridor")
    return Custom(corridors, centre, spread, first - LAG_ROOM, last + LAG_ROOM)


def tied(trades: pl.DataFrame, papers: pl.DataFrame) -> pl.DataFrame:
    """One row a payment that documents name: the document's parties, `raw` (log of paid over declared), third_party.

    Several documents of one payment are partial shipments, or copies: their sum or the largest, whichever is nearer.
    """
    together = papers.drop_nulls("transaction_id").group_by("transaction_id").agg(
        pl.col("document_id").min(),
        pl.col("importer").min().alias("importer_named"),
        pl.col("exporter").min().alias("exporter_named"),
        pl.col("issued_on").min(),
        pl.col("declared_minor").sum().alias("all_minor"),
        pl.col("declared_minor").max().alias("one_minor"),
    )  # fmt: skip
    one, all_of = (pl.col("usd_minor") / pl.col(name) for name in ("one_minor", "all_minor"))
    copies = one.log().abs() < all_of.log().abs()
    rows = trades.join(together, on="transaction_id", how="inner").with_columns(
        declared_minor=pl.when(copies).then("one_minor").otherwise("all_minor")
    )
    return rows.with_columns(
        raw=(pl.col("usd_minor") / pl.col("declared_minor")).log(),
        third_party=(pl.col("importer") != pl.col("importer_named")) | (pl.col("exporter") != pl.col("exporter_named")),
        importer="importer_named",
        exporter="exporter_named",
    ).sort("transaction_id")


def _candidates(documents: pl.DataFrame, payments: pl.DataFrame, usual: Custom, most: float) -> pl.DataFrame:
    """Documents with payments of the same pair, in time, whose logarithms lie within `most` of each other.

    Of a pair with more than MOST_OPEN payments of one size, a document is held against the NEAREST in time, and the
    NEAREST in value, on either side: what grows with the square of a busy pair is not searched.
    """
    step = max(most, 0.01)
    near = (
        documents.select("document_id", *PAIR, "corridor", "issued_on", "declared_minor")
        .with_columns(place=(pl.col("declared_minor").log() / step).floor().cast(pl.Int64))
        .with_columns(place=pl.concat_list(pl.col("place") - 1, "place", pl.col("place") + 1))
        .explode("place")
    )
    paid = payments.drop("corridor").with_columns(place=(pl.col("usd_minor").log() / step).floor().cast(pl.Int64))
    return (
        usual.of(_held_against(near, paid))
        .with_columns(raw=(pl.col("usd_minor") / pl.col("declared_minor")).log(), late=lag())
        .with_columns(ratio=pl.col("raw") - pl.col("centre"))
        .filter(pl.col("late").is_between(usual.soonest, usual.latest), pl.col("ratio").abs() <= most)
        .with_columns(gap=pl.col("ratio").abs(), apart=pl.col("late").abs())
    )


def _held_against(near: pl.DataFrame, paid: pl.DataFrame) -> pl.DataFrame:
    """Rows of `near` (documents) with those of `paid` of the same pair and place, all of a few, the nearest of many."""
    group = [*PAIR, "place"]
    many = pl.len().over(group) > MOST_OPEN
    crowd = paid.filter(many)
    few = near.join(paid.filter(~many), on=group, how="inner")
    if crowd.is_empty():
        return few
    busy = near.join(crowd.select(group).unique(), on=group, how="semi")
    days = busy.with_columns(at=pl.col("issued_on")), crowd.with_columns(at=pl.col("booked_at").dt.date())
    sums = busy.with_columns(at=pl.col("declared_minor")), crowd.with_columns(at=pl.col("usd_minor"))
    nearest = pl.concat([_nearest(*days, group), _nearest(*sums, group)]).unique(["document_id", "transaction_id"])
    return pl.concat([few, nearest.select(few.columns)])


def _nearest(busy: pl.DataFrame, crowd: pl.DataFrame, group: list[str]) -> pl.DataFrame:
    """Rows of `busy` with the NEAREST of `crowd` before and after by `at`, within `group`."""
    ordered = crowd.sort(*group, "at", "transaction_id").with_columns(
        number=pl.int_range(pl.len(), dtype=pl.Int64).over(group)
    )
    last = ordered.select(*group, "at", "number").unique([*group, "at"], keep="last", maintain_order=True).sort("at")
    found = busy.sort("at").join_asof(last, on="at", by=group, strategy="backward", check_sortedness=False)
    around = pl.concat_list(pl.col("number").fill_null(-1) + step for step in range(1 - NEAREST, NEAREST + 1))
    return found.with_columns(number=around).drop("at").explode("number").join(
        ordered.drop("at"), on=[*group, "number"], how="inner"
    ).drop("number")  # fmt: skip


def _mutual(candidates: pl.DataFrame, rounds: int = 3) -> pl.DataFrame:
    """Keep candidates that are each other's nearest by value, then time; what is left is tried again."""
    order = ("gap", "apart", "document_id", "transaction_id")
    kept, left = [], candidates.sort(order)
    for _ in range(rounds):
        best = left.filter(
            pl.col("transaction_id").first().over("document_id") == pl.col("transaction_id"),
            pl.col("document_id").first().over("transaction_id") == pl.col("document_id"),
        )
        kept.append(best)
        left = left.join(best, on="document_id", how="anti").join(best, on="transaction_id", how="anti").sort(order)
    return pl.concat(kept)


def _alike(trades: pl.DataFrame, papers: pl.DataFrame, most_spread: float) -> pl.DataFrame:
    """Find what custom is learned from where documents name no payments: those of nearly equal value, near in time."""
    nothing = custom(trades.clear(), 0.0, most_spread)
    return _mutual(_candidates(papers, trades, nothing, 3 * most_spread))


def _without(rows: pl.DataFrame, used: pl.DataFrame, key: str) -> pl.DataFrame:
    return rows.join(used.select(key).drop_nulls(), on=key, how="anti").sort(key)


def _completed(short: pl.DataFrame, spare: pl.DataFrame, key: str, worth: str, when: str, days: int) -> pl.DataFrame:
    """Find `short` rows that one or two of the pair's `spare`, within `days` of their own `when`, make whole.

    `short`: row, gap_minor, whole_minor, importer, exporter, and its own `key` and `when`.
    """
    few = spare.filter(pl.len().over(PAIR) <= MOST_OPEN).select(*PAIR, key, part=worth, at=pl.col(when).cast(pl.Date))
    own = short.select("row", *PAIR, "gap_minor", "whole_minor", own=key, day=pl.col(when).cast(pl.Date))
    number = few.group_by(PAIR).agg(pl.len().cast(pl.Int64).alias("number"))
    own = own.join(number, on=PAIR, how="inner").sort("row")
    own = own.with_columns(batch=pl.col("number").cum_sum() // MOST_AT_ONCE).drop("number")
    near = (pl.col("at") - pl.col("day")).dt.total_days().abs() <= days
    found = [short.select("row").clear()]
    for some in own.partition_by("batch", include_key=False):
        ones = some.join(few, on=PAIR, how="inner").filter(pl.col(key) != pl.col("own"), near)
        found.append(_filled(ones.select("row", "gap_minor", "part", miss=pl.col("whole_minor") * WHOLE, key=key)))
    return pl.concat(found).unique()


def _filled(ones: pl.DataFrame) -> pl.DataFrame:
    """Rows whose gap one part fills, or two together. `ones`: row, gap_minor, miss, part, key, a row a part.

    The other part is the one nearest to the rest; where that is the part itself, its neighbours by value are.
    """
    gap = pl.col("gap_minor")
    alone = ones.filter((pl.col("part") - gap).abs() <= pl.col("miss")).select("row")
    small = ones.filter(pl.col("part") < gap).with_columns(rest=gap - pl.col("part")).sort("part", "key")
    sides = [small.with_columns(pl.col("part", "key").shift(step).over("row").name.suffix("_2")) for step in (1, -1)]
    others = small.select("row", part_2="part", key_2="key")
    nearest = small.sort("rest").join_asof(
        others, left_on="rest", right_on="part_2", by="row", strategy="nearest", coalesce=False, check_sortedness=False
    )
    both = pl.concat([rows.select("row", "rest", "miss", "key", "part_2", "key_2") for rows in (*sides, nearest)])
    fills = (pl.col("part_2") - pl.col("rest")).abs() <= pl.col("miss")
    return pl.concat([alone, both.filter(pl.col("key") != pl.col("key_2"), fills).select("row")]).unique()


@dataclass(frozen=True)
class Settled:
    """`valued`: VALUED, a row a document or payment that belongs to one; `open_papers`, `open_trades`: left over."""

    valued: pl.DataFrame
    open_papers: pl.DataFrame
    open_trades: pl.DataFrame
    usual: Custom


def settled(trades: pl.DataFrame, papers: pl.DataFrame, *, least_spread: float, most_spread: float) -> Settled:
    """Bring documents (PAPERS) and payments (TRADES) together. Near-linear: joins on pair and size of the value."""
    named = tied(trades, papers)
    usual = custom(named, least_spread, most_spread)
    if named.height < LEAST_CUSTOM:
        usual = custom(_alike(trades, papers, most_spread), least_spread, most_spread, CHANCE_ALIKE)
    bound = usual.of(named).with_columns(ratio=pl.col("raw") - pl.col("centre"), how=pl.lit("tied"))
    # a document that names a payment which is not here was paid outside the window or at another bank
    loose = papers.filter(pl.col("transaction_id").is_null())
    unpaid = _without(trades, bound, "transaction_id")
    tight = min(max(4 * usual.spread, 0.02), 0.1)
    matched = _mutual(_candidates(loose, unpaid, usual, tight)).with_columns(how=pl.lit("matched"))
    loose, unpaid = _without(loose, matched, "document_id"), _without(unpaid, matched, "transaction_id")
    near = _mutual(_candidates(loose, unpaid, usual, MOST_NEAR)).with_columns(how=pl.lit("near"))
    rows = pl.concat([bound, matched, near], how="diagonal").with_columns(pl.col("third_party").fill_null(value=False))
    open_papers, open_trades = _without(loose, near, "document_id"), _without(unpaid, near, "transaction_id")
    whole = _whole(rows.sort("transaction_id").with_row_index("row"), loose, unpaid, tight)
    valued = whole.select(VALUED.names()).cast(VALUED).sort("transaction_id")
    return Settled(valued, open_papers, open_trades, usual)


def _whole(rows: pl.DataFrame, loose: pl.DataFrame, unpaid: pl.DataFrame, tight: float) -> pl.DataFrame:
    gap = pl.col("declared_minor") - pl.col("usd_minor")
    off = pl.col("ratio").abs() > tight
    under = rows.filter(off, gap > 0).with_columns(gap_minor=gap, whole_minor="declared_minor")
    over = rows.filter(off, gap < 0).with_columns(gap_minor=-gap, whole_minor="usd_minor")
    done = pl.concat(
        [
            _completed(under, unpaid, "transaction_id", "usd_minor", "booked_at", MOST_DAYS_AFTER),
            _completed(over, loose, "document_id", "declared_minor", "issued_on", LOT_DAYS),
        ]
    ).unique()
    return rows.join(done.with_columns(whole=pl.lit(value=True)), on="row", how="left").with_columns(
        pl.col("whole").fill_null(value=False)
    )
