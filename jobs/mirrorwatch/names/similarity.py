"""Which names of the left are like names of the right: the one thing that other rooms ask of this one."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import polars as pl

from mirrorwatch.names import weights, words
from mirrorwatch.names.candidates import Index, index
from mirrorwatch.names.comparing import compared
from mirrorwatch.names.parameters import NameParameters
from mirrorwatch.names.reasons import reasons
from mirrorwatch.names.scoring import scored
from mirrorwatch.names.sides import Side, counted, different, plain, side
from mirrorwatch.names.vocabulary import Vocabulary, vocabulary

NAMED = pl.Schema({"id": pl.String(), "name": pl.String(), "kind": pl.String()})
SIMILAR = pl.Schema(
    {
        "left_id": pl.String(),
        "right_id": pl.String(),
        "left_name": pl.String(),
        "right_name": pl.String(),
        "score": pl.Float64(),
        "reason": pl.String(),
    }
)
_NAMES_AT_ONCE = 100_000  # left names whose words lie in memory together: 0.2 GB
_PIECES_AT_ONCE = 2
_ORDER = ["left_id", "score", "right_id", "left_name", "right_name"]
_FALLING = [False, True, False, False, False]


@dataclass(frozen=True)
class Prepared:
    """The right side and everything about words that holds for all pieces of the left."""

    right: Side
    words: Vocabulary
    index: Index
    bits: pl.DataFrame


def _joined(names: pl.DataFrame, wanted: pl.DataFrame) -> pl.Series:
    """Texts of two neighbouring words of the left names that are one word on the right."""
    found = [
        words.joined(words.words(plain(piece))).select(word="text").join(wanted, on="word", how="semi").unique()
        for piece in names.iter_slices(_NAMES_AT_ONCE)
    ]
    return pl.concat(found)["word"].unique() if found else pl.Series("word", [], dtype=pl.String)


def prepared(
    left: pl.DataFrame, right: pl.DataFrame, parameters: NameParameters, *, one_side: bool = False
) -> Prepared:
    """Weigh the words of both (`different` names) and index the right. `one_side`: both are the same names."""
    ours, theirs = counted(left), counted(right)
    both = ours if one_side else pl.concat([ours, theirs]).group_by("word").agg(pl.col("count").sum())
    bits = weights.weighed(both, len(left) if one_side else len(left) + len(right))
    right_side = side(right, bits)
    known = vocabulary(ours["word"], _joined(left, theirs.select("word")), right_side)
    return Prepared(right_side, known, index(right_side, known, parameters), bits)


def _of_piece(
    piece: pl.DataFrame, known: Prepared, parameters: NameParameters, *, one_side: bool
) -> list[pl.DataFrame]:
    """Match some of the left names: (left, right, name, name_right, score, reason)."""
    ours = side(piece, known.bits)
    names = ours.rows.select(left="row", name="name", plain="plain")
    names_right = known.right.rows.select(right="row", name_right="name", plain_right="plain")
    told = []
    for found in compared(ours, known.right, known.index, known.words, parameters):
        once = found.pairs.filter(pl.col("left") <= pl.col("right")) if one_side else found.pairs
        pairs = scored(once.join(names, on="left").join(names_right, on="right"))
        kept = pairs.filter(pl.col("score") >= parameters.least_score)
        whole = kept.join(reasons(kept, found, ours, known.right), on="pair")
        told.append(whole.select("left", "right", "name", "name_right", "score", "reason"))
    return told


def matches(
    left: pl.DataFrame, known: Prepared, parameters: NameParameters, *, one_side: bool = False
) -> Iterator[pl.DataFrame]:
    """Pieces of (left, right, name, name_right, score, reason), rows of `different` names; equals may come twice.

    Two pieces are worked on at a time, since a product of sparse matrices keeps one core; none waits for order.
    """
    with ThreadPoolExecutor(_PIECES_AT_ONCE) as pool:
        work = [
            pool.submit(_of_piece, piece, known, parameters, one_side=one_side)
            for piece in left.iter_slices(_NAMES_AT_ONCE)
        ]
        for done in work:
            yield from done.result()


def _with_ids(
    found: pl.DataFrame, left: pl.DataFrame, right: pl.DataFrame, rows: tuple[pl.DataFrame, pl.DataFrame]
) -> pl.DataFrame:
    """Rows of different names as ids: every id of that name and kind."""
    ours, theirs = (
        rows[place].join(side, on=["name", "kind"], nulls_equal=True).select("row", "id")
        for place, side in enumerate((left, right))
    )
    named = found.join(ours.select(left="row", left_id="id"), on="left").join(
        theirs.select(right="row", right_id="id"), on="right"
    )
    return named.select("left_id", "right_id", "score", "reason", left_name="name", right_name="name_right").select(
        SIMILAR.names()
    )


def _turned(found: pl.DataFrame) -> pl.DataFrame:
    """Pairs within one side once, the smaller id on the left; an id is not like itself."""
    swap = pl.col("left_id") > pl.col("right_id")
    turned = [
        pl.when(swap).then(f"{other}_{what}").otherwise(f"{this}_{what}").alias(f"{this}_{what}")
        for what in ("id", "name")
        for this, other in (("left", "right"), ("right", "left"))
    ]
    return found.filter(pl.col("left_id") != pl.col("right_id")).with_columns(turned).select(SIMILAR.names())


def similarity(left: pl.LazyFrame, right: pl.LazyFrame, parameters: NameParameters | None = None) -> pl.LazyFrame:
    """Pairs of ids with like names: NAMED frames in, SIMILAR out, one row (the best) a pair of ids, sorted.

    `kind` is person, organisation or another word, or null where unknown: a person is compared with persons and
    unknowns. An id may have several names (one row each). Where `right` is the very frame that is `left`, each pair is
    told once. Scores run from 0 to 1 and fall strictly with likeness; ties are names that are written alike letter by
    letter.
    """
    chosen = parameters or NameParameters()
    one_side = right is left
    ours = left.select(NAMED.names()).cast(NAMED).unique().collect()
    theirs = ours if one_side else right.select(NAMED.names()).cast(NAMED).unique().collect()
    rows = different(ours), different(theirs)
    known = prepared(*rows, chosen, one_side=one_side)
    pieces = [_with_ids(piece, ours, theirs, rows) for piece in matches(rows[0], known, chosen, one_side=one_side)]
    found = pl.concat([pl.DataFrame(schema=SIMILAR), *pieces])
    ordered = (_turned(found) if one_side else found).sort(_ORDER, descending=_FALLING)
    return ordered.unique(["left_id", "right_id"], keep="first", maintain_order=True).lazy()
