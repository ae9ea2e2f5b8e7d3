"""The page of the backtest across provinces says what its tables say, welcome or not."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.experiments.backtesting import intervals_over_provinces
from shaanxi_transfer.experiments.backtesting.rivals import RIVALS
from shaanxi_transfer.experiments.backtesting.rivals_half import COLUMNS
from shaanxi_transfer.experiments.backtesting.scores import BANDS
from shaanxi_transfer.experiments.backtesting.what_members_add import ADDED_COLUMNS
from shaanxi_transfer.experiments.forecasting.discrepancy import (
    SERIES,
    Discrepancy,
    SeriesDiscrepancy,
    discrepancy_of,
)
from shaanxi_transfer.studies.backtest_of_all_provinces import correlations
from shaanxi_transfer.studies.backtest_of_all_provinces.bands import Three
from shaanxi_transfer.studies.backtest_of_all_provinces.causes import FLAGS
from shaanxi_transfer.studies.backtest_of_all_provinces.correlations import OUTCOMES
from shaanxi_transfer.studies.backtest_of_all_provinces.facts_of_further_tables import (
    NOTHING_FURTHER,
    facts_of_further_tables,
)
from shaanxi_transfer.studies.backtest_of_all_provinces.facts_of_page import FEW, WORST, Tables, wrong_bands
from shaanxi_transfer.studies.backtest_of_all_provinces.left_out import LEFT_OUT
from shaanxi_transfer.studies.backtest_of_all_provinces.left_out import SUMMARY as OF_LEFT_OUT
from shaanxi_transfer.studies.backtest_of_all_provinces.page import (
    CAUSES,
    FACTS,
    PAGE,
    main,
    page,
    read_tables,
)
from shaanxi_transfer.studies.backtest_of_all_provinces.pool import ADDED, WEIGHTS
from shaanxi_transfer.studies.backtest_of_all_provinces.results import BY_PROVINCE, SCORES, SHAPE, SUMMARY
from shaanxi_transfer.studies.backtest_of_all_provinces.structure_alone import PARTS, SPLIT
from shaanxi_transfer.studies.backtest_of_all_provinces.structure_alone import SUMMARY as STRUCTURE
from shaanxi_transfer.studies.backtest_of_all_provinces.tables import FITTED, MODEL, PAST_ONLY, by_province
from shaanxi_transfer.studies.backtest_of_all_provinces.tables import summary_of_provinces as summed
from shaanxi_transfer.studies.upkeep.adopt import alone_of

ROOT = Path(__file__).resolve().parents[3]
MANY = (
    *("anhui", "beijing", "fujian", "gansu", "guangdong", "hebei", "henan", "hubei", "hunan"),
    *("jiangsu", "shaanxi", "shandong"),
)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw provinces again less often: what is made up here does not hang on the last digit."""
    monkeypatch.setattr(intervals_over_provinces, "AGAIN", 100)
    monkeypatch.setattr(correlations, "AGAIN", 100)


INSIDE = {FITTED: (0.2, 0.4, 0.5), MODEL: (0.5, 0.8, 0.95)}


@functools.cache
def scores_of(provinces: tuple[str, ...], less: float, spread: float = 0.01) -> pd.DataFrame:
    """Score forecasts whose CRPS is that of the rivals, 0.2, and for the model so much more or less."""
    rng = np.random.default_rng(4)
    rows = []
    for province, series, origin in itertools.product(provinces, SERIES[:2], (2013, 2016)):
        for forecaster in (MODEL, FITTED, PAST_ONLY, *RIVALS):
            own = forecaster in (MODEL, FITTED, PAST_ONLY)
            held = INSIDE.get(forecaster, (0.5, 0.8, 0.95))
            rows.append(
                {
                    "province": province,
                    **dict.fromkeys(COLUMNS, 1.0),
                    "origin": origin,
                    "indicator": series,
                    "year": origin + 1,
                    "horizon": 1,
                    "forecaster": forecaster,
                    "crps_log": 0.2 + (less + spread * rng.standard_normal() if own else 0.0),
                    "abs_log_error": 0.3,
                    **dict(zip(BANDS, (rng.random(3) < held).tolist(), strict=True)),
                }
            )
    scores = pd.DataFrame(rows)
    scores.loc[scores["forecaster"] == "damped_smoothing", "crps_log"] = 0.19
    return scores


@functools.cache
def losing() -> Tables:
    return tables_of(scores_of(MANY, 0.1))


