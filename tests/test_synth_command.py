"""The `synth` command: options become a world, and nothing that is there is overwritten unasked."""

import json
from pathlib import Path

import polars as pl
import pytest

from mirrorwatch.errors import UsageError
from mirrorwatch.synth import command
from mirrorwatch.synth.command import synth

SMALL = {"accounts": 200, "days": 4, "innocents": 0, "mirror_easy": 1, "mirror_hard": 0, "shell_easy": 0}


def test_it_writes_data_and_labels_beside_it_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    synth(data=tmp_path / "world", json=True, shell_hard=1, **SMALL)  # type: ignore[arg-type]
    said = json.loads(capsys.readouterr().out)
    assert said["schemes"] == 2
    assert said["labels"] == str(tmp_path / "world-labels")
    assert said["last_date"] == "2026-03-31"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["world", "world-labels"]
    rows = pl.scan_parquet(tmp_path / "world" / "transactions" / "**" / "*.parquet").select(pl.len()).collect().item()
    assert rows == said["transactions"]
    assert len(pl.read_parquet(tmp_path / "world-labels" / "schemes.parquet")) == 2


def test_text_output_names_both_folders(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    synth(data=tmp_path / "world", no_schemes=True, **SMALL)  # type: ignore[arg-type]
    out = capsys.readouterr().out
    assert "0 schemes" in out
    assert "world-labels" in out


def test_rows_set_the_size(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    synth(data=tmp_path / "world", rows=40_000, days=10, no_schemes=True, innocents=0, json=True)
    assert json.loads(capsys.readouterr().out)["transactions"] == pytest.approx(40_000, rel=0.15)


def test_a_folder_that_holds_something_is_left_alone_without_force(tmp_path: Path) -> None:
    target = tmp_path / "world"
    target.mkdir()
    (target / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match="--force"):
        synth(data=target, **SMALL)  # type: ignore[arg-type]
    assert [path.name for path in target.iterdir()] == ["notes.txt"]


def test_force_replaces_the_world_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "world"
    synth(data=target, seed=1, **SMALL)  # type: ignore[arg-type]
    (target / "notes.txt").write_text("mine")
    before = pl.read_parquet(target / "accounts" / "*.parquet")
    synth(data=target, seed=2, force=True, **SMALL)  # type: ignore[arg-type]
    assert (target / "notes.txt").read_text() == "mine"
    assert not before.equals(pl.read_parquet(target / "accounts" / "*.parquet"))
    assert len(list((target / "transactions").iterdir())) == 4


@pytest.mark.parametrize("name", ["s3://bucket/world", "gs://bucket/world"])
def test_a_remote_prefix_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="not a local folder"):
        synth(data=Path(name), **SMALL)  # type: ignore[arg-type]


def test_labels_inside_the_data_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="inside the data folder"):
        synth(data=tmp_path / "world", labels=tmp_path / "world" / "labels", **SMALL)  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_breaks_leaves_the_last_world_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "world"
    synth(data=target, **SMALL)  # type: ignore[arg-type]
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.parquet")}
    original = command.write_world

    def broken(*arguments: object) -> None:
        original(*arguments)  # type: ignore[arg-type]
        raise OSError("disk full")

    monkeypatch.setattr(command, "write_world", broken)
    with pytest.raises(OSError, match="disk full"):
        synth(data=target, seed=2, force=True, **SMALL)  # type: ignore[arg-type]
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.parquet")} == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["world", "world-labels"]
