"""Money that goes to one account and comes back from it, again and again, less a fee each time.

Once is a loan repaid or a purchase undone, and shows nothing. Every payment out has to be answered by one back, in time
and near in amount; how near both are, as shares of what random pairs show, is one uniform number each under chance.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from mirrorwatch.shapes.chance import together

LEAST_ROUNDS = 2
MOST_WAIT_DAYS = 5.0
KEPT = (0.85, 1.005)  # of a payment out that comes back
PARTS_HOURS = (13, 24)  # payments of one direction no further apart are parts of one; each reading costs its trial
ALL_OF_IT = 0.9  # of what went either way belongs to rounds
LEAST_SHARE = 0.01  # nearer in time or amount than one in a hundred is not held to say more

# One row a pair that money went to and fro between: who began, the other, rounds, and how many as good chance makes.
BACK = pl.Schema({"payer": pl.String(), "payee": pl.String(), "rounds": pl.Int64(), "expected": pl.Float64()})


@dataclass(frozen=True)
class _Leg:
    """Payments of one direction, parts joined: when the last part came, and cents in all."""

    at: np.ndarray
    usd: np.ndarray


def _joined(rows: pl.DataFrame, hours: int) -> _Leg:
    at, usd = rows["at"].to_numpy(), rows["usd_minor"].to_numpy()
    new = np.concatenate([[0], np.cumsum(np.diff(at) > hours * 3600)])
    last = np.flatnonzero(np.append(np.diff(new) > 0, True))
    return _Leg(at[last], np.bincount(new, weights=usd).astype(np.int64))


def _rounds(out: _Leg, back: _Leg, window: float) -> tuple[int, float, float]:
    """Count rounds; with the share of all that went which they are, and the log product of their uniform numbers."""
    taken, count, moved, log_product = np.zeros(len(back.at), dtype=np.bool_), 0, 0, 0.0
    for at, usd in zip(out.at.tolist(), out.usd.tolist(), strict=True):
        ratio, wait = back.usd / usd, back.at - at
        fits = ~taken & (wait > 0) & (wait <= MOST_WAIT_DAYS * 86_400) & (ratio >= KEPT[0]) & (ratio <= KEPT[1])
        if fits.any():
            chosen = int(np.flatnonzero(fits)[0])
            taken[chosen] = True
            count, moved = count + 1, moved + usd + int(back.usd[chosen])
            # amounts of one pair's payments lie within a factor of three or so: a share of that, either side
            near = max(2 * abs(float(np.log(ratio[chosen]))) / np.log(9), LEAST_SHARE)
            soon = max(len(back.at) * wait[chosen] / window, LEAST_SHARE)
            log_product += float(np.log(min(near, 1.0)) + np.log(min(soon, 1.0)))
    return count, moved / float(out.usd.sum() + back.usd.sum()), log_product


def _even(paired: pl.DataFrame) -> pl.DataFrame:
    """Payments of pairs that paid each other at least LEAST_ROUNDS times, and about as much."""
    sums = paired.group_by("pair", "payer").agg(pl.col("usd_minor").sum().alias("sum"), pl.len().alias("count"))
    both = sums.group_by("pair").agg(
        (pl.col("sum").min() / pl.col("sum").max()).alias("even"), pl.col("count").min(), pl.len().alias("sides")
    )
    least = KEPT[0] * ALL_OF_IT**2
    kept = both.filter(pl.col("sides") == 2, pl.col("count") >= LEAST_ROUNDS, pl.col("even") >= least)  # noqa: PLR2004
    return paired.join(kept, on="pair", how="semi")


def there_and_back(payments: pl.DataFrame, window_days: float, worth: float) -> pl.DataFrame:
    """Pairs (BACK, sorted) of which chance would make `worth` at most.

    `payments`: payer, payee, `at` (seconds) and usd_minor of pairs that pay each other. Only pairs whose sums could be
    rounds are looped over, few in ten thousand.
    """
    pair = pl.concat_list("payer", "payee").list.sort().alias("pair")
    paired = payments.with_columns(pair)
    trials = paired["pair"].n_unique() * len(PARTS_HOURS)
    ordered = _even(paired).sort("pair", "at", "usd_minor", "payer")
    pairs = ordered.partition_by("pair", maintain_order=True)
    rows: list[tuple[str, str, int, float]] = []
    for each in pairs:
        began, other = each.row(0, named=True)["payer"], each.row(0, named=True)["payee"]
        out, back = (each.filter(pl.col("payer") == who) for who in (began, other))
        if out.is_empty() or back.is_empty():
            continue
        readings = [_rounds(_joined(out, hours), _joined(back, hours), window_days * 86_400) for hours in PARTS_HOURS]
        good = [(count, product) for count, share, product in readings if count >= LEAST_ROUNDS and share >= ALL_OF_IT]
        chances = [(float(together(np.asarray(product), 2 * count)), count) for count, product in good]
        if chances and (expected := trials * min(chances)[0]) <= worth:
            rows.append((began, other, min(chances)[1], expected))
    return pl.DataFrame(rows, schema=BACK, orient="row").sort("expected", "payer", "payee")
