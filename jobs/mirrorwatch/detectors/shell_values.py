"""What each term of the shell score is for one scheme: one row a scheme, one column a term."""

from datetime import date, timedelta

import polars as pl

from mirrorwatch.detectors.base import NightFrames
from mirrorwatch.detectors.shell_evidence import Schemes
from mirrorwatch.features import opacity
from mirrorwatch.features.exposed import exposed

WHOLE_THOUSAND = 100_000  # in hundredths of a currency


def _profile(found: Schemes, costs: pl.DataFrame, night: NightFrames, run_date: date) -> pl.DataFrame:
    """Shells with what they pay for, what they declared and who owns them: one row a company."""
    mine = found.shells.lazy().select("party_id")
    wanted = ("party_id", "born_or_incorporated_on", "employees", "annual_turnover_usd")
    declared = night.parties.select(wanted).join(mine, on="party_id", how="semi").collect()
    accounts = night.accounts.join(mine, on="party_id", how="semi")
    opened = accounts.group_by("party_id").agg(pl.col("opened_on").min()).collect()
    paid_for = costs.select("party_id", "payees", "kinds", "kinds_minor")
    profile = found.shells
    for more in (paid_for, declared, opened, opacity.opaque(night.parties, night.ownership, run_date)):
        profile = profile.join(more, on="party_id", how="left")
    behind = exposed(night.listed, night.ownership, run_date)["party_id"].implode()
    looked = night.listed is not None
    theirs = pl.when(looked).then(pl.col("party_id").is_in(behind).cast(pl.Float64)).alias("listed_owner")
    return profile.with_columns(theirs).sort("scheme", "party_id")


def _shared(found: Schemes, night: NightFrames, run_date: date, crowd: int) -> pl.DataFrame:
    """One row a scheme: shared_identifiers, from marks that two companies of one scheme have in common."""
    mine = found.shells.select("scheme", "party_id")
    marks = pl.concat(
        [
            opacity.identifiers(night.parties, crowd).join(mine.lazy(), on="party_id", how="inner"),
            opacity.seats(night.ownership, run_date, crowd).join(mine.lazy(), on="party_id", how="inner"),
        ],
        how="diagonal",
    ).collect()
    crowded = pl.when(pl.col("kind") == "address").then(0.25).otherwise(0.0)
    together = (
        marks.filter(pl.col("party_id").n_unique().over("scheme", "kind", "mark") > 1)
        .group_by("scheme", "party_id")
        .agg(pl.when("crowded").then(crowded).otherwise(1.0).max().alias("together"))
    )
    known = marks.select("scheme", "party_id").unique()
    shares = known.join(together, on=("scheme", "party_id"), how="left").with_columns(pl.col("together").fill_null(0.0))
    return shares.group_by("scheme").agg(pl.col("together").mean().alias("shared_identifiers"))


def _followed(flowing: pl.DataFrame) -> pl.DataFrame:
    """One row a scheme: units_followed, the sums that went through two companies (parallel companies: through one)."""
    flows = flowing.group_by("scheme", "flow").agg(pl.col("party_id").n_unique().alias("reach"))
    through = (pl.col("reach") > 1).sum()
    return flows.group_by("scheme").agg(
        pl.when(through > 0).then(through).otherwise(pl.len()).cast(pl.Float64).alias("units_followed")
    )


def values(found: Schemes, evidence: pl.DataFrame, costs: pl.DataFrame, night: NightFrames, crowd: int) -> pl.DataFrame:
    """One row a scheme, sorted: every term's value under its code; `beyond_chance` is not yet known, so null."""
    run_date = date.fromisoformat(night.run_date_iso)
    whole = (pl.col("amount_minor") % WHOLE_THOUSAND == 0).mean().alias("round_share")
    table = _profile(found, costs, night, run_date).group_by("scheme").agg(_of_companies(found, run_date))
    for more in (
        _followed(found.flowing),
        _shared(found, night, run_date, crowd),
        evidence.group_by("scheme").agg(whole),
    ):
        table = table.join(more, on="scheme", how="left")
    return table.with_columns(pl.lit(None, dtype=pl.Float64).alias("beyond_chance")).sort("scheme")


def _of_companies(found: Schemes, run_date: date) -> list[pl.Expr]:
    """Terms that are means, sums or extremes over the companies of one scheme."""
    days = max((run_date - found.started).days + 1, 1)
    # the first large money: a telephone bill does not wake a company
    first = pl.from_epoch("main_at", time_unit="s").dt.date()
    born = pl.coalesce("born_or_incorporated_on", "opened_on")
    silent = (first - pl.lit(found.started)).dt.total_days()
    old_enough = pl.col("opened_on") < pl.lit(found.started - timedelta(days=90))
    received, paid, dollars = pl.col("received_minor").sum(), pl.col("paid_minor").sum(), pl.col("paid_minor") // 100
    yearly = pl.col("paid_minor") * 365 / days / 100
    hidden = pl.col("nowhere") | pl.col("circle")
    return [
        pl.len().cast(pl.Float64).alias("linked_companies"),
        pl.col("in_money").max(),
        (pl.col("forwarded_minor").sum() / pl.col("main_minor").sum()).alias("forwarded_share"),
        pl.min_horizontal(paid / received, received / paid).alias("pass_through"),
        ((pl.col("dwell_seconds") * dollars).sum() / dollars.sum() / 3600).alias("dwell_hours"),
        pl.col("kinds").mean().alias("running_costs"),
        (pl.col("kinds_minor").sum() / paid).alias("cost_share"),
        pl.col("payees").mean().alias("payees"),
        (first - born).dt.total_days().min().cast(pl.Float64).alias("age_days"),
        pl.when(old_enough.all()).then(silent.min()).cast(pl.Float64).alias("dormant_days"),
        hidden.cast(pl.Float64).mean().alias("opaque_ownership"),
        pl.col("listed_owner").mean(),
        (yearly / pl.col("annual_turnover_usd").cast(pl.Float64)).max().alias("declared_turnover"),
        pl.col("employees").max().cast(pl.Float64).alias("declared_staff"),
    ]
