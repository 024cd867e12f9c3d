"""Cases of bulk cash."""

from datetime import timedelta
from decimal import Decimal
from functools import partial

from tests.cases import Case
from tests.town import Town

SUMS = (84_000, 61_500, 97_250, 45_800, 72_000)


def _shops(town: Town, number: int = 12) -> None:
    """Add ordinary shops of one trade: half of their turnover is cash, and suppliers at home are paid from it."""
    town.company("wholesaler")
    for shop in range(number):
        name, weekly = f"shop{shop}", 4_000 + 900 * shop
        town.company(name, annual_turnover_usd=weekly * 104, industry_code="G4711", employees=4 + shop)
        for week in range(6):
            town.cash(7 * week + 1, name, weekly, branch_id="b1")
            town.pay(7 * week + 3, name, "wholesaler", weekly * 0.7)


def _vault(country: str = "MX", turnover: int | None = 350_000, lag: float = 1.3, kept: float = 0.04) -> Town:
    """Large deposits of a small shop, wired abroad soon after."""
    town = Town()
    _shops(town)
    town.company("front", annual_turnover_usd=turnover, industry_code="G4711", employees=3)
    town.company("abroad", country=country)
    for number, usd in enumerate(SUMS):
        town.cash(4 + 7 * number, "front", usd, branch_id="vault")
        town.pay(4 + 7 * number + lag, "front", "abroad", usd * (1 - kept))
    return town


