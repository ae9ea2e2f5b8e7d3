"""Measure speed and memory on this machine: ``make bench`` writes a table and a figure (some minutes).

Ratios are taken in one run, in turns where two sides are held against each other, and in processor time
where other work on the machine must not count; absolute times are of this machine at this moment.
"""

from __future__ import annotations

import csv
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import before_and_now
import numpy as np
import one_process
import peers
import whole_batch
from rows import Row, best_of, exponent

from shaanxi_transfer.reports.figures.forecast import save_figure
from shaanxi_transfer.reports.figures.theme import QUIET_COLOUR, SCENARIO_COLOURS, figure_style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FOLDER: Final = Path(__file__).resolve().parent.parent / "results" / "bench"
WHOLE_RUN: Final = "a whole run with "


def this_machine() -> Iterator[Row]:
    """A compiled loop of ten million dependent integer steps, to tell machines apart."""
    import numba

    @numba.njit
    def loop(steps: int) -> np.uint64:
        word = np.uint64(1)
        for _ in range(steps):
            word = (word ^ (word >> np.uint64(13))) * np.uint64(0x9E3779B97F4A7C15)
        return word

    loop(10)
    yield Row(
        "this machine: ten million steps of an integer loop", 1e3 * best_of(5, lambda: loop(10**7)), "ms"
    )


SECTIONS: Final[tuple[Callable[[], Iterator[Row]], ...]] = (
    before_and_now.rows,
    one_process.rows,
    whole_batch.rows,
    peers.rows,
    this_machine,
)


def write_table(rows: Sequence[Row], file: Path) -> None:
    """Write the rows, a number to four digits; an empty cell means none."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(Row._fields)
        for row in rows:
            writer.writerow("" if one is None else f"{one:.4g}" if _is_number(one) else one for one in row)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float)


def draw(rows: Sequence[Row]) -> Figure:
    """Draw what is asked for against what was measured, and whole runs by their number of firms."""
    with figure_style():
        from matplotlib.figure import Figure

        asked = [row for row in rows if row.of_demand is not None]
        figure = Figure(figsize=(12.5, 1.6 + 0.3 * len(asked)), layout="constrained")
        left, right = figure.subplots(1, 2, width_ratios=(1.25, 1))
        _draw_demands(left, asked)
        _draw_growth(right, [row for row in rows if row.name.startswith(WHOLE_RUN)])
        figure.legend(loc="outside lower left", ncols=4)
        figure.draw_without_rendering()
        return figure


def _draw_demands(axes: Axes, rows: Sequence[Row]) -> None:
    met, missed, *_ = SCENARIO_COLOURS
    for words, colour, wanted in (("demand met", met, True), ("demand missed", missed, False)):
        here = [(row.of_demand, y) for y, row in enumerate(rows) if (row.of_demand <= 1) is wanted]
        if here:
            axes.plot(*zip(*here, strict=True), "o" if wanted else "D", color=colour, label=words)
    aims = [(row.aim_of_demand, y) for y, row in enumerate(rows) if row.aim_of_demand is not None]
    axes.plot(*zip(*aims, strict=True), "|", color=QUIET_COLOUR, markersize=11, label="aim")
    axes.axvline(1.0, color=QUIET_COLOUR, linewidth=1.2)
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:g}")
    axes.xaxis.set_minor_formatter("")
    axes.set_yticks(range(len(rows)), [row.name for row in rows], fontsize=8)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_title("Share of what is allowed (1 = the demand; less is better)", fontsize=11)


def _draw_growth(axes: Axes, rows: Sequence[Row]) -> None:
    firms = [float(row.name.removeprefix(WHOLE_RUN).split()[0].replace(",", "")) for row in rows]
    times = [row.value for row in rows]
    slope = exponent(firms, times)
    middle = np.exp(np.mean(np.log(times)) - slope * np.mean(np.log(firms)))
    axes.plot(firms, times, "o", color=SCENARIO_COLOURS[2])
    axes.plot(firms, middle * np.array(firms) ** slope, color=SCENARIO_COLOURS[2], linewidth=1)
    axes.set_xscale("log")
    axes.set_yscale("log")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter("{x:,g}")
        axis.set_minor_formatter("")
    axes.set_xlabel("firms, mean of the quarters")
    axes.set_title(f"A whole run, s: exponent {slope:.2f}", fontsize=11)


def main() -> None:
    """Measure, print as it goes, and write table and figure."""
    start = time.perf_counter()
    rows: list[Row] = []
    for section in SECTIONS:
        for row in section():
            rows.append(row)
            asked = "" if row.demand is None else f" (demand {row.demand:.3g})"
            value = "-" if row.value is None else f"{row.value:.3g}"
            print(f"{time.perf_counter() - start:6.0f} s  {row.name}: {value} {row.unit}{asked}", flush=True)
    write_table(rows, FOLDER / "bench.csv")
    save_figure(draw(rows), FOLDER / "bench.png")
    print(f"written to {FOLDER}", file=sys.stderr)


if __name__ == "__main__":
    main()
