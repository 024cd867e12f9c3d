"""Planting: parties, accounts and payments that are added to the background on purpose, and what labels say of them."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mirrorwatch.synth.economy import Economy, book, counters
from mirrorwatch.synth.flows import Flow
from mirrorwatch.synth.places import BANKS_PER_COUNTRY, COUNTRY_CODES, UTC_OFFSETS
from mirrorwatch.synth.population import BUSINESSES, PERSONS, Role
from mirrorwatch.synth.rows import CHANNEL, DAY_US, HOUR_US, NONE, Rows, concatenate, make_rows

Integers = np.ndarray
_TRIES = 48  # hours tried until a payment falls into opening hours


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
    difficulty: str
    accounts: list[int] = field(default_factory=list)
    parties: list[int] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    legs: list[Leg] = field(default_factory=list)


class Planter:
    """Adds to one world. `rng` is set anew for each scheme and innocent, so that one does not shift another's draws."""

    def __init__(self, world: Economy, rng: np.random.Generator) -> None:
        self.world, self.rng = world, rng
        self.people = world.population
        self.batches: list[Rows] = []
        self.planted = 0
        self.taken: set[int] = set()
        self.described: dict[int, dict[str, Any]] = {}
        self.ties: list[tuple[int, int, str, float | None]] = []
        self.schemes: list[Label] = []
        self.innocents: list[Label] = []
        self._by_role: dict[tuple[int, Role], Integers] = {}
        self._background = self.people.parties

    # -- who ---------------------------------------------------------------------------------------------------
    def members(self, country: int, roles: tuple[Role, ...]) -> Integers:
        """Background parties of a country and any of `roles`."""
        for role in roles:
            if (country, role) not in self._by_role:
                mask = (self.people.party_country == country) & (self.people.party_role == role)
                self._by_role[country, role] = np.flatnonzero(mask[: self._background])
        return np.concatenate([self._by_role[country, role] for role in roles])

    def take(self, country: int, roles: tuple[Role, ...]) -> int:
        """A background party that no other scheme or innocent has; where all are taken, a new one of that kind."""
        crowd = self.members(country, roles)
        for candidate in self.rng.permutation(crowd)[:64] if len(crowd) < 5000 else self.rng.choice(crowd, 64):  # noqa: PLR2004
            if int(candidate) not in self.taken:
                self.taken.add(int(candidate))
                return int(candidate)
        if roles[0] in PERSONS:
            return self.new_person(country)
        return self.new_company(country)

    def strangers(self, country: int, n: int, roles: tuple[Role, ...] = PERSONS + BUSINESSES) -> Integers:
        """Primary accounts of `n` background parties, with repetition: payers and payees who merely appear."""
        crowd = self.members(country, roles)
        return np.asarray(self.people.primary[self.rng.choice(crowd, n)])

    def new_company(
        self, country: int, *, age_days: int | None = None, scale: float = 50_000.0, kind: str = "business",
        **described: Any,
    ) -> int:  # fmt: skip
        """An organisation whose whole activity is planted, with one account at home; returns its party."""
        age = int(self.rng.lognormal(7.9, 0.8)) + 200 if age_days is None else age_days
        born = self.start - age + min(self.world.spec.days - 1, 0)
        party = self.people.add_party(country, Role.PLANTED, scale, born)
        self.taken.add(party)
        self.described[party] = described
        self.new_account(party, country, kind=kind, opened=born + int(min(age, 10) * self.rng.random()))
        return party

    def new_person(self, country: int, role: Role = Role.EMPLOYEE, *, scale: float | None = None) -> int:
        """A person whose whole activity is planted, with one account at home; returns its party."""
        income = float(self.people.party_scale[self.rng.choice(self.members(country, (role,)))])
        born = self.start - int(self.rng.uniform(22, 65) * 365)
        party = self.people.add_party(country, role, scale or income, born)
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
        """A further account of a party, in any country and currency."""
        branch = self.people.branch_start[country] + self.rng.integers(0, self.people.branch_count[country])
        bank = country * BANKS_PER_COUNTRY + int(self.rng.integers(0, BANKS_PER_COUNTRY))
        if opened is None:
            opened = self.start - int(self.rng.uniform(200, 2500))
        return self.people.add_account(
            party, country, country if currency is None else currency, kind, opened, int(branch), bank
        )

    def account(self, party: int) -> int:
        """A party's first account."""
        return int(self.people.primary[party])

    def tie(self, owner: int, owned: int, role: str = "shareholder", share: float | None = None) -> None:
        """An ownership row that has stood since before the window."""
        self.ties.append((owner, owned, role, share))

    # -- when --------------------------------------------------------------------------------------------------
    @property
    def start(self) -> int:
        """First day, days since 1970."""
        return self.world.start_us // DAY_US

    @property
    def end_us(self) -> int:
        """The first instant after the world, microseconds since 1970."""
        return self.world.start_us + self.world.spec.days * DAY_US

    def day_of(self, at: Integers) -> Integers:
        """Day index of instants, those outside the world clipped to its ends."""
        return np.clip((at - self.world.start_us) // DAY_US, 0, self.world.spec.days - 1)

    def inside(self, at: Integers) -> Integers:
        """Which instants lie in the world."""
        return (at >= self.world.start_us) & (at < self.end_us)

    def lagged(
        self, at: Integers, lag_hours: tuple[float, float], country: Integers | int, hours: tuple[float, float]
    ) -> Integers:
        """`at` plus a lag within `lag_hours`, so chosen that it falls into local `hours` where any tried lag does."""
        tries = self.rng.uniform(*lag_hours, (len(at), _TRIES)) * HOUR_US
        moments = at[:, None] + tries.astype(np.int64)
        offset = np.broadcast_to(UTC_OFFSETS[country], (len(at),))[:, None]
        local = np.mod(moments / HOUR_US + offset, 24)
        chosen = ((local >= hours[0]) & (local < hours[1]) & self.inside(moments)).argmax(axis=1)
        return np.asarray(moments[np.arange(len(at)), chosen])

    def office_moments(self, day: Integers | int, country: Integers | int, n: int | None = None) -> Integers:
        """Local office hours of `day`s (day indexes); moved to Monday where they fall on a weekend and one is left."""
        days = np.atleast_1d(np.asarray(day))
        days = np.broadcast_to(days, (n,)) if n is not None else days
        weekday = (self.start + days + 3) % 7
        moved = days + np.where(weekday >= 5, 7 - weekday, 0)  # noqa: PLR2004
        days = np.where(moved < self.world.spec.days, moved, days)
        local = 8.5 + 9 * self.rng.random(len(days))
        utc = np.mod(local - UTC_OFFSETS[country], 24)
        return self.world.start_us + days.astype(np.int64) * DAY_US + (utc * HOUR_US).astype(np.int64)

    # -- payments ----------------------------------------------------------------------------------------------
    def pay(
        self, flow: Flow, at: Integers, payer: Integers | int, payee: Integers | int, usd: Integers | float,
        **fixed: Any,
    ) -> Integers:  # fmt: skip
        """Books payments at given instants; returns their planted numbers, NONE for those outside the world."""
        at = np.atleast_1d(np.asarray(at))
        n = len(at)
        sides = [np.array(np.broadcast_to(np.asarray(side), (n,))) for side in (payer, payee)]
        rows = book(self.world, self.rng, self.day_of(at), flow, *sides,  # type: ignore[arg-type]
                    np.broadcast_to(np.asarray(usd, dtype=float), (n,)), at=at, **fixed)  # fmt: skip
        return self._add(rows, self.inside(at))

    def cash(
        self, flow: Flow, at: Integers, account: Integers | int, minor: Integers, *, deposit: bool,
        conductor: Integers | None = None, away: float = 0.1,
    ) -> Integers:  # fmt: skip
        """Books cash in (deposit) or out at given instants; returns planted numbers as `pay` does."""
        at = np.atleast_1d(np.asarray(at))
        accounts = np.array(np.broadcast_to(np.asarray(account), (len(at),)))
        columns: dict[str, Any] = counters(self.world, self.rng, accounts, away=away)
        if conductor is not None:
            columns["conductor"] = conductor
        columns["originator" if deposit else "beneficiary"] = NONE
        columns["channel"] = CHANNEL["cash_deposit" if deposit else "cash_withdrawal"]
        return self.pay(flow, at, accounts, accounts, 0.0, amount=minor, **columns)

    def _add(self, rows: Rows, kept: Integers) -> Integers:
        numbers = np.full(len(rows), NONE)
        numbers[kept] = self.planted + np.arange(int(kept.sum()))
        rows.planted = numbers.astype(np.int32)
        self.planted += int(kept.sum())
        self.batches.append(rows.take(np.flatnonzero(kept)))
        return numbers

    def all_rows(self) -> Rows:
        """Every planted row, in planted order."""
        return concatenate(self.batches) if self.batches else make_rows(**dict.fromkeys(Rows.__annotations__, []))


def country_index(code: str) -> int:
    """Position of a country code in `places.COUNTRIES`."""
    return COUNTRY_CODES.index(code)
