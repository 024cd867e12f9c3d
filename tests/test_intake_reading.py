"""Which files a night reads, how it tells their rows apart, and what it says of files that it cannot read."""

import hashlib
from datetime import timedelta
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.intake_worlds import DAY_BEFORE, RUN_DATE, World, accounts, booking, frame, run

from mirrorwatch.errors import InputError, UsageError
from mirrorwatch.store.reading import Source, Window, list_inputs


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "data")


def test_inputs_are_listed_with_bytes_and_hash(world: World) -> None:
    world.write()
    listed = list_inputs(Source(str(world.folder)), Window(RUN_DATE))
    assert [file.path for file in listed] == [
        f"transactions/booking_date={RUN_DATE}/part-0.parquet",
        "accounts/part-0.parquet",
        "parties/part-0.parquet",
        "fx_rates/part-0.parquet",
    ]
    content = (world.folder / listed[0].path).read_bytes()
    assert (listed[0].bytes, listed[0].sha256) == (len(content), hashlib.sha256(content).hexdigest())


def test_only_partitions_of_the_window_are_read(world: World) -> None:
    offsets = {number: RUN_DATE - timedelta(days=number) for number in (-1, 0, 4, 5)}
    world.days = {day: frame(booking(number + 10, day)) for number, day in offsets.items()}
    assert run(world.write(), lookback_days=5).transactions["transaction_id"].to_list() == ["T10", "T14"]


def test_a_row_number_counts_inside_its_own_file(world: World) -> None:
    for part, first in enumerate((10, 20, 30)):
        rows = frame(*(booking(first + row) for row in range(3)))
        target = world.put(f"transactions/booking_date={RUN_DATE}/part-{part}.parquet", rows)
        rows.write_parquet(target, row_group_size=2)
    world.days = {DAY_BEFORE: frame(*(booking(row, DAY_BEFORE) for row in range(1, 4)))}
    staged = run(world.write()).transactions
    for identifier, file, row in staged.select("transaction_id", "source_file", "source_row").iter_rows():
        read = pl.read_parquet(world.folder / file)
        assert read["transaction_id"][row] == identifier
    assert staged.height == 12


def test_files_of_one_day_may_have_different_types_and_columns(world: World) -> None:
    rows = frame(booking(3), amount=pl.Float64())
    world.put(f"transactions/booking_date={RUN_DATE}/float.parquet", rows.with_columns(extra=pl.lit(1)))
    world.put(f"transactions/booking_date={RUN_DATE}/text.parquet", frame(booking(4)).cast({"amount": pl.String}))
    world.put(f"transactions/booking_date={RUN_DATE}/short.parquet", frame(booking(5)).drop("purpose", "branch_id"))
    staged = run(world.write())
    assert staged.transactions["amount_minor"].to_list() == [100, 200, 300, 400, 500]
    assert staged.transactions["purpose"].to_list() == ["invoice"] * 4 + [None]
    assert staged.summary.transactions.absent_columns == ("branch_id", "purpose")


def test_leftovers_of_other_writers_are_ignored(world: World) -> None:
    day = world.write().folder / f"transactions/booking_date={RUN_DATE}"
    for name in ("_SUCCESS", ".part-0.parquet.crc", "_metadata.parquet", "notes.txt"):
        (day / name).write_text("not data")
    assert run(world).summary.transactions.rows_read == 2


def test_names_with_spaces_and_wildcards_are_read_literally(world: World) -> None:
    world.put(f"transactions/booking_date={RUN_DATE}/a [1] *%20é.parquet", frame(booking(3)))
    assert run(world.write()).summary.transactions.rows_read == 3


def test_the_same_inputs_can_be_fixed_before_they_are_read(world: World, tmp_path: Path) -> None:
    from mirrorwatch.intake.stage import StageRequest, stage

    inputs = list_inputs(Source(str(world.write().folder)), Window(RUN_DATE))
    world.put(f"transactions/booking_date={RUN_DATE}/late.parquet", frame(booking(9)))
    summary = stage(StageRequest(str(world.folder), RUN_DATE, inputs=inputs), tmp_path / "work")
    assert summary.transactions.rows_read == 2


def _refused(world: World) -> str:
    with pytest.raises(InputError) as caught:
        run(world)
    assert caught.value.remedy
    return str(caught.value)


def test_a_cut_off_file_is_named(world: World) -> None:
    part = world.write().folder / f"transactions/booking_date={RUN_DATE}/part-0.parquet"
    part.write_bytes(part.read_bytes()[:-20])
    assert f"booking_date={RUN_DATE}/part-0.parquet" in _refused(world)


@pytest.mark.parametrize("content", [b"", b"id,amount\n1,2\n"])
def test_a_file_that_is_not_parquet_is_named(world: World, content: bytes) -> None:
    (world.write().folder / "accounts/part-9.parquet").write_bytes(content)
    assert "accounts/part-9.parquet" in _refused(world)


