"""Banknotes by the bag: an armoured car brings a firm more cash than its trade takes, and days later it is abroad.

Variants: `own_business` (to a firm abroad of the same owner), `goods` (to sellers of goods abroad), `sister_firm`
(first to another firm of the owner at home, abroad from there).

Easy: one firm (and its sister) with hardly any trade, whose declared turnover a few weeks' cash exceeds; wired in a day
or two, whole. Hard: two to four firms of one owner with real takings, staff, rent and tax; each brings in a few times
what it declares; part is kept, the rest leaves in batches after days, to several payees.
"""

from dataclasses import dataclass

import numpy as np

from mirrorwatch.synth.flows import Flow
from mirrorwatch.synth.innocents.business import deposit_cash, operate, sell, spend
from mirrorwatch.synth.planting import Planter
from mirrorwatch.synth.population import PERSONS, Role
from mirrorwatch.synth.rows import CHANNEL, NONE
from mirrorwatch.synth.schemes.staging import (
    HOP,
    IN,
    Exit,
    Scheme,
    banknotes,
    branches,
    leave,
    stage,
    stretch,
    worth,
)
from mirrorwatch.synth.spec import TypologySpec

_TRADES = ("5610", "4711", "4520", "9601", "3830", "4630", "4510", "4771")  # restaurants to scrap: where cash is usual
_SELLERS = (Role.TRADER, Role.MANUFACTURER, Role.MERCHANT)


@dataclass(frozen=True)
class _Ring:
    """One owner's firms: the accounts that cash comes into, and who of them sends it abroad."""

    country: int
    owner: int
    accounts: np.ndarray


def plant_bulk_cash(planter: Planter, spec: TypologySpec, label_id: str) -> None:
    """Plant one scheme; its label names the firms that bring the cash, and the owner's firms that receive it."""
    variants = {"own_business": _own_business, "goods": _goods, "sister_firm": _sister_firm}
    stage(planter, spec, label_id, variants)


def _own_business(scheme: Scheme) -> None:
    planter, (home, abroad) = scheme.planter, scheme.planter.two_countries()
    ring = _ring(scheme, home, scheme.number((1, 1), (2, 3)))
    firm = planter.new_company(abroad, age_days=1_500, monthly_usd=60_000, owned=False, industry_code="4690")
    if not scheme.hard or planter.rng.random() < 0.6:  # hidden from the bank at times
        planter.tie(ring.owner, firm, share=1.0)
    account = scheme.suspect(firm)
    scheme.beside(lambda: spend(planter, account, 12, 9_000))
    _bring(scheme, ring, np.array([account]))


def _goods(scheme: Scheme) -> None:
    planter, (home, abroad) = scheme.planter, scheme.planter.two_countries()
    ring = _ring(scheme, home, scheme.number((1, 1), (2, 4)))
    _bring(scheme, ring, planter.bystanders(abroad, scheme.number((2, 3), (4, 6)), _SELLERS))


def _sister_firm(scheme: Scheme) -> None:
    """Let the last firm of the owner take no cash, but pass on what the others send it."""
    planter, (home, abroad) = scheme.planter, scheme.planter.two_countries()
    ring = _ring(scheme, home, scheme.number((2, 2), (3, 4)))
    payees = planter.bystanders(abroad, scheme.number((1, 2), (3, 5)), _SELLERS)
    _bring(scheme, ring, payees, through=int(ring.accounts[-1]))


def _ring(scheme: Scheme, country: int, firms: int) -> _Ring:
    planter, rng = scheme.planter, scheme.planter.rng
    owner = int(planter.people.account_party[planter.bystanders(country, 1, PERSONS[:2])[0]])
    accounts = []
    for _ in range(firms):
        turnover = float(rng.uniform(250_000, 800_000) if scheme.hard else rng.uniform(90_000, 300_000))
        firm = planter.new_company(
            country,
            age_days=int(rng.integers(500, 3_500) if scheme.hard else rng.integers(120, 700)),
            monthly_usd=turnover / 12,
            owned=False,
            industry_code=str(rng.choice(_TRADES)),
            annual_turnover_usd=round(turnover, -2),
            employees=int(rng.integers(3, 12) if scheme.hard else rng.integers(0, 3)),
        )
        planter.tie(owner, firm, share=1.0)
        planter.tie(owner, firm, "director")
        accounts.append(scheme.suspect(firm))
        _trade(scheme, firm, turnover)
    return _Ring(country, owner, np.array(accounts))


