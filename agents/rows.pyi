"""Fields of a row of each population and ledger, as declared beside it.

Made by `python -m shaanxi_transfer.studies.upkeep.describe_types agents`; do not edit.
"""

from typing import Any, Self

import numpy as np
import numpy.typing as npt

class Key:
    """Identity of an actor or a good: a word of 64 bits, to which a plain 0 for nobody may be given."""

    def __get__(self, row: object, kind: object = None) -> np.uint64: ...
    def __set__(self, row: object, key: np.uint64 | int) -> None: ...

class Row:
    """What all rows have: their fields are also found under their names, as NumPy scalars."""

    def __getitem__(self, name: str, /) -> Any: ...
    def __setitem__(self, name: str, value: Any, /) -> None: ...
    def copy(self) -> Self: ...

class BankRow(Row):
    """A row of agents.bank.COLUMNS."""

    key: Key
    """Identity: province and ordinal (key)."""
    city: int
    """Seat, index into the pack's cities (code)."""
    member: bool
    """Takes part in the compensation programme (switch)."""
    share: float
    """Share of a loss that the programme promises it, while there is a pool (fraction)."""
    capacity: int
    """Technology loans that it will grant in a year at most (yuan/year)."""
    lent: int
    """Technology loans granted in the current year, in the programme or not (yuan)."""
    book: int
    """Technology loans of the programme outstanding (yuan)."""
    ordinary_book: int
    """Technology loans outside the programme outstanding (yuan)."""
    threshold: float
    """Score above which it lends without compensation (points)."""
    experience: float
    """Its own losses over its loans, averaged over the years (fraction)."""
    lost: int
    """Losses of the current year that it bore itself (yuan)."""
    loans: int
    """Technology loans of the programme granted so far, as what follows (count)."""
    guaranteed: int
    """What the pool promised to bear (yuan)."""
    additional: int
    """What it would not have lent without the programme (yuan)."""
    settled: int
    """Principal of its loans that have come to their end so far (yuan)."""
    defaulted: int
    """Of it, principal that was not repaid (yuan)."""
    compensated: int
    """Of that, borne by the pool (yuan)."""
    cash: int
    """Money at hand (yuan)."""

class BrokerRow(Row):
    """A row of agents.broker.COLUMNS."""

    key: Key
    """Identity: province, step and ordinal of founding (key)."""
    city: int
    """City (code)."""
    field: int
    """Main field (code)."""
    places: int
    """People that its business can employ without certificate holders (people)."""
    staff: float
    """People working full-time in transfer (people)."""
    trained: int
    """Those of them with a certificate of the training programme (people)."""
    experience: float
    """Work in transfer that its present people have behind them (person-years)."""
    room: int
    """Clients whom its people could serve in the step when it began (people)."""
    capacity: int
    """Clients whom it can still serve in the step (people)."""
    deals: int
    """Deals signed so far (contracts)."""
    closed: int
    """Deals signed in the step (contracts)."""
    reputation: float
    """Deals over those that others sign with as many clients (multiple)."""
    standing: float
    """Weight among clients and as employer, 1 on average (multiple)."""
    certified: bool
    """Demonstration institution of the province (switch)."""
    ever_certified: bool
    """Was a demonstration institution at any time (switch)."""
    gone: bool
    """Closed down in this step; its row goes at the end of it (switch)."""
    born: float
    """Date of founding (date)."""
    cash: int
    """Money at hand (yuan)."""

class ContractRow(Row):
    """A row of agents.goods.CONTRACT_COLUMNS."""

    key: Key
    """Identity: child of the seller or of the need (key)."""
    seller_sector: int
    """Who sells (code)."""
    seller_row: int
    """Row of the seller in its table; -1 outside (code)."""
    seller_city: int
    """City of the seller; -1 outside (code)."""
    buyer_sector: int
    """Who buys (code)."""
    buyer_row: int
    """Row of the buyer in its table; -1 outside (code)."""
    buyer_city: int
    """City of the buyer; -1 outside (code)."""
    type: int
    """Type of contract (code)."""
    field: int
    """Field of technology (code)."""
    channel: int
    """How the two met (code)."""
    need: int
    """Row of the need that it meets; -1 if none (code)."""
    result: int
    """Row of the result sold or licensed; -1 if none (code)."""
    broker: int
    """Row of the broker; only set if the channel is a broker (code)."""
    value: int
    """Full contract value (yuan)."""
    inventor_part: int
    """Part of it that goes to the inventors of a result (yuan)."""
    priority: float
    """Random order in which claims are cleared, small first (fraction)."""
    state: int
    """What became of the proposal (code)."""
    registered: bool
    """Entered in the technology-contract registry (switch)."""

