"""Holders whose cash is one person's money: it goes on to one payee, or what they draw came from one payer.

Sums that are brought to several accounts and brought together afterwards are the FFIEC manual's own example. A payee
whom a crowd pays, or a payer who pays one, ties nobody: that is a landlord, a supplier, an employer. Nor does one who
gets far more than the cash: a business pays its supplier from other money.
"""

import polars as pl

from mirrorwatch.detectors.structuring_parameters import StructuringParameters
from mirrorwatch.features import counter, draining

_LEAST_PART = counter.WHOLE // 2  # of a threshold: who handled less in all hides nothing from a report
_FEWEST = 2  # sums, and payments after them: one of each fits by chance
_PAIR = ("party_id", "party_id_to")
# (kind of cash, whose side is the holder's, the other's)
_SIDES = ((counter.DEPOSIT, "originator", "beneficiary"), (counter.WITHDRAWAL, "beneficiary", "originator"))


def tied_by_money(
    payments: pl.LazyFrame, rows: pl.DataFrame, known: pl.DataFrame, parameters: StructuringParameters
) -> pl.DataFrame:
    """Pairs of parties of `rows` (pieces: account_id, party_id, kind, day, part, usd_minor): party_id, party_id_to.

    `known`: account_id, party_id, carrier (whoever moves money for others by trade), of every account on file.
    """
    pairs = [_pairs(payments, rows.filter(pl.col("kind") == kind), known, (own, other), parameters)
             for kind, own, other in _SIDES]  # fmt: skip
    return pl.concat(pairs).unique().sort(_PAIR)


def _pairs(
    payments: pl.LazyFrame,
    rows: pl.DataFrame,
    known: pl.DataFrame,
    sides: tuple[str, str],
    parameters: StructuringParameters,
) -> pl.DataFrame:
    own, other = (f"{side}_account_id" for side in sides)
    handled = _handled(rows, parameters.pass_days)
    accounts = rows.select("account_id", "party_id").unique().join(handled, on="party_id", how="inner")
    transfers = payments.filter(
        ~pl.col("channel").is_in(("card", "cash_deposit", "cash_withdrawal")), pl.col(other).is_not_null()
    )
    moved = (
        transfers.join(accounts.lazy(), left_on=own, right_on="account_id", how="inner")
        .filter(pl.col("booking_date").is_between("since", "until"))
        .select("party_id", "handled_minor", "usd_minor", day="booking_date", account_id=other)
        .join(known.lazy(), on="account_id", how="left", suffix="_met")
        .filter(~pl.col("carrier").fill_null(value=False))
        .with_columns(met=pl.coalesce("party_id_met", "account_id"))
        .filter(pl.col("met") != pl.col("party_id"))
        .filter(
            pl.len().over("party_id", "met") >= _FEWEST,
            pl.col("usd_minor")
            .sum()
            .over("party_id", "met")
            .is_between(
                pl.col("handled_minor") * parameters.least_together, pl.col("handled_minor") * parameters.most_together
            ),
        )
        .collect()
    )
    few = moved.filter(pl.col("party_id").n_unique().over("met") <= parameters.most_conducted)
    few = few.join(_crowds(transfers, few, (own, other), parameters), on="met", how="anti")
    return _tied(_followed(rows, few, parameters, first=own == "originator_account_id"), handled)


def _followed(
    rows: pl.DataFrame, moved: pl.DataFrame, parameters: StructuringParameters, *, first: bool
) -> pl.DataFrame:
    """One row a party and whom it `met` of whom most of its cash was followed within days, each dollar once.

    `first`: the cash came first. A tenant's rent is as large as what they brought, and does not follow it.
    """
    pairs = moved.select("party_id", "met").unique().sort("party_id", "met").with_row_index("holder")
    pairs = pairs.with_columns(pl.col("holder").cast(pl.Int64))
    cash = rows.select("party_id", "day", "usd_minor").join(pairs, on="party_id", how="inner")
    money = moved.join(pairs, on=("party_id", "met"), how="inner")
    came, went = (cash, money) if first else (money, cash)
    sums = draining.drained(came, went, pairs.height, parameters.pass_days)
    handled = cash.group_by("holder").agg(pl.col("usd_minor").sum())
    share = pl.col("gone_minor") >= pl.col("usd_minor") * parameters.least_together
    kept = sums.join(handled, on="holder", how="inner").filter(share)
    return pairs.join(kept.select("holder"), on="holder", how="semi").select("party_id", "met")


def _handled(rows: pl.DataFrame, days: int) -> pl.DataFrame:
    """One row a party with enough cash: party_id, handled_minor, since, until (days around its pieces)."""
    each = rows.group_by("party_id").agg(
        pl.col("part").sum(),
        pl.len().alias("pieces"),
        pl.col("usd_minor").sum().alias("handled_minor"),
        pl.col("day").min().dt.offset_by(f"-{days}d").alias("since"),
        pl.col("day").max().dt.offset_by(f"{days}d").alias("until"),
    )
    return each.filter(pl.col("part") >= _LEAST_PART, pl.col("pieces") >= _FEWEST).drop("part", "pieces")


def _crowds(
    transfers: pl.LazyFrame, most: pl.DataFrame, sides: tuple[str, str], parameters: StructuringParameters
) -> pl.DataFrame:
    """Find whom of `most` (met, account_id) more accounts pay, or whom they pay, than links may have: met."""
    own, other = sides
    accounts = most.select("met", "account_id").unique()
    met = transfers.join(accounts.lazy(), left_on=other, right_on="account_id", how="inner").group_by("met")
    return met.agg(pl.col(own).n_unique().alias("all")).filter(pl.col("all") > parameters.most_accounts).collect()


def _tied(most: pl.DataFrame, handled: pl.DataFrame) -> pl.DataFrame:
    """Pairs by one `met` in common, and of a holder with a `met` who handles cash too."""
    first = most.select(party_id=pl.col("party_id").min().over("met"), party_id_to="party_id")
    direct = most.join(handled, left_on="met", right_on="party_id", how="semi")
    both = pl.concat([first, direct.select("party_id", party_id_to="met")])
    ordered = both.select(party_id=pl.min_horizontal(_PAIR), party_id_to=pl.max_horizontal(_PAIR))
    return ordered.filter(pl.col("party_id") != pl.col("party_id_to")).unique()
