"""What a page is sent, what is refused, and that numbers are those of `forecast`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import psutil
import pytest

from shaanxi_transfer import forecast, load
from shaanxi_transfer.reports.dashboard.answers import Limits
from shaanxi_transfer.reports.dashboard.door import MOST_BYTES

LINK = "scenario=action_plan&fund_size=8e9&voucher_budget=4e7&seed=3&lang=en"


@pytest.fixture(scope="module")
def answer(served: Any) -> Any:
    return served.answered("first", LINK)


@pytest.mark.parametrize(("lang", "code", "title"), [("zh", "zh-CN", "陕西"), ("en", "en", "Shaanxi")])
def test_the_page_needs_nothing_from_elsewhere(served: Any, lang: str, code: str, title: str) -> None:
    page = served.get(f"?lang={lang}&fund_size=8e9")
    assert page.code == 200 and f'<html lang="{code}">' in page.text and title in page.text
    loaded = re.findall(r"""(?:src|href)=["']([^"']*)""", page.text)
    assert {one for one in loaded if not one.startswith(("static/", "data:", "?"))} == set()
    for name in ("page.css", "page.js"):
        text = served.get(f"static/{name}").text
        assert not re.search(r"https?:|//[a-z]|url\(|\bimport\b", re.sub(r"(?m)^\s*//.*$", "", text)), name
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src 'self';" in policy
    assert 'data-lever="fund_size"' in page.text and 'data-value="8000000000.0"' in page.text


@pytest.mark.soak
def test_numbers_are_those_of_forecast(served: Any, answer: Any, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_bytes(served.get(f"answers/{answer['name']}/scenario.yaml").body)
    mine = load(file)
    assert mine.levers["fund_size"] == 8e9 and mine.title_en == "The action plan (changed)"
    whole = forecast(mine, runs=4, scale=0.01, seed=3, workers=0, out=tmp_path / "whole")
    mine_alone = whole.targets["scenario"].eq(mine.name) & whole.targets["probability"].notna()
    wanted = whole.targets[mine_alone].drop_duplicates("target")
    shown = dict(
        re.findall(r'data-target="(\w+)">.*?data-chance="([\d.]+)"', answer["cards"], flags=re.DOTALL)
    )
    assert shown == {row.target: f"{row.probability:.4f}" for row in wanted.itertuples()}
    assert len(shown) == 5


@pytest.mark.soak
def test_both_languages_hold_the_same_numbers_and_no_ids(served: Any, answer: Any) -> None:
    news = {
        lang: served.get(f"answers/{answer['name']}?lang={lang}", X_User="first").json
        for lang in ("zh", "en")
    }
    chances = [re.findall(r'data-chance="([\d.]+)"', one["cards"]) for one in news.values()]
    assert chances[0] == chances[1]
    for one in news.values():
        visible = re.sub(r"<[^>]*>", " ", one["cards"] + one["reading"])
        assert not re.search(r"[a-z]+_[a-z]+|~[0-9a-f]{6}", visible)
    assert "亿元" in news["zh"]["cards"] and "billion yuan" in news["en"]["cards"]


@pytest.mark.soak
def test_two_users_do_not_mix(served: Any, answer: Any) -> None:
    other = served.answered("second", "scenario=no_plan&seed=3&lang=en")
    assert other["name"] != answer["name"] and "no plan" not in other["status"]
    again = served.get(f"answers/{answer['name']}?lang=en", X_User="first").json
    assert again["cards"] == answer["cards"]
    served.get("leave", b"second")


def test_one_page_too_many_is_refused_and_others_stay(served: Any) -> None:
    wrong = "fund_sise=1"  # whoever asks takes a place, whatever is asked
    served.get("leave", b"first")
    for user in ("one", "two", "three"):
        assert served.ask(user, wrong).code == 422
    refused = served.ask("four", wrong)
    assert refused.code == 503 and refused.json == {"problem": "已有 3 个页面同时打开，请稍后再试。"}
    page = served.get("?lang=en")
    assert page.code == 503 and "3 pages are open at once" in page.text
    assert served.ask("one", wrong).code == 422
    for user in ("one", "two", "three"):
        assert served.get("leave", user.encode()).code == 204
    assert served.ask("four", wrong).code == 422
    served.get("leave", b"four")


@pytest.mark.parametrize(
    ("path", "body", "code", "problem"),
    [
        ("ask?lang=en", b"fund_sise=1", 422, "did you mean fund_size"),
        ("ask", b"fund_size=9e20", 422, "fund_size："),
        ("ask", b"fund_size=\xff\xfe", 422, "不是数字"),
        ("ask", b"x" * 9_000, 422, "个字符过多"),
        ("answers/0123456789abcdef", None, 422, "已不再保存"),
        ("answers/..%2f..%2fetc%2fpasswd/scenario.yaml", None, 404, "没有这个页面"),
        ("static/..%2fserver.py", None, 404, "没有这个页面"),
        ("static/server.py", None, 404, "没有这个页面"),
        ("answers/x?turn=soon", None, 422, "turn"),
    ],
)
def test_what_is_wrong_is_refused_in_one_sentence(
    served: Any, path: str, body: bytes | None, code: int, problem: str
) -> None:
    reply = served.get(path, body, X_User="first")
    assert reply.code == code and list(reply.json) == ["problem"]
    assert problem in reply.json["problem"] and "\n" not in reply.json["problem"]


def test_a_body_that_is_too_large_is_not_read(served: Any) -> None:
    reply = served.get("ask", b"x" * (MOST_BYTES + 1), X_User="first")
    assert reply.code == 413 and f"{MOST_BYTES}" in reply.json["problem"]


def test_a_link_that_is_wrong_shows_the_plan_and_says_so(served: Any) -> None:
    page = served.get("?lang=en&fund_size=<script>alert(1)</script>")
    assert page.code == 200 and "The link cannot be read" in page.text
    assert "<script>alert" not in page.text and "&lt;script&gt;" in page.text
    old = served.get("?lang=en&version=0.0.1")
    assert "made by version 0.0.1" in old.text


def test_this_machine_is_called_by_its_own_names_alone(served: Any) -> None:
    assert served.get("", Host="evil.example").code == 421


def test_other_machines_need_the_token(serve_with: Any) -> None:
    with serve_with(host="0.0.0.0") as served:
        _, _, token = served.address.partition("?")
        assert served.get().code == served.get("?token=guess").code == served.ask("a", LINK).code == 401
        cookie = f"policy_desk={token.removeprefix('token=')}"
        assert served.get("static/page.css", Cookie=cookie).code == 200
        assert served.get("static/page.css", Cookie="policy_desk=guess").code == 401


@pytest.mark.soak
def test_tables_figures_and_stories_are_there(served: Any, answer: Any) -> None:
    tables = served.get(f"answers/{answer['name']}/tables.xlsx?lang=en")
    assert tables.body.startswith(b"PK") and ".xlsx" in tables.headers["content-disposition"]
    brief = served.get(f"answers/{answer['name']}/brief.html?lang=zh")
    assert (
        brief.code == 200 and "<html" in brief.text and "attachment" in brief.headers["content-disposition"]
    )
    assert served.get(f"answers/{answer['name']}/figures/nothing.svg").json["problem"].startswith("figure")
    fans = served.get(f"answers/{answer['name']}/figures/fans.svg?lang=zh")
    assert fans.code == 200 and b"<svg" in fans.body[:400]
    story = served.get(f"answers/{answer['name']}/story?future=0&lang=en").json["story"]
    assert "The action plan (changed)" in story and story.count("<h3>") == 3
    assert "there is no future 20" in served.get(f"answers/{answer['name']}/story?future=20").json["problem"]


@pytest.mark.soak
def test_a_killed_worker_is_replaced(serve_with: Any) -> None:
    with serve_with(Limits(stages=(2,), scale=0.01, workers=1)) as served:
        served.answered("a", "seed=5", futures=2)
        (process,) = [
            one for one in psutil.Process().children(recursive=True) if "spawn_main" in str(one.cmdline())
        ]
        process.kill()
        news = served.answered("a", "seed=5&fund_size=0", futures=2)
        assert news["share"] == 1.0 and 'data-target="trained_people"' in news["cards"]
