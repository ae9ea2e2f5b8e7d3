"""The ledger of evidence: complete, sorted, its rules, and shares of a made-up problem that are known."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.engine.errors import InputError, RunError
from shaanxi_transfer.experiments.effects.rank_shares import rank_shares
from shaanxi_transfer.experiments.evidence import ledger as evidence
from shaanxi_transfer.experiments.evidence.entries import ENTRY_COLUMNS, entries
from shaanxi_transfer.experiments.evidence.kinds import WEAKNESS, WHO, assumed_by, weakness
from shaanxi_transfer.experiments.evidence.ledger import WORLD, drawn_and_predicted, ledger
from shaanxi_transfer.experiments.planning import door_to_model
from shaanxi_transfer.experiments.planning.door_to_model import Model
from shaanxi_transfer.scenarios import Scenario, lever_catalogue

RUNS = 700
TURNOVER, PEOPLE = "contract_value_output", "trained_people"


def by_name(table: pd.DataFrame) -> dict[str, dict[Any, Any]]:
    return {row["name"]: row for row in table.to_dict("records")}


# ---- shares ----------------------------------------------------------------------


def made_up(seed: int, runs: int = 1000, idle: int = 20) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A figure of which half the variance is luck, and `idle` parameters that do nothing."""
    rng = np.random.default_rng(seed)
    drawn = pd.DataFrame(rng.normal(size=(runs, 3 + idle)), columns=[*"abc", *map(str, range(idle))])
    y = 3 * drawn["a"] - 2 * drawn["b"] + drawn["c"] + math.sqrt(14) * rng.normal(size=runs)
    return drawn.assign(same=1.0), pd.DataFrame({"y": y, "rising": np.exp(y), "constant": 5.0})


def test_shares_of_a_sum_are_known() -> None:
    found = [rank_shares(*made_up(seed)).shares["y"] for seed in range(20)]
    mean = pd.concat(found, axis=1).mean(axis=1)
    # Correlation of ranks of normal numbers whose own is r: 6 / pi asin(r / 2) (Pearson 1907).
    of_ranks = [(6 / math.pi * math.asin(math.sqrt(share / 28) / 2)) ** 2 for share in (9, 4, 1)]
    assert mean[["a", "b", "c"]].tolist() == pytest.approx(of_ranks, abs=0.01)
    assert mean.drop(["a", "b", "c"]).max() < 0.002, "parameters that do nothing"


def test_a_share_is_of_ranks_and_leaves_out_what_is_constant() -> None:
    shares = rank_shares(*made_up(1)).shares
    assert "same" not in shares.index and "constant" not in shares.columns
    assert shares["rising"].tolist() == pytest.approx(shares["y"].tolist())


def test_chance_is_told_from_effects() -> None:
    alarms, found = 0, 0
    for seed in range(100):
        beyond = rank_shares(*made_up(seed)).beyond_chance()["y"]
        alarms += int(beyond.drop(["a", "b", "c"]).any())
        found += int(beyond[["a", "b"]].all())
    assert found == 100
    assert alarms <= 11  # 5 in the long run; 11 or fewer with a probability of 0.996


def test_chance_alone_is_taken_off_on_average() -> None:
    rng = np.random.default_rng(1)
    drawn, figures = pd.DataFrame(rng.normal(size=(200, 50))), pd.DataFrame(rng.normal(size=(200, 40)))
    found = rank_shares(drawn, figures)
    assert found.chance.to_numpy().mean() == pytest.approx(1 / (200 - 50 - 1), rel=0.1)
    assert not found.beyond_chance().to_numpy().any()


def test_fewer_runs_than_parameters_tell_nothing() -> None:
    with pytest.raises(RunError, match="20 runs cannot tell 23 parameters apart"):
        rank_shares(*made_up(1, runs=20))


# ---- who assumed it, and how weak it is ------------------------------------------


