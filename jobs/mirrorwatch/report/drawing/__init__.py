"""Drawings of an alert's evidence, chosen by the roles that its rows play, never by the typology's name."""

import polars as pl

from mirrorwatch.report.drawing.lanes import LaneDrawing
from mirrorwatch.report.drawing.legs import read_legs
from mirrorwatch.report.drawing.money_path import ROLES as PATH_ROLES
from mirrorwatch.report.drawing.money_path import PathDrawing, draw_path
from mirrorwatch.report.drawing.swaps import ROLES as SWAP_ROLES
from mirrorwatch.report.drawing.swaps import draw_swaps
from mirrorwatch.report.drawing.timeline import draw_timeline
from mirrorwatch.report.people import Directory

__all__ = ["LaneDrawing", "PathDrawing", "draw"]


def draw(evidence: pl.DataFrame, suspects: frozenset[str], directory: Directory) -> LaneDrawing | PathDrawing | None:
    """Draw one alert's evidence (contract.EVIDENCE); None when it has none."""
    legs = read_legs(evidence)
    if not legs:
        return None
    roles = {leg.role for leg in legs}
    if roles <= SWAP_ROLES:
        return draw_swaps(legs, directory)
    if roles <= PATH_ROLES:
        return draw_path(legs, suspects, directory)
    return draw_timeline(legs, suspects, directory)
