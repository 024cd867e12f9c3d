"""Bipartite: several accounts all pay the same several others, within days.

One layer of accounts hands money to the next so that each pair exchanges little and nobody stands out. Payers that
have rare payees in common are joined; the block is told when most pay most, when it is a main part of what these
accounts do with strangers in that time, and when its sums are unusually large for them. Firms of one trade share
suppliers too, but those are some of many. Who is only paid, and for whom that is little, is not named.
"""

import polars as pl
from pydantic import Field

from mirrorwatch.detectors.base import Detector, NightFrames, Source
from mirrorwatch.detectors.shape_findings import FLOOR, findings
from mirrorwatch.detectors.shape_night import ground
from mirrorwatch.detectors.shape_parameters import ShapeParameters
from mirrorwatch.detectors.shape_prepared import STANDS_ON
from mirrorwatch.detectors.shape_sources import ALTMAN, NEEDS
from mirrorwatch.detectors.shape_terms import TERMS
from mirrorwatch.detectors.shape_unusual import with_rounds
from mirrorwatch.detectors.shape_words import Words
from mirrorwatch.detectors.writing import Row, named
from mirrorwatch.shapes.search import Search


class BipartiteParameters(ShapeParameters):
    """What a block may be made of."""

    most_expected: float = Field(
        default=5e-4,
        gt=0,
        le=10,
        description="Blocks as good, and of as many unusually large ties, that chance would make over the whole night. "
        "On ten generated nights the best without a scheme (firms with suppliers in common) lay at 1 in 1,000.",
    )


def _opening(row: Row) -> str:
    first, last = row["layers"][0], row["layers"][-1]
    return (
        f"{len(first)} accounts ({named(first)}) paid the same {len(last)} others ({named(last)}) over "
        f"{row['ties']:,.0f} ties, though they hardly deal with each other otherwise."
    )


WORDS = Words(
    opening=_opening,
    cleared="Less than half of these ties had been there, or the block were a small part of what these accounts do.",
    next_step="Look for who opened and controls the paying accounts: one device, address or introducer.",
)


def detect(night: NightFrames, parameters: BipartiteParameters) -> pl.LazyFrame:
    """Blocks of payers and payees, as FINDINGS."""
    on = ground(night)
    found = Search(on.money, parameters.bounds).bipartites(parameters.most_expected)
    return with_rounds("bipartite", night, on, findings(on, found, WORDS, parameters), parameters)


DETECTOR = Detector(
    typology="bipartite",
    version="2",
    title="Many accounts to the same many",
    summary="Several accounts all pay the same several others within days, unlike what they usually do.",
    parameters=BipartiteParameters,
    sources=(
        Source(
            "FFIEC, BSA/AML Examination Manual, Appendix F: many related originators and beneficiaries", "FFIEC Manual"
        ),
        ALTMAN,
    ),
    detect=detect,
    needs=NEEDS,
    floor=FLOOR,
    terms=TERMS,
    stands_on=STANDS_ON,
    look_alikes=(
        ("firms of one trade with the same suppliers", "a block must be a main part of what its accounts do"),
        ("tenants who pay the same power and water", "such ties come back; collectors are hubs"),
        ("a savings club, farms that share pickers", "who is paid in turn pays too; sums are small for their accounts"),
    ),
)
