"""What a night read and what became of it, in numbers: small enough to pass between steps as JSON."""

from datetime import date, timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from mirrorwatch.store.staging import read_text, write_text

_NAME = "summary.json"
_ALIKE = 3  # weekdays without a booking that make a habit


class DatasetSummary(BaseModel):
    """One dataset's rows: read = kept + rejected + not_applicable."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dataset: str
    files: int = 0
    rows_read: int = 0
    rows_kept: int = Field(default=0, description="valid rows; of transactions, the monitored ones")
    rows_rejected: int = 0
    rows_not_applicable: int = 0
    rejected_by_reason: dict[str, int] = Field(default_factory=dict, description="main reason's code: rows")
    absent_columns: tuple[str, ...] = Field(default=(), description="contract columns that some file lacks")
    physical_types: dict[str, dict[str, int]] = Field(
        default_factory=dict, description="the source's own columns: the types they have: rows with that type"
    )
    unknown_columns: tuple[str, ...] = Field(default=(), description="columns of some file that nobody reads")


class StageSummary(BaseModel):
    """The night's intake. `datasets` holds every dataset of the contract, absent ones with no files."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    run_date: date
    first_date: date
    datasets: dict[str, DatasetSummary]
    run_date_rows: int = Field(default=0, description="transactions read of the run date itself")
    days_without_rows: tuple[date, ...] = Field(default=(), description="dates of the window with no transaction read")

    @property
    def absent(self) -> frozenset[str]:
        """Names of the datasets that the source does not give."""
        return frozenset(name for name, summary in self.datasets.items() if summary.files == 0)

    @property
    def quiet_weekday(self) -> bool:
        """Whether the source never books on the run date's weekday: since its first booking, on none of three or more.

        Three, since one closed Monday is a holiday and two are a coincidence; a window of 22 days shows as many.
        """
        empty = frozenset(self.days_without_rows)
        days = [self.first_date + timedelta(days=number) for number in range((self.run_date - self.first_date).days)]
        first = next((day for day in days if day not in empty), self.run_date)
        alike = [day for day in days if day >= first and day.weekday() == self.run_date.weekday()]
        return len(alike) >= _ALIKE and empty.issuperset(alike)

    @property
    def transactions(self) -> DatasetSummary:
        """The transactions' numbers."""
        return self.datasets["transactions"]


def write_summary(work: Path, summary: StageSummary) -> None:
    """Leave the intake's numbers in the work folder for later steps."""
    write_text(work, _NAME, summary.model_dump_json(indent=2))


def read_summary(work: Path) -> StageSummary:
    """Read back the numbers that `intake.stage.stage` left in the work folder."""
    return StageSummary.model_validate_json(read_text(work, _NAME))
