"""Detectors: one file a typology. A new one is found by being listed in DETECTORS."""

from mirrorwatch.detectors.base import Detector

DETECTORS: tuple[Detector, ...] = ()
