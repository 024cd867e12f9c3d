"""What is to be run: checked once, then handed from step to step."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from mirrorwatch import detectors
from mirrorwatch.alerts import Stamp
from mirrorwatch.config import Configuration, load
from mirrorwatch.contract import DATASETS
from mirrorwatch.detectors.base import Detector
from mirrorwatch.errors import InputError, UsageError
from mirrorwatch.intake.stage import StageRequest
from mirrorwatch.store.layout import Work, default_work, is_remote, local_folder
from mirrorwatch.store.mapping import Mapping, read_mapping
from mirrorwatch.store.publishing import refuse_foreign
from mirrorwatch.store.reading import InputFile, Source, Window
from mirrorwatch.store.shelf import Shelf, shelf

ENGINES = ("polars", "spark")


class Plan(BaseModel):
    """What to run, and where: small, frozen, JSON in and out, so that Airflow can hand it from task to task.

    Secrets stay out of it: the configuration is read again by each step, and must then have the same hash.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    data: str
    out: str
    run_date: date
    work: Path
    config: Path | None = None
    mapping: Path | None = None
    lookback_days: int | None = None
    typologies: tuple[str, ...]
    engine: str = "polars"
    dismissing: bool = False  # no night: the file of dismissed pairs may yet have to be made
    configuration_hash: str

    @property
    def folder(self) -> Work:
        """The night's work folder."""
        return Work(self.work)

    @property
    def detectors(self) -> tuple[Detector, ...]:
        """The detectors that run tonight, by typology."""
        chosen = (detector for detector in detectors.DETECTORS if detector.typology in self.typologies)
        return tuple(sorted(chosen, key=lambda detector: detector.typology))

    def configuration(self) -> Configuration:
        """Read the configuration again. Raises UsageError when it is no longer the one that was planned."""
        configuration = load(
            self.config,
            mapping=self.mapping,
            lookback_days=self.lookback_days,
            run_date=self.run_date,
            dismissing=self.dismissing,
        )
        if configuration.hash != self.configuration_hash:
            raise UsageError(
                "The configuration changed while the night was running.",
                where=str(self.config or self.mapping or ""),
                remedy="Run the night again from its start.",
            )
        return configuration


def plan(
    data: str,
    out: str,
    run_date: date,
    *,
    config_file: Path | None = None,
    mapping: Path | None = None,
    lookback_days: int | None = None,
    engine: str = "polars",
    only: tuple[str, ...] = (),
    work: Path | None = None,
    dismissing: bool = False,
) -> Plan:
    """Check what was asked for and lay the night out. Reads the configuration, no data. Raises UsageError."""
    configuration = load(
        config_file, mapping=mapping, lookback_days=lookback_days, run_date=run_date, dismissing=dismissing
    )
    _check_engine(engine)
    _check_places(data, out, configuration)
    typologies = _chosen(only)
    if only:
        _refuse_unsaying(out, run_date, typologies, configuration)
    return Plan(
        data=data if is_remote(data) else str(local_folder(data)),
        out=out if is_remote(out) else str(local_folder(out)),
        run_date=run_date,
        work=(work or default_work(out, run_date)).absolute(),
        config=config_file.absolute() if config_file else None,
        mapping=mapping.absolute() if mapping else None,
        lookback_days=lookback_days,
        typologies=typologies,
        engine=engine,
        dismissing=dismissing,
        configuration_hash=configuration.hash,
    )


def plan_from_settings(
    run_date: date, *, data: str | None, out: str | None, config: str | None, mapping: str | None
) -> Plan:
    """Lay out a night from a scheduler's settings, any of which may be missing. Raises UsageError."""
    for name, value in (("data", data), ("out", out)):
        if not value:
            raise UsageError(
                f"The setting '{name}' is nowhere given.",
                remedy=f"Set the run's parameter '{name}', the Airflow variable mirrorwatch_{name}, "
                f"or the environment's MIRRORWATCH_{name.upper()}.",
            )
    return plan(
        str(data),
        str(out),
        run_date,
        config_file=Path(config) if config else None,
        mapping=Path(mapping) if mapping else None,
    )


