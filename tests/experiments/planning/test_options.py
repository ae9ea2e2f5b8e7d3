"""One record of options: frozen, refused in a line, and the same in the verb and on the command line."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.backtesting.options import BacktestOptions
from shaanxi_transfer.experiments.calibrating.options import CalibrateOptions
from shaanxi_transfer.experiments.compare import compare
from shaanxi_transfer.experiments.forecast import forecast
from shaanxi_transfer.experiments.forecasting.options import ForecastOptions
from shaanxi_transfer.experiments.planning.options import BatchOptions
from shaanxi_transfer.experiments.sensitivity import sensitivity
from shaanxi_transfer.experiments.sensitivity_analysis.options import SensitivityOptions
from shaanxi_transfer.reports.command_line import COMMANDS

FACES: list[tuple[Callable[..., Any], type[BatchOptions]]] = [
    (forecast, ForecastOptions),
    (compare, ForecastOptions),
    (sensitivity, SensitivityOptions),
    (COMMANDS["forecast"], ForecastOptions),
    (COMMANDS["compare"], ForecastOptions),
    (COMMANDS["sensitivity"], SensitivityOptions),
    (COMMANDS["calibrate"], CalibrateOptions),
    (COMMANDS["backtest"], BacktestOptions),
]
OF_A_FACE_ALONE = {
    "rules", "indicators", "rule", "lang", "dry_run", "scenarios", "base", "waterfall", "by",
    "all_provinces", "all_packs", "packs", "provinces", "earlier", "as_json", "log",
}  # fmt: skip


@pytest.mark.parametrize(("face", "record"), FACES, ids=[f"{f.__name__}" for f, _ in FACES])
def test_every_option_of_a_face_is_in_the_record_with_the_same_default(
    face: Callable[..., Any], record: type[BatchOptions]
) -> None:
    options = {name: one.default for name, one in inspect.signature(face).parameters.items()}
    known = {name: default for name, default in options.items() if name not in OF_A_FACE_ALONE}
    assert set(known) <= set(record.model_fields)
    given = {name: default for name, default in known.items() if default is not inspect.Parameter.empty}
    assert record(**given) == record()


def test_a_record_is_frozen_and_knows_its_names() -> None:
    options = ForecastOptions(runs=np.int64(7), out=Path("results"), without="carry, luck", shard="1/2")  # type: ignore[arg-type]
    assert (options.runs, options.without, str(options.shard)) == (
        7,
        ("luck", "carry"),
        "Shard(number=1, of=2)",
    )
    with pytest.raises(ValidationError, match="frozen"):
        options.runs = 8
    with pytest.raises(InputError, match=r"^runz: unknown option; .*did you mean runs\?"):
        ForecastOptions(runz=3)  # type: ignore[call-arg]
    with pytest.raises(InputError, match=r"^out: 3 cannot be taken"):
        ForecastOptions(out=3)  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"^shard: 2 futures"):
        options.but(runs=2, shard="1/3")


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        ({"seeds": 1}, r"^seeds: 1 futures at every point"),
        ({"seeds": "many"}, r"^seeds: 'many' is no number of futures"),
        ({"over": "all"}, r"^over: 'all' is not one of the choices; allowed levers"),
        ({"rest": "centrl"}, r"^rest: .*did you mean central\?"),
        ({"group_by": "tasks"}, r"^group_by: .*did you mean task\?"),
    ],
)
def test_what_cannot_be_asked_of_an_analysis_is_refused(asked: dict[str, Any], line: str) -> None:
    with pytest.raises(InputError, match=line):
        SensitivityOptions(**asked)


def test_a_text_of_names_is_taken_apart() -> None:
    assert SensitivityOptions(only="a, b", seeds="3").only == ("a", "b")  # type: ignore[arg-type]
