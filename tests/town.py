"""A town small enough to read: parties, accounts and payments as detectors see them, staged by hand."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import polars as pl

from mirrorwatch import contract
from mirrorwatch.detectors.base import NightFrames

NIGHT = date(2026, 3, 31)
WINDOW_DAYS = 45
CASH_IN, CASH_OUT = "cash_deposit", "cash_withdrawal"


@dataclass
class Town:
    """Parties have one account each, `acc.` before their id; amounts are US dollars; day 0 begins the window.

    `night` is the last day of the window. Whatever is not said is the same for all: wires, the US, no text.
    """

    night_of: date = NIGHT
    parties: list[dict[str, Any]] = field(default_factory=list)
    accounts: list[dict[str, Any]] = field(default_factory=list)
    ownership: list[dict[str, Any]] = field(default_factory=list)
    payments: list[dict[str, Any]] = field(default_factory=list)
    documents: list[dict[str, Any]] = field(default_factory=list)
    watchlist: list[dict[str, Any]] = field(default_factory=list)

    @property
    def start(self) -> datetime:
        """The first moment of the window."""
        return datetime.combine(self.night_of - timedelta(days=WINDOW_DAYS - 1), datetime.min.time(), UTC)

    def company(self, party: str, *, country: str = "US", account_type: str = "business", **about: Any) -> str:  # noqa: ANN401
        """Add an organisation and its account."""
        return self._party(party, "organisation", country, account_type, about)

    def person(self, party: str, *, country: str = "US", **about: Any) -> str:  # noqa: ANN401
        """Add a person and their account."""
        return self._party(party, "person", country, "personal", about)

    def _party(self, party: str, kind: str, country: str, account_type: str, about: dict[str, Any]) -> str:
        born = self.night_of - timedelta(days=4_000 if kind == "organisation" else 12_000)
        row = {"party_id": party, "party_type": kind, "name": party, "country": country}
        income = about.pop("annual_turnover_usd", None)
        self.parties.append(
            row
            | {"born_or_incorporated_on": born, "annual_turnover_usd": None if income is None else Decimal(income)}
            | about
        )
        self.account(f"acc.{party}", party, country=country, account_type=account_type)
        return party

    def account(self, account: str, party: str, *, country: str = "US", **about: Any) -> str:  # noqa: ANN401
        """Add one more account of a party."""
        row = {"account_id": account, "party_id": party, "institution_id": f"BANK{country}33", "country": country}
        opened = self.night_of - timedelta(days=2_000)
        self.accounts.append(row | {"currency": "USD", "account_type": "business", "opened_on": opened} | about)
        return account

    def own(self, owner: str, owned: str, role: str = "shareholder", share: float | None = None) -> None:
        """Add an ownership row that holds."""
        self.ownership.append({"owner_party_id": owner, "owned_party_id": owned, "role": role, "share": share})

    def pay(self, day: float, payer: str | None, payee: str | None, usd: float, **about: Any) -> str:  # noqa: ANN401
        """Book a payment `day` days after the start between parties (or accounts); None is cash. Returns its id."""
        at = self.start + timedelta(seconds=round(day * 86_400))
        sides = self._account(payer), self._account(payee)
        countries = [self._country(side) for side in sides]
        row = {
            "transaction_id": f"t{len(self.payments):05d}",
            "booked_at": at,
            "booking_date": at.date(),
            "originator_account_id": sides[0],
            "beneficiary_account_id": sides[1],
            "currency": "USD",
            "channel": "wire" if payer and payee else CASH_IN if payee else CASH_OUT,
            "originator_country": countries[0] or countries[1],
            "beneficiary_country": countries[1] or countries[0],
            "amount_minor": round(usd * 100),
            "usd_minor": round(usd * 100),
            "source_file": "t.parquet",
            "source_row": len(self.payments),
        }
        self.payments.append(row | about)
        return str(row["transaction_id"])

    def cash(self, day: float, payee: str, usd: float, **about: Any) -> str:  # noqa: ANN401
        """Pay cash into an account over the counter: branch_id, branch_region and conductor_party_id may be said."""
        return self.pay(day, None, payee, usd, **about)

    def ship(self, day: float, exporter: str, importer: str, usd: float, **about: Any) -> str:  # noqa: ANN401
        """Add a trade document; returns its id."""
        row = {
            "document_id": f"d{len(self.documents):05d}",
            "issued_on": (self.start + timedelta(days=day)).date(),
            "exporter_party_id": exporter,
            "importer_party_id": importer,
            "origin_country": "CN",
            "destination_country": "US",
            "hs_code": "851762",
            "declared_value_usd": Decimal(usd),
            "parcels": 1,
        }
        self.documents.append(row | about)
        return str(row["document_id"])

    def _account(self, party: str | None) -> str | None:
        known = {row["account_id"] for row in self.accounts}
        return party if party is None or party in known else f"acc.{party}"

    def _country(self, account: str | None) -> str | None:
        return next((row["country"] for row in self.accounts if row["account_id"] == account), None)

    def night(self) -> NightFrames:
        """Give the town as staged frames."""
        return NightFrames(
            run_date_iso=self.night_of.isoformat(),
            transactions=pl.DataFrame(self.payments, schema=contract.STAGED_TRANSACTIONS).lazy(),
            accounts=pl.DataFrame(self.accounts, schema=contract.ACCOUNTS.schema).lazy(),
            parties=pl.DataFrame(self.parties, schema=contract.PARTIES.schema).lazy(),
            ownership=pl.DataFrame(self.ownership, schema=contract.OWNERSHIP.schema).lazy(),
            watchlist=pl.DataFrame(self.watchlist, schema=contract.WATCHLIST.schema).lazy(),
            trade_documents=pl.DataFrame(self.documents, schema=contract.TRADE_DOCUMENTS.schema).lazy(),
        )
