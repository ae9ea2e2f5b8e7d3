"""Rules that were edited and still give the same figures keep their posterior; others do not."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.backtesting.quantile_pool import POOL_FILE
from shaanxi_transfer.experiments.forecasting.reconciliation import RECONCILIATION_FILE
from shaanxi_transfer.experiments.keeping.provenance import hash_of_mechanisms, outdated, warning_of
from shaanxi_transfer.experiments.planning import door_to_model
from shaanxi_transfer.experiments.planning.door_to_model import Model
from shaanxi_transfer.scenarios.provinces.posterior import POSTERIORS
from shaanxi_transfer.studies.upkeep.equal_rules import (
    FEW,
    FINGERPRINT,
    SEEDS,
    renew,
    renew_shared,
    write_fingerprint,
)

FILES = ("posterior.csv", "posterior.yaml", "discrepancy.yaml", "world.csv")
OLD = "0" * 16


def model(shift: float = 0.0) -> Model:
    """Give a model whose figures depend on seed, end and belief; with a shift, in two runs alone."""

    def run_one(scenario: Any, *, seed: int, scale: float = 0.1) -> Any:
        drawn = scenario.parameter_draws(seed)["local_share"]
        values = np.array([[seed, float(scenario.end[:4]), drawn, 0.0, -1e12 / 3.0, 1.0]])
        values[0, 4] *= 1.0 + (shift if seed == 3 else 0.0)
        return SimpleNamespace(indicators=(*"abcd", "e", "e.xian"), values=values)

    return Model(run_one, door_to_model.model().definitions, lambda: None)


def with_rules(file: Path, rules: str) -> str:
    """Give a file as if it were of certain rules."""
    text = file.read_text(encoding="utf-8")
    return re.sub('^rules: "[0-9a-f]{16}"$', f'rules: "{rules}"', text, flags=re.MULTILINE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a posterior of other rules and a discrepancy of the same, with a fingerprint."""
    for name in FILES:
        text = with_rules(POSTERIORS / "shaanxi" / name, OLD)
        (tmp_path / name).write_text(text, encoding="utf-8", newline="\n")
    write_fingerprint(tmp_path, "shaanxi", model())
    return tmp_path


def contents(folder: Path) -> dict[str, str]:
    there = [folder / name for name in FILES if (folder / name).is_file()]
    return {file.name: file.read_text(encoding="utf-8") for file in there}


def test_equal_figures_renew_the_hash_and_nothing_else(folder: Path) -> None:
    before = contents(folder)
    assert {file.name for file in renew(folder, "shaanxi", model())} == {"posterior.yaml", "discrepancy.yaml"}
    assert contents(folder) == {
        name: text.replace(OLD, hash_of_mechanisms()) for name, text in before.items()
    }
    assert renew(folder, "shaanxi", model(0.5)) == []  # the hash is right: nothing is run


def test_a_discrepancy_of_rules_before_the_fit_stays_of_these(folder: Path) -> None:
    older = with_rules(folder / "discrepancy.yaml", "1" * 16)
    (folder / "discrepancy.yaml").write_text(older, encoding="utf-8", newline="\n")
    assert [file.name for file in renew(folder, "shaanxi", model())] == ["posterior.yaml"]
    assert contents(folder)["discrepancy.yaml"] == older


def test_rounding_beyond_twelve_digits_does_not_count(folder: Path) -> None:
    assert renew(folder, "shaanxi", model(1e-14))


def test_other_figures_are_refused_and_nothing_is_touched(folder: Path) -> None:
    before = contents(folder)
    with pytest.raises(
        InputError, match=r"2 of 24 runs give other .* seed 3 of the post.*, in e:"
    ) as refused:
        renew(folder, "shaanxi", model(1e-9))
    assert refused.value.line == 4
    assert contents(folder) == before


def test_an_indicator_that_was_not_there_at_the_fit_does_not_count(folder: Path) -> None:
    file = folder / FINGERPRINT
    pd.read_csv(file).drop(columns=["a", "e"]).to_csv(file, index=False, lineterminator="\n")
    assert renew(folder, "shaanxi", model(0.5))


def test_runs_end_with_the_last_year_of_the_fit(folder: Path) -> None:
    table = pd.read_csv(folder / FINGERPRINT)
    assert list(table)[:2] == ["belief", "seed"] and table["b"].nunique() == 1


def with_another(folder: Path, name: str) -> None:
    """Make one hash in the head of the posterior another."""
    head = folder / "posterior.yaml"
    text = head.read_text(encoding="utf-8")
    changed = re.sub(rf'^{name}: ".*"$', f'{name}: "{OLD}"', text, flags=re.MULTILINE)
    head.write_text(changed, encoding="utf-8", newline="\n")


