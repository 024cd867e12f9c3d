"""Publishing: whole or not at all, wherever a run is killed; one run at a time; a chain of manifests."""

import json
import os
import shutil
import signal
import subprocess
import sys
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest
from tests.conftest import Command
from tests.worlds import DAY, World, ordinary

from mirrorwatch.store.locking import locked
from mirrorwatch.store.publishing import prune

pytestmark = pytest.mark.usefixtures("pretend")
NEXT = DAY + timedelta(days=1)
PUBLISHING = "mirrorwatch.store.publishing"
# Every step of a night, every stage of a publication, and the middle of those that do many small things.
POINTS = [
    *((f"step:{step}", 1) for step in ("stage", "assess", "gate", "prepare", "assemble", "report", "publish")),
    ("step:detect", 2),
    *((f"{PUBLISHING}:{stage}", 1) for stage in ("prepare", "clear", "carry_over", "place", "sync", "swap", "prune")),
    (f"{PUBLISHING}:_link", 7),
    (f"{PUBLISHING}:_copy", 4),
    (f"{PUBLISHING}:_sync_one", 5),
    (f"{PUBLISHING}:name_generation", 1),
    ("mirrorwatch.night.recording:seal", 1),
]


def world() -> World:
    return ordinary().pay("s1", "scheme one", payer="one").pay("s2", "scheme two", payer="two")


