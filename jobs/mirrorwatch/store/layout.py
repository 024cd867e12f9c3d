"""Where everything lies: the published tree, and the work folder in which one night is built."""

import shutil
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

# Tables that a night publishes, each under NAME/run_date=D/.
NIGHT_TABLES = (
    "alerts", "cases", "evidence", "explanations", "completeness", "quarantine", "blindness", "quality",
    "profile",
)  # fmt: skip
# Everything that a reader finds at the top of the output folder.
PUBLISHED_NAMES = (*NIGHT_TABLES, "reports", "data_docs", "manifests")
# What a night that was not to be published leaves, under failed/run_date=D/ or validated/run_date=D/.
UNPUBLISHED_TABLES = ("quarantine", "quality", "completeness", "blindness", "profile", "report", "data_docs")
PART = "part-0.parquet"
# What a monitoring system scrapes: of the last run, outside what nights publish.
METRICS = "metrics/mirrorwatch.prom"


def partition(table: str, run_date: date) -> str:
    """Folder of one night's rows of `table`, relative to the output folder."""
    return f"{table}/run_date={run_date.isoformat()}"


def is_remote(location: str) -> bool:
    """Tell an object-store prefix (`s3://…`) from a folder."""
    return "://" in location and not location.startswith("file://")


def local_folder(location: str) -> Path:
    """Return the absolute folder that a plain path or a file:// address names."""
    return Path(location.removeprefix("file://")).absolute()


def default_work(out: str, run_date: date) -> Path:
    """Return the night's work folder: inside a local output folder, else in the user's cache, one a destination."""
    if not is_remote(out):
        return local_folder(out) / ".work" / run_date.isoformat()
    return Path.home() / ".cache" / "mirrorwatch" / sha256(out.encode()).hexdigest()[:16] / run_date.isoformat()


@dataclass(frozen=True)
class Work:
    """One night's work folder. Readers of the output see nothing of it."""

    root: Path

    def clear(self) -> None:
        """Remove what an earlier run of the night left, and nothing else that may lie in the folder."""
        for name in (
            "staged",
            "as_read",
            "scratch",
            "prepared",
            "findings",
            "outgoing",
            "report",
            "reports",
            "data_docs",
            *NIGHT_TABLES,
        ):
            shutil.rmtree(self.root / name, ignore_errors=True)
        for path in (self.inputs, self.steps, self.baseline):
            path.unlink(missing_ok=True)
        self.root.mkdir(parents=True, exist_ok=True)

    @property
    def inputs(self) -> Path:
        """JSON list of {dataset, path, bytes, sha256}."""
        return self.root / "inputs.json"

    @property
    def steps(self) -> Path:
        """JSON lines: what each step took. Holds clock times, so it is never published."""
        return self.root / "steps.jsonl"

    @property
    def baseline(self) -> Path:
        """JSON: which published nights the alerts were compared with."""
        return self.root / "baseline.json"

    def staged(self, dataset: str) -> Path:
        """Folder of one dataset's staged Parquet."""
        return self.root / "staged" / dataset

    @property
    def prepared(self) -> Path:
        """Folder of what several detectors stand on: a folder of Parquet a frame."""
        return self.root / "prepared"

    def findings(self, typology: str) -> Path:
        """Parquet file of one detector's findings."""
        return self.root / "findings" / f"{typology}.parquet"

    def table(self, name: str) -> Path:
        """Folder of one table (or of reports and data_docs) as it will be published."""
        return self.root / name

    def rows(self, name: str) -> Path:
        """Parquet file of one table that the alerts room writes."""
        return self.root / name / PART
