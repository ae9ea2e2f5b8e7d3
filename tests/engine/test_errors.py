from __future__ import annotations

import copy
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shaanxi_transfer.engine import errors
from shaanxi_transfer.engine.errors import (
    BooksError,
    InputError,
    LastStepError,
    RunError,
    SurroundingsError,
    TransferError,
    check_choice,
    nearest,
)
from shaanxi_transfer.experiments.running.cluster_worker import OtherInstallation
from shaanxi_transfer.experiments.running.shards import Unfinished
from shaanxi_transfer.experiments.sensitivity_analysis.guard import DesignError

FULL = {
    "key": "levers.fund_size.plan",
    "file": "my scenario.yaml",
    "line": 12,
    "column": 3,
    "allowed": "0 to 5e10",
    "suggestion": "5.0e9",
}


def test_one_line_says_place_key_problem_allowed_and_suggestion() -> None:
    error = InputError("-1 is below 0", **FULL)  # type: ignore[arg-type]
    assert str(error) == (
        "my scenario.yaml:12:3: levers.fund_size.plan: -1 is below 0; allowed 0 to 5e10; did you mean 5.0e9?"
    )


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({}, "bad"),
        ({"key": "--runs"}, "--runs: bad"),
        ({"file": Path("a.yaml")}, "a.yaml: bad"),
        ({"file": "a.yaml", "line": 2}, "a.yaml:2: bad"),
        ({"file": "a.yaml", "column": 2}, "a.yaml: bad"),
        ({"line": 2}, "bad"),
        ({"allowed": "4 or 12"}, "bad; allowed 4 or 12"),
        ({"suggestion": "xian"}, "bad; did you mean xian?"),
    ],
)
def test_what_is_not_known_is_left_out(fields: dict[str, object], text: str) -> None:
    assert str(InputError("bad", **fields)) == text  # type: ignore[arg-type]


words = st.text(max_size=40)


def test_a_notebook_shows_the_line_alone() -> None:
    shown = InputError("there is no such lever", key="levers", suggestion="fund_size")._render_traceback_()
    assert shown == ["InputError: levers: there is no such lever; did you mean fund_size?"]


@given(problem=words, key=words, file=words, allowed=words, suggestion=words)
def test_always_exactly_one_line(problem: str, key: str, file: str, allowed: str, suggestion: str) -> None:
    error = InputError(problem, key=key, file=file, line=1, allowed=allowed, suggestion=suggestion)
    assert len(str(error).splitlines()) <= 1


def test_every_field_survives_the_way_from_a_worker() -> None:
    error = InputError("a\nproblem", **FULL)  # type: ignore[arg-type]
    there = pickle.loads(pickle.dumps(error))
    assert type(there) is InputError
    assert there.__dict__ == error.__dict__
    assert str(there) == str(error)
    again = pickle.loads(pickle.dumps(there))
    assert str(again) == str(error)


@pytest.mark.parametrize("kind", [BooksError, RunError])
def test_the_other_errors_survive_too(kind: type[TransferError]) -> None:
    there = pickle.loads(pickle.dumps(kind("bank: 3 yuan appeared")))
    assert type(there) is kind and str(there) == "bank: 3 yuan appeared"


def test_one_root_for_everything_raised_on_purpose() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)]
    assert len(kinds) >= 4
    assert all(issubclass(kind, TransferError) for kind in kinds)


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("voucher_budgt", "voucher_budget"),
        ("Voucher-Budget", "voucher_budget"),
        ("fund size", "Fund-Size"),
        ("action_pln", "action_plan"),
        ("xyz", None),
        ("", None),
    ],
)
def test_the_nearest_spelling(word: str, found: str | None) -> None:
    assert nearest(word, ["voucher_budget", "Fund-Size", "action_plan", "no_plan"]) == found


def test_nothing_is_near_when_there_is_nothing() -> None:
    assert nearest("a", []) is None


def test_a_choice_is_given_back_or_refused_with_the_nearest() -> None:
    assert check_choice("zh", "--lang", ("zh", "en")) == "zh"
    with pytest.raises(InputError) as refused:
        check_choice("z", "--lang", ("zh", "en"))
    assert str(refused.value) == "--lang: 'z' is not one of the choices; allowed zh, en; did you mean zh?"
    with pytest.raises(InputError) as refused:
        check_choice("B", "k", ("a",), "no B", allowed="what `list` gives")
    assert str(refused.value) == "k: no B; allowed what `list` gives"


ERRORS = [
    InputError("is negative", key="fund_size", file="x.yaml", line=3, allowed="0 or more"),
    BooksError("do not balance"),
    RunError("no record"),
    SurroundingsError("starting: /dev/shm: full; free it"),
    LastStepError("the figures", ValueError("x"), "again"),
    Unfinished(Path("results/x"), ["a-000001"], 4, 1),
    OtherInstallation("another code"),
    DesignError("a run is missing"),
]


@pytest.mark.parametrize("error", ERRORS, ids=[type(error).__name__ for error in ERRORS])
def test_every_error_is_copied_and_travels_with_all_its_fields(error: TransferError) -> None:
    for again in (copy.copy(error), copy.deepcopy(error), pickle.loads(pickle.dumps(error))):
        assert type(again) is type(error)
        assert str(again) == str(error)
        assert again.__dict__.keys() == error.__dict__.keys()
