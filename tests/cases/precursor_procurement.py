"""Precursor procurement: fronts that buy chemicals in bulk, payees for retail sums, and who looks like them."""

from tests.cases import Case
from tests.town import Town

FOOD, TEXTILES, CHEMICALS, PHARMACY, PAINT, UNIVERSITY = "4630", "4641", "2011", "4772", "2022", "8530"
PHONE = "+86 139 1234 5678"


def accounts(*names: str) -> frozenset[str]:
    return frozenset(f"acc.{name}" for name in names)


def front(trade: str | None = TEXTILES, payments: int = 5, usd: float = 24_000, country: str = "MX") -> Town:
    town = Town()
    town.company("buyer", country=country, industry_code=trade)
    town.company("chemist", country="CN", industry_code=CHEMICALS)
    for number in range(payments):
        town.pay(3 + 7 * number, "buyer", "chemist", usd + 900 * number)
    return town


def running(town: Town, firm: str) -> None:
    """Give a firm staff, tax, rent and power."""
    for worker in range(4):
        town.person(f"{firm}.w{worker}")
        for day in (4, 18, 32):
            town.pay(day, firm, f"{firm}.w{worker}", 1_500, channel="ach")
    for name, code in (("tax", "8411"), ("landlord", "6810"), ("power", "3510")):
        town.company(f"{firm}.{name}", industry_code=code)
        town.pay(20, firm, f"{firm}.{name}", 900, channel="ach")


def user(trade: str) -> Town:
    town = front(trade)
    running(town, "buyer")
    return town


def importer_of_many() -> Town:
    """Build a general importer with seven suppliers, of which one is chemical."""
    town = front("4690", payments=3, usd=12_000)
    running(town, "buyer")
    for number, country in enumerate(("CN", "HK", "VN", "IN", "US", "DE")):
        town.company(f"s{number}", country=country, industry_code="2599")
        for day in (5, 20, 35):
            town.pay(day + number / 10, "buyer", f"s{number}", 15_000 + 800 * number)
    return town


def mixed_lot(*, chemists: int = 1) -> Town:
    """Build forty importers with one supplier in China each, some chemical, and a going concern with `chemists`."""
    town = front(payments=5, country="US")
    running(town, "buyer")
    for number in range(40):
        town.company(f"i{number}", country="US", industry_code="4659")
        town.company(f"m{number}", country="CN", industry_code="2029" if number % 5 == 0 else "2599")
        for day in (4, 24):
            town.pay(day, f"i{number}", f"m{number}", 3_000 + 10 * number)
    for number in range(1, chemists):
        town.company(f"chemist{number}", country="CN", industry_code="2100")
        town.pay(12 + number, "buyer", f"chemist{number}", 30_000)
    return town


def cover(payments: int = 16, *, between: str | None = None, trade: str = TEXTILES) -> Town:
    """Build a going concern that imports for its trade, and buys chemicals beside it, itself or through another."""
    town = front(trade, payments=0)
    running(town, "buyer")
    for number, country in enumerate(("CN", "VN", "BD")):
        town.company(f"mill{number}", country=country, industry_code="1392")
        for day in (4, 18, 33):
            town.pay(day + number, "buyer", f"mill{number}", 24_000 + 700 * number)
    if between is not None:
        town.company("between", country=between, industry_code="4690")
    for number in range(payments):
        usd, at = 13_000 + 450 * (number % 7), 2 + 40 * number / payments
        town.pay(at, "buyer", "chemist" if between is None else "between", usd)
        if between is not None:
            town.pay(at + 2, "between", "chemist", usd * 0.96)
    return town


def undeclared() -> Town:
    """Build a firm that declares no trade, with staff and customers, and imports from one chemical supplier."""
    town = front(None)
    running(town, "buyer")
    for day in (1, 8, 15):
        town.ship(day, "chemist", "buyer", 24_000, hs_code="300490")
    return town


