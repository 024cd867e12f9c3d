"""What a metric may ask of the data. Equal needs are met once, whoever asks.

A metric is a generator: it yields needs, is sent what was found, and returns its value. The engine gathers the needs
of all metrics of a suite and meets them together (`passes`).
"""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl


def text(expression: pl.Expr | None) -> bytes:
    """Return what equal expressions have in common; one that calls Python is equal to itself only."""
    if expression is None:
        return b""
    try:
        return expression.meta.serialize()
    except (ModuleNotFoundError, pl.exceptions.ComputeError):  # Python functions cannot be written down
        return f"expression {id(expression)}".encode()


@dataclass(frozen=True, eq=False)
class Need:
    """Something to be found out; `key` tells equal needs."""

    @property
    def key(self) -> tuple[Any, ...]:
        """Return what equal needs have in common."""
        raise NotImplementedError


@dataclass(frozen=True, eq=False)
class Scalar(Need):
    """One value of an aggregating expression. All of them share one pass."""

    expression: pl.Expr

    @property
    def key(self) -> tuple[Any, ...]:  # noqa: D102
        return ("scalar", text(self.expression))


@dataclass(frozen=True, eq=False)
class Repeats(Need):
    """Which keys occur more than once among the rows of `mask`; `size` is the number of those rows."""

    keys: Sequence[pl.Expr]
    mask: pl.Expr
    size: int

    @property
    def key(self) -> tuple[Any, ...]:  # noqa: D102
        return ("repeats", *map(text, self.keys), text(self.mask))


@dataclass(frozen=True, eq=False)
class Rows(Need):
    """The first `limit` rows of `mask`, in the batch's order, with their identity.

    Where `repeats` is given, only rows whose key is among its repeated keys.
    """

    mask: pl.Expr
    columns: Sequence[str]
    limit: int
    keys: Sequence[pl.Expr] = ()
    repeats: "Repeated | None" = field(default=None)

    @property
    def key(self) -> tuple[Any, ...]:  # noqa: D102
        return ("rows", text(self.mask), tuple(self.columns), self.limit, *map(text, self.keys))


@dataclass(frozen=True, eq=False)
class Ranked(Need):
    """The values at `ranks` (0-based) of the sorted non-null values; `size` is their number."""

    value: pl.Expr
    ranks: tuple[int, ...]
    size: int

    @property
    def key(self) -> tuple[Any, ...]:  # noqa: D102
        return ("ranked", text(self.value), self.ranks)


@dataclass(frozen=True, eq=False)
class Table(Need):
    """A small frame that a query makes of the batch's frame; its rows are sorted by the query."""

    query: pl.LazyFrame
    name: str

    @property
    def key(self) -> tuple[Any, ...]:  # noqa: D102
        return ("table", self.name)


@dataclass(frozen=True)
class Repeated:
    """What a Repeats found: rows whose key is not alone, number of different keys, hashes of the repeated keys."""

    rows: int
    distinct: int
    hashes: pl.Series


Answer = Generator[Sequence[Need], Sequence[Any], Any]
Values = Mapping[str, Any]


def one(need: Need) -> Generator[Sequence[Need], Sequence[Any], Any]:
    """Ask for one thing and return it."""
    found = yield [need]
    return found[0]
