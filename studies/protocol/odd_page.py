"""The model by the ODD+D protocol; its words are in `odd.md.j2`, the Chinese overview is `odd_zh.md.j2`."""

from __future__ import annotations

import csv
import importlib
import pkgutil
from collections import Counter
from typing import Any, Final

import pandas as pd

from ... import agents, model
from ...agents import goods
from ...agents.kind import kinds
from ...agents.view import RowView
from ...engine.words import Language, say
from ...model import ecosystem, start
from ...model.indicators.every_indicator import BY_CITY, INDICATORS
from ...model.targets import TARGETS
from ...scenarios import TASKS, lever_catalogue, load
from ...scenarios.choosing.declared_targets import shipped_plan
from ...scenarios.places import LEVER_FOLDER
from ..published_effects.registered import registered
from ..templates import page_of
from .quarter_in_order import first_sentence, quarter_in_order

__all__ = ["odd_page"]

_GOODS: Final = {
    "Need": goods.NEED_COLUMNS,
    "Contract": goods.CONTRACT_COLUMNS,
    "Result": goods.RESULT_COLUMNS,
}
_DATA: Final = LEVER_FOLDER.parent
_OF_AGENTS: Final = ("__init__", "kind", "view", "census", "goods")
"""Files of agents in which nobody decides."""


def odd_page(language: Language) -> str:
    """Write the description; in Chinese its overview alone."""
    plan = load("action_plan")
    pack, parameters, plan_time = plan.pack(), plan.parameter_table(), shipped_plan()
    levers = lever_catalogue().values()
    rules = ecosystem.rules_of_the_quarter().values()
    with (_DATA / "fields.csv").open(encoding="utf-8", newline="") as file:
        fields = list(csv.DictReader(file))
    return page_of(
        "protocol/odd.md.j2" if language == "en" else "protocol/odd_zh.md.j2",
        {
            "kinds": [_kind(kind, language) for kind in kinds()],
            "goods": [(name, [column.name for column in columns]) for name, columns in _GOODS.items()],
            "cities": len(pack.cities),
            "zones": len(pack.zones),
            "fields": [row[f"title_{language}"] for row in fields],
            "plan": plan_time,
            "targets": list(TARGETS.values()),
            "calls": _calls(),
            "years_before": {"research": start.RESEARCH_YEARS, "trade": start.TRADE_YEARS},
            "rules": Counter(rule.compiled for rule in rules),
            "submodels": _submodels(),
            "indicators": len(INDICATORS),
            "by_city": len(BY_CITY),
            "parameters": Counter(one.kind for one in parameters.values()),
            "mechanisms": Counter(one.mechanism for one in parameters.values()).most_common(),
            "levers": Counter(lever.kind for lever in levers),
            "tasks": len(TASKS),
            "series": _series(pack.series),
            "observed": Counter(pack.observed["use"]),
            "studies": _studies(),
        },
    )


def _kind(kind: Any, language: Language) -> dict[str, Any]:
    view = RowView.OF[kind.sector]
    return {
        "name": view.__name__,
        "title": say(f"protocol.kind_{kind.sector}", language),
        "told": first_sentence(view),
        "columns": [column.name for column in kind.columns],
    }


def _calls() -> list[dict[str, str]]:
    """List the calls of a step; a heading stands beside the first call below it alone."""
    rows, above = [], ""
    for call in quarter_in_order():
        rows.append({**call._asdict(), "heading": "" if call.heading == above else call.heading})
        above = call.heading
    return rows


def _submodels() -> list[dict[str, Any]]:
    """List the files in which decisions and markets stand, with what each says of itself."""
    found = []
    for package, folders in ((agents, [""]), (model, ["quarter.", "markets.", "state."])):
        for folder in folders:
            place = importlib.import_module(f"{package.__name__}.{folder}".rstrip("."))
            for one in pkgutil.iter_modules(place.__path__):
                if one.ispkg or one.name in _OF_AGENTS or (package is model and not folder):
                    continue
                module = importlib.import_module(f"{place.__name__}.{one.name}")
                name = module.__name__.split(".", 1)[1]
                found.append({"name": name, "told": first_sentence(module)})
    return found


def _series(series: pd.DataFrame) -> list[dict[str, Any]]:
    """Tell each yearly series of the province: unit, years, source."""
    own = series[series["scope"] == "province"]
    return [
        {
            "name": name,
            "unit": rows["unit"].iloc[0],
            "years": f"{rows['year'].min()}–{rows['year'].max()} ({len(rows)})",
            "source": "; ".join(dict.fromkeys(rows["source"])),
        }
        for name, rows in own.groupby("indicator", sort=False)
    ]


def _studies() -> list[dict[str, Any]]:
    """List the studies with which effects of the model are compared, each once."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for figure in registered().values():
        one = found.setdefault((figure.study, figure.place), {"outcomes": {}, "use": {}})
        one["outcomes"][figure.outcome] = one["use"][figure.kind_of_use] = None
    return [
        {"study": study, "place": place, "outcomes": "; ".join(one["outcomes"]), "use": ", ".join(one["use"])}
        for (study, place), one in found.items()
    ]
