"""The list of indicators: complete, in known units, with definitions in two languages."""

from __future__ import annotations

import re

from shaanxi_transfer import indicators
from shaanxi_transfer.engine.units import UNITS
from shaanxi_transfer.model import INDICATORS, TARGETS
from shaanxi_transfer.scenarios import lever_catalogue

STABLE = [
    "contract_value_output",
    "contract_count_output",
    "contract_value_inflow",
    "contract_count_inflow",
    "contract_value_output_university",
    "contract_value_output_research_institute",
    "contract_value_output_military_unit",
    "contract_value_output_enterprise",
    "contract_value_output_development",
    "contract_value_output_transfer",
    "contract_value_output_consulting",
    "contract_value_output_service",
    "registration_coverage",
    "high_tech_enterprises",
    "demonstration_institutions",
    "trained_people",
    "practising_people",
    "incubation_platforms",
    "incubators",
    "maker_spaces",
    "guidance_fund_committed",
    "guidance_fund_government",
    "guidance_fund_subfunds",
    "guidance_fund_invested",
    "guidance_fund_firms",
    "loans_new",
    "loans_outstanding",
    "loan_default_rate",
    "vouchers_redeemed",
    "spin_offs",
    "results_created",
    "results_contracted",
    "results_industrialised_share_university",
    "results_industrialised_share_enterprise",
    "rd_expenditure",
    "public_cost_task_21",
    "public_cost_task_22",
    "public_cost_task_15",
]


def test_the_stable_names_are_modelled() -> None:
    assert [name for name in STABLE if name not in INDICATORS or not INDICATORS[name].modelled] == []


def test_targets_are_indicators() -> None:
    assert all(INDICATORS[name].modelled for name in TARGETS)


def test_the_table_is_complete_in_both_languages() -> None:
    table = indicators()
    assert table["id"].is_unique and len(table) == sum(entry.modelled for entry in INDICATORS.values())
    assert set(table["unit"]) <= set(UNITS)
    assert not (table[["title_en", "title_zh", "definition"]] == "").any().any()
    assert all(re.search(r"[\u4e00-\u9fff]", title) for title in table["title_zh"])


def test_every_task_and_measure_has_an_account() -> None:
    for lever in lever_catalogue().values():
        assert INDICATORS[f"public_cost_{lever.selector}"].modelled
