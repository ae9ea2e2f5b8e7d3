"""The real province on a cluster that loses a worker; in full (500 futures) in `make soak`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("distributed")

from shaanxi_transfer.studies.upkeep.cluster_trial import trial


@pytest.mark.soak
@pytest.mark.battery("R25", "a cluster of which one worker is killed, against one machine: equal to the byte")
def test_a_cluster_that_loses_a_worker_gives_the_tables_of_one_machine(
    tmp_path: Path, tell: Callable[..., None]
) -> None:
    done = trial(500, 0.1, 1, tmp_path)
    assert done.equal_rows and done.equal_tables
    assert done.failed_on_cluster == done.failed_here == 0
    assert 0 < done.killed_after < done.runs
    tell(done.runs, f"worker killed after {done.killed_after} runs")
