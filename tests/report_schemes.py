"""Evidence rows of planted schemes, for reports to show: a mirror swap and a chain of companies."""

import hashlib
import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import polars as pl

START = datetime(2026, 1, 29, tzinfo=UTC)


def identity(*parts: object) -> str:
    """Return an id as the alerts have them: 64 hexadecimal digits."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def frame(rows: Iterable[dict[str, Any]], schema: pl.Schema) -> pl.DataFrame:
    """Rows as a frame; columns that a row does not give are null."""
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)


def payment(
    alert_id: str,
    number: int,
    role: str,
    group: int,
    step: int,
    at: datetime,
    origin: str | None,
    target: str | None,
    amount: Decimal,
    currency: str,
    rate: Decimal,
    channel: str,
    countries: str,
    purpose: str | None,
) -> dict[str, Any]:
    """One row of evidence."""
    return {
        "alert_id": alert_id,
        "transaction_id": f"TX-{alert_id[:4]}-{number:05d}",
        "role": role,
        "group_no": group,
        "step_no": step,
        "booked_at": at,
        "originator_account_id": origin,
        "beneficiary_account_id": target,
        "amount": amount,
        "currency": currency,
        "amount_usd": (amount * rate).quantize(Decimal("0.01")),
        "channel": channel,
        "originator_country": countries[:2],
        "beneficiary_country": countries[3:],
        "purpose": purpose,
        "source_file": f"transactions/booking_date={at:%Y-%m-%d}/part-0.parquet",
        "source_row": 1000 + number * 17,
    }


def cents(value: float) -> Decimal:
    """Round a float to money."""
    return Decimal(round(value * 100)) / 100


def swap_rows(alert_id: str, swaps: int, seed: int) -> list[dict[str, Any]]:
    """Evidence of a mirror swap: cash collected in the US in one to three parts, pesos paid out in Mexico."""
    draw = random.Random(seed)  # noqa: S311 - a world, not a secret
    rate = Decimal("0.0571")
    rows = []
    for swap in range(1, swaps + 1):
        at = START + timedelta(hours=draw.uniform(20, 1000))
        worth, fee = draw.uniform(6_000, 48_000), draw.uniform(0.004, 0.028)
        parts, pays = draw.randint(1, 3), draw.randint(1, 2)
        for part in range(1, parts + 1):
            account, paid_at = f"US-{draw.randint(4401, 4404)}-0931", at + timedelta(minutes=draw.randint(0, 500))
            rows.append(
                payment(
                    alert_id,
                    len(rows),
                    "collection",
                    swap,
                    part,
                    paid_at,
                    None,
                    account,
                    cents(worth / parts),
                    "USD",
                    Decimal(1),
                    "cash_deposit",
                    "US US",
                    None,
                )
            )
        for part in range(1, pays + 1):
            account, paid_at = f"MX-{draw.randint(70, 72)}-118820", at + timedelta(hours=draw.uniform(-3, 26))
            amount = cents(worth * (1 - fee) / pays / float(rate))
            rows.append(
                payment(
                    alert_id,
                    len(rows),
                    "payout",
                    swap,
                    parts + part,
                    paid_at,
                    account,
                    f"MX-{draw.randint(300, 380)}-5561",
                    amount,
                    "MXN",
                    rate,
                    "instant",
                    "MX MX",
                    draw.choice(["pago factura", "anticipo", None]),
                )
            )
    return rows


def chain_rows(alert_id: str, units: int, seed: int) -> list[dict[str, Any]]:
    """Evidence of a chain: payers, four companies in order, receivers; each unit of money is followed through."""
    draw = random.Random(seed)  # noqa: S311 - a world, not a secret
    companies = ["HK-20011", "HK-20044", "CA-31007", "US-90210"]
    rows = []
    for unit in range(1, units + 1):
        at, worth = START + timedelta(hours=draw.uniform(10, 800)), draw.uniform(30_000, 95_000)
        stops = [f"HK-7{draw.randint(1, 6)}", *companies, f"US-5{draw.randint(1, 3)}"]
        for step, (origin, target) in enumerate(pairwise(stops), start=1):
            role = "in" if step == 1 else "out" if step == len(stops) - 1 else "hop"
            rows.append(
                payment(
                    alert_id,
                    len(rows),
                    role,
                    unit,
                    step,
                    at,
                    origin,
                    target,
                    cents(worth),
                    "USD",
                    Decimal(1),
                    "wire",
                    f"{origin[:2]} {target[:2]}",
                    f"INV {draw.randint(100, 999)}",
                )
            )
            at, worth = at + timedelta(hours=draw.uniform(5, 50)), worth * draw.uniform(0.96, 1.0)
    return rows
