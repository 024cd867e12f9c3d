"""Stack: layers of accounts, each layer paying the next.

A block of payers and payees (see `bipartite`) that a further layer fed, or into a further layer emptied, in order of
time; or a single file of strangers, one paying the next, longer than chance makes of accounts that deal with so few.
An account has one place: a group that trades within itself has no layers.
"""

from dataclasses import replace

import polars as pl
from pydantic import Field

from mirrorwatch.detectors.base import Detector, NightFrames, Source
from mirrorwatch.detectors.shape_findings import FLOOR, findings
from mirrorwatch.detectors.shape_night import ground
from mirrorwatch.detectors.shape_parameters import ChainParameters
from mirrorwatch.detectors.shape_prepared import STANDS_ON
from mirrorwatch.detectors.shape_sources import ALTMAN, NEEDS
from mirrorwatch.detectors.shape_terms import TERMS
from mirrorwatch.detectors.shape_unusual import with_rounds
from mirrorwatch.detectors.shape_words import Words, chain, layers
from mirrorwatch.detectors.writing import Row
from mirrorwatch.shapes.search import Bounds, Search


class StackParameters(ChainParameters):
    """What layers and files may be made of."""

    most_expected: float = Field(
        default=5e-4,
        gt=0,
        le=10,
        description="Layers as good, and of as many unusually large ties, that chance would make over the whole night. "
        "None as good came on ten generated nights but of schemes.",
    )
    most_files_expected: float = Field(
        default=0.002,
        gt=0,
        le=10,
        description="Single files as good that chance would make over the whole night. Stricter, since a file needs "
        "nothing but strangers who pay one after the other: on six generated nights the best lay at 0.005.",
    )
    files_at_most: float = Field(
        default=1e-6,
        gt=0,
        le=10,
        description="Single files of unusual ties as good that chance would make over the night. As strict as that, "
        "since every further account could be a step of it.",
    )

    @property
    def bounds(self) -> Bounds:
        """As the searches take them."""
        return replace(super().bounds, files_at_most=self.files_at_most)


def _opening(row: Row) -> str:
    if all(len(layer) == 1 for layer in row["layers"]):
        return f"Strangers paid each other in a single file of {row['ties']:,.0f}: {chain(row['order'])}."
    return (
        f"{len(row['layers'])} layers of accounts paid each other, one layer the next: {layers(row)}. They hardly deal "
        f"with each other otherwise."
    )


WORDS = Words(
    opening=_opening,
    cleared="The layers had not followed each other in time, or the accounts dealt with many strangers anyway.",
    next_step="Begin with the first layer: where its money came from.",
)


def detect(night: NightFrames, parameters: StackParameters) -> pl.LazyFrame:
    """Layers and files of accounts, as FINDINGS."""
    on = ground(night)
    found = Search(on.money, parameters.bounds).stacks(parameters.most_expected, parameters.most_files_expected)
    return with_rounds("stack", night, on, findings(on, found, WORDS, parameters), parameters)


DETECTOR = Detector(
    typology="stack",
    version="2",
    title="Layer upon layer of accounts",
    summary="Layers of accounts pay each other, each layer the next; or strangers in a single file.",
    parameters=StackParameters,
    sources=(
        Source("FFIEC, BSA/AML Examination Manual: layering by transfers between many accounts", "FFIEC Manual"),
        ALTMAN,
    ),
    detect=detect,
    needs=NEEDS,
    floor=FLOOR,
    terms=TERMS,
    stands_on=STANDS_ON,
    look_alikes=(
        ("wholesale, retail and their customers", "ties of trade come back within the window"),
        ("a chain of house sales on one day", "not told apart where sums are near each other"),
    ),
)
