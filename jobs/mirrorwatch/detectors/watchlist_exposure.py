"""Watchlist exposure: an account that is a listed one's, is owned by one, or lives on money from one.

Looked at are five ties to the lists as they stood on the night. A party is a listed one where its name, held against
how many others of the night are called as much like it by chance, is too good a match for chance over all entries;
the country may agree or not, as one more identifier, and risks nothing by itself. A firm is a listed one's where
listed ones own it to the bound of the rule of their list, through any depth, or control it where that rule asks, or
where it was made soon after the listing with the same director, owner, telephone or e-mail. An account is exposed
where much of its volume came from or went to a listed one, directly or through accounts that carried the money on in
time. A remittance text may name a listed one. And an official of customs, a port or the police is named together with
the carriers, traders or their owners who pay that official again and again, beyond what the office earns; an office
alone, or kinship, is no guilt.

A namesake is not named: where words are common, or somebody unrelated is called as much like the entry, the name says
nothing. Money does not flow through hubs (banks, utilities, firms with very many counterparties), and wages and rents
are custom. An entry that is newer than the payments broke no rule, and is told all the same. The chance that is stated
is that of any party of the night being called as much like any entry, by the shares of the words among all parties;
none is stated where no name was matched. An account without payments in the window has no alert: it is for screening.
A pair that a person dismissed is silent, and counted in the night's blindness, while what was looked at stays the same.
"""

import polars as pl

from mirrorwatch.detectors.base import FINDINGS, Detector, Floor, NightFrames, Source
from mirrorwatch.detectors.terms import scored
from mirrorwatch.detectors.watchlist_exposure_listed import in_force, known, newly
from mirrorwatch.detectors.watchlist_exposure_officials import officials, paid_officials
from mirrorwatch.detectors.watchlist_exposure_owned import owned, successors
from mirrorwatch.detectors.watchlist_exposure_paid import tainted
from mirrorwatch.detectors.watchlist_exposure_parameters import ExposureParameters
from mirrorwatch.detectors.watchlist_exposure_schemes import FLOOR, Found, schemes
from mirrorwatch.detectors.watchlist_exposure_since import first_listed
from mirrorwatch.detectors.watchlist_exposure_terms import TERMS
from mirrorwatch.detectors.watchlist_exposure_texts import named_in_texts
from mirrorwatch.detectors.watchlist_exposure_words import words
from mirrorwatch.detectors.writing import findings
from mirrorwatch.features.edges import standing, transfers


def _found(night: NightFrames, parameters: ExposureParameters) -> Found:
    entries = first_listed(night, newly(night, in_force(night.watchlist, night.run_date)))
    who, like = known(night, entries, parameters)
    below = owned(night, who)
    every = pl.concat([who.filter("sanctioned").select("party_id", "entry_id"), below.select("party_id", "entry_id")])
    anew = successors(night, who, parameters).join(every, on="party_id", how="anti")
    holders = pl.concat([every, anew.select("party_id", "entry_id")]).unique()
    held = night.accounts.select("account_id", "party_id").collect().join(holders, on="party_id")
    paid = transfers(night.transactions)
    around = standing(night.accounts, night.parties, night.ownership, night.run_date).collect()
    sources = held.select("account_id").unique().sort("account_id")
    return Found(
        entries=entries,
        listed=who,
        owned=below,
        successors=anew,
        held=held.sort("account_id", "entry_id"),
        tainted=tainted(night, paid, around, sources, parameters),
        texts=named_in_texts(night, entries, like, parameters),
        officials=paid_officials(night, paid, officials(night.parties, entries, who), parameters),
        standing=around,
    )


def detect(night: NightFrames, parameters: ExposureParameters) -> pl.LazyFrame:
    """One finding a listed one with all that hangs on it, or an official, as FINDINGS, sorted by score."""
    told = schemes(night, _found(night, parameters), parameters)
    if told is None:
        return pl.LazyFrame(schema=FINDINGS)
    return findings(scored(told.values, TERMS), told.members, told.evidence, TERMS, words(night, parameters))


DETECTOR = Detector(
    typology="watchlist_exposure",
    version="3",
    title="Exposure to listed persons and firms",
    summary="Listed ones under other spellings and names, firms that they own, money from or to them, paid officials.",
    parameters=ExposureParameters,
    sources=(
        Source("OFAC, Revised Guidance on Entities Owned by Persons Whose Property Is Blocked", "13 August 2014"),
        Source("Executive Order 14059, foreign persons involved in the global illicit drug trade", "86 FR 71549"),
        Source("Wolfsberg Group, Guidance on Sanctions Screening", "2019"),
        Source("FATF, Guidance on politically exposed persons (Recommendations 12 and 22)", "June 2013"),
        Source("FinCEN, Supplemental advisory on the procurement of fentanyl precursors", "FIN-2024-A002"),
    ),
    detect=detect,
    terms=TERMS,
    floor=Floor(FLOOR, "names are taken for words drawn apart, which is not known to hold beyond one in a million"),
    needs=(
        ("watchlist", "", "name_strength", "no listed person, firm or money of one can be found"),
        ("watchlist", "aliases", "name_likeness", "a listed one under another name is not found"),
        ("watchlist", "country", "country_agrees", "namesakes abroad are told apart by their names only"),
        ("watchlist", "listed_on", "since_listing", "nobody can say whether payments came after the listing"),
        ("ownership", "", "owned", "firms of listed ones pass for independent"),
        ("parties", "born_or_incorporated_on", "successor", "a firm made after the listing looks like an old one"),
        ("parties", "phone", "successor", "renamed firms are tied by directors, owners and e-mail only"),
        ("parties", "occupation", "official_income", "officials are known by the lists only"),
        (
            "parties",
            "industry_code",
            "official_income",
            "whoever pays an official is not known for a carrier or trader",
        ),
        ("transactions", "purpose", "named_in_text", "names in remittance texts are not seen"),
    ),
    look_alikes=(
        (
            "a namesake of a listed person",
            "common words, or somebody else as much like the entry: the name is no evidence",
        ),
        ("a firm with the same weak words", "each word counts by how many other parties bear it"),
        (
            "a firm of which a listed one holds a minority",
            "the bound of the rule of that list, as it stood on the night",
        ),
        ("entries that were delisted, or are listed later", "only entries in force on the run date"),
        (
            "an exposed person with a pension, or kin",
            "no guilt by office: only repeated payments of carriers and traders",
        ),
        ("a customs officer with a wage and a loan", "wages of one payer are custom; banks are no carriers of goods"),
        (
            "employer, utility, bank or landlord that a listed one paid",
            "a small share of their volume, or custom; hubs stop it",
        ),
        ("somebody who sold a listed one a car", "one payment that is not passed on; a second one names"),
        (
            "a very common name that is truly a listed one's",
            "not found by its name alone: screening shows it to a person",
        ),
    ),
)
