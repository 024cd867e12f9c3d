"""Rules with dates: what is shipped, what held when, and an operator's own rules."""

import ast
import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import Command
from tests.worlds import DAY, PRETEND, PretendParameters, ordinary

import mirrorwatch
from mirrorwatch import detectors
from mirrorwatch.config import load, recorded
from mirrorwatch.detectors.base import NightFrames
from mirrorwatch.errors import UsageError
from mirrorwatch.intake.iso import COUNTRIES
from mirrorwatch.rulebook import SHIPPED, Rule, Rules, in_use
from mirrorwatch.rulebook.reading import read

# The dates that a project which ignores the law's changes gets wrong, each a day before and a day after.
STOOD = (
    ("us_southwest_gto", "2025-03-14", None, None),  # published, but not yet binding
    ("us_southwest_gto", "2025-06-01", "in force", 20_001),
    ("us_southwest_gto", "2025-09-10", "in force", 100_000),
    ("us_southwest_gto", "2026-04-01", "in force", 100_000),
    ("us_southwest_gto", "2026-09-03", "ended", None),
    ("us_real_estate_rule", "2026-02-28", None, None),
    ("us_real_estate_rule", "2026-03-18", "in force", None),
    ("us_real_estate_rule", "2026-03-19", "vacated", None),
    ("us_de_minimis", "2025-08-28", "in force", 80_001),
    ("us_de_minimis", "2025-08-29", "suspended", 80_001),
    ("us_de_minimis_cn_hk", "2025-02-05", "suspended", 80_001),
    ("us_de_minimis_cn_hk", "2025-05-01", "in force", 80_001),
    ("us_de_minimis_cn_hk", "2025-05-02", "ended", 80_001),
    ("us_fend_off_orders", "2025-07-01", "suspended", None),
    ("us_fend_off_orders", "2025-10-20", "in force", None),
    ("us_sr_11_7", "2026-04-17", "replaced", None),
    ("us_beneficial_owners", "2025-01-31", "suspended", None),
    ("us_ctr", "2026-03-31", "in force", 1_000_001),
    ("us_msb_records", "2026-03-31", "in force", 300_000),
    ("eu_cash_limit", "2026-03-31", None, None),
    ("gb_high_value_dealer", "2026-07-01", "in force", 1_000_000),
)
LISTED = (
    ("fatf_increased_monitoring", "2025-10-23", "ZA", True),
    ("fatf_increased_monitoring", "2025-10-24", "ZA", False),
    ("fatf_increased_monitoring", "2026-02-13", "KW", True),
    ("fatf_increased_monitoring", "2026-06-18", "BA", False),
    ("fatf_increased_monitoring", "2026-06-19", "BA", True),
    ("fatf_call_for_action", "2026-06-19", "MM", True),
    ("us_southwest_gto", "2025-06-01", "78852", True),
    ("us_southwest_gto", "2025-12-01", "78852", False),
)


