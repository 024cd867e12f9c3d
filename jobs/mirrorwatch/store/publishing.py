"""Publish a night whole or not at all.

On a local file system a publication is a new generation: a complete folder beside the current one, whose unchanged
files are hard links. One rename of one symbolic link makes it visible, so a run killed at any moment leaves readers
with the last night; what it left half built is removed by the next publication.

    OUT/alerts -> .published/current/alerts          (likewise every published name; never changes)
    OUT/.published/current -> g000007                (the one link that is swapped)
    OUT/.published/g000005 … g000007                 (older ones stay a while for readers in flight)
"""

import os
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

from mirrorwatch.errors import MirrorwatchError, UsageError
from mirrorwatch.store.layout import NIGHT_TABLES, PUBLISHED_NAMES, UNPUBLISHED_TABLES, Work, partition
from mirrorwatch.store.locking import locked
from mirrorwatch.store.remote import Bucket

# Generations kept behind the current one: a reader that started two publications ago can still finish.
_KEPT_BEHIND = 2
# Given the new generation's folder, writes the night's manifest into it from what lies there.
Seal = Callable[[Path], object]


def publish(out: Path, run_date: date, work: Work, seal: Seal) -> Path:
    """Make the night in `work` visible below `out`, in place of an earlier publication of the same date.

    Returns the generation's folder. Raises UsageError when `out` holds folders that mirrorwatch did not make, and
    MirrorwatchError when another publication is under way or the disk refuses.
    """
    root = out / ".published"
    with locked(root / "lock", f"publishing {run_date}"):
        prepare(out)
        current = (root / "current").resolve()
        building = clear(root)
        carry_over(current, building, run_date)
        place(work, building, run_date)
        seal(building)
        sync(building)
        generation = name_generation(root, building)
        swap(root, generation)
        prune(root, generation)
    return generation


def prepare(out: Path) -> None:
    """Make an empty first generation and the links to it: readers find empty folders, never dangling links."""
    root = out / ".published"
    refuse_foreign(out)
    if not (root / "current").exists():
        first = root / "g000000"
        for name in PUBLISHED_NAMES:
            (first / name).mkdir(parents=True, exist_ok=True)
        swap(root, first)
    for name in PUBLISHED_NAMES:
        if not (out / name).is_symlink():
            (out / name).symlink_to(Path(".published") / "current" / name)


def refuse_foreign(out: Path) -> None:
    """Raise UsageError when `out` cannot become an output folder: a file in the way, or folders of somebody else."""
    standing = next(place for place in (out, *out.parents) if place.exists())
    if not standing.is_dir():
        raise UsageError(
            "A file stands where the output folder would be.", where=str(standing), remedy="Name a folder with --out."
        )
    for name in PUBLISHED_NAMES:
        if (out / name).exists() and not (out / name).is_symlink():
            raise UsageError(
                f"The output folder already holds '{name}', which mirrorwatch did not make.",
                where=str(out / name),
                remedy="Name an empty folder with --out, or move that one away.",
            )


def clear(root: Path) -> Path:
    """Remove what a killed publication left half built, and return the folder to build the next one in."""
    building = root / "building"
    if building.exists():
        shutil.rmtree(building)
    for name in PUBLISHED_NAMES:
        (building / name).mkdir(parents=True)
    return building


def carry_over(current: Path, building: Path, run_date: date) -> None:
    """Link every file of the current generation into the new one, but for those that this night replaces."""
    replaced = night_folders(run_date)
    for folder, subfolders, files in os.walk(current):
        relative = Path(folder).relative_to(current)
        subfolders[:] = [name for name in subfolders if (relative / name).as_posix() not in replaced]
        (building / relative).mkdir(parents=True, exist_ok=True)
        for name in files:
            _link(Path(folder) / name, building / relative / name)


def night_folders(run_date: date) -> tuple[str, ...]:
    """Return the folders, relative to the output, that a night replaces whole: its own, which its manifest names."""
    return (*(partition(table, run_date) for table in (*NIGHT_TABLES, "data_docs")), f"reports/{run_date.isoformat()}")


def place(work: Work, building: Path, run_date: date) -> None:
    """Copy the night out of its work folder. Copies, not links: a later run may write the work folder again."""
    for table in NIGHT_TABLES:
        _copy(work.table(table), building / partition(table, run_date))
    _copy(work.table("reports") / run_date.isoformat(), building / "reports" / run_date.isoformat())
    if work.table("data_docs").is_dir():
        _copy(work.table("data_docs"), building / partition("data_docs", run_date))


