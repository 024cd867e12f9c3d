"""Real listed names with a letter left out are found among all others, and scores order them strictly."""

from pathlib import Path

import polars as pl
import pytest

from mirrorwatch.names import NameParameters, similarity

LIST = Path(__file__).parents[2] / "shared" / "data" / "ofac" / "sdn.parquet"
pytestmark = pytest.mark.skipif(not LIST.exists(), reason="the real list is not here")


@pytest.fixture(scope="module")
def found() -> pl.DataFrame:
    kind = pl.when(pl.col("sdn_type") == "individual").then(pl.lit("person")).otherwise(pl.lit("organisation"))
    listed = pl.read_parquet(LIST).select(id="ent_num", name="sdn_name", kind=kind).sort("id")
    # the third letter from the end: within a word that most names have in full
    slipped = pl.col("name").str.head(pl.col("name").str.len_chars() - 3) + pl.col("name").str.tail(2)
    asked = listed.filter(pl.col("name").str.len_chars() > 12).gather_every(20).with_columns(name=slipped)
    return similarity(asked.lazy(), listed.lazy(), NameParameters(least_score=0)).collect()


def test_nearly_all_are_found_first(found: pl.DataFrame) -> None:
    first = found.unique("left_id", keep="first", maintain_order=True)
    assert len(first) > 250
    assert (first["left_id"] == first["right_id"]).mean() > 0.95  # type: ignore[operator]
    assert (first["score"] > 0.5).mean() > 0.9  # type: ignore[operator]


def test_no_two_hits_of_one_entry_tie_unless_their_names_are_equal(found: pl.DataFrame) -> None:
    alone = found.unique(["right_id", "left_name"])
    assert not alone.select(pl.struct("right_id", "score").is_duplicated().any()).item()


def test_scores_fall_within_each_party(found: pl.DataFrame) -> None:
    falling = found.select((pl.col("score").diff().over("left_id").fill_null(0) <= 0).all())
    assert falling.item()
