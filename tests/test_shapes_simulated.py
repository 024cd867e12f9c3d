"""Layered shapes on data that others' simulators made; skipped where it is absent."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from benchmarks.detection import Labels, average_precision, by_degree, detected

from mirrorwatch.intake.frames import night_frames
from mirrorwatch.intake.stage import StageRequest, stage
from mirrorwatch.store.mapping import read_mapping

ROOT = Path(__file__).parent.parent
DATA = ROOT.parent / "shared" / "data"


def needs(name: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(not (DATA / name).is_dir(), reason=f"outside data {name} is not here")


@needs("amlsim_small")
def test_nine_in_ten_rings_of_the_small_simulation_are_found(tmp_path: Path) -> None:
    last = date(2018, 12, 21)
    mapping = read_mapping(ROOT / "docs/mappings/amlsim.toml")
    stage(StageRequest(str(DATA / "amlsim_small"), last, 720, mapping), tmp_path)
    alerts = detected(night_frames(tmp_path, last))
    rows = pl.read_parquet(DATA / "amlsim_small/transactions.parquet").filter(pl.col("alert_id").is_not_null())
    labels = Labels.of(
        rows.select(
            pl.col("tx_id").cast(pl.String).alias("transaction_id"),
            pl.col("alert_id").cast(pl.String).alias("scheme"),
            pl.col("typology").alias("kind"),
        )
    )
    judged = labels.judged(alerts)
    found = set(judged["finds"].explode().drop_nulls())
    rings = {scheme for scheme, kind in labels.kinds.items() if kind == "cycle"}
    assert 10 * len(found & rings) >= 9 * len(rings)
    assert 10 * judged["right"].sum() >= 9 * judged.height


@needs("amlworld")
def test_the_amlworld_mapping_reads_all_but_what_has_no_amount(tmp_path: Path) -> None:
    last = date(2022, 9, 18)
    mapping = read_mapping(ROOT / "docs/mappings/amlworld.toml")
    stage(StageRequest(str(DATA / "amlworld"), last, 18, mapping), tmp_path)
    night = night_frames(tmp_path, last)
    assert night.transactions.select(pl.len()).collect().item() > 3_100
    assert night.transactions.select(pl.col("currency").n_unique()).collect().item() >= 14


def test_a_benchmark_s_alert_is_right_by_half_of_its_payments() -> None:
    labels = Labels.of(pl.DataFrame({"transaction_id": list("abcd"), "scheme": ["1"] * 4, "kind": ["fan_in"] * 4}))
    alerts = pl.DataFrame(
        {"alert_id": ["x", "y"], "score": [0.9, 0.5], "transaction_ids": [["a", "b"], ["c", "p", "q"]]}
    )
    judged = labels.judged(alerts)
    assert judged.select("right", "finds").rows() == [(True, ["1"]), (False, [])]
    assert average_precision(judged, labels.kinds, {"fan_in"}) == 1.0


def test_the_plain_baseline_ranks_by_counterparties() -> None:
    rows = pl.LazyFrame(
        {
            "transaction_id": [f"t{number}" for number in range(6)],
            "originator_account_id": ["a", "b", "c", "d", "a", "a"],
            "beneficiary_account_id": ["z", "z", "z", "z", "y", "x"],
            "booked_at": [date(2026, 1, 2)] * 6,
        }
    ).with_columns(pl.col("booked_at").cast(pl.Datetime("us", "UTC")))
    ranked = by_degree(rows).sort("score", descending=True)
    assert ranked["score"].to_list()[0] == 4.0
    assert ranked["alert_id"][0].startswith("beneficiary_account_id-z")
