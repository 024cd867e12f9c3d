"""Detectors: one file a typology. A new one is found by being listed in DETECTORS."""

from mirrorwatch.detectors import mirror_swap, shell_company
from mirrorwatch.detectors.base import Detector, Floor

DETECTORS: tuple[Detector, ...] = (mirror_swap.DETECTOR, shell_company.DETECTOR)


def floor(typology: str) -> Floor | None:
    """Return the floor of a typology's stated probabilities, if it has one."""
    return next((detector.floor for detector in DETECTORS if detector.typology == typology), None)
