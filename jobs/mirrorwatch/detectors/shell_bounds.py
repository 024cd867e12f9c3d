"""From which score a scheme is reported, and what must be known besides."""

import polars as pl

from mirrorwatch.detectors.shell_parameters import ShellParameters
from mirrorwatch.detectors.shell_terms import most

_CHAIN = pl.col("in_money") > 1


def _bound(parameters: ShellParameters) -> pl.Expr:
    """Score from which a scheme is reported: where no money links two companies, that of one company alone."""
    return pl.when(_CHAIN).then(parameters.chain_score).otherwise(parameters.single_score)


def _known(parameters: ShellParameters) -> pl.Expr:
    """Whether what is known of the companies speaks against them too; only a chain need not have it."""
    return _CHAIN | (pl.col("background") >= parameters.least_background)


def promising(parameters: ShellParameters) -> pl.Expr:
    """Schemes that their chance, which is not known yet, could bring over the bound."""
    return _known(parameters) & (pl.col("score") + most("beyond_chance") >= _bound(parameters))


def reported(parameters: ShellParameters) -> pl.Expr:
    """Schemes to report: score enough, and several sums or too few by chance; one company alone needs both."""
    many = pl.col("units_followed") >= parameters.few_sums
    unlikely = (pl.col("chance_probability") <= parameters.most_chance).fill_null(value=False)
    sure = pl.when(pl.col("order").list.len() == 1).then(many & unlikely).otherwise(many | unlikely)
    return _known(parameters) & (pl.col("score") >= _bound(parameters)) & sure
