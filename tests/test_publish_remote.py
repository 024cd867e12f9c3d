"""Publishing to an object store: the manifest comes last, and names everything with its hash."""

import json
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest
from moto.server import ThreadedMotoServer
from tests.conftest import Command
from tests.worlds import DAY, World, ordinary

from mirrorwatch.store.remote import Bucket

pytestmark = pytest.mark.usefixtures("pretend")
NEXT = DAY + timedelta(days=1)


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def settings(endpoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a configuration with the store's address and keys; the work folder is the test's own."""
    import boto3

    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    session = {"aws_access_key_id": "key", "aws_secret_access_key": "secret-key", "region_name": "us-east-1"}
    boto3.client("s3", endpoint_url=endpoint, **session).create_bucket(Bucket="bucket")
    path = tmp_path / "settings.toml"
    path.write_text(
        "[storage_options]\n"
        f'aws_endpoint_url = "{endpoint}"\naws_allow_http = "true"\naws_region = "us-east-1"\n'
        'aws_access_key_id = "key"\naws_secret_access_key = "secret-key"\n'
    )
    return path


def bucket(settings: Path, prefix: str) -> Bucket:
    from mirrorwatch.config import load

    return Bucket.open(f"s3://bucket/{prefix}", load(settings).storage_options)


def world() -> World:
    return ordinary().pay("s1", "scheme one", payer="one")


def test_nights_on_a_bucket(command: Command, tmp_path: Path, settings: Path) -> None:
    out = "s3://bucket/nights"
    data = world().write(tmp_path / "data")
    code, text, err = command("run", "--data", data, "--out", out, "--date", DAY, "--config", settings, "--json")
    assert code == 0, err
    assert json.loads(text)["report"] == f"s3://bucket/nights/reports/{DAY}/index.html"
    later = world().pay("s2", "scheme one", payer="one", day=NEXT).write(tmp_path / "later")
    assert command("run", "--data", later, "--out", out, "--date", NEXT, "--config", settings)[0] == 0
    store = bucket(settings, "nights")
    manifest = json.loads(store.read(f"manifests/{NEXT}.json") or b"")
    assert manifest["previous_manifest_sha256"] == sha256(store.read(f"manifests/{DAY}.json") or b"").hexdigest()
    for entry in manifest["outputs"]:
        assert sha256(store.read(entry["path"]) or b"").hexdigest() == entry["sha256"]
    alerts = pl.read_parquet(store.read(f"alerts/run_date={NEXT}/part-0.parquet") or b"")
    assert alerts["state"].to_list() == ["changed"]
    alert = alerts["alert_id"][0]
    assert command("explain", alert[:10], "--out", out, "--config", settings)[0] == 0
    assert command("verify", alert, "--data", later, "--out", out, "--config", settings)[0] == 0
    assert b"secret-key" not in (store.read(f"manifests/{NEXT}.json") or b"")
    assert "secret-key" not in err


def test_the_manifest_is_written_last_and_leftovers_go(
    command: Command, tmp_path: Path, settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    original = Bucket.write

    def write(self: Bucket, key: str, content: Path | bytes) -> None:
        written.append(key)
        original(self, key, content)

    monkeypatch.setattr(Bucket, "write", write)
    data = world().write(tmp_path / "data")
    store = bucket(settings, "order")
    store.write(f"alerts/run_date={DAY}/part-9.parquet", b"left by something else")
    written.clear()
    command("run", "--data", data, "--out", "s3://bucket/order", "--date", DAY, "--config", settings)
    assert written[-2:] == [f"manifests/{DAY}.json", "metrics/mirrorwatch.prom"]  # metrics are no part of the night
    assert store.below(f"alerts/run_date={DAY}") == [f"alerts/run_date={DAY}/part-0.parquet"]


def test_an_upload_that_breaks_leaves_no_manifest(
    command: Command, tmp_path: Path, settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise OSError("the line went dead")

    data = world().write(tmp_path / "data")
    arguments = ("run", "--data", data, "--out", "s3://bucket/broken", "--date", DAY, "--config", settings)
    with monkeypatch.context() as patch:
        patch.setattr(Bucket, "write", broken)
        code, _, err = command(*arguments)
    assert code == 1
    assert "the line went dead" in err
    assert bucket(settings, "broken").keys("manifests") == []
    assert command(*arguments)[0] == 0


def test_a_stopped_night_leaves_its_reasons_on_the_bucket(command: Command, tmp_path: Path, settings: Path) -> None:
    data = world().pay("b", "broken").write(tmp_path / "data")
    code, _, err = command("run", "--data", data, "--out", "s3://bucket/stop", "--date", DAY, "--config", settings)
    assert code == 3
    assert f"s3://bucket/stop/failed/run_date={DAY}" in err
    assert f"failed/run_date={DAY}/quality/part-0.parquet" in bucket(settings, "stop").below("failed")
