"""Makes one day's transactions after the other and writes each as its own partition."""

from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import polars as pl

from mirrorwatch.contract import CONTROL_TOTALS
from mirrorwatch.synth.daily import Everyday, everyday_rows
from mirrorwatch.synth.documents import TradeDocuments
from mirrorwatch.synth.economy import Economy
from mirrorwatch.synth.flows import Flow
from mirrorwatch.synth.identifiers import WIDTH, mixed, spelled
from mirrorwatch.synth.places import CURRENCIES
from mirrorwatch.synth.planting import Planter
from mirrorwatch.synth.recurring import Standing, due_rows
from mirrorwatch.synth.rows import CHANNEL, DAY_US, HOUR_US, NONE, Rows, concatenate
from mirrorwatch.synth.seeds import Section, generator
from mirrorwatch.synth.writing import Lexicon, write_day

_DAY_STRIDE = 1 << 28  # rows a day that ids leave room for
_RETURNABLE = [CHANNEL[name] for name in ("ach", "card", "check", "instant")]


class Days:
    """Carries over from day to day only what comes back tomorrow, the totals, and the ids of planted rows.

    One thread writes a day while the next is made: two days are in memory at most, and the bytes do not depend on it.
    """

    def __init__(
        self, world: Economy, standing: Standing, made: Everyday, planter: Planter, codes: Lexicon, data: Path
    ) -> None:
        self.world, self.standing, self.made, self.codes, self.data = world, standing, made, codes, data
        self.planted, self.papers = planter.all_rows(), planter.papers
        self.planted_ids = np.zeros((planter.planted, WIDTH), dtype=np.uint8)
        self.documents = TradeDocuments(world, codes.parties, data / "trade_documents")
        self.totals: list[pl.DataFrame] = []
        self.rows = 0
        self._returning = (concatenate([]), np.zeros((0, WIDTH), dtype=np.uint8))
        self._writer = ThreadPoolExecutor(1)
        self._written: Future[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
                 ) -> None:  # fmt: skip
        self._writer.shutdown(wait=True)
        if kind is None:
            self._wait()
            self.documents.add_planted(self.papers, self.planted_ids)
            self.documents.flush()

    def write(self, day: int) -> None:
        """Make and write one day; days must come in order."""
        rng = generator(self.world.spec.seed, Section.DAY, day)
        returns, originals = self._returns(day, rng)
        rows = concatenate([self._background(day, rng), returns, self._planted_on(day)])
        rows = rows.take(np.argsort(rows.at, kind="stable"))
        ids = spelled("T", mixed(self.world.spec.seed, "T", np.arange(len(rows)) + day * _DAY_STRIDE))
        marked = np.flatnonzero(rows.planted != NONE)
        self.planted_ids[rows.planted[marked]] = ids[marked]
        reversed_ids = self._reversed_ids(rows, originals)
        self.documents.add(rows, ids, day, rng)
        self._set_aside(rows, ids, rng)
        self._add_totals(rows, day)
        self.rows += len(rows)
        self._wait()
        folder = self.data / "transactions" / f"booking_date={self._date(day)}"
        self._written = self._writer.submit(write_day, rows, ids, reversed_ids, self.codes, folder)

    def control_totals(self) -> pl.DataFrame:
        """Make contract.CONTROL_TOTALS of what was written."""
        hundredth = pl.lit("0.01").cast(pl.Decimal(3, 2))
        exact = (pl.col("minor").cast(pl.Decimal(20, 0)) * hundredth).cast(pl.Decimal(18, 2))
        frame = pl.concat(self.totals).with_columns(total_amount=exact)
        return frame.select(list(CONTROL_TOTALS.schema)).sort("booking_date", "currency")

    def _wait(self) -> None:
        if self._written is not None:
            self._written.result()

    def _date(self, day: int) -> date:
        return self.world.spec.start_date + timedelta(days=day)

    def _background(self, day: int, rng: np.random.Generator) -> Rows:
        """Make the day's ordinary rows, without those of accounts that open later."""
        due = due_rows(self.world, self.standing, day, rng)
        rows = concatenate([due, *everyday_rows(self.world, self.made, day, rng)])
        opened, today = self.world.population.account_opened, self.world.start_us // DAY_US + day
        late = np.zeros(len(rows), dtype=bool)
        for side in (rows.originator, rows.beneficiary):
            late |= (side != NONE) & (opened[np.maximum(side, 0)] > today)
        return rows.take(np.flatnonzero(~late))

    def _planted_on(self, day: int) -> Rows:
        begin = self.world.start_us + day * DAY_US
        low, high = np.searchsorted(self.planted.at, [begin, begin + DAY_US])
        return self.planted.take(slice(int(low), int(high)))

    def _reversed_ids(self, rows: Rows, originals: np.ndarray) -> np.ndarray:
        """Name what is taken back: planted rows by their number, yesterday's by their place in `originals`."""
        ids = np.zeros((len(rows), WIDTH), dtype=np.uint8)
        planted = np.flatnonzero((rows.reverses != NONE) & (rows.planted != NONE))
        ids[planted] = self.planted_ids[rows.reverses[planted]]
        carried = np.flatnonzero((rows.reverses != NONE) & (rows.planted == NONE))
        ids[carried] = originals[rows.reverses[carried]]
        return ids

    def _set_aside(self, rows: Rows, ids: np.ndarray, rng: np.random.Generator) -> None:
        """Choose what comes back tomorrow."""
        usable = np.isin(rows.channel, _RETURNABLE) & (rows.planted == NONE) & (rows.reverses == NONE)
        chosen = np.flatnonzero(usable & (rng.random(len(rows)) < self.world.habits.reversal_share))
        self._returning = (rows.take(chosen), ids[chosen])

    def _returns(self, day: int, rng: np.random.Generator) -> tuple[Rows, np.ndarray]:
        """Return yesterday's chosen rows as payments of the same money the other way, and their ids."""
        rows, ids = self._returning
        n = len(rows)
        rows.originator, rows.beneficiary = rows.beneficiary, rows.originator
        rows.originator_country, rows.beneficiary_country = rows.beneficiary_country, rows.originator_country
        rows.at = self.world.start_us + day * DAY_US + rng.integers(6 * HOUR_US, 20 * HOUR_US, n)
        rows.reverses = np.arange(n, dtype=np.int64)
        rows.documented = np.zeros(n, dtype=np.int8)
        rows.purpose = np.full(n, self.world.texts.start[Flow.REVERSAL][0], dtype=np.int32)
        return rows, ids

    def _add_totals(self, rows: Rows, day: int) -> None:
        count = np.bincount(rows.currency, minlength=len(CURRENCIES))
        minor = np.array([int(rows.amount[rows.currency == code].sum()) for code in range(len(CURRENCIES))])
        frame = pl.DataFrame({"currency": CURRENCIES, "row_count": count, "minor": minor}).filter(
            pl.col("row_count") > 0
        )
        self.totals.append(frame.with_columns(booking_date=pl.lit(self._date(day))))
