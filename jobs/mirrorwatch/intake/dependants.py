"""Which detectors hang on a column, as they declare it themselves: nothing here names a detector."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from mirrorwatch.contract import DATASETS
from mirrorwatch.detectors.base import Detector

_DATASETS = {dataset.name: dataset for dataset in DATASETS}


@dataclass(frozen=True)
class Dependant:
    """A detector's indicator that needs a column or a dataset, and what it cannot see without."""

    detector: str
    indicator: str
    why: str
    column: str = ""  # empty where the dataset as such is needed


def dependants(dataset: str, columns: Collection[str], detectors: Sequence[Detector]) -> tuple[Dependant, ...]:
    """Return what declares a need of any of the columns or of the dataset as such; without columns, of anything in it.

    A column that is never null carries its whole row, and so all that is needed of the dataset.
    """
    whole = not columns or any(is_mandatory(dataset, column) for column in columns)
    return tuple(
        Dependant(detector.typology, indicator, why, column)
        for detector in detectors
        for needed, column, indicator, why in detector.needs
        if needed == dataset and (whole or not column or column in columns)
    )


def is_mandatory(dataset: str, column: str) -> bool:
    """Tell whether a row without the column is rejected."""
    return dataset in _DATASETS and column in _DATASETS[dataset].must_be_given


def everyone_depends(dataset: str, columns: Collection[str]) -> bool:
    """Tell whether every detector hangs on this: on the rows themselves of a dataset that the night needs."""
    known = _DATASETS.get(dataset)
    return (
        known is not None and known.required and (not columns or any(is_mandatory(dataset, name) for name in columns))
    )
