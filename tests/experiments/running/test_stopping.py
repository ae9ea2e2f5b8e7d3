from __future__ import annotations

import os
import signal

import pytest

from shaanxi_transfer.experiments.running.stopping import Stopped, StoppingPolitely

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")


def test_sigterm_ends_with_its_own_code_and_the_handler_is_given_back() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(Stopped) as stopped, StoppingPolitely():
        os.kill(os.getpid(), signal.SIGTERM)
    assert stopped.value.exit_code == 143
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_shelter_holds_inside_another_context() -> None:
    reached = []
    with pytest.raises(Stopped), StoppingPolitely(), StoppingPolitely() as inner:
        with inner.shelter():
            os.kill(os.getpid(), signal.SIGTERM)
            reached.append("the end of the file")
        reached.append("further")
    assert reached == ["the end of the file"]
