"""Cash kept under the sum that a bank of the country must report, with facts beside it that show the evasion.

Variants: `smurfs` (several runners at several branches), `changed_amounts` (one sum above the limit, all below it from
then on), `many_accounts` (a day's cash spread over accounts that pool it afterwards), `funnel` (paid in at branches
far from home, taken out or wired elsewhere), `withdrawals` (a large sum comes in and leaves as cash below the limit).

Easy: one account (three or four that pool), sums close below the limit, more than the limit a day, runners and branches
known, all of it gone within a day. Hard: two to five accounts with their own lives, sums from a quarter of the limit
up, runners mostly unknown, weeks in place of days, some lag, part kept.
"""

import numpy as np

from mirrorwatch.synth.economy import notes
from mirrorwatch.synth.flows import Flow
from mirrorwatch.synth.places import COUNTRY_CODES, SMALLEST_NOTE
from mirrorwatch.synth.planting import Planter
from mirrorwatch.synth.population import BUSINESSES, PERSONS, Role
from mirrorwatch.synth.rows import CHANNEL, HOUR_US
from mirrorwatch.synth.schemes.staging import (
    HOP,
    IN,
    OUT,
    Exit,
    Hands,
    Scheme,
    branches,
    hands,
    leave,
    over_counter,
    stage,
    stretch,
    worth,
)
from mirrorwatch.synth.spec import TypologySpec

# What a bank must report of cash, in whole units of the country's currency: US 31 CFR 1010.311; CA SOR/2002-184, large
# cash; CN PBOC Order [2016] No. 3. HK and GB have no such report; what MX sets for cash was not found in a source.
LIMITS = {"US": 10_000, "CA": 10_000, "CN": 50_000}
_NO_LAW_USD = 10_000.0  # in a world without any of those countries: about this
_HOLDERS = (*PERSONS, Role.SERVICE, Role.MERCHANT)
_CHANNELS = ("wire", "instant", "cashiers_check", "check", "ach")


def plant_structuring(planter: Planter, spec: TypologySpec, label_id: str) -> None:
    """Plant one scheme; its label names the accounts that the cash goes into or comes out of."""
    variants = {"smurfs": _smurfs, "changed_amounts": _changed_amounts, "many_accounts": _many_accounts,
                "funnel": _funnel, "withdrawals": _withdrawals}  # fmt: skip
    stage(planter, spec, label_id, variants)


def _holder(scheme: Scheme, country: int) -> int:
    """Choose a holder: a person, or where it is hard now and then a small firm, whose cash may be its trade's."""
    return scheme.mule(country, _HOLDERS if scheme.hard else PERSONS)


def limited_country(planter: Planter) -> int:
    """Draw a country of the world that has a limit; where none has, any."""
    weights = np.array(planter.world.habits.country_weights, dtype=float)
    limited = weights * np.isin(COUNTRY_CODES, list(LIMITS))
    weights = limited if limited.sum() > 0 else weights
    return int(planter.rng.choice(len(weights), p=weights / weights.sum()))


def _limit(planter: Planter, country: int) -> int:
    """Give a country's limit in minor units."""
    units = LIMITS.get(COUNTRY_CODES[country])
    return units * 100 if units else int(planter.minor(_NO_LAW_USD, country, np.array([planter.end_us]))[0])