def at_home() -> Town:
    """Build a cleaning company that buys small lots of solvent from a chemical firm in its own country."""
    town = Town()
    town.company("cleaner", industry_code="8121")
    town.company("chemist", industry_code=CHEMICALS)
    for day in range(2, 40, 5):
        town.pay(day, "cleaner", "chemist", 600 + 10 * day)
    return town


def through(country: str, *, days: float = 2, fee: float = 0.04) -> Town:
    """Let the buyer pay a trader in a third country, which pays the supplier within days."""
    town = Town()
    town.company("buyer", country="MX", industry_code=FOOD)
    town.company("between", country=country, industry_code="4690")
    town.company("chemist", country="CN", industry_code=CHEMICALS)
    for number in range(5):
        day, usd = 3 + 7 * number, 20_000 + 1_100 * number
        town.pay(day, "buyer", "between", usd)
        town.pay(day + days, "between", "chemist", usd * (1 - fee))
    return town


def splitting() -> Town:
    """Let an account in India gather two buyers' sums and pay two suppliers in others."""
    town = Town()
    for name in ("buyer", "other"):
        town.company(name, country="MX", industry_code=FOOD)
    town.company("between", country="IN")
    for number in range(2):
        town.company(f"chemist{number}", country="CN", industry_code="2100")
    for step in range(3):
        town.pay(3 + 11 * step, "buyer", "between", 40_000 + 1_000 * step)
        town.pay(4 + 11 * step, "other", "between", 30_000 + 700 * step)
        town.pay(6 + 11 * step, "between", "chemist0", 47_000 + 900 * step)
        town.pay(7 + 11 * step, "between", "chemist1", 20_500 + 300 * step)
    return town


def dealer_in_germany() -> Town:
    """Let a paint maker buy from a German wholesaler of chemicals, which restocks in China with its own margin."""
    town = Town()
    town.company("painter", country="MX", industry_code=PAINT)
    town.company("dealer", country="DE", industry_code="4669")
    town.company("chemist", country="CN", industry_code=CHEMICALS)
    running(town, "dealer")
    for number in range(5):
        town.pay(3 + 7 * number, "painter", "dealer", 20_000 + 700 * number)
        town.pay(4 + 7 * number, "dealer", "chemist", 14_000 + 2_100 * number)
    return town


def exchange(trade: str = FOOD) -> Town:
    """Let the buyer buy virtual currency at home; the exchange pays the supplier from an account of its own."""
    town = Town()
    town.company("buyer", country="MX", industry_code=trade)
    town.company("ramp", country="US", industry_code="6499", licence="msb")
    town.company("chemist", country="HK", industry_code="2100")
    for number in range(4):
        usd = 21_000 + 1_700 * number
        town.pay(3 + 8 * number, "buyer", "ramp", usd, channel="crypto")
        town.pay(4 + 8 * number, "ramp", "chemist", usd * 0.985)
    for number in range(30):
        town.person(f"saver{number}")
        town.pay(1 + number, f"saver{number}", "ramp", 200 + 13 * number, channel="crypto")
    return town


def sisters(*, phone: bool = True, trade: str | None = TEXTILES) -> Town:
    """Build two importers that pay one supplier and answer one telephone; the second declares no trade."""
    town = Town()
    town.company("chemist", country="CN", industry_code=CHEMICALS)
    for name, number, code in (("one", 4, trade), ("two", 3, None)):
        town.company(
            name, country="MX", industry_code=code, phone="+52 55 1234 0000" if phone else f"+52 55 1234 000{number}"
        )
        running(town, name)
        for step in range(number):
            town.pay(5 + 9 * step + number / 10, name, "chemist", 18_000 + 1_000 * step)
    return town


