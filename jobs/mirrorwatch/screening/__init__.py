"""Screening: parties and remittance text against the watchlist of the day. Pure; who reads files hands frames in."""

from mirrorwatch.screening.dismissals import (
    DISMISSALS,
    NEEDED,
    NUMBERED,
    evidence_hash,
    made_hash,
    names_hash,
    numbered,
)
from mirrorwatch.screening.hits import HITS
from mirrorwatch.screening.parameters import ScreeningParameters
from mirrorwatch.screening.screening import counted, screen

__all__ = [
    "DISMISSALS", "HITS", "NEEDED", "NUMBERED", "ScreeningParameters", "counted", "evidence_hash", "made_hash",
    "names_hash", "numbered", "screen",
]  # fmt: skip
