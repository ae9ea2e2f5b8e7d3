"""Every parameter has a source and honest bounds, and what one province lacks is scaled from another."""

from __future__ import annotations

import math
import statistics
from pathlib import Path
from typing import Any

import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.scenarios.places import PACK_FOLDER
from shaanxi_transfer.scenarios.provinces.own_parameters import province_parameters
from shaanxi_transfer.scenarios.provinces.parameter_draws import read_parameters
from shaanxi_transfer.scenarios.provinces.sources_read import Sources

SCENARIOS = PACK_FOLDER.parent
PACKS = sorted(path.parent.name for path in PACK_FOLDER.glob("*/pack.yaml"))


@pytest.fixture(scope="module")
def sources() -> Sources:
    return Sources()


def parameter_files() -> list[Path]:
    return [SCENARIOS / "parameters.yaml", *(PACK_FOLDER / name / "parameters.yaml" for name in PACKS)]


@pytest.mark.parametrize("file", parameter_files(), ids=lambda path: path.parent.name)
def test_every_parameter_is_valid_and_has_source_and_note(file: Path) -> None:
    parameters = read_parameters(file)
    assert len(parameters) >= 20
    for name, parameter in parameters.items():
        assert parameter.source.strip(), name
        assert parameter.note.strip(), name
        assert parameter.low is not None and parameter.high is not None, name
        if parameter.kind == "study":
            assert "parameters.csv" in parameter.source, f"{name}: a study stands in the collected estimates"


def test_studies_name_a_row_that_exists_with_its_vintage(sources: Sources) -> None:
    estimates = {row["name"]: row for row in sources.table("parameters.csv")}
    checked = 0
    for name, parameter in read_parameters(SCENARIOS / "parameters.yaml").items():
        if parameter.kind != "study":
            continue
        row = estimates[parameter.source.split("; row ")[1].split(" ")[0]]
        # "same" in the collected estimates points at the row above and is written out in ours.
        assert row["source_title"].startswith("same") or row["source_title"] in parameter.source, name
        assert not parameter.source.startswith("same"), name
        assert row["source_url"] in parameter.source, name
        assert (parameter.vintage is None) == (row["vintage"] == ""), name
        if parameter.vintage is not None:
            assert parameter.vintage == int(row["vintage"]), name
        checked += 1
    assert checked >= 30


def test_shares_of_contract_types_keep_the_mean() -> None:
    parameters = read_parameters(SCENARIOS / "parameters.yaml")
    types = ("development", "transfer", "consulting", "service")
    assert sum(parameters[f"type_share_{kind}"].value for kind in types) == pytest.approx(1.0)
    mean = sum(
        parameters[f"type_share_{kind}"].value * parameters[f"type_value_{kind}"].value for kind in types
    )
    assert mean == pytest.approx(1.0, abs=0.02)
    chances = ("additional", "deadweight", "unused")
    assert sum(parameters[f"voucher_{chance}"].value for chance in chances) == pytest.approx(1.0)


def test_results_of_shaanxi_come_to_the_invention_patents_of_2017(sources: Sources) -> None:
    shared = read_parameters(SCENARIOS / "parameters.yaml")
    own = read_parameters(PACK_FOLDER / "shaanxi" / "parameters.yaml")
    share = {
        "university": own["rd_share_university"].value,
        "institute": own["rd_share_institute"].value,
        "military": own["rd_share_military"].value,
    }
    share["enterprise"] = 1.0 - sum(share.values())
    million = float(sources.panel["shaanxi", "rd_expenditure", 2017]["value"]) / 1e6
    results = sum(million * share[kind] * shared[f"results_per_million_rd_{kind}"].value for kind in share)
    granted = float(sources.panel["shaanxi", "patents_granted_invention", 2017]["value"])
    assert results == pytest.approx(granted, rel=0.02)


def test_the_measured_province_is_copied_and_others_are_scaled_assumptions(sources: Sources) -> None:
    origin, written = sources.province_parameters
    own: dict[str, dict[str, Any]] = province_parameters(sources, origin)
    other = province_parameters(sources, "hubei")
    assert list(own) == list(other) == list(written)
    ratio, year = sources.ratio("rd_funded_by_enterprises", "hubei", origin, 2017)
    assert year == 2017
    firms = "technology_firms_2017"
    assert other[firms]["value"] == pytest.approx(own[firms]["value"] * ratio, rel=1e-3)
    for name, fields in other.items():
        assert fields["kind"] == "assumption", name
        assert origin in fields["note"], name
        assert fields["low"] <= fields["value"] <= fields["high"], name
        if fields["distribution"] != "fixed":
            assert fields["high"] / fields["value"] > own[name]["high"] / own[name]["value"] * 0.99, name
    assert other["universities"]["distribution"] == "lognormal"


def test_scaling_takes_the_nearest_earlier_year_and_says_so(sources: Sources) -> None:
    # The statistics have no enterprise-funded R&D of Beijing in 2012.
    _, year = sources.ratio("rd_funded_by_enterprises", "beijing", "shaanxi", 2012)
    assert year == 2011
    with pytest.raises(InputError, match="is in no year"):
        sources.ratio("gdp", "beijing", "shaanxi", 2017)


def logs_of_ratios(
    sources: Sources, year: int, above: tuple[str, ...], below: tuple[str, ...]
) -> dict[str, float]:
    """Give ln of a product over a product for every province that has all of them in a year."""
    found = {}
    for province in sources.provinces:
        cells = [sources.panel.get((province, name, year)) for name in (*above, *below)]
        if all(cell is not None for cell in cells):
            logs = [math.log(float(cell["value"])) for cell in cells if cell is not None]
            found[province] = sum(logs[: len(above)]) - sum(logs[len(above) :])
    return found


@pytest.mark.parametrize(
    ("name", "above", "below"),
    [
        ("import_share", ("contract_count_inflow",), ("contract_count_output",)),
        (
            "import_mean_value_ratio",
            ("contract_value_inflow", "contract_count_output"),
            ("contract_count_inflow", "contract_value_output"),
        ),
    ],
)
def test_what_is_bought_is_scaled_as_far_as_it_lasts(
    sources: Sources, name: str, above: tuple[str, ...], below: tuple[str, ...]
) -> None:
    """The power is what is left of a province's ratio three years later (slope of the logs)."""
    power = sources.province_parameters[1][name]["scaling"]["power"]
    slopes = []
    for first in (2013, 2014):
        then, later = (logs_of_ratios(sources, year, above, below) for year in (first, first + 3))
        both = sorted(set(then) & set(later))
        assert len(both) >= 29
        slopes.append(statistics.linear_regression([then[p] for p in both], [later[p] for p in both]).slope)
    # Of numbers two thirds to all is left, of mean values half.
    assert all(abs(slope - power) < 0.4 for slope in slopes), slopes
    assert (power == 1.0) == (min(slopes) > 0.6)


def test_a_share_that_may_exceed_one_elsewhere_is_a_multiple_there() -> None:
    own, other = (
        read_parameters(PACK_FOLDER / name / "parameters.yaml") for name in ("shaanxi", "neimenggu")
    )
    assert (own["import_share"].unit, other["import_share"].unit) == ("fraction", "multiple")
    assert own["import_share"].value < 1.0 < other["import_share"].value
