"""What a person may ask of an explanation."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator

from ..effects.options import PackageOptions

__all__ = ["WhyOptions"]


class WhyOptions(PackageOptions):
    """What is explained; see `why.why`.

    Attributes
    ----------
    indicator : str
        An indicator, or a target, which stands for its indicator as it is first counted.
    year : int, or str ``"2010-2020"``, optional
        Of the scenario; the target's, or the last whole one by default. Of several years each is explained.
    """

    indicator: Annotated[str, BeforeValidator(str)] = "contract_value_output"
    year: Any = None
