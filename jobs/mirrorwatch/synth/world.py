"""Writes one world to disk, a day at a time: what memory holds does not grow with the number of days."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from mirrorwatch.contract import CONTROL_TOTALS
from mirrorwatch.synth.daily import Everyday, everyday, everyday_rows
from mirrorwatch.synth.describe import accounts_frame, ownership_frame, parties_frame
from mirrorwatch.synth.economy import Economy, economy
from mirrorwatch.synth.flows import Flow
from mirrorwatch.synth.identifiers import WIDTH, as_text, identifiers, mixed, spelled
from mirrorwatch.synth.innocents import plant_innocents
from mirrorwatch.synth.labels import write_labels
from mirrorwatch.synth.places import CURRENCIES
from mirrorwatch.synth.planting import Planter
from mirrorwatch.synth.recurring import Standing, due_rows, standing_payments
from mirrorwatch.synth.rows import CHANNEL, DAY_US, NONE, Rows, concatenate
from mirrorwatch.synth.schemes import plant_schemes
from mirrorwatch.synth.seeds import Section, generator
from mirrorwatch.synth.spec import WorldSpec
from mirrorwatch.synth.writing import Lexicon, lexicon, write_day, write_frame

_DAY_STRIDE = 1 << 28  # rows a day that ids leave room for


@dataclass(frozen=True)
class WorldSummary:
    """What was written."""

    transactions: int
    accounts: int
    parties: int
    schemes: int
    innocents: int
    first_date: date
    last_date: date


def write_world(
    spec: WorldSpec, data: Path, labels: Path, progress: Callable[[int, int], None] | None = None
) -> WorldSummary:
    """Writes the data folder of `spec` and its labels. The same spec gives the same bytes.

    `progress` is called with (days written, days). Raises ValueError when `labels` lies inside `data`.
    """
    if labels.resolve().is_relative_to(data.resolve()):
        raise ValueError(f"labels would lie inside the data folder: {labels}")
    world = economy(spec)
    standing = standing_payments(world)
    made = everyday(world, standing)
    planter = Planter(world, generator(spec.seed, Section.SCHEME))
    plant_schemes(planter)
    plant_innocents(planter)
    world.population.trim()
    accounts = identifiers(spec.seed, "A", world.population.accounts)
    parties = identifiers(spec.seed, "P", world.population.parties)
    days = _Days(world, standing, made, planter, lexicon(world, accounts, parties), data)
    for day in range(spec.days):
        days.write(day)
        if progress is not None:
            progress(day + 1, spec.days)
    party_ids, account_ids = as_text(parties), as_text(accounts)
    write_frame(parties_frame(planter, party_ids), data / "parties" / "part-0.parquet")
    write_frame(accounts_frame(world, account_ids, party_ids), data / "accounts" / "part-0.parquet")
    write_frame(ownership_frame(planter, party_ids), data / "ownership" / "part-0.parquet")
    write_frame(world.rates.published, data / "fx_rates" / "part-0.parquet")
    write_frame(days.control_totals(), data / "control_totals" / "part-0.parquet")
    write_labels(labels, planter.schemes, planter.innocents, account_ids, party_ids, as_text(days.planted_ids))
    return WorldSummary(
        days.rows, len(account_ids), len(party_ids), len(planter.schemes), len(planter.innocents),
        spec.start_date, spec.end_date,
    )  # fmt: skip


class _Days:
    """Makes and writes the days in order; carries over only what will be reversed tomorrow and the totals."""

    def __init__(
        self, world: Economy, standing: Standing, made: Everyday, planter: Planter, codes: Lexicon, data: Path
    ) -> None:
        self.world, self.standing, self.made, self.codes, self.data = world, standing, made, codes, data
        rows = planter.all_rows()
        order = np.argsort(rows.at, kind="stable")
        self.planted = rows.take(order)
        self.planted_ids = np.zeros((planter.planted, WIDTH), dtype=np.uint8)
        self.rows = 0
        self.totals: list[pl.DataFrame] = []
        self.returned: tuple[Rows, np.ndarray] | None = None

    def write(self, day: int) -> None:
        rng = generator(self.world.spec.seed, Section.DAY, day)
        begin = self.world.start_us + day * DAY_US
        low, high = np.searchsorted(self.planted.at, [begin, begin + DAY_US])
        batches = [due_rows(self.world, self.standing, day, rng), *everyday_rows(self.world, self.made, day, rng)]
        background = _after_opening(self.world, concatenate(batches), day)
        returns, originals = self._returns(day, rng)
        rows = concatenate([background, returns, self.planted.take(slice(low, high))])
        order = np.argsort(rows.at, kind="stable")
        rows = rows.take(order)
        ids = spelled("T", mixed(self.world.spec.seed, "T", np.arange(len(rows)) + day * _DAY_STRIDE))
        marked = np.flatnonzero(rows.planted != NONE)
        self.planted_ids[rows.planted[marked]] = ids[marked]
        reversed_ids = np.zeros_like(ids)
        self._name_reversed(rows, reversed_ids, originals)
        write_day(rows, ids, reversed_ids, self.codes, self.data / "transactions" / f"booking_date={self._date(day)}")
        self._set_aside(rows, ids, rng)
        self._add_totals(rows, day)
        self.rows += len(rows)

    def _date(self, day: int) -> date:
        return self.world.spec.start_date + timedelta(days=day)

    def _name_reversed(self, rows: Rows, reversed_ids: np.ndarray, originals: np.ndarray) -> None:
        """Ids of what is reversed: planted rows by their number, yesterday's by their place in `originals`."""
        planted = np.flatnonzero((rows.reverses != NONE) & (rows.planted != NONE))
        reversed_ids[planted] = self.planted_ids[rows.reverses[planted]]
        carried = np.flatnonzero((rows.reverses != NONE) & (rows.planted == NONE))
        reversed_ids[carried] = originals[rows.reverses[carried]]

    def _set_aside(self, rows: Rows, ids: np.ndarray, rng: np.random.Generator) -> None:
        share = self.world.habits.reversal_share
        electronic = np.isin(rows.channel, [CHANNEL[name] for name in ("ach", "card", "check", "instant")])
        usable = electronic & (rows.planted == NONE) & (rows.reverses == NONE)
        chosen = np.flatnonzero(usable & (rng.random(len(rows)) < share))
        self.returned = (rows.take(chosen), ids[chosen])

    def _returns(self, day: int, rng: np.random.Generator) -> tuple[Rows, np.ndarray]:
        """Yesterday's rows that come back today: the same money the other way."""
        if self.returned is None:
            return concatenate([]), np.zeros((0, WIDTH), dtype=np.uint8)
        rows, ids = self.returned
        rows.originator, rows.beneficiary = rows.beneficiary, rows.originator
        rows.originator_country, rows.beneficiary_country = rows.beneficiary_country, rows.originator_country
        begin = self.world.start_us + day * DAY_US
        rows.at = begin + rng.integers(6, 20, len(rows)) * 3_600_000_000 + rng.integers(0, 3_600_000_000, len(rows))
        rows.reverses = np.arange(len(rows), dtype=np.int64)
        rows.purpose = np.full(len(rows), self.world.texts.start[Flow.REVERSAL][0], dtype=np.int32)
        return rows, ids

    def _add_totals(self, rows: Rows, day: int) -> None:
        count = np.bincount(rows.currency, minlength=len(CURRENCIES))
        total = np.array([rows.amount[rows.currency == code].sum() for code in range(len(CURRENCIES))])
        self.totals.append(
            pl.DataFrame(
                {
                    "booking_date": [self._date(day)] * len(CURRENCIES),
                    "currency": CURRENCIES,
                    "row_count": count,
                    "minor": total,
                }
            ).filter(pl.col("row_count") > 0)
        )

    def control_totals(self) -> pl.DataFrame:
        """contract.CONTROL_TOTALS of what was written."""
        frame = pl.concat(self.totals)
        exact = frame["minor"].cast(pl.Decimal(20, 0)) / pl.Series([100]).cast(pl.Decimal(20, 2))
        return (
            frame.with_columns(total_amount=exact.cast(pl.Decimal(18, 2)), row_count=pl.col("row_count").cast(pl.Int64))
            .select(list(CONTROL_TOTALS.schema))
            .sort("booking_date", "currency")
        )


def _after_opening(world: Economy, rows: Rows, day: int) -> Rows:
    """Drops payments of accounts that open later."""
    today = world.start_us // DAY_US + day
    opened = world.population.account_opened
    late = np.zeros(len(rows), dtype=bool)
    for side in (rows.originator, rows.beneficiary):
        late |= (side != NONE) & (opened[np.maximum(side, 0)] > today)
    return rows.take(np.flatnonzero(~late)) if late.any() else rows
