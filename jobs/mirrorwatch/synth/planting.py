"""Planting: parties, accounts and payments that are added to the background on purpose, and what labels say of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from mirrorwatch.synth import names
from mirrorwatch.synth.documents import Paper
from mirrorwatch.synth.economy import Economy, book, counters
from mirrorwatch.synth.flows import Flow
from mirrorwatch.synth.moments import Moments
from mirrorwatch.synth.places import BANKS_PER_COUNTRY, COUNTRY_CODES
from mirrorwatch.synth.pools import Pair
from mirrorwatch.synth.population import BUSINESSES, PERSONS, Role
from mirrorwatch.synth.rows import CHANNEL, DAY_US, NONE, Rows, concatenate

Column = np.ndarray | int
Described = str | int | float | None  # a value of a parties column
COVER = "cover"  # the role of what happens beside a scheme and is no evidence of it
_CANDIDATES = 64  # drawn before a party is taken to be a new one


@dataclass(frozen=True)
class Leg:
    """One planted row's place in its scheme: see the labels' `scheme_transactions`."""

    group_no: int
    step_no: int
    role: str
    planted: int


@dataclass
class Label:
    """One scheme or innocent as it will be written. `rows` are planted numbers."""

    label_id: str
    kind: str
    difficulty: str = ""
    accounts: list[int] = field(default_factory=list)
    parties: list[int] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    legs: list[Leg] = field(default_factory=list)

    def add(self, group_no: int, role: str, planted: np.ndarray, *, first_step: int = 1) -> None:
        """Add planted rows as consecutive steps of a group (as step 0 where they are cover)."""
        for offset, row in enumerate(planted.tolist()):
            if row != NONE:
                self.legs.append(Leg(group_no, 0 if role == COVER else first_step + offset, role, row))


class Planter(Moments):
    """Adds to one world. `rng` is set anew for each scheme and innocent, so that one does not shift another's draws."""

    def __init__(self, world: Economy, rng: np.random.Generator, abroad: Sequence[Pair] = ()) -> None:
        """`abroad`: payers and payees of the background's standing relations across borders."""
        super().__init__(world, rng)
        self.abroad = tuple(abroad)
        self.people = world.population
        self.batches: list[Rows] = []
        self.planted = 0
        self.taken: set[int] = set()
        self.met: set[int] = set()  # background parties that merely appear in a scheme: not to become suspects
        self.described: dict[int, dict[str, Described]] = {}
        self.hosts: dict[int, int] = {}
        self.contacts: dict[str, dict[int, int]] = {"phone": {}, "email": {}}
        self.papers: list[Paper] = []
        self.listings: list[dict[str, object]] = []  # rows of the watchlist without their ids
        self.listed: set[int] = set()  # parties that are on it: what they own is planted
        self.ties: list[tuple[int, int, str, float | None]] = []
        self.spans: dict[tuple[int, int, str], tuple[int | None, int | None]] = {}  # of ties: first and last day
        self.schemes: list[Label] = []
        self.innocents: list[Label] = []
        self._crowds: dict[tuple[int, tuple[Role, ...]], np.ndarray] = {}
        self._background = self.people.parties

    # who ------------------------------------------------------------------------------------------------------

    def any_country(self) -> int:
        """Draw a country of the world by its weight."""
        weights = self.world.habits.country_weights
        return int(self.rng.choice(len(weights), p=weights))

    def two_countries(self) -> tuple[int, int]:
        """Draw two countries of the world."""
        weights = self.world.habits.country_weights
        first, second = self.rng.choice(len(weights), 2, replace=False, p=weights)
        return int(first), int(second)

    def members(self, country: int, roles: tuple[Role, ...]) -> np.ndarray:
        """Return the background parties of a country and any of `roles` whose account was open all along."""
        if (country, roles) not in self._crowds:
            role, place = (values[: self._background] for values in (self.people.party_role, self.people.party_country))
            crowd = np.flatnonzero((place == country) & np.isin(role, roles))
            opened = self.people.account_opened[self.people.primary[crowd]]
            self._crowds[country, roles] = crowd[opened < self.first_day]
        return self._crowds[country, roles]

    def take(self, country: int, roles: tuple[Role, ...], *, unknown_to: Sequence[int] = ()) -> int:
        """Take a background party that nothing else planted has; where none is left, a new one of that kind.

        `unknown_to`: accounts that it must not trade with, or send money to, across a border.
        """
        crowd, known = self.members(country, roles), self._partners(unknown_to)
        drawn = self.rng.choice(crowd, _CANDIDATES).tolist() if len(crowd) else []
        for candidate in drawn:
            if candidate not in self.taken and candidate not in self.met and self.account(candidate) not in known:
                self.taken.add(candidate)
                return int(candidate)
        return self.new_person(country) if roles[0] in PERSONS else self.new_company(country)

    def _partners(self, accounts: Sequence[int]) -> set[int]:
        """Return whoever has a relation across a border with any of `accounts`."""
        known: set[int] = set()
        for payers, payees in self.abroad if len(accounts) else ():
            known.update(payees[np.isin(payers, accounts)].tolist(), payers[np.isin(payees, accounts)].tolist())
        return known

    def strangers(self, country: int, n: int, roles: tuple[Role, ...] = PERSONS + BUSINESSES) -> np.ndarray:
        """Draw primary accounts of `n` background parties, with repetition: payers and payees who merely appear."""
        return np.asarray(self.people.primary[self.rng.choice(self.members(country, roles), n)])

    def bystanders(self, country: int, n: int, roles: tuple[Role, ...] = PERSONS + BUSINESSES) -> np.ndarray:
        """Draw primary accounts of `n` background parties that no scheme or innocent has, nor any later one will take.

        All different where the country has enough of them; of any kind where it has none of `roles`.
        """
        for kinds in (roles, PERSONS + BUSINESSES):
            crowd = np.setdiff1d(self.members(country, kinds), np.fromiter(self.taken, dtype=np.int64))
            if len(crowd):
                break
        chosen = self.rng.choice(crowd, n, replace=n > len(crowd))
        self.met.update(chosen.tolist())
        return np.asarray(self.people.primary[chosen])

    def new_company(
        self,
        country: int,
        *,
        age_days: int | None = None,
        monthly_usd: float = 50_000.0,
        owned: bool = True,
        kind: str = "business",
        **described: Described,
    ) -> int:
        """Add an organisation whose whole activity is planted, with one account at home; returns its party.

        `owned`: has an owner and a director on record. `described` overrides columns of the parties table.
        """
        age = int(self.rng.lognormal(7.9, 0.8)) + 200 if age_days is None else age_days
        born = self.first_day - age
        party = self.people.add_party(country=country, role=Role.PLANTED, scale=monthly_usd, born=born)
        self.taken.add(party)
        self.described[party] = described
        self.new_account(party, country, kind=kind, opened=born + int(min(age, 20) * self.rng.random()))
        if owned:
            owner = int(self.rng.choice(self.members(country, PERSONS[:3])))
            self.tie(owner, party, share=1.0)
            self.tie(owner, party, "director")
        return party

    def new_person(self, country: int, role: Role = Role.EMPLOYEE) -> int:
        """Add a person whose whole activity is planted, with one account at home; returns the party."""
        income = float(self.people.party_scale[self.rng.choice(self.members(country, (Role.EMPLOYEE,)))])
        born = self.first_day - int(self.rng.uniform(22, 65) * 365)
        party = self.people.add_party(country=country, role=role, scale=income, born=born)
        self.taken.add(party)
        self.described[party] = {}
        self.new_account(party, country, kind="personal")
        return party

    def new_account(
        self,
        party: int,
        country: int,
        *,
        currency: int | None = None,
        kind: str = "business",
        opened: int | None = None,
    ) -> int:
        """Add an account of a party, in any country and currency (None: the country's own); returns its index."""
        branch = self.people.branch_start[country] + self.rng.integers(0, self.people.branch_count[country])
        return self.people.add_account(
            party=party,
            country=country,
            currency=country if currency is None else currency,
            kind=kind,
            opened=self.first_day - int(self.rng.uniform(200, 2500)) if opened is None else opened,
            branch=int(branch),
            bank=country * BANKS_PER_COUNTRY + int(self.rng.integers(0, BANKS_PER_COUNTRY)),
        )

    def account(self, party: int) -> int:
        """Return a party's first account."""
        return int(self.people.primary[party])

    def accounts_of(self, parties: list[int]) -> list[int]:
        """Return every account of the parties, background and planted."""
        return np.flatnonzero(np.isin(self.people.account_party[: self.people.accounts], parties)).tolist()

    def share_address(self, party: int, host: int) -> None:
        """Put a party at another's address."""
        self.hosts[party] = host

    def share_contact(self, party: int, host: int, kind: Literal["phone", "email"]) -> None:
        """Give a party another's telephone or e-mail."""
        self.contacts[kind][party] = host

    def firm_name(self, country: int, trade: str) -> str:
        """Draw a firm's name with a word for its trade, such as Chemical."""
        first, number = str(self.rng.choice(names.FIRST)), int(self.rng.integers(1, 400))
        return f"{first} {trade} {number} {names.SUFFIX[COUNTRY_CODES[country]]}"

    def tie(self, owner: int, owned: int, role: str = "shareholder", share: float | None = None) -> None:
        """Add an ownership row that has stood since the owned party began."""
        self.ties.append((owner, owned, role, share))

    def hand_over(self, before: int, after: int, owned: int, day: int, *, role: str = "shareholder") -> None:
        """Let the whole of a party go from one owner to another (in `role`) on a day, counted since 1970."""
        self.ties += [(before, owned, "shareholder", 1.0), (after, owned, role, 1.0 if role == "shareholder" else None)]
        self.spans[before, owned, "shareholder"] = (None, day - 1)
        self.spans[after, owned, role] = (day, None)

    # payments -------------------------------------------------------------------------------------------------

    def pay(
        self,
        flow: Flow,
        at: np.ndarray,
        payer: Column,
        payee: Column,
        *,
        usd: np.ndarray | float = 0.0,
        **fixed: Column,
    ) -> np.ndarray:
        """Book payments at given instants; returns their planted numbers.

        NONE for those that are not made: outside the world, or of an account to itself.
        """
        moments = np.atleast_1d(np.asarray(at))
        n = len(moments)
        sides = [np.array(np.broadcast_to(np.asarray(side), (n,))) for side in (payer, payee)]
        worth = np.broadcast_to(np.asarray(usd, dtype=float), (n,))
        rows = book(self.world, self.rng, self.day_of(moments), flow, payer=sides[0], payee=sides[1], usd=worth,
                    at=moments, **fixed)  # fmt: skip
        return self._add(rows, self.inside(moments) & (rows.originator != rows.beneficiary))

    def cash(
        self,
        flow: Flow,
        at: np.ndarray,
        account: Column,
        minor: np.ndarray,
        *,
        deposit: bool,
        conductor: np.ndarray | None = None,
        away: float = 0.1,
        branch: np.ndarray | None = None,
    ) -> np.ndarray:
        """Book cash in (deposit) or out at given instants; returns planted numbers as `pay` does.

        `branch`: where, in place of the account's own or one `away`; it stays unknown as often as the world's others.
        """
        moments = np.atleast_1d(np.asarray(at))
        accounts = np.array(np.broadcast_to(np.asarray(account), (len(moments),)))
        columns: dict[str, Column] = dict(counters(self.world, self.rng, accounts, away=away))
        if conductor is not None:
            columns["conductor"] = conductor
        if branch is not None:
            columns["branch"] = np.where(columns["branch"] == NONE, NONE, branch)
        columns["originator" if deposit else "beneficiary"] = NONE
        columns["channel"] = CHANNEL["cash_deposit" if deposit else "cash_withdrawal"]
        return self.pay(flow, moments, accounts, accounts, amount=minor, **columns)

    def text(self, words: str) -> int:
        """Add a remittance text to the world's; returns its code for `purpose`."""
        texts = self.world.texts
        self.world.texts = replace(texts, texts=(*texts.texts, words))
        return len(texts.texts)

    def document(
        self,
        exporter: int,
        importer: int,
        usd: float,
        at: int,
        *,
        row: int = NONE,
        hs_code: str | None = None,
        parcels: int | None = None,
        transit: str | None = None,
        before: tuple[int, int] = (0, 15),
    ) -> None:
        """Add a trade document between two accounts' parties, issued some days before the instant `at`.

        None is issued after the world's last day: what is paid later may be documented already.
        `row` is the planted payment that it names; NONE, also for a payment that fell outside the world, names none.
        """
        people = self.people
        issued = min(at, self.end_us - 1) // DAY_US - int(self.rng.integers(before[0], before[1] + 1))
        origin, destination = (COUNTRY_CODES[int(people.account_country[side])] for side in (exporter, importer))
        self.papers.append(
            Paper(int(people.account_party[exporter]), int(people.account_party[importer]), issued, usd,
                  origin, destination, transit, hs_code, parcels, row)
        )  # fmt: skip

    def minor(self, usd: np.ndarray | float, currency: np.ndarray | int, at: np.ndarray) -> np.ndarray:
        """Convert USD into minor units of `currency` at the rate of each instant's day."""
        return self.world.rates.minor(usd, currency, self.day_of(at))

    def _add(self, rows: Rows, kept: np.ndarray) -> np.ndarray:
        numbers = np.full(len(rows), NONE)
        numbers[kept] = self.planted + np.arange(int(kept.sum()))
        rows.planted = numbers.astype(np.int32)
        self.planted += int(kept.sum())
        self.batches.append(rows.take(np.flatnonzero(kept)))
        return numbers

    def finish(self, label: Label, accounts: Sequence[int]) -> None:
        """Keep a scheme's label: its suspects' accounts with their holders; every leg but cover is its evidence."""
        label.accounts = [int(account) for account in accounts]
        label.parties = self.people.account_party[label.accounts].tolist()
        label.rows = [leg.planted for leg in label.legs if leg.role != COVER]
        self.schemes.append(label)

    def all_rows(self) -> Rows:
        """Return every planted row, sorted by time."""
        rows = concatenate(self.batches)
        return rows.take(np.argsort(rows.at, kind="stable"))
