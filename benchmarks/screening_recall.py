"""How many wrongly spelt listed names are found when 1 unrelated name in 1,000 is hit, beside other matchers.

    python benchmarks/screening_recall.py --data FOLDER [--nomenklatura PYTHON] [--half tuning] [--unrelated 100000]

FOLDER holds OFAC's sdn and alt files. The list is the main names of the newer vintage (`_bench`; for the tuning half,
the older one). Each name of the chosen half of its entries is spelt wrongly in every way that fits it; the other half
of the entries only stands in the list. `screening_names.py` makes the wrong and the
unrelated names, `screening_spellings.py` six more kinds of wrong ones.

Every matcher scores the same pairs: a wrong name with its entry; an unrelated name with the five listed names of its
kind that share most letter triples (weighed by rarity) and with whatever this house's blocking proposes. An unrelated
name is a false hit where any of its pairs scores above the bar, and the bar is where 1 in 1,000 are; scoring other
matchers on these pairs only, not on all 9,000 listed names, can but help them. A wrong name that our blocking misses
counts as not found.

Aliases are a separate, harder measure: an alias must find its entry by the main name alone. Many share no word with it.

nomenklatura runs in an environment of its own: PYTHON has `nomenklatura` and `polars`. Without it, its columns are
missing.
"""

import argparse
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl
from rapidfuzz import fuzz, utils
from rapidfuzz.process import cpdist
from scipy.sparse import csr_array

import screening_names as made
import screening_spellings as spellings
from mirrorwatch.names import NameParameters, similarity

PEERS = ("token_set_ratio", "token_sort_ratio", "WRatio")
NEAREST = 5
ALLOWED = 1_000  # unrelated names to one false hit
PAIR = ["query", "id", "name", "listed", "kind", "change"]


def triples(names: pl.Series) -> pl.DataFrame:
    """(row, triple) of each name's letters, in Latin script."""
    plain = pl.Series([f" {' '.join(made.apart(made.romanised(name)))} " for name in names])
    frame = pl.DataFrame({"row": np.arange(len(plain)), "text": plain})
    longest = int(plain.str.len_chars().to_numpy().max())
    cut = [
        frame.filter(pl.col("text").str.len_chars() >= place + 3).select(
            "row", triple=pl.col("text").str.slice(place, 3)
        )
        for place in range(longest - 2)
    ]
    return pl.concat(cut)


def weighed(cells: pl.DataFrame, rarity: pl.DataFrame, rows: int) -> csr_array:
    """Rows of unit length, by the rarity of their triples."""
    known = cells.join(rarity, on="triple").group_by("row", "column").agg(pl.col("rarity").sum()).sort("row", "column")
    unit = known.with_columns(pl.col("rarity") / (pl.col("rarity") ** 2).sum().sqrt().over("row"))
    at = (unit["row"].to_numpy(), unit["column"].to_numpy())
    return csr_array((unit["rarity"].to_numpy().astype(np.float32), at), shape=(rows, len(rarity)))


def nearest(asked: pl.DataFrame, listed: pl.DataFrame) -> pl.DataFrame:
    """Each asked name beside the listed names that share most of its triples."""
    ours, theirs = triples(asked["name"]), triples(listed["name"])
    share = theirs.unique().group_by("triple").len().sort("triple").with_row_index("column")
    rarity = share.select("triple", "column", rarity=(len(listed) / pl.col("len")).log())
    left, right = weighed(ours, rarity, len(asked)), weighed(theirs, rarity, len(listed)).T.tocsr()
    best = [
        np.argpartition(-(left[start : start + 1_000] @ right).toarray(), NEAREST, axis=1)[:, :NEAREST]
        for start in range(0, len(asked), 1_000)
    ]
    found = listed[np.concatenate(best).ravel()].select("id", listed="name")
    again = asked[np.repeat(np.arange(len(asked)), NEAREST)].select("query", "name", "kind", "change")
    return pl.concat([again, found], how="horizontal").select(PAIR)


def ours(asked: pl.DataFrame, listed: pl.DataFrame) -> pl.DataFrame:
    """Score whatever the house's blocking proposes: (query, id, mirrorwatch)."""
    parties = asked.select(id="query", name="name", kind="kind").lazy()
    found = similarity(parties, listed.lazy(), NameParameters(least_score=0)).collect()
    return found.select(query="left_id", id="right_id", mirrorwatch="score")


def peers(pairs: pl.DataFrame) -> pl.DataFrame:
    """Add rapidfuzz' scores, on names as its own processor leaves them."""
    sides = [[utils.default_process(name) for name in pairs[column]] for column in ("name", "listed")]
    scores = [pl.Series(name, cpdist(*sides, scorer=getattr(fuzz, name), dtype=np.float64) / 100) for name in PEERS]
    return pairs.with_columns(scores)


