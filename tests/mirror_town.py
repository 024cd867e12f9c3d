"""Two small countries with ordinary payments, and swaps planted between them on demand, as NightFrames."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl

from mirrorwatch.contract import ACCOUNTS, OWNERSHIP, PARTIES, STAGED_TRANSACTIONS
from mirrorwatch.detectors.base import NightFrames

DAY = date(2026, 3, 31)
START = datetime(2026, 2, 15, tzinfo=UTC)
PLACES = {"US": ("USD", 1.0), "MX": ("MXN", 0.05)}


@dataclass
class Town:
    """Rows collected by the planting methods; `frames` turns them into staged frames."""

    seed: int
    accounts: int = 40
    days: int = 45
    rows: list[dict[str, object]] = field(default_factory=list)
    owners: list[dict[str, object]] = field(default_factory=list)
    licences: dict[str, str] = field(default_factory=dict)
    parties: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Draw the ordinary life of both countries: payments of log-normal worth, a quarter of them round."""
        self.rng = np.random.default_rng(self.seed)
        for place in PLACES:
            for _ in range(self.accounts * 8):
                payer, payee = self.rng.choice(self.accounts, 2, replace=False)
                worth = float(np.exp(self.rng.normal(7.5, 1.2)))
                worth = round(worth, -2) + 100 if self.rng.random() < 0.25 else round(worth, 2)
                hour = float(self.rng.integers(self.days) * 24 + np.clip(self.rng.normal(13, 3), 0, 23))
                self.pay(f"{place}-{payer}", f"{place}-{payee}", place, worth, hour)

    def pay(self, payer: str | None, payee: str | None, place: str, usd: float, hour: float, **more: object) -> str:
        """Book one payment worth `usd`; returns its id."""
        number = f"t{len(self.rows):06d}"
        currency, rate = PLACES[place]
        at = START + timedelta(hours=hour)
        self.rows.append(
            {
                "transaction_id": number,
                "booked_at": at,
                "booking_date": at.date(),
                "originator_account_id": payer,
                "beneficiary_account_id": payee,
                "currency": currency,
                "channel": "wire",
                "originator_country": place,
                "beneficiary_country": place,
                "amount_minor": round(usd * 100 / rate),
                "usd_minor": round(usd * 100),
                "source_file": "town.parquet",
                "source_row": len(self.rows),
            }
            | more
        )
        return number

    def swap(
        self, collectors: list[str], payers: list[str], usd: float, hour: float, parts: tuple[int, int]
    ) -> list[str]:
        """One swap: cash parts in, wires out at a fee of 1 to 2 %, three to twenty hours later."""
        ids = []
        fee, lag = self.rng.uniform(0.01, 0.02), self.rng.uniform(3, 20)
        for place, members, total, at, count in (
            ("US", collectors, usd, hour, parts[0]),
            ("MX", payers, usd * (1 - fee), hour + lag, parts[1]),
        ):
            shares = self.rng.dirichlet(np.full(count, 8.0))
            for i, share in enumerate(shares):
                account = members[int(self.rng.integers(len(members)))]
                when = at + float(self.rng.uniform(0, 3)) * (i > 0)
                stranger = f"{place}-{self.rng.integers(self.accounts)}"
                if place == "US":
                    ids.append(self.pay(None, account, place, total * share, when, channel="cash_deposit"))
                else:
                    ids.append(self.pay(account, stranger, place, total * share, when))
        return ids

    def ring(
        self, swaps: int, sides: tuple[int, int] = (1, 1), parts: tuple[int, int] = (1, 1)
    ) -> tuple[set[str], set[str]]:
        """Plant a ring; returns its accounts and its transactions."""
        collectors = [f"US-ring{i}" for i in range(sides[0])]
        payers = [f"MX-ring{i}" for i in range(sides[1])]
        ids: set[str] = set()
        for hour in np.sort(self.rng.uniform(10, self.days * 24 - 30, swaps)):
            counts = (int(self.rng.integers(1, parts[0] + 1)), int(self.rng.integers(1, parts[1] + 1)))
            ids |= set(self.swap(collectors, payers, float(np.exp(self.rng.uniform(8.5, 11))), float(hour), counts))
        return {*collectors, *payers}, ids

    def frames(self, *, shuffled: int | None = None) -> NightFrames:
        """Build the town as a detector sees it."""
        transactions = pl.DataFrame(self.rows, schema_overrides=STAGED_TRANSACTIONS, infer_schema_length=None)
        missing = [
            pl.lit(None, dtype).alias(name)
            for name, dtype in STAGED_TRANSACTIONS.items()
            if name not in transactions.columns
        ]
        transactions = (
            transactions.with_columns(missing).select(STAGED_TRANSACTIONS.names()).cast(dict(STAGED_TRANSACTIONS))
        )
        if shuffled is not None:
            transactions = transactions.sample(fraction=1.0, shuffle=True, seed=shuffled)
        ids = sorted(
            {
                str(row[end])
                for row in self.rows
                for end in ("originator_account_id", "beneficiary_account_id")
                if row[end]
            }
        )
        accounts = [
            {
                "account_id": account,
                "party_id": self.parties.get(account, f"P-{account}"),
                "institution_id": "BANKUS33",
                "country": account[:2],
                "currency": PLACES[account[:2]][0],
                "account_type": "business",
                "opened_on": date(2020, 1, 1),
            }
            for account in ids
        ]
        parties = [
            {"party_id": p, "party_type": "organisation", "name": p, "country": "US", "licence": self.licences.get(p)}
            for p in sorted({row["party_id"] for row in accounts})
        ]
        return NightFrames(
            DAY.isoformat(),
            transactions.lazy(),
            pl.LazyFrame(accounts, schema=ACCOUNTS.schema),
            pl.LazyFrame(parties, schema=PARTIES.schema),
            pl.LazyFrame(self.owners, schema=OWNERSHIP.schema),
        )