def tables_of(scores: pd.DataFrame) -> Tables:
    provinces = sorted(scores["province"].unique())
    facts = pd.DataFrame({"province": [*provinces, "xizang"], "luck_of_a_year": 0.1, "bought_over_sold": 1.0})
    facts["limits"] = ["", *[""] * (len(provinces) - 1), "no_fit"]
    shape = pd.DataFrame({"indicator": SERIES, "factor_of_volatility": 0.5, "carry": 0.9})
    shape = shape.assign(observation_error=0.1, growth_power=0.5, weight_of_typical=1.0)
    told = provinces_of(scores)
    summary = summed(scores, 1, ["all", "indicator", "horizon"])
    shape = shape.assign(degrees_of_freedom=4.0, points=int(told["points"].sum()))
    return Tables(scores, summary, told, shape, facts)


def provinces_of(scores: pd.DataFrame) -> pd.DataFrame:
    provinces = pd.Index(sorted(scores["province"].unique()), name="province")
    fits = {"misfit_fitted": 1.0, "effective_sample_size": 200.0}
    return by_province(scores, pd.DataFrame(fits, index=provinces))


def causes_of(told: pd.DataFrame, **columns: Any) -> pd.DataFrame:
    """Give provinces in which nothing stands out, but for the columns that are given."""
    rest = ("misfit_fitted", "luck_of_a_year", "bought_over_sold", "volatility", "volatility_before", "turn")
    place = np.arange(len(told), dtype=np.float64)
    alike = {name: (place * (5 + at)) % 13 for at, name in enumerate(rest)}
    told = told[["province", "points", "crps_log", "model_less", "bias", "worst_series"]]
    told = told.assign(effective_sample_size=200.0, worst_before=0.1, worst_after=0.2, worst_bias=0.1)
    return told.assign(**alike, stands_out=np.nan).assign(**columns)


def discrepancy(scale: float, source: str = "made up here") -> Discrepancy:
    of_series = SeriesDiscrepancy(scale=scale, carry=0.9, observation_error=0.0)
    return Discrepancy(
        source=source,
        points=40,
        rules="0" * 16,
        degrees_of_freedom=4.0,
        growth_power=0.5,
        series=dict.fromkeys(SERIES, of_series),
    )


NOT_COMPUTED = pd.DataFrame({"outcome": OUTCOMES, "provinces": 12, "rho": np.nan})


def written(
    tables: Tables,
    *,
    present: Discrepancy | None = None,
    alone: Discrepancy | None = None,
    rows: pd.DataFrame | None = None,
    found: pd.DataFrame = NOT_COMPUTED,
) -> str:
    """Write the page, with a discrepancy of all provinces whose scale is 0.2."""
    rows = causes_of(tables.provinces) if rows is None else rows
    return page(tables, rows, found, "shaanxi", Three(discrepancy(0.2), present, alone))


# ---- the verdict -------------------------------------------------------------------


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    ("less", "spread", "said", "in_chinese", "provinces"),
    [
        (0.1, 0.01, "worse than the best rival", "模型不如最佳对手", "0 of 12"),
        (-0.1, 0.01, "better than the best rival", "模型优于最佳对手", "12 of 12"),
        (-0.01, 0.2, "not told apart from the best rival", "模型与最佳对手无法区分优劣", None),
    ],
)
def test_the_verdict_follows_from_the_scores(
    less: float, spread: float, said: str, in_chinese: str, provinces: str | None
) -> None:
    text = written(tables_of(scores_of(MANY, less, spread)))
    assert f"**Over all points the model is {said}**, which is damped smoothing" in text
    assert in_chinese in text
    assert f"(`{PAST_ONLY}`) it is {said}" in text
    assert text.count("; the interval contains 0") == (2 if provinces is None else 0)
    if provinces is not None:
        assert f"It is better than that rival in {provinces} provinces" in text
        assert f"By series the model is {said} in `{SERIES[1]}`" in text
        assert f"By years ahead the model is {said} at 1." in text


@pytest.mark.usefixtures("quick")
def test_bands_that_hold_less_than_they_promise_are_said_to() -> None:
    text = written(losing())
    (fitted,) = (line for line in text.splitlines() if line.startswith(f"- Bands of `{FITTED}`"))
    assert "not calibrated" in fitted and fitted.count("is too narrow, it held") == 3
    (model,) = (line for line in text.splitlines() if line.startswith(f"- Bands of `{MODEL}`"))
    assert "calibrated as far as this can tell" in model
    wide = scores_of(MANY, 0.1).assign(**dict.fromkeys(BANDS, True))
    (row,) = summed(wide[wide["forecaster"] == MODEL], 1, ["all"]).to_dict("records")
    assert wrong_bands(row)[0] == {"name": "inside_50", "promised": 50, "width": "wide"}
    tables = losing()
    of_model = (tables.summary["by"] == "all") & (tables.summary["forecaster"] == MODEL)
    summary = tables.summary.copy()
    summary.loc[of_model, list(row)] = list(row.values())
    text = written(tables._replace(summary=summary))
    assert f"- Bands of `{MODEL}`: not calibrated: the 50 % band is too wide, it held 1.00" in text


