"""Cases of every detector, one module a typology, each a table of towns with what must be found in them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from tests.town import Town


@dataclass(frozen=True)
class Case:
    """A town in which a detector names exactly `accounts` (`fires`), or nobody (`silent`).

    A `boundary` case lies right at a bound, on either side of it: `accounts` says on which.
    """

    name: str
    kind: Literal["fires", "silent", "boundary"]
    town: Callable[[], Town]
    accounts: frozenset[str] = frozenset()
