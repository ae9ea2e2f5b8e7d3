from __future__ import annotations

import pytest

from shaanxi_transfer.engine.errors import RunError
from shaanxi_transfer.reports.commands.last_steps import LastSteps


def fail(error: Exception) -> None:
    raise error


def test_a_step_that_fails_is_one_line_with_the_command_and_the_rest_goes_on(
    capsys: pytest.CaptureFixture[str],
) -> None:
    last = LastSteps('shaanxi-transfer resume "results/x"')
    with last.step("the figures"):
        fail(RuntimeError("latex\nis missing"))
    assert capsys.readouterr().err == (
        "the figures could not be made: RuntimeError: latex is missing; the work is kept;"
        ' again: shaanxi-transfer resume "results/x"\n'
    )
    assert (last.code(), last.code(1)) == (3, 1), "runs that failed are told by the code before a figure is"


def test_steps_that_are_done_leave_the_code_alone(capsys: pytest.CaptureFixture[str]) -> None:
    last = LastSteps("again")
    with last.step("the figures"):
        pass
    assert (last.code(), last.code(1)) == (0, 1)
    assert capsys.readouterr().err == ""


def test_a_refusal_of_ours_is_not_named_twice(capsys: pytest.CaptureFixture[str]) -> None:
    with LastSteps("again").step("x"):
        fail(RunError("there is no such run"))
    assert capsys.readouterr().err.startswith("x could not be made: there is no such run;")


def test_a_reader_who_has_gone_is_no_fault_of_the_step() -> None:
    with pytest.raises(BrokenPipeError), LastSteps("again").step("x"):
        raise BrokenPipeError