@pytest.mark.usefixtures("quick")
def test_few_provinces_are_warned_of() -> None:
    few = written(tables_of(scores_of(MANY[: FEW - 1], 0.1)))
    assert f"**Only {FEW - 1} provinces.**" in few and "省份很少" in few
    many = written(losing())
    assert "**Only" not in many and "省份很少" not in many
    assert "Not in it: xizang (西藏): too few years" in many


# ---- where it is worst, and why ----------------------------------------------------


@pytest.mark.usefixtures("quick")
def test_the_worst_provinces_are_told_with_what_stands_out() -> None:
    scores = scores_of(MANY, 0.0, 0.0).copy()
    of_hubei = (scores["province"] == "hubei") & (scores["forecaster"] == MODEL)
    scores.loc[of_hubei, ["crps_log", "median"]] = [0.7, 2.0]
    told = provinces_of(scores)
    rows = causes_of(told, stands_out=["too high; turned", *[np.nan] * (len(told) - 1)])
    text = written(losing()._replace(provinces=told), rows=rows).splitlines()
    first = text.index("## Where the model is worst, and why")
    last = text.index("### What goes with it, over all provinces")
    table = [line for line in text[first:last] if line.startswith("| ") and "`contract_" in line]
    assert len(table) == WORST
    assert table[0].startswith("| hubei (湖北) | 0.700 | +0.510 | 2.00 |")
    assert table[0].endswith("| too high, turned |") and table[1].endswith("| nothing |")
    for flag in FLAGS:
        assert any(line.startswith(f"| {flag} | ") for line in text), flag
    (counts,) = (line for line in text if line.startswith("| too high |"))
    assert counts.startswith("| too high | 1 | 0 |")
    assert any(line.startswith("In shaanxi (陕西), for which the plan was written") for line in text)


def correlated(outcome: str, **rows: tuple[float, float, float]) -> pd.DataFrame:
    """Make a table of correlations: rho, adjusted p, and p beside the strongest."""
    return pd.DataFrame(
        [
            {"outcome": outcome, "cause": cause, "provinces": 30, "rho": rho, "low": rho, "high": rho}
            | {"p": p, "p_adjusted": p, "seen": p < 0.05, "rho_beside": rho, "p_beside": beside}
            for cause, (rho, p, beside) in rows.items()
        ]
    )


@pytest.mark.usefixtures("quick")
def test_causes_are_told_in_words() -> None:
    some = correlated(
        "crps_log",
        turn=(-0.8, 1e-6, np.nan),
        volatility=(0.6, 0.001, 0.01),
        luck_of_a_year=(0.5, 0.01, 0.6),
        misfit_fitted=(0.1, 0.7, 0.8),
    )
    none = correlated("model_less", turn=(0.2, 0.3, np.nan), volatility=(0.1, 0.6, 0.7))

    def told(of_crps: pd.DataFrame) -> tuple[str, str]:
        lines = written(losing(), found=pd.concat([of_crps, none])).splitlines()
        first = lines.index("### What goes with it, over all provinces") + 2
        return lines[first], lines[first + 2]

    text, nothing = told(some)
    assert text.startswith("**The model's CRPS goes most with growth that changed at the origins (`turn`)**")
    assert "the larger, the better (rank correlation -0.80" in text
    assert "still seen: `volatility` (p below 0.05" in text
    assert text.index("Not seen to matter:") < text.index("`misfit_fitted`")
    assert "none of these is seen any more" in told(some[some["cause"] != "volatility"])[0]
    assert "goes with none of the 2** that were tried" in nothing and "smaller than 0.36" in nothing


@pytest.mark.usefixtures("quick")
def test_a_made_up_cause_that_explains_all_is_named_on_the_page() -> None:
    tables = losing()
    rows = causes_of(tables.provinces, turn=tables.provinces["crps_log"] ** 3)
    text = written(tables, rows=rows, found=correlations.correlations(rows))
    assert "goes most with growth that changed at the origins (`turn`)**: the larger, the worse" in text
    assert "rank correlation +1.00" in text


# ---- the bands of the province of the plan -------------------------------------------


