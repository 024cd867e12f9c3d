"""The data-quality page: for whoever answers for the data, beside the report for whoever reads alerts."""

from mirrorwatch.report.data_state import data_state
from mirrorwatch.report.inputs import ReportInputs
from mirrorwatch.report.quality_view import quality_view
from mirrorwatch.report.series import read_followed, title_of
from mirrorwatch.report.shell import fill


def render(inputs: ReportInputs) -> str:
    """Return the whole page as text."""
    state, followed = data_state(inputs), read_followed(inputs)
    return fill(
        "quality.html.j2",
        run_date=inputs.run_date,
        facts=inputs.facts,
        limits=inputs.limits,
        looked=inputs.looked,
        stopped=bool(inputs.facts.gate_failures),
        data=state,
        followed=followed,
        unusual=[series for each in followed for series in each.unusual],
        view=quality_view(inputs, state, followed),
        why={(check.dataset, check.expectation, check.column): check.reason for check in state.failed},
        title_of=title_of,
    )
