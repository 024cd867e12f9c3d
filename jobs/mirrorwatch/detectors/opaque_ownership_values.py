"""What each term of the opaque-ownership score is for one structure: one row a structure, one column a term."""

import polars as pl

from mirrorwatch.detectors.base import NightFrames
from mirrorwatch.detectors.opaque_ownership_structures import Structures
from mirrorwatch.features.shortlist import FEWEST_KINDS

LAYERED = 2  # links: one is a parent, and a parent whose owners are elsewhere on record is no layer
_AFTER = 0.9  # of a company's money: nearly all that it moved, it moved for its new owner
_MANY = 0.5  # what a common front counts for that stands for very many


def values(found: Structures, night: NightFrames, days: int) -> pl.DataFrame:
    """One row a structure: scheme, every term, money (cents), payers, payees, holders and names, sorted."""
    table = _hidden(found)
    for more in (_money(found), _declared(found, night, days), _in_front(found), _counterparties(found)):
        table = table.join(more, on="scheme", how="left")
    return table.with_columns(
        pl.col("shared_front", "replaced").fill_null(0.0), chance_probability=pl.lit(None, dtype=pl.Float64)
    ).sort("scheme")


def _hidden(found: Structures) -> pl.DataFrame:
    since = found.legs.join(found.members.select("party_id", "replaced_on"), on="party_id", how="inner")
    after = since.group_by("party_id").agg(
        pl.col("usd_minor").filter(pl.col("booked_at").dt.date() >= pl.col("replaced_on")).sum().alias("after_minor"),
        pl.col("usd_minor").sum().alias("moved_minor"),
    )
    replaced = pl.col("replaced_on").is_not_null() & (pl.col("after_minor") >= _AFTER * pl.col("moved_minor"))
    share = {name: pl.col(name).cast(pl.Float64).mean() for name in ("circle", "dead_end", "fronted", "replaced")}
    reach = pl.max_horizontal("layers", pl.col("layers").max().over("family"))  # of the company where a chain ends, too
    layered = pl.col("dead_end") & (pl.col("layers") >= LAYERED)
    return (
        found.members.with_columns(layers=reach)
        .join(after, on="party_id", how="left")
        .with_columns(replaced=replaced.fill_null(value=False))
        .group_by("scheme")
        .agg(
            *(value.alias(name) for name, value in share.items()),
            pl.col("layers").max().cast(pl.Float64),
            pl.len().cast(pl.Float64).alias("companies"),
            pl.any_horizontal("circle", "fronted", layered).mean().alias("hidden"),
            pl.col("replaced_on").filter("replaced").max().alias("replaced_on"),
            pl.col("party_id").sort().alias("names"),
            pl.col("party_id").sort_by("moved_minor", "party_id", descending=[True, False]).first()
            .alias("subject_party_id"),
        )
    )  # fmt: skip


def _money(found: Structures) -> pl.DataFrame:
    usd, got, inside = pl.col("usd_minor"), pl.col("sign") == 1, pl.col("inside")
    costs = found.costs.join(found.members.select("party_id", "scheme"), on="party_id", how="inner")
    # One kind alone, however large, may be where the money ends: a landlord or a trader who is its last payee.
    several = (pl.col("kinds") >= FEWEST_KINDS) | pl.col("payroll")
    bought = costs.group_by("scheme").agg(pl.col("kinds_minor").filter(several).sum())
    money = found.legs.group_by("scheme").agg(
        usd.filter(got & ~inside).sum().alias("in_minor"),
        usd.filter(~got & ~inside).sum().alias("out_minor"),
        usd.filter(got & inside).sum().alias("inside_minor"),
    )
    within, whole = pl.col("inside_minor") * 2, pl.col("in_minor") + pl.col("out_minor")
    paid = pl.col("out_minor") + pl.col("inside_minor")
    least, most = pl.min_horizontal("in_minor", "out_minor"), pl.max_horizontal("in_minor", "out_minor")
    return money.join(bought, on="scheme", how="left").with_columns(
        amount_usd_minor=pl.max_horizontal("in_minor", "out_minor", "inside_minor"),
        among=within / (within + whole),
        pass_through=pl.when(most > 0).then(least / most),
        cost_share=pl.when(paid > 0).then(pl.col("kinds_minor").fill_null(0) / paid),
    )


def _declared(found: Structures, night: NightFrames, days: int) -> pl.DataFrame:
    """Say how many times a year at this rate exceeds what the companies declared, for those that declared anything."""
    said = night.parties.select("party_id", turnover=pl.col("annual_turnover_usd").cast(pl.Float64)).join(
        found.members.lazy().select("party_id", "scheme"), on="party_id", how="inner"
    )
    got = found.legs.filter(pl.col("sign") == 1).group_by("party_id").agg(pl.col("usd_minor").sum())
    yearly = pl.col("usd_minor").fill_null(0) * (365 / days / 100)
    return (
        said.collect()
        .filter(pl.col("turnover") > 0)
        .join(got, on="party_id", how="left")
        .group_by("scheme")
        .agg((yearly / pl.col("turnover")).max().alias("declared_turnover"))
    )


def _in_front(found: Structures) -> pl.DataFrame:
    """Share of the companies with a nominee, director or agent in common, and who those are."""
    of = found.members.select("party_id", "scheme")
    shared = found.fronts.join(of, on="party_id", how="inner").filter(pl.len().over("scheme", "holder") > 1)
    weight = pl.when("many").then(_MANY).otherwise(1.0)
    each = shared.group_by("scheme", "party_id").agg(weight.max().alias("weight"))
    sizes = of.group_by("scheme").agg(pl.len().alias("size"))
    share = each.group_by("scheme").agg(pl.col("weight").sum()).join(sizes, on="scheme", how="left")
    who = shared.group_by("scheme").agg(pl.col("holder").unique().sort().alias("holders"))
    return share.select("scheme", shared_front=pl.col("weight") / pl.col("size")).join(who, on="scheme", how="left")


def _counterparties(found: Structures) -> pl.DataFrame:
    """Effective numbers of payers and payees outside, a company on average."""
    outside = found.legs.filter(~pl.col("inside"))
    each = outside.group_by("scheme", "party_id", "sign", "other").agg(pl.col("usd_minor").sum())
    square = (pl.col("usd_minor").cast(pl.Int128) * pl.col("usd_minor")).sum().cast(pl.Float64)
    effective = pl.col("usd_minor").sum().cast(pl.Float64).pow(2) / square
    sides = each.group_by("scheme", "party_id", "sign").agg(effective.alias("effective"), pl.col("usd_minor").sum())
    return (
        sides.sort("party_id", "sign")
        .group_by("scheme", maintain_order=True)
        .agg(_by_money(1).alias("payers"), _by_money(-1).alias("payees"))
    )


def _by_money(sign: int) -> pl.Expr:
    """Mean of `effective` on one side, weighted by money."""
    side = pl.col("sign") == sign
    money = pl.col("usd_minor").filter(side)
    return ((pl.col("effective").filter(side) * money).sum() / money.sum()).round(6)
