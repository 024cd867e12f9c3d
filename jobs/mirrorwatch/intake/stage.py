"""The night's intake: read, conform, judge, and write what every later step draws from.

`stage(StageRequest(...), work)` writes below `work` (schemas in `contract`): `staged/<dataset>/` for every dataset of
the contract, `quarantine/`, `completeness/`, `blindness/`, `as_read/<dataset>/` for the quality suites, and
`summary.json`; it returns the StageSummary that `intake.summary.read_summary(work)` reads back. It starts over every
time.
"""

from collections.abc import Collection, Sequence
from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import polars as pl

from mirrorwatch.contract import BLINDNESS, DATASETS, PARTITION, ROW_KEY, TRANSACTIONS, Dataset
from mirrorwatch.detectors.base import Detector
from mirrorwatch.detectors.watchlist_exposure_parameters import ExposureParameters
from mirrorwatch.intake.beside import stage_beside
from mirrorwatch.intake.blindness import blindness
from mirrorwatch.intake.bookings import in_usd, inside_window
from mirrorwatch.intake.conform import Origin, conform
from mirrorwatch.intake.decisions import judged
from mirrorwatch.intake.entities import stage_entities
from mirrorwatch.intake.frames import night_frames
from mirrorwatch.intake.fx import daily_rates
from mirrorwatch.intake.gaps import Night
from mirrorwatch.intake.judging import Judgement, judge
from mirrorwatch.intake.listed import stage_listed, wanted
from mirrorwatch.intake.summary import DatasetSummary, StageSummary, write_summary
from mirrorwatch.resolution import ResolutionParameters
from mirrorwatch.rulebook import SHIPPED, Rulebook
from mirrorwatch.store.damage import BROKEN, raise_for_broken_file
from mirrorwatch.store.mapping import Mapping
from mirrorwatch.store.reading import (
    FileGroup,
    InputFile,
    Source,
    Window,
    file_groups,
    find_files,
)  # fmt: skip
from mirrorwatch.store.staging import (
    STAGED_SCHEMAS,
    as_read,
    clear,
    discard_scratch,
    sink,
    sink_empty_quarantine,
    staged,
    table,
)  # fmt: skip


@dataclass(frozen=True)
class StageRequest:
    """What to read: a data folder or prefix, the run date and its lookback, and how to read foreign Parquet.

    `inputs` fixes the files (as `store.reading.list_inputs` found them); without it they are found anew. `dismissed` is
    the bank's file of dismissed pairs; `resolution` and `exposure` say when two parties are one, and who is listed.
    """

    data: str
    run_date: date
    lookback_days: int = 45
    mapping: Mapping = field(default_factory=Mapping)
    storage_options: Table[str, str] = field(default_factory=dict)
    inputs: Sequence[InputFile] | None = None
    dismissed: Path | None = None
    resolution: ResolutionParameters = field(default_factory=ResolutionParameters)
    exposure: ExposureParameters = field(default_factory=ExposureParameters)
    rulebook: Rulebook = SHIPPED

    @property
    def source(self) -> Source:
        """Where the files lie and how they are mapped."""
        return Source(self.data, self.mapping, self.storage_options)

    @property
    def window(self) -> Window:
        """The booking dates that are read."""
        return Window(self.run_date, self.lookback_days)


