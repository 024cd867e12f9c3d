"""Settings: what is refused, what the hash stands for, and where secrets stay out."""

import os
from datetime import date
from pathlib import Path

import pytest

from mirrorwatch import detectors
from mirrorwatch.config import load, recorded
from mirrorwatch.errors import UsageError

SHIPPED = detectors.DETECTORS

pytestmark = pytest.mark.usefixtures("pretend")


def written(folder: Path, text: str) -> Path:
    path = folder / "settings.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_pipe_is_refused_since_each_step_reads_it_again(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "settings.toml")
    with pytest.raises(UsageError, match="is a pipe or a device"):
        load(tmp_path / "settings.toml")


def test_from_when_on_parties_are_one_is_a_setting_that_counts(tmp_path: Path) -> None:
    one, other = load(), load(written(tmp_path, "[resolution]\nleast_probability = 0.99"))
    assert other.resolution.least_probability == 0.99
    assert one.hash != other.hash
    assert one.parameters_hash("mirror_swap") != other.parameters_hash("mirror_swap")
    assert recorded(other.canonical(), one) == other


HEAD = "party_id,entry_id,reason,dismissed_by,dismissed_on\n"
SEEN, OTHER, LATER = "P1,L:1,seen,j,2026-03-30\n", "P2,L:1,seen,j,2026-03-31\n", "P1,L:1,again,j,2026-04-01\n"


def hashes(settings: Path, rows: str, typology: str = "mirror_swap") -> tuple[str, str]:
    """Hashes of the night of 2026-03-31 when these pairs are dismissed."""
    (settings.parent / "pairs.csv").write_text(HEAD + rows, encoding="utf-8")
    configuration = load(settings, run_date=date(2026, 3, 31))
    assert recorded(configuration.canonical(), load(settings), date(2026, 3, 31)) == configuration
    return configuration.hash, configuration.parameters_hash(typology)


def test_dismissed_pairs_count_by_what_they_say_from_their_day_on(tmp_path: Path) -> None:
    path = written(tmp_path, 'dismissed = "pairs.csv"')
    before = hashes(path, SEEN + OTHER)
    assert hashes(path, LATER + OTHER + SEEN) == before
    for rows in (SEEN, SEEN + OTHER.replace("seen", "heard"), SEEN + OTHER + OTHER.replace("P2", "P3")):
        assert all(one != other for one, other in zip(hashes(path, rows), before, strict=True))
    again = SEEN.replace("seen", "again")
    assert hashes(path, SEEN + again) != hashes(path, again + SEEN)
    none = load(run_date=date(2026, 3, 31))
    assert hashes(path, LATER) == (none.hash, none.parameters_hash("mirror_swap"))


def test_dismissed_pairs_are_no_parameter_of_who_asks_for_no_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(detectors, "DETECTORS", SHIPPED)
    path, typologies = written(tmp_path, 'dismissed = "pairs.csv"'), [each.typology for each in SHIPPED]
    changed = {each for each in typologies if hashes(path, SEEN, each)[1] != hashes(path, SEEN + OTHER, each)[1]}
    asking = {each.typology for each in SHIPPED if any(dataset == "watchlist" for dataset, *_ in each.needs)}
    assert changed == asking | {"mirror_swap"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("lookback_day = 3", "The setting 'lookback_day' does not exist. The nearest that does is 'lookback_days'"),
        ("[mirror_swop]\nminimum_rows = 2", "'mirror_swop' does not exist. The nearest that does is 'mirror_swap'"),
        ("[mirror_swap]\nminimum_row = 2", "'mirror_swap.minimum_row' does not exist. The nearest that does is"),
        ("[gates]\nmax_reject = 0.1", "The nearest that does is 'gates.max_rejected_fraction'"),
        ("[gates]\nmax_rejected_fraction = 2", "'gates.max_rejected_fraction' is not valid: Input should be less than"),
        ("[mirror_swap]\nminimum_rows = 0", "'mirror_swap.minimum_rows' is not valid"),
        ("lookback_days = 0", "'lookback_days' is not valid"),
        ("[resolution]\nleast_probability = 2", "'resolution.least_probability' is not valid"),
        ("detectors = {}", "'detectors' does not exist"),
        ("run_date = 2026-03-31", "'run_date' does not exist"),
        ("lookback_days = ", "not readable TOML"),
        ('mapping = "nowhere.toml"', "The mapping file does not exist"),
        ('dismissed = "nowhere.csv"', "The file of dismissed pairs does not exist"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        load(written(tmp_path, text))
    assert message in str(refused.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="configuration file does not exist"):
        load(tmp_path / "none.toml")


def test_the_mapping_is_found_beside_the_file_and_counts_by_its_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "bank.toml").write_text("# a mapping")
    first = load(written(tmp_path / "one", 'mapping = "bank.toml"'))
    second = load(written(tmp_path / "two", 'mapping = "bank.toml"'))
    assert first.mapping == (tmp_path / "one" / "bank.toml").resolve()
    assert first.hash == second.hash
    (tmp_path / "two" / "bank.toml").write_text("# another")
    assert load(tmp_path / "two" / "settings.toml").hash != first.hash


def test_options_override_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, "lookback_days = 10")
    assert load(path).lookback_days == 10
    assert load(path, lookback_days=20).lookback_days == 20
    assert load().lookback_days == 45


def test_a_parameters_hash_changes_with_what_its_findings_depend_on_and_nothing_else(tmp_path: Path) -> None:
    plain = load()
    other = load(written(tmp_path, "[shell_company]\nminimum_rows = 2\n[gates]\nmax_rejected_fraction = 0.5"))
    assert other.parameters_hash("mirror_swap") == plain.parameters_hash("mirror_swap")
    assert other.parameters_hash("shell_company") != plain.parameters_hash("shell_company")
    assert load(lookback_days=9).parameters_hash("mirror_swap") != plain.parameters_hash("mirror_swap")


def test_storage_options_are_no_part_of_what_is_recorded(tmp_path: Path) -> None:
    configuration = load(written(tmp_path, '[storage_options]\naws_secret_access_key = "hush"'))
    assert configuration.hash == load().hash
    assert "hush" not in f"{configuration.canonical()}{configuration!r}"


def test_what_is_recorded_builds_the_same_configuration_again(tmp_path: Path) -> None:
    configuration = load(written(tmp_path, "lookback_days = 7\n[mirror_swap]\nminimum_rows = 3"))
    assert recorded(configuration.canonical(), load()).hash == configuration.hash
