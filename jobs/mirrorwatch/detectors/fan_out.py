"""Fan-out: one account pays a crowd of strangers within days, unlike what that account usually does.

A sum is split over strangers' accounts. How large a crowd is unusual is learnt from the night for accounts of its kind,
and from the rest of its own window. By itself the shape has many honest reasons (wages, refunds, prizes, a wedding): it
is the weakest of the layered shapes, and another one on the same payments is published in its place. So means and
manner are weighed beside chance: what payees get, what it is to the centre, and who they are. Only the centre is
suspected.
"""

from functools import partial

import polars as pl

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


def _opening(row: Row) -> str:
    return (
        f"{row['ties']:,.0f} accounts that {row['subject']} hardly deals with otherwise were paid by it within days. "
        f"It usually sees far fewer, at one time or another."
    )


WORDS = Words(
    opening=_opening,
    cleared="The crowd were no larger than what this account sees at other times, or most of it came in one batch.",
    next_step="Ask the holder who the payees are; look at whether they pass the money on.",
)


def detect(night: NightFrames, parameters: CrowdParameters) -> pl.LazyFrame:
    """Accounts that pay a crowd, as FINDINGS."""
    on = ground(night)
    found = Search(on.money, parameters.bounds).fans(
        inward=False,
        least=parameters.least,
        worth=parameters.most_expected,
        knowing=partial(knowing, on),
    )
    return with_rounds("fan_out", night, on, findings(on, found, WORDS, parameters), parameters)


DETECTOR = Detector(
    typology="fan_out",
    version="2",
    title="One account to many strangers",
    summary="One account pays a crowd of strangers within days, unlike what it usually does.",
    parameters=CrowdParameters,
    sources=(
        Source("FFIEC, BSA/AML Examination Manual, Appendix F: unusually many beneficiaries", "FFIEC Manual"),
        ALTMAN,
    ),
    detect=detect,
    needs=CROWD_NEEDS,
    floor=FLOOR,
    terms=TERMS,
    stands_on=STANDS_ON,
    look_alikes=(
        ("wages, refunds, dividends", "a firm's file, and what a firm turns over anyway, counts against it"),
        ("a wedding's suppliers, a builder's", "whoever mostly pays firms is at its trade"),
        ("heirs, winners of one ticket, grandchildren", "about equal parts that a person pays to persons once"),
    ),
)
