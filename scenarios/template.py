"""A scenario file to fill in: every lever named, with its unit, its bounds and what the plan makes of it.

It says nothing until a ``#`` is taken away (or a cell is filled), so that it is in order as it stands.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal

from ..engine.errors import InputError, nearest
from .choosing.catalogue import lever_catalogue
from .choosing.plan_text import tasks_of_the_plan
from .choosing.schema import TASKS, Lever
from .loading import SUFFIXES, load
from .reading.workbook import WORKBOOK
from .writing.saving import write_text
from .writing.workbook import write_template_workbook

__all__ = ["write_template"]

Language = Literal["en", "zh"]

_HEAD: Final[dict[Language, str]] = {
    "en": """\
# A scenario. What stands here lies over the base; a line that begins with # says nothing until the #
# is taken away. The command check tells what is wrong in it, or how it differs from its base.
# Money is in whole yuan (2.0e7, not 2000 wan), shares are fractions (0.5, not 50 %), quarters YYYY-Qn.
base: {base}

# name: my_scenario          # the file's name if absent
# title_en: My scenario
# title_zh: 我的情景
# note: why these numbers
# end: 2025-Q4               # last quarter
# plan_start: 2019-Q1        # nothing differs before it; levers' own dates move with it
# overlays: [half_budget]    # laid over the base in this order; see: list scenarios
# delay_quarters: 4          # every start so many quarters later; or by all, money, task_22, a lever
# scaled: {{money: 0.5}}       # share of the plan's step that is taken; by all, money, task_22, a lever

# A lever takes one of: plan, no_plan, keep (as in the base), a number in place of the plan's, or dates:
#   voucher_budget:
#     2019-Q1: 1.0e7
#     2020-Q1: 3.0e7
# A line for a task holds for all of its levers; the narrower line wins.
levers:
  all: keep
""",
    "zh": """\
# 情景文件。此处所写覆盖在基准情景之上；以 # 开头的行去掉 # 后才生效。
# 用 check 命令可查看其中的错误，或与基准情景的差异。
# 金额以元计（2.0e7，不写2000万），比例用小数（0.5，不写50%），季度写作 YYYY-Qn。
base: {base}

# name: my_scenario          # 名称，缺省为文件名
# title_en: My scenario
# title_zh: 我的情景
# note: 取值理由
# end: 2025-Q4               # 最后一个季度
# plan_start: 2019-Q1        # 此前各情景相同；各工具的起止日期随之移动
# overlays: [half_budget]    # 依次覆盖在基准之上；可用 list scenarios 查看
# delay_quarters: 4          # 全部推迟的季度数；也可按 all、money、task_22 或单个工具写
# scaled: {{money: 0.5}}       # 按方案调整幅度的比例；可按 all、money、task_22 或单个工具写

# 每个政策工具可取：plan（方案）、no_plan（无方案）、keep（同基准）、代替方案值的数值，或分时段取值：
#   voucher_budget:
#     2019-Q1: 1.0e7
#     2020-Q1: 3.0e7
# 任务行对其全部工具有效，范围较窄者优先。
levers:
  all: keep
""",
}

_TAIL: Final[dict[Language, str]] = {
    "en": """
# Parameters may be held at a number instead of being drawn; see: list parameters
# parameters:
#   NAME: 0.5
""",
    "zh": """
# 参数可固定为某一数值而不再抽取；可用 list parameters 查看
# parameters:
#   NAME: 0.5
""",
}


def write_template(path: Path, base: str = "action_plan", language: Language = "en") -> Path:
    """Write a scenario file to fill in, YAML or a workbook by its suffix.

    Parameters
    ----------
    path : Path
        A new file.
    base : str
        A scenario's name or file, upon which the new one lies.
    language : {'en', 'zh'}
        Language of the comments in YAML; a workbook has both.

    Raises
    ------
    InputError
        If the base is refused, the suffix is none of ours, or the file is there already.
    """
    if path.suffix not in SUFFIXES:
        raise InputError(
            f"{path.name!r} has no known kind of file",
            key="file",
            allowed=f"a name that ends in {', '.join(SUFFIXES)}",
            suggestion=f"{path.stem}{nearest(path.suffix, SUFFIXES) or SUFFIXES[0]}",
        )
    load(base)
    if Path(base).is_file():
        # A file names its base as seen from itself, not from where it was made.
        base = Path(os.path.relpath(base, path.parent)).as_posix()
        base = base if "/" in base else f"./{base}"
    if path.suffix == WORKBOOK:
        return write_template_workbook(path, base)
    text = _HEAD[language].format(base=_quoted(base)) + "\n".join(_levers(language)) + "\n" + _TAIL[language]
    return write_text(path, text, new=True)


def _quoted(base: str) -> str:
    plain = base.replace("_", "").replace(".", "").replace("/", "").isalnum()
    return base if plain else "'" + base.replace("'", "''") + "'"


def _levers(language: Language) -> Iterator[str]:
    """Write each task with its levers, all behind a ``#``."""
    by_task: dict[str, list[Lever]] = {task: [] for task in TASKS}
    for lever in lever_catalogue().values():
        by_task[lever.selector].append(lever)
    for task, levers in by_task.items():
        if not levers:
            continue
        yield f"\n  # {tasks_of_the_plan()[task].partition('。')[0]}"
        yield f"  # {task}: no_plan"
        for lever in levers:
            title = lever.title_en if language == "en" else lever.title_zh
            facts = f"{title}; {lever.unit}, {lever.low:g} … {lever.high:g}"
            levels = f"no_plan {lever.level_before:g}, plan {lever.plan:g} ({lever.start})"
            yield f"  # {lever.id}: {_number(lever.plan)}  # {facts}; {levels}"


def _number(value: float) -> str:
    """Write a number as a person would type it: whole ones plainly, large ones with a power of ten."""
    if value != int(value):
        return repr(value)
    if abs(value) < 1e5:
        return f"{int(value)}"
    mantissa, _, power = f"{value:.15e}".partition("e")
    digits = mantissa.rstrip("0")
    return f"{digits}0e{int(power)}" if digits.endswith(".") else f"{digits}e{int(power)}"
