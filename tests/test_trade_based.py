"""Trade-based laundering beyond its cases: missing data, one matter told once, and documents used once."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.cases.trade_based import BOTH, FRONT, UNDER, WHILE_FREE, invoiced, parcels, seller_of, town
from tests.test_detectors import detect, named
from tests.town import Town

from mirrorwatch.contract import TRADE_DOCUMENTS
from mirrorwatch.detectors.base import NightFrames
from mirrorwatch.features import invoices, trade
from mirrorwatch.features.invoices import settled


def undocumented(night: NightFrames) -> NightFrames:
    nothing = pl.LazyFrame(schema=TRADE_DOCUMENTS.schema)
    return replace(night, trade_documents=nothing, absent=frozenset({"trade_documents"}))


def test_without_documents_income_is_still_judged_and_nothing_else_is() -> None:
    assert named(detect("trade_based", undocumented(seller_of("4690")().night()))) == FRONT
    assert detect("trade_based", undocumented(invoiced(1.8, 2.1, 1.6, 2.4, 1.9)().night())).is_empty()


def test_what_documents_leave_out_is_no_evidence() -> None:
    """Goods, parcels and the payment are unknown on every document; values still tell."""
    blank = ("hs_code", "transit_country", "transaction_id")
    for made, accounts in ((town, frozenset()), (invoiced(1.3, 1.4, 1.25, 1.35, 1.3, 1.28), BOTH)):
        night = made().night()
        papers = night.trade_documents.with_columns(
            *(pl.lit(None, dtype=pl.String).alias(name) for name in blank), parcels=pl.lit(None, dtype=pl.Int64)
        )
        assert named(detect("trade_based", replace(night, trade_documents=papers))) == accounts


def test_two_signs_of_one_pair_are_one_finding() -> None:
    place = invoiced(1.8, 2.1, 1.6, 2.4, 1.9)()
    for number, day in enumerate((4.0, 11.5, 13.0, 30.0)):
        paid = place.pay(day, "buyer", "seller", 48_250)
        if number == 0:
            place.ship(2, "seller", "buyer", 48_250, transaction_id=paid, parcels=144)
    found = detect("trade_based", place.night())
    assert found["account_ids"].to_list() == [sorted(BOTH)]
    codes = {item["code"] for item in found["indicators"][0]}
    assert {"misvaluation", "paid_again"} <= codes


def test_the_alert_says_which_rule_held() -> None:
    found = detect("trade_based", parcels(WHILE_FREE, *UNDER)().night())
    assert "in force on every day of issue from 2024-04-21 to 2024-05-12" in found["narrative"][0]
    assert "Executive Order" not in found["narrative"][0]  # those that ended it were made a year later


def test_a_partner_with_much_other_trade_is_not_named() -> None:
    """A large house that one customer pays too much keeps out of it."""
    place = invoiced(1.8, 2.1, 1.6, 2.4, 1.9)()
    for number in range(16):
        for order in range(4):
            usd = 7_313 + 907 * ((number + 5 * order) % 13)
            paid = place.pay(4 + order * 9 + number / 2, f"honest{number}", "seller", usd)
            place.ship(3 + order * 9 + number / 2, "seller", f"honest{number}", usd, transaction_id=paid)
    assert named(detect("trade_based", place.night())) == {"acc.buyer"}


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.integers(1, 44), st.integers(1_000, 9_000)), min_size=1, max_size=12),
    st.lists(st.tuples(st.integers(1, 44), st.integers(1_000, 9_000), st.booleans()), min_size=1, max_size=12),
)
def test_each_document_and_each_payment_is_used_once(
    payments: list[tuple[int, int]], documents: list[tuple[int, int, bool]]
) -> None:
    place = Town()
    place.company("buyer")
    place.company("seller", country="CN")
    ids = [place.pay(day, "buyer", "seller", usd) for day, usd in payments]
    for number, (day, usd, tied) in enumerate(documents):
        about = {"transaction_id": ids[number]} if tied and number < len(ids) else {}
        place.ship(day, "seller", "buyer", usd, **about)
    night = place.night()
    known = trade.firms(night.accounts, night.parties, night.ownership, date(2026, 3, 31))
    papers = trade.papers(night.trade_documents, night.run_date)
    paid = trade.trades(night.transactions, known, papers)
    found = settled(paid, papers, least_spread=0.005, most_spread=0.05)
    for key in ("document_id", "transaction_id"):
        assert found.valued[key].is_unique().all()
    assert found.valued.height + found.open_trades.height == paid.height == len(payments)
    assert set(found.valued["transaction_id"]).isdisjoint(found.open_trades["transaction_id"])


def test_every_document_of_a_payment_is_told_in_any_order_of_the_rows() -> None:
    place = parcels(WHILE_FREE, *UNDER)()
    place.documents += [
        row | {"document_id": f"{row['document_id']}b"}
        for row in place.documents
        if row["importer_party_id"] == "buyer"
    ]
    found = detect("trade_based", place.night())
    place.documents.reverse()
    place.payments.reverse()
    assert found.equals(detect("trade_based", place.night()))
    assert "16 documents of buyer state" in found["narrative"][0]
    assert "(documents d00048, d00048b, d00049, d00049b and 12 more)" in found["narrative"][0]


def busy_pair(number: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give payments and documents of one pair, nearly one size; documents come three days before payments."""
    first = datetime(2026, 2, 16, tzinfo=UTC)
    order = [index * 7 % number for index in range(number)]
    pair = {"importer": "i", "exporter": "e", "corridor": "US>CN"}
    cents = [1_000_000 + 11 * value for value in order]
    payments = pl.DataFrame(
        {"transaction_id": [f"t{index:05}" for index in range(number)],
         "booked_at": [first + timedelta(hours=2 * index) for index in range(number)], "usd_minor": cents},
    ).with_columns(
        amount_minor="usd_minor", importer_account=pl.lit("a"), exporter_account=pl.lit("b"),
        **{name: pl.lit(value) for name, value in pair.items()},
    )  # fmt: skip
    documents = pl.DataFrame(
        {"document_id": [f"d{index:05}" for index in range(number)],
         "issued_on": [(first + timedelta(hours=2 * index, days=-3)).date() for index in range(number)],
         "declared_minor": cents},
    ).with_columns(
        transaction_id=pl.lit(None, dtype=pl.String), **{name: pl.lit(value) for name, value in pair.items()}
    )  # fmt: skip
    return payments, documents


def test_a_busy_pair_is_settled_by_the_nearest_and_not_by_all_with_all(monkeypatch: pytest.MonkeyPatch) -> None:
    payments, documents = busy_pair(450)
    rows: list[int] = []
    whole = invoices._held_against

    def counted(near: pl.DataFrame, paid: pl.DataFrame) -> pl.DataFrame:
        found = whole(near, paid)
        rows.append(found.height)
        return found

    monkeypatch.setattr(invoices, "_held_against", counted)
    valued = settled(payments, documents, least_spread=0.002, most_spread=0.1).valued
    assert valued.filter(pl.col("document_id").str.slice(1) == pl.col("transaction_id").str.slice(1)).height == 450
    assert max(rows) <= 450 * 3 * 4 * invoices.NEAREST < 450 * 450
