"""The one-leg view of an underground bank: what a bank sees that has only one side of the swaps.

Variants: `cash_mules` (cash at many counters into accounts that cannot have earned it, moved on to strangers),
`tuition` (money sent as tuition or living expenses that goes elsewhere), `card_spending` (many strangers pay, then a
few large card purchases).

Easy: one account, a holder with a small income, everything passed on within a day or two, runners known, nothing kept.
Hard: two to five accounts of people and small firms who go on with their own lives, runners mostly unknown, amounts of
every size, days of lag, part kept, some of it spent as the story would have it (a university, a rent).
"""

import numpy as np

from mirrorwatch.synth.economy import rounded
from mirrorwatch.synth.flows import Flow
from mirrorwatch.synth.planting import Planter
from mirrorwatch.synth.population import PERSONS, Role
from mirrorwatch.synth.rows import CHANNEL
from mirrorwatch.synth.schemes.staging import (
    COVER,
    IN,
    OUT,
    Exit,
    Scheme,
    banknotes,
    hands,
    leave,
    over_counter,
    stage,
    stretch,
    worth,
)
from mirrorwatch.synth.spec import TypologySpec

_POOR = (Role.STUDENT, Role.HOMEMAKER, Role.RETIRED)
_SMALL_FIRMS = (Role.TRADER, Role.MERCHANT, Role.SERVICE)
_ON_BY = ("wire", "p2p", "cashiers_check", "instant")


def plant_underground_banking(planter: Planter, spec: TypologySpec, label_id: str) -> None:
    """Plant one scheme; its label names the accounts that money passes through, not who pays in or is paid."""
    stage(planter, spec, label_id, {"cash_mules": _cash_mules, "tuition": _tuition, "card_spending": _card_spending})


def _mule(scheme: Scheme, country: int) -> int:
    """Choose a holder: somebody of small means, or where it is hard now and then anybody or a small firm."""
    anybody = scheme.hard and scheme.planter.rng.random() < 0.5
    firm = scheme.hard and scheme.planter.rng.random() < 0.25
    return scheme.mule(country, _SMALL_FIRMS if firm else PERSONS[:2] if anybody else _POOR)


