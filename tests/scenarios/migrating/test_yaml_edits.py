"""Scenario files that 0.1.0 took become files that this version takes, and nothing is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.scenarios import check, list_overlays, list_scenarios, load, problems_of
from shaanxi_transfer.scenarios.migrating.steps import GONE, STEPS, changed, changes_in, doubtful
from shaanxi_transfer.scenarios.migrating.yaml_edits import migrated
from shaanxi_transfer.scenarios.places import NAMED_FOLDER, OVERLAY_FOLDER
from shaanxi_transfer.scenarios.provinces.parameter_draws import shared_parameters

OLD = Path(__file__).parent / "old"


@pytest.mark.parametrize("name", ["own", "in_braces"])
def test_an_old_file_is_refused_by_name_of_the_command_and_read_when_migrated(
    name: str, tmp_path: Path
) -> None:
    file = OLD / f"{name}.yaml"
    refused = check(file)
    assert refused
    assert {one.suggestion for one in refused} == {f"`shaanxi-transfer migrate {file}`"}
    new = tmp_path / "new.yaml"
    new.write_text(migrated(file).text, encoding="utf-8")
    assert check(new) == () and not migrated(new).changes
    assert load(new).levers["listed_income_share"] == 0.97


def test_every_other_sign_stays_and_what_is_gone_is_a_comment() -> None:
    old = (OLD / "own.yaml").read_text(encoding="utf-8").splitlines()
    new = migrated(OLD / "own.yaml").text.splitlines()
    assert [line for line in new if line not in old] == [
        "  city_funds: 5      # yuan a year",
        "  listed_income_share: 0.97",
        "# parameters:",
        "  # spin_off_probability: 0.02   # from our own survey",
    ]
    braces = migrated(OLD / "in_braces.yaml").text
    assert "parameters: {ip_trade_gain: 0.2}  # ours  # was: spin_off_probability: 0.02\n" in braces
    assert "  # seed: 5   # luck\n" in braces


def test_a_dated_path_in_yuan_is_changed_whole_and_a_lone_zero_is_told() -> None:
    path = {"2019-Q1": 1.0e8, "2020-Q1": 0.0}
    assert changed({"levers": {"city_funds": path}})["levers"]["city_funds"] == {"2019-Q1": 3, "2020-Q1": 1}
    assert not changes_in({"levers": {"city_funds": 0}})
    assert doubtful({"levers": {"city_funds": 0}}) == [("levers", "city_funds")]
    assert not doubtful({"levers": {"city_funds": path}})


def test_the_plan_in_yuan_is_the_plan_in_funds() -> None:
    plan = load("action_plan").pack().catalogue["city_funds"].plan
    assert changed({"levers": {"city_funds": 5.0e7}}) == {"levers": {"city_funds": plan}}


def test_no_file_of_the_package_has_to_be_changed_and_no_name_that_is_gone_has_come_back() -> None:
    files = [NAMED_FOLDER / f"{name}.yaml" for name in list_scenarios()]
    files += [OVERLAY_FOLDER / f"{name}.yaml" for name in list_overlays()]
    assert len(files) > 8 and not [file for file in files if migrated(file).changes]
    assert not set(GONE) & set(shared_parameters())
    assert len({step.name for step in STEPS}) == len(STEPS)


def test_what_is_wrong_in_any_version_keeps_its_own_mend(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(
        "base: action_plan\nlevers: {voucher_budgt: 1.0e7, city_funds: 2.0e8}\n", encoding="utf-8"
    )
    with pytest.raises(InputError) as refused:
        load(file)
    suggestions = {one.key: one.suggestion for one in problems_of(refused.value)}
    assert suggestions["levers.voucher_budgt"] == "voucher_budget"
    assert "migrate" in str(suggestions["levers.city_funds"])
