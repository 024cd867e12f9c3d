"""Detectors: one file a typology. A new one is found by being listed in DETECTORS."""

from mirrorwatch.detectors import shell_company
from mirrorwatch.detectors.base import Detector

DETECTORS: tuple[Detector, ...] = (shell_company.DETECTOR,)