def customers(number: int = 4, *, paying: bool = False) -> Town:
    """Build importers with nothing in common but their supplier; if `paying`, the first pays the second."""
    town = Town()
    town.company("chemist", country="CN", industry_code=CHEMICALS)
    for buyer in range(number):
        town.company(f"buyer{buyer}", country="MX", industry_code=TEXTILES)
        for step in range(5):
            town.pay(3 + 7 * step + buyer / 10, f"buyer{buyer}", "chemist", 24_000 + 900 * step + 310 * buyer)
    if paying:
        town.pay(2, "buyer0", "buyer1", 40_000)
    return town


def by_paper() -> Town:
    """Let the supplier declare general trade; its documents say organic chemicals."""
    town = Town()
    town.company("buyer", country="MX", industry_code=TEXTILES)
    town.company("trader", country="HK", industry_code="4690")
    for number in range(5):
        paid = town.pay(3 + 7 * number, "buyer", "trader", 24_000 + 900 * number)
        town.ship(3 + 7 * number, "trader", "buyer", 24_000, hs_code="293339", transaction_id=paid)
    return town


def cook(goods: str = "293627", trade: str = "1079") -> Town:
    """Build a maker of food that buys from a pharmaceutical firm, each payment with a document of `goods`."""
    town = front(trade)
    for number in range(5):
        town.ship(3 + 7 * number, "chemist", "buyer", 24_000, hs_code=goods)
    return town


def sellers(
    *,
    buyers: int = 8,
    payees: int = 3,
    each: int = 2,
    phone: str | None = PHONE,
    home: str | None = None,
    known: bool = True,
) -> Town:
    """Build buyers in the US who pay persons in China; `phone` and `home` are shared by all of these where given."""
    town = Town()
    for number in range(payees):
        town.person(
            f"payee{number}",
            country="CN",
            phone=phone or f"+86 139 5555 0{number:03d}",
            address=home or (f"{number} Long Street" if known else None),
        )
    for buyer in range(buyers):
        town.person(f"buyer{buyer}")
        for step in range(each):
            usd = 90 + 37 * buyer + 61 * step
            town.pay(2 + 3 * buyer + 5 * step, f"buyer{buyer}", f"payee{(buyer + step) % payees}", usd, channel="p2p")
    return town


def relatives() -> Town:
    """Build a couple in China with one telephone and no known address, supported by four children abroad."""
    town = Town()
    for name in ("mother", "father"):
        town.person(name, country="CN", phone=PHONE)
    for child in range(4):
        town.person(f"child{child}")
        for day in (3, 17, 31):
            town.pay(day + child, f"child{child}", ("mother", "father")[child % 2], 300, channel="remittance")
    return town


def shop_and_owner() -> Town:
    """Let a small exporter and its owner share a telephone; buyers abroad pay either."""
    town = sellers(buyers=10, payees=1)
    town.company("shop", country="CN", phone=PHONE, address="8 Market Lane")
    town.own("payee0", "shop", share=1.0)
    for buyer in range(10):
        town.pay(30 + buyer, f"buyer{buyer}", "shop", 120 + 9 * buyer, channel="p2p")
    return town


def ramp_to_payees() -> Town:
    """Let an exchange pay three payees with one e-mail; one buyer's purchases fit its payments again and again."""
    town = Town()
    town.company("ramp", country="US", industry_code="6499", licence="msb")
    town.person("regular")
    for number in range(3):
        mail = "Seller+a@mail.example" if number else "seller@mail.example"
        town.person(f"payee{number}", country="HK", email=mail, address=f"{number} Lane")
    for step in range(12):
        usd = 150 + 41 * step
        payer = "regular" if step % 2 else f"saver{step}"
        if payer != "regular":
            town.person(payer)
        town.pay(2 + 3 * step, payer, "ramp", usd, channel="crypto")
        town.pay(3 + 3 * step, "ramp", f"payee{step % 3}", usd * 0.98, channel="crypto")
    return town


