"""The list of the patterns: which observed figures, formulas and studies each is held against."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final, Literal, NamedTuple

import numpy as np

from ..calibrating.observed_figures import Side
from . import jumps
from .formulas import Figures, Formula, Value, at, change, over, ratio, yearly_growth

Measure = Literal["log", "absolute"]

Studies = Mapping[str, float]
"""Central value by row of ``scenarios/sources/parameters.csv``."""

PATTERNS: Final[Mapping[int, str]] = {
    1: "Sold and bought, value and number, by year",
    2: "Growth far faster than R&D until 2013, about 15 % a year then; the mean contract; who registers",
    3: "Universities carry little, enterprises most",
    4: "A heavy tail: contracts above 10 million yuan",
    5: "Xi'an's part in R&D and contracts, what stays there, and what is bought over what is sold",
    6: "The delay from a result to its contract",
    7: "The guidance fund: sub-funds, commitments, nominal leverage beside causal crowd-in",
    8: "High-technology firms, firms' hazards by age, incubators and their tenants",
    9: "Loans of the Xi'an programme",
    10: "Industrialised share of valid patents, and the share ever transferred",
    11: "Firms that one institute incubated, and civil firms founded by defence units",
    12: "Jumps of the number of contracts, with a falling mean: a class of events",
}
"""The patterns, in the order of the specification."""

OBSERVED: Final[Mapping[str, int]] = {
    "contract_value_output": 1,
    "contract_count_output": 1,
    "contract_value_inflow": 1,
    "contract_count_inflow": 1,
    "contract_value_output_enterprise_share": 3,
    "contract_value_output_university": 3,
    "university_commission_and_transfer_income": 3,
    "high_tech_enterprises_technical_income": 3,
    "contract_value_share_above_10m": 4,
    "contract_count_share_above_10m": 4,
    "rd_share.xian": 5,
    "contract_value_output.xian": 5,
    "contract_local_share.xian": 5,
    "guidance_fund_committed": 7,
    "guidance_fund_government": 7,
    "guidance_fund_subfunds": 7,
    "guidance_fund_invested": 7,
    "guidance_fund_firms": 7,
    "guidance_fund_leverage": 7,
    "high_tech_enterprises": 8,
    "incubators": 8,
    "maker_spaces": 8,
    "incubation_platforms": 8,
    "incubator_tenants": 8,
    "loans_new.xian": 9,
    "loans_new_cumulative_since_2011.xian": 9,
    "loan_firms_cumulative_since_2011.xian": 9,
}
"""Pattern of each observed figure; R&D drives the model and is no pattern."""

INPUTS: Final = ("rd_share.xian", "guidance_fund_leverage")
"""Figures that the pack's cities hold as they are, or by which a prior was chosen: ratios of sub-funds are
spread about the nominal one by so much that all of them together hold the published leverage."""


class Comparison(NamedTuple):
    """How a fact of a pattern is worked out, of the observed and of what is simulated.

    See `observed_facts.Fact`; ``observed`` raises KeyError where there is no figure.
    """

    pattern: int
    name: str
    unit: str
    side: Side
    measure: Measure
    tolerance: float
    use: str
    note: str
    observed: Callable[[Figures, Studies], float]
    simulated: Formula


def _followed(
    pattern: int, name: str, unit: str, side: Side, measure: Measure, tolerance: float, formula: Formula
) -> Comparison:
    """Put one formula to the observed and to the simulated figures."""
    head = (pattern, name, unit, side, measure, tolerance, "check", "follows from observed figures")
    return Comparison(*head, lambda figures, studies: float(formula(figures)), formula)


_mean_contract = partial(ratio, "contract_value_output", "contract_count_output")


def _ahead_of_rd(figures: Figures) -> Value:
    sold, research = (
        yearly_growth(name, 2010, 2013)(figures) for name in ("contract_value_output", "rd_expenditure")
    )
    return sold - research


FORMULAS: Final = (
    _followed(
        2, "yearly_ln_growth_of_value_sold.2010-2013", "per year", "equal", "absolute", 0.10,
        yearly_growth("contract_value_output", 2010, 2013),
    ),
    _followed(
        2, "the_same_less_growth_of_rd.2010-2013", "per year", "equal", "absolute", 0.10, _ahead_of_rd
    ),
    _followed(
        2, "yearly_ln_growth_of_value_sold.2013-2017", "per year", "equal", "absolute", 0.05,
        yearly_growth("contract_value_output", 2013, 2017),
    ),
    *(
        _followed(2, f"mean_contract_sold.{year}", "yuan", "equal", "log", 0.25, _mean_contract(year))
        for year in (2010, 2016, 2017)
    ),
    _followed(
        2, "ln_rise_of_mean_contract.2010-2016", "ln", "equal", "absolute", 0.25,
        change(_mean_contract, 2010, 2016),
    ),
    _followed(
        2, "ln_change_of_mean_contract.2016-2017", "ln", "equal", "absolute", 0.10,
        change(_mean_contract, 2016, 2017),
    ),
    _followed(
        2, "ln_change_of_number_sold.2016-2017", "ln", "equal", "absolute", 0.15,
        change(partial(at, "contract_count_output"), 2016, 2017),
    ),
    _followed(
        3, "university_income_over_value_sold.2017", "fraction", "equal", "log", 0.25,
        ratio("university_commission_and_transfer_income", "contract_value_output", 2017),
    ),
    _followed(
        5, "share_of_value_sold.xian.2012", "fraction", "at_least", "log", 0.15,
        ratio("contract_value_output.xian", "contract_value_output", 2012),
    ),
    *(
        _followed(
            5, f"bought_over_sold.{year}", "multiple", "equal", "log", 0.30,
            ratio("contract_value_inflow", "contract_value_output", year),
        )
        for year in (2010, *range(2012, 2018))
    ),
    _followed(
        8, "ln_growth_of_high_tech_enterprises.2016-2017", "ln", "equal", "absolute", 0.05,
        change(partial(at, "high_tech_enterprises"), 2016, 2017),
    ),
    _followed(
        9, "mean_loan.xian.2011-2015", "yuan", "equal", "log", 0.30,
        ratio("loans_new_cumulative_since_2011.xian", "loan_firms_cumulative_since_2011.xian", 2015),
    ),
)  # fmt: skip
"""Facts by formula."""


def _row(name: str) -> Callable[[Figures, Studies], float]:
    return lambda figures, studies: studies[name]


def _stated(number: float) -> Callable[[Figures, Studies], float]:
    return lambda figures, studies: number


def _of_shaanxi(number: float) -> Callable[[Figures, Studies], float]:
    """State a figure of Shaanxi alone: where nothing was observed of Xi'an, there is none."""

    def stated(figures: Figures, studies: Studies) -> float:
        figures.at("contract_local_share.xian", 2012)
        return number

    return stated


