"""The layered shapes of the public benchmarks: money that runs through layers of accounts, or round and back.

Easy: one country, one or two channels, one to three rounds (a round trip: two to four), hops within a day or two, fees
up to one in a hundred, even shares, every account of a layer pays every one of the next.
Hard: one or two countries, more channels, hops of hours to days, fees of 0 to 5 in a hundred at each, uneven shares,
some payments in parts, layers that are not fully joined, a round trip of 2 to 12 hops; money comes in and leaves by
ordinary payments beside it. The accounts are ordinary ones of the background in both.
The labels name every account that the money runs through, as the public benchmarks do; of a fan, only its centre.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from mirrorwatch.synth.flows import Flow
from mirrorwatch.synth.moments import ONLINE
from mirrorwatch.synth.places import US
from mirrorwatch.synth.planting import COVER, Label, Planter
from mirrorwatch.synth.population import PERSONS, Role, is_person
from mirrorwatch.synth.rows import CHANNEL, DAY_US, HOUR_US
from mirrorwatch.synth.spec import DETECTION_WINDOW_DAYS, TypologySpec

_FIRMS = (Role.MERCHANT, Role.SERVICE, Role.TRADER, Role.GROCER, Role.RESTAURANT, Role.CONSTRUCTION)
_USED = 0.8  # of the window at most passes from a round's first payment to its last
_ROLES = {"scatter_gather": ("scatter", "gather"), "gather_scatter": ("gather", "scatter")}  # the others': hop


@dataclass(frozen=True)
class _Manner:
    """How one scheme goes about it: drawn for each."""

    hard: bool
    layers: list[list[int]]  # accounts; money runs from each layer to the next
    usd: tuple[float, float]  # a round's worth at its start
    fee: tuple[float, float]  # kept by an account of what it passes on
    lag_hours: tuple[float, float]
    spread_hours: float  # the first layer does not pay at once
    evenness: float  # Dirichlet concentration of shares
    parts: float  # share of payments made in two
    channels: np.ndarray


def plant_layered_shape(planter: Planter, spec: TypologySpec, label_id: str) -> None:
    """Plant one scheme of the shape that the spec's typology names, and its label."""
    label = Label(label_id, spec.typology, spec.difficulty)
    manner = _manner(planter, spec)
    roles = _ROLES.get(spec.typology, ("hop",))
    rounds = _rounds(planter.rng, spec, len(manner.layers))
    for number, start in enumerate(_starts(planter, manner, rounds).tolist(), start=1):
        _plant_round(planter, manner, label, (number, start), roles)
    if spec.typology in ("fan_in", "fan_out"):
        members = manner.layers[-1 if spec.typology == "fan_in" else 0]
    else:
        members = sorted({account for layer in manner.layers for account in layer})
    planter.finish(label, members)


def _rounds(rng: np.random.Generator, spec: TypologySpec, layers: int) -> int:
    if spec.typology == "round_trip":
        fewest = 2 if spec.difficulty == "easy" or layers < 5 else 1  # a short trip once is a loan paid back
        return int(rng.integers(fewest, 5 if spec.difficulty == "easy" else 4))
    return int(rng.integers(1, 4 if spec.difficulty == "easy" else 3))


def _manner(planter: Planter, spec: TypologySpec) -> _Manner:
    rng, hard = planter.rng, spec.difficulty == "hard"
    sizes = _sizes(rng, spec.typology, hard=hard)
    names = ["wire", "instant", "ach", "check", "p2p"] if hard else ["wire", "instant"]
    channels = rng.choice([CHANNEL[name] for name in names], int(rng.integers(2, 4)) if hard else 1, replace=False)
    hours = min(DETECTION_WINDOW_DAYS, planter.days) * 24 * _USED
    spread = min(96.0 if hard else 12.0, hours / 4)
    longest = min(72.0 if hard else 30.0, (hours - spread) / (len(sizes) - 1))
    layers = _members(planter, sizes, hard=hard)
    if spec.typology == "round_trip":
        layers.append(layers[0])
    return _Manner(
        hard=hard,
        layers=layers,
        usd=(20_000, 150_000) if hard else (60_000, 400_000),
        fee=(0.0, 0.05) if hard else (0.0, 0.01),
        lag_hours=(min(3.0 if hard else 0.5, longest / 2), longest),
        spread_hours=spread,
        evenness=float(rng.uniform(2, 5)) if hard else 60.0,
        parts=0.25 if hard else 0.0,
        channels=channels,
    )


def _sizes(rng: np.random.Generator, shape: str, *, hard: bool) -> list[int]:
    """Draw how many accounts each layer has; of a round trip, without the one that it returns to."""
    one = (1, 1)
    many, some, few = ((6, 14), (4, 9), (3, 7)) if hard else ((10, 20), (5, 10), (3, 6))
    spans = {
        "round_trip": [one] * int(rng.integers(2, 13) if hard else rng.integers(3, 7)),
        "fan_in": [many, one],
        "fan_out": [one, many],
        "scatter_gather": [one, some, one],
        "gather_scatter": [some, one, some],
        "bipartite": [few, few],
        "stack": [few] * (int(rng.integers(3, 5)) if hard else 3),
    }
    return [int(rng.integers(low, high + 1)) for low, high in spans[shape]]


