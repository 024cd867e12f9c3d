"""What precursor procurement is built from: CAS numbers, shared contacts, money carried on; and its order of naming."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cases.precursor_procurement import (
    CHEMICALS,
    TEXTILES,
    accounts,
    customers,
    exchange,
    front,
    sellers,
    sisters,
)
from tests.town import Town

from mirrorwatch.detectors.precursor_procurement import DETECTOR
from mirrorwatch.features import chemistry, contacts
from mirrorwatch.features.carried import Carrying, carried, forwarded

START = datetime(2026, 3, 1, tzinfo=UTC)


def said(text: str | None) -> bool:
    frame = pl.DataFrame({"purpose": [text]}, schema={"purpose": pl.String})
    return bool(frame.select(chemistry.cas_number("purpose")).item())


@pytest.mark.parametrize("text", ["CAS 7732-18-5", "64-17-5", "order 58-08-2 / 12 drums"])
def test_a_cas_number_is_known_by_its_check_digit(text: str) -> None:
    assert said(text)


@pytest.mark.parametrize("text", [None, "", "7732-18-4", "invoice 2026-03-15", "64-17-50"])
def test_other_numbers_are_no_cas_numbers(text: str | None) -> None:
    assert not said(text)


@given(st.integers(10, 9_999_999), st.integers(0, 99), st.integers(1, 9))
def test_one_wrong_check_digit_is_refused(first: int, second: int, off: int) -> None:
    digits = f"{first}{second:02d}"
    check = sum(place * int(digit) for place, digit in enumerate(reversed(digits), 1)) % 10
    assert said(f"{first}-{second:02d}-{check}")
    assert not said(f"{first}-{second:02d}-{(check + off) % 10}")


def test_one_telephone_written_three_ways_makes_one_circle() -> None:
    phones = ["+86 139 1234 5678", "0086-13912345678", "139 1234 5678", "+86 139 0000 0000", None]
    parties = pl.LazyFrame(
        {"party_id": list("abcde"), "phone": phones, "email": [None] * 5, "address": [None] * 5},
        schema_overrides={"email": pl.String, "address": pl.String},
    )
    found = contacts.circles(contacts.shared(contacts.marks(parties), crowd=10))
    assert found["party_id"].to_list() == ["a", "b", "c"]
    assert found["circle"].n_unique() == 1
    assert contacts.shared(contacts.marks(parties), crowd=2).is_empty()


def paid(*rows: tuple[str, str, str, float, int]) -> pl.DataFrame:
    names = ("transaction_id", "payer", "payee", "day", "usd_minor")
    frame = pl.DataFrame(rows, schema=names, orient="row")
    at = pl.lit(START) + pl.duration(seconds=(pl.col("day") * 86_400).cast(pl.Int64))
    return frame.with_columns(booked_at=at.cast(pl.Datetime("us", "UTC"))).drop("day")


BY = Carrying(days=5, least_kept=-100, most_kept=1_000)


def test_each_payment_is_explained_once_by_the_nearest() -> None:
    onward = paid(("o1", "x", "s", 4.0, 9_600), ("o2", "x", "s", 4.5, 9_700))
    incoming = paid(("i1", "a", "x", 3.0, 10_000), ("i2", "b", "x", 2.0, 9_999), ("i3", "c", "x", 3.5, 20_000))
    found = carried(incoming.lazy(), onward, BY)
    assert found["transaction_id"].is_unique().all()
    assert found["onward_id"].is_unique().all()
    assert set(found["payer"]) <= {"a", "b"}


def test_nobody_is_followed_back_to_whom_they_pay_nor_past_the_days() -> None:
    onward = paid(("o1", "x", "s", 9.0, 9_600))
    late = paid(("i1", "a", "x", 3.0, 10_000), ("i2", "s", "x", 8.0, 9_700), ("i3", "a", "x", 9.5, 9_700))
    assert carried(late.lazy(), onward, BY).is_empty()
    assert carried(late.lazy(), onward.clear(), BY).is_empty()


def test_forwarded_gives_each_the_next_payment_onward() -> None:
    onward = paid(("o1", "x", "s", 4.0, 9_600), ("o2", "x", "s", 8.0, 9_700))
    incoming = paid(
        ("i1", "a", "x", 3.0, 1), ("i2", "a", "x", 5.0, 1), ("i3", "a", "x", 8.5, 1), ("i4", "a", "y", 3.0, 1)
    )
    found = forwarded(incoming, onward, days=5)
    assert found.select("transaction_id", "onward_id").rows() == [("i1", "o1"), ("i2", "o2")]


def detect(town: Town) -> pl.DataFrame:
    return DETECTOR.detect(town.night(), DETECTOR.parameters()).collect()


def test_the_supplier_and_the_exchange_are_not_named() -> None:
    named = set(detect(exchange())["account_ids"].explode())
    assert named == {"acc.buyer"}


def test_what_was_carried_on_is_counted_once() -> None:
    found = detect(exchange())
    assert found["amount_usd_minor"].item() == sum(round((21_000 + 1_700 * n) * 0.985 * 100) for n in range(4))


def test_two_patterns_are_told_by_score() -> None:
    town = front()
    retail = sellers()
    shift = len(town.payments)
    town.parties += retail.parties
    town.accounts += retail.accounts
    town.payments += [row | {"transaction_id": f"t{shift + number:05d}"} for number, row in enumerate(retail.payments)]
    found = detect(town)
    assert found.height == 2
    assert found["score"].is_sorted(descending=True)


def schemes(found: pl.DataFrame) -> set[frozenset[str]]:
    return {frozenset(accounts) for accounts in found["account_ids"].to_list()}


def test_a_supplier_in_common_makes_no_scheme_of_strangers() -> None:
    found = detect(customers())
    assert schemes(found) == {accounts(f"buyer{number}") for number in range(4)}
    assert found["amount_usd_minor"].sort().to_list() == [
        sum(24_000_00 + 900_00 * step + 310_00 * buyer for step in range(5)) for buyer in range(4)
    ]


def test_money_between_buyers_an_owner_or_a_telephone_makes_one_scheme() -> None:
    assert accounts("buyer0", "buyer1") in schemes(detect(customers(paying=True)))
    assert schemes(detect(sisters())) == {accounts("one", "two")}
    town = customers(2)
    town.person("boss")
    for number in range(2):
        town.own("boss", f"buyer{number}", share=1.0)
    assert schemes(detect(town)) == {accounts("buyer0", "buyer1")}


def test_shares_that_are_told_are_of_the_sum_that_is_told() -> None:
    """The second buyer pays half as much again to a firm of another trade; the first buys nothing but chemicals."""
    town = customers(2, paying=True)
    town.company("weaver", country="VN", industry_code="1310")
    for row in list(town.payments):
        if row["originator_account_id"] == "acc.buyer1":
            town.pay(40, "buyer1", "weaver", row["usd_minor"] / 200)
    chemical = [sum(24_000 + 900 * step + 310 * buyer for step in range(5)) for buyer in range(2)]
    share = sum(chemical) / (sum(chemical) + chemical[1] / 2)
    said = detect(town).filter(pl.col("account_ids").list.len() == 2)["narrative"].item()
    assert f"{share:.0%} of all that went to firms abroad" in said


def test_the_advisories_are_told_as_they_stood() -> None:
    first = "FIN-2019-A006, in force on 2026-03-31."
    bulk, retail = (detect(build())["narrative"].item() for build in (front, sellers))
    assert bulk.endswith(f"Red flags as they stood: FIN-2024-A002, in force on 2026-03-31; {first}")
    assert retail.endswith(f"Red flags as they stood: {first}")
    before = Town(night_of=date(2024, 6, 19))
    before.company("buyer", country="MX", industry_code=TEXTILES)
    before.company("chemist", country="CN", industry_code=CHEMICALS)
    for number in range(5):
        before.pay(3 + 7 * number, "buyer", "chemist", 24_000 + 900 * number)
    assert "stood: FIN-2019-A006, in force on 2024-06-19." in detect(before)["narrative"].item()


def test_reversed_purchases_are_no_purchases() -> None:
    town = front(payments=4)
    for row in list(town.payments)[1:]:
        at = row["booked_at"] + timedelta(hours=2)
        back = {"transaction_id": f"r{row['transaction_id']}", "reverses_transaction_id": row["transaction_id"]}
        town.payments.append(row | back | {"booked_at": at, "booking_date": at.date()})
    assert detect(town).is_empty()


def test_a_declared_turnover_of_nothing_is_no_measure() -> None:
    town = front()
    town.parties[0]["annual_turnover_usd"] = Decimal(0)
    indicators = detect(town)["indicators"].explode()
    assert "beyond_turnover" not in indicators.struct.field("code").to_list()
    assert indicators.struct.field("value").is_finite().all()


def test_a_night_without_documents_texts_and_contacts_still_tells_by_trade() -> None:
    night = front().night()
    bare = replace(
        night,
        parties=night.parties.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in ("phone", "email")),
        absent=frozenset({"trade_documents", "ownership"}),
    )
    assert DETECTOR.detect(bare, DETECTOR.parameters()).collect().height == 1
