"""Standing payments: payroll, rent, utilities, tax and the like, fixed once and due on their days."""

from dataclasses import dataclass

import numpy as np

from mirrorwatch.synth.economy import Economy, book, rounded
from mirrorwatch.synth.flows import Flow
from mirrorwatch.synth.places import COUNTRY_CODES
from mirrorwatch.synth.pools import Pool, pool
from mirrorwatch.synth.population import Role, is_business
from mirrorwatch.synth.rows import Rows, concatenate
from mirrorwatch.synth.seeds import Section, generator

MONTHLY = 0  # `period` of what is due on a day of the month; else a number of days
_FORTNIGHT = 14


@dataclass(frozen=True)
class Standing:
    """Parallel arrays, one entry a standing payment; `amount` in minor units of the payer's currency."""

    flow: np.ndarray
    payer: np.ndarray
    payee: np.ndarray
    amount: np.ndarray
    period: np.ndarray
    phase: np.ndarray
    jitter: np.ndarray

    def __len__(self) -> int:
        return len(self.flow)


class _Book:
    """What is collected while a world is set up."""

    def __init__(self, world: Economy, rng: np.random.Generator) -> None:
        self.world, self.rng = world, rng
        self.parts: list[tuple[np.ndarray, ...]] = []

    def add(
        self, flow: Flow, payer: np.ndarray, payee: np.ndarray, usd: np.ndarray, *,
        phase: np.ndarray, period: np.ndarray | int = MONTHLY, jitter: np.ndarray | float = 0.0,
    ) -> None:  # fmt: skip
        """Add one payment for each payer whose payee is someone else."""
        other = payer != payee
        n = len(payer)
        columns = [np.broadcast_to(np.asarray(value), (n,))[other] for value in (period, phase, jitter)]
        payer, payee, usd = payer[other], payee[other], usd[other]
        minor = self.world.rates.minor(usd, self.world.population.account_currency[payer], 0)
        amount = rounded(self.rng, minor, self.world.habits.round_share[flow])
        self.parts.append((np.full(len(payer), int(flow)), payer, payee, amount, *columns))

    def close(self) -> Standing:
        joined = [np.concatenate([part[i] for part in self.parts]) for i in range(7)]
        kinds = (np.int8, np.int32, np.int32, np.int64, np.int16, np.int16, np.float32)
        return Standing(*(column.astype(kind) for column, kind in zip(joined, kinds, strict=True)))


def standing_payments(world: Economy) -> Standing:
    """Draw every standing payment of the background."""
    rng = generator(world.spec.seed, Section.RELATIONS)
    ledger = _Book(world, rng)
    people = world.population
    role, country = people.party_role, people.party_country
    payees = {
        kind: pool(people.primary[role == kind], country[role == kind], people.party_scale[role == kind])
        for kind in (Role.LANDLORD, Role.UTILITY, Role.TELECOM, Role.INSURER, Role.BANK, Role.TAX_OFFICE, Role.MERCHANT)
    }
    _salaries(ledger)
    persons = np.flatnonzero(role <= Role.HOMEMAKER)
    companies = np.flatnonzero(is_business(role))
    _households(ledger, persons, payees)
    _companies(ledger, companies, payees)
    _pensions(ledger, np.flatnonzero(role == Role.RETIRED), payees[Role.TAX_OFFICE])
    return ledger.close()


def _salaries(ledger: _Book) -> None:
    people, rng = ledger.world.population, ledger.rng
    firms = np.flatnonzero(is_business(people.party_role) | (people.party_role >= Role.UTILITY))
    staff = np.flatnonzero(people.party_role == Role.EMPLOYEE)
    country = people.party_country[staff]
    jobs = pool(people.primary[firms], people.party_country[firms], people.party_scale[firms])
    employer = jobs.of(rng, country)
    salaried = rng.random(len(staff)) < 0.5
    jitter = np.where(salaried, 0.0, rng.uniform(0.01, 0.08, len(staff)))  # hours and bonuses
    income, account = people.party_scale[staff], people.primary[staff]
    fortnightly = np.isin(country, [COUNTRY_CODES.index(code) for code in ("US", "CA")])
    twice = country == COUNTRY_CODES.index("MX")
    for chosen, period, share, phase in (
        (fortnightly, _FORTNIGHT, 12 / 26, employer * 7 % _FORTNIGHT),
        (twice, MONTHLY, 0.5, np.full(len(staff), 15)),
        (twice, MONTHLY, 0.5, np.full(len(staff), 28)),
        (~fortnightly & ~twice, MONTHLY, 1.0, 1 + employer * 11 % 28),
    ):
        ledger.add(Flow.SALARY, employer[chosen], account[chosen], income[chosen] * share, period=period,
                   phase=phase[chosen], jitter=jitter[chosen])  # fmt: skip


def _some(rng: np.random.Generator, who: np.ndarray, share: float) -> np.ndarray:
    return who[rng.random(len(who)) < share]


