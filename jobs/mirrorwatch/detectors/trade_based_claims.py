"""What the sub-patterns of trade-based laundering hand over, and how far each lies beyond the night's custom.

A *unit* is one firm or one pair of firms that one sub-pattern speaks against. Null model: each payment or document of
the night is odd independently, at the rate of all others. That rate is learned without the twentieth of pairs that
have most odd ones, so that a few schemes do not make themselves usual. Probabilities are multiplied by the number of
units tested (Bonferroni), so they speak for the night.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.stats import betabinom, binom

from mirrorwatch.features.trade import PAIR

# Before anything is learned one in fifty is taken to be odd: the weight of 25 rows, half an odd one among them.
PRIOR_ROWS, PRIOR_ODD = 25, 0.5
TRIMMED = 20  # one pair in so many, the oddest, says nothing of what is usual
LEAST_CHANCE = 1e-6
WHOLE_THOUSAND = 100_000  # in hundredths of a currency
MEANT = 0.01  # chance of so many round sums, below which they count beside a lack of documents
PARTNER_PAYMENTS = 2  # odd payments from which a partner acts too and did not merely appear
PARTNER_SHARE = 0.15  # and the share of its own trade that they make up: a large house with one odd customer stays out
HABIT_PAYMENTS, HABIT_SHARE = 4, 0.1  # or so many with one partner: who settles four odd invoices has seen them

VALUES = pl.Schema(
    {
        "unit": pl.String(),
        "pattern": pl.String(),
        "chance": pl.Float64(),  # for the night; null where no model applies
        "share": pl.Float64(),  # of the suspect's trade or income that is odd
        "size": pl.Float64(),  # what the pattern's own term measures
        "moved_minor": pl.Int64(),
        "note": pl.String(),  # a rule as it stood, where the pattern rests on one
    }
)
PAYMENTS = pl.Schema(
    {
        "unit": pl.String(),
        "transaction_id": pl.String(),
        "role": pl.String(),
        "document_id": pl.String(),
        "booked_at": pl.Datetime("us", "UTC"),
        "usd_minor": pl.Int64(),
        "amount_minor": pl.Int64(),
        "payer_account": pl.String(),
        "payee_account": pl.String(),
    }
)
# The same, told once a unit and payment: document_id is the first by id, document_ids are all of them, sorted.
TOLD = pl.Schema({**PAYMENTS, "document_ids": pl.List(pl.String())})
SUSPECTS = pl.Schema({"unit": pl.String(), "party_id": pl.String()})


@dataclass(frozen=True)
class Claims:
    """Units of one sub-pattern: VALUES, TOLD and SUSPECTS."""

    values: pl.DataFrame
    payments: pl.DataFrame
    suspects: pl.DataFrame


NOTHING = Claims(*(pl.DataFrame(schema=schema) for schema in (VALUES, TOLD, SUSPECTS)))


def claims(values: pl.DataFrame, payments: pl.DataFrame, suspects: pl.DataFrame) -> Claims:
    """Bring the three tables into their schemas; units without a payment or suspect are dropped.

    `payments` may hold a row a document of one payment; it is told once, with all of them.
    """
    if "note" not in values.columns:
        values = values.with_columns(note=pl.lit(None, dtype=pl.String))
    table = _once_each(payments.select(PAYMENTS.names()).cast(PAYMENTS))
    named = suspects.select(SUSPECTS.names()).cast(SUSPECTS).unique()
    kept = values.join(table, on="unit", how="semi").join(named, on="unit", how="semi")
    return Claims(
        kept.select(VALUES.names()).cast(VALUES).sort("unit"),
        table.join(kept, on="unit", how="semi").sort("unit", "transaction_id"),
        named.join(kept, on="unit", how="semi").sort("unit", "party_id"),
    )


def _once_each(payments: pl.DataFrame) -> pl.DataFrame:
    ordered = payments.sort("unit", "transaction_id", "document_id", pl.all(), nulls_last=True)
    ids = payments.group_by("unit", "transaction_id").agg(
        pl.col("document_id").drop_nulls().unique().sort().alias("document_ids")
    )
    once = ordered.unique(("unit", "transaction_id"), keep="first", maintain_order=True)
    return once.join(ids, on=("unit", "transaction_id"), how="inner").select(TOLD.names())


def all_of(parts: list[Claims]) -> Claims:
    """Join the claims of all sub-patterns."""
    return Claims(
        pl.concat([part.values for part in parts]),
        pl.concat([part.payments for part in parts]),
        pl.concat([part.suspects for part in parts]),
    )


def levels(rows: pl.DataFrame) -> pl.DataFrame:
    """`rows` (importer, exporter) three times: as of their pair, their importer and their exporter (level, unit)."""
    pair = pl.col("importer") + "|" + pl.col("exporter")
    return pl.concat(
        [
            rows.with_columns(level=pl.lit("pair"), unit=pair),
            rows.with_columns(level=pl.lit("importer"), unit=pl.col("importer")),
            rows.with_columns(level=pl.lit("exporter"), unit=pl.col("exporter")),
        ]
    )


def usual_rate(rows: pl.DataFrame) -> float:
    """Share of odd rows (importer, exporter, odd) on the night, the oddest twentieth of the pairs left out."""
    pairs = rows.group_by(PAIR).agg(pl.col("odd").sum(), rows=pl.len()).sort("odd", "rows", *PAIR, descending=True)
    rest = pairs.slice(-(-pairs.height // TRIMMED))
    return (float(rest["odd"].sum()) + PRIOR_ODD) / (float(rest["rows"].sum()) + PRIOR_ROWS)


def counted(rows: pl.DataFrame, least_odd: int) -> pl.DataFrame:
    """One row a level and unit with at least `least_odd` odd rows: odd, rows, partners, chance of as many, sorted.

    `rows`: importer, exporter, odd, usual (the rate of such a row). A firm is a unit of its own only where its odd rows
    come from several partners; of one partner the pair speaks.
    """
    told = (
        levels(rows)
        .group_by("level", "unit")
        .agg(
            pl.col("odd").sum().cast(pl.Int64),
            pl.len().cast(pl.Int64).alias("rows"),
            (pl.col("usual").sort().sum() / pl.len()).alias("usual"),  # sorted: a sum of floats depends on their order
            pl.struct(PAIR).filter("odd").n_unique().alias("partners"),
        )
    )
    tests = max(told.filter(pl.col("rows") >= least_odd).height, 1)
    found = told.filter(pl.col("odd") >= least_odd, (pl.col("level") == "pair") | (pl.col("partners") > 1))
    found = found.sort("level", "unit")
    tail = binom.sf(found["odd"].to_numpy() - 1, found["rows"].to_numpy(), found["usual"].to_numpy())
    return _for_the_night(found.with_columns(tail=pl.Series(np.asarray(tail), dtype=pl.Float64)), tests)


def lacking(rows: pl.DataFrame, least_rows: int) -> pl.DataFrame:
    """Like `counted`, of rows that lack what most have: the chance of so few `had`, by a beta-binomial of the night.

    `rows`: importer, exporter, had, odd (= not had). Firms differ in how much of their paper the source holds, so the
    spread between pairs is learned too, a twentieth of the pairs without any left out.
    """
    told = (
        levels(rows)
        .group_by("level", "unit")
        .agg(
            pl.col("had").sum().cast(pl.Int64),
            pl.len().cast(pl.Int64).alias("rows"),
            pl.struct(PAIR).n_unique().alias("partners"),
        )
        .filter(pl.col("rows") >= least_rows)
        .filter((pl.col("level") == "pair") | (pl.col("partners") > 1))
        .sort("level", "unit")
    )
    mean, spread = _coverage(told.filter(pl.col("level") == "pair"))
    told = told.with_columns(usual=pl.lit(mean), odd=pl.col("rows") - pl.col("had"))
    had, number = told["had"].to_numpy(), told["rows"].to_numpy()
    if spread > 0:
        weight = 1 / spread - 1
        tail = betabinom.cdf(had, number, mean * weight, (1 - mean) * weight)
    else:
        tail = binom.cdf(had, number, mean)
    told = told.with_columns(tail=pl.Series(np.asarray(tail), dtype=pl.Float64))
    return _for_the_night(_with_round(rows, told), max(told.height, 1))


def _with_round(rows: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """`told` with the tail joined (Fisher) by that of as many whole thousands among its amounts.

    Goods are invoiced in odd amounts; where nobody's are, round ones without a document say more.
    """
    whole = rows.unique((*PAIR, "amount_minor"), keep="any").with_columns(
        odd=pl.col("amount_minor") % WHOLE_THOUSAND == 0
    )
    number = (
        levels(whole)
        .group_by("level", "unit")
        .agg(pl.col("odd").sum().cast(pl.Int64).alias("round"), pl.len().cast(pl.Int64).alias("amounts"))
    )
    joined = told.join(number, on=("level", "unit"), how="left", maintain_order="left")
    rounds = binom.sf(joined["round"].to_numpy() - 1, joined["amounts"].to_numpy(), usual_rate(whole))
    tail = joined["tail"].to_numpy()
    product = np.clip(tail * rounds, 1e-300, 1.0)
    fisher = product * (1 - np.log(product))
    return joined.with_columns(tail=pl.Series(np.where(rounds < MEANT, fisher, tail), dtype=pl.Float64))


def _coverage(pairs: pl.DataFrame) -> tuple[float, float]:
    """Mean share had, and its intra-pair correlation by moments (0 where chance alone explains the spread)."""
    bare = pairs.filter(pl.col("had") == 0).sort("rows", "unit", descending=True)
    some = pairs.filter(pl.col("had") > 0)
    rest = pl.concat([some, bare.slice(-(-pairs.height // TRIMMED))])
    had, total, number = int(rest["had"].sum()), int(rest["rows"].sum()), rest.height
    mean = (had + PRIOR_ODD) / (total + 1)
    if number < TRIMMED:
        return mean, 0.05  # too few to learn the spread from: some is assumed
    off = rest.select(((pl.col("had") - pl.col("rows") * mean) ** 2 / pl.col("rows")).sum()).item()
    level = mean * (1 - mean)
    excess = float(off) / level - number
    room = total - number
    return mean, min(max(excess / room, 0.0), 0.9) if room > 0 else 0.05


def as_chance(tests: int) -> pl.Expr:
    """Probability for the night of `tail` of one unit among `tests`, to the digits that a library's tail is sure of."""
    return (pl.col("tail") * tests).clip(LEAST_CHANCE, 1.0).round_sig_figs(4)


