"""One evidence row as the drawings see it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import polars as pl

from mirrorwatch.report.drawing.scales import utc
from mirrorwatch.report.wording import moment, money, sentence, visible, words


@dataclass(frozen=True)
class Leg:
    """A payment of the evidence. `origin` or `target` is empty where cash crossed the counter."""

    transaction_id: str
    role: str
    group: int
    step: int
    at: datetime
    origin: str
    target: str
    amount: Decimal
    currency: str
    usd: Decimal
    channel: str
    countries: str

    @property
    def title(self) -> str:
        """The payment in one line, shown where the pointer rests on its mark."""
        route = f"{self.origin or 'cash'} → {self.target or 'cash'}"
        return visible(
            f"{sentence(self.role)} {self.group}.{self.step}: {money(self.amount, self.currency)}"
            f" ({money(self.usd)}), {moment(self.at)} UTC, {words(self.channel)}, {route}, {self.transaction_id}"
        )


def read_legs(evidence: pl.DataFrame) -> tuple[Leg, ...]:
    """Read the legs of one alert's evidence (contract.EVIDENCE), in order of time, then id."""
    ordered = evidence.sort("booked_at", "group_no", "step_no", "transaction_id")
    return tuple(
        Leg(
            row["transaction_id"],
            row["role"] or "",
            row["group_no"] or 0,
            row["step_no"] or 0,
            utc(row["booked_at"]),
            row["originator_account_id"] or "",
            row["beneficiary_account_id"] or "",
            row["amount"],
            row["currency"] or "",
            row["amount_usd"] or Decimal(0),
            row["channel"] or "",
            f"{row['originator_country']} → {row['beneficiary_country']}",
        )
        for row in ordered.iter_rows(named=True)
    )


def total(legs: Iterable[Leg]) -> Decimal:
    """Sum of the legs in US dollars, exact."""
    return sum((leg.usd for leg in legs), Decimal(0))
