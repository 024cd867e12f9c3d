"""Pairs of parties compared value by value: the level of each comparison, and what chance makes of it."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from mirrorwatch.resolution import levels, naming, spelling
from mirrorwatch.resolution.levels import FIELDS
from mirrorwatch.resolution.naming import Names
from mirrorwatch.resolution.spelling import Coded, coded

UNKNOWN = -1
_NEAR_ADDRESS = 0.7  # house and unit numbers being equal, what else differs is spelling, or a city left out
_TURNS = ((2_654_435_761, 40_503), (2_246_822_519, 3_266_489_917))  # odd multipliers: spread the drawn pairs evenly


@dataclass(frozen=True)
class Side:
    """All parties of one type, by row: what comparisons read. `marks`: kind -> (row, code) frame and counts a code."""

    names: Names
    phone: Coded
    email: Coded
    mailbox: Coded
    address: Coded
    house: Coded
    address_text: pl.Series
    born: Coded
    day: np.ndarray
    marks: dict[str, tuple[pl.DataFrame, np.ndarray]]
    owns: np.ndarray  # (left << 32 | right) of rows of which one owns the other, both ways, sorted

    @property
    def count(self) -> int:
        """How many parties."""
        return len(self.phone.codes)


@dataclass(frozen=True)
class Compared:
    """`level` (pair x field, -1 = a value is missing) and `chance` (pair x field): log2 of what strangers show."""

    level: np.ndarray
    chance: np.ndarray


def side(parties: pl.DataFrame, marks: dict[str, pl.DataFrame], owns: np.ndarray, *, person: bool) -> Side:
    """Spell and number the values of parties; `marks`: kind -> (row, value)."""
    emails, addresses = spelling.email(parties["email"]), spelling.address(parties["address"])
    born = parties["born_or_incorporated_on"]
    numbered = {}
    for kind, rows in marks.items():
        code = coded(rows["value"])
        numbered[kind] = (rows.select("row", key=pl.Series(code.codes, dtype=pl.Int64)), code.counts)
    return Side(
        names=naming.names(parties["name"], person=person),
        phone=coded(spelling.phone(parties["phone"])),
        email=coded(emails),
        mailbox=coded(spelling.mailbox(emails)),
        address=coded(addresses),
        house=coded(spelling.numbers(addresses)),
        address_text=addresses,
        born=coded(born),
        day=born.cast(pl.Date).to_numpy().astype("datetime64[D]"),
        marks=numbered,
        owns=owns,
    )


def compare(told: Side, left: np.ndarray, right: np.ndarray) -> Compared:
    """Compare pairs of rows in every field of `levels.FIELDS`."""
    level = np.full((len(left), len(FIELDS)), UNKNOWN, dtype=np.int8)
    chance = np.zeros((len(left), len(FIELDS)), dtype=np.float32)
    columns = {
        levels.NAME: naming.compare(told.names, left, right),
        levels.PHONE: _equal(told.phone, left, right),
        levels.EMAIL: _email(told, left, right),
        levels.ADDRESS: _address(told, left, right),
        levels.BORN: _born(told, left, right),
        levels.OWNER: _owner(told, left, right),
        levels.IDENTIFIER: _marked(told, "identifier", left, right),
        levels.CONDUCTOR: _marked(told, "conductor", left, right),
    }
    for field, (found, chances) in columns.items():
        level[:, field], chance[:, field] = found, chances
    return Compared(level, chance)


def _equal(code: Coded, left: np.ndarray, right: np.ndarray, otherwise: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Level 0 where both hold one value, `otherwise` where they hold two; the chance is the value's frequency."""
    ours, theirs = code.codes[left], code.codes[right]
    known, same = (ours >= 0) & (theirs >= 0), ours == theirs
    level = np.where(known, np.where(same, 0, otherwise), UNKNOWN)
    agreed = known & same
    chance = np.zeros(len(left), dtype=np.float32)
    chance[agreed] = code.bits(ours[agreed])
    return level, chance


