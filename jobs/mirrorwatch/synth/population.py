"""Who lives in a world: parties and their accounts as parallel arrays, before anyone has a name."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from mirrorwatch.contract import ACCOUNT_TYPES
from mirrorwatch.synth.places import BANKS_PER_COUNTRY, COUNTRIES, MONTHLY_INCOME, US
from mirrorwatch.synth.seeds import Section, generator
from mirrorwatch.synth.spec import WorldSpec
from mirrorwatch.synth.temperament import Temperament

ACCOUNT_TYPE = {name: code for code, name in enumerate(ACCOUNT_TYPES)}
YEAR = 365
OPEN = np.iinfo(np.int32).max  # closed_on of an account that is open


class Role(IntEnum):
    """What a party does. Up to HOMEMAKER persons, then businesses, then institutions, then planted organisations."""

    EMPLOYEE = 0
    SELF_EMPLOYED = 1
    RETIRED = 2
    STUDENT = 3
    HOMEMAKER = 4
    GROCER = 10
    RESTAURANT = 11
    MERCHANT = 12
    SERVICE = 13
    CONSTRUCTION = 14
    TRADER = 15
    MANUFACTURER = 16
    LOGISTICS = 17
    LANDLORD = 18
    TAX_OFFICE = 30
    UTILITY = 31
    TELECOM = 32
    INSURER = 33
    BANK = 34
    ACQUIRER = 35
    EXCHANGE = 36
    REMITTER = 37
    UNIVERSITY = 38
    PLANTED = 50  # its whole activity is planted


PERSONS = (Role.EMPLOYEE, Role.SELF_EMPLOYED, Role.RETIRED, Role.STUDENT, Role.HOMEMAKER)
_PERSON_WEIGHTS = (0.62, 0.1, 0.14, 0.08, 0.06)
BUSINESSES = (
    Role.GROCER, Role.RESTAURANT, Role.MERCHANT, Role.SERVICE, Role.CONSTRUCTION, Role.TRADER, Role.MANUFACTURER,
    Role.LOGISTICS, Role.LANDLORD,
)  # fmt: skip
_BUSINESS_WEIGHTS = (0.1, 0.12, 0.2, 0.2, 0.1, 0.1, 0.08, 0.04, 0.06)
INSTITUTIONS = {
    Role.TAX_OFFICE: 1, Role.UTILITY: 2, Role.TELECOM: 2, Role.INSURER: 1, Role.BANK: 2, Role.ACQUIRER: 2,
    Role.EXCHANGE: 1, Role.REMITTER: 1, Role.UNIVERSITY: 1,
}  # fmt: skip
_PARTY_COLUMNS = ("party_country", "party_role", "party_scale", "party_born", "primary")
_ACCOUNT_COLUMNS = (
    "account_party", "account_country", "account_currency", "account_type", "account_opened", "account_closed",
    "account_branch", "account_bank",
)  # fmt: skip
_ROOM = 1024  # planted parties and accounts are added in steps of this
_PERSONS_AT_LEAST = 12  # a country, so that every pool has someone in it


@dataclass
class Population:
    """Parallel arrays. Dates are days since 1970; `scale` is USD a month (income or turnover)."""

    party_country: np.ndarray
    party_role: np.ndarray
    party_scale: np.ndarray
    party_born: np.ndarray
    primary: np.ndarray  # a party's first account
    account_party: np.ndarray
    account_country: np.ndarray
    account_currency: np.ndarray
    account_type: np.ndarray
    account_opened: np.ndarray
    account_closed: np.ndarray
    account_branch: np.ndarray
    account_bank: np.ndarray
    branch_country: np.ndarray
    branch_start: np.ndarray  # first branch of a country
    branch_count: np.ndarray

    parties: int  # arrays may be longer: room for planted ones
    accounts: int

    def add_party(self, *, country: int, role: Role, scale: float, born: int) -> int:
        """Add a planted party; returns its index."""
        if self.parties == len(self.party_country):
            self._grow(_PARTY_COLUMNS)
        index = self.parties
        self.party_country[index], self.party_role[index] = country, role
        self.party_scale[index], self.party_born[index] = scale, born
        self.primary[index] = -1
        self.parties += 1
        return index

    def add_account(
        self, *, party: int, country: int, currency: int, kind: str, opened: int, branch: int, bank: int
    ) -> int:
        """Add a planted account; returns its index. A party's first one becomes its primary account."""
        if self.accounts == len(self.account_party):
            self._grow(_ACCOUNT_COLUMNS)
        index = self.accounts
        values = (party, country, currency, ACCOUNT_TYPE[kind], opened, OPEN, branch, bank)
        for name, value in zip(_ACCOUNT_COLUMNS, values, strict=True):
            getattr(self, name)[index] = value
        if self.primary[party] < 0:
            self.primary[party] = index
        self.accounts += 1
        return index

    def trim(self) -> None:
        """Drop the room that planting did not use."""
        for names, length in ((_PARTY_COLUMNS, self.parties), (_ACCOUNT_COLUMNS, self.accounts)):
            for name in names:
                setattr(self, name, getattr(self, name)[:length])

    def _grow(self, names: tuple[str, ...]) -> None:
        for name in names:
            old = getattr(self, name)
            setattr(self, name, np.concatenate([old, np.zeros(_ROOM, dtype=old.dtype)]))

    def role_of_account(self) -> np.ndarray:
        """Return the role of each account's holder."""
        return np.asarray(self.party_role[self.account_party])