def stage(request: StageRequest, work: Path, detectors: Sequence[Detector] = ()) -> StageSummary:
    """Read and judge the night's input into `work`; `detectors` are those whose blindness is told.

    Raises InputError (a file, column or dataset that cannot be read) and UsageError (a mapping that does not work).
    """
    clear(work)
    files = request.inputs if request.inputs is not None else find_files(request.source, request.window)
    judgements = {}
    for dataset in sorted(DATASETS, key=lambda dataset: dataset is TRANSACTIONS):  # transactions need the rates
        mine = [file for file in files if file.dataset == dataset.name]
        judgements[dataset.name] = _stage_dataset(request, work, dataset, mine)
    sink_empty_quarantine(work)
    summary = _summary(request, work, judgements)
    frames = {name: staged(work, name) for name in judgements}
    read = {name: as_read(work, name) for name in judgements if name not in {*summary.absent, "transactions"}}
    night = Night(frames, table(work, "completeness").collect(), summary, read)
    stage_entities(work, request.run_date, request.resolution, wanted=bool(detectors))
    write_summary(work, summary)
    stage_beside(request.source, files, work, request.run_date, request.dismissed)
    # Without a list nobody was looked up: nothing is written, so that "nobody is listed" is never said of it.
    looked = wanted(detectors) and "watchlist" not in summary.absent
    silent = _listed(request, work) if looked else pl.DataFrame(schema=BLINDNESS)
    blind = pl.concat([blindness(night, detectors, request.rulebook), silent]).sort("detector", "indicator", "why")
    sink(blind.lazy(), work / "blindness", BLINDNESS)
    discard_scratch(work)
    return summary


def _listed(request: StageRequest, work: Path) -> pl.DataFrame:
    return stage_listed(work, night_frames(work, request.run_date, request.rulebook), request.exposure)


def stage_only(request: StageRequest, work: Path, datasets: Collection[str]) -> None:
    """Read and judge some datasets into `work`/staged, and what lies beside them; nothing is told of the others."""
    clear(work)
    files = find_files(request.source, request.window, datasets) if request.inputs is None else request.inputs
    for dataset in sorted(DATASETS, key=lambda dataset: dataset is TRANSACTIONS):
        if dataset.name in datasets:
            _stage_dataset(request, work, dataset, [file for file in files if file.dataset == dataset.name])
    stage_beside(request.source, files, work, request.run_date, request.dismissed)
    discard_scratch(work)


def _stage_dataset(request: StageRequest, work: Path, dataset: Dataset, files: list[InputFile]) -> DatasetSummary:
    if not files:
        sink(pl.LazyFrame(schema=STAGED_SCHEMAS[dataset.name]), work / "staged" / dataset.name)
        return DatasetSummary(dataset=dataset.name)
    groups = file_groups(request.source, dataset, files)
    try:
        rows = [judged(frame, dataset) for frame in _conformed(request, work, groups)]
        return judge(Judgement(dataset, groups, rows, request.run_date), work)
    except BROKEN:
        raise_for_broken_file(groups)
        raise


def _conformed(request: StageRequest, work: Path, groups: list[FileGroup]) -> list[pl.LazyFrame]:
    dataset, window = groups[0].dataset, request.window
    frames = []
    for group in groups:
        columns = group.columns()
        schema = columns.drop(ROW_KEY, PARTITION).collect_schema()
        origin = Origin(group.files[0].path, tuple(group.schema))
        frames.append(conform(columns, schema, dataset, [ROW_KEY, PARTITION], origin))
    if groups[0].mapping is not None and groups[0].mapping.distinct:
        frames = [pl.concat(frames).group_by(pl.exclude(ROW_KEY)).agg(pl.col(ROW_KEY).min())]
    if dataset is not TRANSACTIONS:
        return frames
    rates = daily_rates(staged(work, "fx_rates").collect(), window.days)
    return [in_usd(inside_window(rows, window.first, window.run_date), rates) for rows in frames]


def _summary(request: StageRequest, work: Path, datasets: dict[str, DatasetSummary]) -> StageSummary:
    read = table(work, "completeness").group_by("booking_date").agg(pl.col("row_count").sum()).collect()
    by_day = dict(read.iter_rows())
    return StageSummary(
        run_date=request.run_date,
        first_date=request.window.first,
        datasets={dataset.name: datasets[dataset.name] for dataset in DATASETS},
        run_date_rows=by_day.get(request.run_date, 0),
        days_without_rows=tuple(day for day in request.window.days if not by_day.get(day)),
    )
