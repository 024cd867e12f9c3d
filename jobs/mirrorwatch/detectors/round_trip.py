"""Round trip: money that goes through several strangers and comes back to where it began.

Each payment out is followed for as long as chance would give few as quick and as near in amount; a ring is reported
when chance would make few as good of accounts that deal with so many strangers. Amounts that shrink by fees therefore
count, and are not demanded; nor is order of time, since an account may pay from what it has and be paid back: which it
is, is said. One of the ring's ties may be a standing one. There and back between two accounts is a refund, and no ring,
unless it happens again and again, less a fee each time. Rings of several rounds are found over ties that come back.
"""

from dataclasses import replace

import polars as pl
from pydantic import Field

from mirrorwatch.detectors.base import Detector, NightFrames, Source
from mirrorwatch.detectors.shape_findings import FLOOR, findings
from mirrorwatch.detectors.shape_night import closes, ground
from mirrorwatch.detectors.shape_parameters import ChainParameters
from mirrorwatch.detectors.shape_prepared import STANDS_ON
from mirrorwatch.detectors.shape_sources import ALTMAN, NEEDS
from mirrorwatch.detectors.shape_terms import TERMS
from mirrorwatch.detectors.shape_unusual import with_rounds
from mirrorwatch.detectors.shape_words import Words, chain
from mirrorwatch.detectors.writing import Row
from mirrorwatch.shapes.search import Bounds, Search


class RoundTripParameters(ChainParameters):
    """What a ring may be made of."""

    most_expected: float = Field(
        default=0.005,
        gt=0,
        le=10,
        description="Rings as good that chance would make over the whole night. On six generated nights without any, "
        "one came.",
    )
    pairs_at_most: float = Field(
        default=0.2,
        gt=0,
        le=10,
        description="Pairs that pay each other to and fro as evenly, that chance would make over the night. None came "
        "on 17 generated nights but planted ones, which lay near this: two rounds between two accounts are little.",
    )

    @property
    def bounds(self) -> Bounds:
        """As the searches take them."""
        return replace(super().bounds, pairs_at_most=self.pairs_at_most)


def _opening(row: Row) -> str:
    times = [item["booked_at"] for item in row["moments"]]
    order = "in order of time" if times == sorted(times) else "not in order of time, so from what some of them held"
    kept = row["moments"][-1]["usd_minor"] / row["moments"][0]["usd_minor"]
    return (
        f"Money went round through {len(row['order'])} accounts, {order}: {chain([*row['order'], row['order'][0]])}. "
        f"The last payment was {kept:.0%} of the first."
    )


WORDS = Words(
    opening=_opening,
    cleared="The last account had not paid the first, or the accounts dealt with many strangers anyway.",
    next_step="Look for what was declared for the first and the last payment: a loan, an investment, a sale.",
)


def detect(night: NightFrames, parameters: RoundTripParameters) -> pl.LazyFrame:
    """Rings of strangers, as FINDINGS."""
    on = ground(night)
    found = Search(on.money, parameters.bounds).round_trips(
        parameters.most_expected, lambda files: closes(on, files, parameters.span_days)
    )
    return with_rounds(
        "round_trip", night, on, findings(on, found, WORDS, parameters, parameters.span_days), parameters
    )


DETECTOR = Detector(
    typology="round_trip",
    version="2",
    title="Money that comes back to where it began",
    summary="Money goes through several strangers and comes back to the account that it left.",
    parameters=RoundTripParameters,
    sources=(
        Source("FFIEC, BSA/AML Examination Manual: transfers circling in and out", "FFIEC Manual"),
        Source(
            "FINTRAC, Professional money laundering through trade and money services: circular flows", "18/19-SIDEL-025"
        ),
        ALTMAN,
    ),
    detect=detect,
    needs=NEEDS,
    floor=FLOOR,
    terms=TERMS,
    stands_on=STANDS_ON,
    look_alikes=(
        ("a loan and its repayment, a refund", "there and back between two accounts is no ring when it happens once"),
        ("friends who lend each other money in a circle", "not told apart but by few hops and unlike sums"),
        ("netting between companies of one group", "moves inside an ownership group are no ties"),
    ),
)