def _email(told: Side, left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    level, chance = _equal(told.email, left, right, otherwise=2)
    box, by_box = _equal(told.mailbox, left, right)
    other_domain = (level == 2) & (box == 0)  # noqa: PLR2004 - the level "different"
    return np.where(other_domain, 1, level), np.where(other_domain, by_box, chance)


def _address(told: Side, left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    level, chance = _equal(told.address, left, right, otherwise=2)
    ours, theirs = told.house.codes[left], told.house.codes[right]
    asked = np.flatnonzero((level == 2) & (ours >= 0) & (ours == theirs))  # noqa: PLR2004 - the level "different"
    first, second = (told.address_text.gather(rows[asked]).to_list() for rows in (left, right))
    like = cpdist(first, second, scorer=OSA.normalized_similarity, dtype=np.float32)
    level[asked[like >= _NEAR_ADDRESS]] = 1
    return level, chance


def _born(told: Side, left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    level, chance = _equal(told.born, left, right, otherwise=2)
    other = np.flatnonzero(level == 2)  # noqa: PLR2004 - the level "different"
    ours, theirs = told.day[left[other]], told.day[right[other]]
    months, months_right = ours.astype("datetime64[M]"), theirs.astype("datetime64[M]")
    year, year_right = (days.astype("datetime64[Y]").astype(np.int64) for days in (ours, theirs))
    month, month_right = months.astype(np.int64) % 12, months_right.astype(np.int64) % 12
    day, day_right = ((a - b).astype(np.int64) for a, b in ((ours, months), (theirs, months_right)))
    swapped = (year == year_right) & (month == day_right) & (day == month_right)
    slip = (year == year_right).astype(int) + (month == month_right) + (day == day_right) == 2  # noqa: PLR2004
    level[other[swapped | slip]] = 1
    return level, chance


def _pairs(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    return (left.astype(np.uint64) << np.uint64(32)) | right.astype(np.uint64)


def _marked(told: Side, kind: str, left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Level 0 where both hold a mark of this kind in common, 1 where both hold some and none in common."""
    level, chance = np.full(len(left), UNKNOWN), np.zeros(len(left), dtype=np.float32)
    if kind not in told.marks:
        return level, chance
    rows, counts = told.marks[kind]
    holds = np.zeros(told.count, dtype=bool)
    holds[rows["row"].to_numpy()] = True
    asked = np.flatnonzero(holds[left] & holds[right])
    level[asked] = 1
    pairs = pl.DataFrame(
        {"pair": asked, "row": left[asked].astype(np.uint32), "row_right": right[asked].astype(np.uint32)}
    )
    common = pairs.join(rows, on="row").join(rows.rename({"row": "row_right"}), on=["row_right", "key"])
    rarest = (
        common.with_columns(held=pl.Series(counts[common["key"].to_numpy()])).group_by("pair").agg(pl.col("held").min())
    )
    at = rarest["pair"].to_numpy()
    level[at] = 0
    chance[at] = np.log2(np.maximum(rarest["held"].to_numpy() - 1, 1) / max(told.count, 2))
    return level, chance


def _owner(told: Side, left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Level 0 an owner or director in common, 1 one of the two owns the other, 2 both have owners, none in common."""
    level, chance = _marked(told, "owner", left, right)
    level[level == 1] = 2
    if len(told.owns):
        pairs = _pairs(left, right)
        place = np.minimum(np.searchsorted(told.owns, pairs), len(told.owns) - 1)
        owned = told.owns[place] == pairs
        level[owned], chance[owned] = 1, 0
    return level, chance


def strangers(count: int, drawn: int) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of rows spread evenly over all, without chance: what values two strangers share."""
    step = np.arange(drawn, dtype=np.uint64)
    rows = [((step * np.uint64(a) + np.uint64(b)) % np.uint64(count)).astype(np.int64) for a, b in _TURNS]
    other = rows[0] != rows[1]
    return rows[0][other], rows[1][other]
