"""What passes between the plain agents: needs, contracts, money and what the registry counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shaanxi_transfer.agents.goods import PROPOSED
from shaanxi_transfer.model.state.registry import MAJOR

if TYPE_CHECKING:
    from plain_agents import Buyer, Enterprise, Seller


@dataclass
class Holder:
    """All beyond the province, or its households: one purse."""

    sector: str
    cash: int


@dataclass(slots=True, eq=False)
class Need:
    """What a buyer wants; nobody wants it any more when the buyer has left."""

    key: int
    buyer: Buyer | None
    type: int
    field: int
    units: int
    budget: int
    expires: int
    open: int
    claims: int = 0


@dataclass(slots=True, eq=False)
class Contract:
    """What a seller and a buyer agreed on; ``None`` stands for somebody outside."""

    key: int
    seller: Seller | None
    buyer: Buyer | None
    type: int
    channel: int
    need: Need | None
    inventor_part: int
    value: int
    priority: float
    state: int = PROPOSED
    registered: bool | None = None


@dataclass
class Registry:
    """What is counted of the contracts of a step, by kind of seller, type and city."""

    signed_value: int = 0
    signed_count: int = 0
    refused: int = 0
    local_value: int = 0
    inflow_value: int = 0
    inflow_count: int = 0
    major_value: int = 0
    major_count: int = 0
    high_tech_signed: int = 0
    high_tech_value: int = 0
    relabelled_value: int = 0
    parts_more: int = 0
    rewards_due: int = 0
    small_left_out: int = 0
    entered_by_offices: int = 0
    signed_by_seller: Counter[str] = field(default_factory=Counter)
    value_by_seller: Counter[str] = field(default_factory=Counter)
    count_by_seller: Counter[str] = field(default_factory=Counter)
    value_by_type: Counter[int] = field(default_factory=Counter)
    count_by_type: Counter[int] = field(default_factory=Counter)
    city_value: Counter[int] = field(default_factory=Counter)
    city_count: Counter[int] = field(default_factory=Counter)
    city_inflow: Counter[int] = field(default_factory=Counter)
    city_within: Counter[int] = field(default_factory=Counter)

    def sign(self, seller: Seller, number: int, value: int) -> None:
        """Count contracts of a seller of the province, registered or not."""
        self.signed_count += number
        self.signed_value += value
        self.signed_by_seller[seller.sector] += value

    def enter_sale(self, seller: Seller, kind: int, value: int, parts: int) -> None:
        """Enter a contract whose seller is in the province, in so many parts."""
        self.value_by_seller[seller.sector] += value
        self.count_by_seller[seller.sector] += parts
        self.value_by_type[kind] += value
        self.count_by_type[kind] += parts
        self.city_value[seller.city] += value
        self.city_count[seller.city] += parts
        if value >= MAJOR * parts:
            self.major_value += value
            self.major_count += parts

    def enter_purchase(self, buyer: Buyer, seller: Seller | None, value: int) -> None:
        """Enter a contract whose buyer is in the province."""
        self.inflow_value += value
        self.inflow_count += 1
        self.city_inflow[buyer.city] += value
        if seller is not None and seller.city == buyer.city:
            self.city_within[seller.city] += value

    def count_high_tech(self, firm: Enterprise, signed: int, registered: int) -> None:
        """Count what the certified members of an enterprise sold."""
        share = firm.certified / max(1, firm.members)
        self.high_tech_signed += int(share * signed + 0.5)
        self.high_tech_value += int(share * registered + 0.5)
