"""A table of firms as a `Watch` takes it down, with effects that are known because they were put in."""

from __future__ import annotations

import numpy as np
import pandas as pd

QUARTERS = 32


def made_firms(
    seed: int, number: int = 1500, *, stake: float = 0.0, loan: float = 0.0, faster: float = 1.0
) -> pd.DataFrame:
    """Give firms from 2010 to 2017: a fifth become tenants in 2011, a fifth borrow in 2012, two get stakes.

    A loan and a stake of a private fund raise ln revenue by as much as is said, one of a public fund does
    nothing; tenants close so many times faster than the others.
    """
    rng = np.random.default_rng(seed)
    keys = np.arange(1, number + 1).astype(np.uint64) * np.uint64(1_000_003)
    age, size = rng.uniform(0.5, 8.0, number), rng.normal(0.0, 0.8, number)
    field, city = rng.integers(0, 3, number), rng.integers(0, 3, number)
    group = rng.integers(0, 5, number)  # 0 tenants, 1 borrowers, 2 public stakes, 3 private stakes, 4 nothing
    at = np.select([group == 0, group == 1], [5, 9], 10)  # the quarter in which it happens
    hazard = np.where(group == 0, 0.012 * faster, 0.012)
    life = np.ceil(rng.exponential(1.0 / hazard)).astype(int) + at
    frames = []
    for quarter in range(QUARTERS):
        there = quarter <= life
        gain = np.where((group == 3) & (quarter > at), stake, 0.0)
        gain += np.where((group == 1) & (quarter > at), loan, 0.0)
        revenue = np.exp(16.0 + size + gain + rng.normal(0.0, 0.1, number)).astype(np.int64)
        now = quarter == at
        frames.append(
            pd.DataFrame(
                {
                    "year": 2010 + quarter // 4,
                    "quarter": 1 + quarter % 4,
                    "key": keys,
                    "city": city,
                    "field": field,
                    "large": False,
                    "age": age + 0.25 * quarter,
                    "size": size,
                    "revenue": revenue,
                    "incubated": (group == 0) & (quarter >= at),
                    "loan_programme": np.where(now & (group == 1), 1_000_000, 0),
                    "loan_ordinary": 0,
                    "debt": 0,
                    "defaulted": 0,
                    "stake_guidance_public": np.where(now & (group == 2), 1_000_000, 0),
                    "stake_other_public": 0,
                    "stake_guidance_private": 0,
                    "stake_other_private": np.where(now & (group == 3), 1_000_000, 0),
                    "equity": np.where((quarter >= at) & ((group == 2) | (group == 3)), 1_000_000, 0),
                    "closed": quarter == life,
                }
            )[there]
        )
    made: pd.DataFrame = pd.concat(frames, ignore_index=True)
    return made
