"""What passes between the actors: needs, contracts, results, loans, stakes and vouchers, each a row.

An actor proposes by writing a row; the model's markets decide what becomes of it.
Rows of contracts live for one step: what lasts of a contract is money, ties,
reputation and what the registry counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..engine.books import SECTORS
from ..engine.columns import CODE, COUNT, FLAG, KEY, MONEY, NUMBER, Column, Columns

if TYPE_CHECKING:
    from .rows import ContractRow, NeedRow, ResultRow

TYPES: Final = ("development", "transfer", "consulting", "service")
"""The four types of technology contract of the Chinese registry, in the order of their codes."""

DEVELOPMENT, TRANSFER, CONSULTING, SERVICE = range(4)

CHANNELS: Final = ("outside", "tie", "search", "broker", "platform", "result", "voucher")
"""How buyer and seller found each other."""

OUTSIDE_POOL, TIE, SEARCH, BROKERED, PLATFORM, RESULT_OFFER, VOUCHER = range(7)

CONTRACT_STATES: Final = ("proposed", "signed", "refused")
PROPOSED, SIGNED, REFUSED = range(3)

NEED_COLUMNS: Final[Columns[NeedRow]] = (
    Column("key", KEY, "key", "identity: child of its buyer and the step"),
    Column("buyer_sector", CODE, "code", "who needs it", SECTORS),
    Column("buyer_row", COUNT, "code", "row of the buyer in its table"),
    Column("type", CODE, "code", "what is needed", TYPES),
    Column("field", CODE, "code", "field of technology, index into the pack's fields"),
    Column("city", CODE, "code", "city of the buyer, index into the pack's cities"),
    Column("units", COUNT, "contracts", "contracts wanted when it arose; a row of many firms wants several"),
    Column("open", COUNT, "contracts", "contracts still wanted"),
    Column("budget", MONEY, "yuan", "most that one contract may cost"),
    Column("scale", NUMBER, "multiple", "size of the buyer's projects relative to the average"),
    Column("ease", NUMBER, "multiple", "how fast its buyer finds a new partner, relative to the average"),
    Column("expires", COUNT, "quarters", "step in which it lapses"),
)

CONTRACT_COLUMNS: Final[Columns[ContractRow]] = (
    Column("key", KEY, "key", "identity: child of the seller or of the need"),
    Column("seller_sector", CODE, "code", "who sells", SECTORS),
    Column("seller_row", COUNT, "code", "row of the seller in its table; -1 outside"),
    Column("seller_city", CODE, "code", "city of the seller; -1 outside"),
    Column("buyer_sector", CODE, "code", "who buys", SECTORS),
    Column("buyer_row", COUNT, "code", "row of the buyer in its table; -1 outside"),
    Column("buyer_city", CODE, "code", "city of the buyer; -1 outside"),
    Column("type", CODE, "code", "type of contract", TYPES),
    Column("field", CODE, "code", "field of technology"),
    Column("channel", CODE, "code", "how the two met", CHANNELS),
    Column("need", COUNT, "code", "row of the need that it meets; -1 if none"),
    Column("result", COUNT, "code", "row of the result sold or licensed; -1 if none"),
    Column("broker", COUNT, "code", "row of the broker; only set if the channel is a broker"),
    Column("value", MONEY, "yuan", "full contract value"),
    Column("inventor_part", MONEY, "yuan", "part of it that goes to the inventors of a result"),
    Column("priority", NUMBER, "fraction", "random order in which claims are cleared, small first"),
    Column("state", CODE, "code", "what became of the proposal", CONTRACT_STATES),
    Column("registered", FLAG, "switch", "entered in the technology-contract registry"),
)

RESULT_STATES: Final = ("idle", "sold", "spun_off", "industrialised", "failed", "expired")
IDLE, SOLD, SPUN_OFF, INDUSTRIALISED, FAILED, EXPIRED = range(6)

ZONES_OF_USE: Final = ("none", "of the capital", "elsewhere")
NO_ZONE, ZONE_OF_CAPITAL, ZONE_ELSEWHERE = range(3)

RESULT_COLUMNS: Final[Columns[ResultRow]] = (
    Column("key", KEY, "key", "identity: child of its owner and the step"),
    Column("owner_sector", CODE, "code", "who owns it", SECTORS),
    Column("owner_row", COUNT, "code", "row of the owner in its table"),
    Column("city", CODE, "code", "city of the owner"),
    Column("field", CODE, "code", "field of technology"),
    Column("quality", NUMBER, "ln", "standard normal rank of its worth; very skewed in money"),
    Column("born", NUMBER, "date", "date of the result"),
    Column("offered", NUMBER, "date", "date at which its owner looks for a buyer (delay of the transfer)"),
    Column("founding", NUMBER, "date", "date at which its inventor decides on a firm; far off once done"),
    Column("outcome", NUMBER, "date", "date on which success or failure shows; 0 before a deal"),
    Column("resistance", NUMBER, "fraction", "income share below which the inventor does not disclose"),
    Column("buyer_key", KEY, "key", "enterprise that bought it, 0 if none in the province"),
    Column("buyer_city", CODE, "code", "city of this enterprise"),
    Column("zone", CODE, "code", "high-technology zone in which its buyer sits", ZONES_OF_USE),
    Column("needs_pilot", FLAG, "switch", "needs further development before industrial use"),
    Column("piloted", FLAG, "switch", "a pilot test was completed"),
    Column("classified", FLAG, "switch", "secret: cannot be shown to a civil buyer"),
    Column("disclosed", FLAG, "switch", "the inventor told the owner's office"),
    Column("visible", FLAG, "switch", "registered, so that a stranger can find it"),
    Column("licences", COUNT, "count", "non-exclusive licences granted so far; it stays on offer"),
    Column("licensees", COUNT, "count", "licensees who use it with success"),
    Column("seeking", FLAG, "switch", "worth a buyer's while, looking for one"),
    Column("if_tested", FLAG, "switch", "passed over as it is; a buyer would take it with a pilot test"),
    Column("commissioned", FLAG, "switch", "in use through a commission of its buyer, not sold"),
    Column("listed", FLAG, "switch", "put up for listing or auction after two idle years"),
    Column("state", CODE, "code", "what became of it", RESULT_STATES),
)
