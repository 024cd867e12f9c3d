"""Kinds of ordinary payment: by which channels, at which hours, how often on weekends, under which texts."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

Hours = Literal["batch", "office", "counter", "shop", "any"]


class Flow(IntEnum):
    """Kinds of payment; numbers index the tables that a world draws at its start."""

    SALARY = 0
    RENT = 1
    UTILITY = 2
    TELECOM = 3
    SUBSCRIPTION = 4
    INSURANCE = 5
    LOAN = 6
    TAX = 7
    PENSION = 8
    CARD = 9
    ATM = 10
    PERSON_CASH = 11
    P2P = 12
    PRIVATE = 13
    REMITTANCE = 14
    CRYPTO = 15
    CONTRACTOR = 16
    SUPPLIER = 17
    FOREIGN = 18
    TAKINGS = 19
    SETTLEMENT = 20
    LARGE = 21
    OWN = 22
    DRAWINGS = 23
    BUSINESS_CASH = 24
    REFUND = 25
    FEE = 26
    DIVIDEND = 27
    TUITION = 28
    FAMILY = 29
    PROPERTY = 30
    FREIGHT = 31
    DONATION = 32
    REVERSAL = 33


@dataclass(frozen=True)
class Style:
    """How one flow is paid before the seed varies it. `channels`: weights; `round_share`: agreed round amounts."""

    channels: dict[str, float]
    hours: Hours = "office"
    weekend: float = 0.1  # rate on Saturday and Sunday as a share of a weekday's
    round_share: float = 0.1
    text_share: float = 0.5  # rows that carry a remittance text


_ELECTRONIC = {"ach": 0.6, "instant": 0.25, "wire": 0.1, "check": 0.05}
_TRADE = {"ach": 0.4, "wire": 0.3, "instant": 0.15, "check": 0.15}
_PRIVATE = {"instant": 0.35, "wire": 0.25, "check": 0.25, "cashiers_check": 0.1, "p2p": 0.05}

STYLES: dict[Flow, Style] = {
    Flow.SALARY: Style({"ach": 0.85, "instant": 0.1, "check": 0.05}, "batch", 0.0, 0.1, 0.7),
    Flow.RENT: Style({"ach": 0.4, "instant": 0.25, "check": 0.3, "money_order": 0.05}, "any", 0.4, 0.8, 0.5),
    Flow.UTILITY: Style(_ELECTRONIC, "batch", 0.0, 0.0, 0.6),
    Flow.TELECOM: Style({"ach": 0.5, "card": 0.5}, "batch", 0.0, 0.1, 0.5),
    Flow.SUBSCRIPTION: Style({"card": 1.0}, "any", 1.0, 0.0, 0.4),
    Flow.INSURANCE: Style({"ach": 0.9, "card": 0.1}, "batch", 0.0, 0.1, 0.6),
    Flow.LOAN: Style({"ach": 0.6, "internal": 0.4}, "batch", 0.0, 0.05, 0.6),
    Flow.TAX: Style({"ach": 0.7, "wire": 0.2, "check": 0.1}, "office", 0.0, 0.05, 0.7),
    Flow.PENSION: Style({"ach": 1.0}, "batch", 0.0, 0.05, 0.7),
    Flow.CARD: Style({"card": 1.0}, "shop", 1.2, 0.08, 0.1),
    Flow.ATM: Style({"cash_withdrawal": 1.0}, "shop", 1.1, 0.0, 0.05),
    Flow.PERSON_CASH: Style({"cash_deposit": 1.0}, "counter", 0.3, 0.5, 0.1),
    Flow.P2P: Style({"p2p": 0.7, "instant": 0.3}, "any", 1.2, 0.5, 0.4),
    Flow.PRIVATE: Style(_PRIVATE, "office", 0.3, 0.5, 0.4),
    Flow.REMITTANCE: Style({"remittance": 0.75, "wire": 0.25}, "shop", 1.0, 0.6, 0.3),
    Flow.CRYPTO: Style({"crypto": 0.6, "ach": 0.2, "card": 0.1, "instant": 0.1}, "any", 1.0, 0.5, 0.2),
    Flow.CONTRACTOR: Style({"check": 0.4, "instant": 0.3, "card": 0.3}, "office", 0.4, 0.3, 0.4),
    Flow.SUPPLIER: Style(_TRADE, "office", 0.05, 0.15, 0.6),
    Flow.FOREIGN: Style({"wire": 0.95, "instant": 0.05}, "office", 0.0, 0.25, 0.7),
    Flow.TAKINGS: Style({"cash_deposit": 1.0}, "counter", 0.25, 0.02, 0.1),
    Flow.SETTLEMENT: Style({"ach": 0.7, "internal": 0.3}, "batch", 0.0, 0.0, 0.6),
    Flow.LARGE: Style({"wire": 0.55, "check": 0.25, "cashiers_check": 0.1, "ach": 0.1}, "office", 0.02, 0.4, 0.5),
    Flow.OWN: Style({"internal": 0.8, "instant": 0.2}, "any", 0.5, 0.6, 0.2),
    Flow.DRAWINGS: Style(_ELECTRONIC, "office", 0.1, 0.5, 0.3),
    Flow.BUSINESS_CASH: Style({"cash_withdrawal": 1.0}, "counter", 0.1, 0.6, 0.1),
    Flow.REFUND: Style({"card": 0.9, "ach": 0.1}, "office", 0.5, 0.05, 0.2),
    Flow.FEE: Style({"internal": 1.0}, "batch", 0.0, 0.5, 0.6),
    Flow.DIVIDEND: Style({"wire": 0.6, "ach": 0.4}, "office", 0.0, 0.5, 0.6),
    Flow.TUITION: Style({"wire": 0.8, "ach": 0.2}, "office", 0.1, 0.2, 0.8),
    Flow.FAMILY: Style({"wire": 0.4, "remittance": 0.6}, "any", 0.8, 0.6, 0.4),
    Flow.PROPERTY: Style({"wire": 0.8, "cashiers_check": 0.2}, "office", 0.0, 0.4, 0.6),
    Flow.FREIGHT: Style({"wire": 0.6, "ach": 0.4}, "office", 0.0, 0.05, 0.7),
    Flow.DONATION: Style({"card": 0.5, "check": 0.3, "ach": 0.2}, "any", 1.0, 0.8, 0.4),
    Flow.REVERSAL: Style({"ach": 1.0}, "office", 0.0, 0.0, 0.3),
}
