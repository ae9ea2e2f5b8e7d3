"""The market: who finds access, whom he meets, what he pays, and what is counted of it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.agents.enterprise import BOTH, BUYER
from shaanxi_transfer.agents.goods import (
    BROKERED, CONSULTING, PLATFORM, PROPOSED, REFUSED, SEARCH, SERVICE, SIGNED, TIE, TRANSFER, VOUCHER,
)  # fmt: skip
from shaanxi_transfer.engine import luck
from shaanxi_transfer.engine.books import SECTOR, SECTORS
from shaanxi_transfer.model.markets import access, contracting, directory, market, outside_sales
from shaanxi_transfer.model.state import registry

FIRM, OUTSIDE, UNIVERSITY = SECTOR["enterprise"], SECTOR["outside"], SECTOR["university"]
GOVERNMENT = SECTOR["government"]


@pytest.mark.parametrize(("dt", "chance"), [(0.25, 0.3), (1.0 / 12.0, 1.0 - 0.7 ** (1.0 / 3.0))])
def test_a_chance_of_a_quarter_holds_for_any_step(small: Any, dt: float, chance: float) -> None:
    small.now.dt = dt
    assert access.chance_of_step(0.3, small.now) == pytest.approx(chance)


def test_sub_centres_help_outside_the_capital(small: Any) -> None:
    parameters = small.set("trade", contact_probability=0.4, subcentre_contact=0.0)
    assert access.contact_chances(3, 1, parameters, small.now) == pytest.approx([0.4] * 3)
    parameters.subcentre_contact = 0.25
    assert access.contact_chances(3, 1, parameters, small.now) == pytest.approx([0.55, 0.4, 0.55])


def ways_of(small: Any, contact: float, platform: float = 0.0) -> tuple[tuple[int, int], list[float], list[float]]:
    parameters = small.set("trade", platform_chance=platform)
    needs = small.needs.rows
    wanted = int(needs["open"].sum())
    streams, ways, line = np.zeros(len(needs), np.uint64), np.zeros(wanted), np.zeros(wanted)
    arguments = (parameters, small.now, small.seed, streams, ways, line)
    found, waiting = access.find_ways(needs, np.array([contact, 0.0]), *arguments)
    return (found, waiting), ways.tolist(), line[:waiting].tolist()


def test_a_need_finds_a_seller_the_platform_or_a_place_in_the_line(small: Any) -> None:
    one = small.add(small.needs, open=1, budget=1000, type=SERVICE)
    stream = luck.stream(small.seed, access.SEARCHING, one.key, small.step)
    contact, claim, platform = (luck.pick(stream, k) for k in (access.CONTACT, access.CLAIM, access.ON_PLATFORM))
    above, below = 1 + 1e-9, 1 - 1e-9
    assert ways_of(small, contact * above) == ((1, 0), [access.BY_ITSELF], [])
    assert ways_of(small, contact * below) == ((0, 1), [claim], [claim])
    assert ways_of(small, 0.0, platform * above) == ((1, 0), [access.OVER_THE_PLATFORM], [])
    assert ways_of(small, 0.0, platform * below) == ((0, 1), [claim], [claim])
    one.city = 1
    assert ways_of(small, 1.0)[0] == (0, 1), "another city, another chance"
    one.type, one.city = TRANSFER, 0
    assert ways_of(small, 0.0, 0.999999) == ((0, 0), [access.NOT_AT_ALL], [])
    assert ways_of(small, 0.999999999)[0] == (1, 0)
    one.type, one.budget = SERVICE, 999
    assert ways_of(small, 1.0, 0.999999) == ((0, 0), [access.NOT_AT_ALL], [])
    one.budget, one.open = 1000, 2
    second = luck.pick(stream, access.ALL_DRAWS + access.CLAIM)
    assert ways_of(small, 0.0) == ((0, 2), [claim, second], [claim, second])


@pytest.mark.parametrize(("capacity", "last"), [(0, 0.0), (1, 0.2), (2, 0.5), (3, 1.0), (9, 1.0)])
def test_brokers_serve_the_front_of_the_line(small: Any, capacity: int, last: float) -> None:
    for part in (capacity // 2, capacity - capacity // 2):
        small.add(small.brokers, capacity=part)
    assert access.last_served(np.array([0.5, 0.9, 0.2]), small.brokers.rows) == last


def test_a_partner_is_asked_again_while_it_sells(small: Any) -> None:
    for role, partner in ((BUYER, 11), (BOTH, 0), (BUYER, 10), (BUYER, 99)):
        small.firm(key=10 + len(small.enterprises), role=role, partner=partner)
    keys = small.enterprises.rows["key"].copy()
    rows = []
    for sector, buyer in ((FIRM, 0), (FIRM, 1), (FIRM, 2), (FIRM, 3), (UNIVERSITY, 0)):
        need = small.add(small.needs, buyer_sector=sector, buyer_row=buyer)
        rows.append(market.partner_row(need, small.enterprises.rows, keys))
    assert rows == [1, -1, -1, -1, -1]
    small.enterprises.rows["members"][1] = 0
    assert market.partner_row(small.needs.rows[0], small.enterprises.rows, keys) == -1


def test_a_client_goes_to_a_broker_with_time(small: Any) -> None:
    for capacity in (1, 0, 3):
        small.add(small.brokers, capacity=capacity)
    brokers = small.brokers.rows
    hours = market.hours_of_brokers(brokers)
    assert hours.tolist() == [0, 2, 2, 2]
    assert [market.broker_for(u, hours, brokers) for u in (0.24, 0.26, 0.99)] == [0, 2, 2]
    brokers["capacity"][2] = 0
    assert market.broker_for(0.99, hours, brokers) == 0, "passed on around the table"


def test_a_producer_is_found_by_its_cumulative_chance() -> None:
    cumulative = np.array([[[0.25, 0.25, 1.0]]])
    guide = np.searchsorted(cumulative[0, 0], np.arange(4) / 4)[None, None]
    assert [market.producer_row(u, 0, 0, cumulative, guide) for u in (0.1, 0.25, 0.26, 0.99)] == [0, 0, 2, 2]


@pytest.mark.parametrize(
    ("attraction", "size"), [(0.0, 0), (1.0, 4), (0.99, 3), (2.0, 5), (127.0, 10), (128.0, 11), (1e9, 11), (1e-9, 0)]
)  # fmt: skip
def test_classes_span_a_factor_of_two(attraction: float, size: int) -> None:
    assert directory.size_class(attraction) == size


def listing(small: Any, reach: Any = None) -> directory.Listing:
    one = directory.Directory(2, small.enterprises.rows)
    one.enter(small.enterprises.rows)
    return one.listing(np.ones((2, 2)) if reach is None else reach)


def test_sellers_are_found_by_field_size_and_place(small: Any) -> None:
    for field, attraction, city, role in ((0, 1.0, 0, BOTH), (0, 3.0, 1, BOTH), (1, 1.0, 0, BUYER), (1, 5.0, 0, BOTH)):
        small.firm(field=field, attraction=attraction, city=city, role=role)
    found = listing(small)

    def choose(u: float, field: int, where: directory.Listing = found) -> int:
        return directory.choose_seller(u, np.uint64(3), 0, field, 0, where)

    # A quarter of the attraction of the first field is the small one's.
    assert [choose(u, 0) for u in (0.249, 0.251, 0.999)] == [0, 1, 1] and choose(0.5, 1) == 3
    assert found.buckets["upto"][[11, 23]].tolist() == [4.0, 5.0]
    away = listing(small, np.array([[1.0, 0.0], [1.0, 1.0]]))
    assert choose(0.251, 0, away) == -1, "out of reach"
    small.enterprises.rows["role"] = BUYER
    assert choose(0.5, 0, listing(small)) == -1


def meet(small: Any, way: float, destination: int, last: float = 1.0, **numbers: float) -> Any:
    """Let the open needs meet somebody of a destination; values are certain."""
    parameters = small.set(
        "trade", **{
            "import_brokerage": 0.0, "tie_probability": 0.0, "commission_ln_sd": 0.0, "contract_value_ln_sd": 0.0,
            "contract_value_cap": 1e12, "platform_value_cap": 1e12, **numbers,
        }
    )  # fmt: skip
    needs = small.needs.rows
    streams = np.array([luck.stream(small.seed, access.SEARCHING, key, small.step) for key in needs["key"]])
    small.contracts.close(0)
    small.contracts.reserve(8)
    sellers = market.Sellers(
        small.enterprises.rows, np.ascontiguousarray(small.enterprises.rows["key"]), listing(small),
        np.full((3, 2, 1), 1.0), np.zeros((3, 2, 128), dtype=np.int64), np.full((3, 1), 1),
        np.array([0.0] * destination + [1.0] * (5 - destination)),
        np.array([OUTSIDE, 0, 1, 2, FIRM]), np.array([1e4, 2e4, 3e4, 4e4, 5e4]), np.array([1.0, 1.1, 1.2, 1.3]),
    )  # fmt: skip
    small.contracts.close(
        market.meet_needs(
            needs, streams, np.full(int(needs["open"].sum()), way), last, sellers, small.brokers.rows, parameters,
            small.now, small.seed, small.contracts.storage, 0,
        )
    )  # fmt: skip
    return small.contracts.rows


@pytest.fixture
def needy(small: Any) -> Any:
    """A firm that wants advice for 99 thousand at most, one that sells, and a broker with two deals to close."""
    small.firm(role=BUYER, key=1, partner=2)
    small.firm(role=BOTH, key=2, attraction=1.0, value_scale=1.5, city=1)
    small.add(small.brokers, capacity=2)
    small.add(small.needs, buyer_sector=FIRM, buyer_row=0, type=CONSULTING, budget=99_000, scale=0.5, open=1)
    return small


# Mean of the destination, half of it for the buyer's projects, 1.2 for advice, and a yuan for rounding.
@pytest.mark.parametrize(
    ("destination", "sector", "row", "city", "value"),
    [(0, OUTSIDE, 0, -1, 6001), (1, 0, 0, 1, 12_001), (2, 1, 0, 1, 18_001), (3, 2, 0, 1, 24_001), (4, FIRM, 1, 1, 45_001)],
)  # fmt: skip
def test_a_contract_is_worth_what_seller_buyer_and_type_make_it(
    needy: Any, destination: int, sector: int, row: int, city: int, value: int
) -> None:
    (one,) = meet(needy, access.BY_ITSELF, destination)
    assert (one.seller_sector, one.seller_row, one.seller_city, one.value) == (sector, row, city, value)
    assert (one.buyer_sector, one.buyer_row, one.type, one.channel, one.need) == (FIRM, 0, CONSULTING, SEARCH, 0)
    assert (one.state, one.result, one.broker, one.inventor_part) == (PROPOSED, -1, -1, 0)
    (one,) = meet(needy, access.OVER_THE_PLATFORM, destination, platform_value_cap=5000.9)
    assert (one.value, one.channel) == (5000, PLATFORM)
    needy.needs.rows["budget"] = 4000
    assert meet(needy, access.OVER_THE_PLATFORM, destination, platform_value_cap=5000.9)["value"].tolist() == [4000]


def test_values_vary_by_the_kind_of_seller(needy: Any) -> None:
    needy.needs.rows["budget"] = 10**9
    stream = luck.stream(needy.seed, access.SEARCHING, needy.needs.rows["key"][0], needy.step)
    z = luck.quick_normal_quantile(luck.pick(stream, access.WORTH))
    for destination, sd in ((0, 0.5), (1, 0.25), (2, 0.25), (3, 0.25), (4, 0.5)):
        certain = int(meet(needy, access.BY_ITSELF, destination)["value"][0]) - 1
        (one,) = meet(needy, access.BY_ITSELF, destination, contract_value_ln_sd=0.5, commission_ln_sd=0.25)
        assert one.value == int(certain * math.exp(sd * z - 0.5 * sd * sd) + 0.5) + 1


def test_a_known_partner_is_asked_with_its_chance_and_only_by_who_looks_himself(needy: Any) -> None:
    stream = luck.stream(needy.seed, access.SEARCHING, needy.needs.rows["key"][0], needy.step)
    tie = luck.pick(stream, access.TIE_DRAW)
    assert meet(needy, access.BY_ITSELF, 4, tie_probability=tie * (1 + 1e-9))["channel"].tolist() == [TIE]
    assert meet(needy, access.BY_ITSELF, 4, tie_probability=tie * (1 - 1e-9))["channel"].tolist() == [SEARCH]
    assert meet(needy, access.OVER_THE_PLATFORM, 4, tie_probability=1.0)["channel"].tolist() == [PLATFORM]
    assert meet(needy, 0.5, 4, tie_probability=1.0)["channel"].tolist() == [BROKERED]


def test_brokers_serve_as_long_as_they_have_time_then_partners_abroad_do(needy: Any) -> None:
    (one,) = meet(needy, 0.5, 4, last=0.5)
    assert (one.channel, one.broker, needy.brokers.rows["capacity"].tolist()) == (BROKERED, 0, [1])
    assert len(meet(needy, 0.5, 4, last=0.49)) == 0 and needy.brokers.rows["capacity"].tolist() == [1]
    stream = luck.stream(needy.seed, access.SEARCHING, needy.needs.rows["key"][0], needy.step)
    abroad = luck.pick(stream, access.ABROAD)
    (one,) = meet(needy, 0.5, 4, last=0.49, import_brokerage=abroad * (1 + 1e-9))
    assert (one.channel, one.broker, one.seller_sector) == (BROKERED, -1, OUTSIDE)
    assert len(meet(needy, 0.5, 4, last=0.49, import_brokerage=abroad * (1 - 1e-9))) == 0
    assert len(meet(needy, access.NOT_AT_ALL, 4)) == 0


def test_nobody_buys_from_himself_and_transfers_come_from_outside(needy: Any) -> None:
    needy.needs.rows["buyer_row"] = 1
    assert len(meet(needy, access.BY_ITSELF, 4)) == 0
    needy.needs.rows["buyer_sector"] = GOVERNMENT
    assert len(meet(needy, access.BY_ITSELF, 4)) == 1, "another sector's second row"
    needy.needs.rows["buyer_sector"], needy.needs.rows["buyer_row"] = SECTOR["military_unit"], 0
    assert [len(meet(needy, access.BY_ITSELF, destination)) for destination in (1, 2, 3)] == [1, 1, 0]
    needy.needs.rows["buyer_row"], needy.needs.rows["type"] = 1, TRANSFER
    assert [len(meet(needy, access.BY_ITSELF, destination)) for destination in range(5)] == [1, 0, 0, 0, 0]


def sell(small: Any, admitted: float = 1.0, threshold: float = 0.0) -> tuple[int, Any]:
    parameters = small.set("trade", contract_value_cap=1e12)
    small.now.entry_threshold = threshold
    counted = registry.Registry(2)
    total = outside_sales.sell_outside(
        small.enterprises.rows, FIRM, np.array([1.0, 0.0]), np.array([0.25, 0.0]), 0.5, 1000.0, 0.0,
        np.array([0.0, 0.0, 1.0, 1.0]), np.array([9.0, 9.0, 2.0, 9.0]), admitted, parameters, small.now, small.seed,
        counted.tally, counted.city_value, counted.city_count,
    )  # fmt: skip
    return total, counted


def test_sales_outside_are_counted_one_by_one_and_paid_in_one_sum(small: Any) -> None:
    for city in (1, 0):
        small.firm(attraction=40.0, value_scale=1.5, city=city, sold=7)
    u = [small.draw(luck.mechanism("number of contracts with the outside"), key) for key in small.enterprises.rows["key"]]
    first, second = (luck.poisson_quantile(each, 20.0) for each in u)
    total, counted = sell(small)
    tally = counted.tally
    assert small.enterprises.rows["sold"].tolist() == [3001 * first, 3001 * second]
    assert total == 3001 * (first + second) == tally.signed_value == tally.signed_by_seller[FIRM]
    assert tally.signed_count == first + second and tally.refused == 0
    assert counted.city_value.tolist() == [0, 3001 * first] and counted.city_count.tolist() == [0, first]
    assert (tally.value_by_type[2], tally.count_by_type[2]) == (3001 * first, first)
    assert tally.high_tech_signed == tally.high_tech_value == int(0.25 * 3001 * first + 0.5)
    outside_sales.receive(small.enterprises.rows, FIRM, small.purse, small.flows)
    assert small.enterprises.rows["cash"].tolist() == [3001 * first, 3001 * second]
    assert small.paid("contract", "outside", "enterprise") == total
    small.books.close()


def test_fewer_are_admitted_and_the_others_counted_as_refused(small: Any) -> None:
    for _ in range(2):
        small.firm(attraction=40.0, value_scale=1.5)
    small.enterprises.rows["attraction"][1] = 0.0
    key = small.enterprises.rows["key"][0]
    number = sell(small)[0] // 3001
    stream = luck.stream(small.seed, outside_sales.SALE, key, small.step)
    admitted = sum(luck.pick(stream, 5 * k + 2) < 0.4 for k in range(number))
    total, counted = sell(small, admitted=0.4)
    assert total == 3001 * admitted and counted.tally.refused == number - admitted
    # Half of the registering sellers' contracts are as small as the threshold.
    entered = sum(luck.pick(stream, 5 * k + 4) < 3001 / 4001 for k in range(number))
    assert sell(small, threshold=1000.0)[1].city_count.tolist() == [entered, 0]


def test_the_registry_counts_by_seller_type_city_and_size(small: Any) -> None:
    counted = registry.Registry(2)
    tally = counted.tally
    for value in (9_999_999, 10_000_000):
        registry.count_sold(tally, FIRM, 1, value, 1, counted.city_value, counted.city_count)
    assert (tally.value_by_seller[FIRM], tally.count_by_seller[FIRM], tally.count_by_type[1]) == (19_999_999, 2, 2)
    assert (tally.major_value, tally.major_count) == (10_000_000, 1)
    registry.count_bought(tally, 5, 1, counted.city_inflow)
    assert (tally.inflow_value, tally.inflow_count, counted.city_inflow.tolist()) == (5, 1, [0, 5])
    assert tally.value_by_seller.sum() == tally.value_by_type.sum() == counted.city_value.sum()
    small.now.entry_threshold = 300.0
    assert registry.entry_chance(100, small.now) == 0.25
    assert registry.coverage_of_imports(0.8, 2013.0, 0.15) == pytest.approx(0.8 * math.exp(-0.15))


def register(small: Any) -> Any:
    counted = registry.Registry(2)
    contracting.register(
        small.contracts.rows, small.enterprises.rows, *(small.producers[kind].rows for kind in SECTORS[:3]),
        small.now, small.seed, counted.tally, counted.city_value, counted.city_count, counted.city_inflow,
        counted.city_within,
    )  # fmt: skip
    return counted


def deal(small: Any, seller: int, buyer: int, **columns: Any) -> Any:
    given = {
        "seller_sector": seller, "buyer_sector": buyer, "seller_city": 0, "buyer_city": 0, "value": 100,
        "state": SIGNED, "buyer_row": 1, **columns,
    }  # fmt: skip
    return small.add(small.contracts, key=len(small.contracts) + 1, **given)


def test_signed_contracts_are_entered_by_the_sellers_habit_and_counted(small: Any) -> None:
    small.now.entry_threshold, small.now.coverage_of_imports = 0.0, 1.0
    small.firm(members=4, registered=4, certified=1, key=10)
    small.firm(members=4, key=11)
    for kind in SECTORS[:3]:
        small.add(small.producers[kind], registered=1.0)
    deal(small, FIRM, OUTSIDE)
    deal(small, FIRM, FIRM, buyer_city=1, value=10)
    deal(small, FIRM, FIRM, value=7)
    deal(small, FIRM, FIRM, state=REFUSED)
    deal(small, OUTSIDE, FIRM, value=3, seller_city=-1)
    for sector in range(3):
        deal(small, sector, GOVERNMENT, value=1000 * (1 + sector))
    deal(small, FIRM, OUTSIDE, seller_row=1, value=50)
    counted = register(small)
    tally = counted.tally
    assert small.contracts.rows["registered"].tolist() == [True, True, True, False, True, True, True, True, False]
    assert (tally.refused, tally.signed_count, tally.signed_value) == (1, 7, 6167)
    assert (tally.local_value, tally.inflow_value, tally.inflow_count) == (6017, 6020, 6)
    assert tally.signed_by_seller[[0, 1, 2, FIRM]].tolist() == [1000, 2000, 3000, 167]
    assert tally.value_by_seller[[0, 1, 2, FIRM]].tolist() == [1000, 2000, 3000, 117]
    assert counted.city_value.tolist() == [6117, 0] and counted.city_inflow.tolist() == [6010, 10]
    assert counted.city_within.tolist() == [6007, 0]
    assert small.enterprises.rows["sold"].tolist() == [117, 50]
    assert [int(small.producers[kind].rows["sold"][0]) for kind in SECTORS[:3]] == [1000, 2000, 3000]
    assert tally.high_tech_signed == tally.high_tech_value == 25 + 3 + 2


@pytest.mark.parametrize("seller", [FIRM, UNIVERSITY, OUTSIDE])
def test_entry_is_drawn_by_habit_and_size(small: Any, seller: int) -> None:
    small.now.entry_threshold = 0.0
    firm, house = small.firm(members=10**9), small.add(small.producers["university"])
    one = deal(small, seller, GOVERNMENT)
    stream = luck.stream(small.seed, contracting.REGISTRY, 1, small.step)
    habit, entry = luck.pick(stream, 0), luck.pick(stream, 1)
    for side in (-1, 1):
        share = habit * (1 + side * 1e-5)
        house.registered = small.now.coverage_of_imports = share
        firm.registered = int(share * 10**9)
        register(small)
        assert one.registered == (side > 0)
    for side in (-1, 1):
        # A value of 100 is entered with the chance 100 / (100 + threshold), what comes from outside always.
        small.now.entry_threshold = 100.0 * (1.0 / (entry * (1 + side * 1e-9)) - 1.0)
        register(small)
        assert one.registered == (side > 0 or seller == OUTSIDE)


def test_a_buyer_keeps_the_tie_of_the_largest_priority_but_none_of_a_voucher(small: Any) -> None:
    small.now.entry_threshold = 0.0
    for k in range(4):
        small.firm(key=10 + k, partner=99)
    deal(small, FIRM, FIRM, seller_row=2, buyer_row=0, priority=0.9)
    deal(small, FIRM, FIRM, seller_row=3, buyer_row=0, priority=0.8)
    deal(small, FIRM, FIRM, seller_row=2, buyer_row=1, priority=0.9, channel=VOUCHER)
    deal(small, FIRM, OUTSIDE, seller_row=2, buyer_row=3, priority=0.9)
    register(small)
    assert small.enterprises.rows["partner"].tolist() == [12, 99, 99, 99]
