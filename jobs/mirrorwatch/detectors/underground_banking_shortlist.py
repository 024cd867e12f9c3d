"""Which payments are worth looking at: of holders alone through whom enough could have passed, found by sums."""

from datetime import date

import polars as pl

from mirrorwatch.detectors.underground_banking_parameters import UndergroundBankingParameters
from mirrorwatch.features import purses

ODD_PART = (
    0.3  # part of a firm's receipts in cash or from abroad, or of its payments by card, from which it is looked at
)
MONTHS = 12


def window_days(payments: pl.LazyFrame, run_date: date) -> int:
    """Days from the first booking to the run date, both counted; 1 where there is none."""
    first = payments.select(pl.col("booking_date").min()).collect().item()
    return 1 if first is None else max((run_date - first).days + 1, 1)


def monthly() -> pl.Expr:
    """Usual income of a month, in cents."""
    return pl.col("usual_usd").fill_null(purses.UNKNOWN_YEARLY_USD) * purses.CENTS / MONTHS


def _beyond(minor: pl.Expr, days: int, parameters: UndergroundBankingParameters) -> pl.Expr:
    """Whether cents are enough, and more than what is declared for so many days."""
    cards = (pl.col("subject") == "firm") & (pl.col("cards_minor") >= ODD_PART * pl.col("paid_minor"))
    carried = pl.col("yearly_usd") * (purses.CENTS * days / purses.DAYS_A_YEAR)
    enough = minor >= parameters.least_moved_usd * purses.CENTS
    return enough & ((minor >= carried * parameters.least_multiple) | cards).fill_null(value=True)


def busy(
    payments: pl.LazyFrame, known: pl.LazyFrame, days: int, parameters: UndergroundBankingParameters
) -> pl.LazyFrame:
    """Rows of `known` (`purses.standing`) whose purse takes in and pays out enough, and more than is declared."""
    firm = pl.col("subject") == "firm"
    fed = pl.max_horizontal("cash_minor", "abroad_minor") >= ODD_PART * pl.col("received_minor")
    odd = fed | (pl.col("cards_minor") >= ODD_PART * pl.col("paid_minor"))
    found = purses.turnover(payments, known).filter(
        _beyond(pl.min_horizontal("received_minor", "paid_minor"), days, parameters),
        pl.col("receipts") + pl.col("payouts") <= parameters.most_payments,
        ~firm | (odd & ~pl.col("crowded")),
    )
    wanted = known.filter(pl.col("subject").is_not_null())
    return wanted.join(found.select(purses.PURSE), on=purses.PURSE, how="semi")


def _could() -> tuple[pl.Expr, pl.Expr]:
    """Whether a leg could be unusual money in, or money moved on, before anybody's habits are known."""
    kind, firm = pl.col("kind"), pl.col("subject") == "firm"
    source = kind.is_in(("cash", "person", "unknown")) | pl.col("abroad") | firm
    use = ~kind.is_in(("state", "carrier", "cash", "school"))
    return (pl.col("sign") == 1) & source, (pl.col("sign") == -1) & use


def _worth(
    payments: pl.LazyFrame, members: pl.LazyFrame, known: pl.LazyFrame, parameters: UndergroundBankingParameters
) -> pl.LazyFrame:
    card, out = pl.col("channel") == "card", pl.col("sign") == -1
    small = (pl.col("subject") == "person") & (pl.col("usd_minor") < parameters.large_card_share * monthly())
    drawn = out & (pl.col("kind") == "cash")
    return purses.legs(payments, members, known).filter(~(card & (~out | small)), ~drawn)


def passing(
    payments: pl.LazyFrame, known: pl.LazyFrame, days: int, parameters: UndergroundBankingParameters
) -> pl.DataFrame:
    """`purses.legs` of the holders through whom enough could have passed.

    Left out are cash drawn, what comes by card (sales and refunds), and a person's small card payments.
    """
    members = busy(payments, known, days, parameters).collect().lazy()
    usd, paid = pl.col("usd_minor"), pl.col("sign") == -1
    came, went = (usd.filter(which).sum() for which in _could())
    sums = _worth(payments, members, known, parameters).group_by(*purses.PURSE, "subject")
    through = (
        sums.agg(
            pl.col("yearly_usd").max(),
            came.alias("came_minor"),
            went.alias("went_minor"),
            paid_minor=usd.filter(paid).sum(),
            cards_minor=usd.filter(paid & (pl.col("channel") == "card")).sum(),
        )
        .filter(_beyond(pl.min_horizontal("came_minor", "went_minor"), days, parameters))
        .collect()
        .lazy()
    )
    left = members.join(through, on=purses.PURSE, how="semi").collect()
    # A filter that the scan itself can apply: a join alone would keep whole row groups of text alive for a few rows.
    mine = left["account_id"].sort().implode()
    sides = pl.col("originator_account_id").is_in(mine) | pl.col("beneficiary_account_id").is_in(mine)
    return _worth(payments.filter(sides), left.lazy(), known, parameters).collect()
