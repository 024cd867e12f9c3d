"""A synthetic world is what the contract asks of a source, the same for the same seed, and gives no label away."""

import hashlib
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mirrorwatch.contract import (
    ACCOUNT_TYPES,
    CHANNELS,
    DATASETS,
    LICENCES,
    OWNERSHIP_ROLES,
    PARTY_TYPES,
    TRANSACTIONS,
    Dataset,
)
from mirrorwatch.synth.spec import MirrorSpec, ShellSpec, WorldSpec
from mirrorwatch.synth.world import WorldSummary, write_world

SPEC = WorldSpec.sample(11, accounts=400, days=50)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("world")


@pytest.fixture(scope="module")
def summary(folder: Path) -> WorldSummary:
    return write_world(SPEC, folder / "data", folder / "labels")


@pytest.fixture(scope="module")
def transactions(folder: Path, summary: WorldSummary) -> pl.DataFrame:
    frame = pl.read_parquet(folder / "data" / "transactions" / "**" / "*.parquet", hive_partitioning=True)
    assert len(frame) == summary.transactions
    return frame


def read(folder: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(folder / "data" / name / "*.parquet")


def checksums(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.name)
def test_each_dataset_has_the_contracts_columns_types_and_no_null_where_none_is_allowed(
    dataset: Dataset, folder: Path, summary: WorldSummary
) -> None:
    assert summary.transactions > 0
    pattern = folder / "data" / dataset.pattern
    frame = pl.read_parquet(pattern, hive_partitioning=False)
    assert frame.schema == dataset.schema
    assert len(frame) > 0
    assert [c.name for c in dataset.columns if not c.nullable and frame[c.name].null_count()] == []
    assert frame.select(dataset.key).is_duplicated().sum() == 0


def test_transactions_obey_the_contracts_row_rules(transactions: pl.DataFrame) -> None:
    cash_in, cash_out = (pl.col("channel") == name for name in ("cash_deposit", "cash_withdrawal"))
    bad = transactions.filter(
        (pl.col("booked_at").dt.date() != pl.col("booking_date"))
        | (pl.col("amount") <= 0)
        | ~pl.col("channel").is_in(CHANNELS)
        | (pl.col("originator_account_id").is_null() != cash_in)
        | (pl.col("beneficiary_account_id").is_null() != cash_out)
        | (pl.col("originator_account_id") == pl.col("beneficiary_account_id")).fill_null(value=False)
    )
    assert len(bad) == 0
    assert transactions["booking_date"].n_unique() == SPEC.days
    assert transactions["booking_date"].max() == SPEC.end_date


def test_every_reference_leads_somewhere(transactions: pl.DataFrame, folder: Path) -> None:
    accounts, parties = read(folder, "accounts"), read(folder, "parties")
    for side in ("originator", "beneficiary"):
        named = transactions.filter(pl.col(f"{side}_account_id").is_not_null())
        joined = named.join(accounts, left_on=f"{side}_account_id", right_on="account_id")
        assert len(joined) == len(named)
        assert joined.filter(pl.col("opened_on") > pl.col("booking_date")).is_empty()
        assert joined.filter(pl.col(f"{side}_country") != pl.col("country")).is_empty()
    ids = pl.col("party_id")
    assert accounts.join(parties, on="party_id", how="anti").is_empty()
    conductors = transactions["conductor_party_id"].drop_nulls().unique()
    assert conductors.is_in(parties.select(ids).to_series().implode()).all()
    for column in ("owner_party_id", "owned_party_id"):
        assert read(folder, "ownership").join(parties, left_on=column, right_on="party_id", how="anti").is_empty()


def test_coded_columns_keep_to_their_lists(folder: Path, summary: WorldSummary) -> None:
    assert summary.parties > 0
    parties = read(folder, "parties")
    assert set(read(folder, "accounts")["account_type"]) <= set(ACCOUNT_TYPES)
    assert set(parties["party_type"]) == set(PARTY_TYPES)
    assert set(parties["licence"].drop_nulls()) <= set(LICENCES)
    assert set(read(folder, "ownership")["role"]) <= set(OWNERSHIP_ROLES)


def test_control_totals_agree_with_the_rows(transactions: pl.DataFrame, folder: Path) -> None:
    counted = transactions.group_by("booking_date", "currency").agg(
        row_count=pl.len().cast(pl.Int64), total_amount=pl.col("amount").sum().cast(pl.Decimal(18, 2))
    )
    said = read(folder, "control_totals")
    assert counted.sort("booking_date", "currency").equals(said.sort("booking_date", "currency"))


def test_each_day_has_a_rate_within_seven_days(folder: Path, summary: WorldSummary) -> None:
    rates = read(folder, "fx_rates").filter(pl.col("currency") == "MXN")["rate_date"].to_list()
    for offset in range((summary.last_date - summary.first_date).days + 1):
        day = date.fromordinal(summary.first_date.toordinal() + offset)
        assert any(0 <= (day - rate).days <= 7 for rate in rates)
    assert read(folder, "fx_rates").filter(pl.col("usd_per_unit") <= 0).is_empty()


def test_reversals_give_back_the_same_money_the_other_way(transactions: pl.DataFrame) -> None:
    back = transactions.filter(pl.col("reverses_transaction_id").is_not_null())
    pairs = back.join(transactions, left_on="reverses_transaction_id", right_on="transaction_id", suffix="_first")
    assert len(pairs) == len(back) > 0
    wrong = pairs.filter(
        (pl.col("amount") != pl.col("amount_first"))
        | (pl.col("currency") != pl.col("currency_first"))
        | (pl.col("booked_at") < pl.col("booked_at_first"))
        | (pl.col("originator_account_id") != pl.col("beneficiary_account_id_first"))
        | (pl.col("beneficiary_account_id") != pl.col("originator_account_id_first"))
    )
    assert wrong.is_empty()


def test_ordinary_activity_reaches_the_sizes_that_schemes_have(transactions: pl.DataFrame, folder: Path) -> None:
    planted = pl.read_parquet(folder / "labels" / "scheme_transactions.parquet")
    ordinary = transactions.join(planted, on="transaction_id", how="anti").filter(pl.col("currency") == "USD")
    for channel in ("cash_deposit", "wire", "ach", "check", "instant"):
        sizes = ordinary.filter(pl.col("channel") == channel, pl.col("amount").is_between(3_000, 100_000))
        assert len(sizes) >= 20, channel


def test_rows_lie_in_order_of_time_and_ids_in_none(folder: Path, summary: WorldSummary) -> None:
    day = folder / "data" / "transactions" / f"booking_date={summary.last_date}" / "part-0.parquet"
    frame = pl.read_parquet(day, hive_partitioning=False)
    assert frame["booked_at"].is_sorted()
    assert not frame["transaction_id"].is_sorted()
    assert read(folder, "accounts")["account_id"].is_sorted()
    assert read(folder, "parties")["party_id"].is_sorted()


def test_the_same_spec_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    spec = WorldSpec.sample(3, accounts=250, days=12)
    for name, each in (("one", spec), ("two", spec), ("other", spec.model_copy(update={"seed": 4}))):
        write_world(each, tmp_path / name / "data", tmp_path / name / "labels")
    one, two, other = (checksums(tmp_path / name) for name in ("one", "two", "other"))
    assert one == two
    assert all(other.get(name) != digest for name, digest in one.items() if "transactions/" in name)


def test_the_bytes_do_not_depend_on_the_number_of_threads(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from mirrorwatch.synth.spec import WorldSpec\n"
        "from mirrorwatch.synth.world import write_world\n"
        "write_world(WorldSpec.sample(3, accounts=250, days=4), Path(sys.argv[1], 'data'), Path(sys.argv[1], 'labels'))"
    )
    for threads in ("1", "4"):
        environment = {**os.environ, "POLARS_MAX_THREADS": threads, "OMP_NUM_THREADS": threads}
        subprocess.run([sys.executable, "-c", script, str(tmp_path / threads)], check=True, env=environment)
    assert checksums(tmp_path / "1") == checksums(tmp_path / "4")


def test_what_is_planted_does_not_change_the_background(tmp_path: Path) -> None:
    """Ids differ where rows were added, but the ordinary rows are the same."""
    columns = ["booked_at", "amount", "currency", "channel", "purpose"]
    frames = []
    for name, innocents in (("with", 1), ("without", 0)):
        spec = WorldSpec.without_schemes(5, accounts=250, days=5, innocents=innocents)
        write_world(spec, tmp_path / name / "data", tmp_path / name / "labels")
        frames.append(pl.read_parquet(tmp_path / name / "data" / "transactions" / "**" / "*.parquet").select(columns))
    first_day = [frame.filter(pl.col("booked_at").dt.date() == date(2026, 3, 27)) for frame in frames]
    assert first_day[1].join(first_day[0], on=columns, how="anti", nulls_equal=True).is_empty()


def test_labels_inside_the_data_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="inside the data folder"):
        write_world(SPEC, tmp_path / "data", tmp_path / "data" / "labels")
    assert not (tmp_path / "data").exists()


