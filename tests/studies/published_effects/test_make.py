from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.planning.plan_of_runs import PlannedRun
from shaanxi_transfer.model.ecosystem import rules_of_the_quarter
from shaanxi_transfer.studies.published_effects import futures
from shaanxi_transfer.studies.published_effects.futures import DESIGNS, design_called, estimates, futures_of
from shaanxi_transfer.studies.published_effects.make import COLUMNS, main, table_of_effects
from shaanxi_transfer.studies.published_effects.registered import registered


def _found(design: str, figure: str, effects: list[float], reach: float, true: float) -> pd.DataFrame:
    return pd.DataFrame(
        [
            (design, figure, future, effect, effect - reach, effect + reach, true)
            for future, effect in enumerate(effects)
        ],
        columns=["design", "figure", "future", "effect", "low", "high", "true"],
    )


def test_a_row_holds_what_was_published_beside_what_was_found() -> None:
    found = pd.concat(
        [
            _found("placebo", "voucher_later", [0.1, -0.1, 0.5, 0.0], 0.2, 0.0),
            _found("lottery", "voucher_additional", [0.6, 0.7, 0.8], 0.1, 0.65),
        ]
    )
    table = table_of_effects(found, registered(), "abc")
    assert tuple(table.columns) == COLUMNS
    row, placebo = table.iloc[0], table.iloc[1]
    assert (row["published"], row["q50"], row["true_effect"]) == (0.8, 0.7, 0.65)
    assert row["coverage"] == pytest.approx(2 / 3)
    assert (row["class"], row["verdict"], row["rule"], row["futures"]) == (
        "input",
        "overlap",
        "voucher.issue",
        3,
    )
    assert (placebo["design"], placebo["coverage"], placebo["verdict"]) == ("D6", 0.75, "miss")


def test_a_placebo_may_be_named_after_another_estimator_and_passes_where_intervals_hold_zero() -> None:
    found = pd.concat(
        [
            _found("placebo", "zones_ordinary", [0.1] * 19 + [0.5], 0.2, 0.0),
            _found("placebo", "zones_ordinary by randomised", [0.1] * 17 + [0.5] * 3, 0.2, 0.0),
        ]
    )
    table = table_of_effects(found, registered(), "abc")
    assert table["study"].tolist() == ["placebo: collapsed_t", "placebo: randomised"]
    assert table["verdict"].tolist() == ["agree", "miss"]
    assert (table["futures"] == 20).all()


def test_a_placebo_has_futures_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, int]] = []

    def nothing(plan: list[PlannedRun], job: object, *, workers: int | None) -> Iterator[object]:
        asked.extend((one.scenario, one.future) for one in plan)
        return iter(())

    monkeypatch.setattr(futures, "run_batch", nothing)
    estimates(("lottery", "placebo"), "shaanxi", runs=3, seed=1)
    assert sorted(asked) == [("lottery", n) for n in range(3)] + [("placebo", n) for n in range(6)]


def test_a_figure_that_nobody_registered_is_refused() -> None:
    with pytest.raises(InputError, match=r"voucher_everything.*registered"):
        table_of_effects(_found("lottery", "voucher_everything", [0.0], 1.0, 0.0), registered(), "abc")


def test_every_registered_figure_names_a_rule_of_the_model() -> None:
    known = rules_of_the_quarter()
    assert not {figure.rule for figure in registered().values()} - set(known)


@pytest.mark.slow
def test_a_future_of_a_design_gives_registered_figures() -> None:
    found, failures = estimates(("lottery",), "shaanxi", runs=1, seed=1, workers=0)
    assert not failures
    assert set(found["figure"]) <= set(registered())
    true = found.set_index("figure")["true"].to_dict()
    assert 0.0 < true["voucher_additional"] < 1.0
    assert true["voucher_later"] == pytest.approx(0.0, abs=0.1)


def test_every_design_says_what_it_takes_down() -> None:
    for name in DESIGNS:
        assert design_called(name).name == name


def test_a_dear_design_is_enacted_in_its_share_of_the_futures_and_in_one_at_least() -> None:
    names = ("lottery", "fund across provinces")
    assert futures_of(names, 200) == {"lottery": 200, "fund across provinces": 60}
    assert futures_of(names, 1) == {"lottery": 1, "fund across provinces": 1}


def test_below_scale_one_nothing_is_enacted(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--runs", "1", "--scale", "0.5"]) == 2
    assert "at scale 0.5 a row stands for several firms" in capsys.readouterr().err
