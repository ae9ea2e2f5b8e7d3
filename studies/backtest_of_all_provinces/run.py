"""Learn and backtest in all provinces: the same rules, four origins, six rivals, one discrepancy.

`make across` runs every province whose pack comes with the package,
keeps what is finished below ``--out`` (taken up again, it makes only what is missing), and writes there for
each province what forecasts read, ``posterior.csv``, ``posterior.yaml`` and ``discrepancy.yaml``, for
`adopt`; and tables into ``--tables``. It can be made in pieces, each in the folder that the last one left:
``--origins 2013 --runs-only`` and so on, `calibrate --all --out FOLDER` for the fits to all years, and then
all origins with ``--no-runs``, which puts the tables together. Nothing of after an origin enters its
forecast: decision 0014.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence

from ...experiments.backtesting.rivals_half import check_origins
from ...experiments.fitting_provinces.estimate_all import nothing_is_made
from ...experiments.fitting_provinces.fits_in_turn import can_be_fitted
from ...experiments.fitting_provinces.province_beliefs import SHARED_FROM
from ...experiments.fitting_provinces.settings import Settings
from ...experiments.planning import door_to_model
from ...experiments.planning.checks import check_provinces
from ...experiments.planning.options import FuturesOptions
from ...experiments.running.table_command import errors_in_one_line
from .options import options_of_fits
from .results import Across, across, runs_of_backtest
from .scores import JOINT
from .tables import MODEL

__all__ = ["main", "summary"]


@errors_in_one_line
def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; 0 done, 1 done with failed runs or provinces left out, 2 refused."""
    given = _options(arguments)
    FuturesOptions(runs=given.runs, scale=0.1, seed=given.seed, workers=given.workers)
    known = door_to_model.provinces()
    provinces = check_provinces(given.provinces, known) or list(can_be_fitted())
    for name in [] if given.provinces else sorted(set(known) - set(provinces)):
        print(f"{name}: too few years of contracts sold for a fit; a forecast draws from priors")
    settings = Settings(
        check_origins(given.origins),
        given.members,
        given.last_members,
        given.banks,
        given.runs,
        given.seed,
        given.shared,
        all_years=not given.runs_only,
    )
    if given.shared is None:
        print(f"no folder of a backtest of {SHARED_FROM}: behaviour at the origins comes from priors")
    if given.runs_only:
        made = runs_of_backtest(provinces, given.out, settings, door_to_model.model(), workers=given.workers)
        print(f"{given.out} holds the runs of {given.origins}; tables are made with all pieces together")
        return 1 if made.left_out else 0
    executor = nothing_is_made if given.no_runs else None
    done = across(provinces, given.out, given.tables, settings, executor=executor, workers=given.workers)
    for line in summary(done):
        print(line)
    return 1 if done.left_out or done.failed else 0


def _options(arguments: Sequence[str] | None) -> Namespace:
    parser = ArgumentParser(
        prog="python -m shaanxi_transfer.studies.backtest_of_all_provinces.run",
        description=__doc__,
        parents=[options_of_fits()],
    )
    parser.add_argument(
        "--provinces", default="", help="names separated by commas; by default all that can be fitted"
    )
    parser.add_argument(
        "--last-members", type=int, default=250, help="runs of the last bank of the fit to all years"
    )
    return parser.parse_args(arguments)


def summary(done: Across) -> list[str]:
    """Say what a backtest across provinces found."""
    overall = done.summary[done.summary["by"] == "all"].sort_values("crps_log")
    lines = [
        f"{row.forecaster}: CRPS of the log {row.crps_log:.3f}, inside 50 / 80 / 95 %: "
        f"{row.inside_50:.2f} / {row.inside_80:.2f} / {row.inside_95:.2f}; model less this "
        f"{row.model_less:+.3f} ({row.model_less_low:+.3f} to {row.model_less_high:+.3f})"
        for row in overall.itertuples()
    ]
    model = overall[overall["forecaster"] == MODEL].iloc[0]
    lines.append(
        f"{model['points']} points in {model['provinces']} provinces; intervals by drawing provinces again"
    )
    worst = done.provinces.head(5)
    lines.append(
        "worst against the best rival: "
        + ", ".join(f"{row.province} {row.model_less:+.2f}" for row in worst.itertuples())
    )
    joint = done.energy[done.energy["forecaster"].isin(JOINT.values())]
    means = joint.groupby("forecaster")["energy_log"].mean()
    lines += [f"{name}: energy score over provinces {mean:.3f}" for name, mean in means.items()]
    for horizon, mine in done.coherence.groupby("horizon"):
        before, low, high = (mine[name].abs().mean() for name in ("gap_before", "gap_low", "gap_high"))
        lines.append(
            f"{horizon} years ahead the provinces' sum is {before:.3f} off the nation's path before it is "
            f"shifted; in 90 % of the draws -{low:.3f} to +{high:.3f} remain (means over series and origins)"
        )
    lines += [f"left out: {province}: {why}" for province, why in done.left_out.items()]
    return lines


if __name__ == "__main__":
    raise SystemExit(main())
