"""A page from a template has no hole in it, and its numbers are written alike everywhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import UndefinedError

from shaanxi_transfer.studies import templates
from shaanxi_transfer.studies.templates import page_of


def filled(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str, **numbers: object) -> str:
    monkeypatch.setattr(templates, "STUDIES", folder)
    (folder / "page.md.j2").write_text(text, encoding="utf-8")
    return page_of("page.md.j2", numbers)


def test_a_name_that_is_not_there_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UndefinedError, match="provinces"):
        filled(tmp_path, monkeypatch, "In {{ provinces }} provinces.\n", province=3)


def test_a_line_that_only_decides_leaves_no_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "{% for name in names %}\n  {% if name %}\n- {{ name }}\n  {% endif %}\n{% endfor %}\nend\n"
    assert filled(tmp_path, monkeypatch, text, names=["a", "", "b"]) == "- a\n- b\nend\n"


def test_a_table_has_a_line_for_each_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = '{% call(name, x) table("name | x", rows) %}\n{{ name }} | {{ x }}\n{% endcall %}\nend\n'
    told = filled(tmp_path, monkeypatch, text, rows=[("a", 1), ("", "")])
    assert told == "| name | x |\n|---|---|\n| a | 1 |\n|  |  |\nend\n"


@pytest.mark.parametrize("cells", ["{{ x }} | 2", "", "{{ x }}\n"])
def test_a_row_with_another_number_of_cells_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cells: str
) -> None:
    text = f'{{% call(x) table("x | y | z", rows) %}}\n{cells}\n{{% endcall %}}\n'
    with pytest.raises(ValueError, match=r"is not one line of the cells 'x \| y \| z'"):
        filled(tmp_path, monkeypatch, text, rows=[1])


def test_a_cell_of_two_lines_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="is not one line"):
        text = '{% call(x) table("x", rows) %}\n{{ x }}\n{% endcall %}\n'
        filled(tmp_path, monkeypatch, text, rows=["a\nb"])


@pytest.mark.parametrize(
    ("written", "value", "said"),
    [
        ("x | fixed(2)", 0.126, "0.13"),
        ("x | fixed(2)", float("nan"), ""),
        ("x | signed", 0.0031, "+0.003"),
        ("x | signed", float("nan"), ""),
        ("x | significant", 0.50, "0.5"),
        ("x | significant(2)", 1.34e-6, "1.3e-06"),
        ("x | thousands", 12345.0, "12,345"),
        ("x | number", 2_196_000_000, "2.196 billion"),
        ("x | code", "turn", "`turn`"),
        ("x | cell", "a | b\n c", "a / b c"),
        ("x | enumerated", ["2013"], "2013"),
        ("x | enumerated", ["2013", "2014", "2015"], "2013, 2014 and 2015"),
        ("x | in_both_languages", "shanxi", "shanxi (山西)"),
        ("x | in_chinese", "shanxi", "山西"),
        ("x | in_chinese", "elsewhere", "elsewhere"),
    ],
)
def test_values_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str, value: object, said: str
) -> None:
    assert filled(tmp_path, monkeypatch, f"{{{{ {written} }}}}", x=value) == said
