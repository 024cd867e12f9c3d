"""Settings of a run: one frozen object, read from a TOML file, with a hash that stands for all that changes results."""

import tomllib
from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mirrorwatch import detectors
from mirrorwatch.canonical import digest, file_digest
from mirrorwatch.detectors.base import Parameters
from mirrorwatch.detectors.watchlist_exposure_parameters import ExposureParameters
from mirrorwatch.errors import UsageError
from mirrorwatch.resolution import ResolutionParameters
from mirrorwatch.rulebook import Rulebook, in_use
from mirrorwatch.screening import DISMISSALS, NEEDED, made_hash
from mirrorwatch.store.dismissals import read_dismissals

_Model = TypeVar("_Model", bound=BaseModel)
# Settings that name a file, and what it is called: relative to the settings' own file, hashed by what it says.
_FILES = {"mapping": "mapping file", "rulebook": "rulebook file", "dismissed": "file of dismissed pairs"}
# Typologies whose findings depend on who is listed, and so on which pairs were dismissed.
_SCREENING = frozenset({"watchlist_exposure", "shell_company", "mirror_swap"})


class Gates(BaseModel):
    """When input is too bad to judge anyone on. Fractions are of the rows read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    # One transaction in twenty unreadable means a broken feed, not dirty rows: counterparties are then missing
    # from patterns in numbers that no detector's statistics allow for.
    max_rejected_fraction: Annotated[float, Field(ge=0, le=1)] = 0.05
    # Failed critical expectations that the operator has accepted, as "dataset.expectation" or
    # "dataset.expectation.column"; each stays in the quality table as failed.
    accepted: tuple[str, ...] = ()


class Lineage(BaseModel):
    """Where OpenLineage events go. Without a transport none are made."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    # Of the jobs; datasets have the namespace of where they lie, as OpenLineage names them.
    namespace: Annotated[str, Field(min_length=1)] = "mirrorwatch"
    # As OpenLineage's Python client takes it: type = "file", log_file_path = "…", append = true; or http, url, …
    transport: dict[str, Any] = Field(default_factory=dict, repr=False)


class Configuration(BaseModel):
    """Everything that a run may be told, apart from where its data lies and for which date."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    # 45 days: long enough for the three or more repeats that mirror swaps need, at about one a week.
    lookback_days: Annotated[int, Field(ge=1, le=3660)] = 45
    # A file that says how another source's Parquet becomes the contract's; absolute once loaded.
    mapping: Path | None = None
    # A file of rules that replace shipped ones of the same id, or stand beside them; absolute once loaded.
    rulebook: Path | None = None
    # A file of pairs of a party and a list's entry that a person looked at and dismissed; absolute once loaded.
    dismissed: Path | None = None
    # The night that this is for, never a setting: what was dismissed after it changes nothing of it. None = any.
    run_date: date | None = None
    gates: Gates = Gates()
    # From when on two parties are taken for one person or firm.
    resolution: ResolutionParameters = ResolutionParameters()
    # Who is told of runs and datasets. It changes no result and may hold secrets: it is kept out of the hash too.
    lineage: Lineage = Lineage()
    # Handed to Polars and obstore as they are. They say how to reach bytes, never what is in them, and they may
    # hold secrets: they are kept out of the hash, the manifest and the logs.
    storage_options: dict[str, str] = Field(default_factory=dict, repr=False)
    # Parameters of each detector, by typology; in the file each stands under its own table, such as [mirror_swap].
    detectors: dict[str, Parameters] = Field(default_factory=dict)

    def canonical(self) -> dict[str, Any]:
        """Return what changes results, as JSON values; files count by their bytes, not by where they lie.

        Of the dismissed pairs those count that were dismissed by the run date, and what is said of them, so that a
        published night stays what it was when more are dismissed. Raises InputError where that file is bad.
        `rules` stands for every rule in use, the shipped ones too: what a detector reads as law changes its findings.
        """
        return {
            "lookback_days": self.lookback_days,
            "mapping": file_digest(self.mapping) if self.mapping else None,
            "rulebook": file_digest(self.rulebook) if self.rulebook else None,
            "dismissed": self._dismissed(),
            "rules": self.rules().hash,
            "resolution": self.resolution.model_dump(mode="json"),
            "gates": self.gates.model_dump(mode="json"),
            **{typology: parameters.model_dump(mode="json") for typology, parameters in self.detectors.items()},
        }

    def rules(self) -> Rulebook:
        """Return the rulebook in use. Raises UsageError when the operator's file is missing or bad."""
        return in_use(self.rulebook)

    @property
    def exposure(self) -> ExposureParameters:
        """From when on a party is taken for a listed one, as the detector of exposure is told."""
        told = self.detectors.get("watchlist_exposure")
        return told if isinstance(told, ExposureParameters) else ExposureParameters()

    @property
    def hash(self) -> str:
        """SHA-256 of the canonical form."""
        return digest(self.canonical())

    def _dismissed(self) -> str | None:
        if self.dismissed is None or not self.dismissed.exists():  # the first dismissal makes it
            return None
        return made_hash(read_dismissals(self.dismissed, DISMISSALS, NEEDED), self.run_date)

    def parameters_hash(self, typology: str) -> str:
        """SHA-256 of one detector's parameters and what all share: all that its findings depend on, beside the data.

        Shared are the lookback, the rules in use, and who is taken for one party or for a listed one. Dismissed pairs
        count where somebody asks who is listed.
        """
        parameters = self.detectors[typology].model_dump(mode="json")
        common = {
            "lookback_days": self.lookback_days,
            "rules": self.rules().hash,
            "resolution": self.resolution.model_dump(mode="json"),
            "exposure": self.exposure.model_dump(mode="json"),
        }
        if typology in _SCREENING:
            common["dismissed"] = self._dismissed()
        return digest({"typology": typology, "parameters": parameters, **common})


