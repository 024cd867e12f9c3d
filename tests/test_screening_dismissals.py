"""The file of dismissed pairs: both formats, and what is wrong told by file, row and column."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from mirrorwatch.errors import InputError
from mirrorwatch.screening import DISMISSALS, NEEDED
from mirrorwatch.store.dismissals import read_dismissals

HEAD = "party_id,entry_id,reason,dismissed_by,dismissed_on,until\n"


def written(folder: Path, text: str, name: str = "dismissed.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_spreadsheet_and_parquet_say_the_same(tmp_path: Path) -> None:
    csv = written(
        tmp_path,
        HEAD + "P1,L:1,passport seen,j.doe,2026-01-05,\nP2,L:1, other birth date ,j.doe,2026-02-01,2027-01-31\n",
    )
    rows = read_dismissals(csv, DISMISSALS, NEEDED)
    rows.write_parquet(tmp_path / "dismissed.parquet")
    assert rows.schema == DISMISSALS
    assert rows["until"].to_list() == [None, date(2027, 1, 31)]
    assert rows["reason"].to_list() == ["passport seen", "other birth date"]
    assert rows["party_hash"].is_null().all()
    assert read_dismissals(tmp_path / "dismissed.parquet", DISMISSALS, NEEDED).equals(rows)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("party_id,entry_id,reason\nP1,L:1,x\n", "dismissed_by is missing", id="a column"),
        pytest.param(HEAD + "P1,L:1,x,j,2026-01-05,\nP1,L:1,x,j,5 Jan,\n", "row 2", id="a date"),
        pytest.param(HEAD + "P1,,x,j,2026-01-05,\n", "entry_id is empty", id="an empty cell"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError) as raised:
        read_dismissals(written(tmp_path, text), DISMISSALS, NEEDED)
    assert said in str(raised.value)
    assert "dismissed.csv" in str(raised.value)


@pytest.mark.parametrize("name", ["nothing.csv", "nothing.parquet"])
def test_a_file_that_is_not_there_or_is_none_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_dismissals(tmp_path / name, DISMISSALS, NEEDED)
    with pytest.raises(InputError, match="cannot be read"):
        read_dismissals(written(tmp_path, "no parquet", "x.parquet"), DISMISSALS, NEEDED)


def test_an_empty_file_holds_no_dismissals(tmp_path: Path) -> None:
    assert read_dismissals(written(tmp_path, HEAD), DISMISSALS, NEEDED).equals(pl.DataFrame(schema=DISMISSALS))
