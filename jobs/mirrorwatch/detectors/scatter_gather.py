"""Scatter-gather: one account pays many strangers, who all pay one further account.

A sum is split over mules and put together again elsewhere, so that no single line joins the two ends. Found as many
ways of two payments between the same two accounts, in order of time. How many there would be by chance follows from how
many strangers both ends deal with, and from what towns and trades have in common anyway.
"""

import polars as pl
from pydantic import Field

from mirrorwatch.detectors.base import Detector, NightFrames, Source
from mirrorwatch.detectors.shape_findings import FLOOR, findings
from mirrorwatch.detectors.shape_night import ground
from mirrorwatch.detectors.shape_parameters import CrowdParameters
from mirrorwatch.detectors.shape_prepared import STANDS_ON
from mirrorwatch.detectors.shape_sources import ALTMAN, NEEDS
from mirrorwatch.detectors.shape_terms import TERMS
from mirrorwatch.detectors.shape_unusual import with_rounds
from mirrorwatch.detectors.shape_words import Words
from mirrorwatch.detectors.writing import Row, named
from mirrorwatch.shapes.search import Search


class ScatterGatherParameters(CrowdParameters):
    """What the ways between the two ends may be made of."""

    most_expected: float = Field(
        default=3e-4,
        gt=0,
        le=10,
        description="Shapes as good, and of as many unusually large ties, that chance would make over the whole night. "
        "On ten generated nights the best without a scheme (an agent, its tenants and landlords) lay at 7 in 10,000.",
    )


def _opening(row: Row) -> str:
    first, middle, last = row["layers"][0], row["layers"][1], row["layers"][-1]
    return (
        f"{named(first)} paid {len(middle)} accounts that it hardly deals with otherwise, and all of them paid "
        f"{named(last)}: {named(middle)}."
    )


WORDS = Words(
    opening=_opening,
    cleared="Fewer than three of the accounts between had paid the same account onward within the span.",
    next_step="Follow the money from the last account: what it bought, or who took it out.",
)


def detect(night: NightFrames, parameters: ScatterGatherParameters) -> pl.LazyFrame:
    """One account to many to one account, as FINDINGS."""
    on = ground(night)
    found = Search(on.money, parameters.bounds).scatter_gathers(parameters.least, parameters.most_expected)
    return with_rounds("scatter_gather", night, on, findings(on, found, WORDS, parameters), parameters)


DETECTOR = Detector(
    typology="scatter_gather",
    version="2",
    title="One account to many to one",
    summary="One account pays many strangers within days, and all of them pay one further account.",
    parameters=ScatterGatherParameters,
    sources=(
        Source(
            "FFIEC, BSA/AML Examination Manual, Appendix F: many deposits, then one consolidating account",
            "FFIEC Manual",
        ),
        ALTMAN,
    ),
    detect=detect,
    needs=NEEDS,
    floor=FLOOR,
    terms=TERMS,
    stands_on=STANDS_ON,
    look_alikes=(
        ("an employer and the shop where its people buy", "both are hubs, or their ties come back"),
        ("a firm, its subcontractors and their common supplier", "counted into the price of a further way in common"),
    ),
)