def source(plan: Plan, configuration: Configuration) -> Source:
    """Where the night's input lies and how it is read."""
    mapping = read_mapping(configuration.mapping) if configuration.mapping else Mapping()
    return Source(plan.data, mapping, configuration.storage_options)


def window(plan: Plan, configuration: Configuration) -> Window:
    """Booking dates that the night reads."""
    return Window(plan.run_date, configuration.lookback_days)


def request(plan: Plan, configuration: Configuration, inputs: Sequence[InputFile] | None = None) -> StageRequest:
    """Say what the intake is asked for: the files `inputs`, or all, read and judged as the configuration says."""
    return StageRequest(
        data=plan.data,
        run_date=plan.run_date,
        lookback_days=configuration.lookback_days,
        mapping=source(plan, configuration).mapping,
        storage_options=configuration.storage_options,
        inputs=inputs,
        dismissed=configuration.dismissed,
        resolution=configuration.resolution,
        exposure=configuration.exposure,
        rulebook=configuration.rules(),
    )


def published(plan: Plan, configuration: Configuration) -> Shelf:
    """Nights that lie at the plan's output."""
    return shelf(plan.out, configuration.storage_options)


def stamps(plan: Plan, configuration: Configuration) -> dict[str, Stamp]:
    """With what each of tonight's detectors runs."""
    return {
        detector.typology: Stamp(detector.version, configuration.parameters_hash(detector.typology))
        for detector in plan.detectors
    }


def _check_engine(engine: str) -> None:
    if engine not in ENGINES:
        raise UsageError(f"There is no engine '{engine}'.", remedy=f"Name one of: {', '.join(ENGINES)}.")
    if engine != "polars":
        raise UsageError(f"The engine '{engine}' is not there yet.", remedy="Leave --engine out, or say polars.")


def _check_places(data: str, out: str, configuration: Configuration) -> None:
    """Find out before the first step, not at the last, that the input or the output cannot be what was named."""
    if not is_remote(data) and not local_folder(data).is_dir():
        raise UsageError("The data folder does not exist.", where=data, remedy="Name a folder or prefix with --data.")
    source, target = _place(data), _place(out)
    if source == target:
        raise UsageError("Data and output are the same place.", where=out, remedy="Name another --out.")
    for dataset in DATASETS:
        if f"{target}/".startswith(f"{source}/{dataset.name}/"):
            raise UsageError(f"The output lies among the {dataset.name}.", where=out, remedy="Name another --out.")
    if is_remote(out):
        _ = shelf(out, configuration.storage_options).nights
    else:
        refuse_foreign(local_folder(out))


def _place(location: str) -> str:
    return location.rstrip("/") if is_remote(location) else str(local_folder(location).resolve())


def _refuse_unsaying(out: str, run_date: date, typologies: tuple[str, ...], configuration: Configuration) -> None:
    """Refuse to replace a published night by one that looks for less: its other alerts would be gone without a word."""
    try:
        told = shelf(out, configuration.storage_options).manifest(run_date)["detectors"]
    except InputError:  # nothing published, or nothing that anybody could still read
        return
    if lost := sorted(told.keys() - set(typologies)):
        raise UsageError(
            f"The published night of {run_date} looked for more: {', '.join(lost)} would be left out of it.",
            where="--only",
            remedy="Leave --only out, name these too, or choose another --out.",
        )


def _chosen(only: tuple[str, ...]) -> tuple[str, ...]:
    known = tuple(sorted(detector.typology for detector in detectors.DETECTORS))
    for typology in only:
        if typology not in known:
            raise UsageError(f"No detector finds '{typology}'.", remedy=f"Name one of: {', '.join(known)}.")
    return tuple(sorted(set(only))) or known