def below_limit(scheme: Scheme, country: int, number: int) -> np.ndarray:
    """Draw sums below the limit, as they are counted out: close to it, or where it is hard from a quarter of it up."""
    planter, limit = scheme.planter, _limit(scheme.planter, country)
    least = (0.25, 0.75)[not scheme.hard]
    minor = (limit * planter.rng.uniform(least, 0.99, number)).astype(np.int64)
    note = 100 * max(int(SMALLEST_NOTE[country]), 20)
    return np.asarray(np.minimum(notes(planter.rng, minor, np.full(number, country)), (limit - 1) // note * note))


def _two_a_day(planter: Planter, days: np.ndarray, number: int, together: float) -> np.ndarray:
    """Draw days for `number` sums, in order; a share of the days bears two or three of them."""
    chosen: list[int] = []
    while len(chosen) < number:
        day = int(planter.rng.choice(days))
        chosen += [day] * (int(planter.rng.integers(2, 4)) if planter.rng.random() < together else 1)
    return np.sort(chosen[:number])


def _deposits(scheme: Scheme, who: Hands, accounts: np.ndarray, day: np.ndarray, minor: np.ndarray, way: Exit) -> None:
    """Pay cash in, account by account in turn, and let each account pass it on."""
    planter, country = scheme.planter, int(scheme.planter.people.account_country[accounts[0]])
    at = np.sort(planter.office(day, country))
    into = accounts[np.arange(len(at)) % len(accounts)]
    groups = np.arange(1, len(at) + 1)
    for group, row in zip(groups.tolist(), over_counter(scheme, who, at, into, minor).tolist(), strict=True):
        scheme.note(IN, group, np.array([row]))
    for account in accounts.tolist():
        mine = into == account
        leave(scheme, account, at[mine], worth(planter, minor[mine], country, at[mine]), way, groups[mine])


def _way(scheme: Scheme, payees: np.ndarray) -> Exit:
    """Draw how the money goes on: at once and whole, or in batches after days and not all of it."""
    channels = tuple(scheme.planter.rng.choice(_CHANNELS, 2, replace=False).tolist())
    if scheme.hard:
        return Exit(payees, channels, (12, 150), kept=(0.03, 0.2), parts=(1, 2), batch=(1, 4))
    return Exit(payees, channels, (1, 26), parts=(1, 1), batch=(1, 3))


def _strangers(scheme: Scheme, country: int, number: int) -> np.ndarray:
    """Draw whom the money goes to: firms and people, at home or in one other country."""
    planter = scheme.planter
    place = planter.any_country() if planter.rng.random() < 0.5 else country
    return planter.bystanders(place, number, (*BUSINESSES, *PERSONS[:2]))


def _smurfs(scheme: Scheme) -> None:
    planter, country = scheme.planter, limited_country(scheme.planter)
    accounts = np.array([_holder(scheme, country) for _ in range(scheme.number((1, 1), (2, 4)))])
    who = hands(scheme, country, runners=(3, 6), counters=(4, 6), known=(0.1, 0.5) if scheme.hard else (0.9, 1.0))
    number = scheme.number((9, 14), (16, 26))
    days = stretch(planter, scheme.number((4, 9), (14, 32)), 8)
    day = _two_a_day(planter, days, number, 0.4 if scheme.hard else 0.9)
    way = _way(scheme, _strangers(scheme, country, 5))
    _deposits(scheme, who, accounts, day, below_limit(scheme, country, number), way)


def _changed_amounts(scheme: Scheme) -> None:
    """Let the holder bring one sum above the limit, hear of the report, and stay below it from then on."""
    planter, country = scheme.planter, limited_country(scheme.planter)
    accounts = np.array([_holder(scheme, country) for _ in range(scheme.number((1, 1), (2, 2)))])
    visited = branches(planter, country, scheme.number((3, 4), (3, 5)))
    known = float(planter.rng.uniform(0.15, 0.5)) if scheme.hard else 1.0
    who = Hands(visited, planter.people.account_party[accounts[:1]], known)  # one person, into the other's account too
    number = scheme.number((9, 13), (14, 22))
    days = stretch(planter, scheme.number((5, 10), (14, 30)), 8)
    day = np.append(days[0], _two_a_day(planter, days[len(days) > 1 :], number - 1, 0.35 if scheme.hard else 0.8))
    first = notes(
        planter.rng, np.array([_limit(planter, country) * planter.rng.uniform(1.15, 1.9)]), np.array([country])
    )
    minor = np.append(first, below_limit(scheme, country, number - 1))
    _deposits(scheme, who, accounts, day, minor, _way(scheme, _strangers(scheme, country, 4)))


def _many_accounts(scheme: Scheme) -> None:
    """Spread each day's cash over all accounts, pool it in the first, and send it on from there."""
    planter, rng, country = scheme.planter, scheme.planter.rng, limited_country(scheme.planter)
    accounts = np.array([_holder(scheme, country) for _ in range(scheme.number((3, 4), (3, 5)))])
    who = hands(scheme, country, runners=(1, 2), counters=(2, 4), known=(0.15, 0.5) if scheme.hard else (1.0, 1.0))
    rounds = scheme.number((3, 4), (5, 7))
    onward = _way(scheme, _strangers(scheme, country, 4))
    pooled: list[tuple[int, float, int]] = []
    days = np.sort(rng.choice(stretch(planter, scheme.number((8, 14), (20, 32)), 9), rounds))
    for group, day in enumerate(days.tolist(), start=1):
        at = np.sort(planter.office(np.full(len(accounts), day), country))
        if scheme.hard:  # not all on one day
            at = planter.lagged(at, (0, 40), country, (9.0, 17.5), weekdays=True)
        minor = below_limit(scheme, country, len(accounts))
        scheme.note(IN, group, over_counter(scheme, who, at, accounts, minor))
        usd = worth(planter, minor, country, at) * (1 - rng.uniform(0.02, 0.15 if scheme.hard else 0.03, len(at)))
        later = planter.lagged(at, (10, 90) if scheme.hard else (1, 20), country, (8.0, 21.0))
        others = np.flatnonzero(accounts != accounts[0])
        scheme.note(HOP, group, planter.pay(Flow.PRIVATE, later[others], accounts[others], accounts[0], usd=usd[others],
                                            channel=CHANNEL[str(rng.choice(("instant", "ach", "check")))]))  # fmt: skip
        pooled.append((int(later.max()), float(usd.sum()), group))
    moments, sums, groups = (np.array(values) for values in zip(*pooled, strict=True))
    leave(scheme, int(accounts[0]), moments, sums, onward, groups)


def _funnel(scheme: Scheme) -> None:
    """Pay in at branches of other regions than the account's; wire it elsewhere or draw it at home in a day or two."""
    planter, rng, country = scheme.planter, scheme.planter.rng, limited_country(scheme.planter)
    accounts = np.array([_holder(scheme, country) for _ in range(scheme.number((1, 1), (2, 3)))])
    home = planter.people.account_branch[accounts]
    known = (0.1, 0.5) if scheme.hard else (0.8, 1.0)
    who = hands(scheme, country, runners=(3, 5), counters=(3, 6), known=known, far_from=home)
    number = scheme.number((8, 12), (14, 24))
    day = _two_a_day(planter, stretch(planter, scheme.number((6, 12), (16, 32)), 8), number, 0.4)
    minor = below_limit(scheme, country, number)
    if rng.random() < 0.5:
        way = _way(scheme, _strangers(scheme, planter.any_country(), 3))
        _deposits(scheme, who, accounts, day, minor, way)
        return
    at = np.sort(planter.office(day, country))
    into, out = accounts[np.arange(number) % len(accounts)], Hands(home[:1], who.runners[:0], 0.7)
    later = planter.lagged(at, (10, 70) if scheme.hard else (1, 26), country, (9.0, 17.5), weekdays=True)
    kept = rng.uniform(0.02, 0.15 if scheme.hard else 0.04, number)
    drawn = notes(rng, (minor * (1 - kept)).astype(np.int64), np.full(number, country))
    rows = (over_counter(scheme, who, at, into, minor), over_counter(scheme, out, later, into, drawn, deposit=False))
    for group, pair in enumerate(zip(*(each.tolist() for each in rows), strict=True), start=1):
        for role, row in zip((IN, OUT), pair, strict=True):
            scheme.note(role, group, np.array([row]))


def _withdrawals(scheme: Scheme) -> None:
    """Receive large sums from firms and draw them in cash below the limit, at several branches."""
    planter, rng, country = scheme.planter, scheme.planter.rng, limited_country(scheme.planter)
    limit = float(worth(planter, np.array([_limit(planter, country)]), country, np.array([planter.end_us]))[0])
    group = 0
    for _ in range(scheme.number((1, 1), (2, 3))):
        account = _holder(scheme, country)
        visited = branches(planter, country, scheme.number((4, 5), (3, 5)))
        who = Hands(visited, np.array([], dtype=np.int64), float(rng.uniform(0.3, 0.7)) if scheme.hard else 1.0)
        payers = _strangers(scheme, country, 2)
        for begin in np.sort(rng.choice(stretch(planter, 24, 14), scheme.number((2, 2), (1, 2)))).tolist():
            group += 1
            number = scheme.number((5, 7), (6, 9))
            minor = below_limit(scheme, country, number)
            since = planter.office(begin, country)
            usd = float(worth(planter, minor, country, since.repeat(number)).sum())
            usd *= rng.uniform(1.02, 1.25) if scheme.hard else rng.uniform(1.0, 1.03)
            usd = max(usd, 1.5 * limit)
            planted = planter.pay(Flow.LARGE, since, payers[:1] if group % 2 else payers[1:], account, usd=usd,
                                  channel=CHANNEL["wire"])  # fmt: skip
            scheme.note(IN, group, planted)
            lag = (6, 260) if scheme.hard else (2, 90)
            at = np.sort(planter.lagged(since.repeat(number), lag, country, (9.0, 17.0), weekdays=True))
            at = at + np.arange(number) * HOUR_US // 20  # never two at one instant
            scheme.note(OUT, group, over_counter(scheme, who, at, np.full(number, account), minor, deposit=False))
