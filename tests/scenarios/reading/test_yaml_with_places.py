from __future__ import annotations

import time
from pathlib import Path

import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.scenarios import problems_of
from shaanxi_transfer.scenarios.places import SCENARIOS
from shaanxi_transfer.scenarios.reading import yaml_with_places
from shaanxi_transfer.scenarios.reading.likely_meaning import meant_quarter, number_in
from shaanxi_transfer.scenarios.reading.yaml_with_places import (
    LARGEST_FILE,
    read_text,
    read_yaml,
    read_yaml_text,
)


def test_plain_values_are_read_by_the_core_schema() -> None:
    text = (
        "a: 1\nb: 1e-3\nc: .5\nd: no\ne: true\nf: 2018-04-01\ng: 012\n"
        "h: '7'\ni: [x, 2.0]\n中文: 值\nj: 1_000\n"
    )
    data = read_yaml_text(text, "f.yaml").data
    assert data == {
        "a": 1,
        "b": 1e-3,
        "c": 0.5,
        "d": "no",
        "e": True,
        "f": "2018-04-01",
        "g": 12,
        "h": "7",
        "i": ["x", 2.0],
        "中文": "值",
        "j": 1000,
    }
    assert isinstance(data["a"], int) and isinstance(data["e"], bool)


def test_every_entry_has_its_place() -> None:
    places = read_yaml_text("a:\n  b: 1\n  c:\n    - x\n    - y\n", "f.yaml").places
    assert places.key_places[("a", "b")] == (2, 3)
    assert places.value_places[("a", "b")] == (2, 6)
    assert places.value_places[("a", "c", "1")] == (5, 7)


SPOILED = [
    ("a:\n\tb: 1\n", 2, "tab"),
    ("a: 1\na: 2\n", 2, "repeated, first seen in line 1"),
    ("x:\n  a: 1\n  b: 2\n  a: 3\n", 4, "repeated, first seen in line 2"),
    ("a:\nb: 1\n", 1, "null"),
    ("a: ~\n", 1, "null"),
    ("a: 1\nb: null\n", 2, "null"),
    ("a: [1, null]\n", 1, "null"),
    ("a: .nan\n", 1, "not a finite number"),
    ("a: NaN\n", 1, "not a finite number"),
    ("b: 1\na: -.inf\n", 2, "not a finite number"),
    ("a: inf\n", 1, "not a finite number"),
    ("a: 1e999\n", 1, "not a finite number"),
    ("a: &x 1\nb: *x\n", 1, "anchor"),
    ("a: 1\nb: *x\n", 2, "alias"),
    ("a: !!python/object/apply:os.system [ls]\n", 1, "tag"),
    ("a: 1\n<<: {b: 2}\n", 2, "merge key"),
    ("a: 1\n---\nb: 2\n", 2, "second document"),
    ("? [a, b]\n: 1\n", 1, "as a key"),
    ("- a\n- b\n", 1, "does not hold entries"),
    ("only words\n", 1, "does not hold entries"),
    ("a: [1, 2\nb: 3\n", 2, "not readable as YAML"),
    ("a: 'open\n", None, "not readable as YAML"),
    ("a: {b: {c: {d: {e: {f: {g: {h: {i: {j: {k: {l: {m: 1}}}}}}}}}}}}\n", 1, "too deep"),
    ("", None, "empty"),
    ("# nothing but a comment\n", None, "empty"),
]


@pytest.mark.parametrize(("text", "line", "words"), SPOILED, ids=[repr(row[0][:24]) for row in SPOILED])
def test_spoiled_yaml_is_refused_with_its_line(text: str, line: int | None, words: str) -> None:
    with pytest.raises(InputError) as caught:
        read_yaml_text(text, "some file.yaml")
    assert words in str(caught.value)
    assert caught.value.file == "some file.yaml"
    assert "\n" not in str(caught.value)
    if line is not None:
        assert caught.value.line == line
        assert caught.value.column is not None and caught.value.column >= 1


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("5%", "0.05"),
        ("55％", "0.55"),
        ("1e-3", "0.001"),
        ("5,000，000", "5e6"),
        ("2000万", "2e7"),
        ("0.2 亿元", "2e7"),
        ("80亿元", "8e9"),
        ("6.0e9 yuan", "6e9"),
        ("５", "5"),
        ("五成", None),
        ("nan", None),
        ("", None),
        (7, None),
    ],
)
def test_the_number_that_was_meant(text: object, meant: str | None) -> None:
    assert number_in(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2019Q1", "2019-Q1"),
        ("2019-q1", "2019-Q1"),
        ("2019 q4", "2019-Q4"),
        ("２０１９-Q1", "2019-Q1"),
        ("2019年第3季度", "2019-Q3"),
        ("2019-05-01", "2019-Q2"),
        ("2019/12", "2019-Q4"),
        ("2019年7月", "2019-Q3"),
        ("2019-13-01", None),
        ("2019", None),
        ("2019-Q5", None),
    ],
)
def test_the_quarter_that_was_meant(text: str, meant: str | None) -> None:
    assert meant_quarter(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("levers:\n  fund_size：5.0e9\n  voucher_budget: 1e7\n", "fund_size: 5.0e9"),
        ("base：action_plan\nlevers:\n  fund_size: 5.0e9\n", "base: action_plan"),
        ("# 说明：a\nlevers:\n a: 1\n   b: 2\n", None),
    ],
)
def test_a_wide_colon_is_recognised(text: str, meant: str | None) -> None:
    with pytest.raises(InputError, match="not readable as YAML") as caught:
        read_yaml_text(text, "f.yaml")
    assert caught.value.suggestion == meant