@pytest.mark.parametrize(
    ("kind", "source", "who"),
    [
        ("plan", "plan, task 21", "the plan's text"),
        ("statistic", "prototype of something", "a statistic"),
        ("study", "Cornet, Vroomen & van der Steeg 2006", "a study"),
        ("assumption", "prototype of the contract channel, see docs", "the prototype"),
        ("assumption", "specification of the model", "the specification"),
        ("assumption", "plan, task 15 and the target of 1,000 people", "the project, reading the plan"),
        ("assumption", "assumption of the project", "the project"),
        ("assumption", "  ", "the project"),
        ("assumption", "row x of sources/parameters.csv", "the project, near a source"),
        ("assumption", "lever training_seats", "the project, reading the plan"),
        ("assumption", "lever fund_size", "the plan's text"),
    ],
)
def test_who_assumed_it(kind: str, source: str, who: str) -> None:
    assert assumed_by(kind, source, lever_catalogue()) == who and who in WHO


def test_a_source_that_names_no_lever_is_a_defect() -> None:
    with pytest.raises(RunError, match="'lever trainings'"):
        assumed_by("assumption", "lever trainings", lever_catalogue())


def test_an_assumption_is_weaker_than_a_study_and_a_study_than_a_statistic() -> None:
    assert weakness("assumption", None) == weakness("assumption", 2019) == 1.0
    assert 1.0 > weakness("study", 2018) > weakness("study", 2017) == weakness("study", None)
    assert weakness("study", 2000) > weakness("statistic", 2019) > weakness("statistic", None)
    assert set(WEAKNESS) == {"assumption", "study", "statistic", "plan"}


# ---- entries ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def world(made_evidence: Any) -> Scenario:
    found: Scenario = made_evidence.world
    return found


def test_every_parameter_and_lever_stands_once(world: Scenario) -> None:
    rows = entries(world)
    assert tuple(rows.columns) == ENTRY_COLUMNS and rows["name"].is_unique
    of = rows.groupby("what")["name"].agg(set)
    assert of["parameter"] == set(world.parameter_table()) and of["lever"] == set(lever_catalogue())
    assert set(rows["assumed_by"]) <= set(WHO)
    told = by_name(rows)
    assert [told["fund_size"][key] for key in ("kind", "value", "drawn_from")] == ["plan", 1e10, ""]
    assert [told["voucher_additional"][key] for key in ("vintage", "drawn_from")] == [2006, "prior"]
    assert told["entry_threshold"]["role"] == "free" and told["banks"]["role"] == "carried"
    assert (rows["drawn_from"] == "fixed").sum() == sum(
        parameter.distribution == "fixed" for parameter in world.parameter_table().values()
    )


def test_entries_tell_what_is_drawn_from_a_posterior(world: Scenario, tmp_path: Path) -> None:
    draws = "".join(f"{i},0.5\n" for i in range(100))
    (tmp_path / "posterior.csv").write_text(f"draw,local_share\n{draws}", encoding="utf-8")
    head = {
        **{"province": "shaanxi", "method": "made up", "draws": 100, "effective_sample_size": 100.0},
        **{"runs": 1, "scale": 0.1, "seed": 1, "observed_until": 2017},
        **dict.fromkeys(("rules", "world", "data", "observed"), "a"),
    }
    text = "".join(f"{key}: {value}\n" for key, value in head.items())
    (tmp_path / "posterior.yaml").write_text(text, encoding="utf-8")
    believing = world.set(belief=str(tmp_path), name=WORLD)
    assert set(entries(believing).query("drawn_from == 'posterior'")["name"]) == {"local_share"}
    held = believing.set(parameters={"local_share": 0.4}, name=WORLD)
    assert by_name(entries(held))["local_share"]["drawn_from"] == "fixed"


# ---- runs ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def drawn(made_evidence: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
    parameters, figures = made_evidence.drawn
    return parameters, figures


@pytest.fixture(scope="module")
def fake_model(made_evidence: Any) -> Any:
    return made_evidence.model


