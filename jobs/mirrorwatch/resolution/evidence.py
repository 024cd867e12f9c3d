"""Why two parties are taken for one: each comparison with both values, its level and its weight in bits.

Weights are against the likelier of the two other explanations (kin or strangers); the last row takes the less likely
one in, so that all rows add up to the log-odds of the probability.
"""

import numpy as np
import polars as pl

from mirrorwatch.resolution.comparing import Compared
from mirrorwatch.resolution.levels import FIELDS
from mirrorwatch.resolution.weights import KIN, SAME, STRANGERS, Model, field_bits, totals

EVIDENCE = pl.Struct({"field": pl.String(), "level": pl.String(), "bits": pl.Float64()})
_AGAINST = {KIN: "related parties", STRANGERS: "strangers"}
_DECIMALS = 3


def evidence(model: Model, found: Compared) -> pl.Series:
    """One list of EVIDENCE a pair, in order: what was expected, each comparison, the other explanation."""
    bits, total = field_bits(model, found), totals(model, found)
    against = np.where(total[:, KIN] > total[:, STRANGERS], KIN, STRANGERS)
    pairs = np.arange(len(total))
    weight = bits[:, SAME] - bits[pairs, against]
    other = total[pairs, against] - np.logaddexp2(total[:, KIN], total[:, STRANGERS])
    told = [_items("expected", _words(against), model.prior[SAME] - model.prior[against])]
    for row, field in enumerate(FIELDS):
        names = np.array([*field.levels, ""])[found.level[:, row]]
        told.append(_items(field.name, names, weight[:, row], found.level[:, row] >= 0))
    told.append(_items("otherwise", _words(KIN + STRANGERS - against), other))
    return pl.DataFrame(told).select(evidence=pl.concat_list(pl.all()).list.drop_nulls())["evidence"]


def _words(against: np.ndarray) -> np.ndarray:
    return np.where(against == KIN, f"not {_AGAINST[KIN]}", f"not {_AGAINST[STRANGERS]}")


def _items(field: str, level: np.ndarray, bits: np.ndarray, known: np.ndarray | None = None) -> pl.Series:
    frame = pl.DataFrame({"level": pl.Series(level, dtype=pl.String), "bits": np.round(bits, _DECIMALS)})
    shown = pl.lit(value=True) if known is None else pl.Series(known)
    item = pl.struct(pl.lit(field).alias("field"), "level", "bits").cast(EVIDENCE)
    return frame.select(pl.when(shown).then(item).alias(field))[field]