def _spread() -> Town:
    """Two businesses of one owner, many deposits, days of waiting, more than a third kept, other payments beside it."""
    town = Town()
    _shops(town)
    town.person("owner")
    for name in ("one", "two"):
        town.company(name, annual_turnover_usd=420_000, industry_code="G4711", employees=5)
        town.own("owner", name, share=1.0)
    for payee in ("x", "y", "z"):
        town.company(payee, country="MX")
    for day in range(0, 36, 2):
        town.cash(day, ("one", "two")[day // 2 % 2], 17_500 + 350 * day, branch_id="b2")
    for number, day in enumerate(range(5, 44, 4)):
        town.pay(day, ("two", "one")[number % 2], ("x", "y", "z")[number % 3], 24_000 - 300 * number)
        town.pay(day + 0.5, "one", "wholesaler", 4_100)
    return town


def _drawn() -> Town:
    """Money from abroad, drawn as notes within days."""
    town = Town()
    _shops(town)
    town.company("sender", country="CA")
    town.person("p", annual_turnover_usd=40_000)
    for number, usd in enumerate(SUMS):
        town.pay(3 + 7 * number, "sender", "p", usd)
        town.pay(5 + 7 * number, "p", None, usd * 0.55)
        town.pay(6 + 7 * number, "p", None, usd * 0.4)
    return town


def _there_and_drawn() -> Town:
    """Cash of a shop here, wired to somebody abroad who draws it: each wire is the one's way out and the other's in."""
    town = _vault()
    town.person("p", country="MX", annual_turnover_usd=40_000)
    for number, usd in enumerate(SUMS):
        town.payments[-2 * len(SUMS) + 2 * number + 1]["beneficiary_account_id"] = "acc.p"
        town.pay(6 + 7 * number, "p", None, usd * 0.9)
    return town


def _sister() -> Town:
    """Cash of one business, moved to the owner's other one and abroad from there."""
    town = Town()
    _shops(town)
    for name in ("one", "two"):
        town.company(name, annual_turnover_usd=250_000, industry_code="G4711")
        town.own("owner", name, share=1.0)
    town.company("abroad", country="MX")
    for number, usd in enumerate(SUMS):
        town.cash(3 + 7 * number, "one", usd)
        town.pay(4 + 7 * number, "one", "two", usd * 0.99, channel="internal")
        town.pay(6 + 7 * number, "two", "abroad", usd * 0.96)
    return town


def _beside() -> Town:
    """Let the same owner have a supermarket with its own cash and turnover, and no money between them."""
    town = _sister()
    town.company("market", annual_turnover_usd=7_500_000, industry_code="G4711", employees=60)
    town.own("owner", "market", share=1.0)
    for day in range(44):
        town.cash(day, "market", 15_000 + 1_300 * (day % 5), branch_id="vault")
        town.pay(day + 0.4, "market", "wholesaler", 12_000)
    return town


def _apart() -> Town:
    """Let a shop bank its takings, and the owner's other firm pay its own bills abroad from other money."""
    town = _sister()
    own = {"acc.one", "acc.two"}
    town.payments = [
        row for row in town.payments if {row["originator_account_id"], row["beneficiary_account_id"]} != own
    ]
    for number, usd in enumerate(SUMS):
        town.pay(5 + 7 * number, "wholesaler", "two", usd * 1.2)
    return town


def _goods() -> Town:
    """Cash that turns into one dealer's goods at home, far beyond what the shop declared."""
    town = Town()
    _shops(town)
    town.company("front", annual_turnover_usd=200_000, industry_code="G4711", employees=2)
    town.accounts[-1]["opened_on"] = town.night_of - timedelta(days=70)
    town.company("dealer")
    for number, usd in enumerate(SUMS):
        town.cash(4 + 7 * number, "front", usd)
        town.pay(5 + 7 * number, "front", "dealer", usd * 0.97)
    return town


def _credited() -> Town:
    """Let an armoured-car firm credit what it counted at its vault."""
    town = Town()
    _shops(town)
    town.company("carrier", industry_code="N8010")
    town.company("front", annual_turnover_usd=300_000, industry_code="G4711", employees=3)
    town.company("abroad", country="MX")
    for number, usd in enumerate(SUMS):
        town.pay(4 + 7 * number, "carrier", "front", usd, channel="ach")
        town.pay(5 + 7 * number, "front", "abroad", usd * 0.98)
    return town


def _supermarket() -> Town:
    town = Town()
    _shops(town)
    town.company("market", annual_turnover_usd=7_500_000, industry_code="G4711", employees=60)
    for day in range(44):
        if day % 7:
            town.cash(day, "market", 15_000 + 1_300 * (day % 5), branch_id="vault")
            town.pay(day + 0.4, "market", "wholesaler", 12_000)
    return town


def _importer(turnover: int = 3_400_000) -> Town:
    """Let a shop pay its suppliers abroad with what it took."""
    town = Town()
    _shops(town)
    town.company("importer", annual_turnover_usd=turnover, industry_code="G4711", employees=14)
    for supplier in ("x", "y"):
        town.company(supplier, country="CN")
    for week in range(6):
        for day in range(5):
            town.cash(7 * week + day, "importer", 4_800 + 310 * day, branch_id="b1")
        paid = town.pay(7 * week + 5, "importer", ("x", "y")[week % 2], 19_000)
        town.ship(7 * week + 2, "x", "importer", 19_000, transaction_id=paid)
    return town


def _changer() -> Town:
    town = _vault()
    town.parties = [row | ({"licence": "msb"} if row["party_id"] == "front" else {}) for row in town.parties]
    return town


def _casino() -> Town:
    town = _vault()
    town.parties = [row | ({"industry_code": "R9200"} if row["party_id"] == "front" else {}) for row in town.parties]
    return town


def _machines() -> Town:
    """Draw notes for cash machines, and be repaid at home."""
    town = Town()
    _shops(town)
    town.company("operator", annual_turnover_usd=600_000)
    for day in range(0, 44, 2):
        town.pay(day, "operator", None, 20_000)
        town.pay(day + 1, "wholesaler", "operator", 20_300)
    return town


def _treasury() -> Town:
    """Sweep four shops' takings into a head office, and pay suppliers at home from there."""
    town = Town()
    _shops(town)
    town.company("head", annual_turnover_usd=9_000_000, industry_code="G4711")
    for shop in range(4):
        name = f"sub{shop}"
        town.company(name, annual_turnover_usd=2_000_000, industry_code="G4711")
        town.own("head", name, share=1.0)
        for day in range(44):
            town.cash(day, name, 3_100 + 40 * shop, branch_id=f"b{shop}")
            town.pay(day + 0.8, name, "head", 3_100 + 40 * shop, channel="internal")
    for week in range(6):
        town.pay(7 * week + 6, "head", "wholesaler", 70_000)
    return town


def _few(usd: int) -> Town:
    """One deposit and its wire, of `usd`."""
    town = Town()
    _shops(town)
    town.company("front", annual_turnover_usd=90_000, industry_code="G4711")
    town.parties[-1]["annual_turnover_usd"] = Decimal(90_000)
    town.company("abroad", country="MX")
    town.cash(10, "front", usd)
    town.pay(11, "front", "abroad", usd * 0.97)
    return town


FRONT = frozenset({"acc.front"})
CASES = (
    Case("vault deposits wired to Mexico", "fires", _vault, FRONT),
    Case("vault deposits wired elsewhere, turnover unknown", "fires", partial(_vault, "AE", None), FRONT),
    Case("ten days of waiting, two fifths kept", "fires", partial(_vault, lag=9.5, kept=0.4), FRONT),
    Case("two businesses of one owner, in many parts", "fires", _spread, frozenset({"acc.one", "acc.two"})),
    Case("through the owner's other business", "fires", _sister, frozenset({"acc.one", "acc.two"})),
    Case("beside a supermarket of the same owner", "fires", _beside, frozenset({"acc.one", "acc.two"})),
    Case("money from abroad drawn as notes", "fires", _drawn, frozenset({"acc.p"})),
    Case("cash here, wired and drawn there", "fires", _there_and_drawn, frozenset({"acc.front", "acc.p"})),
    Case("one dealer's goods at home", "fires", _goods, FRONT),
    Case("an armoured-car firm's credits", "fires", _credited, FRONT),
    Case("the owner's other firm pays abroad from other money", "silent", _apart),
    Case("a supermarket", "silent", _supermarket),
    Case("an importer that pays from its takings", "silent", _importer),
    Case("a licensed money changer", "silent", _changer),
    Case("a casino", "silent", _casino),
    Case("a cash machine operator", "silent", _machines),
    Case("a group's treasury", "silent", _treasury),
    Case("as much as an armoured car is sent for", "boundary", partial(_few, 75_000), FRONT),
    Case("a dollar less", "boundary", partial(_few, 74_999)),
)
