"""Parquet as the contract asks for it, written the same byte for byte whatever the machine's thread count."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from mirrorwatch.contract import CHANNELS, TRANSACTIONS
from mirrorwatch.synth.economy import Economy
from mirrorwatch.synth.identifiers import WIDTH
from mirrorwatch.synth.places import COUNTRIES, COUNTRY_CODES, CURRENCIES
from mirrorwatch.synth.rows import NONE, Rows
from mirrorwatch.synth.vocabulary import CATEGORIES

_ROW_GROUP = 250_000
_PLAIN = ("transaction_id",)  # unique: a dictionary would only cost


def write_frame(frame: pl.DataFrame, path: Path) -> None:
    """One small table as one file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _write(frame.to_arrow(compat_level=pl.CompatLevel.oldest()), path, use_dictionary=True)


def _write(table: pa.Table, path: Path, *, use_dictionary: bool | list[str]) -> None:
    pq.write_table(
        table, path, compression="zstd", compression_level=1, store_schema=False, row_group_size=_ROW_GROUP,
        use_dictionary=use_dictionary,
    )  # fmt: skip


class _Words:
    """Texts by code. Several codes may stand for one text; a dictionary page must hold each text once."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.distinct = pa.array(sorted(set(texts)))
        place = {text: index for index, text in enumerate(sorted(set(texts)))}
        self.place = np.array([place[text] for text in texts], dtype=np.int32)

    def of(self, codes: np.ndarray) -> pa.Array:
        """Wrap codes as a dictionary array of the texts that occur; the Arrow schema is not stored, so it is text."""
        null = codes == NONE
        places = self.place[np.maximum(codes, 0)]
        used = np.flatnonzero(np.bincount(places[~null], minlength=len(self.distinct)))
        renumbered = np.zeros(len(self.distinct), dtype=np.int32)
        renumbered[used] = np.arange(len(used))
        index = pa.array(np.where(null, 0, renumbered[places]), mask=null)
        return pa.DictionaryArray.from_arrays(index, self.distinct.take(pa.array(used)))


@dataclass(frozen=True)
class Lexicon:
    """What the integer codes of `Rows` stand for: ids as byte matrices, short texts by code."""

    accounts: np.ndarray
    parties: np.ndarray
    branches: _Words
    regions: _Words
    texts: _Words


_CURRENCIES, _CHANNELS, _COUNTRIES, _CATEGORIES = map(_Words, (CURRENCIES, CHANNELS, COUNTRY_CODES, CATEGORIES))


def lexicon(world: Economy, accounts: np.ndarray, parties: np.ndarray) -> Lexicon:
    """Spell out the codes of one world."""
    country = world.population.branch_country
    regions = [COUNTRIES[c].regions[i % len(COUNTRIES[c].regions)] for i, c in enumerate(country)]
    branches = [f"{COUNTRY_CODES[c]}{1000 + i * 7}" for i, c in enumerate(country)]
    return Lexicon(accounts, parties, _Words(branches), _Words(regions), _Words(world.texts.texts))


def write_day(rows: Rows, ids: np.ndarray, reversed_ids: np.ndarray, codes: Lexicon, folder: Path) -> None:
    """One day's partition. `ids` and `reversed_ids` are byte matrices; the latter holds where `rows.reverses` does."""
    folder.mkdir(parents=True, exist_ok=True)
    columns = {
        "transaction_id": _fixed(ids),
        "booked_at": pa.array(rows.at, pa.timestamp("us", "UTC")),
        "originator_account_id": _looked_up(codes.accounts, rows.originator),
        "beneficiary_account_id": _looked_up(codes.accounts, rows.beneficiary),
        "amount": _decimals(rows.amount),
        "currency": _CURRENCIES.of(rows.currency),
        "channel": _CHANNELS.of(rows.channel),
        "originator_country": _COUNTRIES.of(rows.originator_country),
        "beneficiary_country": _COUNTRIES.of(rows.beneficiary_country),
        "branch_id": codes.branches.of(rows.branch),
        "branch_region": codes.regions.of(rows.branch),
        "conductor_party_id": _looked_up(codes.parties, rows.conductor),
        "purpose": codes.texts.of(rows.purpose),
        "merchant_category": _CATEGORIES.of(rows.category),
        "reverses_transaction_id": _fixed(reversed_ids, rows.reverses == NONE),
    }
    table = pa.table({name: columns[name] for name in TRANSACTIONS.schema})
    _write(table, folder / "part-0.parquet", use_dictionary=[name for name in columns if name not in _PLAIN])


def _fixed(matrix: np.ndarray, null: np.ndarray | None = None) -> pa.Array:
    """Wrap an (n, 12) byte matrix as an Arrow string array."""
    n = len(matrix)
    offsets = pa.py_buffer(np.arange(0, WIDTH * (n + 1), WIDTH, dtype=np.int32))
    valid = None if null is None else pa.py_buffer(np.packbits(~null, bitorder="little"))
    return pa.StringArray.from_buffers(n, offsets, pa.py_buffer(np.ascontiguousarray(matrix)), valid)


def _looked_up(matrix: np.ndarray, index: np.ndarray) -> pa.Array:
    rows = np.ascontiguousarray(matrix).view(f"V{WIDTH}")[:, 0][np.maximum(index, 0)]
    return _fixed(rows.view(np.uint8).reshape(-1, WIDTH), index == NONE)


def _decimals(minor: np.ndarray) -> pa.Array:
    words = np.zeros((len(minor), 2), dtype=np.int64)  # little-endian 128-bit; amounts are positive
    words[:, 0] = minor
    return pa.Array.from_buffers(pa.decimal128(18, 2), len(minor), [None, pa.py_buffer(words)])
