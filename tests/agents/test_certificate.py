"""The certificate in a run: firms bunch at its notch, and what is reported stays the province's R&D."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from shaanxi_transfer.agents import certificate
from shaanxi_transfer.model.ecosystem import Ecosystem
from shaanxi_transfer.model.province import Province
from shaanxi_transfer.model.quarter.firms import enterprise_research, share_out_research
from shaanxi_transfer.scenarios import load


@pytest.fixture(scope="module")
def province() -> Iterator[Province]:
    with np.errstate(over="ignore"):
        scenario = load("no_plan").set(belief="prior", end="2015-Q4", plan_start="2015-Q1")
        ecosystem = Ecosystem(scenario, seed=3, scale=0.2)
        while ecosystem.running:
            ecosystem.step()
        share_out_research(ecosystem.province)
        yield ecosystem.province


def over_the_share_asked(province: Province, certified: bool) -> np.ndarray:
    """Reported R&D over what a certificate asks, of firms that do R&D and are all certified, or none."""
    firms = province.enterprises.rows
    firms = firms[firms["research_user"] & (firms["revenue"] > 0)]
    firms = firms[firms["certified"] == (firms["members"] if certified else 0)]
    reported = (firms["rd"] + firms["relabelled"]) / firms["revenue"]
    asked = [
        certificate.share_asked(sales, province.terms.firms, province.now)
        for sales in firms["revenue"] / firms["members"]
    ]
    return np.asarray(reported / np.array(asked))


def test_certified_firms_bunch_at_the_notch_and_the_others_do_not(province: Province) -> None:
    edges = np.array([0.9, 0.99, 1.01, 1.1])
    for certified, bunching in ((True, True), (False, False)):
        ratios = over_the_share_asked(province, certified)
        below, at, above = np.histogram(ratios, edges)[0]
        density_beside = (below + above) / 9.0
        assert len(ratios) > 100
        if bunching:
            assert below == 0 and at > 0.15 * len(ratios) and at > 10.0 * max(1.0, density_beside)
        else:
            assert at < 0.03 * len(ratios) and below > 0


def test_what_is_reported_is_the_provinces_research(province: Province) -> None:
    firms = province.enterprises.rows
    assert not firms["cultivated"].any() and firms["relabelled"].sum() > 0
    assert firms["rd"].sum() + firms["relabelled"].sum() == enterprise_research(province)


def test_what_cultivated_firms_report_for_it_comes_on_top(province: Province) -> None:
    firms = province.enterprises.rows
    before = firms["cultivated"].copy()
    below = [certificate.missing(firm, province.terms.firms, province.now) > 0.0 for firm in firms]
    firms["cultivated"] = np.where(below, firms["certified"], 0)
    share_out_research(province)
    assert firms["rd"].sum() + firms["relabelled"].sum() > 1.001 * enterprise_research(province)
    firms["cultivated"] = before
    share_out_research(province)
