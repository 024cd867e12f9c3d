"""The drawings: everything in its place, sized by money, and nothing left out unsaid."""

from datetime import timedelta
from decimal import Decimal
from itertools import combinations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.report_nights import ACCOUNTS, accounts, parties
from tests.report_schemes import START, chain_rows, frame, payment, swap_rows

from mirrorwatch import contract
from mirrorwatch.report.drawing import LaneDrawing, PathDrawing, draw
from mirrorwatch.report.drawing.boxes import BOX_HEIGHT, BOX_WIDTH
from mirrorwatch.report.drawing.flows import add_up, layer
from mirrorwatch.report.drawing.lanes import MOST_MARKS, MOST_ROWS
from mirrorwatch.report.drawing.legs import read_legs
from mirrorwatch.report.drawing.scales import TimeScale, clip, radius
from mirrorwatch.report.people import Directory

DIRECTORY = Directory(accounts(), parties())
COMPANIES = frozenset({"HK-20011", "HK-20044", "CA-31007", "US-90210"})


def evidence(rows: list[dict[str, object]]) -> pl.DataFrame:
    return frame(rows, contract.EVIDENCE)


def drawn_swaps(swaps: int = 12) -> LaneDrawing:
    drawing = draw(evidence(swap_rows("alert", swaps, 7)), frozenset(row[0] for row in ACCOUNTS[:7]), DIRECTORY)
    assert isinstance(drawing, LaneDrawing)
    return drawing


def drawn_path(rows: list[dict[str, object]]) -> PathDrawing:
    drawing = draw(evidence(rows), COMPANIES, DIRECTORY)
    assert isinstance(drawing, PathDrawing)
    return drawing


def move(
    number: int, role: str, group: int, origin: str, target: str, hours: float, usd: int = 100
) -> dict[str, object]:
    at = START + timedelta(hours=hours)
    return payment(
        "alert", number, role, group, number, at, origin, target, Decimal(usd), "USD", Decimal(1), "wire", "US US", None
    )


def test_every_payment_of_a_swap_is_one_mark_tied_to_its_number() -> None:
    rows = swap_rows("alert", 12, 7)
    drawing = drawn_swaps()
    assert drawing.kind == "swaps"
    assert [knot.label for knot in drawing.knots] == [str(number) for number in range(1, 13)]
    for knot in drawing.knots:
        own = [row for row in rows if str(row["group_no"]) == knot.label]
        assert len(knot.marks) == len(knot.links) == len(own)


def test_collections_lie_above_payouts_and_all_inside_the_picture() -> None:
    drawing = drawn_swaps()
    marks = [mark for knot in drawing.knots for mark in knot.marks]
    above = max(mark.y for mark in marks if mark.shape == "in")
    below = min(mark.y for mark in marks if mark.shape == "out")
    assert above < min(knot.y for knot in drawing.knots) < max(knot.y for knot in drawing.knots) < below
    assert all(drawing.left <= mark.x <= drawing.width and mark.y < drawing.bottom < drawing.height for mark in marks)


def test_numbers_of_swaps_close_in_time_do_not_cover_each_other() -> None:
    knots = drawn_swaps(9).knots
    assert all(abs(a.x - b.x) >= 16 or abs(a.y - b.y) >= 16 for a, b in combinations(knots, 2))


@given(st.integers(1, 10**9), st.integers(1, 10**9))
def test_area_grows_with_money(first: int, second: int) -> None:
    small, large = sorted((first, second))
    assert radius(Decimal(small), Decimal(large)) <= radius(Decimal(large), Decimal(large))


def test_accounts_beyond_what_one_picture_shows_share_a_row() -> None:
    rows = [move(number, "collection", number, "", f"US-{number:03d}", number) for number in range(1, 30)]
    drawing = draw(evidence(rows), frozenset(), DIRECTORY)
    assert isinstance(drawing, LaneDrawing)
    assert len(drawing.lanes[0].rows) == MOST_ROWS
    assert drawing.lanes[0].rows[-1].label == f"{29 - MOST_ROWS + 1} other accounts"


def test_a_drawing_that_leaves_payments_out_says_so() -> None:
    rows = [move(number, "deposit", 1, "", "US-1", number / 9, usd=number) for number in range(1, MOST_MARKS + 12)]
    drawing = draw(evidence(rows), frozenset({"US-1"}), DIRECTORY)
    assert isinstance(drawing, LaneDrawing)
    assert drawing.kind == "timeline"
    assert sum(len(knot.marks) for knot in drawing.knots) == MOST_MARKS
    assert f"the {MOST_MARKS} largest of {MOST_MARKS + 11} payments" in drawing.note
    assert "USD\u00a066" in drawing.note  # 1 + 2 + … + 11, the smallest that were left out


