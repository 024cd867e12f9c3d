"""OpenLineage events of a night and its steps, for catalogues that follow data from file to table.

Off unless `[lineage]` names a transport. A catalogue that does not answer never costs a night: what goes wrong here is
logged, and the night goes on.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import polars as pl

from mirrorwatch import __version__
from mirrorwatch.errors import UsageError
from mirrorwatch.night.planning import Plan
from mirrorwatch.store.writing import write_json

if TYPE_CHECKING:
    from openlineage.client import OpenLineageClient
    from openlineage.client.event_v2 import InputDataset, OutputDataset

# Identifies who made an event, not where anything is fetched from.
_PRODUCER = f"urn:mirrorwatch:{__version__}"
_READS = frozenset({"stage", "assess"})  # steps whose work is on the input


@dataclass
class Lineage:
    """Tells of one step of a night, and of the night when the step begins or ends it."""

    client: "OpenLineageClient"
    plan: Plan
    job: str
    namespace: str
    step: str
    run: str = ""

    @classmethod
    def of(cls, plan: Plan, job: str, step: str) -> Self | None:
        """Open the transport that the configuration names; None when it names none. Raises UsageError."""
        settings = plan.configuration().lineage
        if not settings.transport:
            return None
        try:
            from openlineage.client import OpenLineageClient
            from openlineage.client.event_v2 import set_producer
        except ImportError as error:
            raise UsageError(
                "The setting 'lineage.transport' needs OpenLineage's client, which is not installed.",
                remedy="Install mirrorwatch with its extra: pip install 'mirrorwatch[lineage]'.",
            ) from error
        try:
            client = OpenLineageClient(config={"transport": dict(settings.transport)})
        except Exception as error:
            raise UsageError(
                f"The setting 'lineage.transport' is not valid: {error}.",
                remedy="See OpenLineage's Python client for the types of transport and their settings.",
            ) from error
        set_producer(_PRODUCER)
        return cls(client, plan, job, settings.namespace, step)

    def started(self) -> None:
        """Tell that the step starts, and the night where no earlier step of this run has told so."""
        from openlineage.client.uuid import generate_new_uuid

        if self.step == "stage":
            self._file.unlink(missing_ok=True)
        if self._night() is None:
            write_json({"run": str(generate_new_uuid())}, self._file)
            self._emit("START", self.job, str(self._night()))
        self.run = str(generate_new_uuid())
        self._emit("START", self._step_job, self.run, parent=True)

    def completed(self, *, last: bool) -> None:
        """Tell that the step is through, with what it read and made; with the `last` one, the night is."""
        from mirrorwatch.night import lineage_datasets as datasets

        reads, makes = self._of_step()
        self._emit("COMPLETE", self._step_job, self.run, parent=True, inputs=reads, outputs=makes)
        if last:
            made = datasets.outputs(self.plan) if self.step == "publish" else []
            self._emit("COMPLETE", self.job, str(self._night()), inputs=datasets.inputs(self.plan), outputs=made)

    def failed(self, error: Exception) -> None:
        """Tell that the step failed, and with it this run of the night: trying again is another run."""
        from mirrorwatch.night import lineage_datasets as datasets

        told = datasets.inputs(self.plan)
        self._emit("FAIL", self._step_job, self.run, parent=True, inputs=told, error=error)
        if night := self._night():  # none when a step beside this one failed before
            self._emit("FAIL", self.job, night, inputs=told, error=error)
        self._file.unlink(missing_ok=True)

    def close(self) -> None:
        """Let the transport send what it holds back."""
        self.client.close(timeout=10)

    @property
    def _file(self) -> Path:
        return self.plan.work / "lineage.json"

    @property
    def _step_job(self) -> str:
        return f"{self.job}.{self.step.replace(' ', '.')}"

    def _night(self) -> str | None:
        """Return the id of the night's run, which its steps share, in whatever process they run."""
        if not self._file.exists():
            return None
        run: str = json.loads(self._file.read_text(encoding="utf-8"))["run"]
        return run

    def _of_step(self) -> tuple[Sequence["InputDataset"], Sequence["OutputDataset"]]:
        from mirrorwatch.night import lineage_datasets as datasets

        if self.step == "publish":
            return datasets.checked_outputs(self.plan), datasets.outputs(self.plan)
        return (datasets.inputs(self.plan) if self.step in _READS else []), []

    def _emit(
        self,
        event: str,
        job: str,
        run: str,
        *,
        parent: bool = False,
        inputs: Sequence["InputDataset"] = (),
        outputs: Sequence["OutputDataset"] = (),
        error: Exception | None = None,
    ) -> None:
        from openlineage.client.event_v2 import Job, Run, RunEvent, RunState

        facets = self._facets(error)
        if parent and (night := self._night()):
            facets["parent"] = self._parent(night)
        told = RunEvent(
            eventType=RunState(event),
            eventTime=datetime.now(UTC).isoformat(),
            run=Run(runId=run, facets=facets),
            job=Job(namespace=self.namespace, name=job, facets=_job_facets(step=parent)),
            producer=_PRODUCER,
            inputs=list(inputs),
            outputs=list(outputs),
        )
        self.client.emit(told)

    def _parent(self, night: str) -> Any:  # noqa: ANN401 - a facet
        from openlineage.client.facet_v2 import parent_run

        return parent_run.ParentRunFacet(
            run=parent_run.Run(runId=night), job=parent_run.Job(namespace=self.namespace, name=self.job)
        )

    def _facets(self, error: Exception | None) -> dict[str, Any]:
        from openlineage.client.facet_v2 import error_message_run, nominal_time_run, processing_engine_run

        first = datetime.combine(self.plan.run_date, datetime.min.time(), UTC)
        facets: dict[str, Any] = {
            "nominalTime": nominal_time_run.NominalTimeRunFacet(
                nominalStartTime=first.isoformat(), nominalEndTime=(first + timedelta(days=1)).isoformat()
            ),
            "processing_engine": processing_engine_run.ProcessingEngineRunFacet(version=pl.__version__, name="polars"),
        }
        if error is not None:
            facets["errorMessage"] = error_message_run.ErrorMessageRunFacet(str(error), "python")
        return facets


def _job_facets(*, step: bool) -> dict[str, Any]:
    from openlineage.client.facet_v2 import job_type_job

    kind = job_type_job.JobTypeJobFacet(
        processingType="BATCH", integration="MIRRORWATCH", jobType="TASK" if step else "JOB"
    )
    return {"jobType": kind}
