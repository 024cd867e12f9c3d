"""How likely a scheme's units are by chance, for the few schemes that could be reported."""

import polars as pl

from mirrorwatch.detectors.base import Floor
from mirrorwatch.detectors.shell_evidence import Schemes
from mirrorwatch.features import chance, passthrough
from mirrorwatch.features.pairing import Passing

# The draws fix a mean and a variance, and no tail further out than this: smaller figures are stated as this one.
LEAST_CHANCE = 1e-6
FLOOR = Floor(
    LEAST_CHANCE,
    f"it rests on at most {chance.MOST_DRAWS} other orders of the weeks, which show how much chance gives and how far "
    "that scatters, but not how often it gives far more",
)


def _by_chance(found: Schemes, worth: pl.DataFrame, passing: Passing) -> pl.DataFrame:
    """One row a scheme of `worth` and draw: scheme, draw, units (0 included) of all its companies together."""
    members = found.shells.select("scheme", "party_id").join(worth, on="scheme", how="semi")
    moves = chance.weeks_moved(found.weeks)
    main = found.main.join(members, on="party_id", how="semi")
    drawn = passthrough.units(chance.moved(main, found.start, moves), passing)
    counts = drawn.join(members, on="party_id", how="inner").group_by("scheme", "draw").agg(units=pl.len())
    every = worth.select("scheme").join(moves.select("draw").unique(), how="cross")
    counted = every.join(counts, on=("scheme", "draw"), how="left")
    return counted.with_columns(pl.col("units").fill_null(0).cast(pl.Int64)).sort("scheme", "draw")


def _variance(counts: str) -> pl.Expr:
    """Sample variance from whole sums, so that the order of rows cannot move its last digit; 0 of a single count."""
    number, total, squares = pl.len(), pl.col(counts).sum(), (pl.col(counts) ** 2).sum()
    return ((number * squares - total**2) / (number * (number - 1)).clip(lower_bound=1)).alias("variance")


def with_chance(values: pl.DataFrame, found: Schemes, worth: pl.DataFrame, passing: Passing) -> pl.DataFrame:
    """`values` with units, expected, chance_probability and beyond_chance, of the schemes in `worth` (scheme).

    The mean by chance is taken one unit over all draws higher than seen, so that none in a few draws is not read as
    never. The probability is multiplied by the number of companies examined (Bonferroni), so that it speaks for the
    whole night; it is null in a window of one week, where no other week is.
    """
    spread = (
        _by_chance(found, worth, passing)
        .group_by("scheme")
        .agg(((pl.col("units").sum() + 1) / pl.len()).alias("expected"), _variance("units"))
    )
    sums = found.shells.group_by("scheme").agg(pl.col("units").sum())
    known = sums.join(spread, on="scheme", how="inner")
    known = known.with_columns(chance.tail(known["units"], known["expected"], known["variance"]))
    return (
        values.drop("beyond_chance")
        .join(sums, on="scheme", how="left")
        .join(known.select("scheme", "expected", "chance"), on="scheme", how="left")
        .with_columns(
            (pl.col("chance") * found.examined).clip(LEAST_CHANCE, 1.0).round_sig_figs(4).alias("chance_probability"),
            -(pl.col("chance").clip(LEAST_CHANCE, 1.0).log10()).alias("beyond_chance"),
        )
        .drop("chance")
        .sort("scheme")
    )
