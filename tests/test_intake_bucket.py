"""Input on an object store is read as input in a folder is."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from moto.server import ThreadedMotoServer
from tests.intake_worlds import DAY_BEFORE, RUN_DATE, Staged, World, booking, frame, run

from mirrorwatch.errors import MirrorwatchError
from mirrorwatch.intake.stage import StageRequest, stage
from mirrorwatch.night import plan
from mirrorwatch.store.mapping import parse_mapping
from mirrorwatch.store.reading import Source, Window, list_inputs

BUCKET = "input"


@pytest.fixture(scope="module")
def options() -> Iterator[dict[str, str]]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield {
        "aws_endpoint_url": f"http://{host}:{port}",
        "aws_allow_http": "true",
        "aws_region": "us-east-1",
        "aws_access_key_id": "key",
        "aws_secret_access_key": "secret-key",
    }
    server.stop()


@pytest.fixture
def world(tmp_path: Path, options: dict[str, str]) -> World:
    """Return a world that also lies below s3://input/bank/feed."""
    world = World(
        tmp_path / "data", days={RUN_DATE: frame(booking(1), booking(2)), DAY_BEFORE: frame(booking(3, DAY_BEFORE))}
    )
    world.put(f"transactions/booking_date={RUN_DATE}/a [1] *%20é+.parquet", frame(booking(4)))
    _upload(world.write().folder, options)
    return world


def _upload(folder: Path, options: dict[str, str]) -> None:
    import boto3

    client = boto3.client(
        "s3",
        endpoint_url=options["aws_endpoint_url"],
        aws_access_key_id="key",
        aws_secret_access_key="secret-key",  # noqa: S106 - the pretend server takes any
        region_name="us-east-1",
    )
    client.create_bucket(Bucket=BUCKET)
    for path in sorted(folder.rglob("*.parquet")):
        client.put_object(Bucket=BUCKET, Key=f"bank/feed/{path.relative_to(folder).as_posix()}", Body=path.read_bytes())


def test_a_bucket_is_listed_hashed_and_read_like_a_folder(
    world: World, options: dict[str, str], tmp_path: Path
) -> None:
    local = run(world)
    source = Source(f"s3://{BUCKET}/bank/feed", storage_options=options)
    inputs = list_inputs(source, Window(RUN_DATE, 5))
    assert inputs == list_inputs(Source(str(world.folder)), Window(RUN_DATE, 5))
    first = (world.folder / inputs[0].path).read_bytes()
    assert inputs[0].sha256 == hashlib.sha256(first).hexdigest()
    request = StageRequest(source.data, RUN_DATE, 5, storage_options=options, inputs=inputs)
    remote = Staged(tmp_path / "remote", stage(request, tmp_path / "remote"))
    assert remote.summary == local.summary
    assert remote.transactions.equals(local.transactions)


def test_a_mapping_reads_from_a_bucket_too(world: World, options: dict[str, str], tmp_path: Path) -> None:
    columns = {name: name for name in pl.read_parquet_schema(world.folder / "accounts/part-0.parquet")}
    mapping = parse_mapping({"accounts": {"path": "acc*/*.parquet", "columns": columns, "where": "account_id <> 'A3'"}})
    request = StageRequest(f"s3://{BUCKET}/bank/feed/", RUN_DATE, 5, mapping, options)
    assert stage(request, tmp_path / "remote").datasets["accounts"].rows_read == 2


def test_a_bucket_that_is_not_there_is_named(options: dict[str, str]) -> None:
    with pytest.raises(MirrorwatchError, match="s3://nowhere") as raised:
        list_inputs(Source("s3://nowhere/feed", storage_options=options), Window(RUN_DATE))
    assert raised.value.exit_code == 1  # the machine: the data is not judged, and Airflow tries again
    assert "Debug source" not in str(raised.value)


def test_an_output_that_is_not_there_is_noticed_before_the_night_begins(
    options: dict[str, str], tmp_path: Path
) -> None:
    settings = tmp_path / "settings.toml"
    lines = ["[storage_options]", *(f'{name} = "{value}"' for name, value in options.items())]
    settings.write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "data").mkdir()
    with pytest.raises(MirrorwatchError, match="The object store refused") as raised:
        plan(str(tmp_path / "data"), "s3://nowhere/out", RUN_DATE, config_file=settings)
    assert raised.value.exit_code == 1
    assert "\n" not in str(raised.value)
