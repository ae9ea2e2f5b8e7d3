"""Write the posterior of a province that was fitted together with others."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from ...engine.errors import RunError
from ..calibrating.posterior_files import write_draws
from .province_beliefs import MOVED, SHARED_FROM
from .province_fit import ProvinceFit


def write_posterior_of(
    fit: ProvinceFit, folder: Path, *, draws: int, runs: int, scale: float, seed: int, together: int
) -> None:
    """Write ``posterior.csv``, ``posterior.yaml`` and ``world.csv`` of a fit to all years.

    ``runs`` are those of this fit, ``together`` is how many provinces were fitted together. A `RunError` says
    that the effective sample size is too small: nothing is written then, and what an earlier start wrote is
    taken away.
    """
    from ...scenarios.provinces.posterior import DRAWS_FILE, FEWEST_DRAWS, HEAD_FILE, WORLD_FILE

    if fit.effective_sample_size < FEWEST_DRAWS:
        for name in (DRAWS_FILE, HEAD_FILE, WORLD_FILE):
            (folder / name).unlink(missing_ok=True)
        raise RunError(
            f"the posterior is worth {fit.effective_sample_size:.0f} independent draws, fewer than "
            f"{FEWEST_DRAWS}, and is not written: take more members, or more provinces together"
        )
    beliefs = fit.place.beliefs
    names = (*MOVED, *beliefs.carried)
    values = fit.values(draws, seed)
    learnt = f"behaviour from the posterior of {SHARED_FROM}" if beliefs.carried else "behaviour from priors"
    write_draws(
        pd.DataFrame(np.column_stack([values[name] for name in names]), columns=list(names)),
        fit.place.world,
        fit.place.world.pack().observed,
        folder,
        method=f"linear update on {runs} runs, slopes common to {together} provinces; {learnt}",
        effective_sample_size=fit.effective_sample_size,
        runs=runs,
        scale=scale,
        seed=seed,
        maker="`python -m shaanxi_transfer.studies.backtest_of_all_provinces.run`",
    )