class EnterpriseRow(Row):
    """A row of agents.enterprise.COLUMNS."""

    key: Key
    """Identity: kind, city, field and quarter of birth, ordinal (key)."""
    members: int
    """Firms that the row stands for (count)."""
    large: bool
    """Above the size threshold: never thinned (switch)."""
    city: int
    """City, index into the pack's cities (code)."""
    field: int
    """Main field, index into the pack's fields (code)."""
    role: int
    """What it does on the technology market (code)."""
    born: float
    """Date of founding (date)."""
    ln_size: float
    """Size relative to the mean firm (ln)."""
    first_size: float
    """Its size when it was founded (ln)."""
    growth: float
    """What is left of gains in size from results and investors (ln)."""
    appetite: float
    """Weight in demand of all members: size to a power (points)."""
    project_scale: float
    """Size of its projects relative to the average need (multiple)."""
    attraction: float
    """Weight in matching of all members: size to a power (points)."""
    value_scale: float
    """Its contracts' value relative to a seller of mean size (multiple)."""
    reputation: float
    """What buyers think of it; 1 for life, its work has no outcome (multiple)."""
    research_user: bool
    """Does R&D of its own and can absorb results (switch)."""
    registered: int
    """Members that register their contracts by habit (count)."""
    certified: int
    """Members certified as high-technology enterprises (count)."""
    cultivated: int
    """Of them, those who would not be certified yet without cultivation (count)."""
    incubated: int
    """Members that are tenants of an incubator (count)."""
    in_zone: int
    """Members with a place in a high-technology zone of their city (count)."""
    partner: Key
    """Seller of its last contract, 0 if none (key)."""
    revenue: int
    """Revenue of all members (yuan/year)."""
    bent: float
    """Its R&D over revenue relative to the mean of those who do R&D (multiple)."""
    intensity: float
    """R&D over revenue that it does without a certificate (fraction)."""
    rd: int
    """R&D of all members (yuan/year)."""
    relabelled: int
    """Other costs of all members that are reported as R&D (yuan/year)."""
    cash: int
    """Money at hand (yuan)."""
    debt: int
    """Technology loans owed (yuan)."""
    equity: int
    """Capital paid in by funds, at cost (yuan)."""
    bound: int
    """Loans and stakes of members, who therefore cannot just close (count)."""
    sold: int
    """Contracts signed as seller in the step (yuan)."""

class FundRow(Row):
    """A row of agents.fund.COLUMNS."""

    key: Key
    """Identity: province, kind and ordinal (key)."""
    kind: int
    """Pool that bears losses of loans, guidance sub-fund, other venture fund (code)."""
    city: int
    """Seat, index into the pack's cities (code)."""
    treasury: int
    """Row of the treasury that holds the government's part; 0 the province (code)."""
    stage: int
    """Firms that it looks for: small funds take the early ones (code)."""
    born: float
    """Date of its proposal, or of its founding (date)."""
    closing: float
    """Date on which fund-raising ends (date)."""
    ends: float
    """Date by which everything is sold (date)."""
    ratio: float
    """Capital agreed for a yuan of the government's (public funds) (multiple)."""
    public_led: bool
    """Most of its capital is public, state firms' included (switch)."""
    target: int
    """Size that was announced (yuan)."""
    reachable: int
    """What its partners will have signed at closing (yuan)."""
    committed: int
    """Signed by all partners so far (yuan)."""
    government: int
    """Of it the government's part, paid in when signed (yuan)."""
    private: int
    """Of it private money that would not have come otherwise (yuan)."""
    relabelled: int
    """Of it money that was promised to other funds before (yuan)."""
    unsigned: int
    """What partners did not sign, since no other fund had it to move (yuan)."""
    central: int
    """Of the social part, money of the central government (yuan)."""
    municipal: int
    """Of the social part, money of cities and districts (yuan)."""
    state: int
    """Of the social part, money of state firms and other public bodies (yuan)."""
    forgone: int
    """Capital lost to funds with public money (other funds only) (yuan)."""
    called: int
    """Social money paid in (yuan)."""
    invested: int
    """Paid for stakes so far (yuan)."""
    deals: int
    """Stakes bought so far (count)."""
    book: int
    """Stakes held, at cost (yuan)."""
    sold: int
    """Stakes given up so far, at cost (yuan)."""
    returned: int
    """Proceeds of stakes given up, passed on to the partners (yuan)."""
    cash: int
    """Money at hand (yuan)."""

class GovernmentRow(Row):
    """A row of agents.government.COLUMNS."""

    key: Key
    """Identity: province, or city (key)."""
    city: int
    """City; for the province its capital (code)."""
    field: int
    """Not used by treasuries; their needs are drawn over all fields (code)."""
    fiscal_share: float
    """Share of the province's public science spending (fraction)."""
    appetite: float
    """Weight in demand for technology (points)."""
    project_scale: float
    """Size of its projects relative to the average need (multiple)."""
    cash: int
    """Balance of the science programmes (yuan)."""
    reserve: int
    """Part of the step's money kept for programmes, not for contracts (yuan)."""

