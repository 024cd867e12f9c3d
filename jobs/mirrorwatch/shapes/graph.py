"""The graph of loose payments as arrays, and the hops of money through its accounts.

Accounts are numbers in order of their first payment, so that no result depends on how they are named.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mirrorwatch.shapes.chance import usually

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

DAY = 86_400
ORDINARY = 32  # in 45 days


@dataclass(frozen=True)
class Graph:
    """Loose payments in order of time.

    `payer` and `payee` are account numbers, `at` seconds, `usd` cents, one entry a tie, which is called a payment
    throughout; `repeated` says whether it was made in more than one, `means` by what means (a number from 0),
    `large_paid` and `large_got` whether it is unusually large in the life of its payer, of its payee. `names` are the
    accounts' ids by number, `kind` what kind of account each is (0 personal, 1 other, -1 one that crowds are the
    business of), `payers` and `payees` how many it deals with in all, strangers or not, `usual` the cents that it
    usually turns over in the window (nan where that is not known); `days` the length of the window; `population` how
    many accounts of kinds 0 and 1 there are, also those without any loose payment.
    """

    payer: Ints
    payee: Ints
    at: Ints
    usd: Ints
    repeated: Bools
    means: Ints
    large_paid: Bools
    large_got: Bools
    names: pl.Series
    kind: Ints
    payers: Ints
    payees: Ints
    usual: Floats
    days: float
    population: tuple[int, int]

    @property
    def size(self) -> int:
        """Number of payments."""
        return len(self.at)

    @property
    def accounts(self) -> int:
        """Number of accounts with a loose payment."""
        return len(self.names)

    def part(self, first: int, stop: int, days: float) -> "Graph":
        """Cut out the payments from `first` up to `stop`, a stretch of `days`; accounts keep their numbers."""
        return replace(self.taken(slice(first, stop)), days=days)

    def taken(self, rows: Ints | slice) -> "Graph":
        """Take these payments, in that order; accounts keep their numbers."""
        return replace(
            self,
            payer=self.payer[rows],
            payee=self.payee[rows],
            at=self.at[rows],
            usd=self.usd[rows],
            repeated=self.repeated[rows],
            means=self.means[rows],
            large_paid=self.large_paid[rows],
            large_got=self.large_got[rows],
        )

    @cached_property
    def log_usd(self) -> Floats:
        """Natural logarithms of the cents."""
        return np.log(self.usd)

    @cached_property
    def paid(self) -> Ints:
        """Loose payments that each account makes."""
        return np.bincount(self.payer, minlength=self.accounts)

    @cached_property
    def received(self) -> Ints:
        """Loose payments that each account gets."""
        return np.bincount(self.payee, minlength=self.accounts)

    @property
    def ordinary(self) -> int:
        """Most loose ties on one side that an account may have to count for what is usual: hubs do not."""
        return int(ORDINARY * max(self.days / 45.0, 1.0))

    @cached_property
    def usually_paid(self) -> Floats:
        """Loose payments that each account would make in a window, by its others and by what is usual."""
        return usually(self.paid, sum(self.population), self.ordinary)

    @cached_property
    def usually_received(self) -> Floats:
        """Loose payments that each account would get in a window, by its others and by what is usual."""
        return usually(self.received, sum(self.population), self.ordinary)

    @cached_property
    def by_payer(self) -> "Lane":
        """Payments in order of payer, then time."""
        return Lane.of(self.payer, self.at)

    @cached_property
    def by_payee(self) -> "Lane":
        """Payments in order of payee, then time."""
        return Lane.of(self.payee, self.at)


def sorted_by(key: Ints) -> Ints:
    """Places of `key` (0 or more) in its order, equal ones as they lie: key and place in one number sort faster."""
    size = len(key)
    if not size or int(key.max()) >= np.iinfo(np.int64).max // size:
        return np.argsort(key, kind="stable")
    return np.sort(key * size + np.arange(size)) % size


@dataclass(frozen=True)
class Lane:
    """Payments grouped by one side's account and sorted by time in it: `order` are payments, `key` account and time."""

    order: Ints
    key: Ints
    account: Ints
    start: int
    span: int

    @classmethod
    def of(cls, account: Ints, at: Ints) -> "Lane":
        """Group payments by `account`; payments are given in order of time."""
        start = int(at.min()) if len(at) else 0
        span = (int(at.max()) - start + 1 if len(at) else 1) * 4
        order = sorted_by(account)
        return cls(order, account[order] * span + (at[order] - start), account[order], start, span)

    def place(self, account: Ints, at: Ints, *, after: bool = False) -> Ints:
        """First place whose payment is the account's and not before `at` (with `after`: later than `at`)."""
        moment = np.clip(at - self.start, -1, self.span - 2)
        return np.searchsorted(self.key, account * self.span + moment, side="right" if after else "left")


