"""How many accounts and dollars hang on each gap in the data, all gaps counted in two passes over the bookings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

_GAPS_AT_ONCE = 60  # each gap is one bit of a signed 64-bit mask
# Where a null means "does not apply" rather than "not known": a detector's need is counted only where the column
# applies. Channels of a booking, or the type of a party.
APPLIES_TO_CHANNELS = {
    "branch_id": ("cash_deposit", "cash_withdrawal"),
    "branch_region": ("cash_deposit", "cash_withdrawal"),
    "conductor_party_id": ("cash_deposit", "cash_withdrawal"),
    "merchant_category": ("card",),
}
APPLIES_TO_PARTIES = {"employees": "organisation", "industry_code": "organisation", "occupation": "person"}


@dataclass(frozen=True)
class Gap:
    """One column whose nulls (or one relation whose absence) blind a detector's indicator, and why that matters."""

    detector: str
    indicator: str
    dataset: str
    column: str
    why: str


@dataclass(frozen=True)
class Exposure:
    """What hangs on a gap: bookings, distinct accounts that book, and the bookings' value in US cents."""

    rows: int
    accounts: int
    usd_minor: int


def exposures(frames: dict[str, pl.LazyFrame], gaps: Sequence[Gap]) -> tuple[list[Exposure], Exposure]:
    """Return one Exposure a gap, in order, and that of the whole night. `frames` are staged frames by dataset."""
    found: list[Exposure] = []
    everything = Exposure(0, 0, 0)
    for start in range(0, max(1, len(gaps)), _GAPS_AT_ONCE):
        batch = gaps[start : start + _GAPS_AT_ONCE]
        *some, everything = _counted(frames, batch)
        found += some
    return found, everything


def note_of_scope(gap: Gap) -> str:
    """Return the words that say where the gap's column applies, empty when everywhere."""
    if gap.dataset == "transactions" and gap.column in APPLIES_TO_CHANNELS:
        return f" (counted for {' and '.join(APPLIES_TO_CHANNELS[gap.column])} only)"
    if gap.dataset == "parties" and gap.column in APPLIES_TO_PARTIES:
        return f" (counted for each {APPLIES_TO_PARTIES[gap.column]} only)"
    return ""


def _counted(frames: dict[str, pl.LazyFrame], gaps: Sequence[Gap]) -> list[Exposure]:
    masked = _masked_bookings(frames, gaps)
    bits = [*(2**number for number in range(len(gaps))), None]
    rows = masked.select(
        expression
        for position, bit in enumerate(bits)
        for expression in (
            _on(bit, "row").sum().alias(f"rows_{position}"),
            pl.col("usd_minor").filter(_on(bit, "row")).cast(pl.Int128).sum().alias(f"usd_{position}"),
        )
    ).collect()
    sides = [
        masked.select(pl.col(side).alias("account"), pl.col(f"{side}_mask").alias("mask"))
        for side in ("payer", "payee")
    ]
    accounts = (
        pl.concat(sides)
        .drop_nulls("account")
        .group_by("account")
        .agg(_on(bit, "mask").any().alias(str(position)) for position, bit in enumerate(bits))
        .select(pl.exclude("account").sum())
        .collect()
    )
    return [
        Exposure(
            rows.get_column(f"rows_{position}").item(),
            accounts.get_column(str(position)).item(),
            rows.get_column(f"usd_{position}").item(),
        )
        for position in range(len(bits))
    ]


def _on(bit: int | None, mask: str) -> pl.Expr:
    return pl.col(mask).is_not_null() if bit is None else (pl.col(mask) & bit) != 0


def _masked_bookings(frames: dict[str, pl.LazyFrame], gaps: Sequence[Gap]) -> pl.LazyFrame:
    """Return payer, payee, usd_minor and three masks: of the payer, of the payee, and of the booking (all together)."""
    masks = _account_masks(frames, gaps)
    unknown = sum(2**number for number, gap in enumerate(gaps) if gap.indicator == "orphan_accounts")
    bookings = frames["transactions"].select(
        pl.col("originator_account_id").alias("payer"),
        pl.col("beneficiary_account_id").alias("payee"),
        "usd_minor",
        _bits((number, _null_booking(gap)) for number, gap in enumerate(gaps) if gap.dataset == "transactions").alias(
            "own"
        ),
    )
    for side in ("payer", "payee"):
        bookings = bookings.join(
            masks.rename({"account_id": side, "mask": f"{side}_mask"}), on=side, how="left"
        ).with_columns(
            pl.when(pl.col(side).is_not_null()).then(pl.col(f"{side}_mask").fill_null(unknown)).otherwise(0)
            | pl.col("own")
        )
    return bookings.with_columns((pl.col("payer_mask") | pl.col("payee_mask")).alias("row"))


def _null_booking(gap: Gap) -> pl.Expr:
    if gap.indicator == "unpaired_reversals":
        return pl.col(gap.column).is_not_null()
    channels = APPLIES_TO_CHANNELS.get(gap.column)
    null = pl.col(gap.column).is_null()
    return null & pl.col("channel").is_in(channels) if channels else null


def _account_masks(frames: dict[str, pl.LazyFrame], gaps: Sequence[Gap]) -> pl.LazyFrame:
    """Return account_id and mask: the gaps in what is on file about the account, its party and its owners."""
    numbered = list(enumerate(gaps))
    parties = frames["parties"].select(
        "party_id",
        pl.lit(value=True).alias("on_file"),
        pl.col("party_type").alias("kind"),
        _bits((number, _null_party(gap)) for number, gap in numbered if gap.dataset == "parties").alias("party_mask"),
    )
    owned = (
        frames["ownership"]
        .select(
            pl.col("owned_party_id").alias("party_id"),
            _bits(
                (number, pl.col(gap.column).is_null())
                for number, gap in numbered
                if gap.dataset == "ownership" and gap.column
            ).alias("owned_mask"),
        )
        .group_by("party_id")
        .agg(pl.col("owned_mask").bitwise_or())
    )
    joined = frames["accounts"].join(parties, on="party_id", how="left").join(owned, on="party_id", how="left")
    account = _bits((number, _account_gap(gap)) for number, gap in numbered if gap.dataset in {"accounts", "ownership"})
    mask = account | pl.col("party_mask").fill_null(0) | pl.col("owned_mask").fill_null(0)
    return joined.select("account_id", mask.alias("mask"))


def _account_gap(gap: Gap) -> pl.Expr:
    if gap.indicator == "orphan_accounts" or (gap.dataset == "ownership" and gap.column):
        return pl.lit(value=False)  # counted elsewhere: by the booking, by the ownership row
    if gap.dataset == "ownership":
        return (pl.col("kind") == "organisation").fill_null(value=False) & pl.col("owned_mask").is_null()
    if gap.indicator == "accounts_without_party":
        return pl.col("on_file").is_null()
    return pl.col(gap.column).is_null()


def _null_party(gap: Gap) -> pl.Expr:
    kind = APPLIES_TO_PARTIES.get(gap.column)
    null = pl.col(gap.column).is_null()
    return null & (pl.col("party_type") == kind) if kind else null


def _bits(flags: Iterable[tuple[int, pl.Expr]]) -> pl.Expr:
    zero = pl.lit(0, dtype=pl.Int64)
    return pl.sum_horizontal(zero, *(pl.when(flag).then(2**number).otherwise(zero) for number, flag in flags))