def nomenklatura(pairs: pl.DataFrame, python: str) -> pl.DataFrame:
    """Add nomenklatura's scores, from its own environment."""
    script = Path(__file__).with_name("screening_nomenklatura.py")
    with tempfile.TemporaryDirectory() as folder:
        given, taken = Path(folder, "pairs.parquet"), Path(folder, "scores.parquet")
        pairs.select("listed", "kind", query="name").write_parquet(given)
        subprocess.run([python, str(script), str(given), str(taken)], check=True)
        return pl.concat([pairs, pl.read_parquet(taken)], how="horizontal")


def recall(pairs: pl.DataFrame, matcher: str, unrelated: int) -> dict[str, float]:
    """Share of wrong names found above the bar, by change; `bar` itself too."""
    false = pairs.filter(pl.col("change") == "unrelated").group_by("query").agg(pl.col(matcher).max())[matcher]
    bar = float(false.sort(descending=True)[unrelated // ALLOWED])
    true = pairs.filter(pl.col("change") != "unrelated").group_by("change").agg(found=(pl.col(matcher) > bar).mean())
    return dict(true.sort("change").rows()) | {"bar": bar}


def questions(data: Path, half: str, unrelated: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(query, entry, name, kind, change) of wrong, other and unrelated names, and the list (id, name, kind)."""
    tuning = half == "tuning"
    vintage, seed = ("", 1) if tuning else ("_bench", 2)
    listed = made.listed(data, vintage)
    chosen = listed.filter(pl.Series([made.held_out(entry) != tuning for entry in listed["id"]]))
    wrong = made.perturbed(chosen, seed)
    other = made.aliases(data, vintage).join(chosen.select("id"), on="id", how="semi")
    alias = other.select(entry="id", name="name", kind="kind", change=pl.lit("alias"))
    stranger = made.unrelated(listed, unrelated, seed).select(name="name", kind="kind", change=pl.lit("unrelated"))
    asked = pl.concat([wrong, alias, stranger, spellings.perturbed(chosen, seed)], how="diagonal")
    return asked.with_columns(query=pl.format("Q{}", pl.int_range(pl.len()))), listed


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--half", choices=("tuning", "held-out"), default="held-out")
    parser.add_argument("--unrelated", type=int, default=100_000)
    parser.add_argument("--nomenklatura", help="a Python that has nomenklatura")
    parser.add_argument("--keep", type=Path, help="write the scored pairs here")
    chosen = parser.parse_args()
    asked, listed = questions(chosen.data, chosen.half, chosen.unrelated)
    strangers = asked.filter(pl.col("change") == "unrelated")
    started = time.perf_counter()
    scored = ours(asked, listed)
    print(f"{len(listed):,} listed names, {len(asked):,} asked; ours took {time.perf_counter() - started:.0f} s")
    kinds = [
        nearest(strangers.filter(pl.col("kind") == kind), listed.filter(pl.col("kind") == kind))
        for kind in ("person", "organisation")
    ]
    names = listed.select("id", listed="name")
    proposed = strangers.join(scored.select("query", "id"), on="query").join(names, on="id").select(PAIR)
    true = (
        asked.filter(pl.col("entry").is_not_null())
        .join(names, left_on="entry", right_on="id")
        .rename({"entry": "id"})
        .select(PAIR)
    )
    pairs = pl.concat([*kinds, proposed, true]).unique(["query", "id"]).sort("query", "id")
    pairs = peers(pairs.join(scored, on=["query", "id"], how="left").with_columns(pl.col("mirrorwatch").fill_null(0.0)))
    if chosen.nomenklatura:
        pairs = nomenklatura(pairs, chosen.nomenklatura)
    if chosen.keep:
        pairs.write_parquet(chosen.keep)
    matchers = ["mirrorwatch", *PEERS, *(("logic_v1", "logic_v2") if chosen.nomenklatura else ())]
    found = {matcher: recall(pairs, matcher, len(strangers)) for matcher in matchers}
    numbers = dict(asked.group_by("change").len().rows())
    print(
        f"{len(pairs):,} pairs; recall at 1 false hit in {ALLOWED:,} of {len(strangers):,} unrelated names,"
        f" {chosen.half} half"
    )
    print(f"{'':16} {'names':>7} " + " ".join(f"{matcher:>16}" for matcher in matchers))
    for change in [*made.KINDS, "two kinds", *spellings.KINDS, "alias", "bar"]:
        print(
            f"{change:16} {numbers.get(change, ''):>7} "
            + " ".join(f"{found[matcher][change]:16.3f}" for matcher in matchers)
        )


if __name__ == "__main__":
    main()
