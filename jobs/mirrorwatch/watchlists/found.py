"""What a reader collects from the files of one list: entries, what is said of them, and records that it had to skip."""

from dataclasses import dataclass, field
from datetime import date

import polars as pl

from mirrorwatch.watchlists.dates import Days, days
from mirrorwatch.watchlists.tables import FOUND_DETAILS, FOUND_ENTRIES, SKIPPED

# Details held as Python objects: beyond so many they are packed, which takes a tenth of the memory.
_PACKED_AT = 200_000


@dataclass(frozen=True, slots=True)
class At:
    """Where a record stands: its file, and its row, line or running number there."""

    file: str
    position: int


@dataclass(frozen=True)
class Found:
    """Everything that the files of one list say, in the publisher's words.

    `claims` is the number of entries that the publisher says the list has, where it says so. `notes` tell what the
    reader saw that a person should know.
    """

    entries: pl.DataFrame
    details: pl.DataFrame
    skipped: pl.DataFrame
    claims: int | None = None
    notes: tuple[str, ...] = ()


@dataclass
class Collector:
    """Rows that a reader of text collects, record by record."""

    claims: int | None = None
    notes: list[str] = field(default_factory=list)
    _entries: list[tuple[object, ...]] = field(default_factory=list)
    _details: list[tuple[object, ...]] = field(default_factory=list)
    _skipped: list[tuple[object, ...]] = field(default_factory=list)
    _packed: list[pl.DataFrame] = field(default_factory=list)

    def entry(
        self,
        at: At,
        ident: str,
        name: str,
        entity_type: str | None,
        *,
        programme: str | None = None,
        listed_on: date | None = None,
        delisted_on: date | None = None,
    ) -> None:
        """Add one entry."""
        texts = (sound(ident), sound(name), entity_type, sound(programme))
        self._entries.append((*texts, listed_on, delisted_on, at.file, at.position))

    def detail(
        self,
        at: At,
        ident: str,
        kind: str,
        value: str | None,
        *,
        label: str | None = None,
        country: str | None = None,
        known: Days | tuple[date | None, date | None] | None = None,
        quality: str | None = None,
        related: str | None = None,
        note: str | None = None,
    ) -> None:
        """Add one thing that is said of an entry; nothing is added where there is neither value nor country."""
        shown = value if value and value.strip() else country
        if shown and shown.strip():
            first, last = known or (None, None)
            texts = (sound(ident), kind, sound(label), sound(shown), sound(country))
            more = (quality, sound(related), sound(note), at.file, at.position)
            self._details.append((*texts, first, last, *more))
            if len(self._details) >= _PACKED_AT:
                self._pack()

    def birth_date(self, at: At, ident: str, text: str | None) -> None:
        """Add a published date of birth and the days that it may mean."""
        if text and text.strip():
            self.detail(at, ident, "birth_date", text, known=days(text))

    def skip(self, at: At, reason: str) -> None:
        """Say that a record was left out, and why."""
        self._skipped.append((at.file, at.position, reason))

    def found(self) -> Found:
        """Return what was collected as tables."""
        self._pack()
        return Found(
            pl.DataFrame(self._entries, FOUND_ENTRIES, orient="row"),
            pl.concat(self._packed),
            pl.DataFrame(self._skipped, SKIPPED, orient="row"),
            self.claims,
            tuple(self.notes),
        )

    def _pack(self) -> None:
        self._packed.append(pl.DataFrame(self._details, FOUND_DETAILS, orient="row"))
        self._details.clear()


def joined(*parts: str | None, by: str = " ") -> str:
    """Join the parts that hold something."""
    return by.join(part.strip() for part in parts if part and part.strip())


def sound(text: str | None) -> str | None:
    """Return text that can be written as UTF-8: JSON can spell halves of characters, which cannot."""
    return text.encode("utf-8", "replace").decode() if text is not None else None
