"""Payers of one payee who belong to one purchase: by the unit that they name, what ties them, or how odd each is."""

import polars as pl

from mirrorwatch.detectors.real_estate_parameters import PropertyParameters
from mirrorwatch.detectors.real_estate_payers import TIE, Payers
from mirrorwatch.features import real_property
from mirrorwatch.features.chains import component_of

_BEYOND_USUAL = 5  # halves: two and a half times as many payers as the payee's other codes have


def same(found: Payers, parameters: PropertyParameters) -> pl.DataFrame:
    """Payments that name what unrelated others name too: payee, payer, transaction_id, reference.

    A code counts when enough homes name it, and more than the payee's other codes have on average; one that most payers
    of a busy payee name is a project.
    """
    ties = found.ties.select(*TIE, "home")
    named = (
        real_property.references(found.rows)
        .join(found.rows.select("transaction_id", *TIE), on="transaction_id", how="inner")
        .join(ties, on=TIE, how="inner")
    )
    homes = pl.col("home").n_unique()
    codes = named.group_by("payee", "reference").agg(homes.cast(pl.Int64).alias("homes"))
    codes = codes.with_columns(
        (pl.col("homes").sum().over("payee") - pl.col("homes")).alias("elsewhere"),
        (pl.len().over("payee").cast(pl.Int64) - 1).alias("others"),
    )
    payees = ties.group_by("payee").agg(homes.cast(pl.Int64).alias("all"))
    project = (pl.col("all") >= parameters.busy_payers) & (pl.col("homes") > pl.col("all") * parameters.most_generic)
    unusual = 2 * pl.col("homes") * pl.col("others") >= _BEYOND_USUAL * pl.col("elsewhere")
    kept = codes.join(payees, on="payee", how="inner").filter(
        pl.col("homes") >= parameters.least_same, unusual, ~project
    )
    return named.join(kept.select("payee", "reference", "homes"), on=("payee", "reference"), how="inner")


def grouped(found: Payers, named: pl.DataFrame, parameters: PropertyParameters) -> pl.DataFrame:
    """One row a payer and payee that belong to a scheme: TIE, scheme and `named` (whether by a unit)."""
    by_unit = named.select(*TIE).unique().with_columns(named=pl.lit(value=True))
    able = found.ties.join(by_unit, on=TIE, how="left").with_columns(pl.col("named").fill_null(value=False))
    able = able.filter(pl.col("named") | (pl.col("points") >= parameters.payer_points))
    first = pl.col("payer").min()
    units = named.select("payee", "payer", payer_to=first.over("payee", "reference"))
    links = found.links.join(able.select(TIE), on=TIE, how="semi").join(
        able.select("payee", payer_to="payer"), on=("payee", "payer_to"), how="semi"
    )
    odd = able.filter(~pl.col("named")).select("payee", "payer", payer_to=first.over("payee"))
    edges = pl.concat([each.select("payee", "payer", "payer_to") for each in (units, links, odd)]).unique()
    edges = edges.with_columns(payee_to="payee").select(*TIE, "payee_to", "payer_to")
    scheme = component_of(able, edges, TIE, "scheme")
    return able.join(_adopted(scheme, able), on=TIE, how="inner")


def _adopted(scheme: pl.DataFrame, able: pl.DataFrame) -> pl.DataFrame:
    """`scheme` with whoever is only odd put to the one unit that a payee's schemes are for, where it is one."""
    units = scheme.join(able.filter("named").select(TIE), on=TIE, how="semi")
    single = units.group_by("payee").agg(
        pl.col("scheme").min().alias("unit"), pl.col("scheme").n_unique().alias("number")
    )
    joined = scheme.join(single.filter(pl.col("number") == 1), on="payee", how="left")
    return joined.select(*TIE, scheme=pl.coalesce("unit", "scheme"))