def is_person(role: np.ndarray) -> np.ndarray:
    """Say where a role is a natural person's."""
    return np.asarray(role <= Role.HOMEMAKER)


def is_business(role: np.ndarray) -> np.ndarray:
    """Say where a role is an ordinary operating business's."""
    return np.asarray((role >= Role.GROCER) & (role <= Role.LANDLORD))


def populate(spec: WorldSpec, habits: Temperament) -> Population:
    """Draw about `spec.accounts` accounts; a small world gets a floor of each kind in each country."""
    rng = generator(spec.seed, Section.POPULATION)
    country, role = _parties(rng, spec, habits)
    born = _born(rng, spec, role)
    scale = _scale(rng, role, country)
    party, extra = _holders(rng, role)
    start, count = _branches(spec, habits)
    account_country = country[party]
    opened = _opened(rng, spec, born[party], role[party])
    return Population(
        party_country=country,
        party_role=role,
        party_scale=scale,
        party_born=born,
        primary=np.searchsorted(party, np.arange(len(role))).astype(np.int32),
        account_party=party,
        account_country=account_country,
        account_currency=_currencies(rng, account_country, role[party], extra),
        account_type=_account_types(role[party]),
        account_opened=opened,
        account_closed=np.full(len(party), OPEN, dtype=np.int32),
        account_branch=(start[account_country] + rng.random(len(party)) * count[account_country]).astype(np.int32),
        account_bank=(account_country * BANKS_PER_COUNTRY + rng.integers(0, BANKS_PER_COUNTRY, len(party))),
        branch_country=np.repeat(np.arange(len(COUNTRIES)), count).astype(np.int8),
        branch_start=start,
        branch_count=count,
        parties=len(role),
        accounts=len(party),
    )


def _parties(rng: np.random.Generator, spec: WorldSpec, habits: Temperament) -> tuple[np.ndarray, np.ndarray]:
    used = np.flatnonzero(habits.country_weights > 0)
    countries, roles = [], []
    grown = 1 + spec.accounts // 40_000  # institutions grow with the world, slowly
    for place in used:
        fixed = [role for role, number in INSTITUTIONS.items() for _ in range(number * grown)]
        fixed += list(BUSINESSES) + [Role.MERCHANT, Role.SERVICE] + [Role.EMPLOYEE] * _PERSONS_AT_LEAST
        countries.append(np.full(len(fixed), place))
        roles.append(np.array(fixed))
    free = max(0, int((spec.accounts - sum(map(len, roles))) / 1.22))  # 1.22 accounts a party, see _holders
    business = rng.random(free) < habits.business_share
    drawn = np.where(
        business,
        rng.choice(BUSINESSES, free, p=_BUSINESS_WEIGHTS),
        rng.choice(PERSONS, free, p=_PERSON_WEIGHTS),
    )
    countries.append(rng.choice(len(COUNTRIES), free, p=habits.country_weights))
    roles.append(drawn)
    return np.concatenate(countries).astype(np.int8), np.concatenate(roles).astype(np.int8)


