"""How many accounts and dollars hang on each gap in the data, all gaps counted in two passes over the bookings."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from mirrorwatch.intake.gaps import APPLIES_TO_CHANNELS, APPLIES_TO_PARTIES, Gap
from mirrorwatch.intake.masks import Frames, masked_bookings

__all__ = ["APPLIES_TO_CHANNELS", "APPLIES_TO_PARTIES", "Exposure", "Measured", "exposures"]

_GAPS_AT_ONCE = 60  # each gap is one bit of a signed 64-bit mask


@dataclass(frozen=True)
class Exposure:
    """What hangs on a gap: bookings, distinct accounts that book, and the bookings' value in US cents."""

    rows: int
    accounts: int
    usd_minor: int


@dataclass(frozen=True)
class Measured:
    """A gap, what hangs on it, and what it is a part of."""

    gap: Gap
    found: Exposure
    whole: Exposure


def exposures(frames: Frames, gaps: Sequence[Gap]) -> tuple[list[Measured], Exposure]:
    """Return one Measured a gap, in order, and the whole night's Exposure. `frames` are staged frames by dataset."""
    scopes = [gap.scope.gap for gap in gaps if gap.scope is not None]
    # Many detectors need one column: what several gaps mark alike is counted once.
    asked = {gap.marks: gap for gap in [*gaps, *scopes]}
    found: list[Exposure] = []
    everything = Exposure(0, 0, 0)
    for start in range(0, max(1, len(asked)), _GAPS_AT_ONCE):
        *some, everything = _counted(frames, list(asked.values())[start : start + _GAPS_AT_ONCE])
        found += some
    counted = dict(zip(asked, found, strict=True))
    return [
        Measured(gap, counted[gap.marks], counted[gap.scope.gap.marks] if gap.scope else everything) for gap in gaps
    ], everything


def _counted(frames: Frames, gaps: Sequence[Gap]) -> list[Exposure]:
    masked = masked_bookings(frames, gaps)
    bits = [*(2**number for number in range(len(gaps))), None]
    rows = masked.select(
        expression
        for position, bit in enumerate(bits)
        for expression in (
            _on(bit, "row").sum().alias(f"rows_{position}"),
            pl.col("usd_minor").filter(_on(bit, "row")).cast(pl.Int128).sum().alias(f"usd_{position}"),
        )
    ).collect()
    sides = [
        masked.select(pl.col(side).alias("account"), pl.col(f"{side}_mask").alias("mask"))
        .drop_nulls("account")
        .group_by("account")
        .agg(pl.col("mask").bitwise_or())
        for side in ("payer", "payee")
    ]
    accounts = (
        pl.concat(sides)
        .group_by("account")
        .agg(pl.col("mask").bitwise_or())
        .select(_on(bit, "mask").sum().alias(str(position)) for position, bit in enumerate(bits))
        .collect()
    )
    return [
        Exposure(
            rows.get_column(f"rows_{position}").item(),
            accounts.get_column(str(position)).item(),
            rows.get_column(f"usd_{position}").item(),
        )
        for position in range(len(bits))
    ]


def _on(bit: int | None, mask: str) -> pl.Expr:
    return pl.col(mask).is_not_null() if bit is None else (pl.col(mask) & bit) != 0