class IncubatorRow(Row):
    """A row of agents.incubator.COLUMNS."""

    key: Key
    """Identity: province, kind, step and ordinal of founding (key)."""
    kind: int
    """Incubator, maker space or rural star-sky platform (code)."""
    city: int
    """City (code)."""
    operator: int
    """Who runs it (code)."""
    capacity: int
    """Firms that an incubator can hold, teams that a maker space can (count)."""
    tenants: int
    """Firms or teams that it holds (count)."""
    certified: bool
    """Incubator of the national level; counted, and read by no rule (switch)."""
    gone: bool
    """Closed down in this step; its row goes at the end of it (switch)."""
    born: float
    """Date of founding (date)."""
    cash: int
    """Money at hand (yuan)."""

class LoanRow(Row):
    """A row of agents.loan.COLUMNS."""

    key: Key
    """Identity: child of the firm and the step (key)."""
    bank: int
    """Row of the bank (code)."""
    firm_key: Key
    """Enterprise, or group of like enterprises (key)."""
    firm_row: int
    """Row of the enterprise; follows it when rows move (code)."""
    principal: int
    """Amount granted (yuan)."""
    outstanding: int
    """Amount owed (yuan)."""
    granted: float
    """Date of the loan (date)."""
    due: float
    """Date of repayment, or of default (date)."""
    fails: bool
    """The firm will not repay (switch)."""
    share: float
    """Share of a loss that the pool has promised to bear (fraction)."""
    open: bool
    """Not settled yet (switch)."""

class NeedRow(Row):
    """A row of agents.goods.NEED_COLUMNS."""

    key: Key
    """Identity: child of its buyer and the step (key)."""
    buyer_sector: int
    """Who needs it (code)."""
    buyer_row: int
    """Row of the buyer in its table (code)."""
    type: int
    """What is needed (code)."""
    field: int
    """Field of technology, index into the pack's fields (code)."""
    city: int
    """City of the buyer, index into the pack's cities (code)."""
    units: int
    """Contracts wanted when it arose; a row of many firms wants several (contracts)."""
    open: int
    """Contracts still wanted (contracts)."""
    budget: int
    """Most that one contract may cost (yuan)."""
    scale: float
    """Size of the buyer's projects relative to the average (multiple)."""
    ease: float
    """How fast its buyer finds a new partner, relative to the average (multiple)."""
    expires: int
    """Step in which it lapses (quarters)."""

class ProducerRow(Row):
    """A row of agents.producer.COLUMNS."""

    key: Key
    """Identity: kind and ordinal or name (key)."""
    city: int
    """City, index into the pack's cities (code)."""
    field: int
    """Main field, index into the pack's fields (code)."""
    rd_share: float
    """Share of its kind's R&D; very unequal (fraction)."""
    rd: int
    """R&D performed in the step (yuan)."""
    cash: int
    """Money at hand (yuan)."""
    staff: float
    """People of the transfer office (people)."""
    inventor_share: float
    """Inventors' share of transfer income in force (fraction)."""
    equity_share: float
    """Inventors' share of a firm on their result in force (fraction)."""
    own_decision: float
    """Share of foundings that nobody has to approve (fraction)."""
    venturing: float
    """Inclination to found firms itself, relative to its kind (multiple)."""
    classified_share: float
    """Share of its results that is secret (fraction)."""
    appetite: float
    """Weight in demand for technology (points)."""
    project_scale: float
    """Size of its projects relative to the average need (multiple)."""
    attraction: float
    """Commissions a year that it would win in the reference year (points)."""
    value_scale: float
    """Value of its contracts relative to its kind's mean (multiple)."""
    registered: float
    """Share of its departments that register contracts (fraction)."""
    reputation: float
    """What buyers think of it, 1 on average (multiple)."""
    results: int
    """Results created so far (count)."""
    transferred: int
    """Results sold or spun off so far (count)."""
    ventures: int
    """Firms founded out of its results so far (count)."""
    founded: int
    """Firms that it founded itself since 2000, joint ones too (count)."""
    sold: int
    """Contracts signed as seller in the step (yuan)."""

