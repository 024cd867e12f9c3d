"""The order in which alerts are looked at, with no ties.

Score first: it is the detector's own sum of its indicators, on one scale for all typologies. Where scores are equal,
what ordinary activity explains least comes first (no null model is the weaker claim, so it comes after every stated
probability), then the larger sum of money, then the id, which no two alerts share. Withdrawn alerts come last: they
ask for nothing but to be taken note of.
"""

import polars as pl


def strongest_first(frame: pl.DataFrame, *, amount: str = "amount_usd") -> pl.DataFrame:
    """Sort alerts or findings by the order above, with withdrawn ones (if there is a state) last."""
    withdrawn = [pl.col("state") == "withdrawn"] if "state" in frame.columns else []
    return frame.sort(
        *withdrawn,
        "score",
        "chance_probability",
        amount,
        "alert_id",
        descending=[*(False for _ in withdrawn), True, False, True, False],
        nulls_last=True,
    )


def ranked(alerts: pl.DataFrame) -> pl.DataFrame:
    """Sort alerts by the order above and number them from 1 in `rank`."""
    return strongest_first(alerts).with_columns(rank=pl.int_range(1, pl.len() + 1, dtype=pl.Int64))