def _members(planter: Planter, sizes: list[int], *, hard: bool) -> list[list[int]]:
    """Take the layers' accounts from the background: persons and small firms of one country, or of two."""
    rng = planter.rng
    abroad = hard and rng.random() < 0.4
    countries = list(planter.two_countries()) if abroad else [planter.any_country()]
    persons = float(rng.uniform(0.3, 0.9))
    layers: list[list[int]] = []
    for size in sizes:
        places = rng.choice(countries, size).tolist()
        kinds = [PERSONS[:4] if rng.random() < persons else _FIRMS for _ in range(size)]
        layers.append([planter.account(planter.take(*who)) for who in zip(places, kinds, strict=True)])
    return layers


def _starts(planter: Planter, manner: _Manner, rounds: int) -> np.ndarray:
    """Draw the rounds' first instants, so that each ends within what a night looks back on."""
    window = min(DETECTION_WINDOW_DAYS, planter.days) * DAY_US
    takes = int((manner.spread_hours + manner.lag_hours[1] * (len(manner.layers) - 1)) * HOUR_US)
    free = max(window - takes, HOUR_US)
    return np.sort(planter.end_us - window + planter.rng.integers(0, free, rounds))


def _plant_round(
    planter: Planter, manner: _Manner, label: Label, numbered: tuple[int, int], roles: tuple[str, ...]
) -> None:
    """Send one sum through all layers. `numbered`: the round's number and first instant."""
    rng, (number, start) = planter.rng, numbered
    first = manner.layers[0]
    shares = rng.dirichlet(np.full(len(first), manner.evenness)) * np.exp(rng.uniform(*np.log(manner.usd)))
    at = planter.lagged(np.full(len(first), start), (0, manner.spread_hours), _country(planter, first), ONLINE)
    held = {account: (usd, moment) for account, usd, moment in zip(first, shares.tolist(), at.tolist(), strict=True)}
    if manner.hard:
        _cover(planter, label, held, number, arriving=True)
    step = 1
    for position, (layer, following) in enumerate(pairwise(manner.layers)):
        arrived: dict[int, tuple[float, int]] = {}
        role = roles[min(position, len(roles) - 1)]
        for payer, payees in zip(layer, _edges(rng, layer, following, hard=manner.hard), strict=True):
            if payer not in held:
                continue
            usd, moment = held[payer]
            if position:
                usd *= 1 - rng.uniform(*manner.fee)
            for payee, share in zip(payees, rng.dirichlet(np.full(len(payees), manner.evenness)).tolist(), strict=True):
                planted, worth, last = _hop(planter, manner, (payer, payee), usd * share, moment, waits=position > 0)
                label.add(number, role, planted, first_step=step)
                step += len(planted)
                had, when = arrived.get(payee, (0.0, 0))
                arrived[payee] = (had + worth, max(when, last))
        held = arrived
    if manner.hard:
        _cover(planter, label, held, number, arriving=False)


def _country(planter: Planter, accounts: list[int]) -> np.ndarray:
    return np.asarray(planter.people.account_country[accounts])


def _edges(rng: np.random.Generator, layer: list[int], following: list[int], *, hard: bool) -> list[list[int]]:
    """Choose whom each of `layer` pays: all of the next, or, where it is hard, two or more; none is left out."""
    if not hard or len(layer) == 1 or len(following) == 1:
        return [list(following) for _ in layer]
    chosen = []
    for position in range(len(layer)):
        number = int(rng.integers(2, len(following) + 1))
        picked = set(rng.choice(following, number, replace=False).tolist())
        picked |= set(following[position :: len(layer)])  # between them, the layer reaches everyone
        chosen.append(sorted(picked))
    return chosen


def _hop(
    planter: Planter, manner: _Manner, sides: tuple[int, int], usd: float, moment: int, *, waits: bool
) -> tuple[np.ndarray, float, int]:
    """Pay one edge, in one or two parts; returns planted numbers, worth in USD, and the last instant."""
    rng, people, (payer, payee) = planter.rng, planter.people, sides
    country = int(people.account_country[payer])
    crosses = country != people.account_country[payee]
    lag = manner.lag_hours if waits else (0.0, manner.spread_hours)
    at = planter.lagged(np.array([moment]), lag, country, ONLINE)
    if rng.random() < manner.parts:
        at = np.append(at, planter.lagged(at, (0.2, 12), country, ONLINE))
    currency = US if crosses else int(people.account_currency[payer])
    shares = rng.dirichlet(np.full(len(at), 4.0))
    minor = np.maximum(planter.minor(usd * shares, currency, at) // 100 * 100, 100)
    channel = CHANNEL["wire"] if crosses else int(rng.choice(manner.channels))
    flow = Flow.PRIVATE if is_person(people.party_role[people.account_party[[payer]]])[0] else Flow.SUPPLIER
    planted = planter.pay(flow, at, payer, payee, amount=minor, currency=currency, channel=channel)
    worth = planter.world.rates.usd(minor, currency, planter.day_of(at))
    return planted, float(worth.sum()), int(at.max())


def _cover(planter: Planter, label: Label, held: dict[int, tuple[float, int]], number: int, *, arriving: bool) -> None:
    """Let what is held arrive in the days before, or leave in those after, by other people's payments at home."""
    rng = planter.rng
    for account, (usd, moment) in held.items():
        n = int(rng.integers(1, 4))
        country = int(planter.people.account_country[account])
        others = planter.strangers(country, n)
        others = others[others != account]
        hours = (-160, -4) if arriving else (4, 160)
        at = planter.lagged(np.full(len(others), moment), hours, country, ONLINE, weekdays=True)
        worth = usd * rng.lognormal(-0.5, 0.5, len(others)) / n
        payer, payee = (others, account) if arriving else (account, others)
        label.add(number, COVER, planter.pay(Flow.PRIVATE, at, payer, payee, usd=worth))
