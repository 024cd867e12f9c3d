"""Screening: parties and remittance text against the watchlist of the day. Pure; who reads files hands frames in."""

from mirrorwatch.screening.dismissals import DISMISSALS, NEEDED, evidence_hash, names_hash
from mirrorwatch.screening.hits import HITS
from mirrorwatch.screening.parameters import ScreeningParameters
from mirrorwatch.screening.screening import counted, screen

__all__ = ["DISMISSALS", "HITS", "NEEDED", "ScreeningParameters", "counted", "evidence_hash", "names_hash", "screen"]
