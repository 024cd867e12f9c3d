"""Fan-out: one account pays a crowd of strangers within days, unlike what that account usually does.

A sum is split over strangers' accounts. How large a crowd is unusual is learnt from the night for accounts of its kind,
and from the rest of its own window. By itself the shape has many honest reasons (wages, refunds, prizes, a wedding): it
is the weakest of the layered shapes, and another one on the same payments is published in its place. Only the centre is
suspected.
"""

from functools import partial

import polars as pl

from mirrorwatch.detectors.base import Detector, NightFrames, Source
from mirrorwatch.detectors.shape_findings import FLOOR, findings
from mirrorwatch.detectors.shape_night import ground, knowing
from mirrorwatch.detectors.shape_parameters import CrowdParameters
from mirrorwatch.detectors.shape_words import Row, Words
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
    return findings(on, found, WORDS, parameters)


DETECTOR = Detector(
    typology="fan_out",
    version="1",
    title="One account to many strangers",
    summary="One account pays a crowd of strangers within days, unlike what it usually does.",
    parameters=CrowdParameters,
    sources=(
        Source("FFIEC, BSA/AML Examination Manual, Appendix F: unusually many beneficiaries", "FFIEC Manual"),
        Source(
            "Altman et al., Realistic Synthetic Financial Transactions for AML Models", "NeurIPS 2023, arXiv 2306.16424"
        ),
    ),
    detect=detect,
    needs=(
        ("ownership", "", "strangers", "accounts of one owner group pass for strangers"),
        ("parties", "licence", "strangers", "licensed payment businesses pass for strangers"),
        ("parties", "industry_code", "crowds", "landlords, utilities and others who bill a public are known by it"),
    ),
    floor=FLOOR,
)
