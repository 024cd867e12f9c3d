"""Labels say what was planted: swaps keep to their fee and lag, chains conserve money, innocents are all there."""

from pathlib import Path

import polars as pl
import pytest
from pydantic import ValidationError

from mirrorwatch.synth.innocents import KINDS
from mirrorwatch.synth.spec import MirrorSpec, ShellSpec, WorldSpec
from mirrorwatch.synth.world import write_world

EASY, HARD = MirrorSpec.easy(count=2), MirrorSpec.hard(count=3)
SHELL_EASY, SHELL_HARD = ShellSpec.easy(count=2), ShellSpec.hard(count=4)
MIRRORS = {"easy": EASY, "hard": HARD}
SHELLS = {"easy": SHELL_EASY, "hard": SHELL_HARD}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("schemes")
    spec = WorldSpec(seed=21, accounts=500, days=60, schemes=(EASY, HARD, SHELL_EASY, SHELL_HARD))
    write_world(spec, target / "data", target / "labels")
    return target


@pytest.fixture(scope="module")
def transactions(folder: Path) -> pl.DataFrame:
    """All rows with `usd` at the rate of their own day, as the contract reads it."""
    rows = pl.read_parquet(folder / "data" / "transactions" / "**" / "*.parquet", hive_partitioning=True)
    rates = pl.read_parquet(folder / "data" / "fx_rates" / "*.parquet")
    days = rows.select(pl.col("booking_date").unique()).join(rates.select(pl.col("currency").unique()), how="cross")
    asof = (
        days.join(rates, on="currency")
        .filter(pl.col("rate_date") <= pl.col("booking_date"))
        .sort("rate_date")
        .group_by("booking_date", "currency")
        .agg(pl.col("usd_per_unit").last())
    )
    usd = pl.col("amount").cast(pl.Float64) * pl.col("usd_per_unit")
    return rows.join(asof, on=["booking_date", "currency"]).with_columns(usd=usd)


@pytest.fixture(scope="module")
def legs(folder: Path, transactions: pl.DataFrame) -> pl.DataFrame:
    named = pl.read_parquet(folder / "labels" / "scheme_transactions.parquet")
    schemes = pl.read_parquet(folder / "labels" / "schemes.parquet").select("scheme_id", "typology", "difficulty")
    joined = named.join(transactions, on="transaction_id").join(schemes, on="scheme_id")
    assert len(joined) == len(named)
    return joined


