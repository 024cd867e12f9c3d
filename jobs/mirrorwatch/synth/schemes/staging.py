"""What planters of cash and property schemes share: a label that fills itself, mules, counters, and ways out.

Each such scheme is one of several variants of its typology, in turn; its id ends in the variant's name.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from mirrorwatch.synth.economy import notes
from mirrorwatch.synth.flows import Flow
from mirrorwatch.synth.innocents.business import live, operate
from mirrorwatch.synth.moments import ONLINE
from mirrorwatch.synth.places import COUNTRIES, MONTHLY_INCOME, US
from mirrorwatch.synth.planting import Label, Leg, Planter
from mirrorwatch.synth.population import PERSONS, Role
from mirrorwatch.synth.rows import CHANNEL, NONE
from mirrorwatch.synth.spec import DETECTION_WINDOW_DAYS, Count, Span, TypologySpec

IN, HOP, OUT, COVER = "in", "hop", "out", "cover"
_P2P_USD = 2_500.0  # a payment by p2p, about, at the most: what such apps let a person send at once
_MOST_PARTS = 8


@dataclass
class Scheme:
    """One scheme while it is planted; `step` counts the payments of each sum on its way."""

    planter: Planter
    label: Label
    hard: bool
    steps: dict[int, int] = field(default_factory=dict)

    def note(self, role: str, group: int, planted: np.ndarray) -> None:
        """Put planted rows into the label."""
        for row in planted.tolist():
            step = 0 if role == COVER else self.steps.get(group, 0) + 1
            self.steps[group] = max(step, self.steps.get(group, 0))
            self.label.legs.append(Leg(0 if role == COVER else group, step, role, row))

    def beside(self, plant: Callable[[], object]) -> None:
        """Plant something that is no evidence, and say so in the label."""
        first = self.planter.planted
        plant()
        self.note(COVER, 0, np.arange(first, self.planter.planted))

    def suspect(self, party: int) -> int:
        """Name a party and its first account, the one that is used, as suspects; returns the account."""
        self.label.parties.append(party)
        self.label.accounts.append(self.planter.account(party))
        return self.planter.account(party)

    def mule(self, country: int, roles: tuple[Role, ...]) -> int:
        """Make a background party with its own life a suspect; returns its account."""
        party = self.planter.take(country, roles)
        if party in self.planter.described:  # none was left: a new one, without a life of its own
            person, account = roles[0] in PERSONS, self.planter.account(party)
            self.beside(lambda: live(self.planter, account) if person else operate(self.planter, party, staff=2))
        return self.suspect(party)

    def number(self, easy: Count, hard: Count) -> int:
        """Draw a whole number within the bounds of this difficulty, both included."""
        low, high = hard if self.hard else easy
        return int(self.planter.rng.integers(low, high + 1))

    def amounts(self, easy: Span, hard: Span, number: int) -> np.ndarray:
        """Draw USD within the bounds of this difficulty, as many small ones as large ones on a scale of factors."""
        low, high = hard if self.hard else easy
        return np.exp(self.planter.rng.uniform(np.log(low), np.log(high), number))

    def level(self, country: int) -> float:
        """Say how large sums are in a country beside the US: as the root of what people earn there."""
        return float((MONTHLY_INCOME[country] / MONTHLY_INCOME[US]) ** 0.5)


def stage(
    planter: Planter, spec: TypologySpec, label_id: str, variants: Mapping[str, Callable[[Scheme], None]]
) -> None:
    """Plant the variant whose turn it is, from one that the seed says on, and its label."""
    alike = sum((label.kind, label.difficulty) == (spec.typology, spec.difficulty) for label in planter.schemes)
    name = list(variants)[(planter.world.spec.seed + alike) % len(variants)]
    scheme = Scheme(planter, Label(f"{label_id}-{name}", spec.typology, spec.difficulty), spec.difficulty == "hard")
    variants[name](scheme)
    scheme.label.rows = [leg.planted for leg in scheme.label.legs if leg.role != COVER]
    planter.schemes.append(scheme.label)


def stretch(planter: Planter, length: int, after: int, before: int = 0) -> np.ndarray:
    """Draw a run of `length` days, with `before` and `after` days of what a night looks back on left; its weekdays."""
    window = min(DETECTION_WINDOW_DAYS, planter.days)
    free = max(window - after - before, 1)
    length = min(length, free)
    first = planter.days - window + min(before, window - 1) + int(planter.rng.integers(0, free - length + 1))
    days = np.arange(first, min(first + length, planter.days))
    week = days[planter.weekday(days) < 5]
    return week if len(week) else days


def branches(planter: Planter, country: int, number: int, *, far_from: np.ndarray | None = None) -> np.ndarray:
    """Draw different branches of a country; `far_from` branches: in other regions than theirs, where there are any."""
    people = planter.people
    every = people.branch_start[country] + np.arange(people.branch_count[country])
    regions = len(COUNTRIES[country].regions)
    if far_from is not None and len(far := every[~np.isin(every % regions, far_from % regions)]):
        every = far
    return np.asarray(planter.rng.choice(every, min(number, len(every)), replace=False))


@dataclass(frozen=True)
class Hands:
    """Who stands at which counters: runners, branches, and how often a runner or the holder is known."""

    branches: np.ndarray
    runners: np.ndarray  # parties; empty: always the holder
    known: float


def hands(
    scheme: Scheme, country: int, *, runners: Count, counters: Count, known: Span, far_from: np.ndarray | None = None
) -> Hands:
    """Draw a scheme's runners among strangers to all else, and the branches that they visit."""
    planter = scheme.planter
    number = int(planter.rng.integers(runners[0], runners[1] + 1))
    people = planter.people.account_party[planter.bystanders(country, number, (Role.EMPLOYEE, Role.STUDENT))]
    places = int(planter.rng.integers(counters[0], counters[1] + 1))
    visited = branches(planter, country, places, far_from=far_from)
    return Hands(visited, people, float(planter.rng.uniform(*known)))


