"""From payments of shortlisted companies to schemes: who forwards, who is linked to whom, and by which payments."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import polars as pl

from mirrorwatch.detectors.shell_parameters import ShellParameters
from mirrorwatch.features import chains, chance, passthrough

DAY_SECONDS = 24 * 3600
# A star has rarely more arms; a payer and a payee that more companies share are a market.
MOST_SIBLINGS = 12
NEARLY_ALL = 0.8  # share of one company's flow: a scheme that ran once leaves one payment
MOST_RETURNED = 0.2  # share that came back: a loan, a netting or a sweep without recorded owners


@dataclass(frozen=True)
class Schemes:
    """Companies that forward, grouped by the money between them.

    `shells`: one row a company with `scheme` (a number), `in_money` (most companies of it that money alone links) and
    its figures; `flowing`: one row a payment side with scheme,
    flow, party_id, rank, sign, transaction_id; `main`: the companies' payments that units are made of; `start` and
    `weeks`: first second and length of the window; `examined`: companies whose payments were searched for units.
    """

    shells: pl.DataFrame
    flowing: pl.DataFrame
    main: pl.DataFrame
    start: int
    weeks: int
    examined: int

    @property
    def started(self) -> date:
        """First day of the payments searched."""
        return datetime.fromtimestamp(self.start, UTC).date()


def _main(own_legs: pl.DataFrame, least_part: float) -> pl.DataFrame:
    """Legs large enough to be passed-on money, with `at` in whole seconds."""
    largest = pl.col("usd_minor").filter(pl.col("sign") == 1).max().over("party_id")
    return own_legs.with_columns(pl.col("booked_at").dt.epoch("s").alias("at")).filter(
        pl.col("usd_minor") >= largest * least_part
    )


def _window(main: pl.DataFrame) -> tuple[int, int]:
    """First second of the first day with a payment, and the number of weeks to the last payment."""
    if main.is_empty():
        return 0, 1
    first, last = main.select(first=pl.col("at").min(), last=pl.col("at").max()).row(0)
    start = first // DAY_SECONDS * DAY_SECONDS
    return start, (last - start) // chance.WEEK_SECONDS + 1


def _forwarders(main: pl.DataFrame, chosen: pl.DataFrame, parameters: ShellParameters) -> pl.DataFrame:
    """One row a company that forwards enough: party_id, units, forwarded_minor, forwarded (the share of main_minor).

    main_minor and main_at are what it received in large parts, and the second when the first of them came.
    """
    received = (
        main.filter(pl.col("sign") == 1)
        .group_by("party_id")
        .agg(pl.col("usd_minor").sum().alias("main_minor"), pl.col("at").min().alias("main_at"))
    )
    counted = chosen.group_by("party_id").agg(
        pl.len().cast(pl.Int64).alias("units"), pl.col("total").sum().alias("forwarded_minor")
    )
    return (
        received.join(counted, on="party_id", how="inner")
        .with_columns((pl.col("forwarded_minor") / pl.col("main_minor")).alias("forwarded"))
        .filter(pl.col("units") >= parameters.least_units, pl.col("forwarded") >= parameters.least_forwarded)
        .sort("party_id")
    )


def _linked(main: pl.DataFrame, members: pl.DataFrame, parameters: ShellParameters) -> pl.DataFrame:
    """Pairs of companies that money makes one scheme: party_id, party_id_to.

    Money was followed between them more than once, or nearly all that one of them had; and it did not run both ways,
    which is a running account. Or they stand side by side between one payer and one payee.
    """
    often = (pl.col("shared") >= parameters.least_shared) | (pl.col("share") >= NEARLY_ALL)
    followed = chains.pairs(chains.hops(members), main).filter(often, pl.col("returned") < MOST_RETURNED)
    beside = chains.siblings(main, parameters.sibling_share, MOST_SIBLINGS)
    return pl.concat([followed.select("party_id", "party_id_to"), beside]).unique().sort(pl.all())


def one_hand(marks: pl.LazyFrame, figures: pl.DataFrame) -> pl.DataFrame:
    """Pairs of companies of `figures` that one hand runs: party_id, party_id_to, sorted.

    `marks` are `opacity.identifiers` and `opacity.seats` (party_id, kind, mark, crowded). Two kinds that few others
    have must be the same, such as a director and a telephone: one alone is a lawyer's or a landlord's.
    """
    mine = figures.lazy().select("party_id")
    few = marks.filter(~pl.col("crowded")).join(mine, on="party_id", how="semi").select("party_id", "kind", "mark")
    pairs = few.join(few, on=("kind", "mark"), suffix="_to").filter(pl.col("party_id") < pl.col("party_id_to"))
    kinds = pairs.group_by("party_id", "party_id_to").agg(kinds=pl.col("kind").n_unique())
    both = kinds.filter(pl.col("kinds") > 1).select("party_id", "party_id_to")
    return both.sort("party_id", "party_id_to").collect()


def _together(forwarding: pl.DataFrame, linked: pl.DataFrame, hands: pl.DataFrame) -> pl.DataFrame:
    """(party_id, scheme, in_money): companies that money or one hand makes one; most of them that money alone does."""
    by_money = chains.component_of(forwarding, linked, ("party_id",), "flowing")
    every = pl.concat([linked, hands.select(linked.columns)]).unique().sort(pl.all())
    both = chains.component_of(forwarding, every, ("party_id",), "scheme").join(by_money, on="party_id")
    alone = pl.len().over("scheme", "flowing").max().over("scheme").cast(pl.Int64)
    return both.select("party_id", "scheme", in_money=alone)


def schemes(
    own_legs: pl.DataFrame, figures: pl.DataFrame, parameters: ShellParameters, hands: pl.DataFrame | None = None
) -> Schemes:
    """Schemes among the companies of `figures` (one row a party_id); `own_legs` are `activity.legs` of the same.

    `hands` is `one_hand` of them: companies that stand together though no money runs between them.
    """
    main = _main(own_legs, parameters.least_part)
    start, weeks = _window(main)
    seen = main.with_columns(pl.lit(0, dtype=pl.Int64).alias("draw"))
    chosen = passthrough.units(seen, parameters.passing)
    forwarding = figures.join(_forwarders(main, chosen, parameters), on="party_id", how="inner")
    main, seen, chosen = (
        each.join(forwarding.select("party_id"), on="party_id", how="semi") for each in (main, seen, chosen)
    )
    members = passthrough.members(chosen, seen).drop("draw")
    linked = _linked(main, members, parameters)
    mine = linked.clear() if hands is None else hands
    for side in ("party_id", "party_id_to"):
        mine = mine.join(forwarding.select(pl.col("party_id").alias(side)), on=side, how="semi")
    together = _together(forwarding, linked, mine)
    scheme_of = together.select("party_id", "scheme")
    flowing = _flowing(members, scheme_of)
    depth = chains.depths(flowing, main.select("transaction_id", "at").unique())
    shells = forwarding.join(together, on="party_id", how="inner").join(depth, on="party_id", how="left")
    return Schemes(shells.sort("scheme", "depth", "party_id"), flowing, main, start, weeks, figures.height)


def _flowing(members: pl.DataFrame, scheme_of: pl.DataFrame) -> pl.DataFrame:
    """Payments of each scheme with the flow that they belong to; flows do not cross from scheme to scheme."""
    inside = (
        chains.hops(members)
        .join(scheme_of, on="party_id", how="inner")
        .join(scheme_of.rename({"party_id": "party_id_to", "scheme": "scheme_to"}), on="party_id_to", how="inner")
        .filter(pl.col("scheme") == pl.col("scheme_to"))
    )
    return chains.flows(members, inside).join(scheme_of, on="party_id", how="inner")


def evidence(found: Schemes, own_legs: pl.DataFrame) -> pl.DataFrame:
    """One row a payment of a scheme: scheme, group_no, step_no, role, and the payment's own columns, sorted.

    in: from outside into the first company; hop: from one company of the scheme to the next; out: to outside.
    """
    inside = found.shells.select("scheme", other="party_id").with_columns(pl.lit(value=True).alias("inner"))
    columns = ("transaction_id", "party_id", "sign", "account_id", "other_account_id", "other", "other_kind",
               "booked_at", "usd_minor", "amount_minor")  # fmt: skip
    rows = (
        found.flowing.join(own_legs.select(columns), on=("transaction_id", "party_id", "sign"), how="inner")
        .join(inside, on=("scheme", "other"), how="left")
        .with_columns(
            pl.when(pl.col("inner").fill_null(value=False))
            .then(pl.lit("hop"))
            .when(pl.col("sign") == 1)
            .then(pl.lit("in"))
            .otherwise(pl.lit("out"))
            .alias("role")
        )
    )
    place = ("scheme", "flow")
    return (
        rows.with_columns(pl.col("booked_at").min().over(place).alias("began"))
        .sort("scheme", "began", "flow", "booked_at", "sign", "transaction_id")
        # a hop was seen from both of its ends; the payer's view is kept
        .unique(("scheme", "transaction_id"), keep="first", maintain_order=True)
        .with_columns(
            pl.struct("began", "flow").rank("dense").over("scheme").cast(pl.Int64).alias("group_no"),
            pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over(place).alias("step_no"),
        )
        .drop("rank", "inner", "began")
    )
