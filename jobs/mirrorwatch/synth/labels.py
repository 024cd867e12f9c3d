"""Labels: which accounts, parties and transactions were planted, and why. Written beside the data, never into it."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl

from mirrorwatch.synth.planting import Label
from mirrorwatch.synth.writing import write_frame

SCHEMES = pl.Schema(
    {
        "scheme_id": pl.String(),
        "typology": pl.String(),
        "difficulty": pl.String(),
        "account_ids": pl.List(pl.String()),
        "party_ids": pl.List(pl.String()),
        "transaction_ids": pl.List(pl.String()),
    }
)
INNOCENTS = pl.Schema(
    {
        "innocent_id": pl.String(),
        "kind": pl.String(),
        "account_ids": pl.List(pl.String()),
        "party_ids": pl.List(pl.String()),
        "transaction_ids": pl.List(pl.String()),
    }
)
SCHEME_TRANSACTIONS = pl.Schema(
    {
        "scheme_id": pl.String(),
        "group_no": pl.Int64(),  # which swap, or which flow through the shells; 0 where none
        "step_no": pl.Int64(),  # position in its group; 0 for cover
        "role": pl.String(),  # what it does in its typology; cover = beside the scheme, not evidence
        "transaction_id": pl.String(),
    }
)
DUPLICATES = "duplicates.parquet"  # only where a world is asked for them; synth.duplicates.TRUTH
FILES = ("schemes.parquet", "innocents.parquet", "scheme_transactions.parquet", DUPLICATES)


def write_labels(
    folder: Path,
    *,
    schemes: Sequence[Label],
    innocents: Sequence[Label],
    accounts: np.ndarray,
    parties: np.ndarray,
    transactions: np.ndarray,
) -> None:
    """Write three files. `transactions` holds the id of each planted number, `accounts` and `parties` of each index."""

    def ids(label: Label) -> dict[str, list[str]]:
        return {
            "account_ids": sorted({str(accounts[i]) for i in label.accounts}),
            "party_ids": sorted({str(parties[i]) for i in label.parties}),
            "transaction_ids": sorted({str(transactions[i]) for i in label.rows if i >= 0}),
        }

    planted = [
        {"scheme_id": scheme.label_id, "typology": scheme.kind, "difficulty": scheme.difficulty, **ids(scheme)}
        for scheme in schemes
    ]
    write_frame(pl.DataFrame(planted, schema=SCHEMES), folder / FILES[0])
    honest = [{"innocent_id": innocent.label_id, "kind": innocent.kind, **ids(innocent)} for innocent in innocents]
    write_frame(pl.DataFrame(honest, schema=INNOCENTS), folder / FILES[1])
    legs = [
        (scheme.label_id, leg.group_no, leg.step_no, leg.role, str(transactions[leg.planted]))
        for scheme in schemes
        for leg in scheme.legs
        if leg.planted >= 0
    ]
    frame = pl.DataFrame(legs, schema=SCHEME_TRANSACTIONS, orient="row")
    write_frame(frame.sort(*SCHEME_TRANSACTIONS), folder / FILES[2])
