"""How much better a leg fits a broker than ordinary life, by facts that regulators name as red flags.

Three facts, each against how common it is with the accounts of the same class and type, in all countries together (in
one country a single ring may be most of what its kind of account does): a stranger met
once (FinCEN FIN-2025-A003: payments to people with no apparent link), cash handed in by someone else than the holder
(FIN-2025-A003 and FINTRAC-2023-OA002: third-party deposits), and a payment beyond a person's declared monthly income
(both: activity that the declared income cannot carry). No fact is needed, and a fact that the source does not give
weighs nothing.
"""

import polars as pl

# How often the fact holds for a broker's payments. No source counts it: these are flat guesses, on the low side.
SHARE_OF_SWAPS = {"once": 0.7, "by_other": 0.7, "over_income": 0.5}
# Half of all brokers are taken to work in a way that the fact says nothing about, so that no fact can clear anyone.
INFORMED = 0.5
# What ordinary accounts do less often than one time in twenty is not known that well, and mistakes in the data do it.
RAREST = 0.05
CENTS, MONTHS = 100, 12
KIND = ["class", "account_type"]


def marked(legs: pl.DataFrame) -> pl.DataFrame:
    """Replace the facts by `mark`: the sum of their log-likelihood ratios, in nats; zero where nothing is known.

    An income that is not declared is taken for the median of the same country and account type.
    """
    usual = pl.col("turnover_usd").median().over("country", "account_type")
    # Sorted, because shares are summed below and a sum of fractions depends on its order.
    known = legs.sort("transaction_id", "account_id").with_columns(pl.col("turnover_usd").fill_null(usual))
    marks = [_weight(fact, share) for fact, share in SHARE_OF_SWAPS.items()]
    marked_legs = known.with_columns(
        over_income=pl.when(pl.col("account_type") == "personal").then(over_income())
    ).with_columns(mark=pl.sum_horizontal(marks))
    return marked_legs.drop(list(SHARE_OF_SWAPS))


def over_income() -> pl.Expr:
    """Whether `usd_minor` is beyond the monthly part of `turnover_usd`."""
    return pl.col("usd_minor") > pl.col("turnover_usd") * CENTS / MONTHS


def _weight(fact: str, share: float) -> pl.Expr:
    # Accounts count alike, however busy.
    of_account = pl.col(fact).mean().over("account_id", "class") / pl.col(fact).count().over("account_id", "class")
    known = pl.col(fact).is_not_null()
    accounts = pl.struct("account_id", "class").filter(known).n_unique().over(KIND)
    usual = (of_account.filter(known).sum().over(KIND) / accounts).clip(RAREST, 1 - RAREST)
    ratio = pl.when(pl.col(fact)).then(share / usual).otherwise((1 - share) / (1 - usual))
    mixed = ((1 - INFORMED) + INFORMED * ratio).log()
    return pl.when(known).then(mixed).otherwise(0.0)