def test_progress_counts_the_days(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    spec = WorldSpec.without_schemes(1, accounts=200, days=4, innocents=0)
    write_world(spec, tmp_path / "data", tmp_path / "labels", lambda done, total: seen.append((done, total)))
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]


@given(
    seed=st.integers(0, 10_000),
    days=st.integers(3, 12),
    busyness=st.floats(0.2, 3.0),
    countries=st.sets(st.sampled_from(("US", "CN", "MX", "HK", "CA", "GB")), min_size=2).map(sorted).map(tuple),
    planted=st.booleans(),
)
@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
def test_any_small_spec_makes_a_world_that_keeps_the_contract(
    tmp_path_factory: pytest.TempPathFactory,
    seed: int,
    days: int,
    busyness: float,
    countries: tuple[str, ...],
    planted: bool,
) -> None:
    folder = tmp_path_factory.mktemp("any")
    spec = WorldSpec(
        seed=seed,
        days=days,
        accounts=200,
        transactions_per_account_day=busyness,
        countries=countries,
        schemes=(MirrorSpec.hard(), ShellSpec.hard()) if planted else (),
        innocents=1 if planted else 0,
    )
    summary = write_world(spec, folder / "data", folder / "labels")
    frame = pl.read_parquet(folder / "data" / TRANSACTIONS.pattern, hive_partitioning=True)
    assert len(frame) == summary.transactions > 0
    assert frame["transaction_id"].n_unique() == len(frame)
    assert (frame["booked_at"].dt.date() == frame["booking_date"]).all()
    assert frame["amount"].min() > 0  # type: ignore[operator]
    assert set(frame["originator_country"]) | set(frame["beneficiary_country"]) <= set(countries)
    schemes = pl.read_parquet(folder / "labels" / "schemes.parquet")
    named = schemes.explode("transaction_ids").drop_nulls("transaction_ids")
    assert len(schemes) == (2 if planted else 0)
    assert named["transaction_ids"].is_in(frame["transaction_id"].implode()).all()
