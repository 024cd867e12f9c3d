"""Precursor purchases and trade schemes are in the data as their labels say; easy and hard ones differ."""

from collections import Counter
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from tests.planted import DIFFICULTIES, END, evidence, labelled, labels, priced, schemes, table, write

CHEMICAL = ("2011", "2029", "2100")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("trade"), schemes=schemes(precursor_procurement=8, trade_based=20))


@pytest.fixture(scope="module")
def transactions(folder: Path) -> pl.DataFrame:
    return priced(folder)


@pytest.fixture(scope="module")
def legs(folder: Path) -> pl.DataFrame:
    return labelled(folder)


@pytest.fixture(scope="module")
def papers(folder: Path) -> pl.DataFrame:
    """Give the documents between two suspects of one scheme, with the USD of the payment that each names."""
    named = labels(folder, "schemes").explode("party_ids").select("scheme_id", "typology", "difficulty", "party_ids")
    both = (
        table(folder, "trade_documents")
        .join(named, left_on="exporter_party_id", right_on="party_ids")
        .join(named, left_on=["importer_party_id", "scheme_id"], right_on=["party_ids", "scheme_id"], suffix="_2")
    )
    declared = pl.col("declared_value_usd").cast(pl.Float64)
    return both.with_columns(declared=declared).join(
        priced(folder).select("transaction_id", "usd", "booking_date"), on="transaction_id", how="left"
    )


# precursors ---------------------------------------------------------------------------------------------------


def test_precursor_money_ends_in_china_or_hong_kong_and_chemical_firms_are_not_named(
    folder: Path, legs: pl.DataFrame
) -> None:
    last = evidence(legs).filter(typology="precursor_procurement", role="out")
    assert set(last["beneficiary_country"]) <= {"CN", "HK"}
    assert last["scheme_id"].n_unique() == 16
    industries = table(folder, "parties").select("party_id", "industry_code")
    named = labels(folder, "schemes").filter(typology="precursor_procurement").explode("party_ids")
    suspects = named.join(industries, left_on="party_ids", right_on="party_id")
    assert not suspects["industry_code"].is_in(CHEMICAL).any()


def small_lots(legs: pl.DataFrame) -> pl.DataFrame:
    wide = evidence(legs).filter(typology="precursor_procurement").filter(pl.col("usd").max().over("scheme_id") < 1_100)
    assert set(wide["difficulty"]) == set(DIFFICULTIES)
    return wide


def test_small_lots_are_of_retail_size_and_their_sellers_share_a_telephone_or_an_e_mail(
    folder: Path, legs: pl.DataFrame
) -> None:
    lots = small_lots(legs)
    assert lots["usd"].is_between(9, 1_050).all()  # agreed in round numbers, and less the exchange's fee
    contacts = (
        table(folder, "accounts").join(table(folder, "parties"), on="party_id").select("account_id", "phone", "email")
    )
    sold = lots.filter(role="out").select("scheme_id", "difficulty", account_id="beneficiary_account_id").unique()
    for one in sold.join(contacts, on="account_id").partition_by("scheme_id"):
        usual = [max(Counter(one[kind].drop_nulls()).values(), default=0) for kind in ("phone", "email")]
        if one["difficulty"][0] == "easy":
            assert usual == [len(one), len(one)]
        else:  # a household shares a telephone too
            assert min(usual) < len(one) - 1 <= max(usual)


def test_ramps_pay_out_what_was_bought_less_a_fee_within_hours(legs: pl.DataFrame) -> None:
    bought, sold = (small_lots(legs).filter(role=role) for role in ("in", "out"))
    bought = bought.with_columns(order=pl.int_range(pl.len()).over("scheme_id", "group_no"))
    sold = sold.filter(pl.col("scheme_id").is_in(bought["scheme_id"].unique().implode()))
    sold = sold.with_columns(order=pl.int_range(pl.len()).over("scheme_id", "group_no"))
    both = bought.join(sold, on=["scheme_id", "group_no", "order"], suffix="_out")
    assert len(both) == len(bought) == len(sold) > 0
    hours = (both["booked_at_out"] - both["booked_at"]).dt.total_seconds() / 3600
    assert hours.is_between(0.1, 8.1).all()
    assert (1 - both["usd_out"] / both["usd"]).is_between(0.0, 0.05).all()  # 1 to 4 in a hundred, and a day's FX


def test_money_routed_through_a_third_country_leaves_it_less_what_is_kept(legs: pl.DataFrame) -> None:
    bulk = evidence(legs).filter(typology="precursor_procurement").filter(pl.col("usd").max().over("scheme_id") > 1_100)
    routed = bulk.filter((pl.col("role") == "in").any().over("scheme_id"))
    each = routed.group_by("scheme_id", "difficulty", "group_no").agg(
        bought=pl.col("usd").filter(role="in").sum(),
        paid=pl.col("usd").filter(role="out").sum(),
        into=pl.col("booked_at").filter(role="in").max(),
        out=pl.col("booked_at").filter(role="out").min(),
        between=pl.col("beneficiary_country").filter(role="in").first(),
    )
    assert len(each) > 8
    assert not each["between"].is_in(["CN", "HK"]).any()
    assert (each["out"] > each["into"]).all()
    assert (1 - each["paid"] / each["bought"]).is_between(0.009, 0.061).all()


