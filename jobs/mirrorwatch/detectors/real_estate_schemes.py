"""Payers of one payee who belong to one purchase: by the unit that they name, what ties them, or how odd each is."""

import numpy as np
import polars as pl
from scipy.stats import binom, poisson

from mirrorwatch.detectors.real_estate_parameters import PropertyParameters
from mirrorwatch.detectors.real_estate_payers import TIE, Payers
from mirrorwatch.features import real_property
from mirrorwatch.features.chains import component_of

# Payers that a night is taken to have beside those it shows, one in twenty of them odd: a small night knows little.
_PRIOR_PAYERS, _PRIOR_ODD = 20, 1
_LEAST_CHANCE = 1e-6
# Homes beside the first that a code of the payee is taken to have before any is seen: half a home in five codes.
_PRIOR_CODES, _PRIOR_SHARED = 5, 0.5
_OWN_CODES = 3  # clients who name a file of their own and not the code that most name: it is no project's
_MOST_CODES = 0.05  # codes of a payee that chance may give to as many homes


def same(found: Payers, parameters: PropertyParameters) -> pl.DataFrame:
    """Payments that name what unrelated others name too: payee, payer, transaction_id, reference.

    A code counts when enough homes name it, and chance would give none of the payee's codes as many, were they shared
    as its other codes are (Poisson), all but the one that most name: two schemes at one payee do not make each other
    usual. One that most payers of a busy payee name is a project. Going concerns are left out: they name invoices.
    """
    ties = found.ties.filter("private").select(*TIE, "home")
    named = (
        real_property.references(found.rows)
        .join(found.rows.select("transaction_id", *TIE), on="transaction_id", how="inner")
        .join(ties, on=TIE, how="inner")
    )
    homes = pl.col("home").n_unique()
    codes = named.group_by("payee", "reference").agg(homes.cast(pl.Int64).alias("homes"))
    codes = codes.with_columns(
        (pl.col("homes").sum().over("payee") - pl.col("homes") - _largest_other()).alias("elsewhere"),
        (pl.len().over("payee").cast(pl.Int64) - 2).clip(0).alias("others"),
    )
    payees = ties.group_by("payee").agg(homes.cast(pl.Int64).alias("all"))
    project = (pl.col("all") >= parameters.busy_payers) & (pl.col("homes") > pl.col("all") * parameters.most_generic)
    # where clients name files of their own instead, and hardly anybody both, a code that many name is one file too
    project &= (pl.col("own") < _OWN_CODES) | (pl.col("besides") * 2 > pl.col("homes"))
    able = codes.filter(pl.col("homes") >= parameters.least_same).sort("payee", "reference")
    rate = able.select((pl.col("elsewhere") - pl.col("others") + _PRIOR_SHARED) / (pl.col("others") + _PRIOR_CODES))
    tail = poisson.sf(able["homes"].to_numpy() - 2, rate.to_series().to_numpy())
    by_chance = pl.Series("tail", np.asarray(tail), dtype=pl.Float64) * (able["others"] + 1)
    kept = able.filter(by_chance <= _MOST_CODES).join(payees, on="payee", how="inner")
    kept = kept.join(_besides(named), on=("payee", "reference"), how="left").filter(~project)
    return named.join(kept.select("payee", "reference", "homes"), on=("payee", "reference"), how="inner")


def _largest_other() -> pl.Expr:
    """Most homes that name another code of the payee; none where there is but one."""
    homes = pl.col("homes")
    most = homes.max().over("payee")
    second = homes.sort(descending=True).get(1, null_on_oob=True).over("payee").fill_null(0)
    return pl.when(homes == most).then(second).otherwise(most)


def _besides(named: pl.DataFrame) -> pl.DataFrame:
    """One row a payee and code: homes that name another too (besides), and others that name one of their own (own)."""
    codes = named.select("payee", "reference", "home").unique()
    single = codes.filter(pl.len().over("payee", "reference") == 1)
    own = single.group_by("payee").agg(pl.col("home").n_unique().cast(pl.Int64).alias("single"))
    several = codes.with_columns(several=pl.len().over("payee", "home") > 1)
    both = several.group_by("payee", "reference").agg(pl.col("several").sum().cast(pl.Int64).alias("besides"))
    rows = both.join(own, on="payee", how="left").with_columns(pl.col("single").fill_null(0))
    return rows.select("payee", "reference", "besides", own=pl.col("single") - pl.col("besides"))


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
    able = able.join(_of_their_own(found), on=TIE, how="left")
    odd = able.filter(~pl.col("named"))
    # who names a file of their own is no part of what others pay, however odd both are
    odd = odd.select("payee", "payer", payer_to=first.over("payee", "code"))
    edges = pl.concat([each.select("payee", "payer", "payer_to") for each in (units, links, odd)]).unique()
    edges = edges.with_columns(payee_to="payee").select(*TIE, "payee_to", "payer_to")
    scheme = component_of(able, edges, TIE, "scheme")
    return able.join(_adopted(scheme, able), on=TIE, how="inner").drop("code")


def _of_their_own(found: Payers) -> pl.DataFrame:
    """One row a payer and payee whose texts name a unit or file: TIE and the code that most payers name too."""
    codes = (
        real_property.references(found.rows)
        .filter("worded")
        .join(found.rows.select("transaction_id", *TIE), on="transaction_id", how="inner")
        .select(*TIE, code="reference")
        .unique()
        .with_columns(shared=pl.len().over("payee", "code"))
    )
    ordered = codes.sort(*TIE, "shared", "code", descending=[False, False, True, False])
    return ordered.unique(TIE, keep="first", maintain_order=True).drop("shared")


def _adopted(scheme: pl.DataFrame, able: pl.DataFrame) -> pl.DataFrame:
    """`scheme` with whoever is odd and names nothing put to the unit of a payee's schemes, where that is one."""
    units = scheme.join(able.filter("named").select(TIE), on=TIE, how="semi")
    single = units.group_by("payee").agg(
        pl.col("scheme").min().alias("unit"), pl.col("scheme").n_unique().alias("number")
    )
    own = pl.col("code").is_not_null() & ~pl.col("named")
    apart = scheme.join(able.filter(own).select(TIE), on=TIE, how="semi").select("scheme", apart=True).unique()
    joined = scheme.join(single.filter(pl.col("number") == 1), on="payee", how="left")
    joined = joined.join(apart, on="scheme", how="left")
    return joined.select(*TIE, scheme=pl.when(pl.col("apart").is_null()).then("unit").fill_null(pl.col("scheme")))


def beyond_peers(found: Payers, parameters: PropertyParameters) -> pl.DataFrame:
    """One row a payee: payee, beyond_peers, powers of ten against as many odd payers (binomial, by homes), expected.

    `expected`: payees of the night that would have as many by chance.
    """
    odd = pl.col("home").filter(pl.col("points") >= parameters.payer_points).n_unique()
    each = found.ties.group_by("payee").agg(
        pl.col("home").n_unique().cast(pl.Int64).alias("homes"), odd.cast(pl.Int64).alias("odd")
    )
    others = pl.col("homes").sum() - pl.col("homes") + _PRIOR_PAYERS
    share = (pl.col("odd").sum() - pl.col("odd") + _PRIOR_ODD) / others
    each = each.with_columns(share.alias("share")).sort("payee")
    tail = binom.sf(each["odd"].to_numpy() - 1, each["homes"].to_numpy(), each["share"].to_numpy())
    chance = pl.Series("chance", np.asarray(tail), dtype=pl.Float64).clip(_LEAST_CHANCE, 1.0)
    return each.select("payee", beyond_peers=-chance.log10(), expected=chance * each.height)
