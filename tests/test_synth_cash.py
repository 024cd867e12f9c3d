"""Cash and property schemes: what labels promise, what easy and hard mean, and why their look-alikes are innocent."""

from pathlib import Path

import polars as pl
import pytest

from mirrorwatch.synth.innocents import KINDS
from mirrorwatch.synth.schemes.structuring import LIMITS
from mirrorwatch.synth.spec import TypologySpec, WorldSpec
from mirrorwatch.synth.world import write_world

VARIANTS = {
    "underground_banking": ("cash_mules", "tuition", "card_spending"),
    "structuring": ("smurfs", "changed_amounts", "many_accounts", "funnel", "withdrawals"),
    "bulk_cash": ("own_business", "goods", "sister_firm"),
    "real_estate": ("many_payers", "shell_payers", "structured_drafts"),
}
SPEC = WorldSpec(
    seed=31,
    accounts=900,
    days=60,
    innocents=0,
    schemes=tuple(
        TypologySpec(typology=typology, difficulty=difficulty, count=len(variants))  # type: ignore[arg-type]
        for typology, variants in VARIANTS.items()
        for difficulty in ("easy", "hard")
    ),
)
CASH = pl.col("channel").is_in(["cash_deposit", "cash_withdrawal"])
IN, HOP, OUT = (pl.col("role") == role for role in ("in", "hop", "out"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("cash")
    write_world(SPEC, target / "data", target / "labels")
    return target


def transactions(folder: Path) -> pl.DataFrame:
    """All rows with `usd`, at one rate a currency: what a rate moves in the window is within the tests' slack."""
    rows = pl.read_parquet(folder / "data" / "transactions" / "**" / "*.parquet", hive_partitioning=True)
    rates = pl.read_parquet(folder / "data" / "fx_rates" / "*.parquet")
    mean = rates.group_by("currency").agg(pl.col("usd_per_unit").mean())
    return rows.join(mean, on="currency").with_columns(usd=pl.col("amount").cast(pl.Float64) * pl.col("usd_per_unit"))


@pytest.fixture(scope="module")
def schemes(folder: Path) -> pl.DataFrame:
    frame = pl.read_parquet(folder / "labels" / "schemes.parquet")
    return frame.with_columns(variant=pl.col("scheme_id").str.split("-").list.last())


@pytest.fixture(scope="module")
def evidence(folder: Path, schemes: pl.DataFrame) -> pl.DataFrame:
    legs = pl.read_parquet(folder / "labels" / "scheme_transactions.parquet").filter(pl.col("role") != "cover")
    joined = legs.join(transactions(folder), on="transaction_id").join(schemes, on="scheme_id")
    assert len(joined) == len(legs)
    sides = [pl.col(f"{side}_account_id") for side in ("originator", "beneficiary")]
    names = ("pays", "is_paid")
    named = [pl.col("account_ids").list.contains(side).fill_null(value=False) for side in sides]
    return joined.with_columns(**dict(zip(names, named, strict=True)))


def test_every_variant_is_planted_easy_and_hard_and_named_in_the_id(schemes: pl.DataFrame) -> None:
    planted = set(schemes.select("typology", "difficulty", "variant").iter_rows())
    wanted = {
        (typology, difficulty, variant)
        for typology, variants in VARIANTS.items()
        for variant in variants
        for difficulty in ("easy", "hard")
    }
    assert planted == wanted
    assert len(schemes) == len(wanted)


def test_labels_hold_all_evidence_and_nobody_twice(schemes: pl.DataFrame, evidence: pl.DataFrame) -> None:
    held = schemes.select("scheme_id", "transaction_ids").explode("transaction_ids").rows()
    assert sorted(held) == sorted(evidence.select("scheme_id", "transaction_id").iter_rows())
    for column in ("account_ids", "party_ids", "transaction_ids"):
        everyone = schemes.explode(column)[column]
        assert everyone.null_count() == 0
        assert everyone.n_unique() == len(everyone)


def test_evidence_lies_within_the_last_45_days(evidence: pl.DataFrame) -> None:
    days = (pl.lit(SPEC.end_date) - pl.col("booking_date")).dt.total_days()
    assert evidence.select(days.max()).item() < 45


def test_every_row_of_evidence_is_a_suspects_and_every_suspect_has_some(evidence: pl.DataFrame) -> None:
    sides = {"in": ("is_paid",), "hop": ("pays", "is_paid"), "out": ("pays",)}
    for role, needed in sides.items():
        rows = evidence.filter(role=role)
        assert len(rows) > 0
        for side in needed:
            assert rows[side].all(), (role, side)
    seen = pl.concat(
        evidence.select("scheme_id", account=pl.col(f"{side}_account_id")) for side in ("originator", "beneficiary")
    ).unique()
    named = evidence.select("scheme_id", account="account_ids").unique().explode("account").unique()
    assert named.join(seen, on=["scheme_id", "account"], how="anti").is_empty()


def test_who_pays_in_or_is_paid_is_no_schemes_suspect(schemes: pl.DataFrame, evidence: pl.DataFrame) -> None:
    suspects = schemes.explode("account_ids")["account_ids"].implode()
    others = pl.concat(
        [
            evidence.filter(IN & ~CASH)["originator_account_id"],
            evidence.filter(OUT & ~CASH, ~pl.col("is_paid"))["beneficiary_account_id"],
        ]
    )
    assert len(others) > 100
    assert not others.is_in(suspects).any()
    runners = evidence["conductor_party_id"].drop_nulls().unique()
    holders = schemes.explode("party_ids")["party_ids"]
    strangers = runners.filter(~runners.is_in(holders.implode()))
    assert len(strangers) > 10


def test_what_leaves_is_what_came_less_what_is_kept(evidence: pl.DataFrame) -> None:
    sums = evidence.group_by("scheme_id", "difficulty", "variant").agg(
        into=pl.col("usd").filter(IN).sum(), out=pl.col("usd").filter(OUT).sum()
    )
    funded = sums.filter(pl.col("into") > 0).with_columns(kept=1 - pl.col("out") / pl.col("into"))
    assert set(sums.filter(pl.col("into") == 0)["variant"]) == {"many_payers"}  # easy: nothing explains the money
    easy, hard = (funded.filter(difficulty=difficulty)["kept"] for difficulty in ("easy", "hard"))
    slack = 0.02  # FX
    assert easy.is_between(-slack, 0.12 + slack).all()  # shells' lenders lend up to 12 % more than is paid
    assert hard.is_between(-slack, 0.35 + slack).all()  # pooled, and kept from twice
    assert hard.mean() > easy.mean()  # type: ignore[operator]


def test_money_does_not_leave_before_it_came(evidence: pl.DataFrame) -> None:
    first = evidence.filter(pl.col("typology") != "real_estate").group_by("scheme_id", "group_no")
    times = first.agg(into=pl.col("booked_at").filter(IN).min(), out=pl.col("booked_at").filter(~IN).min())
    assert len(times.drop_nulls()) > 100
    assert times.drop_nulls().filter(pl.col("out") < pl.col("into")).is_empty()


def test_structured_cash_stays_below_the_limit_of_its_country(evidence: pl.DataFrame) -> None:
    limit = pl.col("beneficiary_country").replace_strict(LIMITS, return_dtype=pl.Int64)
    cut = evidence.filter(CASH, (pl.col("typology") == "structuring") | (pl.col("variant") == "structured_drafts"))
    rows = cut.filter(pl.col("beneficiary_country").is_in(list(LIMITS))).with_columns(share=pl.col("amount") / limit)
    above = rows.filter(pl.col("share") >= 1)
    assert set(rows.filter(typology="structuring")["variant"]) == set(VARIANTS["structuring"])
    assert above["variant"].to_list() == ["changed_amounts"] * 2  # the first sum of each
    first = rows.filter(variant="changed_amounts").sort("booked_at").group_by("scheme_id", maintain_order=True).first()
    assert sorted(first["transaction_id"]) == sorted(above["transaction_id"])
    closeness = rows.filter(pl.col("share") < 1, typology="structuring").group_by("difficulty")
    least = dict(closeness.agg(pl.col("share").min().cast(pl.Float64)).iter_rows())
    assert least["easy"] > 0.7
    assert least["hard"] < 0.5


def test_nearness_to_the_limit_is_never_the_only_fact(evidence: pl.DataFrame) -> None:
    cash = evidence.filter(CASH, typology="structuring").group_by("scheme_id")
    facts = cash.agg(
        branches=pl.col("branch_id").n_unique(),
        runners=pl.col("conductor_party_id").drop_nulls().n_unique(),
        accounts=pl.coalesce("beneficiary_account_id", "originator_account_id").n_unique(),
    )
    assert facts.select((pl.max_horizontal("branches", "runners", "accounts") >= 3).all()).item()


def test_hard_schemes_hide_conductors_and_use_more_accounts(schemes: pl.DataFrame, evidence: pl.DataFrame) -> None:
    brought = evidence.filter(CASH, pl.col("typology") != "bulk_cash")
    known = dict(brought.group_by("difficulty").agg(pl.col("conductor_party_id").is_not_null().mean()).iter_rows())
    assert known["easy"] > 0.8
    assert known["hard"] < 0.6
    size = schemes.with_columns(pl.col("account_ids").list.len()).pivot(
        "difficulty", index=["typology", "variant"], values="account_ids", aggregate_function="sum"
    )
    assert (size["hard"] >= size["easy"]).sum() >= len(size) - 2  # numbers of payers overlap
    assert 2 * size["hard"].sum() > 3 * size["easy"].sum()


def test_hard_suspects_have_ordinary_lives(folder: Path, schemes: pl.DataFrame, evidence: pl.DataFrame) -> None:
    rest = transactions(folder).join(evidence, on="transaction_id", how="anti")
    hard = schemes.filter(difficulty="hard").filter(pl.col("variant") != "shell_payers").explode("account_ids")
    own = pl.concat(rest.select(account_ids=f"{side}_account_id") for side in ("originator", "beneficiary"))
    lives = hard.join(own.group_by("account_ids").len(), on="account_ids", how="left")
    assert (lives["len"].fill_null(0) >= 5).mean() > 0.85  # type: ignore[operator]


def test_bulk_cash_is_out_of_line_with_declared_turnover_and_goes_abroad(folder: Path, evidence: pl.DataFrame) -> None:
    accounts = pl.read_parquet(folder / "data" / "accounts" / "*.parquet").select("account_id", "party_id")
    parties = pl.read_parquet(folder / "data" / "parties" / "*.parquet").select("party_id", "annual_turnover_usd")
    bulk = evidence.filter(typology="bulk_cash")
    brought = bulk.filter(IN).group_by("difficulty", account_id="beneficiary_account_id").agg(pl.col("usd").sum())
    declared = brought.join(accounts, on="account_id").join(parties, on="party_id").drop_nulls("annual_turnover_usd")
    times = declared.with_columns(x=pl.col("usd") / pl.col("annual_turnover_usd").cast(pl.Float64) * 365 / 36)
    assert len(times) > 3
    assert times["x"].min() > 1.5  # type: ignore[operator]
    assert (bulk.filter(OUT)["beneficiary_country"] != bulk.filter(OUT)["originator_country"]).all()


def test_one_payee_is_paid_for_each_unit_and_few_hard_texts_say_so(evidence: pl.DataFrame) -> None:
    paid = evidence.filter(OUT, typology="real_estate")
    each = paid.group_by("scheme_id", "difficulty").agg(
        payees=pl.col("beneficiary_account_id").n_unique(),
        payers=pl.col("originator_account_id").n_unique(),
        named=pl.col("purpose").is_not_null().mean(),
        texts=pl.col("purpose").drop_nulls().n_unique(),
    )
    assert (each["payees"] == 1).all()
    assert (each["payers"] >= 2).all()
    assert (each["texts"] <= 1).all()
    assert each.filter(difficulty="easy")["named"].min() > 0.3  # type: ignore[operator]
    assert each.filter(difficulty="hard")["named"].max() < 0.8  # type: ignore[operator]


def test_innocents_bring_what_would_look_suspicious_alone(tmp_path: Path) -> None:
    kinds = ("restaurant_daily_takings", "vending_operator", "cuckoo_victim", "supermarket_armoured_car",
             "home_buyer_with_family", "property_developer", "trip_organiser")  # fmt: skip
    assert set(kinds) <= set(KINDS)
    spec = WorldSpec.without_schemes(4, accounts=400, days=45, innocent_kinds=kinds)
    write_world(spec, tmp_path / "data", tmp_path / "labels")
    label = pl.read_parquet(tmp_path / "labels" / "innocents.parquet").explode("transaction_ids")
    rows = label.join(transactions(tmp_path), left_on="transaction_ids", right_on="transaction_id")
    facts = rows.group_by("kind").agg(
        branches=pl.col("branch_id").drop_nulls().n_unique(),
        runners=pl.col("conductor_party_id").drop_nulls().n_unique(),
        largest=pl.col("usd").filter(CASH).max(),
        payers=pl.col("originator_account_id").n_unique(),
    )
    of = {row["kind"]: row for row in facts.iter_rows(named=True)}
    assert of["restaurant_daily_takings"]["runners"] >= 2
    assert of["vending_operator"]["branches"] >= 3
    assert of["cuckoo_victim"]["branches"] >= 2
    assert of["cuckoo_victim"]["largest"] < 10_500
    assert of["supermarket_armoured_car"]["largest"] > 30_000
    assert of["home_buyer_with_family"]["payers"] >= 6
    assert of["property_developer"]["payers"] >= 10
    assert of["trip_organiser"]["payers"] >= 6


def test_the_same_seed_gives_the_same_bytes_and_a_short_world_is_no_error(tmp_path: Path) -> None:
    small = SPEC.model_copy(update={"accounts": 200, "days": 4, "innocents": 1})
    for name in ("one", "two"):
        write_world(small, tmp_path / name / "data", tmp_path / name / "labels")
    first, second = (
        {path.relative_to(tmp_path / name): path.read_bytes() for path in (tmp_path / name).rglob("*.parquet")}
        for name in ("one", "two")
    )
    assert first == second
    assert len(pl.read_parquet(tmp_path / "one" / "labels" / "schemes.parquet")) == sum(map(len, VARIANTS.values())) * 2


def test_a_country_without_a_reporting_law_is_used_only_where_there_is_no_other(tmp_path: Path) -> None:
    schemes = (TypologySpec(typology="structuring", difficulty="easy", count=5),)
    for countries, wanted in ((("US", "GB", "HK"), {"US"}), (("GB", "HK"), {"GB", "HK"})):
        spec = WorldSpec(seed=8, accounts=250, days=30, countries=countries, schemes=schemes, innocents=0)
        folder = tmp_path / "-".join(countries)
        write_world(spec, folder / "data", folder / "labels")
        legs = pl.read_parquet(folder / "labels" / "scheme_transactions.parquet")
        rows = legs.join(transactions(folder), on="transaction_id").filter(CASH)
        assert set(rows["originator_country"]) <= wanted
        assert len(rows) > 20
