"""Trade documents for goods paid across a border: most, not all, and not all of them tied to their payment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import polars as pl

from mirrorwatch.contract import TRADE_DOCUMENTS
from mirrorwatch.synth.economy import Economy
from mirrorwatch.synth.identifiers import as_text, mixed, spelled
from mirrorwatch.synth.places import COUNTRY_CODES
from mirrorwatch.synth.rows import DAY_US, NONE, Rows
from mirrorwatch.synth.writing import write_frame

_DOCUMENTED_SHARE = 0.6  # of payments for goods come with a document
_TIED_SHARE = 0.8  # of documents name their payment
_TRANSIT_SHARE = 0.1
_PER_FILE = 200_000  # documents in memory at once
_GOODS = ("847130", "851762", "610910", "940360", "392690", "841391", "293399", "870899", "080440", "710812")


_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Paper:
    """One planted document. `issued` is days since 1970; `row` the planted payment that it names, NONE for none."""

    exporter: int  # party
    importer: int  # party
    issued: int
    usd: float  # declared
    origin: str
    destination: str
    transit: str | None
    hs_code: str | None
    parcels: int | None
    row: int


class TradeDocuments:
    """Collects a day's documents and writes a file whenever enough are waiting, so that memory stays bounded."""

    def __init__(self, world: Economy, parties: np.ndarray, folder: Path) -> None:
        self.world, self.parties, self.folder = world, parties, folder
        self.waiting: list[pl.DataFrame] = []
        self.files = 0
        self.made = 0

    def add(self, rows: Rows, ids: np.ndarray, day: int, rng: np.random.Generator) -> None:
        """Draw the documents of one day's rows; `ids` are their transaction ids as a byte matrix."""
        goods = np.flatnonzero(rows.documented)
        goods = goods[rng.random(len(goods)) < _DOCUMENTED_SHARE]
        paid, n = rows.take(goods), len(goods)
        usd = self.world.rates.usd(paid.amount, paid.currency, day) * rng.normal(1, 0.01, n)
        seed, people = self.world.spec.seed, self.world.population
        transit = pl.Series(COUNTRY_CODES).gather(rng.integers(0, len(COUNTRY_CODES), n))
        nothing = pl.Series([None], dtype=pl.String).new_from_index(0, n)
        issued = self.world.start_us // DAY_US + day - rng.integers(0, 20, n)
        frame = pl.DataFrame(
            {
                "document_id": as_text(spelled("D", mixed(seed, "D", self.made + np.arange(n)))),
                "issued_on": pl.Series(issued.astype("datetime64[D]")),
                "exporter_party_id": as_text(self.parties[people.account_party[paid.beneficiary]]),
                "importer_party_id": as_text(self.parties[people.account_party[paid.originator]]),
                "origin_country": pl.Series(COUNTRY_CODES).gather(paid.beneficiary_country.astype(np.int64)),
                "transit_country": transit.zip_with(pl.Series(rng.random(n) < _TRANSIT_SHARE), nothing),
                "destination_country": pl.Series(COUNTRY_CODES).gather(paid.originator_country.astype(np.int64)),
                "hs_code": pl.Series(_GOODS).gather(rng.integers(0, len(_GOODS), n)),
                "declared_value_usd": pl.Series(np.maximum(usd, 1)).round(2).cast(pl.Decimal(18, 2)),
                "transaction_id": pl.Series(as_text(ids[goods]), dtype=pl.String).zip_with(
                    pl.Series(rng.random(n) < _TIED_SHARE), nothing
                ),
                "parcels": rng.integers(1, 400, n),
            },
            schema=TRADE_DOCUMENTS.schema,
        )
        self.made += n
        self.waiting.append(frame)
        if sum(map(len, self.waiting)) >= _PER_FILE:
            self.flush()

    def add_planted(self, papers: Sequence[Paper], planted_ids: np.ndarray) -> None:
        """Add what was planted, once every day is made; `planted_ids` holds the id of each planted payment."""
        if not papers:
            return
        ids, n = as_text(planted_ids), len(papers)
        seed, parties = self.world.spec.seed, as_text(self.parties)
        frame = pl.DataFrame(
            {
                "document_id": as_text(spelled("D", mixed(seed, "D", self.made + np.arange(n)))),
                "issued_on": [_EPOCH + timedelta(days=paper.issued) for paper in papers],
                "exporter_party_id": [str(parties[paper.exporter]) for paper in papers],
                "importer_party_id": [str(parties[paper.importer]) for paper in papers],
                "origin_country": [paper.origin for paper in papers],
                "transit_country": [paper.transit for paper in papers],
                "destination_country": [paper.destination for paper in papers],
                "hs_code": [paper.hs_code for paper in papers],
                "declared_value_usd": [Decimal(f"{max(paper.usd, 0.01):.2f}") for paper in papers],
                "transaction_id": [None if paper.row == NONE else str(ids[paper.row]) for paper in papers],
                "parcels": [paper.parcels for paper in papers],
            },
            schema=TRADE_DOCUMENTS.schema,
        )
        self.made += n
        self.waiting.append(frame)

    def flush(self) -> None:
        """Write what is waiting as one file."""
        if self.waiting:
            write_frame(pl.concat(self.waiting).sort("document_id"), self.folder / f"part-{self.files}.parquet")
            self.waiting, self.files = [], self.files + 1
