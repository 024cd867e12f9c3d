"""Foreign Parquet through a mapping file."""

import tomllib
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.intake_worlds import RUN_DATE, Staged, World, accounts, fx_rates, parties, run

from mirrorwatch.errors import InputError, UsageError
from mirrorwatch.store.mapping import Mapping, parse_mapping, read_mapping

ROOT = Path(__file__).parents[1]
AMLSIM = ROOT / "docs/mappings/amlsim.toml"
OUTSIDE = ROOT.parent / "shared/data/amlsim_small"

COLUMNS = {
    "transaction_id": "ref",
    "booked_at": "TRY_CAST(moment AS TIMESTAMP)",
    "originator_account_id": "payer",
    "beneficiary_account_id": "payee",
    "amount": "cents / 100.0",
    "currency": "UPPER(ccy)",
    "channel": "CASE kind WHEN 'T' THEN 'wire' WHEN 'C' THEN 'card' END",
    "originator_country": "'US'",
    "beneficiary_country": "SUBSTR(corridor, 4, 2)",
}


@pytest.fixture
def foreign(tmp_path: Path) -> World:
    """Return a bank whose bookings lie in one ledger, under its own names, over more days than the night reads."""
    world = World(tmp_path / "data", days={})
    moments = [datetime(2026, 3, 31, 12), datetime(2026, 3, 29), datetime(2026, 3, 26, 23, 59), datetime(2026, 4, 1)]  # noqa: DTZ001
    ledger = pl.DataFrame(
        {
            "ref": [1, 2, 3, 4],
            "moment": pl.Series(moments).dt.epoch("us"),
            "payer": ["A1", "A1", "A2", "A2"],
            "payee": ["A2", "A3", "A1", "A1"],
            "cents": [1050, 1999, 1, 1],
            "ccy": ["usd", "mxn", "usd", "usd"],
            "kind": ["T", "C", "T", "T"],
            "corridor": ["US-MX", "US-US", "US-CN", "US-US"],
        }
    )
    world.put("ledger/2026/all.parquet", ledger)
    return world.write()


def table(**changes: object) -> dict[str, Any]:
    return {"transactions": {"path": "ledger/**/*.parquet", "columns": COLUMNS} | changes}


def test_foreign_columns_become_the_contracts(foreign: World) -> None:
    staged = run(foreign, mapping=table()).transactions
    assert staged.select("transaction_id", "amount_minor", "usd_minor", "currency", "channel").rows() == [
        ("1", 1050, 1050, "USD", "wire"),
        ("2", 1999, 109, "MXN", "card"),
    ]
    assert staged["booking_date"].to_list() == [RUN_DATE, date(2026, 3, 29)]
    assert staged["beneficiary_country"].to_list() == ["MX", "US"]
    assert staged["purpose"].to_list() == [None, None]
    assert staged.select("source_file", "source_row").row(1) == ("ledger/2026/all.parquet", 1)


def test_rows_outside_the_window_of_an_unpartitioned_file_are_not_read(foreign: World) -> None:
    assert run(foreign, mapping=table(), lookback_days=6).summary.transactions.rows_read == 3


def test_a_row_of_an_unpartitioned_file_without_a_date_is_counted_not_lost(foreign: World) -> None:
    columns = COLUMNS | {"booked_at": "CASE WHEN ref <> 3 THEN CAST(moment AS TIMESTAMP) END"}
    staged = run(foreign, mapping=table(columns=columns))
    assert staged.codes == [["booked_at_missing"]]
    assert staged.table("completeness").filter(outcome="rejected").row(0)[:2] == (None, "USD")


def test_a_predicate_leaves_rows_out_and_keeps_their_numbers(foreign: World) -> None:
    staged = run(foreign, mapping=table(where="kind = 'C'"))
    assert staged.transactions.select("transaction_id", "source_row").rows() == [("2", 1)]


def test_a_rejected_foreign_row_is_kept_in_its_own_columns(foreign: World) -> None:
    columns = COLUMNS | {"channel": "kind"}
    staged = run(foreign, mapping=table(columns=columns))
    assert staged.codes == [["channel_unknown"]] * 2
    assert '"corridor":"US-MX"' in staged.table("quarantine")["row_json"][0]