def test_all_problems_are_found_at_once() -> None:
    with pytest.raises(InputError) as caught:
        read_yaml_text("a: null\nb: .inf\nb: 3\n", "f.yaml")
    assert [error.line for error in problems_of(caught.value)] == [1, 2, 3]
    assert "and 2 more" in str(caught.value)


def test_alias_bomb_costs_nothing() -> None:
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n" for i in range(1, 60))
    begun = time.perf_counter()
    with pytest.raises(InputError, match="anchor"):
        read_yaml_text(bomb, "bomb.yaml")
    assert time.perf_counter() - begun < 2.0


@pytest.mark.parametrize(
    "text", ["[" * 50_000, "{a: " * 20_000, "- " * 20_000, "a: " + "[" * 5000 + "]" * 5000]
)
def test_deep_nesting_ends_in_one_line(text: str) -> None:
    with pytest.raises(InputError):
        read_yaml_text(text, "deep.yaml")


def test_codings_are_named(tmp_path: Path) -> None:
    gbk = tmp_path / "gbk.yaml"
    gbk.write_bytes("a: 1\ntitle: 行动方案\n".encode("gbk"))
    with pytest.raises(InputError, match=r"gbk\.yaml:2:8: .*GBK.*UTF-8"):
        read_yaml(gbk)
    wide = tmp_path / "wide.yaml"
    wide.write_bytes("a: 1\n".encode("utf-16"))
    with pytest.raises(InputError, match="UTF-16"):
        read_yaml(wide)


def test_byte_order_mark_is_harmless(tmp_path: Path) -> None:
    path = tmp_path / "marked.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert read_yaml(path).data == {"a": 1}


def test_missing_folder_large_and_binary_files(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        read_text(tmp_path / "absent.yaml")
    with pytest.raises(InputError, match="folder"):
        read_text(tmp_path)
    large = tmp_path / "large.yaml"
    large.write_bytes(b"#" * (LARGEST_FILE + 1))
    with pytest.raises(InputError, match="bytes"):
        read_text(large)
    binary = tmp_path / "binary.yaml"
    binary.write_bytes(b"a: 1\0\n")
    with pytest.raises(InputError, match="zero byte"):
        read_text(binary)


def test_both_parsers_read_the_same_of_the_package() -> None:
    """Data and the line and column of each entry; large files alike are left to one of their kind."""
    files = [*SCENARIOS.glob("*.yaml"), *SCENARIOS.glob("levers/*.yaml"), *SCENARIOS.glob("named/*.yaml")]
    files += [*SCENARIOS.glob("overlays/*.yaml"), *SCENARIOS.glob("p*/gansu/*.yaml")]
    assert len(files) > 40
    for file in files:
        text = read_text(file)
        quickly, slowly = (read_yaml_text(text, file.name, quickly=quick) for quick in (True, False))
        assert quickly.data == slowly.data
        assert quickly.places.key_places == slowly.places.key_places
        assert quickly.places.value_places == slowly.places.value_places


def test_a_file_of_the_package_that_was_broken_is_refused_in_the_words_for_users(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "f.yaml"
    file.write_text("a: 1\nb：2\n", encoding="utf-8")
    with pytest.raises(InputError) as of_a_user:
        read_yaml(file)
    monkeypatch.setattr(yaml_with_places, "SCENARIOS", tmp_path.resolve())
    with pytest.raises(InputError) as of_the_package:
        read_yaml(file)
    assert str(of_the_package.value) == str(of_a_user.value)