def _payees(scheme: Scheme, country: int, number: int) -> np.ndarray:
    """Draw who has nothing to do with the holder: people, shops, and landlords or builders."""
    draw, third = scheme.planter.bystanders, -(-number // 3)
    kinds = (PERSONS, (Role.MERCHANT, Role.TRADER), (Role.LANDLORD, Role.CONSTRUCTION))
    return np.concatenate([draw(country, third, kind) for kind in kinds])


def _cash_mules(scheme: Scheme) -> None:
    planter, rng, hard = scheme.planter, scheme.planter.rng, scheme.hard
    country = planter.any_country()
    accounts = np.array([_mule(scheme, country) for _ in range(scheme.number((1, 1), (3, 5)))])
    who = hands(scheme, country, runners=(4, 6), counters=(4, 7), known=(0.15, 0.55) if hard else (0.9, 1.0))
    number = scheme.number((10, 16), (20, 36))
    days = rng.choice(stretch(planter, scheme.number((6, 18), (18, 38)), 7 if hard else 3), number)
    at = np.sort(planter.office(days, country))
    usd = scheme.amounts((4_000, 18_000), (800, 15_000), number) * scheme.level(country)
    minor, into = banknotes(planter, usd, country, at), rng.choice(accounts, number)
    groups = np.arange(1, number + 1)
    planted = over_counter(scheme, who, at, into, minor)
    for group, row in zip(groups.tolist(), planted.tolist(), strict=True):
        scheme.note(IN, group, np.array([row]))
    channels = tuple(rng.choice(_ON_BY, 3 if hard else 2, replace=False).tolist())
    payees = _payees(scheme, country, 12 if hard else 6)
    way = (
        Exit(payees, channels, (6, 96), kept=(0.03, 0.15), parts=(1, 3), batch=(1, 3)) if hard
        else Exit(payees, channels, (1, 24), parts=(1, 2))
    )  # fmt: skip
    for account in accounts.tolist():
        mine = into == account
        leave(scheme, account, at[mine], worth(planter, minor[mine], country, at[mine]), way, groups[mine])


def _tuition(scheme: Scheme) -> None:
    planter, rng, hard = scheme.planter, scheme.planter.rng, scheme.hard
    home, abroad = planter.two_countries()
    senders = planter.bystanders(home, scheme.number((3, 5), (4, 8)), (*PERSONS[:3], Role.TRADER))
    channels = tuple(rng.choice(_ON_BY, 3 if hard else 2, replace=False).tolist())
    payees = _payees(scheme, abroad, 9)
    way = (
        Exit(payees, channels, (20, 140), kept=(0.05, 0.2), parts=(2, 4)) if hard
        else Exit(payees, channels, (3, 48), kept=(0.0, 0.02), parts=(1, 3))
    )  # fmt: skip
    group = 0
    for _ in range(scheme.number((1, 1), (2, 4))):
        account = scheme.mule(abroad, (Role.STUDENT, Role.HOMEMAKER))
        number = scheme.number((5, 8), (3, 6))
        at = np.sort(planter.office(rng.choice(stretch(planter, 34, 8), number), home))
        usd = scheme.amounts((12_000, 50_000), (6_000, 30_000), number)
        flow = Flow.TUITION if rng.random() < 0.6 else Flow.FAMILY
        currency = home if rng.random() < 0.5 else abroad
        minor = planter.minor(usd, currency, at)
        groups = group + np.arange(1, number + 1)
        payers = rng.choice(senders, number, replace=number > len(senders))
        planted = planter.pay(flow, at, payers, account, amount=minor, currency=currency, channel=CHANNEL["wire"])
        for each, row in zip(groups.tolist(), planted.tolist(), strict=True):
            scheme.note(IN, each, np.array([row]))
        leave(scheme, account, at, usd, way, groups)
        group += number
        if hard:  # the story: a term fee, a month's rent
            _as_told(scheme, account, abroad, float(usd.sum()) * rng.uniform(0.04, 0.1))


def _as_told(scheme: Scheme, account: int, country: int, usd: float) -> None:
    planter = scheme.planter
    for flow, role, share in ((Flow.TUITION, Role.UNIVERSITY, 0.7), (Flow.RENT, Role.LANDLORD, 0.3)):
        payee = planter.bystanders(country, 1, (role,))
        day = planter.rng.choice(stretch(planter, 30, 2), 1)
        scheme.note(COVER, 0, planter.pay(flow, planter.office(day, country), account, payee, usd=usd * share))


def _card_spending(scheme: Scheme) -> None:
    planter, rng, hard = scheme.planter, scheme.planter.rng, scheme.hard
    country = planter.any_country()
    shops = planter.bystanders(country, 6 if hard else 3, (Role.MERCHANT, Role.TRADER))
    crowd = planter.bystanders(country, 30, PERSONS)
    group = 0
    for _ in range(scheme.number((1, 1), (2, 3))):
        account = _mule(scheme, country)
        rounds = scheme.number((3, 5), (4, 7))
        begins = np.sort(rng.choice(stretch(planter, 36, 9), rounds))
        for day in begins.tolist():
            group += 1
            _collect_and_buy(scheme, account, crowd, shops, planter.office(day, country)[0], group)


def _collect_and_buy(
    scheme: Scheme, account: int, crowd: np.ndarray, shops: np.ndarray, since: int, group: int
) -> None:
    """Let strangers pay within two days, then buy for nearly all of it by card."""
    planter, rng, hard = scheme.planter, scheme.planter.rng, scheme.hard
    country, number = int(planter.people.account_country[account]), scheme.number((6, 9), (3, 7))
    at = planter.lagged(np.full(number, since), (0, 30), country, (8.0, 22.0))
    usd = scheme.amounts((600, 4_000), (250, 2_500), number) * scheme.level(country)
    minor = rounded(rng, planter.minor(usd, country, at), 0.4)
    names = ("p2p", "instant", "wire") if hard else ("p2p", "instant")
    codes = np.array([CHANNEL[name] for name in names])[rng.integers(0, len(names), number)]
    payers = rng.choice(crowd, number, replace=False)
    planted = planter.pay(Flow.P2P, at, payers, account, amount=minor, currency=country, channel=codes)
    scheme.note(IN, group, planted)
    kept = rng.uniform(0.03, 0.15) if hard else rng.uniform(0.0, 0.03)
    spent = float(worth(planter, minor, country, at).sum()) * (1 - kept)
    parts = scheme.number((1, 1), (1, 3))
    out = planter.lagged(np.full(parts, at.max()), (8, 130) if hard else (2, 40), country, (9.0, 21.0))
    shares, payees = rng.dirichlet(np.full(parts, 4.0)), rng.choice(shops, parts, replace=False)
    amount = planter.minor(spent * shares, country, out)
    planted = planter.pay(Flow.CARD, out, account, payees, amount=amount, currency=country,
                          category=planter.world.category[payees])  # fmt: skip
    scheme.note(OUT, group, planted)