def test_partitions_of_a_mapped_path_count_like_the_contracts(foreign: World) -> None:
    for back, number in ((0, 7), (9, 8)):
        ledger = pl.read_parquet(foreign.folder / "ledger/2026/all.parquet").head(1)
        rows = ledger.with_columns(ref=pl.lit(number))
        foreign.put(f"bookings/booking_date={RUN_DATE - timedelta(days=back)}/x.parquet", rows)
    staged = run(foreign, mapping=table(path="bookings/booking_date=*/*.parquet"))
    assert staged.transactions["transaction_id"].to_list() == ["7"]


def test_distinct_keeps_one_of_equal_rows(foreign: World) -> None:
    rates = {
        "path": "ledger/**/*.parquet",
        "distinct": True,
        "columns": {"rate_date": "DATE '2026-03-31'", "currency": "UPPER(ccy)", "usd_per_unit": "0.05"},
    }
    staged = run(foreign, mapping=table() | {"fx_rates": rates})
    assert staged.table("staged/fx_rates").sort("currency").select("currency", "source_row").rows() == [
        ("MXN", 1),
        ("USD", 0),
    ]
    assert staged.summary.datasets["fx_rates"].rows_read == 2


def test_distinct_leaves_rows_that_still_collide_to_the_row_rules(foreign: World) -> None:
    rates = {
        "path": "ledger/**/*.parquet",
        "distinct": True,
        "columns": {"rate_date": "DATE '2026-03-31'", "currency": "UPPER(ccy)", "usd_per_unit": "cents"},
    }
    staged = run(foreign, mapping=table() | {"fx_rates": rates})
    assert staged.summary.datasets["fx_rates"].rejected_by_reason == {"duplicate_rate_date_and_currency": 1}


def _wrong(tables: dict[str, Any]) -> str:
    with pytest.raises(UsageError) as caught:
        parse_mapping(tables)
    return str(caught.value)


@pytest.mark.parametrize("path", ["../secrets/*.parquet", "/etc/*.parquet", "a/../../b.parquet", "s3://other/x", ""])
def test_a_path_may_not_leave_the_data_folder(path: str) -> None:
    assert "inside the data folder" in _wrong(table(path=path))


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        ({"trades": {"path": "x", "columns": {}}}, ["trades", "transactions"]),
        (table(columns=COLUMNS | {"colour": "'red'"}), ["colour"]),
        (table(columns={"transaction_id": "ref"}), ["booked_at"]),
        (table(filter="x"), ["transactions.filter"]),
        ({"transactions": "ledger.parquet"}, ["transactions"]),
    ],
)
def test_a_wrong_mapping_is_refused_before_anything_is_read(tables: dict[str, Any], words: list[str]) -> None:
    told = _wrong(tables)
    assert all(word in told for word in words)


@pytest.mark.parametrize(
    "expression",
    [
        "payerr",
        "SUM(cents)",
        "COUNT(*)",
        "CASE WHEN",
        "(SELECT 1)",
        "FIRST(payer)",
        "UNNEST(payer)",
        "LAG(payer) OVER (ORDER BY ref)",
        "read_csv('/etc/passwd')",
        "ROW_NUMBER() OVER (ORDER BY ref)",
    ],
)
def test_an_expression_that_does_not_work_is_named(foreign: World, expression: str) -> None:
    with pytest.raises(UsageError) as caught:
        run(foreign, mapping=table(columns=COLUMNS | {"purpose": expression}))
    told = str(caught.value)
    assert all(word in told for word in ("transactions.purpose", expression.split("'", maxsplit=1)[0], "Remedy"))


def test_a_predicate_must_be_true_or_false(foreign: World) -> None:
    with pytest.raises(UsageError, match="not true or false"):
        run(foreign, mapping=table(where="cents"))


def test_an_expression_that_fails_on_a_value_names_file_and_column(foreign: World) -> None:
    with pytest.raises(UsageError) as caught:
        run(foreign, mapping=table(columns=COLUMNS | {"purpose": "CAST(CAST(corridor AS BIGINT) AS VARCHAR)"}))
    assert all(word in str(caught.value) for word in ("transactions.purpose", "ledger/2026/all.parquet", "TRY_CAST"))


def test_a_mapped_dataset_without_files_is_named_even_if_optional(foreign: World) -> None:
    names = {"path": "lists/*.parquet", "columns": {"entry_id": "id", "list_name": "'x'", "name": "name"}}
    with pytest.raises(InputError, match=r"watchlist.*lists"):
        run(foreign, mapping=table() | {"watchlist": names})