def over_counter(
    scheme: Scheme, who: Hands, at: np.ndarray, account: np.ndarray, minor: np.ndarray, *, deposit: bool = True
) -> np.ndarray:
    """Book cash at the hands' branches: each of them in turn as long as there are new ones; returns planted numbers."""
    planter, n = scheme.planter, len(at)
    holder = planter.people.account_party[account]
    turn = np.arange(n) + planter.rng.integers(0, 2, n)  # in turn, but not strictly
    conductor = who.runners[turn % len(who.runners)] if len(who.runners) else holder
    conductor = np.where(planter.rng.random(n) < who.known, conductor, NONE)
    branch = who.branches[turn % len(who.branches)] if n else who.branches[:0]
    flow = Flow.PERSON_CASH if deposit else Flow.BUSINESS_CASH
    return planter.cash(flow, at, account, minor, deposit=deposit, conductor=conductor, branch=branch)


def worth(planter: Planter, minor: np.ndarray, country: int, at: np.ndarray) -> np.ndarray:
    """Convert minor units of a country's currency into USD at the rates of the days."""
    return np.asarray(planter.world.rates.usd(minor, country, planter.day_of(at)))


def banknotes(planter: Planter, usd: np.ndarray, country: int, at: np.ndarray) -> np.ndarray:
    """Convert USD into what is counted at a counter, in minor units."""
    return notes(planter.rng, planter.minor(usd, country, at), np.full(len(at), country))


@dataclass(frozen=True)
class Exit:
    """How money leaves an account: to whom, by what, how soon after the last of a batch of payments, in what parts."""

    payees: np.ndarray
    channels: tuple[str, ...]
    lag_hours: Span
    kept: Span = (0.0, 0.03)
    parts: Count = (1, 2)
    batch: Count = (1, 1)
    flow: Flow = Flow.PRIVATE


def leave(scheme: Scheme, account: int, at: np.ndarray, usd: np.ndarray, way: Exit, groups: np.ndarray) -> None:
    """Pay on what came in: `groups` number the sums on their way; what is batched keeps its first one's number."""
    rng, order, start = scheme.planter.rng, np.argsort(at, kind="stable"), 0
    while start < len(order):
        end = min(start + int(rng.integers(way.batch[0], way.batch[1] + 1)), len(order))
        chosen = order[start:end]
        left = float(usd[chosen].sum()) * (1 - rng.uniform(*way.kept))
        _pay_out(scheme, account, int(at[chosen[-1]]), left, way, int(groups[chosen[0]]))
        start = end


def _pay_out(scheme: Scheme, account: int, since: int, usd: float, way: Exit, group: int) -> None:
    """Pay one sum out in parts, by one of the channels that it fits; what crosses a border goes by wire."""
    planter, rng = scheme.planter, scheme.planter.rng
    people, home = planter.people, int(planter.people.account_country[account])
    fitting = [name for name in way.channels if name != "p2p" or usd <= _MOST_PARTS * _P2P_USD]
    channel = str(rng.choice(fitting or ["wire"]))
    number = int(rng.integers(way.parts[0], way.parts[1] + 1))
    if channel == "p2p":
        number = max(number, int(np.ceil(usd / _P2P_USD)))
    number = min(number, _MOST_PARTS)
    at = planter.lagged(np.full(number, since), way.lag_hours, home, ONLINE)
    parts = planter.minor(usd * rng.dirichlet(np.full(number, 6.0)), home, at)
    parts = np.maximum(np.where(rng.random(number) < 0.4, parts // 10_000 * 10_000, parts), 100)  # some in hundreds
    payees = rng.choice(way.payees, number, replace=number > len(way.payees))
    payees = payees[payees != account]
    at, parts = at[: len(payees)], parts[: len(payees)]
    crosses = people.account_country[payees] != home
    codes = np.where(crosses, CHANNEL["wire"], CHANNEL[channel])
    planted = planter.pay(way.flow, at, account, payees, amount=parts, channel=codes, currency=home)
    scheme.note(OUT, group, planted)