def labels(folder: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(folder / "labels" / f"{name}.parquet")


def swaps(legs: pl.DataFrame, difficulty: str) -> pl.DataFrame:
    """Give one row a swap: USD and parts of each side, hours from the first collection to first and last payout."""
    role, hours = pl.col("role"), pl.col("booked_at").dt.epoch("us") / 3.6e9
    collected, paid = role == "collection", role == "payout"
    chosen = legs.filter(pl.col("typology") == "mirror_swap", pl.col("difficulty") == difficulty, role != "cover")
    begin = hours.filter(collected).min()
    return chosen.group_by("scheme_id", "group_no").agg(
        collected=pl.col("usd").filter(collected).sum(),
        paid=pl.col("usd").filter(paid).sum(),
        parts_in=collected.sum(),
        parts_out=paid.sum(),
        first=hours.filter(paid).min() - begin,
        last=hours.filter(paid).max() - begin,
        countries=pl.col("originator_country").n_unique(),
        crossing=(pl.col("originator_country") != pl.col("beneficiary_country")).sum(),
        currencies=pl.col("currency").n_unique(),
    )


@pytest.mark.parametrize("difficulty", ["easy", "hard"])
def test_every_swap_keeps_to_its_fee_lag_and_parts(legs: pl.DataFrame, difficulty: str) -> None:
    spec, each = MIRRORS[difficulty], swaps(legs, difficulty)
    slack = spec.fx_noise + 0.0015  # cash is paid out in whole notes
    fee = 1 - each["paid"] / each["collected"]
    assert fee.is_between(spec.fee[0] - slack, spec.fee[1] + slack).all()
    assert each["first"].min() >= spec.lag_hours[0]  # type: ignore[operator]
    assert each["last"].max() <= spec.lag_hours[1] + 0.001  # type: ignore[operator]
    assert each["parts_in"].is_between(*spec.parts_in).all()
    assert each["parts_out"].is_between(*spec.parts_out).all()
    per_ring = each.group_by("scheme_id").len()["len"]
    assert len(per_ring) == spec.count
    assert per_ring.is_between(*spec.swaps).all()


def test_both_legs_are_domestic_in_two_countries_and_currencies(legs: pl.DataFrame) -> None:
    each = pl.concat([swaps(legs, difficulty) for difficulty in MIRRORS])
    assert (each["countries"] == 2).all()
    assert (each["currencies"] == 2).all()
    assert (each["crossing"] == 0).all()


def test_hard_collections_are_cash_over_rotating_accounts(legs: pl.DataFrame) -> None:
    hard = legs.filter(pl.col("typology") == "mirror_swap", pl.col("difficulty") == "hard")
    collected = hard.filter(pl.col("role") == "collection")
    assert set(collected["channel"]) == {"cash_deposit"}
    used = collected.group_by("scheme_id").agg(pl.col("beneficiary_account_id").n_unique())
    assert used["beneficiary_account_id"].is_between(2, HARD.accounts_per_side[1]).all()


def test_labels_name_the_rings_accounts_only(folder: Path, legs: pl.DataFrame) -> None:
    rings = labels(folder, "schemes").filter(pl.col("typology") == "mirror_swap")
    suspects = (
        legs.filter(pl.col("role").is_in(["collection", "payout"]))
        .with_columns(
            account=pl.when(pl.col("role") == "collection")
            .then("beneficiary_account_id")
            .otherwise("originator_account_id")
        )
        .group_by("scheme_id")
        .agg(pl.col("account").unique())
    )
    for ring in rings.join(suspects, on="scheme_id").iter_rows(named=True):
        assert set(ring["account"]) <= set(ring["account_ids"])
    everyone = rings.explode("account_ids")["account_ids"]
    assert everyone.n_unique() == len(everyone)


def test_ring_accounts_have_ordinary_activity_beside_the_swaps(
    folder: Path, legs: pl.DataFrame, transactions: pl.DataFrame
) -> None:
    hard = labels(folder, "schemes").filter(pl.col("typology") == "mirror_swap", pl.col("difficulty") == "hard")
    members = hard.explode("account_ids")["account_ids"].implode()
    own = transactions.join(legs, on="transaction_id", how="anti").filter(
        pl.col("originator_account_id").is_in(members) | pl.col("beneficiary_account_id").is_in(members)
    )
    assert len(own) > 5 * members.list.len().item()


def test_no_money_passes_between_the_two_sides(folder: Path, transactions: pl.DataFrame) -> None:
    for ring in labels(folder, "schemes").filter(pl.col("typology") == "mirror_swap").iter_rows(named=True):
        inside = transactions.filter(
            pl.col("originator_account_id").is_in(ring["account_ids"]),
            pl.col("beneficiary_account_id").is_in(ring["account_ids"]),
            pl.col("originator_country") != pl.col("beneficiary_country"),
        )
        assert inside.is_empty()


@pytest.mark.parametrize("difficulty", ["easy", "hard"])
def test_shells_pass_on_what_they_get_less_what_they_keep(folder: Path, legs: pl.DataFrame, difficulty: str) -> None:
    spec = SHELLS[difficulty]
    schemes = labels(folder, "schemes").filter(pl.col("typology") == "shell_company", difficulty=difficulty)
    shells = schemes.explode("account_ids").select("scheme_id", account="account_ids")
    moved = legs.filter(pl.col("role").is_in(["in", "hop", "out"]))
    by = ["scheme_id", "group_no", "account"]
    into, out = (
        moved.join(shells, left_on=["scheme_id", side], right_on=["scheme_id", "account"])
        .rename({side: "account"})
        .group_by(by)
        .agg(usd=pl.col("usd").sum(), at=at)
        for side, at in (
            ("beneficiary_account_id", pl.col("booked_at").max()),
            ("originator_account_id", pl.col("booked_at").min()),
        )
    )
    each = into.join(out, on=by, suffix="_out")
    assert len(each) == len(into) == len(out) > 0
    kept = 1 - each["usd_out"] / each["usd"]
    assert kept.is_between(spec.kept[0] - 0.01, spec.kept[1] + 0.01).all()  # FX moves between the days
    hours = (each["at_out"] - each["at"]).dt.total_seconds() / 3600
    assert hours.is_between(spec.hop_hours[0] - 0.01, spec.hop_hours[1] + 0.01).all()


def test_shells_are_as_old_and_as_close_as_their_spec_says(folder: Path) -> None:
    accounts = pl.read_parquet(folder / "data" / "accounts" / "*.parquet")
    parties = pl.read_parquet(folder / "data" / "parties" / "*.parquet")
    shells = labels(folder, "schemes").filter(pl.col("typology") == "shell_company").explode("account_ids")
    each = shells.join(accounts, left_on="account_ids", right_on="account_id").join(parties, on="party_id")
    addresses = each.group_by("scheme_id", "difficulty").agg(pl.col("address").n_unique(), number=pl.len())
    assert (addresses.filter(difficulty="easy")["address"] == 1).all()
    start = pl.date(2026, 1, 31)
    for difficulty, spec in SHELLS.items():
        age = each.filter(difficulty=difficulty).select((start - pl.col("born_or_incorporated_on")).dt.total_days())
        assert age.to_series().drop_nulls().is_between(*spec.age_days).all()


def test_shells_pay_no_wages_tax_or_rent(folder: Path, transactions: pl.DataFrame) -> None:
    shells = labels(folder, "schemes").filter(pl.col("typology") == "shell_company").explode("account_ids")
    accounts = pl.read_parquet(folder / "data" / "accounts" / "*.parquet")
    state = accounts.filter(account_type="government")["account_id"].implode()
    out = transactions.filter(pl.col("originator_account_id").is_in(shells["account_ids"].implode()))
    assert len(out) > 0
    assert out.filter(pl.col("beneficiary_account_id").is_in(state)).is_empty()


def test_every_innocent_kind_is_planted_with_accounts_and_rows(folder: Path, transactions: pl.DataFrame) -> None:
    innocents = labels(folder, "innocents")
    assert innocents["kind"].to_list() == list(KINDS)
    rows = innocents.explode("transaction_ids")
    assert rows["transaction_ids"].is_in(transactions["transaction_id"].implode()).all()
    assert innocents["transaction_ids"].list.len().min() >= 5  # type: ignore[operator]
    accounts = pl.read_parquet(folder / "data" / "accounts" / "*.parquet")["account_id"]
    assert innocents.explode("account_ids")["account_ids"].is_in(accounts.implode()).all()
    suspects = labels(folder, "schemes").explode("account_ids")["account_ids"]
    assert not innocents.explode("account_ids")["account_ids"].is_in(suspects.implode()).any()


def test_licensed_look_alikes_carry_their_licence_and_agents_their_tie(folder: Path) -> None:
    parties = pl.read_parquet(folder / "data" / "parties" / "*.parquet")
    named = labels(folder, "innocents").explode("party_ids").join(parties, left_on="party_ids", right_on="party_id")
    licences = dict(named.drop_nulls("licence").select("kind", "licence").iter_rows())
    wanted = {"licensed_remitter": "msb", "remitter_agents": "msb", "money_changer": "msb",
              "payment_service_provider": "psp", "correspondent_nostro": "bank"}  # fmt: skip
    assert {kind: licences.get(kind) for kind in wanted} == wanted
    ties = pl.read_parquet(folder / "data" / "ownership" / "*.parquet").filter(role="agent")
    agents = labels(folder, "innocents").filter(kind="remitter_agents").explode("party_ids")["party_ids"]
    assert len(ties) == 4
    assert ties["owned_party_id"].is_in(agents.implode()).all()


def test_a_world_without_schemes_has_an_empty_label(tmp_path: Path) -> None:
    summary = write_world(WorldSpec.without_schemes(2, accounts=200, days=5), tmp_path / "data", tmp_path / "labels")
    assert summary.schemes == 0
    assert labels(tmp_path, "schemes").is_empty()
    assert labels(tmp_path, "scheme_transactions").is_empty()
    assert len(labels(tmp_path, "innocents")) == len(KINDS)
    assert not list((tmp_path / "data").rglob("*scheme*"))


def test_an_unknown_innocent_kind_is_refused_by_name(tmp_path: Path) -> None:
    spec = WorldSpec(seed=1, accounts=200, days=3, innocent_kinds=("tuition", "nobody"))
    with pytest.raises(ValueError, match="nobody"):
        write_world(spec, tmp_path / "data", tmp_path / "labels")
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    "wrong",
    [{"fee": (0.03, 0.01)}, {"swaps": (9, 3)}, {"unknown": 1}, {"round_share": 1.5}],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_spec_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        MirrorSpec.hard(**wrong)


def test_a_world_needs_two_known_countries() -> None:
    with pytest.raises(ValidationError, match="at least two"):
        WorldSpec(seed=1, countries=("US",))
    with pytest.raises(ValidationError, match="at least two"):
        WorldSpec(seed=1, countries=("US", "XX"))


def test_the_docs_say_why_each_innocent_is_innocent() -> None:
    text = Path(__file__).parents[1].joinpath("docs", "synthetic-worlds.md").read_text(encoding="utf-8")
    assert [kind for kind in KINDS if f"`{kind}`" not in text] == []