def seen(out: Path) -> dict[str, bytes]:
    """Every byte that a reader finds at the top of the output folder."""
    links = [path for path in out.iterdir() if path.is_symlink()]
    assert all(link.exists() for link in links), "a link dangles"
    return {
        str(path.relative_to(out)): path.read_bytes()
        for link in links
        for path in sorted(Path(f"{link}/").rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One published night, and the data of the next."""
    from tests.worlds import put_in_place

    from mirrorwatch import night

    root = tmp_path_factory.mktemp("published")
    data = world().write(root / "data")
    world().pay("s3", "scheme one", payer="one", day=NEXT).write(root / "next")
    with pytest.MonkeyPatch.context() as patch:
        put_in_place(patch)
        night.run_night(night.plan(str(data), str(root / "out"), DAY))
    return root


@pytest.mark.parametrize(("point", "nth"), POINTS)
def test_a_run_killed_anywhere_leaves_the_last_night_and_the_next_run_succeeds(
    point: str, nth: int, published: Path, tmp_path: Path, command: Command
) -> None:
    out = shutil.copytree(published / "out", tmp_path / "out", symlinks=True)
    before = seen(out)
    killed = subprocess.run(
        [sys.executable, "-m", "tests.kill_a_run", point, str(nth), published / "next", out, str(NEXT)],
        capture_output=True,
        check=False,
        cwd=Path(__file__).parent.parent,
        env={**os.environ, "POLARS_MAX_THREADS": "1"},
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    after = seen(out)
    if f"manifests/{NEXT}.json" in after:
        assert point.endswith(":prune"), "only what comes after the swap may show the new night"
    else:
        assert after == before
    code, _, err = command("run", "--data", published / "next", "--out", out, "--date", NEXT)
    assert code == 0, err
    whole = seen(out)
    assert before.items() <= whole.items()
    assert check_manifest(out, NEXT)["previous_manifest_sha256"] == sha256(before[f"manifests/{DAY}.json"]).hexdigest()
    assert not (out / ".published" / "building").exists()


@pytest.mark.parametrize("point", [f"{PUBLISHING}:prepare", f"{PUBLISHING}:swap", f"{PUBLISHING}:place"])
def test_a_first_run_that_is_killed_leaves_nothing_half_visible(
    point: str, published: Path, out: Path, command: Command
) -> None:
    nights = [point, "1", published / "data", out, str(DAY)]
    killed = subprocess.run([sys.executable, "-m", "tests.kill_a_run", *nights], capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert seen(out) == {}
    assert command("run", "--data", published / "data", "--out", out, "--date", DAY)[0] == 0
    assert seen(out) == seen(published / "out")


def check_manifest(out: Path, night: object) -> dict[str, object]:
    """Compare every output that the manifest names with the bytes that lie there, and return it."""
    manifest: dict[str, object] = json.loads((out / "manifests" / f"{night}.json").read_text())
    outputs = manifest["outputs"]
    assert isinstance(outputs, list)
    for entry in outputs:
        content = (out / entry["path"]).read_bytes()
        assert (len(content), sha256(content).hexdigest()) == (entry["bytes"], entry["sha256"])
        if entry["rows"] is not None:
            assert pl.read_parquet(content).height == entry["rows"]
    return manifest


def test_a_manifest_names_every_file_of_its_night(published: Path) -> None:
    out = published / "out"
    manifest = check_manifest(out, DAY)
    named = {entry["path"] for entry in manifest["outputs"]}  # type: ignore[attr-defined]
    assert named == set(seen(out)) - {f"manifests/{DAY}.json"}
    for entry in manifest["inputs"]:  # type: ignore[attr-defined]
        assert sha256((published / "data" / entry["path"]).read_bytes()).hexdigest() == entry["sha256"]


def test_only_two_older_generations_are_kept(published: Path, tmp_path: Path, command: Command) -> None:
    out = shutil.copytree(published / "out", tmp_path / "out", symlinks=True)
    for _ in range(4):
        assert command("run", "--data", published / "data", "--out", out, "--date", DAY)[0] == 0
    generations = sorted(path.name for path in (out / ".published").glob("g*"))
    assert generations == ["g000003", "g000004", "g000005"]
    assert (out / ".published" / "current").resolve().name == "g000005"


def test_generations_share_the_bytes_of_earlier_nights(published: Path, tmp_path: Path, command: Command) -> None:
    out = tmp_path / "out"
    assert command("run", "--data", published / "data", "--out", out, "--date", DAY)[0] == 0
    assert command("run", "--data", published / "next", "--out", out, "--date", NEXT)[0] == 0
    alerts = out / "alerts" / f"run_date={DAY}" / "part-0.parquet"
    assert alerts.stat().st_nlink == 2
    assert alerts.stat().st_mode & 0o222 == 0


def test_a_reader_that_is_under_way_can_finish(published: Path, tmp_path: Path, command: Command) -> None:
    out = shutil.copytree(published / "out", tmp_path / "out", symlinks=True)
    reading = (out / ".published" / "current").resolve()
    before = (reading / "alerts" / f"run_date={DAY}" / "part-0.parquet").read_bytes()
    assert command("run", "--data", published / "next", "--out", out, "--date", NEXT)[0] == 0
    assert (reading / "alerts" / f"run_date={DAY}" / "part-0.parquet").read_bytes() == before


def test_prune_keeps_the_current_generation_whatever_its_number(tmp_path: Path) -> None:
    for number in range(5):
        (tmp_path / f"g{number:06d}").mkdir()
    prune(tmp_path, tmp_path / "g000001")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["g000001", "g000003", "g000004"]


def test_two_runs_of_one_night_do_not_collide(published: Path, out: Path, command: Command) -> None:
    with locked(out / ".work" / f"{DAY}.lock", "the night that holds it"):
        code, _, err = command("run", "--data", published / "data", "--out", out, "--date", DAY)
    assert code == 1
    assert f"Cannot start the night of {DAY}: process {os.getpid()} (the night that holds it) is still at it." in err
    assert not (out / "alerts").exists()
    assert command("run", "--data", published / "data", "--out", out, "--date", DAY)[0] == 0


def test_a_night_published_in_between_is_noticed(published: Path, out: Path) -> None:
    from mirrorwatch import night
    from mirrorwatch.errors import MirrorwatchError

    slow = night.plan(str(published / "next"), str(out), NEXT)
    for step in night.STEPS:
        for arguments in [(name,) for name in slow.typologies] if step == "detect" else [()]:
            if step != "publish":
                night.run_step(slow, step, *arguments)
    night.run_night(night.plan(str(published / "data"), str(out), DAY))
    with pytest.raises(MirrorwatchError, match="Another night was published while this one ran"):
        night.run_step(slow, "publish")
    night.run_step(slow, "assemble")
    night.run_step(slow, "report")
    night.run_step(slow, "publish")
    assert check_manifest(out, NEXT)["previous_manifest"] == f"manifests/{DAY}.json"


def test_a_damaged_publication_is_mended_by_running_its_night_again(
    published: Path, tmp_path: Path, command: Command
) -> None:
    out = shutil.copytree(published / "out", tmp_path / "out", symlinks=True)
    path = (out / "evidence" / f"run_date={DAY}" / "part-0.parquet").resolve()
    path.chmod(0o644)
    path.write_bytes(b"damaged")
    code, _, err = command("run", "--data", published / "data", "--out", out, "--date", DAY)
    assert code == 0, err
    assert "earlier publication cannot be read" in err
    assert seen(out) == seen(published / "out")


def test_a_folder_that_is_not_ours_is_left_alone(published: Path, out: Path, command: Command) -> None:
    (out / "reports").mkdir(parents=True)
    (out / "reports" / "mine.txt").write_text("keep")
    code, _, err = command("run", "--data", published / "data", "--out", out, "--date", DAY)
    assert code == 2
    assert "already holds 'reports'" in err
    assert (out / "reports" / "mine.txt").read_text() == "keep"


def test_an_older_night_can_be_filled_in_later(published: Path, tmp_path: Path, command: Command) -> None:
    out = shutil.copytree(published / "out", tmp_path / "out", symlinks=True)
    earlier = DAY - timedelta(days=1)
    assert command("run", "--data", published / "data", "--out", out, "--date", earlier)[0] == 0
    assert check_manifest(out, earlier)["previous_manifest"] is None
    assert check_manifest(out, DAY)["previous_manifest"] is None