class ResultRow(Row):
    """A row of agents.goods.RESULT_COLUMNS."""

    key: Key
    """Identity: child of its owner and the step (key)."""
    owner_sector: int
    """Who owns it (code)."""
    owner_row: int
    """Row of the owner in its table (code)."""
    city: int
    """City of the owner (code)."""
    field: int
    """Field of technology (code)."""
    quality: float
    """Standard normal rank of its worth; very skewed in money (ln)."""
    born: float
    """Date of the result (date)."""
    offered: float
    """Date at which its owner looks for a buyer (delay of the transfer) (date)."""
    founding: float
    """Date at which its inventor decides on a firm; far off once done (date)."""
    outcome: float
    """Date on which success or failure shows; 0 before a deal (date)."""
    resistance: float
    """Income share below which the inventor does not disclose (fraction)."""
    buyer_key: Key
    """Enterprise that bought it, 0 if none in the province (key)."""
    buyer_city: int
    """City of this enterprise (code)."""
    zone: int
    """High-technology zone in which its buyer sits (code)."""
    needs_pilot: bool
    """Needs further development before industrial use (switch)."""
    piloted: bool
    """A pilot test was completed (switch)."""
    classified: bool
    """Secret: cannot be shown to a civil buyer (switch)."""
    disclosed: bool
    """The inventor told the owner's office (switch)."""
    visible: bool
    """Registered, so that a stranger can find it (switch)."""
    licences: int
    """Non-exclusive licences granted so far; it stays on offer (count)."""
    licensees: int
    """Licensees who use it with success (count)."""
    seeking: bool
    """Worth a buyer's while, looking for one (switch)."""
    if_tested: bool
    """Passed over as it is; a buyer would take it with a pilot test (switch)."""
    commissioned: bool
    """In use through a commission of its buyer, not sold (switch)."""
    listed: bool
    """Put up for listing or auction after two idle years (switch)."""
    state: int
    """What became of it (code)."""

class StakeRow(Row):
    """A row of agents.stake.COLUMNS."""

    key: Key
    """Identity: child of its fund and the step (key)."""
    fund_key: Key
    """Fund that holds it (key)."""
    fund_row: int
    """Row of the fund in its table (code)."""
    firm_key: Key
    """Enterprise, or group of like enterprises (key)."""
    firm_row: int
    """Row of the enterprise; follows it when rows move (code)."""
    cost: int
    """What the fund paid (yuan)."""
    bought: float
    """Date of the deal (date)."""
    ends: float
    """Date on which it is sold or written off (date)."""
    fails: bool
    """The firm fails before the holding time is over (switch)."""
    open: bool
    """Still held (switch)."""

class TraineeRow(Row):
    """A row of agents.trainee.COLUMNS."""

    key: Key
    """Identity: province, step of the course, seat (key)."""
    born: float
    """Date of the first certificate (date)."""
    practising: bool
    """Works full-time in technology transfer (switch)."""
    employer_sector: int
    """Kind of employer (code)."""
    employer: Key
    """Identity of the employer; 0 while looking for one (key)."""

class VoucherRow(Row):
    """A row of agents.voucher.COLUMNS."""

    key: Key
    """Identity: child of the firm and the step (key)."""
    programme: int
    """Who pays (code)."""
    task: int
    """Task of the plan whose account pays (code)."""
    treasury: int
    """Row of the treasury that pays: the province's, or the firm's city's (code)."""
    firm_row: int
    """Row of the enterprise that got it (code)."""
    fate: int
    """What becomes of it (code)."""
    face: int
    """What the treasury pays when it is redeemed (yuan)."""
    value: int
    """Value of the contract that it helps to pay (yuan)."""
    of_producer: bool
    """Its partner is a producer, not an enterprise (switch)."""
    producer: int
    """Sector of the producers that are asked; -1 all of them (code)."""
    type: int
    """Type of the contract; -1 a service, advice or development (code)."""
    contract: int
    """Row of the step's contract that it pays for; -1 if there is none (code)."""
    bidder: int
    """Who won its tender: place among producers or enterprises, or -1 (code)."""

class Census(Row):
    """What is counted in a sweep, see `census`."""

    firms: int
    sellers: int
    registering: int
    certified: int
    research_users: int
    gazelles: int
    disclosed: int
    visible: int
    at_notch: int
    relabelled: int
    certified_revenue: float

class Bucket(Row):
    """A bucket of sellers, see `directory`."""

    slots: int
    start: int
    depth: int
    upto: float
    biggest: float

class Place(Row):
    """A place in a bucket, see `directory`."""

    row: int
    city: int
    attraction: float

class Tally(Row):
    """What the registry counts in a step, see `registry`."""

    value_by_seller: npt.NDArray[np.int64]
    count_by_seller: npt.NDArray[np.int64]
    value_by_type: npt.NDArray[np.int64]
    count_by_type: npt.NDArray[np.int64]
    signed_value: int
    signed_count: int
    signed_by_seller: npt.NDArray[np.int64]
    local_value: int
    inflow_value: int
    inflow_count: int
    major_value: int
    major_count: int
    high_tech_signed: int
    high_tech_value: int
    refused: int
    relabelled_value: int
    parts_more: int
    rewards_due: int
    small_left_out: int
    entered_by_offices: int
