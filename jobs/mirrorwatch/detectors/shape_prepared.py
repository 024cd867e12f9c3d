"""What all detectors of layered shapes stand on, made once a night: its transfers, who is who, and the night's ties."""

import polars as pl

from mirrorwatch.detectors.base import NightFrames, Prepared
from mirrorwatch.features import edges, unusual


def _transfers(night: NightFrames) -> pl.LazyFrame:
    return edges.transfers(night.transactions)


def _standing(night: NightFrames) -> pl.LazyFrame:
    return edges.standing(night.accounts, night.parties, night.ownership, night.run_date)


def _custom(night: NightFrames) -> pl.LazyFrame:
    return edges.custom(TRANSFERS.of(night))


def _turnover(night: NightFrames) -> pl.LazyFrame:
    return unusual.turnover(night.transactions, unusual.weeks(night.transactions))


def _loose(night: NightFrames) -> pl.LazyFrame:
    """Ties between strangers, in a total order: two that are equal in all of these are one."""
    rows = edges.between_strangers(edges.loose(TRANSFERS.of(night)), STANDING.of(night))
    return rows.sort("booked_at", "usd_minor", "payments", "payer", "payee")


def _unusual(night: NightFrames) -> pl.LazyFrame:
    """Ties that are large for an account at their end, in the order of loose ones."""
    known = STANDING.of(night).collect()
    turned, weeks = TURNOVER.of(night).collect(), unusual.weeks(night.transactions)
    ties = unusual.unusual(TRANSFERS.of(night), turned, weeks, known.lazy(), unusual.MOST_RANK)
    return unusual.without_owners(ties, known, night.ownership.collect()).lazy()


TRANSFERS = Prepared("shape_transfers", edges.TRANSFERS, _transfers)
STANDING = Prepared("shape_standing", edges.STANDING, _standing)
CUSTOM = Prepared("shape_custom", edges.CUSTOM, _custom)
TURNOVER = Prepared("shape_turnover", unusual.TURNOVER, _turnover)
LOOSE = Prepared("shape_loose", edges.LOOSE, _loose)
UNUSUAL = Prepared("shape_unusual", unusual.TIES, _unusual)
STANDS_ON = (TRANSFERS, STANDING, CUSTOM, TURNOVER, LOOSE, UNUSUAL)