def _for_the_night(found: pl.DataFrame, tests: int) -> pl.DataFrame:
    return found.with_columns(chance=as_chance(tests))


def of_units(rows: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Rows of `levels(rows)` whose level and unit are in `found`."""
    return levels(rows).join(found.select("level", "unit"), on=("level", "unit"), how="semi")


def suspects(rows: pl.DataFrame, found: pl.DataFrame, *, partners: bool = True) -> pl.DataFrame:
    """Whom the units of `found` name (level, unit, party_id, share): the firm, and `partners` who act as often.

    `rows`: importer, exporter, odd, for all the trade of all firms. Of a pair, both when each has enough of its trade
    in it, else the one that has more.
    """
    sides = pl.concat([rows.select(party_id=pl.col(side), odd="odd") for side in PAIR])
    whole = sides.group_by("party_id").agg((pl.col("odd").sum() / pl.len()).alias("share"))
    odd = of_units(rows.filter("odd"), found)
    acting = pl.concat([odd.select("level", "unit", party_id=pl.col(side)) for side in PAIR])
    each = acting.group_by("level", "unit", "party_id").agg(pl.len().alias("odd")).join(whole, on="party_id")
    itself = pl.col("unit") == pl.col("party_id")
    main = itself | ((pl.col("level") == "pair") & (pl.col("share") == pl.col("share").max().over("level", "unit")))
    both = (pl.col("level") == "pair") | pl.lit(partners)
    often = (pl.col("odd") >= PARTNER_PAYMENTS) & (pl.col("share") >= PARTNER_SHARE)
    habit = (pl.col("odd") >= HABIT_PAYMENTS) & (pl.col("share") >= HABIT_SHARE)
    acts = both & (often | habit)
    return each.filter(main | acts).select("level", "unit", "party_id", "share").sort("level", "unit", "party_id")