# flow, kind of payee, share of payers, median as a share of monthly income or turnover, sigma, jitter, last day
_Bill = tuple[Flow, Role, float, float, float, float, int]
_HOUSEHOLD_BILLS: tuple[_Bill, ...] = (
    (Flow.RENT, Role.LANDLORD, 0.4, 0.28, 0.3, 0.0, 5),
    (Flow.UTILITY, Role.UTILITY, 0.7, 0.025, 0.4, 0.2, 28),
    (Flow.TELECOM, Role.TELECOM, 0.8, 0.012, 0.4, 0.05, 28),
    (Flow.SUBSCRIPTION, Role.MERCHANT, 0.6, 0.004, 0.5, 0.0, 28),
    (Flow.INSURANCE, Role.INSURER, 0.4, 0.03, 0.5, 0.0, 28),
    (Flow.LOAN, Role.BANK, 0.35, 0.15, 0.5, 0.0, 28),
)
_COMPANY_BILLS: tuple[_Bill, ...] = (
    (Flow.RENT, Role.LANDLORD, 0.7, 0.04, 0.5, 0.0, 5),
    (Flow.UTILITY, Role.UTILITY, 0.8, 0.008, 0.6, 0.2, 28),
    (Flow.TELECOM, Role.TELECOM, 0.8, 0.003, 0.6, 0.05, 28),
    (Flow.INSURANCE, Role.INSURER, 0.5, 0.008, 0.6, 0.0, 28),
    (Flow.LOAN, Role.BANK, 0.3, 0.05, 0.8, 0.0, 28),
    (Flow.TAX, Role.TAX_OFFICE, 0.9, 0.07, 0.5, 0.15, 28),
)


def _bills(ledger: _Book, who: np.ndarray, bills: tuple[_Bill, ...], payees: dict[Role, Pool]) -> None:
    people, rng = ledger.world.population, ledger.rng
    for flow, kind, share, median, sigma, jitter, last in bills:
        payer = _some(rng, who, share)
        usd = people.party_scale[payer] * median * rng.lognormal(0, sigma, len(payer))
        payee = payees[kind].of(rng, people.party_country[payer])
        phase = rng.integers(1, last + 1, len(payer))
        ledger.add(flow, people.primary[payer], payee, usd, phase=phase, jitter=jitter)


def _households(ledger: _Book, persons: np.ndarray, payees: dict[Role, Pool]) -> None:
    people, rng = ledger.world.population, ledger.rng
    _bills(ledger, persons, _HOUSEHOLD_BILLS, payees)
    tenant = _some(rng, persons, 0.12)  # rents from a private person
    owners = pool(people.primary[persons], people.party_country[persons])
    rent = people.party_scale[tenant] * 0.28 * rng.lognormal(0, 0.3, len(tenant))
    ledger.add(Flow.RENT, people.primary[tenant], owners.of(rng, people.party_country[tenant]), rent,
               phase=rng.integers(1, 6, len(tenant)))  # fmt: skip


def _companies(ledger: _Book, companies: np.ndarray, payees: dict[Role, Pool]) -> None:
    _bills(ledger, companies, _COMPANY_BILLS, payees)


def _pensions(ledger: _Book, retired: np.ndarray, payers: Pool) -> None:
    people, rng = ledger.world.population, ledger.rng
    office = payers.of(rng, people.party_country[retired])
    usd = people.party_scale[retired] * 0.8
    ledger.add(Flow.PENSION, office, people.primary[retired], usd, phase=office * 5 % 28 + 1)


def due_rows(world: Economy, standing: Standing, day: int, rng: np.random.Generator) -> Rows:
    """Make rows of what is due on `day`; what falls on a weekend is paid on the Monday after."""
    date = world.spec.start_date.toordinal() + day
    weekday = (date - 1) % 7
    if weekday >= 5:
        return concatenate([])
    dates = [date - back for back in range(3 if weekday == 0 else 1)]
    due = np.zeros(len(standing), dtype=bool)
    for each in dates:
        of_month = np.datetime64(each - 719_163, "D").astype(object).day
        periodic = (standing.period > MONTHLY) & (
            (np.int32(each) - standing.phase) % np.maximum(standing.period, 1) == 0
        )
        due |= periodic | ((standing.period == MONTHLY) & (standing.phase == of_month))
    chosen = np.flatnonzero(due)
    return concatenate(_due_of_flow(world, standing, day, rng, chosen, flow) for flow in Flow)


def _due_of_flow(
    world: Economy, standing: Standing, day: int, rng: np.random.Generator, due: np.ndarray, flow: Flow
) -> Rows:
    index = due[standing.flow[due] == flow]
    wobble = np.clip(1 + standing.jitter[index] * rng.standard_normal(len(index)), 0.3, 3)
    amount = np.maximum(np.rint(standing.amount[index] * wobble), 1).astype(np.int64)
    return book(world, rng, day, flow, payer=standing.payer[index],
                payee=standing.payee[index], usd=amount, amount=amount)  # fmt: skip
