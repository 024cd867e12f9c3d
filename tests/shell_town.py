"""A town small enough to read: companies, persons and payments as a detector sees them, staged by hand."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import polars as pl

from mirrorwatch import contract
from mirrorwatch.detectors.base import NightFrames

NIGHT = date(2026, 3, 31)
START = datetime(2026, 2, 16, tzinfo=UTC)  # a Monday; the window is 44 days


@dataclass
class Town:
    """Parties have one account each, `acc.` before their id; amounts are whole US dollars."""

    parties: list[dict[str, Any]] = field(default_factory=list)
    accounts: list[dict[str, Any]] = field(default_factory=list)
    ownership: list[dict[str, Any]] = field(default_factory=list)
    payments: list[dict[str, Any]] = field(default_factory=list)

    def company(self, party: str, *, account_type: str = "business", age_days: int = 2_000, **about: Any) -> str:  # noqa: ANN401
        """Add an organisation and its account."""
        return self._party(party, "organisation", account_type, age_days, about)

    def person(self, party: str) -> str:
        """Add a person and their account."""
        return self._party(party, "person", "personal", 12_000, {})

    def _party(self, party: str, kind: str, account_type: str, age_days: int, about: dict[str, Any]) -> str:
        born = NIGHT - timedelta(days=age_days)
        row = {"party_id": party, "party_type": kind, "name": party, "country": "US", "born_or_incorporated_on": born}
        self.parties.append(row | about)
        self.account(f"acc.{party}", party, account_type, born)
        return party

    def account(self, account: str, party: str, account_type: str = "business", opened_on: date = NIGHT) -> None:
        """Add one more account of a party."""
        row = {"account_id": account, "party_id": party, "institution_id": "BANKUS33", "country": "US"}
        self.accounts.append(row | {"currency": "USD", "account_type": account_type, "opened_on": opened_on})

    def own(self, owner: str, owned: str, role: str = "shareholder", share: float | None = None) -> None:
        """Add an ownership row that holds."""
        self.ownership.append({"owner_party_id": owner, "owned_party_id": owned, "role": role, "share": share})

    def pay(self, hour: float, payer: str | None, payee: str | None, usd: float, **about: Any) -> str:  # noqa: ANN401
        """Book a payment `hour` hours after the start between parties (or accounts); None is cash. Returns its id."""
        at = START + timedelta(seconds=round(hour * 3600))
        row = {
            "transaction_id": f"t{len(self.payments):05d}",
            "booked_at": at,
            "booking_date": at.date(),
            "originator_account_id": self._account(payer),
            "beneficiary_account_id": self._account(payee),
            "currency": "USD",
            "channel": "wire" if payer and payee else "cash_deposit" if payee else "cash_withdrawal",
            "originator_country": "US",
            "beneficiary_country": "US",
            "amount_minor": round(usd * 100),
            "usd_minor": round(usd * 100),
            "source_file": "t.parquet",
            "source_row": len(self.payments),
        }
        self.payments.append(row | about)
        return str(row["transaction_id"])

    def _account(self, party: str | None) -> str | None:
        known = {row["account_id"] for row in self.accounts}
        return party if party is None or party in known else f"acc.{party}"

    def night(self) -> NightFrames:
        """Give the town as staged frames."""
        return NightFrames(
            NIGHT.isoformat(),
            pl.DataFrame(self.payments, schema=contract.STAGED_TRANSACTIONS).lazy(),
            pl.DataFrame(self.accounts, schema=contract.ACCOUNTS.schema).lazy(),
            pl.DataFrame(self.parties, schema=contract.PARTIES.schema).lazy(),
            pl.DataFrame(self.ownership, schema=contract.OWNERSHIP.schema).lazy(),
        )


# Sums that a scheme passes on, in USD; odd, and none nearly the same as the next.
SUMS = (48_317, 91_250, 33_904, 120_611, 76_488, 57_093)
EVERY_HOURS = 6 * 24 + 5


def route(town: Town, path: list[str], *, kept: float = 0.03, lag: float = 30, sums: tuple[int, ...] = SUMS) -> None:
    """Send each sum along `path` (source, shells, exit), `lag` hours a hop, every company keeping a share `kept`."""
    for number, usd in enumerate(sums):
        for step, (payer, payee) in enumerate(pairwise(path)):
            town.pay(10 + number * EVERY_HOURS + step * lag, payer, payee, usd * (1 - kept) ** step)


def staffed(town: Town, company: str, usd: float) -> None:
    """Give a company what a business pays for: four wages twice, tax, a landlord, to `usd` a month in all."""
    for month in range(2):
        for worker in range(4):
            town.pay(24 * (28 * month + 3) + worker, company, town_person(town, f"w{worker}.{company}"), usd * 0.15)
        town.pay(24 * (28 * month + 10), company, town_office(town), usd * 0.25)
        town.pay(24 * (28 * month + 1), company, town_landlord(town), usd * 0.15)


def town_person(town: Town, party: str) -> str:
    """Find or add a person."""
    return party if _known(town, party) else town.person(party)


def town_office(town: Town) -> str:
    """Find or add the tax office."""
    return "tax" if _known(town, "tax") else town.company("tax", account_type="government", industry_code="8411")


def town_landlord(town: Town) -> str:
    """Find or add the landlord."""
    return "landlord" if _known(town, "landlord") else town.company("landlord", industry_code="L6810")


def _known(town: Town, party: str) -> bool:
    return any(row["party_id"] == party for row in town.parties)


def chain_town(shells: tuple[str, ...] = ("s1", "s2", "s3"), **sent: Any) -> Town:  # noqa: ANN401
    """Build a town with one chain: source → shells → exit. Source and exit are businesses."""
    town = Town()
    for party in ("source", *shells, "exit"):
        town.company(party)
    route(town, ["source", *shells, "exit"], **sent)
    staffed(town, "source", 40_000)
    staffed(town, "exit", 40_000)
    return town