def _trade(scheme: Scheme, firm: int, turnover: float) -> None:
    """Give a firm the trade that it declares, or where it is easy a small part of it."""
    planter, account, month = scheme.planter, scheme.planter.account(firm), turnover / 12

    def ordinary() -> None:
        if scheme.hard:
            days = planter.weekdays()
            usd = month / 21 * 0.5 * planter.rng.lognormal(0, 0.35, len(days))
            deposit_cash(planter, account, days, usd)
            operate(planter, firm, staff=2)
            sell(planter, account, int(planter.days / 5), month / 12)
        spend(planter, account, 14 if scheme.hard else 4, month / 18)

    scheme.beside(ordinary)


def _bring(scheme: Scheme, ring: _Ring, payees: np.ndarray, through: int | None = None) -> None:
    """Bring cash to the firms in turn by armoured car, and let it go abroad, `through` a firm that takes none."""
    planter, rng, hard = scheme.planter, scheme.planter.rng, scheme.hard
    taking = ring.accounts if through is None else ring.accounts[ring.accounts != through]
    number = scheme.number((8, 13), (9, 14)) * (len(taking) if hard else 1)
    at = np.sort(planter.office(rng.choice(stretch(planter, 36, 9), number), ring.country))
    usd = scheme.amounts((25_000, 90_000), (9_000, 45_000), number)
    minor = banknotes(planter, usd, ring.country, at)
    into, groups = taking[np.arange(number) % len(taking)], np.arange(1, number + 1)
    for group, row in zip(groups.tolist(), _by_car(scheme, ring, at, into, minor).tolist(), strict=True):
        scheme.note(IN, group, np.array([row]))
    lag, kept = ((14, 110), (0.05, 0.2)) if hard else ((4, 44), (0.0, 0.02))
    abroad = Exit(payees, ("wire",), lag, kept=kept, batch=(1, 3) if hard else (1, 2), flow=Flow.FOREIGN)
    moved: list[tuple[int, float, int]] = []
    for account in taking.tolist():
        mine = np.flatnonzero(into == account)
        usd = worth(planter, minor[mine], ring.country, at[mine])
        if through is None:
            leave(scheme, account, at[mine], usd, abroad, groups[mine])
            continue
        later = planter.lagged(at[mine], (4, 50) if hard else (1, 20), ring.country)
        usd = usd * (1 - rng.uniform(0.03, 0.12 if hard else 0.04, len(mine)))
        channel = CHANNEL[str(rng.choice(("ach", "instant", "check", "wire")))]
        planted = planter.pay(Flow.SUPPLIER, later, account, through, usd=usd, channel=channel)
        for group, row in zip(groups[mine].tolist(), planted.tolist(), strict=True):
            scheme.note(HOP, group, np.array([row]))
        moved += zip(later.tolist(), usd.tolist(), groups[mine].tolist(), strict=True)
    if through is not None:
        moments, sums, numbers = (np.array(values) for values in zip(*moved, strict=True))
        leave(scheme, through, moments, sums, abroad, numbers)


def _by_car(scheme: Scheme, ring: _Ring, at: np.ndarray, into: np.ndarray, minor: np.ndarray) -> np.ndarray:
    """Hand the cash in at one or two vaults; the carrier is named as who brought it, or nobody is."""
    planter, rng = scheme.planter, scheme.planter.rng
    carrier = planter.people.account_party[planter.bystanders(ring.country, 1, (Role.LOGISTICS, Role.SERVICE))[0]]
    vaults = branches(planter, ring.country, scheme.number((1, 1), (1, 3)))
    known = rng.random(len(at)) < rng.choice([0.0, 0.8])
    return planter.cash(Flow.BUSINESS_CASH, at, into, minor, deposit=True, branch=rng.choice(vaults, len(at)),
                        conductor=np.where(known, carrier, NONE))  # fmt: skip
