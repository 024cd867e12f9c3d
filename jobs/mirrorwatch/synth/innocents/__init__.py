"""Innocent look-alikes: who behaves like a scheme for an honest reason. One function a kind; all in one tuple."""

from mirrorwatch.synth.planting import Planter


def plant_innocents(planter: Planter) -> None:
    """Plants every kind that the spec asks for."""
    del planter