def sync(folder: Path) -> None:
    """Put every new file and every folder on the disk, so that the swap never names what a crash can lose.

    A file with a second name is an earlier night's, and lies on the disk since then.
    """
    for inner, _, files in os.walk(folder):
        for path in (Path(inner) / name for name in files):
            if path.stat().st_nlink == 1:
                _sync_one(path)
        _sync_one(Path(inner))


def name_generation(root: Path, building: Path) -> Path:
    """Give the finished folder its number."""
    taken = [int(path.name[1:]) for path in root.glob("g[0-9]*")]
    generation = root / f"g{max(taken, default=-1) + 1:06d}"
    building.rename(generation)
    return generation


def swap(root: Path, generation: Path) -> None:
    """Make `generation` the current one: a single rename, which the file system does whole or not at all."""
    aside = root / "next"
    aside.unlink(missing_ok=True)
    aside.symlink_to(generation.name)
    aside.replace(root / "current")
    _sync_one(root)


def prune(root: Path, current: Path) -> None:
    """Remove generations that no reader can still be in; one that was finished but never became current goes too."""
    numbered = sorted(path for path in root.glob("g[0-9]*") if path != current)
    for path in numbered[:-_KEPT_BEHIND]:
        shutil.rmtree(path)


def publish_remote(bucket: Bucket, run_date: date, work: Work, seal: Seal) -> None:
    """Upload the night, its manifest last: there is no rename on an object store, so readers go by the manifest."""
    outgoing = clear(work.table("outgoing"))
    _fetch_manifest(bucket, run_date, outgoing)
    place(work, outgoing, run_date)
    seal(outgoing)
    files = {path.relative_to(outgoing).as_posix(): path for path in outgoing.rglob("*") if path.is_file()}
    manifest = f"manifests/{run_date.isoformat()}.json"
    for key in sorted(files, key=lambda key: (key == manifest, key)):
        bucket.write(key, files[key])
    replaced = [key for folder in night_folders(run_date) for key in bucket.below(folder)]
    bucket.delete([key for key in replaced if key not in files])
    shutil.rmtree(outgoing)


def _fetch_manifest(bucket: Bucket, run_date: date, outgoing: Path) -> None:
    """Lay the manifest that this night will supersede where `seal` looks for it."""
    key = f"manifests/{run_date.isoformat()}.json"
    if (earlier := bucket.read(key)) is not None:
        (outgoing / key).write_bytes(earlier)


def set_aside(out: Path, name: str, run_date: date, work: Work) -> Path:
    """Leave what an unpublished night found under NAME/run_date=D (failed, validated); published nights stay."""
    final = out / partition(name, run_date)
    building = final.with_name(f".{final.name}.part")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    for table in UNPUBLISHED_TABLES:
        if work.table(table).is_dir():
            _copy(work.table(table), building / table)
    shutil.rmtree(final, ignore_errors=True)
    building.rename(final)
    return final


def set_aside_remote(bucket: Bucket, name: str, run_date: date, work: Work) -> None:
    """Do the same on an object store."""
    folder = partition(name, run_date)
    files = {
        f"{folder}/{path.relative_to(work.root).as_posix()}": path
        for table in UNPUBLISHED_TABLES
        for path in sorted(work.table(table).rglob("*"))
        if path.is_file()
    }
    bucket.delete([key for key in bucket.below(folder) if key not in files])
    for key, path in files.items():
        bucket.write(key, path)


def forget_failure(out: Path, run_date: date) -> None:
    """Remove what an earlier, failed run of the same night left: the night is published now."""
    shutil.rmtree(out / partition("failed", run_date), ignore_errors=True)


def _copy(source: Path, target: Path) -> None:
    if not source.is_dir():
        raise MirrorwatchError("Part of the night is missing.", where=str(source), remedy="Run the night again.")
    shutil.copytree(source, target, dirs_exist_ok=True)
    for path in target.rglob("*"):
        if path.is_file():
            path.chmod(0o444)  # generations share files by hard link: nobody may write one in place


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # a file system without hard links, or too many links on one file
        shutil.copy2(source, target)


def _sync_one(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