def _technical_income(figures: Figures, studies: Studies) -> float:
    return float(figures.at("high_tech_enterprises_technical_income", 2016))


def _causal_of_published(figures: Figures, studies: Studies) -> float:
    return float(studies["gf_crowd_in_multiplier"] / (figures.at("guidance_fund_leverage", 2016) - 1.0))


def _causal_of_nominal(figures: Figures) -> Value:
    committed, own = (figures.at(f"guidance_fund_{what}", 2016) for what in ("committed", "government"))
    return figures.at("guidance_fund_crowded_in", 2016) / (committed - own)


def _registering(figures: Figures) -> Value:
    late, early = (figures.at("registration_coverage_sellers", year) for year in (2017, 2010))
    return late - early


def _delay(figures: Figures) -> Value:
    return np.exp(over("results_contracted_ln_delay", "results_contracted")(figures))


_FRENCH: Final = "a French research organisation, 2007; search and the end of a result's life bend it"
_SAIC: Final = "nation, 2013"
_PANEL: Final = "panel of provinces that sold over 500 contracts; futures of one province stand for the panel"
_SURVEY: Final = "CNIPA survey of 2020, the nation; live results stand for valid patents"
_INCUBATED: Final = (
    "Xi'an Institute of Optics, incubated by early 2015, two accounts; the model counts what the institute"
    " founds itself, closed ones included"
)
_DEFENCE: Final = (
    "more than 300 firms in October 2017, of any age; the model counts those founded since 2000, closed ones"
    " included, and neither spin-offs on results nor firms of people who left"
)