def written(folder: Path, text: str, name: str = "rules.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def entry(rule_id: str, **version: object) -> str:
    """Write a threshold of 5,000 dollars as TOML."""
    facts = {"since": "2020-01-01", "amount": '"5000"', "says": '"Ours."', "source": '"Policy 7"', **version}
    lines = "\n".join(f"{name} = {value}" for name, value in facts.items() if value is not None)
    head = f'id = "{rule_id}"\nkind = "threshold"\ntitle = "T"\njurisdiction = "US"\nreference = "Policy 7"\n'
    return f"[[rule]]\n{head}[[rule.versions]]\n{lines}\n"


def on(day: str) -> Rules:
    return SHIPPED.on(date.fromisoformat(day))


@pytest.mark.parametrize(("rule", "day", "status", "least"), STOOD)
def test_a_rule_stood_as_it_did_on_that_day(rule: str, day: str, status: str | None, least: int | None) -> None:
    held = on(day).held.get(rule)
    assert (held.version.status if held else None) == status
    assert held is None or held.version.amount is None or held.least_minor == least


@pytest.mark.parametrize(("rule", "day", "member", "listed"), LISTED)
def test_a_list_held_whom_it_held_on_that_day(rule: str, day: str, member: str, *, listed: bool) -> None:
    assert (member in on(day)[rule].version.members) is listed


def test_a_rule_that_did_not_bind_is_not_given_as_in_force() -> None:
    assert on("2026-04-01").in_force("us_real_estate_rule") is None
    assert on("2026-04-01").in_force("nowhere") is None
    assert on("2026-03-05").in_force("us_real_estate_rule") is not None
    assert on("2026-04-01")["us_real_estate_rule"].words == "31 CFR 1031.320, vacated on 2026-04-01"
    with pytest.raises(ValueError, match="us_real_estate_rule has no amount on 2026-04-01"):
        _ = on("2026-04-01")["us_real_estate_rule"].minor


@pytest.mark.parametrize("rule", SHIPPED.rules, ids=lambda rule: rule.id)
def test_a_shipped_rule_can_be_read_and_followed(rule: Rule) -> None:
    for version in rule.versions:
        assert version.says.endswith("."), rule.id
        assert version.source.strip()
        assert not version.unverified or version.unverified.endswith("."), rule.id
        assert list(dict.fromkeys(version.members)) == list(version.members), f"{rule.id} names one twice"
    last = rule.versions[-1]
    assert last.until is None, f"{rule.id} says nothing of today"
    if rule.id.startswith("fatf_") and rule.kind == "list":
        assert all(set(version.members) <= set(COUNTRIES) for version in rule.versions)


@given(st.dates(date(1985, 1, 1), date(2030, 1, 1)))
def test_at_most_one_version_holds_and_none_is_skipped(day: date) -> None:
    held = SHIPPED.on(day).held
    for rule in SHIPPED.rules:
        assert (rule.id in held) == (rule.versions[0].since <= day), rule.id


def test_every_rule_that_the_code_reads_is_there() -> None:
    package = Path(mirrorwatch.__file__).parent
    files = [path for room in ("detectors", "features") for path in (package / room).glob("*.py")]
    read_ids = {
        node.value
        for path in files
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if re.fullmatch(r"(us|ca|au|mx|cn|hk|gb|eu|fatf|fin|fintrac)_[a-z0-9_]+", node.value)
    }
    assert read_ids - {rule.id for rule in SHIPPED.rules} == set()
    assert "fin_2025_a003" in read_ids


def test_versions_may_not_overlap_or_run_backwards() -> None:
    with pytest.raises(ValueError, match="begins before the last one ends"):
        read(
            [
                entry("a", until="2020-06-30")
                + '[[rule.versions]]\nsince = 2020-06-30\namount = "1"\nsays = "x"\nsource = "y"'
            ]
        )
    with pytest.raises(ValueError, match=r"rule 1 \(a\): versions\.0: .*until 2019-01-01 is before since 2020-01-01"):
        read([entry("a", until="2019-01-01")])
    with pytest.raises(ValueError, match="rules given twice: a"):
        read([entry("a"), entry("a")])
    with pytest.raises(ValueError, match="a threshold in force needs an amount"):
        read([entry("a", amount=None)])
    with pytest.raises(ValueError, match="up_to 3 is below the amount 5000"):
        read([entry("a", up_to='"3"')])


def test_what_detectors_read_a_rule_as_is_its_own_to_say() -> None:
    text = entry("house").replace('kind = "threshold"', 'kind = "threshold"\nuse = "cash_report"')
    both = read([text, entry("other")])
    assert [held.rule.id for held in both.on(date(2026, 1, 1)).used_as("cash_report")] == ["house"]
    assert both.on(date(2026, 1, 1)).used_as("property") == ()
    ended = read([text.replace("[[rule.versions]]", '[[rule.versions]]\nstatus = "ended"')]).on(date(2026, 1, 1))
    assert (len(ended.used_as("cash_report")), len(ended.known_as("cash_report"))) == (0, 1)
    with pytest.raises(ValueError, match=r"rule 1 \(house\): use: Input should be 'cash_report'"):
        read([text.replace("cash_report", "cash")])
    share = text.replace('amount = "5000"', 'percent = "5"')
    with pytest.raises(ValueError, match="a cash_report in force needs an amount"):
        read([share])


def test_whether_a_sum_itself_obliges_is_part_of_the_rule() -> None:
    book = read([entry("more"), entry("at_least", inclusive="true")]).on(date(2026, 1, 1))
    assert (book["more"].least_minor, book["at_least"].least_minor) == (500_001, 500_000)


def test_own_rules_replace_shipped_ones_of_the_same_id_and_stand_beside_all_others(tmp_path: Path) -> None:
    own = in_use(written(tmp_path, entry("us_ctr") + entry("house_limit")))
    held = own.on(date(2026, 3, 31))
    assert held["us_ctr"].words == "Policy 7, in force on 2026-03-31"
    assert held["house_limit"].minor == 500_000
    assert held["us_cmir"] == on("2026-03-31")["us_cmir"]
    assert len(own.rules) == len(SHIPPED.rules) + 1
    assert in_use(None) is SHIPPED


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("rule = ", "not usable: Invalid"),
        ("", "it holds no [[rule]]"),
        ("rule = 3", "it holds no [[rule]]"),
        ("[[rules]]\nid = 'a'", "there is no 'rules' in a rulebook, only [[rule]]"),
        ("rule = [4]", "rule 1: Input should be"),
        (entry("a") + entry("A b"), "rule 2 (A b): id: String should match pattern"),
        (entry("a", amount='"-1"'), "rule 1 (a): versions.0.amount: Input should be greater than 0"),
        (
            entry("a", amount='"0.005"'),
            "rule 1 (a): versions.0.amount: Decimal input should have no more than 2 decimal",
        ),
        (entry("a", amount='"NaN"'), "rule 1 (a): versions.0.amount: Input should be a finite number"),
        (entry("a", status='"perhaps"'), "rule 1 (a): versions.0.status: Input should be 'in force'"),
        (entry("a", sayz='"typo"'), "rule 1 (a): versions.0.sayz: Extra inputs are not permitted"),
        (entry("a") * 2, "rules given twice: a"),
    ],
)
def test_a_bad_rulebook_is_refused_by_file_and_entry(text: str, message: str, tmp_path: Path) -> None:
    path = written(tmp_path, text)
    settings = written(tmp_path, 'rulebook = "rules.toml"', "settings.toml")
    with pytest.raises(UsageError) as refused:
        load(settings)
    assert message in refused.value.what
    assert refused.value.where == str(path)


