"""Boxes of the money's path: one an account, laid in layers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mirrorwatch.report.drawing.flows import CASH_IN, CASH_OUT, OTHERS, Flow
from mirrorwatch.report.drawing.scales import clip
from mirrorwatch.report.people import Directory
from mirrorwatch.report.wording import visible

BOX_WIDTH, BOX_HEIGHT = 224, 44
BETWEEN, MARGIN = 26, 14


@dataclass(frozen=True)
class Box:
    """One account, or several that were folded into one."""

    x: float
    y: float
    name: str
    detail: str
    full_name: str
    title: str
    suspect: bool

    @property
    def centre(self) -> float:
        """Middle of the box, from the left."""
        return self.x + BOX_WIDTH / 2


def place_boxes(
    flows: Sequence[Flow], level: dict[str, int], tops: dict[int, float], faces: dict[str, Box]
) -> dict[str, Box]:
    """Place every box in its layer, near the middle of those that pay it; `faces` are the boxes not yet placed."""
    order = sorted(level, key=lambda name: (level[name], name.startswith(OTHERS), name))
    widest = max(sum(1 for name in order if level[name] == number) for number in tops)
    middle = MARGIN + (widest * (BOX_WIDTH + BETWEEN) - BETWEEN) / 2
    boxes: dict[str, Box] = {}
    for number, top in tops.items():
        names = [name for name in order if level[name] == number]
        pull = {name: _pull(name, flows, boxes, middle) for name in names}
        names.sort(key=lambda name: (pull[name], name.startswith(OTHERS)))
        x = middle - (len(names) * (BOX_WIDTH + BETWEEN) - BETWEEN) / 2
        for name in names:
            boxes[name] = replace(faces[name], x=x, y=top)
            x += BOX_WIDTH + BETWEEN
    return boxes


def _pull(name: str, flows: Sequence[Flow], boxes: dict[str, Box], middle: float) -> float:
    payers = [boxes[flow.origin].centre for flow in flows if flow.target == name and flow.origin in boxes]
    return sum(payers) / len(payers) if payers else middle


def face(name: str, suspects: frozenset[str], directory: Directory, folded: Sequence[str]) -> Box:
    """Label one box; `folded` are the accounts that it stands for."""
    if name.startswith(OTHERS):
        title = visible(", ".join(account for account in folded[:30] if account not in (CASH_IN, CASH_OUT)))
        label = f"{len(folded)} other accounts"
        return Box(0, 0, label, "added up in one box", label, title, suspect=False)
    if name in (CASH_IN, CASH_OUT):
        return Box(0, 0, "Cash", "over the counter", "Cash", "Cash over the counter", suspect=False)
    account = directory.account(name)
    owner = visible(directory.owner_label(name))
    parts = (name, account.country) if owner else ("holder not in the input",)
    detail = visible(" · ".join(part for part in parts if part))
    label = owner or visible(name)
    room = BOX_WIDTH - 18
    return Box(0, 0, clip(label, room, 12.5), clip(detail, room, 11), label, f"{label}, {detail}", name in suspects)
