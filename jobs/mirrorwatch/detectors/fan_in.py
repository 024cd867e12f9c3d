"""Fan-in: a crowd of strangers pays one account within days, unlike what that account usually sees.

Collection from smurfs, mules or the deceived. How large a crowd is unusual is learnt from the night for accounts of its
kind, and from the rest of its own window. By itself the shape has many honest reasons (rent, fees, a collection for a
gift, a sale): it is the weakest of the layered shapes, and another one on the same payments is published in its place.
So means and manner are weighed beside chance: what payers part with, what it is to the centre, and who they are.
Only the centre is suspected.
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
        f"{row['ties']:,.0f} accounts that {row['subject']} hardly deals with otherwise paid it within days. "
        f"It usually sees far fewer, at one time or another."
    )


WORDS = Words(
    opening=_opening,
    cleared="The crowd were no larger than what this account sees at other times, or most of it came in one batch.",
    next_step="Ask the holder who the payers are and what they were promised; some may have been deceived.",
)


def detect(night: NightFrames, parameters: CrowdParameters) -> pl.LazyFrame:
    """Accounts that a crowd pays, as FINDINGS."""
    on = ground(night)
    found = Search(on.money, parameters.bounds).fans(
        inward=True,
        least=parameters.least,
        worth=parameters.most_expected,
        knowing=partial(knowing, on),
    )
    return with_rounds("fan_in", night, on, findings(on, found, WORDS, parameters), parameters)


DETECTOR = Detector(
    typology="fan_in",
    version="2",
    title="Many strangers to one account",
    summary="A crowd of strangers pays one account within days, unlike what it usually sees.",
    parameters=CrowdParameters,
    sources=(
        Source(
            "FinCEN, Advisory on Chinese money laundering networks: payments from many unknown persons", "FIN-2025-A003"
        ),
        ALTMAN,
    ),
    detect=detect,
    needs=CROWD_NEEDS,
    floor=FLOOR,
    terms=TERMS,
    stands_on=STANDS_ON,
    look_alikes=(
        ("rents, fees, dues", "they lie within the payers' means; trades that bill a public are out"),
        ("utilities whose monthly bill is seen once", "an account with a large regular clientele shows no crowd"),
        ("a savings club, a trip, a present", "equal shares within the payers' means count against it"),
        ("wedding gifts, a collection among friends", "little beside the payers' means and the centre's"),
        ("a private sale of many things", "not told apart"),
    ),
)
