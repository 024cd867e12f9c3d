"""One night: `plan → stage → assess → gate → detect (one a typology) → assemble → report → publish`.

Each step is a function of one small `Plan`, reads and writes one work folder, and may be run again. The command
line and the Airflow DAGs call the same functions.
"""

from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from mirrorwatch import detectors
from mirrorwatch.config import Configuration, load
from mirrorwatch.errors import UsageError
from mirrorwatch.store.layout import Work, default_work, is_remote, local_folder

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
    configuration_hash: str

    @property
    def folder(self) -> Work:
        """The night's work folder."""
        return Work(self.work)

    def configuration(self) -> Configuration:
        """Read the configuration again. Raises UsageError when it is no longer the one that was planned."""
        configuration = load(self.config, mapping=self.mapping, lookback_days=self.lookback_days)
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
) -> Plan:
    """Check what was asked for and lay the night out. Reads the configuration, no data. Raises UsageError."""
    configuration = load(config_file, mapping=mapping, lookback_days=lookback_days)
    _check_engine(engine)
    _check_places(data, out)
    return Plan(
        data=data if is_remote(data) else str(local_folder(data)),
        out=out if is_remote(out) else str(local_folder(out)),
        run_date=run_date,
        work=(work or default_work(out, run_date)).absolute(),
        config=config_file.absolute() if config_file else None,
        mapping=mapping.absolute() if mapping else None,
        lookback_days=lookback_days,
        typologies=_chosen(only),
        engine=engine,
        configuration_hash=configuration.hash,
    )


def _check_engine(engine: str) -> None:
    if engine not in ENGINES:
        raise UsageError(f"There is no engine '{engine}'.", remedy=f"Name one of: {', '.join(ENGINES)}.")
    if engine != "polars":
        raise UsageError(f"The engine '{engine}' is not there yet.", remedy="Leave --engine out, or say polars.")


def _check_places(data: str, out: str) -> None:
    if not is_remote(data) and not local_folder(data).is_dir():
        raise UsageError("The data folder does not exist.", where=data, remedy="Name a folder or prefix with --data.")
    if data.rstrip("/") == out.rstrip("/"):
        raise UsageError("Data and output are the same place.", where=out, remedy="Name another --out.")


def _chosen(only: tuple[str, ...]) -> tuple[str, ...]:
    known = tuple(sorted(detector.typology for detector in detectors.DETECTORS))
    for typology in only:
        if typology not in known:
            raise UsageError(f"No detector finds '{typology}'.", remedy=f"Name one of: {', '.join(known)}.")
    return tuple(sorted(set(only))) or known