STUDIES: Final = (
    Comparison(
        2, "rise_of_share_of_sellers_that_register.2010-2017", "fraction", "at_least", "absolute", 0.0,
        "check", "no figure observed: the sign alone", _stated(0.0), _registering,
    ),
    Comparison(
        3, "signed_by_certified_firms_beside_their_technical_income.2016", "yuan", "equal", "log", 0.69,
        "check", "the income's definition is wider than contracts: near is within a factor of two",
        _technical_income, at("high_tech_contract_value_signed", 2016),
    ),
    Comparison(
        6, "geometric_mean_delay.2010-2017", "years", "equal", "log", 0.15, "input", _FRENCH,
        _row("lag_file_to_contract_geomean"), _delay,
    ),
    Comparison(
        6, "share_within_two_years.2010-2017", "fraction", "equal", "absolute", 0.05, "input", _FRENCH,
        _row("share_transferred_within_2y"),
        over("results_contracted_within_2_years", "results_contracted"),
    ),
    Comparison(
        7, "private_money_crowded_in_over_government.2017", "multiple", "equal", "log", 0.25, "input",
        "a study of the nation", _row("gf_crowd_in_multiplier"),
        ratio("guidance_fund_crowded_in", "guidance_fund_government", 2017),
    ),
    Comparison(
        7, "crowded_in_over_nominal_social_money.2016", "fraction", "equal", "log", 0.25, "input",
        "the study's multiplier over the published leverage less 1", _causal_of_published, _causal_of_nominal,
    ),
    Comparison(
        8, "exit_hazard_in_year_1.2010-2017", "per year", "equal", "log", 0.25, "input", _SAIC,
        _row("hazard_year1"), over("firms_closed_under_1", "firm_years_under_1"),
    ),
    Comparison(
        8, "exit_hazard_in_year_2.2010-2017", "per year", "equal", "log", 0.25, "input", _SAIC,
        _stated(0.063), over("firms_closed_1_to_2", "firm_years_1_to_2"),
    ),
    Comparison(
        8, "exit_hazard_in_year_3.2010-2017", "per year", "equal", "log", 0.25, "input", _SAIC,
        _row("hazard_year3_peak"), over("firms_closed_2_to_3", "firm_years_2_to_3"),
    ),
    Comparison(
        8, "exit_hazard_in_years_4_to_7.2010-2017", "per year", "at_least", "log", 0.15, "input",
        "nation, 2013: above 8 %", _stated(0.08), over("firms_closed_3_to_7", "firm_years_3_to_7"),
    ),
    Comparison(
        10, "transferred_share_university.2017", "fraction", "equal", "log", 0.40, "check",
        "census of licence filings by 2014, the nation: a share of the stock of patents",
        _row("licensed_share_university_cn"), at("results_transferred_share_university", 2017),
    ),
    Comparison(
        12, f"{jumps.SHARE_OF_YEARS}.2013-2017", "fraction", "equal", "absolute", 0.04, "check",
        _PANEL, _row(jumps.SHARE_OF_YEARS), jumps.share_of_years,
    ),
    Comparison(
        12, f"{jumps.SHARE_OF_JUMPS}.2013-2017", "fraction", "equal", "absolute", 0.20, "check",
        _PANEL, _row(jumps.SHARE_OF_JUMPS), jumps.share_of_jumps,
    ),
    *(
        Comparison(
            10, f"industrialised_share_{kind}.2017", "fraction", "equal", "log", 0.40, "later check",
            _SURVEY, _row(f"industrialisation_rate_{row}"), at(f"results_industrialised_share_{kind}", 2017),
        )
        for kind, row in (
            ("university", "university"), ("research_institute", "institute"), ("enterprise", "enterprise"),
        )
    ),
    Comparison(
        11, "firms_of_the_one_institute_at_least.2014", "count", "at_least", "log", 0.15, "input", _INCUBATED,
        _of_shaanxi(50.0), at("one_institute_firms_since_2007", 2014),
    ),
    Comparison(
        11, "firms_of_the_one_institute_at_most.2014", "count", "at_most", "log", 0.15, "input", _INCUBATED,
        _of_shaanxi(74.0), at("one_institute_firms_since_2007", 2014),
    ),
    Comparison(
        11, "civil_firms_founded_by_military_units.2017", "count", "at_least", "log", 0.15, "input", _DEFENCE,
        _of_shaanxi(300.0), at("military_firms_since_2000", 2017),
    ),
)  # fmt: skip
"""Facts of studies beside what the model gives. The hazards of years 2 and 4 to 7 stand in the
meaning of row ``hazard_year1``, not in a row of their own."""
