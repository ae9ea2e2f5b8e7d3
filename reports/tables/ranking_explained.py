"""What ``explain`` says of an item's place in the committed ranking."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from ..places import reference_file
from ..words.phrases import Language, say
from .ranking_rows import both_ways, explained_line, of_quantity

__all__ = ["RANKING_FILE", "ranking_lines"]

RANKING_FILE: Final = Path("results") / "reference" / "ranking_shaanxi.csv"


def ranking_lines(item: str, by: str, language: Language, file: Path | None = None) -> Iterator[str]:
    """Give an item's line for each target it moves, as first counted; or say why there is none.

    Parameters
    ----------
    item : str
        A task, or a lever.
    by : {'task', 'lever'}
    language : Language
    file : Path, optional
        A table of ``rank``; the committed one by default.
    """
    import pandas as pd

    from ...experiments.keeping.provenance import basis_of
    from ...experiments.planning.door_to_model import loaded
    from .experiment_folder import model_definitions

    where = file or reference_file(RANKING_FILE.name)
    shown = str(file) if file is not None else RANKING_FILE.as_posix()
    if where is None or not where.is_file():
        yield say("advice.ranking_absent", language, file=shown)
        return
    table = pd.read_csv(where).fillna({"counting": ""})
    if set(table["basis"]) != {basis_of(loaded(str(table["scenario"].iloc[0])))}:
        yield say("advice.ranking_older", language, file=shown)
        return
    if by not in set(table["by"]):
        yield say("advice.ranking_absent", language, file=shown)
        return
    definitions, lines = model_definitions(), []
    for name, target in definitions.targets.items():
        rows = of_quantity(table, by, name, next(iter(target.countings)))
        for pair in both_ways(rows):
            if pair[0]["item"] == item:
                lines.append(explained_line(pair, rows["item"].nunique(), definitions, language))
    yield say("advice.ranking_of" if lines else "advice.ranking_nothing", language, file=shown)
    yield from (f"  {line}" for line in lines)
