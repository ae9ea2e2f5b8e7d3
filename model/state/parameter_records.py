"""The parameters of a run as small records, one for each family of rules.

Handing a record to a compiled rule costs 0.04 microseconds for each of its fields,
so that a record of all parameters would cost more than most rules' loops. Which
fields a family needs is read off its files: every ``parameters.name`` in them.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Mapping
from typing import Any

from ...engine.columns import number_record
from ..places import PACKAGE


@functools.cache
def names_read(file: str) -> frozenset[str]:
    """Names of the parameters that the functions of a file read.

    Parameters
    ----------
    file : str
        Path inside the package, for example ``agents/enterprise.py``.

    Returns
    -------
    frozenset of str
        Every ``name`` in an expression ``parameters.name``.
    """
    tree = ast.parse((PACKAGE / file).read_text(encoding="utf-8"))
    return frozenset(
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "parameters"
    )


def _agents(*names: str) -> tuple[str, ...]:
    return tuple(f"agents/{name}.py" for name in names)


@functools.cache
def _names_of_family(*files: str) -> tuple[str, ...]:
    return tuple(sorted(frozenset[str]().union(*(names_read(file) for file in files))))


class Terms:
    """Records of one run's parameters, to hand to rules.

    Parameters
    ----------
    values : mapping of str to float
        All parameters of the run.

    Attributes
    ----------
    firms, producers, results, trade, finance, people : record
        What the rules of that family read.
    """

    def __init__(self, values: Mapping[str, float]) -> None:
        def record(*files: str) -> Any:
            return number_record(values, _names_of_family(*files))

        self.firms = record(*_agents("enterprise", "closing", "founding"))
        self.producers = record(*_agents("producer"))
        self.results = record(*_agents("result", "census"), "model/markets/offers.py")
        self.trade = record(
            *_agents("buying", "selling"),
            "model/markets/access.py",
            "model/markets/market.py",
            "model/quarter/support_contracts.py",
        )
        # An investor's money makes a firm grow, which measures it anew.
        self.finance = record(
            *_agents("bank", "fund", "loan", "stake", "voucher", "grants", "enterprise", "standing"),
            *_agents("broker_fund", "closing"),
            "model/quarter/city_funds.py",
        )
        self.people = record(*_agents("broker", "incubator", "tenancy", "trainee"))