def test_damage_inside_a_file_names_file_and_column(world: World) -> None:
    world.write()
    part = world.folder / f"transactions/booking_date={RUN_DATE}/part-1.parquet"
    many = frame(*(booking(number) for number in range(10, 2000)))
    pq.write_table(many.to_arrow(), part, compression="zstd", use_dictionary=False)
    column = pq.read_metadata(part).row_group(0).column(0)
    content = bytearray(part.read_bytes())
    end = column.data_page_offset + column.total_compressed_size
    content[column.data_page_offset : end] = b"\x55" * column.total_compressed_size
    part.write_bytes(content)
    told = _refused(world)
    assert "part-1.parquet" in told
    assert "transaction_id" in told


def test_text_that_is_not_utf8_names_file_and_column(world: World) -> None:
    offsets, text = pa.py_buffer(b"\x00\x00\x00\x00\x02\x00\x00\x00"), pa.py_buffer(b"\xff\xfe")
    table = frame(booking(3)).to_arrow()
    index = table.schema.get_field_index("purpose")
    bad = table.set_column(index, "purpose", pa.StringArray.from_buffers(1, offsets, text))
    pq.write_table(bad, world.write().folder / f"transactions/booking_date={RUN_DATE}/latin.parquet")
    told = _refused(world)
    assert "latin.parquet" in told
    assert "Column purpose" in told


def test_a_folder_in_place_of_a_file_is_refused(world: World) -> None:
    world.write().put(f"transactions/booking_date={RUN_DATE}/part-1.parquet/part-0.parquet", frame(booking(7)))
    assert "part-1.parquet" in _refused(world)


@pytest.mark.parametrize("path", ["transactions/part-0.parquet", f"transactions/booking_date={RUN_DATE}/h=1/x.parquet"])
def test_a_file_where_the_contract_has_none_is_refused_not_skipped(world: World, path: str) -> None:
    world.write().put(path, frame(booking(7)))
    assert path in _refused(world)


def test_a_partition_that_is_no_date_is_refused(world: World) -> None:
    world.write().put("transactions/booking_date=2026-02-30/part-0.parquet", frame(booking(7)))
    assert "booking_date=2026-02-30" in _refused(world)


@pytest.mark.parametrize("name", ["accounts", "parties", "fx_rates"])
def test_a_needed_dataset_without_files_is_named(world: World, name: str) -> None:
    del world.datasets[name]
    assert name in _refused(world.write())


def test_a_window_without_bookings_says_what_lies_outside(world: World) -> None:
    world.days = {RUN_DATE - timedelta(days=90): frame(booking(1, RUN_DATE - timedelta(days=90)))}
    assert f"booking_date={RUN_DATE - timedelta(days=90)}" in _refused(world.write())


def test_optional_datasets_may_be_absent(world: World) -> None:
    assert run(world.write()).summary.absent == {"ownership", "watchlist", "control_totals", "trade_documents"}


def test_a_missing_column_names_file_and_column(world: World) -> None:
    world.datasets["accounts"] = accounts().drop("account_type")
    told = _refused(world.write())
    assert "account_type" in told
    assert "accounts/part-0.parquet" in told


def test_an_account_column_may_not_be_left_out_though_one_channel_lacks_it(world: World) -> None:
    world.days = {RUN_DATE: frame(booking(1)).drop("originator_account_id")}
    assert "originator_account_id" in _refused(world.write())


def test_a_missing_data_folder_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no data folder"):
        list_inputs(Source(str(tmp_path / "nowhere")), Window(RUN_DATE))


def test_an_empty_day_is_read_as_no_rows(world: World) -> None:
    world.days[DAY_BEFORE] = frame()
    staged = run(world.write())
    assert (staged.summary.transactions.rows_read, staged.summary.transactions.files) == (2, 2)
    assert DAY_BEFORE in staged.summary.days_without_rows


def test_what_other_writers_write_is_read(world: World) -> None:
    table = frame(booking(3), booking(4)).to_arrow()
    for name, written in {
        "dictionary": table.set_column(5, "currency", table["currency"].cast(pa.string()).dictionary_encode()),
        "plain_string": table.set_column(0, "transaction_id", pa.array(["T5", "T6"], pa.string())),
        "with_index": table.append_column("__index_level_0__", pa.array([0, 1])).set_column(
            0, "transaction_id", pa.array(["T7", "T8"], pa.large_string())
        ),
    }.items():
        target = world.folder / f"transactions/booking_date={RUN_DATE}/{name}.parquet"
        target.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(written, target, use_deprecated_int96_timestamps=name == "plain_string", compression="snappy")
    staged = run(world.write())
    assert staged.transactions["transaction_id"].to_list() == [f"T{number}" for number in range(1, 9)]
    assert staged.transactions["booked_at"].n_unique() == 1


def test_short_floats_are_read_and_overlong_decimals_refused_by_name(world: World) -> None:
    table = frame(booking(3)).to_arrow()
    target = world.write().folder / f"transactions/booking_date={RUN_DATE}/odd.parquet"
    pq.write_table(table.set_column(4, "amount", pa.array([3.0]).cast(pa.float16())), target)
    assert run(world).transactions["amount_minor"].to_list() == [100, 200, 300]
    wide = pa.array([3.0]).cast(pa.decimal128(20, 2)).cast(pa.decimal256(40, 2))
    pq.write_table(table.set_column(4, "amount", wide), target)
    told = _refused(world)
    assert all(word in told for word in ("odd.parquet", "amount", "38 digits"))
