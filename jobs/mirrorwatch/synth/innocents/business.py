"""What makes a company a company: staff, tax, rent, power, customers. Shared by the look-alikes that have them."""

import numpy as np

from mirrorwatch.synth.economy import rounded
from mirrorwatch.synth.flows import Flow
from mirrorwatch.synth.planting import Planter
from mirrorwatch.synth.population import BUSINESSES, PERSONS, Role

_PAYROLL_TAX = 0.22  # of wages, monthly
_RENT_SHARE, _POWER_SHARE, _PHONE_SHARE = 0.2, 0.03, 0.01  # of wages


def operate(planter: Planter, party: int, *, staff: int = 5, rent: bool = True) -> None:
    """Pay staff each fortnight, and tax, rent, power and telephone each month, from the party's first account."""
    rng, account = planter.rng, planter.account(party)
    country = int(planter.people.account_country[account])
    workers = planter.strangers(country, staff, (Role.EMPLOYEE,))
    wages = planter.people.party_scale[planter.people.account_party[workers]] * 12 / 26
    for day in planter.every(14):
        at = planter.office(np.full(staff, day), country)
        planter.pay(Flow.SALARY, at, account, workers, usd=wages * rng.normal(1, 0.02, staff).clip(0.9, 1.1))
    monthly = float(wages.sum()) * 26 / 12
    bills = [(Flow.TAX, Role.TAX_OFFICE, _PAYROLL_TAX), (Flow.UTILITY, Role.UTILITY, _POWER_SHARE),
             (Flow.TELECOM, Role.TELECOM, _PHONE_SHARE)]  # fmt: skip
    if rent:
        bills.append((Flow.RENT, Role.LANDLORD, _RENT_SHARE))
    for flow, kind, share in bills:
        days = planter.monthly()
        payee = planter.strangers(country, 1, (kind,))
        usd = monthly * share * rng.lognormal(0, 0.05, len(days))
        planter.pay(flow, planter.office(days, country), account, payee, usd=usd)


def sell(planter: Planter, account: int, number: int, median_usd: float, *, sigma: float = 0.7) -> None:
    """Let `number` businesses at home pay `account` on drawn days."""
    country = int(planter.people.account_country[account])
    usd = median_usd * planter.rng.lognormal(0, sigma, number)
    at = planter.office(planter.some(number), country)
    planter.pay(Flow.SUPPLIER, at, planter.strangers(country, number, BUSINESSES), account, usd=usd)


def spend(planter: Planter, account: int, number: int, median_usd: float, *, sigma: float = 0.7) -> None:
    """Let `account` pay `number` businesses at home on drawn days."""
    country = int(planter.people.account_country[account])
    usd = median_usd * planter.rng.lognormal(0, sigma, number)
    at = planter.office(planter.some(number), country)
    planter.pay(Flow.SUPPLIER, at, account, planter.strangers(country, number, BUSINESSES), usd=usd)


def live(planter: Planter, account: int) -> None:
    """Let a planted person earn, rent, and use a card and a cash machine."""
    rng, people = planter.rng, planter.people
    country = int(people.account_country[account])
    income = float(people.party_scale[people.account_party[account]])
    employer, landlord = (planter.strangers(country, 1, kind) for kind in (BUSINESSES, (Role.LANDLORD,)))
    days = planter.every(14)
    planter.pay(Flow.SALARY, planter.office(days, country), employer, account, usd=income * 12 / 26)
    planter.pay(Flow.RENT, planter.office(planter.monthly(), country), account, landlord, usd=income * 0.28)
    number = int(rng.poisson(planter.days * 0.4))
    shops = planter.strangers(country, number, (Role.GROCER, Role.MERCHANT))
    usd = income * 0.006 * rng.lognormal(0, 0.9, number)
    planter.pay(Flow.CARD, planter.office(rng.integers(0, planter.days, number), country), account, shops, usd=usd,
                category=planter.world.category[shops])  # fmt: skip


def deposit_cash(planter: Planter, account: int, day: np.ndarray, usd: np.ndarray) -> None:
    """Pay uncounted takings into `account` at its own branch, to the cent."""
    country = int(planter.people.account_country[account])
    at = planter.office(day, country)
    planter.cash(Flow.TAKINGS, at, account, planter.minor(usd, country, at), deposit=True, away=0.02)


def round_minor(planter: Planter, usd: np.ndarray, currency: int, at: np.ndarray) -> np.ndarray:
    """Convert USD into round amounts of a currency."""
    return rounded(planter.rng, planter.minor(usd, currency, at), 1.0)


def customers(planter: Planter, country: int, number: int) -> np.ndarray:
    """Draw accounts of private persons, with repetition."""
    return planter.strangers(country, number, PERSONS)