def test_draws_stand_beside_the_targets_of_their_own_run(drawn: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    parameters, figures = drawn
    assert parameters["training_pass_share"].nunique() == len(parameters)
    assert figures[TURNOVER].tolist() == pytest.approx((4 * parameters["mean_contract_value_2017"]).tolist())
    assert figures[PEOPLE].tolist() == pytest.approx(parameters["training_pass_share"].tolist())


def test_too_few_runs_are_refused_before_any_is_made(world: Scenario, fake_model: Model) -> None:
    with pytest.raises(InputError, match=r"^runs: 100 runs cannot tell \d+ uncertain parameters apart"):
        drawn_and_predicted(world, fake_model, runs=100, scale=0.1, seed=1, workers=0)


# ---- the ledger ------------------------------------------------------------------


@pytest.fixture(scope="module")
def table(made_evidence: Any) -> pd.DataFrame:
    return pd.DataFrame(made_evidence.table)


def test_the_ledger_is_complete_and_the_weakest_that_matters_most_comes_first(
    table: pd.DataFrame, world: Scenario
) -> None:
    assert set(table["name"]) == {*world.parameter_table(), *lever_catalogue()} and table["name"].is_unique
    assert table["rank"].tolist() == list(range(1, len(table) + 1))
    known = table[table["score"].notna()]
    assert known["score"].is_monotonic_decreasing and known["score"].between(0.0, 1.0).all()
    assert known["rank"].max() == len(known), "what is not known stands at the end"
    told = by_name(table)
    for name, target in (("mean_contract_value_2017", TURNOVER), ("training_pass_share", PEOPLE)):
        row = told[name]
        assert row[f"share_{target}"] == pytest.approx(1.0, abs=0.01)
        assert [row["target"], row["seen"]] == [target, "yes"]
        assert row["score"] == pytest.approx(row["most"] * WEAKNESS[row["kind"]], abs=1e-4)
    assert told["local_share"]["learnt"] == "partly" and (table["learnt"] != "").sum() == 1


def test_levers_have_an_effect_and_no_share(
    table: pd.DataFrame, drawn: tuple[pd.DataFrame, pd.DataFrame]
) -> None:
    told, spread = by_name(table), drawn[1].std()
    levers = table[table["what"] == "lever"]
    assert levers[f"share_{PEOPLE}"].isna().all() and levers[f"share_{TURNOVER}"].isna().all()
    seats = told["training_seats"]
    assert seats[f"effect_{PEOPLE}"] == pytest.approx(0.02 / spread[PEOPLE], abs=1e-4)
    assert seats["score"] == pytest.approx(min(1.0, (0.02 / spread[PEOPLE]) ** 2), abs=2e-4)
    assert told["fund_size"]["score"] == 0.1, "an effect counts as one at most; the plan's text is not weak"
    assert [told["voucher_budget"]["seen"], told["voucher_budget"]["score"]] == ["no", 0.0]
    assert math.isnan(told["platform_upgrade"]["score"]), "of this lever no effect is known"
    parameters = table[table["what"] == "parameter"]
    assert parameters[f"effect_{PEOPLE}"].isna().all() and parameters[f"effect_{TURNOVER}"].isna().all()


def test_what_is_fixed_has_no_share_and_no_score(table: pd.DataFrame) -> None:
    fixed = table[table["drawn_from"] == "fixed"]
    assert len(fixed) > 20 and fixed["score"].isna().all() and (fixed["seen"] == "").all()


def test_a_ledger_without_the_other_tables_says_less(
    world: Scenario, drawn: tuple[pd.DataFrame, pd.DataFrame]
) -> None:
    bare = ledger(entries(world), *drawn)
    assert (bare["learnt"] == "").all() and bare.loc[bare["what"] == "lever", "score"].isna().all()


# ---- page and command ------------------------------------------------------------


def test_the_command_refuses_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evidence.main(["--runs", "3", "--out", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert "3 runs cannot tell" in said.splitlines()[-1] and not list(tmp_path.iterdir())


def test_the_command_writes_the_table_and_tells_what_was_not_there(
    fake_model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(door_to_model, "model", lambda own=None: fake_model)
    monkeypatch.setattr(evidence, "DEFAULT_FOLDER", tmp_path / "nothing")
    given = ["--runs", str(RUNS), "--workers", "0", "--out", str(tmp_path)]
    assert evidence.main(given) in (0, 1)
    said = capsys.readouterr()
    assert "no effects of levers" in said.err and "nothing said of what is learnt" in said.err
    table = pd.read_csv(tmp_path / "evidence_shaanxi.csv")
    assert table["name"].is_unique and (table["asked"] == RUNS).all()
    assert f"{len(table)} entries" in said.out
