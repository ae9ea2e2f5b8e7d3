"""What clients think of brokers: learnt from the deals that come of asking them, and from the certificate.

A good name brings clients, and with them work for more people; what one broker gains
others lose, so that the trade as a whole grows by nothing. A certificate tells
strangers what a record tells those who know it: certification helps, and less where a
record is long or many are certified (Elfenbein, Fisman and McManus 2015, AEJ
Microeconomics 7(4), top rated sellers of eBay: sign only; nothing is known of Chinese
demonstration institutions).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from ..engine.rules import rule
from ..engine.table import Rows

if TYPE_CHECKING:
    from .inputs import Parameters
    from .rows import BrokerRow

PARAMETERS_READ: Final = ("demonstration_trust", "reputation_heed", "reputation_memory")
"""Parameters that this file reads; `Terms` packs those of a family of files into one record."""


@rule
def learn_from_deals(brokers: Rows[BrokerRow], parameters: Parameters) -> None:
    """Let reputation follow the deals signed over those that the average broker signs with as many clients.

    An opinion rests on some ``reputation_memory`` deals: each new one moves it by its
    part of them, whatever the length of a step.
    """
    signed = served = 0
    for i in range(len(brokers)):
        signed += brokers[i].closed
        served += brokers[i].room - brokers[i].capacity
    if signed == 0 or served == 0:
        return
    usual = signed / served
    for i in range(len(brokers)):
        broker = brokers[i]
        expected = usual * (broker.room - broker.capacity)
        if expected > 0.0:
            weight = 1.0 - math.exp(-expected / parameters.reputation_memory)
            broker.reputation += weight * (broker.closed / expected - broker.reputation)


@rule
def compare(brokers: Rows[BrokerRow], parameters: Parameters) -> None:
    """Give each broker its standing among clients, relative to the average place of work.

    ``reputation_heed`` says how far clients heed what is told of it; a certificate adds
    ``demonstration_trust``. Both may be zero: clients then ask whoever has time.
    """
    places = weight = 0.0
    for i in range(len(brokers)):
        broker = brokers[i]
        broker.standing = 1.0 + parameters.reputation_heed * (broker.reputation - 1.0)
        if broker.certified:
            broker.standing += parameters.demonstration_trust
        places += broker.places
        weight += broker.places * broker.standing
    if weight > 0.0:
        for i in range(len(brokers)):
            brokers[i].standing *= places / weight
