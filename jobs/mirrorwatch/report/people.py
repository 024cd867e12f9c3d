"""Who an account or party id stands for, as far as the input says."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from mirrorwatch.report.wording import day, sentence

# An id as it stands in a sentence. Shorter words are left alone, so that no plain word is taken for an id.
_LONGEST_NAME = 120  # in lines, headings and sentences; the list of parties names each in full
_ID = re.compile(r"[\w.:/-]{5,}\w")


@dataclass(frozen=True)
class Account:
    """One account of an alert; fields are empty where the input does not know it."""

    account_id: str
    party_id: str = ""
    institution_id: str = ""
    country: str = ""
    currency: str = ""
    account_type: str = ""
    opened: str = ""


@dataclass(frozen=True)
class Party:
    """One party of an alert, with its accounts that the alert names."""

    party_id: str
    name: str = ""
    kind: str = ""
    country: str = ""
    since: str = ""
    business: str = ""
    address: str = ""
    accounts: tuple[Account, ...] = ()
    is_subject: bool = False

    @property
    def label(self) -> str:
        """Name where there is one, else the id."""
        return self.name or self.party_id

    @property
    def short_label(self) -> str:
        """The label, cut where it is too long for a line."""
        return _short(self.label)


class Directory:
    """Look-ups over the `accounts` and `parties` frames of the report's input."""

    def __init__(self, accounts: pl.DataFrame, parties: pl.DataFrame) -> None:
        self._accounts = {row["account_id"]: _account(row) for row in accounts.iter_rows(named=True)}
        self._parties = {row["party_id"]: _party(row) for row in parties.iter_rows(named=True)}

    def account(self, account_id: str) -> Account:
        """Return the account, or a bare one that only has its id."""
        return self._accounts.get(account_id, Account(account_id))

    def party(self, party_id: str) -> Party:
        """Return the party, or a bare one that only has its id."""
        return self._parties.get(party_id, Party(party_id))

    def owner_label(self, account_id: str) -> str:
        """Name of the party behind an account, or nothing when it is not known."""
        party_id = self.account(account_id).party_id
        return self.party(party_id).label if party_id else ""

    def with_names(self, text: str, listed: frozenset[str]) -> str:
        """Put names in place of party ids in a sentence; a party that is not `listed` beside it keeps its id too."""
        return _ID.sub(lambda match: self._named(match[0], listed), text)

    def _named(self, word: str, listed: frozenset[str]) -> str:
        name = _short(self.party(word).name)
        if not name:
            return word
        return name if word in listed else f"{name} [{word}]"

    def members(self, party_ids: list[str], account_ids: list[str], subject: str | None) -> tuple[Party, ...]:
        """Return an alert's parties with their accounts, the subject first; accounts of unknown owners come last."""
        accounts = [self.account(account_id) for account_id in account_ids]
        known = list(dict.fromkeys([*([subject] if subject else []), *party_ids]))
        owners = {account.party_id for account in accounts}
        named = [self._with_accounts(party_id, accounts, subject) for party_id in known]
        rest = [self._with_accounts(party_id, accounts, subject) for party_id in sorted(owners - set(known))]
        return tuple(named + rest)

    def _with_accounts(self, party_id: str, accounts: list[Account], subject: str | None) -> Party:
        party = self.party(party_id)
        own = tuple(account for account in accounts if account.party_id == party_id)
        fields = {name: getattr(party, name) for name in ("name", "kind", "country", "since", "business", "address")}
        return Party(party_id, **fields, accounts=own, is_subject=party_id == subject)


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"


def _account(row: dict[str, Any]) -> Account:
    return Account(
        row["account_id"],
        _text(row, "party_id"),
        _text(row, "institution_id"),
        _text(row, "country"),
        _text(row, "currency"),
        _text(row, "account_type"),
        _on(row, "opened_on"),
    )


def _party(row: dict[str, Any]) -> Party:
    industry, occupation = _text(row, "industry_code"), _text(row, "occupation")
    since = _on(row, "born_or_incorporated_on")
    organisation = row.get("party_type") == "organisation"
    return Party(
        row["party_id"],
        name=_text(row, "name"),
        kind=sentence(_text(row, "party_type")),
        country=_text(row, "country"),
        since=(f"{'incorporated' if organisation else 'born'} {since}" if since else ""),
        business=f"ISIC {industry}" if industry else occupation,
        address=_text(row, "address"),
    )


def _text(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    return "" if value is None else str(value)


def _on(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    return day(value) if isinstance(value, date) else ""
