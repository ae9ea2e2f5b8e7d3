"""Everything a run needs to know except its seed and its scale, with the verbs of a researcher."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import BaseModel, Field, PrivateAttr, ValidationError, field_validator, model_validator

from ..engine.errors import InputError, nearest
from ..engine.names_in_rules import may_be_read
from ..engine.quarters import Quarter
from .choosing.adjustments import (
    ADJUSTMENT_SCHEMA,
    ADJUSTMENTS,
    adjustment_of,
    adjustment_problems,
    canonical_adjustments,
)
from .choosing.catalogue import is_selector, lever_catalogue
from .choosing.constraint_checks import constraint_problems
from .choosing.dated_paths import FloatArray, date_problems, quarters_between, to_steps
from .choosing.declared_targets import DeclaredTarget, shipped_plan, year_problems
from .choosing.lever_choice_checks import choice_problems, scaled_problems
from .choosing.lever_choices import CHOICE_SCHEMA, canonical_choices, lever_path, merged
from .choosing.pack_years import shipped_years
from .choosing.schema import FROZEN, TASKS, Lever, OutsideOptions, Parameter
from .provinces.names import find_province
from .provinces.outside_file import outside_rows
from .provinces.pack import Pack, load_pack, pack_folder
from .provinces.parameter_draws import draw, override_problems, shared_parameters
from .provinces.posterior import Posterior, posterior_folder, read_posterior
from .provinces.time_of_pack import eve_problems, left_to_the_pack, targets_moved, with_time_of_pack
from .reading.names_from_files import LONGEST_NAME
from .reading.refusals import FieldProblem, FieldProblems, Places, raise_all, refuse
from .writing.saving import LABELS, differences, save

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Scenario", "laid_over"]

# What of a parameter changes a run; titles, sources and notes do not.
_COUNTS = {"value", "low", "high", "distribution", "unit"}


class Scenario(BaseModel):
    """A world to run: province, time, levers, parameters, outside.

    Attributes
    ----------
    name : str
        Short name, used in tables and folders.
    title_en, title_zh, note : str
        For the reader.
    province : str
        A pack that comes with the package, or the folder of one.
    start, end, plan_start : str
        Quarters ``YYYY-Qn``; those of the pack if nothing is said. If ``plan_start`` is moved, each lever's
        start and end move by the same number of quarters.
    steps_per_year : int
        4 or 12; a step's value is that of its quarter.
    targets : dict of str to DeclaredTarget
        By what the plan is judged; those of the shipped plan if none is declared.
    base, overlays
        What the file was laid over (already merged; not part of equality or hash).
    levers : dict
        Selector (``all``, ``task_21``, ``organisation_1``, a lever's id) to ``plan``,
        ``no_plan``, a number or a dated path; what is not named stays at ``no_plan``.
    delay_quarters : dict
        Selector (``all``, ``money``, a task, a lever) to quarters by which the starts
        and ends of its levers move; a bare number is one for ``all``. Dated paths stay.
    scaled : dict
        Selector to the share of the step from `no_plan` to ``plan`` that is taken.
        Numbers and dated paths are meant as written; a switch has no share.
    parameters : dict of str to float
        Parameters held at a number instead of being drawn.
    outside : OutsideOptions
        How the world outside moves.
    belief : str
        What parameters are drawn from: ``posterior`` (the province's; priors where none comes with the
        package), ``prior``, or the folder of a calibration of one's own.
    draw_parameters, draw_outside : bool
        False holds parameters, or outside paths, at their central values.
    """

    model_config = FROZEN

    name: str = Field(min_length=1, max_length=LONGEST_NAME, pattern=r"^[^\s/\\:*?\"<>|]+$")
    title_en: str = Field(min_length=1)
    title_zh: str = Field(min_length=1)
    note: str = ""
    province: str = Field(default="shaanxi", min_length=1)
    start: str = shipped_plan().start
    end: str = shipped_plan().end
    plan_start: str = shipped_plan().plan_start
    steps_per_year: Literal[4, 12] = 4
    targets: dict[str, DeclaredTarget] = Field(default_factory=dict)
    base: str | None = None
    overlays: tuple[str, ...] = Field(default=(), strict=False)
    levers: dict[str, Annotated[Any, CHOICE_SCHEMA]] = Field(default_factory=dict)
    delay_quarters: Annotated[dict[str, int], ADJUSTMENT_SCHEMA] = Field(default_factory=dict)
    scaled: Annotated[dict[str, float], ADJUSTMENT_SCHEMA] = Field(default_factory=dict)
    parameters: dict[str, float] = Field(default_factory=dict)
    outside: OutsideOptions = OutsideOptions()
    belief: str = Field(default="posterior", min_length=1)
    draw_parameters: bool = True
    draw_outside: bool = True

    _lever_paths: dict[str, FloatArray] | None = PrivateAttr(default=None)

    @model_validator(mode="before")
    @classmethod
    def _time_of_its_pack(cls, given: Any) -> Any:
        return with_time_of_pack(given)

    @field_validator("province")
    @classmethod
    def _name_of_its_pack(cls, given: str) -> str:
        return find_province(given) or given

    @field_validator("levers")
    @classmethod
    def _one_spelling(cls, choices: dict[str, Any]) -> dict[str, Any]:
        return canonical_choices(choices)

    @field_validator("delay_quarters", "scaled", mode="before")
    @classmethod
    def _by_selector(cls, given: Any) -> Any:
        return canonical_adjustments(given)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        files = list(self._wrong_files())
        years = shipped_years() if files else self.pack().years
        problems = [*date_problems(self.start, self.end, self.plan_start, years), *files]
        problems += eve_problems(self.outside.observed_until, years)
        known = self.parameters_before_overrides() if not problems else {}
        if not problems:
            start, end = Quarter.parse(self.plan_start), Quarter.parse(self.end)
            problems = [*choice_problems(self.levers, start, end), *override_problems(self.parameters, known)]
            problems += year_problems(self.targets, Quarter.parse(self.start), end)
            for field in ADJUSTMENTS:
                problems += adjustment_problems(field, getattr(self, field))
        problems = problems or list(scaled_problems(self.scaled, self.levers))
        if not problems:
            problems = list(constraint_problems(self.levers, self.scaled, self.parameters, known))
        if problems:
            raise FieldProblems(problems)
        return self

    def _wrong_files(self) -> Iterator[FieldProblem]:
        try:
            pack_folder(self.province)
        except InputError as error:
            yield FieldProblem(("province",), error.problem, error.allowed, error.suggestion)
            return
        self.pack()  # what is wrong in its files is told with their names and lines
        try:
            self.posterior()
        except InputError as error:
            yield FieldProblem(("belief",), str(error.problem), error.allowed, error.suggestion)
        if self.outside.file is not None:
            try:
                outside_rows(self.outside.file, self.pack())
            except InputError as error:
                problem = f"{error.file}, line {error.line or 1}: {error.problem}"
                yield FieldProblem(("outside", "file"), problem, error.allowed, error.suggestion)

    @property
    def quarters(self) -> tuple[Quarter, ...]:
        """All quarters of the scenario in order."""
        return quarters_between(Quarter.parse(self.start), Quarter.parse(self.end))

    def quarterly_lever_paths(self) -> dict[str, FloatArray]:
        """Give each lever's value by quarter, shape (n_quarters,); worked out once, not to be written to."""
        if self._lever_paths is None:
            self._lever_paths = self._work_out_lever_paths()
        return dict(self._lever_paths)

    def _history_known(self) -> dict[str, Lever]:
        """Give all levers, without those dates of their history that nobody knew at an earlier last year."""
        levers, until = self.pack().catalogue, self.outside.observed_until
        if until == self.pack().years.last or self.parameter_table()["regimes_known_ahead"].value:
            return levers
        return {name: lever.known_in(Quarter(until + 1, 1)) for name, lever in levers.items()}

    def _work_out_lever_paths(self) -> dict[str, FloatArray]:
        first, length = Quarter.parse(self.start), len(self.quarters)
        start = Quarter.parse(self.plan_start)
        return {
            name: lever_path(
                lever,
                self.levers,
                start,
                first,
                length,
                delay=adjustment_of(lever, self.delay_quarters, 0),
                share=adjustment_of(lever, self.scaled, 1.0),
            )
            for name, lever in self._history_known().items()
        }

    def lever_paths(self) -> dict[str, FloatArray]:
        """Give each lever's value in force in each step.

        Returns
        -------
        dict of str to ndarray of shape (n_steps,)
            From ``start`` to ``end``; a step has the value of its quarter.
        """
        steps = self.steps_per_year // 4
        return {name: to_steps(path, steps) for name, path in self.quarterly_lever_paths().items()}

    def pack(self) -> Pack:
        """Give the data of the province (read once per process)."""
        return load_pack(self.province)

    @property
    def years_later(self) -> int:
        """Years by which a plan that is made on the eve of its pack starts later than the shipped one."""
        return self.pack().years.plan_start.year - shipped_years().plan_start.year

    @property
    def judged_by(self) -> Mapping[str, DeclaredTarget]:
        """By what it is judged: what it declares, or the targets of the shipped plan, moved to its eve."""
        return self.targets or targets_moved(self.years_later)

    def outside_rows(self) -> pd.DataFrame | None:
        """Give the rows that replace drawn outside paths; None without a file."""
        return None if self.outside.file is None else outside_rows(self.outside.file, self.pack())

    def parameters_before_overrides(self) -> dict[str, Parameter]:
        """Give the shared parameters with the pack's laid over them."""
        return {**shared_parameters(), **self.pack().parameters}

    def parameter_table(self) -> dict[str, Parameter]:
        """Give every parameter: shared ones, the pack's over them, the scenario's over both."""
        table = self.parameters_before_overrides()
        for name, value in self.parameters.items():
            fixed = {"value": value, "distribution": "fixed", "low": None, "high": None}
            table[name] = table[name].model_copy(update=fixed)
        return table

    def posterior(self) -> Posterior | None:
        """Give the draws that a calibration left; None where priors are drawn."""
        folder = posterior_folder(self.belief, self.pack().name)
        return None if folder is None else read_posterior(folder, self.parameters_before_overrides())

    def parameter_centrals(self) -> dict[str, float]:
        """Give every parameter's central value: the posterior's median where there is one."""
        centrals = {name: parameter.value for name, parameter in self.parameter_table().items()}
        posterior = self.posterior()
        return {**centrals, **({} if posterior is None else posterior.medians()), **self.parameters}

    def parameter_draws(self, seed: int) -> dict[str, float]:
        """Draw every parameter for the future of a seed; the central values if ``draw_parameters`` is false.

        A parameter's draw depends on the seed and its own id only.
        """
        if not self.draw_parameters:
            return self.parameter_centrals()
        posterior = self.posterior()
        learnt = {} if posterior is None else posterior.draw(seed)
        return {**draw(self.parameter_table(), seed), **learnt, **self.parameters}

    def set(self, **changes: Any) -> Scenario:
        """Give a changed copy.

        Parameters
        ----------
        **changes
            Levers (``fund_size=5e9``, ``voucher_budget={"2019-Q1": 2e7}``), tasks
            (``task_21="no_plan"``, ``organisation_1="keep"``), ``all``, parameters by id,
            or fields of the scenario (``delay_quarters=8``, ``scaled={"money": 0.5}``).
            Levers, adjustments, parameters and outside are laid over what is there.
            Unless ``name`` is given, a copy that differs is called by the old name and
            the first six digits of its hash, so that tables keep the two apart.

        Raises
        ------
        InputError
            For an unknown name, with the nearest spelling, or a refused value.

        Examples
        --------
        >>> from shaanxi_transfer.scenarios import load
        >>> half = load("action_plan").set(fund_size=7.5e9, name="half")
        >>> half.diff(load("action_plan"))["name"].unique().tolist()
        ['fund_size']
        """
        upper: dict[str, Any] = {"levers": {}, "parameters": {}}
        parameters = None
        for name, value in changes.items():
            if name in ("levers", "parameters"):
                upper[name] |= value
                continue
            if name in type(self).model_fields:
                upper[name] = value.model_dump(exclude_unset=True) if isinstance(value, BaseModel) else value
                continue
            if is_selector(name):
                upper["levers"][name] = value
                continue
            parameters = parameters if parameters is not None else self.parameters_before_overrides()
            if name not in parameters:
                names = [*lever_catalogue(), "all", *TASKS, *parameters, *type(self).model_fields]
                raise InputError(
                    f"no lever, parameter or field is called {name!r}",
                    key=name,
                    allowed="a lever, task_NN, an id of parameters.yaml, "
                    f"or a field: {', '.join(type(self).model_fields)}",
                    suggestion=nearest(name, names),
                )
            upper["parameters"][name] = value
        copy = laid_over(self.model_dump(), upper, Places())
        if "name" in changes or copy.hash == self.hash:
            return copy
        return copy.model_copy(update={"name": f"{self.name.split('~')[0]}~{copy.hash[:6]}"})

    def diff(self, other: Scenario) -> pd.DataFrame:
        """List the differences to another scenario that can change a run; see `saving.differences`."""
        return differences(self, other)

    def save(self, path: str | Path) -> Path:
        """Write a YAML file, or a workbook (``.xlsx``), that `load` reads back equal; see `saving.save`."""
        return save(self, Path(path))

    def content(self) -> dict[str, Any]:
        """Give what the hash is made of: resolved levers by quarter, parameters, time, outside.

        Levers that are off all the time, and levers and parameters that no rule reads, are left out: a
        scenario is the same whether or not they have been thought of.
        """
        outside = self.outside.model_dump()
        if self.outside.file is not None:
            outside["file"] = hashlib.sha256(Path(self.outside.file).read_bytes()).hexdigest()
        if self.parameter_table()["national_forecast"].value:
            outside["nation"] = self.pack().hash_of_nation
        unsaid = () if self.targets else ("targets",)
        facts = (*LABELS, *unsaid, "levers", *ADJUSTMENTS, "parameters", "outside", "belief")
        posterior = self.posterior()
        return {
            **self.model_dump(exclude=set(facts)),
            "province": Path(self.province).name,
            "outside": outside,
            "belief": "prior" if posterior is None else posterior.hash,
            # A lever that is off changes no digit, and neither does what no rule reads.
            "levers": {
                name: path.tolist()
                for name, path in self.quarterly_lever_paths().items()
                if path.any() and may_be_read(name)
            },
            "parameters": {
                name: parameter.model_dump(include=_COUNTS)
                for name, parameter in self.parameter_table().items()
                if may_be_read(name)
            },
        }

    @property
    def hash(self) -> str:
        """Content hash: 64 hexadecimal digits, the same for scenarios that run the same."""
        canonical = json.dumps(self.content(), sort_keys=True, ensure_ascii=True, allow_nan=False)
        return hashlib.sha256(canonical.encode()).hexdigest()

    def __repr_args__(self) -> tuple[tuple[str | None, Any], ...]:
        """Show what tells it from others, in a line; ``model_dump()`` has every field."""
        shown = ("province", "levers", *ADJUSTMENTS, "parameters")
        return ((None, self.name), *((name, value) for name in shown if (value := getattr(self, name))))

    def __dir__(self) -> list[str]:
        """Leave out what pydantic brings along, most of it deprecated: completion shows a scenario."""
        return sorted(set(super().__dir__()) - set(dir(BaseModel)))

    def __eq__(self, other: object) -> bool:
        """Whether every field is equal, leaving out what the file was laid over."""
        if not isinstance(other, Scenario):
            return NotImplemented
        unlike = {"base", "overlays"}
        return self.model_dump(exclude=unlike) == other.model_dump(exclude=unlike)

    def __hash__(self) -> int:
        """Hash by content."""
        return int(self.hash[:15], 16)


def laid_over(lower: dict[str, Any], upper: dict[str, Any], places: Places) -> Scenario:
    """Lay entries over those of a whole scenario, or raise every problem with its place.

    In another pack what the lower one left to its own pack is left to that.
    """
    try:
        return Scenario.model_validate(merged(left_to_the_pack(lower, upper), upper))
    except ValidationError as error:
        below = {"levers": ["all", *TASKS, *lever_catalogue()], "parameters": [*shared_parameters()]}
        raise_all(refuse(error, Scenario, places, below=below))
        raise