@pytest.mark.usefixtures("quick")
def test_bands_are_set_beside_those_that_forecasts_have() -> None:
    assert "have no discrepancy now" in written(losing())
    assert "Forecasts of shaanxi (陕西) read this one." in written(losing(), present=discrepancy(0.2))
    another = written(losing(), present=discrepancy(0.1, "an earlier backtest"))
    assert "still read another: an earlier backtest, 40 points" in another
    wider = written(losing(), alone=discrepancy(0.1, "its own backtest"))
    assert "*Alone*: its own backtest, 40 points" in wider
    assert f"is wider in `{SERIES[0]}` (2.00 times)" in wider
    assert f"is narrower in `{SERIES[0]}` (0.50 times)" in written(losing(), alone=discrepancy(0.4))


# ---- what the mechanism adds ---------------------------------------------------------


def added_of(left_out: float) -> pd.DataFrame:
    """Members that add the same in all parts, known to 0.002."""
    rows = [
        {"by": by, "part": part, "member": member, "provinces": 12, "points": 48}
        for by, part in (("all", "all"), ("indicator", SERIES[0]), ("horizon", 1), ("size", "small"))
        for member in ("model", "share_layer")
    ]
    table = pd.DataFrame(rows).assign(crps_reference=0.2, crps_pool=0.19, share=0.5)
    for name, value in (("skill", 0.01), ("left_out", left_out), ("shapley", 0.005)):
        for end, more in (("", 0.0), ("_low", -0.002), ("_high", 0.002)):
            table[f"{name}{end}"] = value + more
    return table[list(ADDED_COLUMNS)]


WEIGHTS_OF = pd.DataFrame(
    [
        {"origin": origin, "indicator": SERIES[0], "member": member, "weight": weight, "points": points}
        for origin, points, of_model in ((2013, 0, 0.5), (2016, 180, 0.37))
        for member, weight in (("model", of_model), ("share_layer", 1.0 - of_model))
    ]
)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    ("left_out", "said"),
    [(0.004, "worse without it"), (0.001, "not told apart from one"), (-0.004, "better without it")],
)
def test_the_page_tells_what_the_mechanism_adds(left_out: float, said: str) -> None:
    assert "Not told yet: these tables are of a run before" in written(losing())
    text = written(losing()._replace(added=added_of(left_out), weights=WEIGHTS_OF))
    assert f"`model`: over all points the pool is **{said}" in text
    assert "From 2013 weights are equal in some series: fewer than 20 forecasts" in text
    assert f"`model`, `{SERIES[0]}` | 0.37" in text and "learnt up to 2016" in text
    assert "1 a. ahead | 48 | +0.010 (+0.008 to +0.012)" in text
    assert "Not told yet" not in text and "+nan" not in text and " nan" not in text


@pytest.mark.usefixtures("quick")
def test_members_of_another_run_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_tables(tmp_path, tables_of(scores_of(("gansu", "hubei"), 0.1)))
    added_of(0.1).to_csv(tmp_path / ADDED, index=False)
    WEIGHTS_OF.to_csv(tmp_path / WEIGHTS, index=False)
    options = ["--tables", str(tmp_path), "--facts", str(tmp_path / FACTS), "--docs", str(tmp_path)]
    assert main(options) == 2
    assert "allowed tables of one run" in capsys.readouterr().err


# ---- the command ---------------------------------------------------------------------


def write_tables(folder: Path, tables: Tables) -> Mapping[str, pd.DataFrame]:
    frames = (tables.scores, tables.summary, tables.provinces, tables.shape, tables.facts)
    named = dict(zip((SCORES, SUMMARY, BY_PROVINCE, SHAPE, FACTS), frames, strict=True))
    for name, table in named.items():
        table.to_csv(folder / name, index=False)
    return named


@pytest.mark.usefixtures("quick")
def test_the_command_writes_page_and_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--tables", str(tmp_path), "--facts", str(tmp_path / FACTS), "--docs", str(tmp_path)]
    assert main(options) == 2
    assert (
        f"{SCORES}: the table does not exist; allowed make it with `make across`" in capsys.readouterr().err
    )
    frames = write_tables(tmp_path, tables_of(scores_of(("gansu", "hubei"), 0.1)))
    assert main(options) == 0
    assert set(pd.read_csv(tmp_path / CAUSES)["province"]) == {"gansu", "hubei"}
    text = (tmp_path / PAGE).read_text(encoding="utf-8")
    assert "What goes back into the bands of shaanxi (陕西)" in text and "nan" not in text
    assert "Not in it: xizang" in text and "In shaanxi (陕西), for which" not in text
    frames[BY_PROVINCE].iloc[:1].to_csv(tmp_path / BY_PROVINCE, index=False)
    assert main(options) == 2
    assert "1 provinces here, 2 in" in capsys.readouterr().err
    frames[SHAPE].drop(columns="carry").to_csv(tmp_path / SHAPE, index=False)
    assert main(options) == 2
    assert f"{SHAPE}: carry: the table lacks columns" in capsys.readouterr().err