def graph(rows: pl.DataFrame, kinds: pl.DataFrame, days: float) -> Graph:
    """Build the graph of `rows` (features.edges.LOOSE) in order of time.

    `kinds` says account_id, kind, payers, payees and usual (`Graph`); an account that it does not know is of kind 1.
    Where `rows` do not say whether they are large, or `kinds` what is usual, nothing is read from it.
    """
    sides = pl.concat([rows["payer"], rows["payee"]])
    # the order of first appearance in time, payer before payee
    turn = np.concatenate([np.arange(rows.height) * 2, np.arange(rows.height) * 2 + 1])
    first = pl.DataFrame({"name": sides, "turn": turn}).group_by("name").agg(pl.col("turn").min()).sort("turn")["name"]
    known = pl.DataFrame({"account_id": first}).join(kinds, on="account_id", how="left", maintain_order="left")
    kind, payers, payees = (
        known[name].fill_null(1 if name == "kind" else 0).cast(pl.Int64).to_numpy()
        for name in ("kind", "payers", "payees")
    )
    usual = known["usual"].cast(pl.Float64).fill_null(np.nan).to_numpy() if "usual" in known.columns else None
    population = [int(kinds["kind"].eq(number).sum()) for number in (0, 1)]
    return Graph(
        payer=_numbers(rows["payer"], first),
        payee=_numbers(rows["payee"], first),
        at=rows["booked_at"].dt.epoch("s").to_numpy(),
        usd=rows["usd_minor"].to_numpy(),
        repeated=rows["payments"].to_numpy() > 1,
        means=_numbers(rows["means"], rows["means"].unique().sort()),
        large_paid=_flags(rows, "large_paid"),
        large_got=_flags(rows, "large_got"),
        names=first,
        kind=kind,
        payers=payers,
        payees=payees,
        usual=np.full(len(first), np.nan) if usual is None else usual,
        days=days,
        population=(population[0], population[1]),
    )


def _flags(rows: pl.DataFrame, name: str) -> Bools:
    return rows[name].to_numpy() if name in rows.columns else np.zeros(rows.height, dtype=np.bool_)


def _numbers(values: pl.Series, order: pl.Series) -> Ints:
    """Place of each value in `order`."""
    code = pl.DataFrame({"value": order}).with_row_index("code")
    found = pl.DataFrame({"value": values}).join(code, on="value", how="left", nulls_equal=True, maintain_order="left")
    return found["code"].cast(pl.Int64).to_numpy()


@dataclass(frozen=True)
class Hops:
    """A payment in and a payment out that may be the same money: one entry a pair.

    `into` and `out` number payments; `waited` is the time between as a share of the longest that is looked at;
    `nearness` the share of random pairs of payments that lie at least as near in amount; `likely` how many payments
    of that account chance would put into that time; `before` whether the payment out was made before the one in.
    """

    into: Ints
    out: Ints
    waited: Floats
    nearness: Floats
    likely: Floats
    before: Bools

    @property
    def weight(self) -> Floats:
        """How many continuations this quick and this near in amount chance would give."""
        return self.likely * self.waited * self.nearness

    def only(self, kept: Bools) -> "Hops":
        """Keep the hops for which `kept` is true."""
        return self.taken(np.flatnonzero(kept))

    def taken(self, rows: Ints) -> "Hops":
        """Take the hops of these rows, in that order."""
        return Hops(
            self.into[rows],
            self.out[rows],
            self.waited[rows],
            self.nearness[rows],
            self.likely[rows],
            self.before[rows],
        )

    def in_order(self) -> "Hops":
        """Only the hops whose payment out is not before the payment in; chance has half the time for those."""
        rows = self.taken(np.flatnonzero(~self.before))
        return replace(rows, likely=rows.likely / 2)


