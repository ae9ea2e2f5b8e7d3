"""Columns of the tables of single units and of the ledger of calls: the one place where they are listed.

Amounts are yuan of the quarter, stocks those at its end, before firms that closed are gone. A unit keeps
its key for life, so that its rows of several quarters and its calls are joined by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ..agents.enterprise import ROLES
from ..agents.voucher import PROGRAMMES as CONTRACT_PROGRAMMES
from ..engine.columns import CODE, COUNT, FLAG, KEY, MONEY, NUMBER, Column
from .markets.demand import PRODUCERS

SELLERS: Final = (*PRODUCERS, "enterprise", "outside")
"""Who may sell a contract to a firm, in the order of the columns."""

PROGRAMMES: Final = (
    *CONTRACT_PROGRAMMES,
    *("cultivation", "research_platforms", "fast_growers", "contests", "mentors"),
    *("pilot_grants", "joint_centres", "civil_military_fund", "pre_industrial_work"),
    *("technology_loan", "loan_compensation", "fund_stake"),
)
"""Programmes that choose among applicants, and banks and funds, which do the same."""

RULES: Final = ("lottery", "threshold", "rank")
"""How a call chooses: by lot, all above a threshold of the score, those with the best scores."""

APPLICANTS: Final = ("firm", "result")

_TIME: Final = (
    Column("year", CODE, "date", "calendar year"),
    Column("quarter", CODE, "quarters", "quarter of the year, 1 to 4"),
)

FIRM: Final = (
    *_TIME,
    Column("key", KEY, "key", "the firm's identity, for life"),
    Column("city", CODE, "code", "city"),
    Column("field", CODE, "code", "main field"),
    Column("role", CODE, "code", "what it does on the technology market", ROLES),
    Column("large", FLAG, "switch", "above the size threshold"),
    Column("age", NUMBER, "years", "age in the middle of the quarter"),
    Column("size", NUMBER, "ln", "size relative to the mean firm, gains from results and investors included"),
    Column("revenue", MONEY, "yuan/year", "revenue, as of the turn of the year or its founding"),
    Column("rd", MONEY, "yuan/year", "R&D that it does"),
    Column("relabelled", MONEY, "yuan/year", "other costs that it reports as R&D beside it"),
    Column("intensity", NUMBER, "fraction", "R&D over revenue that it would do without a certificate"),
    Column("research_user", FLAG, "switch", "does R&D of its own"),
    Column("certified", FLAG, "switch", "certified as a high-technology enterprise"),
    Column("registered", FLAG, "switch", "registers its contracts by habit"),
    Column("incubated", FLAG, "switch", "tenant of an incubator"),
    Column("in_zone", FLAG, "switch", "has a place in a high-technology zone"),
    *(Column(f"bought_{kind}", COUNT, "contracts", f"contracts signed as buyer: {kind}") for kind in SELLERS),
    *(Column(f"paid_{kind}", MONEY, "yuan", f"value of these contracts: {kind}") for kind in SELLERS),
    Column("partners_new", COUNT, "count", "sellers of the province from whom it never bought before"),
    Column("producers_new", COUNT, "count", "of them, universities, institutes and military units"),
    Column("sold", MONEY, "yuan", "contracts signed as seller, those with the outside included"),
    Column("loan_programme", MONEY, "yuan", "technology loans got, under the compensation programme"),
    Column("loan_ordinary", MONEY, "yuan", "technology loans got, outside it"),
    Column("defaulted", MONEY, "yuan", "technology loans not repaid when they were due"),
    Column("debt", MONEY, "yuan", "technology loans owed"),
    Column("stake_guidance_public", MONEY, "yuan", "from guidance sub-funds of mostly public capital"),
    Column("stake_guidance_private", MONEY, "yuan", "from other guidance sub-funds"),
    Column("stake_other_public", MONEY, "yuan", "from other funds of mostly public capital"),
    Column("stake_other_private", MONEY, "yuan", "from the rest of the other funds"),
    Column("equity", MONEY, "yuan", "stakes that funds hold in it, at cost"),
    Column("entered", FLAG, "switch", "founded in the quarter"),
    Column("closed", FLAG, "switch", "closed in the quarter: its last row"),
)

BANK: Final = (
    *_TIME,
    Column("key", KEY, "key", "the bank's identity"),
    Column("city", CODE, "code", "seat"),
    Column("member", FLAG, "switch", "takes part in the compensation programme"),
    Column("threshold", NUMBER, "points", "score above which it lends without compensation"),
    Column("loans_programme", COUNT, "count", "loans granted under the compensation programme"),
    Column("lent_programme", MONEY, "yuan", "value of these"),
    Column("loans_ordinary", COUNT, "count", "technology loans granted outside it"),
    Column("lent_ordinary", MONEY, "yuan", "value of these"),
    Column("defaulted_programme", MONEY, "yuan", "principal of loans under it that was not repaid"),
    Column("defaulted_ordinary", MONEY, "yuan", "principal of loans outside it that was not repaid"),
    Column("compensated", MONEY, "yuan", "losses borne by the pool"),
    Column("book_programme", MONEY, "yuan", "loans under it owed"),
    Column("book_ordinary", MONEY, "yuan", "loans outside it owed"),
)

OWNER: Final = (
    *_TIME,
    Column("key", KEY, "key", "identity of the university, institute or military unit"),
    Column("kind", CODE, "code", "kind of owner", PRODUCERS),
    Column("city", CODE, "code", "city"),
    Column("field", CODE, "code", "main field"),
    Column("rd", MONEY, "yuan", "R&D performed"),
    Column("staff", NUMBER, "people", "people of the transfer office"),
    Column("inventor_share", NUMBER, "fraction", "inventors' share of transfer income in force"),
    Column("equity_share", NUMBER, "fraction", "inventors' share of a firm on their result in force"),
    Column("own_decision", NUMBER, "fraction", "share of foundings that nobody has to approve"),
    Column("reputation", NUMBER, "multiple", "what buyers think of it"),
    Column("results_disclosed", COUNT, "count", "results that inventors told the office in the quarter"),
    Column("results_sold", COUNT, "count", "results sold to one buyer"),
    Column("results_licensed", COUNT, "count", "licences of results, without those out of alliances' pools"),
    Column("spin_offs", COUNT, "count", "firms founded on its results, in the province or elsewhere"),
    Column("firms_of_people", COUNT, "count", "firms that its people founded without a result"),
    Column("firms_of_owner", COUNT, "count", "civil firms that it founded itself, joint ones included"),
    Column("sold", MONEY, "yuan", "contracts signed as seller, those with the outside included"),
)

CITY: Final = (
    *_TIME,
    Column("city", CODE, "code", "city"),
    Column("firms", COUNT, "count", "technology firms at work at the end"),
    Column("entered", COUNT, "count", "firms founded"),
    Column("closed", COUNT, "count", "firms closed"),
    Column("sold_count", COUNT, "contracts", "registered contracts by place of the seller"),
    Column("sold_value", MONEY, "yuan", "value of these"),
    Column("bought_count", COUNT, "contracts", "registered contracts by place of the buyer"),
    Column("bought_value", MONEY, "yuan", "value of these"),
    Column("within_value", MONEY, "yuan", "registered value of which both are in the city"),
    Column("rd", MONEY, "yuan", "R&D performed"),
    Column("revenue", MONEY, "yuan/year", "revenue of the technology firms at work at the end"),
)

CALL: Final = (
    *_TIME,
    Column("programme", CODE, "code", "who calls", PROGRAMMES),
    Column("rule", CODE, "code", "how it chooses", RULES),
    Column("applicant_kind", CODE, "code", "what the applicant is", APPLICANTS),
    Column("applicant", KEY, "key", "key of the firm, or of the result"),
    Column("giver", KEY, "key", "key of the bank or fund; 0 a treasury, or that none was found"),
    Column("score", NUMBER, "points", "score by which it is chosen; not a number in a lottery"),
    Column("threshold", NUMBER, "points", "score that is enough; in a rank that of the last winner"),
    Column("won", FLAG, "switch", "chosen"),
    Column("used", FLAG, "switch", "made use of: a contract signed with a voucher, money paid"),
    Column("user", KEY, "key", "who used it, 0 if nobody; another firm if a voucher was passed on"),
)

UNITS: Final[Mapping[str, tuple[Column, ...]]] = {"firm": FIRM, "bank": BANK, "owner": OWNER, "city": CITY}
"""Columns of the table of each kind of unit."""
