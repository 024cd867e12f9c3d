"""Detectors: one file a typology. A new one is found by being listed in DETECTORS."""

from mirrorwatch.detectors import mirror_swap, shell_company
from mirrorwatch.detectors.base import Detector

DETECTORS: tuple[Detector, ...] = (mirror_swap.DETECTOR, shell_company.DETECTOR)