# Half a day: nearer than that, business hours and daily batches bring payments together by themselves.
LEAST_WAIT = 43_200
# As near as one in a hundred random pairs: nearer is not held to say more.
LEAST_NEARNESS = 0.01
_SAMPLE = 20_011  # random pairs: enough for a share of one in a hundred, few enough to be searched quickly


def _nearness(money: Graph) -> Floats:
    """Sorted distances (absolute log ratio) of pairs of payments that have nothing to do with each other."""
    if money.size < 2:  # noqa: PLR2004 : no pair
        return np.zeros(1)
    first = np.arange(min(_SAMPLE, money.size * 7), dtype=np.int64) * 7919 % money.size
    second = (first * 104_729 + 1 + np.arange(len(first))) % money.size
    return np.sort(np.abs(money.log_usd[first] - money.log_usd[second]))


def _following(money: Graph, hold: int, most: int) -> tuple[Ints, Ints]:
    """Each payment in with the next `most` payments out within `hold` seconds: (in, out)."""
    return _beside(money, _next_out(money), 1, hold, most)


def _preceding(money: Graph, hold: int, most: int) -> tuple[Ints, Ints]:
    """Each payment in with the last `most` payments out before it: (in, out)."""
    return _beside(money, _next_out(money) - 1, -1, hold, most)


def _next_out(money: Graph) -> Ints:
    """Place of the first payment out that is not before each payment in: looked for in order, which is quicker."""
    start, order = np.empty(money.size, dtype=np.int64), money.by_payee.order
    start[order] = money.by_payer.place(money.payee[order], money.at[order])
    return start


def _beside(money: Graph, start: Ints, step: int, hold: int, most: int) -> tuple[Ints, Ints]:
    lane, into, out = money.by_payer, [], []
    for number in range(most):
        place = start + step * number
        inside = np.flatnonzero((place >= 0) & (place < money.size))
        there = lane.order[place[inside]]
        apart = np.abs(money.at[there] - money.at[inside])
        same = (lane.account[place[inside]] == money.payee[inside]) & (apart <= hold)
        into.append(inside[same])
        out.append(there[same])
    return np.concatenate(into), np.concatenate(out)


def hops(money: Graph, hold_days: float, most: int, *, ordered: bool) -> Hops:
    """Pair each payment in with up to `most` payments out of that account within `hold_days`, the nearest in time.

    `ordered`: only payments out that are not before the payment in; else those before it as well, as from an account
    that is paid back. Linear in payments: a hub with thousands of them costs no more than `most` pairs a payment.
    """
    hold = int(hold_days * DAY)
    pairs = [_following(money, hold, most)] + ([] if ordered else [_preceding(money, hold, most)])
    came, left = (np.concatenate(side) for side in zip(*pairs, strict=True))
    before = np.arange(len(came)) >= len(pairs[0][0])
    waited = np.clip(np.abs(money.at[left] - money.at[came]), LEAST_WAIT, hold) / hold
    # pairs that are equal count as near as this one: where everything costs the same, nothing is near
    apart = np.abs(money.log_usd[left] - money.log_usd[came]) + 1e-9
    random = _nearness(money)
    nearness = np.clip(np.searchsorted(random, apart, side="right") / len(random), LEAST_NEARNESS, 1.0)
    likely = money.usually_paid[money.payee[came]] * min(hold_days * len(pairs) / money.days, 1.0)
    return Hops(came, left, waited, nearness, likely, before)
