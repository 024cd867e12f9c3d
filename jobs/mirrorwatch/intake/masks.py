"""Every gap as one bit: of a booking, of an account, and of what is on file about its holder, owners and trade."""

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from mirrorwatch.intake.gaps import ORPHANS, REJECTED_ROWS, WITHOUT_PARTY, Gap

Frames = Mapping[str, pl.LazyFrame]
_PARTY_MASKS = ("own_mask", "mask", "mask_laid")


def masked_bookings(frames: Frames, gaps: Sequence[Gap]) -> pl.LazyFrame:
    """Return payer, payee, usd_minor and three masks: of the payer, of the payee, and of the booking (all together)."""
    masks = _account_masks(frames, gaps)
    unknown = sum(2**number for number, gap in enumerate(gaps) if gap.indicator == ORPHANS)
    bookings = frames["transactions"].select(
        pl.col("originator_account_id").alias("payer"),
        pl.col("beneficiary_account_id").alias("payee"),
        "usd_minor",
        _conditions("transactions", gaps).alias("own"),
    )
    for side in ("payer", "payee"):
        bookings = bookings.join(
            masks.rename({"account_id": side, "mask": f"{side}_mask"}), on=side, how="left"
        ).with_columns(
            pl.when(pl.col(side).is_not_null()).then(pl.col(f"{side}_mask").fill_null(unknown)).otherwise(0)
            | pl.col("own")
        )
    return bookings.with_columns((pl.col("payer_mask") | pl.col("payee_mask")).alias("row"))


def _account_masks(frames: Frames, gaps: Sequence[Gap]) -> pl.LazyFrame:
    """Return account_id and mask: the gaps in what is on file about the account, its party, owners and trade."""
    parties = frames["parties"].select(
        "party_id",
        pl.lit(value=True).alias("on_file"),
        pl.col("party_type").alias("kind"),
        _conditions("parties", gaps).alias("own_mask"),
    )
    owned = _per_party(
        [frames["ownership"].select(party_id="owned_party_id", mask=_conditions("ownership", gaps))]
    ).with_columns(has_owner=pl.lit(value=True))
    joined = (
        frames["accounts"]
        .join(parties, on="party_id", how="left")
        .join(owned, on="party_id", how="left")
        .join(_per_party(_laid_to_parties(frames, gaps)), on="party_id", how="left", suffix="_laid")
    )
    masks = (_conditions("accounts", gaps), _in_files(gaps), *(pl.col(name).fill_null(0) for name in _PARTY_MASKS))
    known = joined.select("account_id", mask=_together(masks))
    marked = [
        gap.marked.select("account_id", mask=pl.lit(2**number | _orphaned(gap, gaps), dtype=pl.Int64))
        for number, gap in enumerate(gaps)
        if gap.marked is not None and "account_id" in gap.marked.collect_schema()
    ]
    if not marked:
        return known
    return pl.concat([known, *marked]).group_by("account_id").agg(pl.col("mask").bitwise_or())


def _orphaned(gap: Gap, gaps: Sequence[Gap]) -> int:
    """Return the bits of the gap "on no file" for accounts that only a rejected row names."""
    if gap.dataset != "accounts" or gap.state != REJECTED_ROWS:
        return 0
    return sum(2**number for number, other in enumerate(gaps) if other.indicator == ORPHANS)


def _in_files(gaps: Sequence[Gap]) -> pl.Expr:
    """Tell of an account what no single row does: that its party, or any owner of its party, is on no file."""
    no_party = pl.col("on_file").is_null()
    no_owner = (pl.col("kind") == "organisation").fill_null(value=False) & pl.col("has_owner").is_null()
    told = ((number, no_party if gap.indicator == WITHOUT_PARTY else no_owner) for number, gap in enumerate(gaps)
            if gap.indicator == WITHOUT_PARTY or gap.no_owner)  # fmt: skip
    return _bits(told)


def _laid_to_parties(frames: Frames, gaps: Sequence[Gap]) -> list[pl.LazyFrame]:
    """Return (party_id, mask) of marked parties, and of both sides of the trade documents that a gap concerns."""
    laid = [
        gap.marked.select("party_id", mask=pl.lit(2**number, dtype=pl.Int64))
        for number, gap in enumerate(gaps)
        if gap.marked is not None and "party_id" in gap.marked.collect_schema()
    ]
    if any(gap.dataset == "trade_documents" for gap in gaps):
        mask = _conditions("trade_documents", gaps)
        laid += [
            frames["trade_documents"].select(party_id=side, mask=mask)
            for side in ("exporter_party_id", "importer_party_id")
        ]
    return laid or [pl.LazyFrame(schema={"party_id": pl.String, "mask": pl.Int64})]


def _per_party(masks: Iterable[pl.LazyFrame]) -> pl.LazyFrame:
    return pl.concat(masks).group_by("party_id").agg(pl.col("mask").bitwise_or())


def _conditions(dataset: str, gaps: Sequence[Gap]) -> pl.Expr:
    """Return the mask of a dataset's row: the gaps whose condition it meets."""
    return _bits((number, gap.condition) for number, gap in enumerate(gaps) if gap.dataset == dataset)


def _bits(flags: Iterable[tuple[int, pl.Expr]]) -> pl.Expr:
    zero = pl.lit(0, dtype=pl.Int64)
    return pl.sum_horizontal(zero, *(pl.when(flag).then(2**number).otherwise(zero) for number, flag in flags))


def _together(masks: Iterable[pl.Expr]) -> pl.Expr:
    first, *others = masks
    for mask in others:
        first = first | mask
    return first
