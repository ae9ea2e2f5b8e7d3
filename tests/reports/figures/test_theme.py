from __future__ import annotations

from typing import Any

import matplotlib as mpl
from cycler import cycler
from matplotlib.figure import Figure

from shaanxi_transfer.reports.figures.theme import FONT_FAMILY, figure_style

OF_A_USER: Any = {
    "text.usetex": True,
    "axes.facecolor": "black",
    "savefig.bbox": "tight",
    "lines.linewidth": 9.0,
    "axes.prop_cycle": cycler(color=["red"]),
}


def test_settings_of_the_user_do_not_reach_our_figures_and_stay_the_user_s() -> None:
    with mpl.rc_context(OF_A_USER):
        with figure_style():
            for name in OF_A_USER:
                assert mpl.rcParams[name] == mpl.rcParamsDefault[name], name
            assert mpl.rcParams["font.family"] == [FONT_FAMILY]
            text = Figure().suptitle("技术合同成交额")
        assert not text.get_usetex()
        for name, value in OF_A_USER.items():
            assert mpl.rcParams[name] == value, name
