"""Registering a contract: a seller that knows how does it when the gain is worth the paper.

Registration is the condition of the relief from value-added tax on development and
transfer, it is evidence for certificates, and it may be rewarded. Against it stands the
paperwork of each contract. Both are known to the seller; what the paper costs differs
from contract to contract. What is declared may differ from what was signed: a service
near to development as development, one contract as several. The value signed is never touched.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np

from ..engine import luck
from ..engine.rules import rule
from .goods import CONSULTING, DEVELOPMENT, SERVICE

DRESSED: Final = 1 << 40
AUDITED: Final = 2 << 40
CALLED: Final = 3 << 40
"""Where draws about the ``k``-th contract begin in its stream, far behind those that every contract takes."""


class TermsOfEntry(NamedTuple):
    """What entering a contract in the registry brings in a step, and what it costs.

    Attributes
    ----------
    gain : float
        What a yuan of a development or a transfer brings the seller: relief from tax, and all else.
    bound_gain : float
        The same of consulting or a service, which is exempt only where it is bound to one of those.
    certified_gain : float
        What it brings beside that if the seller is a certified high-technology enterprise.
    reward, reward_cap : float
        Share of the value that the treasury pays; yuan for one contract at most.
    paper : float
        Usual (median) cost of the paperwork of a contract, yuan.
    near_development : float
        Share of consulting and services that could pass for development.
    dressing : float
        Usual (median) cost of making such a contract pass, yuan.
    spared : float
        Part of an undue gain that its expected repayment and fine leave; 0 where they take it all.
    audit : float
        Share of entries that are audited: what is undue in them is found and put right.
    parts : int
        Parts into which a contract can be split at most.
    called : float
        Chance that an office enters a small contract that its seller left out.
    small_value : float
        Yuan below which a contract is small.
    """

    gain: float
    bound_gain: float
    certified_gain: float
    reward: float
    reward_cap: float
    paper: float
    near_development: float
    dressing: float
    spared: float
    audit: float
    parts: int
    called: float
    small_value: float


class Law(NamedTuple):
    """What registration brings under law alone, the same in all steps of a run.

    Attributes
    ----------
    relief : list of float
        Tax saved on a registered yuan of each type.
    gain, bound_gain : float
        As in :class:`TermsOfEntry`.
    usual : float
        Gain of a yuan in the usual mixture of types.
    """

    relief: list[float]
    gain: float
    bound_gain: float
    usual: float


@rule
def exempt_in_part(kind: int) -> bool:
    """Whether contracts of a type are exempt only where bound to a development or a transfer."""
    return kind in (CONSULTING, SERVICE)


@rule
def declare(
    value: int,
    kind: int,
    certified: float,
    entry: float,
    chances: np.uint64,
    k: int,
    terms: TermsOfEntry,
) -> tuple[int, int]:
    """Decide whether to enter a contract, as which type, and in how many parts.

    The paper of this contract costs ``paper * entry / (1 - entry)``: log-logistic around
    the usual cost, so that with a gain ``g`` the share ``g / (g + paper)`` is entered, the form
    that the counts of contracts asked for (the prototype's findings).

    Parameters
    ----------
    certified : float
        Share of the seller's members that are certified: members are alike.
    entry : float
        Uniform draw: place of this contract's paperwork among all.
    chances : uint64
        Stream of luck that holds the contract's further draws behind :data:`DRESSED`, at ``k``.

    Returns
    -------
    declared, parts : int
        Type under which it is entered; 0 parts if it is left out.
    """
    declared, parts = kind, 1
    if exempt_in_part(kind):
        gain = (terms.bound_gain + certified * terms.certified_gain) * value
        undue = (terms.gain - terms.bound_gain) * value * terms.spared
        if undue > 0.0 and terms.near_development > 0.0:
            among_all = luck.pick(chances, DRESSED + k)
            if among_all * (undue + terms.dressing) < terms.near_development * undue:
                place = among_all / terms.near_development
                declared = DEVELOPMENT
                gain += undue - terms.dressing * place / (1.0 - place)
    else:
        gain = (terms.gain + certified * terms.certified_gain) * value
    if terms.reward > 0.0:
        whole = terms.reward * value
        gain += min(whole, terms.reward_cap)
        if whole > terms.reward_cap and terms.parts > 1:
            wanted = min(terms.parts, int(math.ceil(whole / terms.reward_cap)))
            more = (min(whole, wanted * terms.reward_cap) - terms.reward_cap) * terms.spared
            papers = (wanted - 1) * terms.paper * entry / (1.0 - entry)
            if more > papers:
                parts = wanted
                gain += more - papers
    if entry * (gain + terms.paper) >= gain:
        return kind, 0
    return declared, parts