@pytest.mark.parametrize("content", ["[transactions", "\x00", None])
def test_a_mapping_file_that_cannot_be_read_is_named(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "bank.toml"
    if content is not None:
        path.write_text(content)
    with pytest.raises(UsageError, match=r"bank\.toml"):
        read_mapping(path)


def test_a_dataset_that_the_mapping_does_not_name_keeps_the_contracts_layout(foreign: World) -> None:
    assert run(foreign, mapping=table()).table("staged/accounts").height == accounts().height


@pytest.fixture
def simulated(tmp_path: Path) -> World:
    """Return a folder laid out as IBM/AMLSim's output."""
    world = World(tmp_path / "amlsim", days={}, datasets={})
    world.put(
        "transactions.parquet",
        pl.DataFrame(
            {
                "tx_id": [1, 2],
                "src": [0, 1],
                "dst": [1, 0],
                "tx_type": ["TRANSFER"] * 2,
                "amount": [139.89, 847.18],
                "timestamp": [datetime(2026, 3, 31), datetime(2026, 3, 1)],  # noqa: DTZ001
                "is_laundering": [False, True],
            }
        ),
    )
    world.put(
        "accounts.parquet",
        pl.DataFrame(
            {
                "acct_id": [0, 1],
                "dsply_nm": ["C_0", "C_1"],
                "type": ["I", "O"],
                "acct_rptng_crncy": ["USD"] * 2,
                "open_dt": [0, 365],
                "bank_id": ["bank"] * 2,
                "country": ["US"] * 2,
            }
        ),
    )
    return world


def test_the_worked_example_reads_simulated_data(simulated: World) -> None:
    staged = run(simulated, mapping=read_mapping(AMLSIM))
    assert staged.transactions.select("transaction_id", "amount_minor", "channel").rows() == [("1", 13989, "ach")]
    assert staged.table("staged/parties").select("party_id", "party_type").sort("party_id").rows() == [
        ("party-0", "person"),
        ("party-1", "organisation"),
    ]
    assert staged.table("staged/accounts").sort("account_id")["opened_on"].to_list() == [
        date(2017, 1, 1),
        date(2018, 1, 1),
    ]


def test_every_mapping_in_the_docs_is_valid() -> None:
    for path in (ROOT / "docs/mappings").glob("*.toml"):
        assert read_mapping(path).datasets


def test_the_docs_show_the_worked_example_as_it_is() -> None:
    shown = (ROOT / "docs/mapping.md").read_text(encoding="utf-8")
    for name, dataset in tomllib.loads(AMLSIM.read_text(encoding="utf-8")).items():
        assert f"[{name}]" in shown
        assert all(f'"{expression}"' in shown for expression in dataset["columns"].values())


@pytest.mark.skipif(not OUTSIDE.is_dir(), reason="the outside data is not here")
def test_the_worked_example_reads_real_simulator_output() -> None:
    world = World(OUTSIDE)
    staged = _outside(world)
    summary = staged.summary.transactions
    assert summary.rows_read == summary.rows_kept > 5000
    assert staged.table("blindness").filter(indicator="orphan_accounts").is_empty()


def _outside(world: World) -> Staged:
    from tempfile import mkdtemp

    from mirrorwatch.intake.stage import StageRequest, stage

    work = Path(mkdtemp())
    return Staged(work, stage(StageRequest(str(world.folder), date(2018, 6, 30), mapping=read_mapping(AMLSIM)), work))


def test_an_empty_mapping_changes_nothing(tmp_path: Path) -> None:
    world = World(tmp_path / "data", datasets={"accounts": accounts(), "parties": parties(), "fx_rates": fx_rates()})
    assert run(world.write(), mapping=Mapping()).summary.transactions.rows_kept == 2


def test_a_mapped_path_may_lead_through_folders_that_are_named_like_files(foreign: World) -> None:
    ledger = pl.read_parquet(foreign.folder / "ledger/2026/all.parquet")
    foreign.put("exports/march.parquet/part-0.parquet", ledger)
    staged = run(foreign, mapping=table(path="exports/*/*.parquet"))
    assert staged.transactions["transaction_id"].to_list() == ["1", "2"]
