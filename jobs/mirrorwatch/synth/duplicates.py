"""Parties that a bank has registered twice under variants: what entity resolution is measured on.

A variant keeps who it is and changes how it was written down: a slip in the name, words swapped, dropped or shortened,
another legal form, day and month of birth swapped, another telephone, e-mail or address, a value left out.
"""

import numpy as np
import polars as pl

from mirrorwatch.synth.identifiers import as_text, mixed, spelled
from mirrorwatch.synth.seeds import Section, generator

TRUTH = pl.Schema({"party_id": pl.String(), "duplicate_of": pl.String(), "changed": pl.List(pl.String())})
_FORMS = ("LLC", "Co Ltd", "SA de CV", "Limited", "Inc", "Ltd")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
# Shares of variants that change each thing. People move and change telephones oftener than they change names.
_CHANGES = {"name": 0.65, "phone": 0.45, "email": 0.5, "address": 0.4, "born_or_incorporated_on": 0.15}
_LEFT_OUT = 0.25  # of the changed values other than names are not filled in at all
# A slip, two words swapped, one shortened to its letter or dropped, a form exchanged: shares by cumulative sum.
_KINDS = ("slip", "swapped", "shortened", "capitals", "two slips")
_KIND_SHARES = (0.4, 0.2, 0.15, 0.15, 0.1)


def _slip(name: str, at: float, letter: int, kind: int) -> str:
    """Change, leave out, double or swap one letter, never the first of the name."""
    places = [index for index, sign in enumerate(name) if index and sign.isalpha()]
    if not places:
        return name
    place = places[int(at * len(places))]
    put = (_LETTERS[letter], "", name[place] * 2, name[place] + name[place - 1])[kind]
    start = place - 1 if kind == 3 else place
    return name[:start] + put + name[place + 1 :]


def _other_form(name: str, letter: int) -> str:
    form = next((form for form in _FORMS if name.endswith(f" {form}")), None)
    return name if form is None else f"{name.removesuffix(form)}{_FORMS[letter % len(_FORMS)]}"


def _variant(name: str, how: str, draws: np.ndarray, letter: int) -> str:
    """Write one name differently; names of one word only slip."""
    words = name.split(" ")
    if how == "swapped" and len(words) > 1:
        return (
            _other_form(" ".join([words[-1], *words[:-1]]), letter)
            if not name.endswith(_FORMS)
            else _other_form(" ".join([words[1], words[0], *words[2:]]), letter)
        )
    if how == "shortened" and len(words) > 2:
        return " ".join([words[0], *words[2:]])
    if how == "capitals":
        return _other_form(name, letter).upper()
    again = 2 if how == "two slips" else 1
    for turn in range(again):
        name = _slip(name, draws[turn], (letter + turn) % 26, int(draws[turn + 2] * 4))
    return name


def _swapped_date(day: np.datetime64) -> np.datetime64:
    """Day and month exchanged where that is a date, else one day off."""
    year, month, number = str(day)[:4], str(day)[5:7], str(day)[8:10]
    return np.datetime64(f"{year}-{number}-{month}") if int(number) <= 12 and number != month else day + 1


def variants(parties: pl.DataFrame, rng: np.random.Generator) -> tuple[pl.DataFrame, list[list[str]]]:
    """`parties` (contract.PARTIES) written again with other values, and which columns of each changed; same ids."""
    count = len(parties)
    changed = {column: rng.random(count) < share for column, share in _CHANGES.items()}
    left_out = {column: rng.random(count) < _LEFT_OUT for column in _CHANGES}
    how = rng.choice(_KINDS, count, p=_KIND_SHARES)
    draws, letters = rng.random((count, 4)), rng.integers(0, 26, count)
    digits, boxes, houses = (
        rng.integers(low, high, count) for low, high in ((10**8, 10**9), (10**6, 10**10), (1, 9_000))
    )
    columns: dict[str, list[object]] = {
        "name": [
            _variant(str(name), str(how[i]), draws[i], int(letters[i])) if changed["name"][i] else name
            for i, name in enumerate(parties["name"])
        ],
        "phone": [f"{str(old).split(' ')[0] if old else '+0'} {digits[i]}" for i, old in enumerate(parties["phone"])],
        "email": [f"u{boxes[i]}@post.example" for i in range(count)],
        "address": [
            f"{houses[i]} {str(old or '').partition(' ')[2]}" for i, old in enumerate(parties["address"].reverse())
        ],
        "born_or_incorporated_on": [
            None if old is None else _swapped_date(np.datetime64(old)).item()
            for old in parties["born_or_incorporated_on"]
        ],
    }
    frame = parties
    for column, values in columns.items():
        drawn = pl.Series(column, values, dtype=parties[column].dtype)
        mask = pl.Series(changed[column])
        gone = pl.Series(left_out[column]) & mask if column != "name" else pl.Series(np.zeros(count, dtype=bool))
        new = pl.when(gone).then(None).when(mask).then(drawn).otherwise(pl.col(column))
        frame = frame.with_columns(new.alias(column))
    said = [[name for name in sorted(_CHANGES) if changed[name][row]] for row in range(count)]
    return frame, said


def registered_twice(
    parties: pl.DataFrame, chosen: pl.Series, new_ids: pl.Series, rng: np.random.Generator
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Write the `chosen` party ids again under `new_ids`: their rows (contract.PARTIES) and the TRUTH about them."""
    originals = chosen.to_frame("party_id").join(parties, on="party_id", how="left", maintain_order="left")
    again, changed = variants(originals.select(parties.columns), rng)
    truth = pl.DataFrame({"party_id": new_ids, "duplicate_of": chosen, "changed": changed}, schema=TRUTH)
    return again.with_columns(party_id=new_ids), truth.sort("party_id")


def with_duplicates(
    parties: pl.DataFrame, accounts: pl.DataFrame, *, share: float, seed: int
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Register `share` of the parties twice, of those with two accounts or more, one of which goes to the variant.

    Returns parties and accounts, sorted by id, and the TRUTH. Transactions stay as they are.
    """
    rng = generator(seed, Section.DUPLICATES)
    several = (
        accounts.group_by("party_id").agg(pl.len(), account_id=pl.col("account_id").max()).filter(pl.col("len") > 1)
    )
    holders = several.sort("party_id")
    count = min(round(share * len(parties)), len(holders))
    chosen = holders[np.sort(rng.choice(len(holders), count, replace=False))]
    numbers = np.arange(len(parties), len(parties) + count)
    new_ids = pl.Series("party_id", as_text(spelled("P", mixed(seed, "P", numbers))).tolist(), dtype=pl.String)
    again, truth = registered_twice(parties, chosen["party_id"], new_ids, rng)
    moved = chosen.select("account_id", moved=new_ids)
    told = accounts.join(moved, on="account_id", how="left", maintain_order="left")
    held = told.with_columns(pl.coalesce("moved", "party_id").alias("party_id")).select(accounts.columns)
    return pl.concat([parties, again]).sort("party_id"), held.sort("account_id"), truth
