"""Remittance texts by flow and language, and merchant categories. Sparse on purpose: no detector may rest on text."""

from dataclasses import dataclass

import numpy as np

from mirrorwatch.synth.flows import Flow
from mirrorwatch.synth.places import COUNTRIES
from mirrorwatch.synth.population import Role
from mirrorwatch.synth.seeds import Section, generator

LANGUAGES = ("en", "zh", "es")
COUNTRY_LANGUAGE = np.array([LANGUAGES.index(country.language) for country in COUNTRIES])
_NUMBERED = 60  # different invoice or reference numbers a template with {n} is filled with

_TEXTS: dict[Flow, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    Flow.SALARY: (("PAYROLL", "Salary", "wages {n}"), ("工资", "薪资发放"), ("NOMINA", "Pago de sueldo")),
    Flow.RENT: (("Rent", "rent unit {n}"), ("房租", "租金"), ("Renta", "Renta depto {n}")),
    Flow.UTILITY: (("Electricity {n}", "Water bill"), ("电费", "水费"), ("Luz {n}", "Agua")),
    Flow.TELECOM: (("Mobile plan", "Internet {n}"), ("话费", "宽带费"), ("Telefonia", "Internet {n}")),
    Flow.SUBSCRIPTION: (("Subscription", "membership {n}"), ("会员费",), ("Suscripcion",)),
    Flow.INSURANCE: (("Policy {n}", "Insurance premium"), ("保费",), ("Prima seguro {n}",)),
    Flow.LOAN: (("Loan {n} instalment", "Mortgage"), ("贷款还款", "按揭"), ("Credito {n}", "Hipoteca")),
    Flow.TAX: (("Tax payment {n}", "VAT", "Payroll tax"), ("税款", "增值税"), ("ISR {n}", "IVA")),
    Flow.PENSION: (("Pension",), ("养老金",), ("Pension IMS",)),
    Flow.CARD: (("POS {n}", "online order {n}"), ("消费", "网购"), ("Compra {n}",)),
    Flow.ATM: (("ATM {n}",), ("取现",), ("Cajero {n}",)),
    Flow.PERSON_CASH: (("Cash deposit", "savings"), ("存款",), ("Deposito efectivo",)),
    Flow.P2P: (("dinner", "thanks!", "tickets", "split bill"), ("红包", "饭钱"), ("Gracias", "cena")),
    Flow.PRIVATE: (("car", "loan to friend", "gift", "furniture"), ("借款", "还款", "购车"), ("prestamo", "coche")),
    Flow.REMITTANCE: (("family", "for mom"), ("家用",), ("familia", "apoyo")),
    Flow.CRYPTO: (("buy order {n}", "sell order {n}"), ("买币",), ("orden {n}",)),
    Flow.CONTRACTOR: (("repair {n}", "Services rendered"), ("维修费", "服务费"), ("Servicios {n}",)),
    Flow.SUPPLIER: (("Invoice {n}", "INV-{n}", "PO {n}"), ("货款 {n}", "发票 {n}"), ("Factura {n}", "Pedido {n}")),
    Flow.FOREIGN: (("INV {n} goods", "contract {n}"), ("合同 {n}", "进口货款 {n}"), ("Importacion {n}", "Fact {n}")),
    Flow.TAKINGS: (("Takings", "Day receipts {n}"), ("营业款",), ("Ventas del dia",)),
    Flow.SETTLEMENT: (("Card settlement {n}", "Payout {n}"), ("结算款 {n}",), ("Liquidacion {n}",)),
    Flow.LARGE: (
        ("Equipment {n}", "Purchase agreement", "Deposit"),
        ("设备款", "工程款"),
        ("Maquinaria", "Anticipo {n}"),
    ),
    Flow.OWN: (("own transfer", "to savings"), ("转存",), ("traspaso",)),
    Flow.DRAWINGS: (("Owner draw",), ("备用金",), ("Retiro socio",)),
    Flow.BUSINESS_CASH: (("Petty cash",), ("备用金取现",), ("Caja chica",)),
    Flow.REFUND: (("Refund {n}",), ("退款",), ("Reembolso {n}",)),
    Flow.FEE: (("Account fee", "Service charge"), ("手续费",), ("Comision",)),
    Flow.DIVIDEND: (("Dividend {n}",), ("分红",), ("Dividendo",)),
    Flow.TUITION: (("Tuition {n}", "Student {n} term fee"), ("学费",), ("Colegiatura {n}",)),
    Flow.FAMILY: (("living expenses", "family support"), ("生活费",), ("Manutencion",)),
    Flow.PROPERTY: (("Closing file {n}", "Deposit unit {n}"), ("购房款",), ("Enganche {n}",)),
    Flow.FREIGHT: (("Freight B/L {n}", "Duty and handling {n}"), ("运费 {n}",), ("Flete {n}",)),
    Flow.DONATION: (("Donation", "monthly gift"), ("捐款",), ("Donativo",)),
    Flow.REVERSAL: (("RETURN {n}", "Reversal"), ("冲正",), ("Devolucion {n}",)),
}

_CATEGORIES: dict[Role, tuple[str, ...]] = {
    Role.GROCER: ("5411", "5499", "5451"),
    Role.RESTAURANT: ("5812", "5814", "5813"),
    Role.MERCHANT: ("5311", "5651", "5732", "5945", "5999", "5712", "5541"),
    Role.SERVICE: ("7230", "7299", "8999", "7538", "8011"),
    Role.CONSTRUCTION: ("1520", "1711"),
    Role.TRADER: ("5099", "5065"),
    Role.MANUFACTURER: ("5085",),
    Role.LOGISTICS: ("4214", "4789"),
    Role.LANDLORD: ("6513",),
    Role.UTILITY: ("4900",),
    Role.TELECOM: ("4814", "4899"),
    Role.INSURER: ("6300",),
    Role.ACQUIRER: ("5399",),
    Role.EXCHANGE: ("6051",),
    Role.UNIVERSITY: ("8220",),
}
CATEGORIES = tuple(sorted({code for codes in _CATEGORIES.values() for code in codes}))
_OTHER = "5999"


@dataclass(frozen=True)
class Vocabulary:
    """All texts of a world; texts of (flow, language) are `size` long from `start` on."""

    texts: tuple[str, ...]
    start: np.ndarray
    size: np.ndarray


def vocabulary(seed: int) -> Vocabulary:
    """Draw texts with this world's own invoice numbers."""
    rng = generator(seed, Section.VOCABULARY)
    texts: list[str] = []
    start = np.zeros((len(Flow), len(LANGUAGES)), dtype=np.int64)
    size = np.zeros_like(start)
    for flow, by_language in _TEXTS.items():
        for language, templates in enumerate(by_language):
            start[flow, language] = len(texts)
            for template in templates:
                numbers = rng.integers(100, 99_999, _NUMBERED if "{n}" in template else 1)
                texts.extend(template.replace("{n}", str(number)) for number in numbers)
            size[flow, language] = len(texts) - start[flow, language]
    return Vocabulary(tuple(texts), start, size)


def category_of_accounts(role: np.ndarray) -> np.ndarray:
    """Return each account's merchant category (an index into CATEGORIES) by its holder's role."""
    widest = max(len(codes) for codes in _CATEGORIES.values())
    table = np.full((max(Role) + 1, widest), CATEGORIES.index(_OTHER), dtype=np.int16)
    for kind, codes in _CATEGORIES.items():
        table[kind] = [CATEGORIES.index(codes[slot % len(codes)]) for slot in range(widest)]
    return np.asarray(table[role, np.arange(len(role)) * 7 % widest])
