"""The report itself: one HTML file from the night's alerts and its data state."""

from mirrorwatch.report.alert_view import read_details, read_lines
from mirrorwatch.report.data_state import data_state
from mirrorwatch.report.headline import STATES, headline
from mirrorwatch.report.inputs import ReportInputs
from mirrorwatch.report.people import Directory
from mirrorwatch.report.shell import fill


def render(inputs: ReportInputs) -> str:
    """Return the whole page as text."""
    directory = Directory(inputs.accounts, inputs.parties)
    lines = read_lines(inputs, directory)
    state = data_state(inputs)
    return fill(
        "page.html.j2",
        run_date=inputs.run_date,
        facts=inputs.facts,
        limits=inputs.limits,
        headline=headline(inputs, state),
        data=state,
        lines=lines,
        first=next((line for line in lines if line.state != "withdrawn"), None),
        typologies=sorted({(line.title, line.typology) for line in lines}),
        states=[name for name in STATES if any(line.state == name for line in lines)],
        details=read_details(inputs, lines, directory),
        looked=inputs.looked,
        detectors=inputs.detectors,
        evidence_fits=inputs.evidence.height <= inputs.limits.workbook_evidence_rows,
    )
