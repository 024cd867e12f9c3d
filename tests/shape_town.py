"""A town of ordinary accounts, and layered shapes planted in it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import numpy as np
import polars as pl

from mirrorwatch.contract import ACCOUNTS, OWNERSHIP, PARTIES, STAGED_TRANSACTIONS
from mirrorwatch.detectors.base import NightFrames

NIGHT = date(2026, 3, 31)
START = datetime(2026, 2, 15, tzinfo=UTC)
DAYS = 45
Payment = tuple[str, str, float, int]  # payer, payee, days after the start, cents


@cache
def _usual(residents: int) -> tuple[Payment, ...]:
    """Two standing ties of each resident, paid weekly, and a payment to a stranger."""
    dice = np.random.default_rng(7)
    payments: list[Payment] = []
    for number in range(residents):
        for friend in dice.choice(residents, 2, replace=False):
            if friend != number:
                each = int(dice.integers(1_000, 90_000))
                payments += [(f"a{number}", f"a{friend}", week * 7 + dice.random(), each) for week in range(6)]
        other = (number + 1 + int(dice.integers(residents - 1))) % residents
        payments.append((f"a{number}", f"a{other}", dice.random() * DAYS, int(dice.integers(1_000, 90_000))))
    return tuple(payments)


@dataclass
class Town:
    """Payments between accounts; every account belongs to a person of its own."""

    planted: list[Payment] = field(default_factory=list)
    residents: int = 500
    renamed: dict[str, str] = field(default_factory=dict)

    def plus(self, planted: Iterable[Payment]) -> "Town":
        """Add payments."""
        self.planted += list(planted)
        return self

    @property
    def payments(self) -> list[Payment]:
        """Everything that is paid; planted payments come last."""
        return [*(_usual(self.residents) if self.residents else ()), *self.planted]

    def transactions(self) -> pl.DataFrame:
        """As STAGED_TRANSACTIONS, ids in order of `payments`."""
        payer, payee, day, cents = (list(column) for column in zip(*self.payments, strict=True))
        ends = {"originator_account_id": payer, "beneficiary_account_id": payee}
        at = pl.Series([START + timedelta(days=each) for each in day])
        return pl.DataFrame(
            {
                **{name: [self.renamed.get(one, one) for one in column] for name, column in ends.items()},
                "transaction_id": [f"t{number:06}" for number in range(len(day))],
                "booked_at": at,
                "booking_date": at.dt.date(),
                "amount_minor": cents,
                "usd_minor": cents,
                "source_row": range(len(day)),
            },
            schema_overrides={"source_row": pl.Int64, "booked_at": STAGED_TRANSACTIONS["booked_at"]},
        ).with_columns(
            currency=pl.lit("USD"), channel=pl.lit("ach"), originator_country=pl.lit("US"),
            beneficiary_country=pl.lit("US"), source_file=pl.lit("f"),
        ).match_to_schema(STAGED_TRANSACTIONS, missing_columns="insert")  # fmt: skip

    def night(self, *, shuffled: int | None = None, **parties: str) -> NightFrames:
        """Make the frames of a night; `parties` sets columns of all parties, `shuffled` the order of rows."""
        rows = self.transactions()
        if shuffled is not None:
            rows = rows.sample(fraction=1.0, shuffle=True, seed=shuffled)
        ids = pl.concat([rows["originator_account_id"], rows["beneficiary_account_id"]]).unique().sort().to_list()
        accounts = [
            {"account_id": one, "party_id": f"p.{one}", "institution_id": "B", "country": "US", "currency": "USD",
             "account_type": "personal", "opened_on": date(2020, 1, 1)}
            for one in ids
        ]  # fmt: skip
        people = [
            {"party_id": f"p.{one}", "party_type": "person", "name": one, "country": "US", **parties} for one in ids
        ]
        return NightFrames(
            NIGHT.isoformat(),
            rows.lazy(),
            _frame(accounts, ACCOUNTS.schema).lazy(),
            _frame(people, PARTIES.schema).lazy(),
            pl.LazyFrame(schema=OWNERSHIP.schema),
        )


def _frame(rows: list[dict[str, Any]], schema: pl.Schema) -> pl.DataFrame:
    return pl.DataFrame(rows, schema_overrides=dict(schema)).match_to_schema(schema, missing_columns="insert")


def ring(length: int = 7, first: float = 10.0, fee: float = 0.02) -> list[Payment]:
    """Money that goes round through `length` newcomers, a day and a bit each, less a fee a hop."""
    sums = [round(1_000_000 * (1 - fee) ** hop) for hop in range(length)]
    return [(f"r{hop}", f"r{(hop + 1) % length}", first + 1.3 * hop, sums[hop]) for hop in range(length)]


def diamond(ways: int = 6, first: float = 10.0, *, backwards: bool = False) -> list[Payment]:
    """One account to `ways` newcomers to one account; `backwards`: they pay before they are paid."""
    later = -6.0 if backwards else 6.0
    out = [("s", f"m{way}", first + 0.4 * way, 500_000 + 900 * way) for way in range(ways)]
    return out + [(f"m{way}", "t", first + later + 0.4 * way, 490_000 + 900 * way) for way in range(ways)]


def block(payers: int = 4, payees: int = 5, first: float = 10.0, names: str = "uv") -> list[Payment]:
    """All of one group pay all of another."""
    return [
        (f"{names[0]}{one}", f"{names[1]}{other}", first + 0.3 * one + 0.7 * other, 200_000)
        for one in range(payers)
        for other in range(payees)
    ]


def layers() -> list[Payment]:
    """Two blocks, the payees of the first being the payers of the second."""
    return block() + block(5, 4, 18.0, "vw")


def crowd(
    size: int = 12, first: float = 10.0, *, inward: bool = True, centre: str = "c", far: str = "n"
) -> list[Payment]:
    """Plant a crowd of newcomers around one account, some hours between each."""
    ends = [(f"{far}{one}", centre) if inward else (centre, f"{far}{one}") for one in range(size)]
    return [(*end, first + 0.35 * place, 150_000 + 7_000 * place) for place, end in enumerate(ends)]


def hourglass() -> list[Payment]:
    """Plant a crowd to one account, which pays another crowd."""
    return crowd(8) + crowd(8, 15.0, inward=False, far="o")
