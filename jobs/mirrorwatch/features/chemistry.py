"""Which trades deal in chemicals, which use them, and which payments say that they are for chemicals.

Trades are ISIC rev. 4 codes of digits, as far as declared; goods are chapters of the Harmonized System.
"""

import polars as pl

# Makers of chemicals and of pharmaceuticals, wholesale of industrial chemicals, sale of medicines.
SUPPLIERS = ("20", "21", "4669", "4772")
# Who has an honest use for chemicals in bulk: whoever makes, sells, tests, applies or cleans with them. Long on
# purpose: a trade that is on this list is never taken for an unrelated one. Textiles, food and electronics are not on
# it, since advisories name them as the trades that fronts declare.
USERS = (
    "01", "02", "03", "05", "06", "07", "08", "09", "1313", "15", "16", "17", "18", "19", "20", "21", "22", "23", "24",
    "25", "2720", "2790", "35", "36", "37", "38", "39", "4620", "4649", "4653", "4661", "4663", "4669", "4752", "4772",
    "4773", "4774", "712", "72", "742", "75", "812", "813", "85", "86", "9601", "9602",
)  # fmt: skip
GENERAL = ("4610", "4690", "4799", "82")  # whoever trades in anything: neither related nor unrelated
# Inorganic and organic chemicals, pharmaceuticals, miscellaneous chemical products (reagents, prepared mixtures).
CHAPTERS = ("28", "29", "30", "38")
# What makers of food, feed and drink buy from chemical and pharmaceutical firms: vitamins, amino acids, citric and
# lactic acid, lecithin, saccharin. None of these headings holds a precursor that advisories name.
FOOD_MAKERS, ADDITIVES = ("10", "11"), ("2918", "2922", "2923", "2925", "2936")
# Stems in the languages of the corridors. They support, and decide nothing: honest texts rarely name the goods.
_WORDS = (
    r"(?i)\bcas\b|chemical|reagent|precursor|piperid|propion|phenethyl|\banpp\b|\bnpp\b|4-?anilino|\bboc\b|methylamine|"
    r"acetic anhydride|hydrochlor|pharma|\bapi\b raw|intermediates?\b.{0,12}pharm|qu[ií]mic|reactivo|precursor|"
    r"化工|化学|试剂|原料药|中间体"
)
_CAS = r"\b(\d{2,7})-(\d{2})-(\d)\b"
_CAS_DIGITS = 9


def starts_with(trade: str, prefixes: tuple[str, ...]) -> pl.Expr:
    """Whether a code of digits begins with one of `prefixes`; null where no code is known."""
    return pl.any_horizontal(pl.col(trade).str.starts_with(prefix) for prefix in prefixes)


def unrelated(trade: str, person: pl.Expr) -> pl.Expr:
    """How far a trade has no use for chemicals: 1 none, 0.5 trades in anything or a private person, 0 a user; or null.

    `person` says where the payer is no organisation: people declare no trade and have no use for bulk goods.
    """
    return (
        pl.when(person)
        .then(0.5)
        .when(starts_with(trade, USERS))
        .then(0.0)
        .when(starts_with(trade, GENERAL))
        .then(0.5)
        .when(pl.col(trade).is_not_null())
        .then(1.0)
    )


def cas_number(text: str) -> pl.Expr:
    """Whether a text holds a number of the Chemical Abstracts Service, its check digit right. Null text: false."""
    parts = pl.col(text).str.extract_groups(_CAS)
    digits = pl.concat_str(parts.struct[0], parts.struct[1]).str.pad_start(_CAS_DIGITS, "0")
    # the last digit before the check counts once, the one before it twice, and so on
    weighed = [
        digits.str.slice(place, 1).cast(pl.Int64, strict=False) * (_CAS_DIGITS - place) for place in range(_CAS_DIGITS)
    ]
    return (pl.sum_horizontal(weighed) % 10 == parts.struct[2].cast(pl.Int64, strict=False)).fill_null(
        value=False
    ) & parts.struct[2].is_not_null()


def names_chemicals(text: str) -> pl.Expr:
    """Whether a text names chemicals by a word or a CAS number."""
    return pl.col(text).str.contains(_WORDS).fill_null(value=False) | cas_number(text)


def additive(hs_code: str) -> pl.Expr:
    """Whether goods are additives of food or feed by their heading; null where no code is given."""
    return pl.col(hs_code).str.replace_all(r"\D", "").str.slice(0, 4).is_in(ADDITIVES)


def chemical_goods(hs_code: str) -> pl.Expr:
    """Whether goods are chemicals by their chapter; null where no code is given."""
    return pl.col(hs_code).str.replace_all(r"\D", "").str.slice(0, 2).is_in(CHAPTERS)