def _born(rng: np.random.Generator, spec: WorldSpec, role: np.ndarray) -> np.ndarray:
    start = (spec.start_date.toordinal()) - 719_163  # days since 1970
    person = rng.triangular(18, 35, 85, len(role))
    person = np.where(role == Role.RETIRED, rng.uniform(62, 88, len(role)), person)
    person = np.where(role == Role.STUDENT, rng.uniform(18, 27, len(role)), person)
    organisation = np.clip(rng.lognormal(2.0, 0.9, len(role)), 0.15, 90)  # median 7 years, and young ones too
    organisation = np.where(role >= Role.TAX_OFFICE, organisation + 8, organisation)
    return (start - np.where(is_person(role), person, organisation) * YEAR).astype(np.int32)


def _scale(rng: np.random.Generator, role: np.ndarray, country: np.ndarray) -> np.ndarray:
    level = MONTHLY_INCOME[country]
    income = level * rng.lognormal(0, 0.55, len(role))
    income = np.where((role == Role.STUDENT) | (role == Role.HOMEMAKER), income * 0.35, income)
    # turnover: heavy-tailed, median about 55,000 USD a month in the US, the top one in a hundred above 1.5 million
    turnover = 55_000 * (level / MONTHLY_INCOME[US]) ** 0.6 * rng.lognormal(0, 1.4, len(role))
    return np.asarray(np.where(is_person(role), income, turnover), dtype=np.float64)


def _holders(rng: np.random.Generator, role: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the party of each account, in order, and whether it is a further account of its holder."""
    u = rng.random(len(role))
    count = 1 + (u < 0.2).astype(int) + (is_business(role) & (u < 0.06)).astype(int)
    count[role >= Role.TAX_OFFICE] = 1
    party = np.repeat(np.arange(len(role)), count).astype(np.int32)
    extra = np.zeros(len(party), dtype=bool)
    extra[1:] = party[1:] == party[:-1]
    return party, extra


def _opened(rng: np.random.Generator, spec: WorldSpec, born: np.ndarray, role: np.ndarray) -> np.ndarray:
    start = spec.start_date.toordinal() - 719_163
    earliest = np.maximum(np.where(is_person(role), born + 17 * YEAR, born), start - 25 * YEAR)
    opened = earliest + rng.beta(1.6, 1.2, len(born)) * (start - 1 - earliest)
    late = is_person(role) | (role == Role.MERCHANT)
    inside = late & (rng.random(len(born)) < 0.005)  # opened during the window: monitored from the first day on
    return np.where(inside, start + rng.integers(0, spec.days, len(born)), opened).astype(np.int32)


def _branches(spec: WorldSpec, habits: Temperament) -> tuple[np.ndarray, np.ndarray]:
    count = np.where(habits.country_weights > 0, 4 + spec.accounts * habits.country_weights / 250, 0).astype(int)
    return np.concatenate([[0], np.cumsum(count)[:-1]]), count


def _currencies(rng: np.random.Generator, country: np.ndarray, role: np.ndarray, extra: np.ndarray) -> np.ndarray:
    dollars = extra & is_business(role) & (rng.random(len(country)) < 0.3)
    return np.where(dollars, US, country).astype(np.int8)


def _account_types(role: np.ndarray) -> np.ndarray:
    kinds = np.where(is_person(role), ACCOUNT_TYPE["personal"], ACCOUNT_TYPE["business"])
    kinds = np.where(role == Role.TAX_OFFICE, ACCOUNT_TYPE["government"], kinds)
    return np.asarray(np.where(role == Role.BANK, ACCOUNT_TYPE["internal"], kinds), dtype=np.int8)
