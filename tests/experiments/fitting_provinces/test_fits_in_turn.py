"""Fits of provinces on a channel of two lines: stopped and gone on with, carried along, made in pieces."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.calibrating.observed_figures import observed_table
from shaanxi_transfer.experiments.fits_in_folders import ALL, status_of_folder
from shaanxi_transfer.experiments.fitting_provinces.calibrate_all import AllOptions, calibrate_all, kept_all
from shaanxi_transfer.experiments.fitting_provinces.drawn_runs import AT_ONCE
from shaanxi_transfer.experiments.fitting_provinces.estimate_all import (
    RunsLeft,
    estimate_of_all,
    further_expected,
    nothing_is_made,
)
from shaanxi_transfer.experiments.fitting_provinces.fits_in_turn import FitsInTurn
from shaanxi_transfer.experiments.fitting_provinces.refit import refit, shifted
from shaanxi_transfer.experiments.fitting_provinces.settings import Settings
from shaanxi_transfer.experiments.keeping.store import Store
from shaanxi_transfer.experiments.planning import door_to_model
from shaanxi_transfer.scenarios import load_pack
from shaanxi_transfer.scenarios.provinces.earlier_pack import write_earlier_pack
from shaanxi_transfer.scenarios.provinces.pack import pack_folder

PROVINCES = ("sichuan",)
SETTINGS = Settings(members=60, last_members=110)
TINY = Settings(members=17, last_members=17)


def fits_in(
    folder: Path,
    channel: Any,
    executor: Any,
    settings: Settings = SETTINGS,
    provinces: tuple[str, ...] = PROVINCES,
) -> FitsInTurn:
    return FitsInTurn(list(provinces), folder, settings, channel.model(), executor, 0, lambda line: None)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, channel: Any) -> FitsInTurn:
    """All fits of a folder of `calibrate_all`."""
    folder = tmp_path_factory.mktemp("whole") / "fits"
    options = AllOptions(provinces=PROVINCES, settings=SETTINGS, out=folder, workers=0)
    done = calibrate_all(options, channel.model())
    assert list(done.fits["province"]) == list(PROVINCES) and not done.left_out and not done.failed
    assert set(done.fits["posterior"]) == {"written"}
    for province in PROVINCES:
        assert "calibrate --all" in (folder / province / "posterior.yaml").read_text(encoding="utf-8")
    assert pd.read_csv(folder / "fits.csv")["runs"].min() >= 75
    found = fits_in(folder, channel, nothing_is_made)
    found.fit()
    return found


def test_who_is_stopped_again_and_again_goes_on_and_finds_the_same(tmp_path: Path, channel: Any) -> None:
    settings = replace(TINY, origins=(2016,), all_years=False)
    runs, stops = 0, (7, 18, 5)
    for most in stops:
        stopped = channel.Counted(most=most)
        with pytest.raises(KeyboardInterrupt):
            fits_in(tmp_path / "stopped", channel, stopped, settings).fit()
        runs += stopped.runs
    rest, once = channel.Counted(), channel.Counted()
    again = fits_in(tmp_path / "stopped", channel, rest, settings)
    again.fit()
    at_once = fits_in(tmp_path / "at_once", channel, once, settings)
    at_once.fit()
    assert once.runs == again.done == 2 * TINY.members
    twice = runs + rest.runs - once.runs
    assert 7 <= twice < len(stops) * AT_ONCE, "what ended since the last part was kept, and nothing else"
    for province, fit in at_once.fits[2016].items():
        np.testing.assert_array_equal(fit.posterior.mean, again.fits[2016][province].posterior.mean)
        np.testing.assert_array_equal(
            fit.posterior.covariance, again.fits[2016][province].posterior.covariance
        )


def test_another_processor_finds_what_was_kept(
    whole: FitsInTurn, channel: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from shaanxi_transfer.experiments.fitting_provinces import linear_update, province_fit

    usual = linear_update.updated

    def with_other_last_bits(*given: Any) -> Any:
        posterior = usual(*given)
        return posterior._replace(mean=posterior.mean * (1.0 + 1e-14))

    monkeypatch.setattr(province_fit, "updated", with_other_last_bits)
    found = fits_in(whole.folder, channel, nothing_is_made)
    found.fit()
    for one, other in zip(found.fits[2017]["sichuan"].banks, whole.fits[2017]["sichuan"].banks, strict=True):
        np.testing.assert_array_equal(one.positions, other.positions)


@pytest.mark.soak
def test_pieces_by_year_in_a_folder_that_moves_are_found_together(tmp_path: Path, channel: Any) -> None:
    small, two = TINY, ("gansu", "sichuan")
    pieces = [
        replace(small, origins=(2015,), all_years=False),
        replace(small, origins=(2016,), all_years=False),
        small,
    ]
    made, folder = 0, tmp_path / "0"
    for number, piece in enumerate(pieces):
        executor = channel.Counted()
        fits_in(folder, channel, executor, piece, two).fit()
        made += executor.runs
        moved = tmp_path / str(number + 1)
        shutil.move(folder, moved)
        folder = moved
    together = replace(small, origins=(2015, 2016))
    found = fits_in(folder, channel, nothing_is_made, together, two)
    found.fit()
    assert set(found.fits) == {2015, 2016, 2017} and found.done == made
    at_once = fits_in(tmp_path / "at_once", channel, channel.Counted(), together, two)
    at_once.fit()
    for year, fits in at_once.fits.items():
        for province, fit in fits.items():
            np.testing.assert_array_equal(fit.posterior.mean, found.fits[year][province].posterior.mean)
    with pytest.raises(RunsLeft, match="has not been run: make the pieces first"):
        fits_in(folder, channel, nothing_is_made, replace(together, origins=(2014, 2015)), two).fit()


def test_runs_are_counted_before_the_start_and_none_is_left_at_the_end(
    whole: FitsInTurn, tmp_path: Path, channel: Any
) -> None:
    options = AllOptions(provinces=PROVINCES, settings=SETTINGS, out=tmp_path / "new", workers=0)
    first = estimate_of_all(options, channel.model())
    assert first.planned == first.runs == SETTINGS.members + SETTINGS.last_members
    assert first.seconds > 0.0 and first.memory > 0.0
    assert not (tmp_path / "new").exists()
    last = estimate_of_all(options.but(out=whole.folder), channel.model())
    assert last.runs == last.further == 0
    # fujian's posterior needed 723 runs where 300 are usual, zhejiang comes without one
    assert further_expected(("fujian", "hubei", "zhejiang"), Settings()) == 423 + 1250


def own_table(file: Path, province: str, changes: dict[int, float]) -> Path:
    """Write the observed figures of a province with sold contracts of some years times a factor."""
    table = pd.read_csv(load_pack(province).folder / "observed.csv", dtype=str, keep_default_na=False)
    for year, factor in changes.items():
        row = (table["indicator"] == "contract_count_output") & (table["year"] == str(year))
        assert row.sum() == 1
        table.loc[row, "value"] = f"{float(table.loc[row, 'value'].iloc[0]) * factor:.0f}"
    table.to_csv(file, index=False)
    return file


def test_a_refit_of_the_same_figures_is_the_fit(whole: FitsInTurn, tmp_path: Path, channel: Any) -> None:
    same = refit("sichuan", whole.folder, out=tmp_path, model=channel.model())
    assert same.changed == () and same.moved == 0.0
    kept = (whole.folder / "sichuan" / "posterior.csv").read_bytes()
    assert (tmp_path / "posterior.csv").read_bytes() == kept


@pytest.mark.soak
def test_a_refit_with_a_changed_figure_is_what_a_full_fit_finds(
    whole: FitsInTurn, tmp_path: Path, channel: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = own_table(tmp_path / "own.csv", "sichuan", {2016: 1.3, 2017: 1.3})
    quick = refit("sichuan", whole.folder, table, tmp_path / "quick", model=channel.model())
    assert quick.changed == ("contract_count_output.2016", "contract_count_output.2017")
    assert quick.moved > 0.5
    from shaanxi_transfer.experiments.fitting_provinces import province_fit

    usual = observed_table
    monkeypatch.setattr(
        province_fit,
        "observed_table",
        lambda pack, definitions: usual(pack, definitions, table if pack.name == "sichuan" else None),
    )
    full = fits_in(tmp_path / "full", channel, channel.Counted())
    full.fit()
    one, other = quick.fit, full.fits[2017]["sichuan"]
    np.testing.assert_array_equal(one.banks[0].positions, other.banks[0].positions)
    np.testing.assert_allclose(one.banks[0].distances, other.banks[0].distances, rtol=0.0, atol=1e-12)
    spread = np.sqrt(np.diag(other.posterior.covariance))
    apart = np.abs(one.posterior.mean - other.posterior.mean) / spread
    assert apart.max() < 0.35, "the chance of 120 runs, and how far lines are not straight"
    assert apart.max() < quick.moved / 2


def test_a_distance_at_the_least_that_counts_stays_there(whole: FitsInTurn) -> None:
    fit = whole.fits[2017]["sichuan"]
    old = fit.place.observations
    bank = fit.banks[0]._replace(distances=fit.banks[0].distances.copy())
    bank.distances[0, 0] = np.log(0.02)
    new = [old[0]._replace(value=old[0].value / 2.0), *old[2:]]
    moved = shifted(bank, old, new).distances
    assert moved[0, 0] == np.log(0.02)
    np.testing.assert_allclose(moved[1:, 0], bank.distances[1:, 0] + np.log(2.0))
    np.testing.assert_array_equal(moved[:, 1:], bank.distances[:, 2:])


def test_what_a_refit_cannot_know_is_refused(whole: FitsInTurn, tmp_path: Path, channel: Any) -> None:
    table = own_table(tmp_path / "own.csv", "sichuan", {})
    rows = pd.read_csv(table, dtype=str, keep_default_na=False)
    rows.loc[rows["indicator"] == "contract_count_output", "use"] = "at_most"
    rows.to_csv(table, index=False)
    how: dict[str, Any] = {"model": channel.model()}
    with pytest.raises(InputError, match=r"not held against contract_count_output.20\d\d \(at_most\)"):
        refit("sichuan", whole.folder, table, tmp_path / "out", **how)
    with pytest.raises(InputError, match=r"anhui was not fitted there; allowed sichuan"):
        refit("anhui", whole.folder, **how)
    with pytest.raises(InputError, match="holds no fits"):
        refit("sichuan", tmp_path, **how)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"provinces": "hubei,hubeii"}, r"hubeii"),
        ({"provinces": "hubei,湖北"}, r"provinces: hubei twice; allowed each once"),
        ({"provinces": "xizang"}, r"provinces: xizang has too few years of contracts sold"),
        ({"seed": -1}, r"seed"),
    ],
)
def test_options_that_cannot_be_are_refused(given: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        AllOptions(**given)


def test_a_folder_of_another_experiment_is_refused(tmp_path: Path) -> None:
    from shaanxi_transfer.experiments.fitting_provinces.calibrate_all import check_fits_folder

    Store(tmp_path).write_manifest({"identity": {"kind": "forecast"}})
    with pytest.raises(InputError, match="holds a forecast of its own"):
        check_fits_folder(tmp_path)


def test_all_that_can_be_are_fitted_by_default() -> None:
    chosen = AllOptions().provinces
    assert len(chosen) == 30 and set(door_to_model.provinces()) - set(chosen) == {"xizang"}


def test_the_folder_of_all_fits_has_a_status(whole: FitsInTurn, tmp_path: Path) -> None:
    folder = shutil.copytree(whole.folder, tmp_path / "copy")
    status = status_of_folder(folder)
    assert (status.kind, status.failed, status.left) == (ALL, 0, 0)
    assert status.finished == status.planned >= SETTINGS.planned(len(PROVINCES))
    file = sorted((folder / PROVINCES[0]).rglob("bank_0_*.npz"))[0]
    with np.load(file) as arrays:
        rows = len(arrays["ended"])
    file.unlink()
    after = status_of_folder(folder)
    assert (after.planned, after.left) == (status.planned, rows)


def test_packs_of_a_folder_are_fitted_like_those_of_the_package(
    whole: FitsInTurn, tmp_path: Path, channel: Any
) -> None:
    packs = tmp_path / "packs"
    for province in PROVINCES:
        shutil.copytree(pack_folder(province), packs / province)
    options = AllOptions(packs=packs, settings=SETTINGS, out=tmp_path / "fits", workers=0)
    assert options.provinces == PROVINCES and options.settings_of_fits().last_year == 2017
    calibrate_all(options, channel.model())
    for province in PROVINCES:
        there, here = (folder / province / "posterior.csv" for folder in (whole.folder, tmp_path / "fits"))
        assert here.read_bytes() == there.read_bytes()
    assert kept_all(tmp_path / "fits").packs == packs.resolve()
    assert status_of_folder(tmp_path / "fits").left == 0


def test_packs_that_end_with_other_years_are_not_fitted_together(tmp_path: Path) -> None:
    write_earlier_pack("gansu", 2015, tmp_path / "gansu")
    shutil.copytree(pack_folder("hubei"), tmp_path / "hubei")
    with pytest.raises(InputError, match="the pack of hubei ends with 2017, that of gansu with 2015"):
        AllOptions(packs=tmp_path).settings_of_fits()
    with pytest.raises(InputError, match="holds no pack"):
        AllOptions(packs=tmp_path / "hubei")
