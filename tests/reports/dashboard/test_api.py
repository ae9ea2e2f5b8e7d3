"""Programs ask as pages do: a scenario in, tables out, refusals in one sentence."""

from __future__ import annotations

import io
import json
import time
from typing import Any

import pandas as pd
import pytest


def test_what_programs_may_ask_is_described(served: Any) -> None:
    described = served.get("api/openapi.json").json
    assert set(described["paths"]) == {
        "/api/forecasts",
        "/api/forecasts/{forecast}",
        "/api/forecasts/{forecast}/{table}.json",
        "/api/forecasts/{forecast}/{table}.parquet",
    }
    assert "levers" in described["components"]["schemas"]["Asked"]["properties"]


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ({"scenario": "action_plam"}, "did you mean action_plan"),
        ({"levers": {"fund_sise": 1}}, "did you mean fund_size"),
        ({"levers": {"fund_size": 9e20}}, "is too large"),
        ({"file": "/etc/passwd"}, "file: "),
        ({"seed": "soon"}, "seed: "),
    ],
)
def test_a_wrong_question_is_refused_in_one_sentence(served: Any, asked: Any, problem: str) -> None:
    reply = served.get("api/forecasts", json.dumps(asked).encode(), Content_Type="application/json")
    assert reply.code == 422 and problem in reply.json["problem"] and "\n" not in reply.json["problem"]


def test_without_being_asked_for_there_is_no_such_door(serve_with: Any) -> None:
    with serve_with(api=False) as closed:
        assert closed.get("api/openapi.json").code == closed.get("api/forecasts", b"{}").code == 404


@pytest.mark.soak
def test_a_program_gets_the_tables_of_the_page(served: Any) -> None:
    asked = {"levers": {"fund_size": 8e9, "voucher_budget": 4e7}, "seed": 3}
    told = served.get("api/forecasts", json.dumps(asked).encode(), Content_Type="application/json").json
    name = told["forecast"]
    while told["futures"] < told["last"]:
        time.sleep(0.2)
        told = served.get(f"api/forecasts/{name}").json
        assert told["problem"] == ""
    rows = pd.DataFrame(served.get(f"api/forecasts/{name}/targets.json").json)
    same = pd.read_parquet(io.BytesIO(served.get(f"api/forecasts/{name}/targets.parquet").body))
    assert list(rows.columns) == list(same.columns) and rows["target"].nunique() == 5
    page = served.answered("page", told["link"])
    assert f'data-chance="{same["probability"].dropna().iloc[0]:.4f}"' in page["cards"]
    served.get("leave", b"page")
    assert served.get(f"api/forecasts/{name}/nothing.json").code == 422
