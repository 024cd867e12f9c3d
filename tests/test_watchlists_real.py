"""Two vintages of a real list, where they lie beside the project: every row is accounted for."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from tests.lists import Bank

from mirrorwatch.watchlists import importing, ofac_legacy

REAL = Path(__file__).parents[2] / "shared" / "data" / "ofac"
FIRST, SECOND = date(2018, 12, 31), date(2022, 1, 31)

pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="The real extracts are not here")


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Bank:
    bank = Bank(tmp_path_factory.mktemp("real"))
    for suffix, day in (("", FIRST), ("_bench", SECOND)):
        files = [str(REAL / f"{part}{suffix}.parquet") for part in ("sdn", "alt", "add")]
        importing.run(importing.Import(bank.data, files, day))
    return bank


def rows(name: str) -> pl.DataFrame:
    return pl.read_parquet(REAL / f"{name}.parquet")


@pytest.mark.parametrize(("suffix", "day"), [("", FIRST), ("_bench", SECOND)])
def test_every_row_is_an_entry_a_detail_or_left_out_with_its_reason(suffix: str, day: date, bank: Bank) -> None:
    folder = Path(bank.data) / f"watchlists/versions/ofac-sdn/as_of={day}"
    entries, details, skipped = (
        pl.read_parquet(folder / f"{name}.parquet") for name in ("entries", "details", "skipped")
    )
    assert entries.height == rows(f"sdn{suffix}").height
    for part, kind in (("alt", "alias"), ("add", "address")):
        mine = pl.col("source_file") == f"{part}{suffix}.parquet"
        kept, out = details.filter(mine), skipped.filter(mine)
        assert set(kept["kind"]) == {kind}
        # A row that says what another says of the same entry is kept once, and counted.
        whole = rows(f"{part}{suffix}")
        said_twice = whole.height - whole.unique(pl.exclude(f"{part}_num")).height
        assert kept.height + out.height + said_twice == whole.height
        # Left out are exactly the rows whose entry the main file does not have.
        orphans = rows(f"{part}{suffix}").with_row_index().join(rows(f"sdn{suffix}"), on="ent_num", how="anti")
        assert sorted(out["source_position"]) == sorted(orphans["index"])


def test_entries_open_and_close_between_the_vintages(bank: Bank) -> None:
    old, new = (set(rows(name)["ent_num"]) for name in ("sdn", "sdn_bench"))
    listings = importing.listings(bank.data).collect()
    ended = listings.filter(pl.col("known_until") == SECOND)
    started = listings.filter(pl.col("known_from") == SECOND)
    assert set(started.filter(opened_by="listed")["base_entry_id"]) == {f"ofac-sdn:{number}" for number in new - old}
    gone = set(ended["base_entry_id"]) - set(started["base_entry_id"])
    assert gone == {f"ofac-sdn:{number}" for number in old - new}
    assert bank.watchlist().filter(pl.col("delisted_on").is_null()).height == len(new)


def test_no_remark_is_lost() -> None:
    sdn = rows("sdn_bench")
    split = sdn.select(piece=pl.col("remarks").str.strip_chars().str.strip_suffix(".").str.split(";"))
    pieces = split.explode("piece", empty_as_null=False).filter(~pl.col("piece").str.strip_chars().is_in(["", "-0-"]))
    with (REAL / "sdn_bench.parquet").open("rb") as stream:
        said = ofac_legacy.read([("sdn_bench.parquet", stream)]).details
    columns = ("title", "call_sign", "vess_type", "tonnage", "grt", "vess_flag", "vess_owner")
    filled = sum(sdn.filter(pl.col(column).str.strip_chars() != "-0-").height for column in columns)
    assert said.height == pieces.height + filled
    born = said.filter(kind="birth_date")
    assert born.height == pieces.filter(pl.col("piece").str.contains("DOB ")).height
    assert born["earliest"].null_count() == 0
