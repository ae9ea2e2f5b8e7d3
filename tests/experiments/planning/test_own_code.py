"""Rules and indicators from outside, as an experiment keeps them and its workers load them."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.forecast import Forecast, forecast
from shaanxi_transfer.experiments.keeping.store import Store
from shaanxi_transfer.experiments.planning.own_code import FOLDER, OwnCode, own_code
from shaanxi_transfer.experiments.planning.text_of_function import text_of
from shaanxi_transfer.experiments.replay import replayed
from shaanxi_transfer.experiments.resume import resume
from shaanxi_transfer.experiments.sensitivity import sensitivity
from shaanxi_transfer.reports.command_line import main
from shaanxi_transfer.reports.notebooks.forecast import forecast_html
from shaanxi_transfer.reports.notebooks.sensitivity import plot_sensitivity, sensitivity_html
from shaanxi_transfer.reports.tables.experiment_folder import read_results

RULE = '''
"""Nobody is certified any more."""

def never(firms, parameters, now, seed):
    for i in range(len(firms)):
        firms[i].certified = 0


def nobody(trainees, count, seats, province, parameters, now, seed):
    return count


def rows(province):
    return len(province.enterprises.rows)
'''
SMALL: dict[str, Any] = {"against": None, "province": "hainan", "scale": 0.02, "seed": 1, "belief": "prior"}
TWICE = 2.0


@pytest.fixture
def file(tmp_path: Path) -> Path:
    place = tmp_path / "我的 rules" / "own.py"
    place.parent.mkdir()
    place.write_text(RULE, encoding="utf-8")
    return place


def indicators(file: Path) -> dict[str, Any]:
    return {"own_rows": (f"{file}:rows", "count", "stock", "Rows of enterprises", "企业行数")}


def of_year(folder: Path, indicator: str) -> float:
    table = Forecast.read(folder).indicators
    return float(table.loc[(table["indicator"] == indicator) & (table["year"] == 2020), "mean"].iloc[0])


@pytest.mark.slow
def test_an_experiment_keeps_what_it_took_from_outside(file: Path, tmp_path: Path) -> None:
    rules = {"enterprise.certify": f"{file}:never"}
    own: dict[str, Any] = {"rules": rules, "indicators": indicators(file)}
    made = forecast("no_plan", runs=2, workers=1, out=tmp_path / "worker", **SMALL, **own)
    alone = forecast("no_plan", runs=2, workers=0, out=tmp_path / "none", **SMALL, **own)
    plain = forecast("no_plan", runs=2, workers=0, out=tmp_path / "plain", **SMALL)
    # The same in a worker and in this process; certificates are gone, and the rows are there.
    assert (tmp_path / "worker" / "indicators.csv").read_bytes() == (
        tmp_path / "none" / "indicators.csv"
    ).read_bytes()
    assert of_year(made.folder, "high_tech_enterprises") == 0 < of_year(plain.folder, "high_tech_enterprises")
    assert of_year(alone.folder, "own_rows") > 0
    # What stands in the folder is enough: the file may go.
    file.unlink()
    (kept,) = (made.folder / FOLDER).glob("*.py")
    assert kept.read_text(encoding="utf-8") == RULE
    for part in (made.folder / "runs").glob("*.parquet"):
        part.unlink()
    assert resume(made.folder, workers=0) == 0
    assert of_year(made.folder, "high_tech_enterprises") == 0
    again = replayed(made.folder, "no_plan-000001").frame()
    assert (again.loc[again["indicator"] == "high_tech_enterprises", "value"] == 0).all()
    # Tables say so.
    results = read_results(made.folder)
    assert results.own_rules == ("enterprise.certify (own.py:never)",)
    assert "Own rules: enterprise.certify (own.py:never)." in forecast_html(made.folder)
    assert "使用了自定义规则" in forecast_html(made.folder, "zh")
    # A text that was changed is noticed.
    kept.write_text(RULE.replace("= 0", "= 1"), encoding="utf-8")
    with pytest.raises(InputError, match="missing or was changed"):
        read_results(made.folder)


@pytest.mark.soak
@pytest.mark.slow
def test_a_sensitivity_analysis_keeps_an_own_rule_too(file: Path, tmp_path: Path) -> None:
    rules = {"trainee.train": f"{file}:nobody"}
    asked: dict[str, Any] = {"only": ["training_seats", "firm_mean_revenue"], "points": 2, "seeds": 2}
    asked |= {"province": "hainan", "scale": 0.02}
    here, there = (
        sensitivity("action_plan", out=tmp_path / str(workers), workers=workers, rules=rules, **asked)
        for workers in (0, 1)
    )
    assert (here.folder / "sensitivity.csv").read_bytes() == (there.folder / "sensitivity.csv").read_bytes()
    plain = sensitivity("action_plan", out=tmp_path / "plain", workers=0, **asked)
    effect = [
        one.indices.query("factor == 'training_seats' and target == 'trained_people' and index == 'mu_star'")
        for one in (plain, here)
    ]
    assert effect[0]["value"].iloc[0] > 0.0 and effect[1].empty  # nobody is trained: the target is constant
    file.unlink()
    identity = Store(here.folder).manifest()["identity"]
    assert identity["own_code"]["rules"]["trainee.train"]["function"] == "nobody"
    for part in (here.folder / "runs").glob("*.parquet"):
        part.unlink()
    assert resume(here.folder, workers=0) == 0
    assert (here.folder / "sensitivity.csv").read_bytes() == (there.folder / "sensitivity.csv").read_bytes()
    assert "Own rules: trainee.train (own.py:nobody)." in sensitivity_html(here.folder)
    assert "Own rules" not in sensitivity_html(plain.folder)
    marks = [text.get_text() for text in plot_sensitivity(here.folder, "trained_people").texts]
    assert any("own.py:nobody" in mark for mark in marks)


def test_a_fit_refuses_an_own_rule_and_says_why(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("calibrate", "backtest"):
        assert main([command, "--rule", f"enterprise.certify={file}:never"]) == 2
        err = capsys.readouterr().err
        assert err.startswith("--rule: no posterior is fitted to rules from outside") and err.count("\n") == 1


def test_the_text_is_part_of_the_identity(file: Path) -> None:
    def told(text: str) -> dict[str, Any]:
        file.write_text(text, encoding="utf-8")
        return own_code({"enterprise.certify": f"{file}:never"}).as_dict()

    assert told(RULE) == told(RULE) != told(RULE + "\n# Another remark.\n")


def test_a_manifest_gives_it_back(file: Path, tmp_path: Path) -> None:
    own = own_code([f"enterprise.certify={file}:never"], indicators(file))
    own.keep(tmp_path)
    identity = json.loads(json.dumps({"own_code": own.as_dict()}))
    assert OwnCode.from_folder(tmp_path, identity) == own
    assert not OwnCode.from_folder(tmp_path, {})


def helper(value: float) -> float:
    return math.floor(value * TWICE)


def of_a_session(province: Any) -> float:
    return helper(len(province.enterprises.rows))


SCRIPT = """
import math
from shaanxi_transfer.engine.rules import rule
from shaanxi_transfer.experiments.planning.own_code import own_code

