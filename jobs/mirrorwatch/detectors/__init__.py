"""Detectors: one file a typology. A new one is found by being listed in DETECTORS."""

from mirrorwatch.detectors import (
    bipartite,
    bulk_cash,
    fan_in,
    fan_out,
    gather_scatter,
    mirror_swap,
    opaque_ownership,
    precursor_procurement,
    real_estate,
    round_trip,
    scatter_gather,
    shell_company,
    stack,
    structuring,
    trade_based,
    underground_banking,
    watchlist_exposure,
)
from mirrorwatch.detectors.base import Detector, Floor

DETECTORS: tuple[Detector, ...] = (
    mirror_swap.DETECTOR,
    shell_company.DETECTOR,
    round_trip.DETECTOR,
    scatter_gather.DETECTOR,
    gather_scatter.DETECTOR,
    bipartite.DETECTOR,
    stack.DETECTOR,
    fan_in.DETECTOR,
    fan_out.DETECTOR,
    structuring.DETECTOR,
    bulk_cash.DETECTOR,
    precursor_procurement.DETECTOR,
    real_estate.DETECTOR,
    underground_banking.DETECTOR,
    trade_based.DETECTOR,
    watchlist_exposure.DETECTOR,
    opaque_ownership.DETECTOR,
)


def floor(typology: str) -> Floor | None:
    """Return the floor of a typology's stated probabilities, if it has one."""
    return next((detector.floor for detector in DETECTORS if detector.typology == typology), None)