def test_a_rulebook_that_is_missing_or_not_text_is_refused(tmp_path: Path) -> None:
    settings = written(tmp_path, 'rulebook = "rules.toml"', "settings.toml")
    with pytest.raises(UsageError, match="The rulebook file does not exist"):
        load(settings)
    (tmp_path / "rules.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match="The rulebook is not usable"):
        load(settings)


def test_the_rules_in_use_are_part_of_what_a_night_and_an_alert_record(tmp_path: Path) -> None:
    settings = written(tmp_path, 'rulebook = "rules.toml"', "settings.toml")
    written(tmp_path, entry("house_limit"))
    own, plain = load(settings), load()
    assert own.rulebook == tmp_path.resolve() / "rules.toml"
    assert own.canonical()["rules"] == own.rules().hash != plain.canonical()["rules"] == SHIPPED.hash
    assert own.hash != plain.hash
    assert own.parameters_hash("mirror_swap") != plain.parameters_hash("mirror_swap")
    assert recorded(own.canonical(), own).hash == own.hash
    assert recorded(own.canonical(), plain).hash != own.hash
    written(tmp_path, entry("house_limit", amount='"6000"'))
    assert load(settings).hash != own.canonical()["rules"]
    assert load(settings).parameters_hash("mirror_swap") != plain.parameters_hash("mirror_swap")


def _lawful(frames: NightFrames, parameters: PretendParameters) -> pl.LazyFrame:
    """Find something only where the house's own limit is in force."""
    found = PRETEND.detect(frames, parameters)
    return found if frames.rules.in_force("house_limit") else found.head(0)


@pytest.mark.usefixtures("pretend")
def test_a_night_uses_the_rules_of_its_configuration_and_verify_knows_them(
    command: Command, tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(detectors, "DETECTORS", (replace(PRETEND, detect=_lawful),))
    data = ordinary().pay("s1", "scheme one", payer="one").write(tmp_path / "data")
    settings = written(tmp_path, 'rulebook = "rules.toml"', "settings.toml")
    written(tmp_path, entry("house_limit"))
    places = ("--data", data, "--out", out)
    assert command("run", *places, "--date", DAY)[0] == 0
    assert pl.read_parquet(out / f"alerts/run_date={DAY}").is_empty()
    assert command("run", *places, "--date", DAY, "--config", settings)[0] == 0
    alert = pl.read_parquet(out / f"alerts/run_date={DAY}")["alert_id"].item()
    assert command("explain", alert, "--out", out)[0] == 0
    assert command("verify", alert, *places, "--config", settings)[0] == 0
    code, text, _ = command("verify", alert, *places)
    assert code == 1
    assert "other rules" in text


def test_the_rule_that_the_page_shows_is_one(tmp_path: Path) -> None:
    page = (Path(__file__).parents[1] / "docs" / "rulebook.md").read_text(encoding="utf-8")
    shown = page.split("```toml\n")[1].split("```")[0]
    held = in_use(written(tmp_path, shown)).on(date(2026, 3, 31))["us_ctr"]
    assert held.version.sum == "above 10,000 to 20,000 USD"


def test_the_command_tells_what_held_and_what_no_longer_did(command: Command, tmp_path: Path) -> None:
    settings = written(tmp_path, 'rulebook = "rules.toml"', "settings.toml")
    written(tmp_path, entry("house_limit", says='"Red \\u001b[31m flag."').replace("Policy 7", "Policy \\u001b[2J"))
    code, text, _ = command("rules", "--date", "2026-03-31", "--config", settings)
    assert code == 0
    assert "\x1b" not in text
    lines = {line.split()[1]: " ".join(line.split()) for line in text.splitlines() if len(line.split()) > 1}
    assert "vacated 2026-03-19 31 CFR 1031.320" in lines["us_real_estate_rule"]
    assert "in force 2026-03-07 1,000 to 10,000 USD" in lines["us_southwest_gto"]
    assert "more than 10,000 USD" in lines["us_ctr"]
    assert "3,000 USD or more" in lines["us_msb_records"]
    assert "house_limit" in lines
    assert "eu_cash_limit" not in lines
    told = json.loads(command("rules", "--date", "2026-03-31", "--json")[1])
    assert told["rulebook"] == SHIPPED.hash
    assert {rule["id"] for rule in told["rules"]} == set(on("2026-03-31").held)
    assert next(rule for rule in told["rules"] if rule["id"] == "us_real_estate_rule")["in_force"] is False