HALF = 0.5

@rule
def shared(value):
    return math.floor(HALF * value)

def never(firms, parameters, now, seed):
    for i in range(len(firms)):
        firms[i].certified = shared(0.0)

own = own_code({"enterprise.certify": never})
names = own.rules[0][1].load().__globals__
print(names["shared"](5.0), sorted(name for name in names if not name.startswith("__")))
"""


def test_a_function_of_a_script_travels_with_what_it_uses(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(SCRIPT, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(tmp_path / "script.py")], capture_output=True, text=True, check=True
    )
    assert done.stdout == "2 ['HALF', 'math', 'never', 'rule', 'shared']\n"


def test_a_function_of_a_file_travels_as_the_file() -> None:
    assert text_of(of_a_session) == Path(__file__).read_text(encoding="utf-8")


def test_what_has_no_text_is_refused() -> None:
    kept = 3

    def inner(province: Any) -> float:
        return kept

    with pytest.raises(InputError, match="no text that can be loaded elsewhere"):
        text_of(inner)
    with pytest.raises(InputError, match="is no function"):
        text_of(3)


REFUSED: dict[str, tuple[Any, str]] = {
    "no function named": ({"enterprise.certify": "own.py"}, "names no function; allowed FILE.py:FUNCTION"),
    "no such file": ({"enterprise.certify": "none.py:never"}, "'none.py' cannot be read"),
    "no such function": ({"enterprise.certify": "{file}:nver"}, "own.py: there is no.*did you mean never"),
    "no such rule": ({"enterprise.certfy": "{file}:never"}, "did you mean enterprise.certify"),
    "other arguments": ({"firms.certify": "{file}:never"}, "has other arguments"),
    "no rule on the command line": (["{file}:never"], "names no rule and no function"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_taken_is_refused_in_a_line(file: Path, what: str) -> None:
    rules, words = REFUSED[what]
    if isinstance(rules, dict):
        rules = {name: place.replace("{file}", str(file)) for name, place in rules.items()}
    else:
        rules = [one.replace("{file}", str(file)) for one in rules]
    with pytest.raises(InputError, match=words) as refused:
        own_code(rules)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [("def never(:", r"own.py:1:\d+: "), ("import no_such_module", "cannot be loaded: ModuleNotFoundError")],
)
def test_a_file_that_cannot_be_loaded_is_refused(file: Path, text: str, words: str) -> None:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=words):
        own_code({"enterprise.certify": f"{file}:never"})


def test_an_indicator_that_fails_is_refused_before_the_first_run(file: Path, tmp_path: Path) -> None:
    file.write_text("def rows(province):\n    return province.no_such_table\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"own_rows: .*fails in the first year: AttributeError"):
        forecast("no_plan", runs=2, out=tmp_path / "out", indicators=indicators(file), **SMALL)
    assert not (tmp_path / "out").exists()
    assert Store(tmp_path / "out").parts() == []
