"""A part of the quarter with plain Mesa agents: the oracle of the compiled rules, and the peer to beat.

The part: enterprises' sizes (once a year), earning and research, needs, sales to the outside,
clearing and registering of contracts, the habit of registration, certification, closing down.
Who meets whom (search, brokers, offers of results) is not in it: the proposals are taken
from the model.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from plain_agents import Buyer, Enterprise, MilitaryUnit, Seller, Treasury
from plain_goods import Contract, Registry
from plain_luck import mechanism
from plain_province import PlainProvince

from shaanxi_transfer.agents.enterprise import BUYER
from shaanxi_transfer.agents.goods import REFUSED, SIGNED, VOUCHER
from shaanxi_transfer.engine.books import SECTORS

REGISTRY = mechanism("entry of a contract in the registry")
STEP_DOWN = 0.99


class PlainQuarter(PlainProvince):
    """What happens in a step, part by part in the order of the world."""

    def drift(self) -> None:
        """2. Once a year sizes wander."""
        self.agents_by_type[Enterprise].do("drift")

    def operate(self) -> None:
        """2. Enterprises earn and do research."""
        self.agents_by_type[Enterprise].do("operate")

    def voice_needs(self) -> None:
        """5. Old needs lapse, new ones are voiced."""
        step = self.now.step
        self.needs = [need for need in self.needs if need.open > 0 and need.expires > step]
        appetite = {kind.sector: 0.0 for kind in (Treasury, MilitaryUnit, Enterprise)}
        for buyers in self.kinds(Buyer):
            for buyer in buyers:
                appetite[buyer.sector] += buyer.appetite
        self.needs_per_appetite = {
            sector: self.wanted[sector] / total if total > 0.0 else 0.0 for sector, total in appetite.items()
        }
        for kind in (Treasury, MilitaryUnit, Enterprise):
            self.agents_by_type[kind].do("voice_needs")

    def sell_outside(self) -> None:
        """6. The outside buys here, within its budget: a multiple of what it is expected to spend."""
        attraction: dict[str, float] = defaultdict(float)
        expected: dict[str, float] = defaultdict(float)
        for sellers in self.kinds(Seller):
            for seller in sellers:
                attraction[seller.sector] += seller.attraction
                expected[seller.sector] += seller.attraction * seller.value_scale
        fields = len(self.brought)
        self.sales_per_attraction = {
            sector: [self.sales_wanted[sector] / total if total > 0.0 else 0.0] * fields
            for sector, total in attraction.items()
        }
        if attraction["enterprise"] > 0.0 < self.sales_wanted["enterprise"]:
            self.sales_per_attraction["enterprise"] = self.orders_by_field()
        spending = {kind: wanted * self.sale_value[kind] for kind, wanted in self.sales_wanted.items()}
        # Producers' values are means over their kind, enterprises' are for one of mean size.
        spending["enterprise"] *= expected["enterprise"] / max(attraction["enterprise"], 1e-9)
        self.outside_budget = sum(spending.values()) * self.headroom
        self.admitted = 1.0
        while True:
            self.registry = Registry()
            for sellers in self.kinds(Seller):
                sellers.do("sell_outside")
            spent = self.registry.signed_value
            if spent <= self.outside_budget:
                break
            self.admitted *= min(self.outside_budget / spent, STEP_DOWN)
        self.outside_left = round(self.outside_budget) - spent

    def orders_by_field(self) -> list[float]:
        """Contracts that the outside places with a point of an enterprise's attraction in each field."""
        wanted, attraction = self.sales_wanted["enterprise"], [0.0] * len(self.brought)
        for firm in self.agents_by_type[Enterprise]:
            attraction[firm.field] += firm.attraction
        brought = [each if there > 0.0 else 0.0 for each, there in zip(self.brought, attraction, strict=True)]
        helped = self.online + sum(brought)
        most = min(1.0, min(self.in_vain, wanted) / helped) if helped > 0.0 else 1.0
        found = wanted - most * ((1.0 - self.additional) * helped - self.online)
        of_all = found / sum(attraction)
        return [
            of_all + (most * each / there if there > 0.0 else 0.0)
            for each, there in zip(brought, attraction, strict=True)
        ]

    def take_proposals(self, contracts: Iterable[Any]) -> None:
        """Take over who proposes what to whom (not timed: the markets are not in this part)."""
        self.contracts = []
        for row in contracts:
            need = self.needs[row.need] if row.need >= 0 else None
            self.contracts.append(
                Contract(
                    row.key.item(),
                    self.found.get((SECTORS[row.seller_sector], int(row.seller_row))),
                    self.found.get((SECTORS[row.buyer_sector], int(row.buyer_row))),
                    int(row.type),
                    int(row.channel),
                    need,
                    int(row.inventor_part),
                    int(row.value),
                    float(row.priority),
                )
            )

    def clear(self) -> None:
        """8. Sales outside are paid; claims are met as far as money and needs go, contested ones by lot."""
        for sellers in self.kinds(Seller):
            sellers.do("receive")
        self.claims: dict[Any, list[Contract]] = defaultdict(list)
        self.settled: list[Contract] = []
        self.contested: list[Contract] = []
        for contract in self.contracts:
            if contract.buyer is None:
                self.contested.append(contract)
            else:
                self.claims[contract.buyer].append(contract)
            if contract.need is not None:
                contract.need.claims += 1
        for buyers in self.kinds(Buyer):
            buyers.do("look_over_claims")
        self.contested.sort(key=lambda claim: claim.priority)
        for contract in self.settled + self.contested:
            self.conclude(contract)

    def conclude(self, contract: Contract) -> None:
        """Sign a contract if the buyer can pay and still wants it."""
        buyer, seller, need, value = contract.buyer, contract.seller, contract.need, contract.value
        contract.state = REFUSED
        free = self.outside_left if buyer is None else buyer.cash - buyer.reserve
        if free < value or (need is not None and need.open == 0):
            return
        if need is not None:
            need.open -= 1
        if buyer is None:
            self.outside_left -= value
        self.pay(buyer or self.outside, seller or self.outside, value, "contract")
        if contract.inventor_part > 0:
            self.pay(seller or self.outside, self.households, contract.inventor_part, "inventor_share")
        contract.state = SIGNED

    def register(self) -> None:
        """8. The registry takes note; buyers remember their partners."""
        latest: dict[Any, float] = {}
        for contract in self.contracts:
            if contract.state != SIGNED:
                self.registry.refused += 1
                continue
            self.enter(contract)
            buyer, seller = contract.buyer, contract.seller
            if (
                isinstance(buyer, Enterprise)
                and isinstance(seller, Enterprise)
                and contract.channel != VOUCHER
            ):
                if contract.priority > latest.get(buyer, 0.0):
                    latest[buyer] = contract.priority
                    buyer.partner = seller.key

    def enter(self, contract: Contract) -> None:
        """Enter a signed contract in the registry if its seller has the habit."""
        buyer, seller, value, registry = contract.buyer, contract.seller, contract.value, self.registry
        chances = self.luck.stream(REGISTRY, contract.key, self.now.step)
        if seller is None:
            contract.registered = chances.pick(0) < self.now.coverage_of_imports
        else:
            habit, place = chances.pick(0) < seller.share_registering(), chances.pick(1)
            contract.registered = self.register_sale(seller, contract.type, value, habit, place, chances, 0)
            seller.sold += value
            registry.sign(seller, 1, value)
            seller.note_sale(value, value if contract.registered else 0)
            if buyer is not None:
                registry.local_value += value
        if contract.registered and buyer is not None:
            registry.enter_purchase(buyer, seller, value)

    def adopt_registration(self) -> None:
        """9. The habit of registering spreads."""
        terms, now = self.terms, self.now
        sellers = self.agents_by_type[Enterprise].select(lambda firm: firm.role != BUYER)
        share = sum(sellers.get("registered")) / max(1, sum(sellers.get("members")))
        hazard = terms.registration_hazard + terms.registration_imitation * share
        if now.date < terms.registration_market_opens:
            hazard *= terms.registration_hazard_before_market_factor
        self.registration_hazard = hazard
        late = now.date >= terms.registration_small_from
        self.registration_extra = terms.registration_small_extra if late else 0.0
        self.agents_by_type[Enterprise].do("adopt_registration")

    def certify(self) -> None:
        """9. Certificates are won and lost."""
        self.agents_by_type[Enterprise].do("certify")

    def close_down(self) -> None:
        """9. Members exit."""
        self.agents_by_type[Enterprise].do("close_down")