def test_a_pack_written_anew_keeps_its_posterior(folder: Path) -> None:
    with_another(folder, "data")
    assert renew(folder, "shaanxi", model())
    committed = (POSTERIORS / "shaanxi" / "posterior.yaml").read_text(encoding="utf-8")
    assert contents(folder)["posterior.yaml"] == committed


@pytest.mark.parametrize(("name", "problem"), [("world", "priors"), ("observed", "observed figures")])
def test_what_a_fit_would_see_is_refused(folder: Path, name: str, problem: str) -> None:
    with_another(folder, name)
    if name == "world":  # as a posterior of before, which does not tell its entries
        (folder / "world.csv").unlink()
    before = contents(folder)
    with pytest.raises(InputError, match=f"{problem}.*changed.*: fit"):
        renew(folder, "shaanxi", model())
    assert contents(folder) == before


def with_entry(folder: Path, name: str) -> None:
    """Make the hash of one entry of the world that was fitted another."""
    file = folder / "world.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    changed = [f"{name},{OLD[:8]}" if line.startswith(f"{name},") else line for line in lines]
    assert changed != lines
    file.write_text("\n".join(changed) + "\n", encoding="utf-8", newline="\n")


@pytest.mark.parametrize("name", ["lever training_seats", "parameter training_seats_reference"])
def test_a_lever_or_a_figure_that_nobody_draws_is_compared_as_rules_are(name: str, folder: Path) -> None:
    before = contents(folder)
    with_entry(folder, name)
    assert renew(folder, "shaanxi", model())
    after = contents(folder)
    # The world is told anew: each entry of the fit as it was, and those that came later.
    assert set(before["world.csv"].splitlines()) <= set(after["world.csv"].splitlines())
    world = 'world: "[0-9a-f]{16}"'
    for each in set(before) - {"world.csv"}:
        expected = before[each].replace(OLD, hash_of_mechanisms())
        assert re.sub(world, "", after[each]) == re.sub(world, "", expected)


def test_a_prior_that_is_drawn_is_refused(folder: Path) -> None:
    with_entry(folder, "parameter training_pass_share")
    with pytest.raises(InputError, match=r"priors changed \(parameter training_pass_share\): fit"):
        renew(folder, "shaanxi", model())


def test_other_runs_than_those_of_the_fit_are_refused(folder: Path) -> None:
    table = pd.read_csv(folder / FINGERPRINT)
    table[1:].to_csv(folder / FINGERPRINT, index=False)
    with pytest.raises(InputError, match="others than are compared"):
        renew(folder, "shaanxi", model())
    (folder / FINGERPRINT).unlink()
    with pytest.raises(InputError, match="no figures to compare"):
        renew(folder, "shaanxi", model())


def test_the_committed_fingerprint_is_whole_and_its_rules_need_no_renewal() -> None:
    """Of Shaanxi: where other provinces' fits are of older rules, what is run from them says so."""
    table = pd.read_csv(POSTERIORS / "shaanxi" / FINGERPRINT)
    assert table["contract_value_output"].nunique() == len(table) == 2 * len(SEEDS)
    assert len(table.columns) > 100
    for name in door_to_model.provinces():
        world = door_to_model.loaded("no_plan", province=name)
        posterior = world.posterior()
        if name == "shaanxi":
            assert posterior is not None and outdated(posterior, world) == [], "run `make equal-rules`"
        elif posterior is not None:
            assert (warning_of(world) is None) == (outdated(posterior, world) == []), name


def test_a_discrepancy_without_a_posterior_is_renewed_by_futures_of_the_prior(tmp_path: Path) -> None:
    text = with_rules(POSTERIORS / "shaanxi" / FILES[2], hash_of_mechanisms())
    file = tmp_path / FILES[2]
    file.write_text(text.replace(hash_of_mechanisms(), OLD), encoding="utf-8", newline="\n")
    write_fingerprint(tmp_path, "hubei", model())
    table = pd.read_csv(tmp_path / FINGERPRINT)
    assert set(table["belief"]) == {"prior"} and len(table) == len(FEW)
    assert renew(tmp_path, "hubei", model()) == [file]
    assert file.read_text(encoding="utf-8") == text
    assert renew(tmp_path, "hubei", model()) == []


def test_what_all_provinces_share_is_renewed_if_its_rules_are_theirs(tmp_path: Path) -> None:
    pool, shift = tmp_path / POOL_FILE, tmp_path / RECONCILIATION_FILE
    pool.write_text(f'origin: 2017\nrules: "{"a" * 16}"\nweights: 1\n')
    shift.write_text(f'rules: "{"b" * 16}"\n')
    assert renew_shared(tmp_path, {"a" * 16}) == [pool]
    assert pool.read_text() == f'origin: 2017\nrules: "{hash_of_mechanisms()}"\nweights: 1\n'
    assert shift.read_text() == f'rules: "{"b" * 16}"\n'
