"""Every entry of a good file spoilt in every way: all refused at their place before any step."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from functools import cache, partial
from itertools import islice
from pathlib import Path

import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.scenarios import Scenario, lever_catalogue, load, read_levers
from shaanxi_transfer.scenarios.choosing.schema import Lever
from shaanxi_transfer.studies.upkeep import spoilt_files
from shaanxi_transfer.studies.upkeep.spoiling import WAYS, misspellings, render, spoilt_texts
from shaanxi_transfer.studies.upkeep.spoilt_files import (
    LEAST_SUGGESTED,
    Count,
    lever_entries,
    main,
    representative_levers,
    scenario_entries,
    try_levers,
    try_names,
    try_scenario,
)

# All of them take minutes: `make soak` tries each, `make test` some of the ways in each field, by turns.
SOAK = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
NTH = 1 if SOAK else 11
NTH_NAME = 1 if SOAK else 41
"""Of misspellings, each of which is searched for in all that levers are called."""

TRIALS: dict[str, Callable[..., Count]] = {
    "scenario": try_scenario,
    "scenario with dated paths": partial(try_scenario, dated=True),
    "lever files": try_levers,
    "names": try_names,
}


@cache
def counted(trial: str, folder: Path) -> Count:
    return TRIALS[trial](folder, nth=NTH_NAME if trial == "names" else NTH)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("spoilt")


@pytest.mark.slow
@pytest.mark.parametrize("trial", [name for name in TRIALS if name != "names"])
def test_every_spoilt_file_is_refused_with_file_line_and_key(trial: str, folder: Path) -> None:
    count = counted(trial, folder)
    print(f"{trial}: {count.tried} tried, {count.refused} refused")
    assert count.tried > 600 / NTH
    assert count.wrong == ()
    assert count.refused == count.tried


@pytest.mark.slow
def test_the_right_lever_is_suggested_for_its_misspellings(folder: Path) -> None:
    count = counted("names", folder)
    print(f"names: {count.tried} tried, {count.refused} suggested rightly")
    assert count.tried > 40 * len(lever_catalogue()) / NTH_NAME
    assert count.refused >= LEAST_SUGGESTED * count.tried, count.wrong[:20]


def test_every_way_and_every_field_is_tried() -> None:
    both = [scenario_entries(), scenario_entries(dated=True)]
    both += [lever_entries(lever) for lever in representative_levers()]
    tried = {one.way for entries in both for one in islice(spoilt_texts(entries), 0, None, NTH)}
    assert tried == set(WAYS)
    ways = Counter(one.entry.where for one in spoilt_texts(both[0]))
    assert ways.keys() == {entry.where for entry in both[0]}
    # A field with fewer ways than the stride may lie between two of its steps.
    some = {one.entry.where for one in islice(spoilt_texts(both[0]), 0, None, NTH)}
    assert some >= {where for where, number in ways.items() if number >= NTH}
    fields = {entry.where[0] for entry in both[0]}
    # What it was laid over is merged into a scenario, so that no saved file holds it. Targets are tried by
    # themselves (test_declared_targets): the reference scenario is judged by those of the shipped plan.
    assert fields == set(Scenario.model_fields) - {"base", "overlays", "targets"}
    levers = {entry.where[1] for entry in both[0] if entry.where[0] == "levers" and len(entry.where) > 1}
    assert levers == set(lever_catalogue())
    written = {entry.where[1] for entries in both[2:] for entry in entries if len(entry.where) > 1}
    optional = {"end"} if all(lever.end is None for lever in lever_catalogue().values()) else set()
    assert written == set(Lever.model_fields) - {"id"} - optional


@pytest.mark.parametrize("lever", ["challenge_tenders", "culture_fund"])
def test_a_field_that_takes_a_text_or_a_number_is_spoilt_with_neither(lever: str, tmp_path: Path) -> None:
    entries = lever_entries(lever_catalogue()[lever])
    bad = [one for one in spoilt_texts(entries) if one.entry.key == "smallest_grant"]
    assert {"misspelt key", "null", "true", "list", "entries"} <= {one.way for one in bad}
    file = tmp_path / f"{lever}.yaml"
    for one in bad:
        file.write_text(one.text, encoding="utf-8")
        with pytest.raises(InputError):
            read_levers(tmp_path)
    (good,) = (entry for entry in entries if entry.key == "smallest_grant")
    for value in ("county_grant", "1.0"):
        file.write_text(render(entries).replace(good.line, good.with_value(value)), encoding="utf-8")
        assert str(read_levers(tmp_path)[lever].smallest_grant) == value


def test_each_spoilt_file_differs_in_its_own_line_only() -> None:
    entries = scenario_entries()
    good = render(entries).splitlines()
    for one in spoilt_texts(entries):
        bad = one.text.splitlines()
        more = len(bad) - len(good)
        assert bad[: one.line - 1] == good[: one.line - 1]
        assert bad[one.line + more :] == good[one.line :]
        assert bad[one.line - 1 : one.line + more] != good[one.line - 1 : one.line]


def test_misspellings_are_one_letter_away() -> None:
    found = list(misspellings("fund"))
    assert {"und", "ffund", "eund", "ufnd", "fun", "fude"} - set(found) == {"fude"}
    assert "fund" not in found


def test_the_command_prints_the_counts_and_ends_badly_if_one_is_taken(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    monkeypatch.setattr(spoilt_files, "try_levers", lambda folder, levers: Count(5, 5, ()))
    monkeypatch.setattr(spoilt_files, "try_scenario", lambda folder, dated=False: Count(3, 3, ()))
    monkeypatch.setattr(spoilt_files, "try_names", lambda folder: Count(20, 19, ("fnud",)))
    assert main([]) == 0
    out = capsys.readouterr().out
    assert "together: 11 tried, 11 refused, 0 not" in out and "suggested rightly (" in out
    monkeypatch.setattr(spoilt_files, "try_levers", lambda folder, levers: Count(5, 4, ("null: a: taken",)))
    assert main(["--all"]) == 1
    assert "null: a: taken" in capsys.readouterr().out
    assert main(["--al"]) == 2


CODINGS = {
    "GBK": ("gbk", "GBK"),
    "UTF-16": ("utf-16", "UTF-16"),
    "Latin": ("latin-1", "not UTF-8"),
}


@pytest.mark.parametrize("coding", CODINGS)
def test_a_whole_file_in_another_coding_is_refused(coding: str, tmp_path: Path) -> None:
    name, words = CODINGS[coding]
    file = tmp_path / "mine.yaml"
    text = "base: action_plan\ntitle_en: é\n" if coding == "Latin" else render(scenario_entries())
    file.write_bytes(text.encode(name, errors="replace"))
    with pytest.raises(InputError, match=words) as caught:
        load(file)
    assert caught.value.line is not None


def test_a_byte_order_mark_changes_nothing(tmp_path: Path) -> None:
    text = render(scenario_entries())
    file = tmp_path / "mine.yaml"
    file.write_text(text, encoding="utf-8-sig")
    assert load(file).hash == spoilt_files.reference_scenario().hash