def load(
    path: Path | None = None,
    *,
    mapping: Path | None = None,
    lookback_days: int | None = None,
    run_date: date | None = None,
    dismissing: bool = False,
) -> Configuration:
    """Read the TOML file at `path` (defaults when None); `mapping` and `lookback_days` override it.

    `run_date` is the night that it is for: its hash then leaves out what was dismissed later. Who is `dismissing` makes
    the file of dismissed pairs where it is not there yet.
    Raises UsageError naming the key, and the nearest key that exists, when a setting is unknown or out of bounds.
    """
    settings = _read(path) if path else {}
    for name in _FILES:
        if path and isinstance(settings.get(name), str):
            settings[name] = path.resolve().parent / settings[name]
    if mapping:
        settings["mapping"] = mapping.resolve()
    if lookback_days is not None:
        settings["lookback_days"] = lookback_days
    configuration = _build(settings, run_date, source=str(path) if path else "the command's options")
    for name, called in _FILES.items():
        file = getattr(configuration, name)
        if not (dismissing and name == "dismissed" and file is not None and not file.exists()):
            _require_file(file, called)
    configuration.rules()
    return configuration


def recorded(canonical: Mapping[str, Any], given: Configuration, run_date: date | None = None) -> Configuration:
    """Build the configuration that the manifest of a night records; files and storage options come from `given`."""
    settings = {name: value for name, value in canonical.items() if name not in {*_FILES, "rules"}}
    settings |= {name: getattr(given, name) for name in (*_FILES, "storage_options")}
    return _build(settings, run_date, source="the manifest")


def _require_file(path: Path | None, called: str) -> None:
    """Refuse a file that is not there, and one that can be read once only, such as `<(command)` makes."""
    if path is None or path.is_file():
        return
    if not path.exists() or path.is_dir():
        raise UsageError(f"The {called} {'is a folder' if path.is_dir() else 'does not exist'}.", where=str(path))
    raise UsageError(
        f"The {called} is a pipe or a device, and each step of a night reads it again.",
        where=str(path),
        remedy="Write it into a file and name that.",
    )


def _read(path: Path) -> dict[str, Any]:
    _require_file(path, "configuration file")
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise UsageError(f"The configuration file is not readable TOML: {error}.", where=str(path)) from error


def _build(settings: Mapping[str, Any], run_date: date | None, *, source: str) -> Configuration:
    known = {detector.typology: detector.parameters for detector in detectors.DETECTORS}
    plain = [name for name in Configuration.model_fields if name not in {"detectors", "run_date"}]
    for name in settings:
        if name not in known and name not in plain:
            raise UsageError(_unknown(name, [*plain, *known]), where=source)
    parameters = {name: _validated(model, settings.get(name, {}), source, name) for name, model in known.items()}
    rest = {name: value for name, value in settings.items() if name not in known}
    return _validated(Configuration, {**rest, "detectors": parameters, "run_date": run_date}, source, "")


def _validated(model: type[_Model], values: object, source: str, prefix: str) -> _Model:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise UsageError(_sentence(model, error, prefix), where=source) from error


def _sentence(model: type[BaseModel], error: ValidationError, prefix: str) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    location = [str(part) for part in first["loc"]]
    dotted = ".".join([prefix, *location] if prefix else location)
    if first["type"] == "extra_forbidden":
        return _unknown(dotted, _siblings(model, location[:-1], prefix))
    return f"The setting '{dotted or prefix}' is not valid: {first['msg']}."


def _siblings(model: type[BaseModel], parents: list[str], prefix: str) -> list[str]:
    inner: type[BaseModel] = model
    for parent in parents:
        annotation = inner.model_fields[parent].annotation
        if not (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
            return []
        inner = annotation
    path = [prefix, *parents] if prefix else parents
    return [".".join([*path, name]) for name in inner.model_fields]


def _unknown(name: str, valid: list[str]) -> str:
    near = get_close_matches(name, valid, n=1, cutoff=0)
    hint = f" The nearest that does is '{near[0]}'." if near else ""
    return f"The setting '{name}' does not exist.{hint}"