# trade --------------------------------------------------------------------------------------------------------


def test_documents_name_payments_between_their_own_two_parties(folder: Path, transactions: pl.DataFrame) -> None:
    documents = table(folder, "trade_documents")
    assert documents["document_id"].is_unique().all()
    assert documents["issued_on"].max() <= END  # type: ignore[operator]
    holder = table(folder, "accounts").select("account_id", "party_id")
    tied = documents.drop_nulls("transaction_id").join(transactions, on="transaction_id")
    assert len(tied) == documents["transaction_id"].count()
    sides = tied.join(holder, left_on="originator_account_id", right_on="account_id").join(
        holder, left_on="beneficiary_account_id", right_on="account_id", suffix="_payee"
    )
    assert (sides["importer_party_id"] == sides["party_id"]).all()
    assert (sides["exporter_party_id"] == sides["party_id_payee"]).all()
    assert (sides["issued_on"] <= sides["booking_date"]).all()


def test_goods_paid_once_are_paid_as_declared_or_as_far_from_it_as_said(
    papers: pl.DataFrame, legs: pl.DataFrame
) -> None:
    payments = evidence(legs).filter(role="payment").filter(pl.len().over("scheme_id", "group_no") == 1)
    once = papers.filter(pl.col("declared") > 1_000).join(payments.select("transaction_id"), on="transaction_id")
    ratio = pl.col("usd") / pl.col("declared")
    spans = {"easy": ((1.99, 4.01), (0.249, 0.501)), "hard": ((1.199, 1.401), (0.599, 0.801))}
    for difficulty, far in spans.items():
        shares = once.filter(difficulty=difficulty).select(ratio).to_series()
        wrong = pl.Series([any(low < share < high for low, high in far) for share in shares])
        assert wrong.sum() >= 5
        assert shares.filter(~wrong).is_between(0.999, 1.001).all()


def test_hard_schemes_leave_payments_out_of_documents_and_easy_ones_do_not(papers: pl.DataFrame) -> None:
    tied = (
        papers.filter(typology="trade_based").group_by("difficulty").agg(pl.col("transaction_id").is_not_null().mean())
    )
    share = dict(tied.iter_rows())
    assert share["easy"] == 1
    assert 0.3 < share["hard"] < 0.7


def test_one_shipments_papers_come_back_for_every_payment(papers: pl.DataFrame) -> None:
    easy = papers.filter(pl.col("difficulty") == "easy", pl.col("parcels") > 2)
    copies = easy.group_by("scheme_id", "hs_code", "parcels", "issued_on", "declared_value_usd").agg(
        pl.len(), pl.col("transaction_id").n_unique()
    )
    again = copies.filter(pl.col("len") > 1)
    assert len(again) >= 1
    assert (again["len"] == again["transaction_id"]).all()


def test_phantom_shipments_have_no_parcels(papers: pl.DataFrame) -> None:
    assert papers.filter(pl.col("difficulty") == "easy", pl.col("parcels") == 0)["scheme_id"].n_unique() >= 1


def test_income_without_purchases_is_large_and_hardly_anything_is_bought(folder: Path, legs: pl.DataFrame) -> None:
    income = evidence(legs).filter(role="income").group_by("scheme_id", "difficulty").agg(pl.col("usd").sum())
    assert set(income["difficulty"]) == set(DIFFICULTIES)
    assert income["usd"].min() > 100_000  # type: ignore[operator]
    sellers = labels(folder, "schemes").join(income, on="scheme_id")
    assert (sellers["account_ids"].list.len() == 1).all()
    rebates = evidence(legs).filter(role="rebate")
    state = table(folder, "accounts").filter(account_type="government")["account_id"]
    assert rebates["originator_account_id"].is_in(state.implode()).all()
    share = rebates.group_by("scheme_id").agg(rebate=pl.col("usd").sum()).join(income, on="scheme_id")
    assert share.select(pl.col("rebate") / pl.col("usd")).to_series().is_between(0.08, 0.14).all()


@pytest.mark.parametrize(
    ("end", "origins"),
    [(END, {"CN", "HK"}), (date(2025, 5, 2), {"MX", "CA", "GB"}), (date(2025, 8, 29), set())],
    ids=["while it held", "ended for China", "ended for all"],
)
def test_parcels_under_800_usd_only_where_they_still_entered_free(tmp_path: Path, end: date, origins: set[str]) -> None:
    write(tmp_path, end_date=end, accounts=300, schemes=schemes(trade_based=12), seed=4)
    named = labels(tmp_path, "schemes").explode("party_ids")["party_ids"].implode()
    both = pl.col("importer_party_id").is_in(named) & pl.col("exporter_party_id").is_in(named)
    planted = table(tmp_path, "trade_documents").filter(both, parcels=1)
    parcels = planted.filter(pl.col("declared_value_usd").is_between(600, 800, closed="left"))
    assert set(parcels["origin_country"]) <= origins
    assert bool(len(parcels)) == bool(origins)
    assert set(parcels["destination_country"]) <= {"US"}
