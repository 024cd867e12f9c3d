"""The `synth` command: options become a world, and nothing that is there is overwritten unasked."""

import json
from pathlib import Path

import polars as pl
import pytest

from mirrorwatch.errors import UsageError
from mirrorwatch.synth import command
from mirrorwatch.synth.asked import TYPOLOGIES, typology_specs
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


def test_other_typologies_are_planted_as_asked_whatever_the_order_of_options(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    none = {**SMALL, "mirror_easy": 0, "shell_hard": 0}
    wishes = ["structuring=2", "bulk_cash=1"]
    synth(data=tmp_path / "one", easy=wishes, hard=["real_estate=1"], **none)  # type: ignore[arg-type]
    synth(data=tmp_path / "two", easy=wishes[::-1], hard=["real_estate=1"], **none)  # type: ignore[arg-type]
    capsys.readouterr()
    schemes = pl.read_parquet(tmp_path / "one-labels" / "schemes.parquet")
    asked = [("bulk_cash", "easy"), ("real_estate", "hard"), ("structuring", "easy"), ("structuring", "easy")]
    assert sorted(schemes.select("typology", "difficulty").iter_rows()) == asked
    assert schemes.equals(pl.read_parquet(tmp_path / "two-labels" / "schemes.parquet"))


def test_all_stands_for_every_typology_without_a_value_of_its_own() -> None:
    specs = typology_specs([], ["all=2", "stack=0", "fan_in=1"])
    assert {spec.typology for spec in specs} == set(TYPOLOGIES) - {"stack"}
    assert {spec.count for spec in specs if spec.typology != "fan_in"} == {2}
    assert {spec.difficulty for spec in specs} == {"hard"}


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        ("smurfing=1", "'smurfing' is no typology"),
        ("=1", "'=1' is no typology"),
        ("structuring", "'' is no number"),
        ("structuring=-1", "'-1' is no number"),
        ("structuring=two", "'two' is no number"),
        ("structuring=\u00b2", "is no number"),
        ("mirror_swap=1", "option of its own"),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused_by_name(tmp_path: Path, wish: str, says: str) -> None:
    with pytest.raises(UsageError, match=says) as refused:
        synth(data=tmp_path / "world", easy=[wish], **SMALL)  # type: ignore[arg-type]
    assert f"--easy {wish}" in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_a_typology_given_twice_is_refused() -> None:
    with pytest.raises(UsageError, match="stack is given twice"):
        typology_specs(["stack=1", "stack=2"], [])


def test_the_docs_name_every_typology_that_can_be_asked_for() -> None:
    text = Path(__file__).parents[1].joinpath("docs", "synthetic-worlds.md").read_text(encoding="utf-8")
    assert [name for name in TYPOLOGIES if f"`{name}`" not in text] == []