SELLERS = tuple(f"payee{number}" for number in range(3))
CASES = (
    Case("a textile importer pays one chemical firm", "fires", front, accounts("buyer")),
    Case("through a trader in Turkey", "fires", lambda: through("TR"), accounts("buyer", "between")),
    Case("through Guatemala, a week later", "fires", lambda: through("GT", days=6), accounts("buyer", "between")),
    Case("gathered and split in India", "fires", splitting, accounts("buyer", "other", "between")),
    Case("through an exchange for virtual currency", "fires", exchange, accounts("buyer")),
    Case("two importers with one telephone", "fires", sisters, accounts("one", "two")),
    Case("four importers of one supplier", "fires", customers, accounts(*(f"buyer{number}" for number in range(4)))),
    Case("a general trader whose papers say chemicals", "fires", by_paper, accounts("buyer")),
    Case(
        "three payees with one telephone",
        "fires",
        sellers,
        accounts(*SELLERS, *(f"buyer{number}" for number in range(8))),
    ),
    Case("by habit, beside the imports of its own trade", "fires", cover, accounts("buyer")),
    Case(
        "a few times beside them, through another",
        "fires",
        lambda: cover(5, between="TR"),
        accounts("buyer", "between"),
    ),
    Case("a few times beside them", "silent", lambda: cover(5)),
    Case("a general trader by habit", "silent", lambda: cover(trade="4690")),
    Case("buyers who bought once are not named", "fires", lambda: sellers(buyers=12, each=1), accounts(*SELLERS)),
    Case("one buyer of three payees", "fires", lambda: sellers(buyers=1, each=9), accounts("buyer0", *SELLERS)),
    Case("payees paid by an exchange", "fires", ramp_to_payees, accounts("regular", *SELLERS)),
    Case("a maker of food that buys chemicals", "fires", lambda: cook("293339"), accounts("buyer")),
    Case("a maker of food that buys vitamins", "silent", cook),
    Case("a textile importer that buys vitamins", "fires", lambda: cook(trade=TEXTILES), accounts("buyer")),
    Case("a pharmacy", "silent", lambda: user(PHARMACY)),
    Case("a paint maker", "silent", lambda: user(PAINT)),
    Case("a university", "silent", lambda: user(UNIVERSITY)),
    Case("a laboratory", "silent", lambda: user("M7210")),
    Case("a dealer in farm supplies", "silent", lambda: user("4620")),
    Case("an importer of many goods", "silent", importer_of_many),
    Case("an importer of undeclared trade with staff", "silent", undeclared),
    Case("a going concern where suppliers are a mixed lot", "silent", mixed_lot),
    Case(
        "a going concern with three chemical suppliers of a mixed lot",
        "fires",
        lambda: mixed_lot(chemists=3),
        accounts("buyer"),
    ),
    Case("a cleaning company with solvents from home", "silent", at_home),
    Case("a German dealer and its customer", "silent", dealer_in_germany),
    Case("a pharmacy that pays through an exchange", "silent", lambda: exchange(PHARMACY)),
    Case("two importers without a telephone in common", "silent", lambda: sisters(phone=False, trade=None)),
    Case("strangers with telephones of their own", "silent", lambda: sellers(phone=None)),
    Case(
        "payees whose address nobody knows",
        "fires",
        lambda: sellers(known=False),
        accounts(*SELLERS, *(f"buyer{number}" for number in range(8))),
    ),
    Case("one household", "silent", lambda: sellers(payees=2, home="1 Long Street")),
    Case("family support", "silent", relatives),
    Case("a shop and its owner", "silent", shop_and_owner),
    Case("one payment in bulk", "boundary", lambda: front(payments=1)),
    Case("two payments in bulk", "boundary", lambda: front(payments=2), accounts("buyer")),
    Case("ten thousand dollars are not reached", "boundary", lambda: front(usd=1_000, payments=3)),
    Case("the account in between keeps too much", "boundary", lambda: through("IN", fee=0.2), accounts("between")),
)