@pytest.mark.house
def test_the_committed_page_is_what_the_committed_tables_give() -> None:
    """All of it but the pooled scale of the province, for which every pack would have to be read."""
    reference = ROOT / "results" / "reference"
    if not (reference / SUMMARY).is_file():
        pytest.skip("the tables of the backtest across provinces are not there yet")
    tables, known = read_tables(reference, reference / FACTS), pd.read_csv(reference / CAUSES)
    assert list(known["province"]) == list(tables.provinces["province"])
    pd.testing.assert_series_equal(known["model_less"], tables.provinces["model_less"])
    present = discrepancy_of(ROOT / "scenarios" / "posteriors" / "shaanxi")
    three = Three(present or discrepancy(0.2), present, alone_of("shaanxi", reference))
    further = facts_of_further_tables(reference, "shaanxi")
    lines = page(tables, known, correlations.correlations(known), "shaanxi", three, further).splitlines()
    told = (ROOT / "docs" / "model" / PAGE).read_text(encoding="utf-8").splitlines()
    bands = lines.index("## What goes back into the bands of shaanxi (陕西)")
    assert told[: bands + 5] == lines[: bands + 5], "run `make pages`"
    assert not re.search(r"\b(nan|None|inf)\b", "\n".join(told))


def test_further_tables_are_told_where_they_are(tmp_path: Path) -> None:
    assert facts_of_further_tables(tmp_path, "shaanxi") == NOTHING_FURTHER
    rows = [
        (province, origin, series, origin + 1, 1, 0.3, 0.1, own)
        for province, own in (("hubei", 0.05), ("shaanxi", 0.2))
        for origin in (2015, 2016)
        for series in SERIES
    ]
    split = pd.DataFrame(rows, columns=["province", "origin", "indicator", "year", "horizon", *PARTS])
    split.to_csv(tmp_path / SPLIT, index=False)
    slope = {"what": "slope", "indicator": SERIES[0], "by": "origin", "part": "of_the_province"}
    summary = [{**slope, "value": -0.2, "low": -0.3, "high": -0.1}]
    summary += [
        {"what": "crps_log", "indicator": "all", "by": "all", "part": part, "value": value}
        for part, value in (("as it was", 0.2), ("told the nation", 0.15))
    ]
    columns = ["what", "indicator", "by", "at", "part", "value", "low", "high"]
    pd.DataFrame(summary).reindex(columns=columns).to_csv(tmp_path / STRUCTURE, index=False)
    found = facts_of_further_tables(tmp_path, "shaanxi")
    assert found["structure"]["own_outside"] == 2, "both origins of Shaanxi miss by more than was aimed at"
    assert found["structure"]["trends"][0]["value"] == -0.2
    assert found["structure"]["crps"] == [{"indicator": "all", "as it was": 0.2, "told the nation": 0.15}]
    assert found["left_out_of_fit"] is None
    pd.DataFrame(
        [
            ("hubei", "all", "all", 4, 0.2, 0.3),
            ("xizang", "all", "all", 4, np.nan, 0.5),
        ],
        columns=["province", "indicator", "horizon", "points", "crps_model_fitted", "crps_model_left_out"],
    ).to_csv(tmp_path / LEFT_OUT, index=False)
    whole = [
        ("all", who, crps, 0.2 - crps, 0.1 - crps, 0.3 - crps)
        for who, crps in (
            ("model_fitted", 0.2),
            ("model_left_out", 0.3),
            ("model_fitted_growth", 0.15),
            ("model_left_out_growth", 0.16),
        )
    ]
    names = ["by", "forecaster", "crps_log", "model_less", "model_less_low", "model_less_high"]
    pd.DataFrame(whole, columns=names).to_csv(tmp_path / OF_LEFT_OUT, index=False)
    left = facts_of_further_tables(tmp_path, "shaanxi")["left_out_of_fit"]
    assert (left["more"], left["more_low"], left["more_high"]) == pytest.approx((0.1, 0.0, 0.2))
    assert left["provinces"] == left["worse"] == 1 and len(left["rows"]) == 2
