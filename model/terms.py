"""The parameters of a run as small records, one for each family of rules.

Handing a record to a compiled rule costs 0.04 microseconds for each of its fields,
so that a record of all parameters would cost more than most rules' loops. Which
fields a family needs is read off its files: every ``parameters.name`` in them.
"""

from __future__ import annotations

import ast
import functools
import inspect
from collections.abc import Mapping
from types import ModuleType
from typing import Any

from ..agents import (
    bank,
    broker,
    buying,
    enterprise,
    founding,
    fund,
    incubator,
    loan,
    producer,
    result,
    selling,
    stake,
    tenancy,
    trainee,
    voucher,
)
from ..engine.columns import number_record
from . import market, offers, voucher_market


@functools.cache
def names_read(module: ModuleType) -> frozenset[str]:
    """Names of the parameters that the functions of a file read.

    Parameters
    ----------
    module : module

    Returns
    -------
    frozenset of str
        Every ``name`` in an expression ``parameters.name``.
    """
    return frozenset(
        node.attr
        for node in ast.walk(ast.parse(inspect.getsource(module)))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "parameters"
    )


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
        def record(*modules: ModuleType) -> Any:
            names = frozenset().union(*(names_read(module) for module in modules))
            return number_record({name: values[name] for name in names})

        self.firms = record(enterprise, founding)
        self.producers = record(producer)
        self.results = record(result, offers)
        self.trade = record(buying, selling, market, voucher_market)
        # An investor's money makes a firm grow, which measures it anew.
        self.finance = record(bank, fund, loan, stake, voucher, enterprise)
        self.people = record(broker, incubator, tenancy, trainee)
