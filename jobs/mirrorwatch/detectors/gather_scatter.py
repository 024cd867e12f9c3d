"""Gather-scatter: a crowd of strangers pays one account, which then pays another crowd of strangers.

A collecting account. Both crowds must be unlike what that account usually sees; how many strangers are usual is
learnt from the night for accounts of its kind, and from the rest of its own window. What else speaks for it is weighed
beside: that as much went on as came, in sums that are large in all of these lives. Shops, landlords and other accounts
that crowds are the custom of are left out. Only the centre is named: its payers may be victims, its payees be owed.
"""

from functools import partial

import polars as pl
from pydantic import Field

from mirrorwatch.detectors.base import Detector, NightFrames, Source
from mirrorwatch.detectors.shape_findings import FLOOR, findings
from mirrorwatch.detectors.shape_night import ground, knowing
from mirrorwatch.detectors.shape_parameters import CrowdParameters
from mirrorwatch.detectors.shape_prepared import STANDS_ON
from mirrorwatch.detectors.shape_sources import ALTMAN, CROWD_NEEDS
from mirrorwatch.detectors.shape_terms import TERMS
from mirrorwatch.detectors.shape_unusual import with_rounds
from mirrorwatch.detectors.shape_words import Words
from mirrorwatch.detectors.writing import Row
from mirrorwatch.shapes.search import Search


class GatherScatterParameters(CrowdParameters):
    """What the two crowds may be made of."""

    least: int = Field(
        default=2, ge=2, le=100, description="Strangers in either crowd. Two, since both sides must be unusual at once."
    )
    least_evidence: float = Field(
        default=8,
        ge=0,
        le=30,
        description="Powers of ten that chance, means and passing on add up to (`shapes/evidence.py`). On ten "
        "generated nights look-alikes came to 6.3, most schemes to 13 and more.",
    )
    least_points: float = Field(
        default=0,
        ge=-20,
        le=20,
        description="What means and passing on have to add up to, where persons are known from firms, if chance alone "
        "makes so few as good (`most_expected`).",
    )


def _opening(row: Row) -> str:
    parts = [item["role"] for item in row["evidence"]]
    return (
        f"Strangers paid {row['subject']} {parts.count('in')} times, and it then paid other strangers "
        f"{parts.count('out')} times. It usually deals with far fewer."
    )


WORDS = Words(
    opening=_opening,
    cleared="Either crowd were no larger than what this account sees at other times of the window.",
    next_step="Ask the holder who the payers are and what they were promised; some may have been deceived.",
)


def detect(night: NightFrames, parameters: GatherScatterParameters) -> pl.LazyFrame:
    """Accounts between two crowds, as FINDINGS."""
    on = ground(night)
    found = Search(on.money, parameters.bounds).gather_scatters(
        parameters.least, parameters.most_expected, partial(knowing, on)
    )
    return with_rounds("gather_scatter", night, on, findings(on, found, WORDS, parameters), parameters)


DETECTOR = Detector(
    typology="gather_scatter",
    version="2",
    title="Many to one account to many",
    summary="A crowd of strangers pays one account, which pays another crowd of strangers soon after.",
    parameters=GatherScatterParameters,
    sources=(
        Source("FFIEC, BSA/AML Examination Manual, Appendix F: many originators or beneficiaries", "FFIEC Manual"),
        ALTMAN,
    ),
    detect=detect,
    needs=CROWD_NEEDS,
    floor=FLOOR,
    terms=TERMS,
    stands_on=STANDS_ON,
    look_alikes=(
        ("payroll bureau, marketplace, escrow, law firm", "licensed, escrow, hubs and collecting trades are out"),
        (
            "a club, a wedding, a funeral: collected and spent",
            "what is within the payers' means, or not about what was spent, counts against it",
        ),
    ),
)