def test_the_chain_is_drawn_in_the_order_of_the_money() -> None:
    drawing = drawn_path(chain_rows("alert", 6, 11))
    height = {box.detail.split(" ")[0]: box.y for box in drawing.boxes if box.suspect}
    assert sorted(height, key=lambda name: height[name]) == ["HK-20011", "HK-20044", "CA-31007", "US-90210"]


def test_the_table_beside_the_path_adds_up_to_the_evidence() -> None:
    rows = chain_rows("alert", 6, 11)
    drawing = drawn_path(rows)
    assert sum(hop.usd for hop in drawing.hops) == sum(row["amount_usd"] for row in rows)
    assert sum(hop.payments for hop in drawing.hops) == len(rows)


def test_held_is_weighted_by_money() -> None:
    rows = [
        move(1, "in", 1, "payer", "HK-20011", 0, usd=100),
        move(2, "in", 1, "payer", "HK-20011", 10, usd=300),
        move(3, "out", 1, "HK-20011", "payee", 20, usd=400),
    ]
    flows = {(flow.origin, flow.target): flow for flow in add_up(read_legs(evidence(rows)))}
    assert flows["payer", "HK-20011"].held is None
    assert flows["HK-20011", "payee"].held == (20 * 100 + 10 * 300) * 3600 // 400


def test_money_that_comes_back_is_drawn_and_does_not_hang() -> None:
    rows = [move(1, "in", 1, "A", "B", 0), move(2, "hop", 1, "B", "C", 1), move(3, "out", 1, "C", "A", 2)]
    drawing = drawn_path([*rows, move(4, "hop", 2, "B", "B", 3)])
    assert len(drawing.boxes) == 3
    assert len(drawing.arrows) == 4


def test_many_payers_fold_into_one_box_and_suspects_stay() -> None:
    rows = [
        move(number, "in", number, f"payer-{number:02d}", "HK-20011", number, usd=number) for number in range(1, 30)
    ]
    drawing = drawn_path([*rows, move(40, "out", 29, "HK-20011", "HK-20044", 50)])
    assert any(box.name == "26 other accounts" for box in drawing.boxes)
    assert sum(box.suspect for box in drawing.boxes) == 2


PAIRS = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), min_size=1, max_size=25)


@given(PAIRS)
def test_layers_go_down_unless_a_circle_forbids(pairs: list[tuple[int, int]]) -> None:
    acyclic = [(a, b) for a, b in pairs if a < b]
    flows = add_up(read_legs(evidence([move(n, "hop", 1, str(a), str(b), n) for n, (a, b) in enumerate(acyclic)])))
    layers = layer(flows)
    assert all(layers[flow.origin] < layers[flow.target] for flow in flows)
    assert not layers or min(layers.values()) == 0


@settings(max_examples=40)
@given(PAIRS)
def test_boxes_never_overlap_and_stay_in_the_picture(pairs: list[tuple[int, int]]) -> None:
    drawing = drawn_path([move(n, "hop", n % 3, f"A{a}", f"A{b}", n, usd=n + 1) for n, (a, b) in enumerate(pairs)])
    for one, other in combinations(drawing.boxes, 2):
        assert abs(one.x - other.x) >= BOX_WIDTH or abs(one.y - other.y) >= BOX_HEIGHT
    assert all(
        0 <= box.x <= drawing.width - BOX_WIDTH and 0 <= box.y <= drawing.height - BOX_HEIGHT for box in drawing.boxes
    )


def test_no_evidence_draws_nothing() -> None:
    assert draw(evidence([]), COMPANIES, DIRECTORY) is None


@pytest.mark.parametrize("hours", [0.5, 30, 24 * 45, 24 * 800])
def test_ticks_lie_on_the_axis_and_are_few(hours: float) -> None:
    scale = TimeScale.around([START + timedelta(hours=3), START + timedelta(hours=3 + hours)], 100, 900)
    places = [tick.x for tick in scale.ticks()]
    assert 2 <= len(places) <= 25
    assert places[0] == 100
    assert max(places) <= 900


def test_labels_are_cut_by_width_not_by_count() -> None:
    assert clip("Golden Harbour", 200) == "Golden Harbour"
    assert len(clip("金" * 50, 100)) < len(clip("a" * 50, 100))
    assert clip("a" * 50, 100).endswith("…")
