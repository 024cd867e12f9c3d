"""Payments as marks on one time axis, one row an account, rows gathered in lanes. Used by swaps and by the timeline."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from mirrorwatch.report.drawing.legs import Leg, total
from mirrorwatch.report.drawing.scales import LARGEST_RADIUS, Tick, TimeScale, clip, radius
from mirrorwatch.report.people import Directory
from mirrorwatch.report.wording import rounded_money, visible

WIDTH = 960
GUTTER = 208  # holds an account id of about 30 characters and the owner's name under it
ROW_HEIGHT = 34
HEADING = 26
# More rows than this no longer read as one picture: the least of them share the last row.
MOST_ROWS = 10
MOST_MARKS = 400


@dataclass(frozen=True)
class Row:
    """One account's line in a lane."""

    y: float
    label: str
    owner: str
    title: str


@dataclass(frozen=True)
class Mark:
    """One payment: `shape` is the side it stands on (in: circle, out: square)."""

    x: float
    y: float
    r: float
    shape: str
    title: str


@dataclass(frozen=True)
class Lane:
    """A heading and its rows; `side` is in or out and sets the colour."""

    y: float
    title: str
    side: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Knot:
    """Where the legs of one group meet: its number, and the lines to each leg."""

    x: float
    y: float
    label: str
    title: str
    links: tuple[str, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class SizeKey:
    """One circle of the size legend."""

    x: float
    r: float
    label: str


@dataclass(frozen=True)
class LaneDrawing:
    """A whole drawing: everything placed, in pixels of a `width` by `height` picture."""

    kind: str
    title: str
    width: float
    height: float
    left: float
    bottom: float
    ticks: tuple[Tick, ...]
    lanes: tuple[Lane, ...]
    knots: tuple[Knot, ...]
    sizes: tuple[SizeKey, ...]
    note: str = ""


def lay_rows(
    accounts: Sequence[str], top: float, title: str, side: str, directory: Directory
) -> tuple[Lane, dict[str, float]]:
    """Place one row an account from `top` down; return the lane and each account's height."""
    kept = accounts if len(accounts) <= MOST_ROWS else accounts[: MOST_ROWS - 1]
    first = top + HEADING + ROW_HEIGHT / 2
    rows = [_row(account, first + ROW_HEIGHT * index, directory) for index, account in enumerate(kept)]
    heights = {account: row.y for account, row in zip(kept, rows, strict=True)}
    others = accounts[len(kept) :]
    if others:
        y = first + ROW_HEIGHT * len(rows)
        rows.append(Row(y, f"{len(others)} other accounts", "", ", ".join(map(visible, others[:40]))))
        heights |= dict.fromkeys(others, y)
    return Lane(top, title, side, tuple(rows)), heights


def _row(account: str, y: float, directory: Directory) -> Row:
    owner = visible(directory.owner_label(account)) if account else ""
    label = visible(account) or "Cash over the counter"
    return Row(y, clip(label, GUTTER - 14), clip(owner, GUTTER - 14, 11), f"{label} {owner}".strip())


def lane_bottom(lane: Lane) -> float:
    """Lower edge of a lane's last row."""
    return lane.y + HEADING + ROW_HEIGHT * len(lane.rows)


def mark(leg: Leg, y: float, shape: str, scale: TimeScale, largest: Decimal) -> Mark:
    """Place one payment."""
    return Mark(scale.x(leg.at), y, radius(leg.usd, largest), shape, leg.title)


def by_money(legs: Sequence[Leg], account: dict[str, str], directory: Directory) -> list[str]:
    """Accounts of the legs, most money first, those of one owner together; `account` maps transactions to accounts."""
    sums: dict[str, Decimal] = {}
    owned: dict[str, Decimal] = {}
    for leg in legs:
        name = account[leg.transaction_id]
        owner = directory.owner_label(name)
        sums[name] = sums.get(name, Decimal(0)) + leg.usd
        owned[owner] = owned.get(owner, Decimal(0)) + leg.usd
    owner_of = {name: directory.owner_label(name) for name in sums}
    return sorted(sums, key=lambda name: (-owned[owner_of[name]], owner_of[name], -sums[name], name))


def size_key(legs: Sequence[Leg], right: float) -> tuple[SizeKey, ...]:
    """Two or three round amounts and the circles that stand for them, set from the right edge."""
    largest = max(leg.usd for leg in legs)
    top = _round_down(largest)
    keys, x = [], right
    for amount in (top, top / 4):
        text = rounded_money(amount)
        x -= len(text) * 6.4
        keys.append(SizeKey(round(x, 1), radius(amount, largest), text))
        x -= LARGEST_RADIUS * 2 + 18
    return tuple(reversed(keys))


def _round_down(amount: Decimal) -> Decimal:
    """Largest 1, 2 or 4 times a power of ten that is not above the amount: a quarter of it is round as well."""
    power = Decimal(10) ** max(0, len(str(int(amount))) - 1)
    return next((power * lead for lead in (4, 2, 1) if power * lead <= amount), power)


def shown(legs: Sequence[Leg]) -> tuple[tuple[Leg, ...], str]:
    """Return the legs to draw, and a sentence when they are not all."""
    if len(legs) <= MOST_MARKS:
        return tuple(legs), ""
    kept = sorted(legs, key=lambda leg: (-leg.usd, leg.transaction_id))[:MOST_MARKS]
    kept.sort(key=lambda leg: (leg.at, leg.transaction_id))
    rest = rounded_money(total(legs) - total(kept))
    return tuple(kept), f"Drawn are the {MOST_MARKS} largest of {len(legs):,} payments; the rest carry {rest}."
