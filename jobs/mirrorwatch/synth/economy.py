"""The world that payments are booked in, and the one place where a payment's details are drawn."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from mirrorwatch.synth.flows import STYLES, Flow, Hours
from mirrorwatch.synth.fx import Rates, fx_path
from mirrorwatch.synth.places import SMALLEST_NOTE, UTC_OFFSETS
from mirrorwatch.synth.population import Population, populate
from mirrorwatch.synth.rows import CHANNEL, DAY_US, HOUR_US, NONE, Rows, make_rows
from mirrorwatch.synth.spec import WorldSpec
from mirrorwatch.synth.temperament import TICKETS, Temperament, temperament
from mirrorwatch.synth.vocabulary import COUNTRY_LANGUAGE, Vocabulary, category_of_accounts, vocabulary

_CASH = (CHANNEL["cash_deposit"], CHANNEL["cash_withdrawal"])


@dataclass
class Economy:
    """Everything fixed before the first day. Only planting adds to `population`, before the first row is written."""

    spec: WorldSpec
    habits: Temperament
    rates: Rates
    population: Population
    texts: Vocabulary
    category: np.ndarray  # merchant category of each background account

    @property
    def start_us(self) -> int:
        """Give midnight UTC of the first day, microseconds since 1970."""
        return (self.spec.start_date.toordinal() - 719_163) * DAY_US


def economy(spec: WorldSpec) -> Economy:
    """Set up the background world of a spec, without planted parties."""
    habits = temperament(spec)
    people = populate(spec, habits)
    return Economy(
        spec, habits, fx_path(spec), people, vocabulary(spec.seed), category_of_accounts(people.role_of_account())
    )


def seconds_of_day(rng: np.random.Generator, hours: Hours, country: np.ndarray) -> np.ndarray:
    """Draw UTC microseconds of the day for payments made in local `hours`."""
    n = len(country)
    if hours == "batch":
        local = 4.5 + country % 3 + np.minimum(rng.exponential(0.15, n), 3)
    elif hours == "office":
        local = 8.0 + 10.5 * rng.beta(1.4, 1.5, n)
    elif hours == "counter":
        local = 9.0 + 8.5 * rng.random(n)
    elif hours == "shop":
        local = 7.0 + 16.0 * rng.beta(2.2, 1.8, n)
    else:
        local = 5.5 + 18.4 * rng.beta(1.7, 1.4, n)
    utc = np.mod(local - UTC_OFFSETS[country], 24.0)
    return np.asarray(np.minimum((utc * HOUR_US).astype(np.int64), DAY_US - 1))


def rounded(rng: np.random.Generator, minor: np.ndarray, share: np.ndarray | float) -> np.ndarray:
    """Make a `share` of amounts round: two leading digits, half of those in steps of five; at least a whole unit."""
    magnitude = 10 ** np.maximum(np.floor(np.log10(np.maximum(minor, 1))) - 1, 2)
    step = magnitude * np.where(rng.random(len(minor)) < 0.5, 5, 1)
    nice = np.maximum(np.rint(minor / step), 1) * step
    return np.where(rng.random(len(minor)) < share, nice, minor).astype(np.int64)


def notes(rng: np.random.Generator, minor: np.ndarray, country: np.ndarray) -> np.ndarray:
    """Make amounts what is paid over a counter: whole units, mostly of larger notes, never nothing."""
    step = 100 * np.array([1, 5, 20, 100])[rng.integers(0, 4, len(minor))]
    step = np.where(minor < step * 20, 100, step) * np.where(SMALLEST_NOTE[country] >= 100, 10, 1)
    return np.asarray(np.maximum(np.rint(minor / step), 1) * step).astype(np.int64)


def machine_notes(minor: np.ndarray, country: np.ndarray) -> np.ndarray:
    """Make amounts what a cash machine gives: whole multiples of its smallest note."""
    note = SMALLEST_NOTE[country] * 100
    return np.asarray(np.maximum(np.rint(minor / note), 1) * note).astype(np.int64)


def book(
    world: Economy,
    rng: np.random.Generator,
    day: np.ndarray | int,
    flow: Flow,
    *,
    payer: np.ndarray,
    payee: np.ndarray,
    usd: np.ndarray,
    **fixed: np.ndarray | int,
) -> Rows:
    """Make rows of one flow: currency, amount, channel, hour and text are drawn by the world's habits.

    `day` is a day index, or one for each row. `fixed` overrides any column of `Rows`.
    """
    people, habits = world.population, world.habits
    country = people.account_country[payer]
    currency = fixed.pop("currency", people.account_currency[payer])
    channel = fixed.pop("channel", None)
    if channel is None:
        channel = habits.channels[flow, country, rng.integers(0, TICKETS, len(payer))]
    amount = fixed.pop("amount", None)
    if amount is None:
        minor = world.rates.minor(usd, currency, day)
        amount = rounded(rng, minor, habits.round_share[flow])
    moment = world.start_us + day * DAY_US + seconds_of_day(rng, STYLES[flow].hours, country)
    columns: dict[str, Any] = {
        "at": moment,
        "originator": payer,
        "beneficiary": payee,
        "amount": amount,
        "currency": currency,
        "channel": channel,
        "originator_country": country,
        "beneficiary_country": people.account_country[payee],
        "purpose": purposes(world, rng, flow, country),
        **fixed,
    }
    return make_rows(**columns)


def purposes(world: Economy, rng: np.random.Generator, flow: Flow, country: np.ndarray) -> np.ndarray:
    """Draw a text in the payer's country's language for the share of rows that carry one."""
    language = COUNTRY_LANGUAGE[country]
    start, size = world.texts.start[flow][language], world.texts.size[flow][language]
    u = rng.random(len(country)) / max(world.habits.text_share[flow], 1e-9)  # below 1: carries a text
    return np.where(u < 1, start + (np.minimum(u, 0.999999) * size).astype(np.int64), NONE)


def counters(
    world: Economy, rng: np.random.Generator, account: np.ndarray, *, away: float = 0.1
) -> dict[str, np.ndarray]:
    """Draw branch and conductor of cash handled for `account`: mostly its own branch, at times another."""
    people, habits = world.population, world.habits
    country = people.account_country[account]
    elsewhere = people.branch_start[country] + (rng.random(len(account)) * people.branch_count[country]).astype(int)
    branch = np.where(rng.random(len(account)) < away, elsewhere, people.account_branch[account])
    return {
        "branch": np.where(rng.random(len(account)) < habits.branch_null, NONE, branch),
        "conductor": np.where(rng.random(len(account)) < habits.conductor_share, people.account_party[account], NONE),
    }


def cash_rows(
    world: Economy,
    rng: np.random.Generator,
    day: int,
    flow: Flow,
    *,
    account: np.ndarray,
    usd: np.ndarray,
    deposit: bool,
    coins: bool = False,
) -> Rows:
    """Make rows of cash into or out of `account`; the other side is null. `coins`: to the cent, as a till holds."""
    country = world.population.account_country[account]
    minor = world.rates.minor(usd, world.population.account_currency[account], day)
    if not coins:
        minor = machine_notes(minor, country) if flow is Flow.ATM else notes(rng, minor, country)
    columns: dict[str, np.ndarray | int] = dict(counters(world, rng, account))
    columns["originator" if deposit else "beneficiary"] = NONE
    columns["channel"] = _CASH[not deposit]
    return book(world, rng, day, flow, payer=account, payee=account, usd=usd, amount=minor, **columns)
