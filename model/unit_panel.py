"""The panel of single units: firms, banks, owners of research and cities by quarter, read off the tables.

It looks twice in a step: at the deals of finance before what is due is settled, since a loan may be granted
and lost within a quarter, and at everything at the step's end, before rows of closed firms go. It changes
nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from ..agents.fund import GUIDANCE
from ..agents.goods import SIGNED
from ..engine.books import SECTOR
from ..engine.columns import record_dtype
from .markets.demand import PRODUCERS
from .quarter import ventures
from .recorded_columns import SELLERS, UNITS

if TYPE_CHECKING:
    from collections.abc import Collection

    from .province import Province

Counts = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]
Table = npt.NDArray[Any]

_ENTERPRISE: Final = SECTOR["enterprise"]
_OUTSIDE: Final = SECTOR["outside"]
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)
"""Odd: the product is another number for each key."""

DTYPES: Final = {unit: record_dtype(columns) for unit, columns in UNITS.items()}


class UnitPanel:
    """Takes down units quarter by quarter.

    Parameters
    ----------
    province : Province
        On the eve of its first step.
    units : collection of str
        Kinds of unit of :data:`UNITS`.

    Attributes
    ----------
    quarters : dict of str to list of structured ndarray
        By kind of unit, one array a quarter.
    """

    def __init__(self, province: Province, units: Collection[str]) -> None:
        self.quarters: dict[str, list[Table]] = {unit: [] for unit in UNITS if unit in units}
        firms = province.enterprises.rows
        self._firms = np.sort(firms["key"])
        tied = firms["partner"] > 0
        self._pairs = np.unique(_pair(firms["key"][tied], firms["partner"][tied]))
        self._disclosed = _disclosed(province)
        self._before = self._totals(province)
        self._deals: dict[str, Counts] = {}
        self._of_banks: dict[str, Counts] = {}

    def table(self, unit: str) -> Table:
        """All quarters of a kind of unit so far in one array."""
        return np.concatenate([np.zeros(0, dtype=DTYPES[unit]), *self.quarters[unit]])

    def look_at_deals(self, province: Province) -> None:
        """Note loans and stakes of the step, and loans that are about to fail, before they are settled."""
        now, funds = province.now, province.funds.rows
        loans, stakes = province.finance.loans.rows, province.finance.stakes.rows
        covered, new = loans["share"] > 0.0, loans["granted"] == now.date
        failing = loans["open"] & loans["fails"] & (loans["due"] <= now.date + 0.5 * now.dt)
        bought = stakes["bought"] == now.date
        fund = funds[stakes["fund_row"]]
        guidance, public = fund["kind"] == GUIDANCE, fund["public_led"]
        firms, banks = len(province.enterprises), len(province.banks)

        def of_loans(which: npt.NDArray[np.bool_], what: str) -> Counts:
            return _sums(loans["firm_row"][which], loans[what][which], firms)

        def of_stakes(which: npt.NDArray[np.bool_]) -> Counts:
            return _sums(stakes["firm_row"][which], stakes["cost"][which], firms)

        self._deals = {
            "loan_programme": of_loans(new & covered, "principal"),
            "loan_ordinary": of_loans(new & ~covered, "principal"),
            "defaulted": of_loans(failing, "outstanding"),
            "stake_guidance_public": of_stakes(bought & guidance & public),
            "stake_guidance_private": of_stakes(bought & guidance & ~public),
            "stake_other_public": of_stakes(bought & ~guidance & public),
            "stake_other_private": of_stakes(bought & ~guidance & ~public),
        }
        self._of_banks = {
            "loans_programme": np.bincount(loans["bank"][new & covered], minlength=banks),
            "loans_ordinary": np.bincount(loans["bank"][new & ~covered], minlength=banks),
        }
        for name, which, what in (
            ("lent_programme", new & covered, "principal"),
            ("lent_ordinary", new & ~covered, "principal"),
            ("defaulted_programme", failing & covered, "outstanding"),
            ("defaulted_ordinary", failing & ~covered, "outstanding"),
        ):
            self._of_banks[name] = _sums(loans["bank"][which], loans[what][which], banks)

    def observe(self, province: Province) -> None:
        """Take down the units at the end of the step."""
        totals = self._totals(province)
        flows = {name: totals[name] - self._before[name] for name in totals}
        firms = self._firms_now(province)
        read = {
            "firm": lambda: firms,
            "bank": lambda: self._banks_now(province, flows),
            "owner": lambda: self._owners_now(province, flows),
            "city": lambda: _cities_now(province, firms),
        }
        quarter = province.quarter
        for unit, tables in self.quarters.items():
            table = read[unit]()
            table["year"], table["quarter"] = quarter.year, quarter.quarter
            tables.append(table)
        self._before = totals

    def _totals(self, province: Province) -> dict[str, Counts]:
        """Counters that only grow, whose rise is what happened in a step."""
        owners = _owners(province)
        return {
            "compensated": province.banks.rows["compensated"].copy(),
            **{name: owners[name].astype(np.int64) for name in ("ventures", "founded")},
        }

    def _firms_now(self, province: Province) -> Table:
        rows = province.enterprises.rows
        table = np.zeros(len(rows), dtype=DTYPES["firm"])
        same = ("key", "city", "field", "role", "large", "revenue", "rd", "relabelled", "research_user")
        for name in (*same, "intensity", "sold", "debt", "equity"):
            table[name] = rows[name]
        for name in ("certified", "registered", "incubated", "in_zone"):
            table[name] = rows[name] > 0
        table["age"] = province.now.date - rows["born"]
        table["size"] = rows["ln_size"] + rows["growth"]
        table["closed"] = rows["members"] == 0
        table["entered"] = ~np.isin(rows["key"], self._firms)
        self._firms = np.sort(rows["key"][rows["members"] > 0])
        for name, amounts in self._deals.items():
            table[name][: len(amounts)] = amounts
        self._note_purchases(province, table)
        return table

    def _note_purchases(self, province: Province, firms: Table) -> None:
        """Fill in what firms bought, of whom, and which partners are new to them."""
        contracts = province.contracts.rows
        signed = contracts[(contracts["state"] == SIGNED) & (contracts["buyer_sector"] == _ENTERPRISE)]
        for kind in SELLERS:
            own = signed[signed["seller_sector"] == SECTOR[kind]]
            firms[f"bought_{kind}"] = np.bincount(own["buyer_row"], minlength=len(firms))
            firms[f"paid_{kind}"] = _sums(own["buyer_row"], own["value"], len(firms))
        here = signed[signed["seller_sector"] != _OUTSIDE]
        sellers = np.empty(len(here), dtype=np.uint64)
        for kind in SELLERS[:-1]:
            own = here["seller_sector"] == SECTOR[kind]
            sellers[own] = province.tables[kind].rows["key"][here["seller_row"][own]]
        pairs, first = np.unique(_pair(firms["key"][here["buyer_row"]], sellers), return_index=True)
        unknown = ~np.isin(pairs, self._pairs, assume_unique=True)
        met = first[unknown]
        self._pairs = np.sort(np.concatenate([self._pairs, pairs[unknown]]))
        of_producer = here["seller_sector"] != _ENTERPRISE
        for name, which in (("partners_new", met), ("producers_new", met[of_producer[met]])):
            firms[name] = np.bincount(here["buyer_row"][which], minlength=len(firms))

    def _banks_now(self, province: Province, flows: dict[str, Counts]) -> Table:
        rows = province.banks.rows
        table = np.zeros(len(rows), dtype=DTYPES["bank"])
        for name in ("key", "city", "member", "threshold"):
            table[name] = rows[name]
        for name, amounts in self._of_banks.items():
            table[name] = amounts
        table["compensated"] = flows["compensated"]
        table["book_programme"], table["book_ordinary"] = rows["book"], rows["ordinary_book"]
        return table

    def _owners_now(self, province: Province, flows: dict[str, Counts]) -> Table:
        rows = _owners(province)
        table = np.zeros(len(rows), dtype=DTYPES["owner"])
        of_rights = ("inventor_share", "equity_share", "own_decision")
        for name in ("key", "city", "field", "rd", "staff", "reputation", "sold", *of_rights):
            table[name] = rows[name]
        numbers = [len(province.producers[kind]) for kind in PRODUCERS]
        table["kind"] = np.repeat(np.arange(len(PRODUCERS)), numbers)
        table["spin_offs"], table["firms_of_owner"] = flows["ventures"], flows["founded"]
        table["firms_of_people"] = ventures.firms_of_people(province)[0].numbers
        results, disclosed = province.results.rows, _disclosed(province)
        deals = province.contracts.rows
        deals = deals[(deals["state"] == SIGNED) & (deals["result"] >= 0)]
        licensed = results["licences"][deals["result"]] > 0
        told = results[results["disclosed"]]
        told = told[~np.isin(told["key"], self._disclosed)]
        self._disclosed = disclosed
        starts = np.cumsum([0, *numbers])
        for kind, start, end in zip(PRODUCERS, starts[:-1], starts[1:], strict=True):
            own = told["owner_row"][told["owner_sector"] == SECTOR[kind]]
            table["results_disclosed"][start:end] = np.bincount(own, minlength=end - start)
            for name, how in (("results_sold", ~licensed), ("results_licensed", licensed)):
                sellers = deals["seller_row"][how & (deals["seller_sector"] == SECTOR[kind])]
                table[name][start:end] = np.bincount(sellers, minlength=end - start)
        return table


def _cities_now(province: Province, firms: Table) -> Table:
    registry, contracts = province.registry, province.contracts.rows
    cities = len(province.names["city"])
    table = np.zeros(cities, dtype=DTYPES["city"])
    table["city"] = np.arange(cities)
    entered, closed = firms["entered"], firms["closed"]
    for name, which in (("firms", ~closed), ("entered", entered), ("closed", closed)):
        table[name] = np.bincount(firms["city"][which], minlength=cities)
    table["revenue"] = _sums(firms["city"][~closed], firms["revenue"][~closed], cities)
    table["sold_count"], table["sold_value"] = registry.city_count, registry.city_value
    table["bought_value"], table["within_value"] = registry.city_inflow, registry.city_within
    bought = contracts["registered"] & (contracts["buyer_sector"] != _OUTSIDE)
    table["bought_count"] = np.bincount(contracts["buyer_city"][bought], minlength=cities)
    table["rd"] = province.counts.research_by_city
    return table


def _owners(province: Province) -> Table:
    return np.concatenate([province.producers[kind].rows for kind in PRODUCERS])


def _disclosed(province: Province) -> Keys:
    rows = province.results.rows
    return np.asarray(rows["key"][rows["disclosed"]])


def _pair(buyers: Keys, sellers: Keys) -> Keys:
    """Give one number for a buyer and a seller; two pairs share one as rarely as two keys do."""
    return np.asarray(buyers * _MIX ^ sellers)


def _sums(rows: npt.NDArray[np.int32], amounts: Counts, length: int) -> Counts:
    """Sum whole yuan by row, exactly."""
    sums = np.zeros(length, dtype=np.int64)
    np.add.at(sums, rows, amounts)
    return sums
