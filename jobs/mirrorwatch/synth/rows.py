"""A batch of transactions as parallel numpy arrays, with accounts, parties and texts as integer codes."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from mirrorwatch.contract import CHANNELS

DAY_US = 86_400_000_000
HOUR_US = 3_600_000_000
NONE = -1  # null in every code column

CHANNEL = {name: code for code, name in enumerate(CHANNELS)}


@dataclass
class Rows:
    """Columns of equal length. `at` is microseconds since 1970 UTC; `amount` is minor units of `currency`.

    `planted` numbers planted rows (NONE for the background). `reverses` is the planted number of what a planted row
    takes back; of a background row, the index among the rows that the day before set aside for it.
    """

    at: np.ndarray
    originator: np.ndarray
    beneficiary: np.ndarray
    amount: np.ndarray
    currency: np.ndarray
    channel: np.ndarray
    originator_country: np.ndarray
    beneficiary_country: np.ndarray
    branch: np.ndarray
    conductor: np.ndarray
    purpose: np.ndarray
    category: np.ndarray
    planted: np.ndarray
    reverses: np.ndarray
    documented: np.ndarray  # 1 where goods are traded: a trade document may exist

    def __len__(self) -> int:
        return len(self.at)

    def take(self, index: np.ndarray | slice) -> "Rows":
        """Return the rows at `index`, in its order."""
        return Rows(**{field.name: getattr(self, field.name)[index] for field in fields(self)})


COLUMN_TYPES: dict[str, Any] = {
    "at": np.int64, "originator": np.int32, "beneficiary": np.int32, "amount": np.int64, "currency": np.int8,
    "channel": np.int8, "originator_country": np.int8, "beneficiary_country": np.int8, "branch": np.int32,
    "conductor": np.int32, "purpose": np.int32, "category": np.int16, "planted": np.int32, "reverses": np.int64,
    "documented": np.int8,
}  # fmt: skip
_OPTIONAL = {"branch": NONE, "conductor": NONE, "purpose": NONE, "category": NONE, "planted": NONE, "reverses": NONE,
             "documented": 0}  # fmt: skip


def make_rows(**columns: npt.ArrayLike) -> Rows:
    """Make rows of arrays and scalars of compatible length; optional columns left out are null."""
    given = {name: np.atleast_1d(np.asarray(value)) for name, value in columns.items()}
    length = max((len(value) for value in given.values()), default=0)
    if any(len(value) == 0 for value in given.values()):
        length = 0
    filled: dict[str, np.ndarray] = {}
    for name, dtype in COLUMN_TYPES.items():
        value = given[name] if name in given else np.asarray([_OPTIONAL[name]])
        filled[name] = np.array(np.broadcast_to(value[:length], (length,)), dtype=dtype)
    return Rows(**filled)


def concatenate(batches: Iterable[Rows]) -> Rows:
    """Join all rows of all batches, in the batches' order."""
    parts = list(batches)
    return Rows(
        **{
            name: np.concatenate([getattr(part, name) for part in parts]) if parts else np.empty(0, dtype)
            for name, dtype in COLUMN_TYPES.items()
        }
    )
