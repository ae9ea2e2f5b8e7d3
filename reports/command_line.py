"""The command ``shaanxi-transfer``: what it offers, and how it ends.

Exit codes: 0 done, 1 done with failed runs (or a defect), 2 refused input, 3 done but for a figure, an export
or a page, 130 or 143 stopped, 141 whoever read has gone. A refusal is one line,
``FILE:LINE:COL: key: what is wrong; allowed ...; did you mean ...?``, on standard error.
Heavy libraries are imported inside the commands, so that help and refusals come at once.
"""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial, wraps
from typing import Annotated, Any, Final

import typer

from .. import __version__
from ..engine.errors import InputError, LastStepError, TransferError, nearest
from ..engine.surroundings import said, stand_in_for_streams
from ..experiments.running.stopping import Stopped, StoppingPolitely
from .commands.as_json import run_as_json, wanted
from .commands.attribute import attribute_command
from .commands.batches import replay_command, resume_command, status_command
from .commands.calibrate import backtest_command, calibrate_command
from .commands.compare import compare_command
from .commands.dashboard import dashboard_command
from .commands.discover import discover_command, worth_command
from .commands.doctor import doctor_command
from .commands.draw import draw_command
from .commands.export import export_command
from .commands.forecast import forecast_command, run_command
from .commands.help_pages import SpeakingCommand, SpeakingGroup
from .commands.last_steps import DONE_BUT
from .commands.lists import levers_command, list_command
from .commands.migrate import migrate_command
from .commands.options import AsJson, Lang
from .commands.packs import packs_command
from .commands.rank import rank_command
from .commands.report import report_command
from .commands.results import results_command
from .commands.scenarios import check_command, explain_command, new_command, schema_command
from .commands.score import score_command
from .commands.search import search_command
from .commands.sensitivity import sensitivity_command
from .commands.simulator import simulator_command
from .commands.sweep import sweep_command
from .commands.why import why_command
from .tables.taken_down import taken_down
from .words.of_errors import error_line
from .words.phrases import Language, check_language, say
from .words.translated import translated

PROGRAM: Final = "shaanxi-transfer"
DONE: Final = 0
FAILED: Final = 1
REFUSED: Final = 2
STOPPED: Final = 130
LANG: Final = "--lang"
UNREAD: Final = 141
"""What a shell expects of a process that wrote into a pipe which nobody reads any more."""

app = typer.Typer(
    name=PROGRAM,
    cls=SpeakingGroup,
    add_completion=False,
    rich_markup_mode=None,  # boxes break paths and messages over lines
    pretty_exceptions_enable=False,
)


def _stoppable(command: Callable[..., int | None]) -> Callable[..., int | None]:
    """End a command that is stopped in one line, which says how to go on; typer would end it in silence."""
    signature = inspect.signature(command, eval_str=True)
    own = "as_json" in signature.parameters  # the status of a batch is an object of its own

    @wraps(command)
    def stoppable(*words: Any, **options: Any) -> int | None:
        if not own:
            options.pop("as_json", None)  # `main` has heard it
        try:
            with StoppingPolitely():  # half a file is taken away again, also after SIGTERM
                return command(*words, **options)
        except KeyboardInterrupt as error:
            return _stopped(error, check_language(options.get("lang")))
        except BrokenPipeError:  # typer would end the process with the code of failed runs
            return UNREAD

    if not own:
        last = inspect.Parameter("as_json", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=AsJson)
        signature = signature.replace(parameters=[*signature.parameters.values(), last])
    vars(stoppable)["__signature__"] = signature
    return stoppable


def _stopped(error: KeyboardInterrupt, language: Language) -> int:
    kept = error.kept if isinstance(error, Stopped) else None
    if kept is None:
        said = "; ".join([say("forecast.stopped_early", language), *getattr(error, "__notes__", [])])
    else:
        from ..experiments.running.batch import resume_command as resume_line

        how = resume_line(kept.folder) + ("" if language == "en" else f" --lang {language}")
        said = say("forecast.stopped", language, kept=kept.runs, planned=kept.planned, command=how)
    return _end(said, getattr(error, "exit_code", STOPPED))


COMMANDS: Final[dict[str, Callable[..., int | None]]] = {
    "forecast": forecast_command,
    "compare": compare_command,
    "run": run_command,
    "score": score_command,
    "rank": rank_command,
    "attribute": attribute_command,
    "sweep": sweep_command,
    "why": why_command,
    "discover": discover_command,
    "worth": worth_command,
    "search": search_command,
    "sensitivity": sensitivity_command,
    "calibrate": calibrate_command,
    "backtest": backtest_command,
    "resume": resume_command,
    "status": status_command,
    "results": results_command,
    "replay": replay_command,
    "report": report_command,
    "dashboard": dashboard_command,
    "simulator": simulator_command,
    "export": export_command,
    "draw": draw_command,
    "packs": packs_command,
    "check": check_command,
    "new": new_command,
    "migrate": migrate_command,
    "list": list_command,
    "levers": levers_command,
    "explain": explain_command,
    "schema": schema_command,
    "doctor": doctor_command,
}
EXAMPLES: Final[dict[str, tuple[str, ...]]] = {
    "forecast": ("--lang zh", "mine.yaml --runs 200 --out results/mine"),
    "compare": (
        "action_plan action_plan_managed no_plan --base no_plan",
        "action_plan --set fund_size=8e9 --set voucher_budget@2019-Q1=2e7 --lang zh",
    ),
    "run": ("action_plan --seed 7", "mine.yaml --out record.csv"),
    "score": ("results/frozen/0.2.0/shaanxi.zip came.csv --lang zh",),
    "rank": ("--target contract_value_output --lang zh", "mine.yaml --by lever --dry-run"),
    "attribute": ("--target contract_value_output --runs 40 --lang zh", "mine.yaml --dry-run"),
    "sweep": (
        "--lever voucher_budget=0,2e7,4e7 --target contract_value_output --lang zh",
        "mine.yaml --lever voucher_budget --lever fund_size=5e9,2e10 --points 30 --dry-run",
    ),
    "why": ("contract_value_output --year 2017 --lang zh", "demonstration_institutions --dry-run"),
    "discover": ("results/mine --lang zh", "mine.yaml --runs 400 --dry-run"),
    "worth": ("results/mine --target contract_value_output --lang zh", "mine.yaml --price 5e5 --dry-run"),
    "search": (
        "--target trained_people=1000 --chance 0.9 --lang zh",
        "mine.yaml --target contract_value_output --budget 2e9 --dry-run",
    ),
    "sensitivity": ("morris --over levers --group-by task --dry-run",),
    "calibrate": ("--dry-run", "--province hubei --observed mine.csv --out results/hubei"),
    "backtest": ("--dry-run", "--origins 2015,2016 --out results/tried"),
    "resume": ("results/mine",),
    "status": ("results/mine --lang zh",),
    "results": ("--lang zh", "results --kind sweep --frame sweep --out all.csv"),
    "replay": ("action_plan-000012 --in results/mine",),
    "report": (
        "results/mine results/ranking --lang zh --out brief",
        "results/mine --form docx --lang zh",
    ),
    "dashboard": ("--lang zh", "--port 0 --ranking results/ranking --lang zh"),
    "simulator": (
        "--out page.html --lang zh",
        "mine.yaml --lever voucher_budget,fund_size --out page.html --dry-run",
    ),
    "export": ("results/mine --form xlsx --lang zh",),
    "draw": (
        "cities --year 2019 --lang zh",
        "provinces results/shaanxi results/gansu --lang zh",
    ),
    "packs": ("--panel yearbook.csv --last-year 2016 --out packs --province shaanxi --lang zh",),
    "check": ("mine.yaml --lang zh", "--province hubei"),
    "new": ("mine.yaml --lang zh", "mine.xlsx --base no_plan"),
    "migrate": ("old.yaml --dry-run --lang zh", "results/old --out scenarios"),
    "list": ("scenarios --lang zh", "indicators --find 合同"),
    "levers": ("--find 创新券 --lang zh", "--format csv --lang zh > levers.csv"),
    "explain": ("voucher_budget", "任务10 --lang zh"),
    "schema": ("scenario.schema.json",),
    "doctor": ("--lang zh",),
}
"""What stands at the end of each command's help, after the program's and the command's name."""

for _name, _command in COMMANDS.items():
    _lines = "\n".join(f"  {PROGRAM} {_name} {_words}" for _words in EXAMPLES[_name])
    app.command(
        _name,
        cls=SpeakingCommand,
        short_help=(_command.__doc__ or "").strip().partition("\n")[0],  # whole: it would else be cut
        epilog=f"\b\nExamples:\n{_lines}",
    )(_stoppable(_command))


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"{PROGRAM} {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
    lang: Lang = None,
) -> None:
    """Tell how likely each target of a province's action plan for technology transfer is."""


def command_names() -> list[str]:
    """Give the commands in the order of the help."""
    return list(COMMANDS)


def refusal_of(error: Any) -> InputError:
    """Turn what the option parser refused into our one line.

    Parameters
    ----------
    error : exception
        A usage error of typer (or of click under it): it has ``format_message`` and, depending on its
        kind, ``option_name``, ``param`` and ``ctx``.

    Returns
    -------
    InputError
        With the option's name as key, and the nearest option where one was misspelt.
    """
    context = getattr(error, "ctx", None)
    parameters = [] if context is None else context.command.params
    options = [option for parameter in parameters for option in parameter.opts if option.startswith("--")]
    name = getattr(error, "option_name", None)
    parameter = getattr(error, "param", None)
    if name is not None and hasattr(error, "possibilities"):
        return InputError(
            "unknown option", key=name, allowed=", ".join(options) or None, suggestion=nearest(name, options)
        )
    if name is None and parameter is not None:
        name = parameter.opts[0] if parameter.opts[0].startswith("-") else parameter.name.upper()
    message = str(getattr(error, "message", "") or "is missing").rstrip(".").removeprefix("Input ")
    return InputError(message[:1].lower() + message[1:], key=name)


def as_option(error: InputError, words: Sequence[str]) -> InputError:
    """Call what a person typed by its option: in Python it is ``runs``, on the command line ``--runs``."""
    command = getattr(typer.main.get_command(app), "commands", {}).get(words[0]) if words else None
    options = {parameter.name: parameter.opts[0] for parameter in getattr(command, "params", [])}
    option = options.get(error.key, "")
    if error.file is not None or not option.startswith("--"):
        return error
    return InputError(error.problem, key=option, allowed=error.allowed, suggestion=error.suggestion)


def check_command_name(arguments: Sequence[str]) -> None:
    """Refuse an unknown command before the option parser sees it."""
    names = command_names()
    if arguments and not arguments[0].startswith("-") and arguments[0] not in names:
        raise InputError(
            f"{arguments[0]!r} is no command",
            key=PROGRAM,
            allowed=", ".join(names),
            suggestion=nearest(arguments[0], names),
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    arguments : sequence of str, optional
        Words after the program's name; those of the process by default.

    Returns
    -------
    int
        Exit code: 0 done, 1 done with failed runs, 2 refused input, 3 done but for a figure, an export or
        a page, 130 stopped by Ctrl-C, 143 by SIGTERM, 141 written into a pipe that nobody reads.
    """
    stand_in_for_streams()
    try:
        words = sys.argv[1:] if arguments is None else arguments
        code = run_as_json(words, _ended, partial(_but_for, words)) if wanted(words) else _ended(words)
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        if code != UNREAD:
            return code
    except BrokenPipeError:
        code = UNREAD
    except OSError as error:
        code = _end(said(error, "printing"), FAILED)
    _forget_what_is_unread()
    return code


def _forget_what_is_unread() -> None:
    """Let Python not complain, when it ends, of what it could not write."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)


def _ended(words: Sequence[str]) -> int:
    """Run one command, and put whatever ends it into one line and a code."""
    for stream in (sys.stdout, sys.stderr):
        # A console without Chinese characters shows their codes instead of ending the program.
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="backslashreplace")
    language: Language = "en"  # until it is known
    try:
        words = language_after_command(words)
        language = check_language(asked_language(words))
        check_command_name(words)
        ended = app(words or ["--help"], prog_name=PROGRAM, standalone_mode=False, obj={"language": language})
    except InputError as error:
        return _end(error_line(as_option(error, words), language), REFUSED)
    except LastStepError as error:
        return _end(error_line(error, language), DONE_BUT)
    except TransferError as error:
        told = {"kind": type(error).__name__, "why": error_line(error, language)}
        return _end(say("refusals.failed", language, **told), FAILED)
    except typer.Abort:
        return _end(say("forecast.stopped_early", language), STOPPED)
    except KeyboardInterrupt as error:
        return _stopped(error, language)
    except BrokenPipeError:
        return UNREAD
    except OSError as error:
        return _end(translated(said(error, words[0] if words else PROGRAM), language), FAILED)
    except SystemExit as leaving:  # typer's way with a pipe that nobody reads, when it prints help
        return UNREAD if isinstance(leaving.__context__, BrokenPipeError) else FAILED
    except Exception as error:
        if not hasattr(error, "format_message"):
            raise  # a defect: its traceback is wanted
        return _end(error_line(refusal_of(error), language), REFUSED)
    return ended if isinstance(ended, int) else DONE


def asked_language(words: Sequence[str]) -> str | None:
    """Give what ``--lang`` asks for, which help and refusals want to know before options are read.

    Examples
    --------
    >>> asked_language(["list", "targets", "--lang", "zh"]), asked_language(["--lang=en"]), asked_language([])
    ('zh', 'en', None)
    """
    for place, word in enumerate(words):
        if word == LANG:
            return words[place + 1] if place + 1 < len(words) else None
        if word.startswith(f"{LANG}="):
            return word.partition("=")[2]
    return None


def _but_for(words: Sequence[str], error: InputError) -> int:
    """Say what is lost of a command that is done."""
    return _end(error_line(error, check_language(asked_language(words))), DONE_BUT)


def language_after_command(words: Sequence[str]) -> list[str]:
    """Move a ``--lang`` that stands before the command behind it; of the program's help take it away.

    Examples
    --------
    >>> language_after_command(["--lang", "zh", "list", "targets"])
    ['list', '--lang', 'zh', 'targets']
    """
    many = 0 if not words else 2 if words[0] == LANG else 1 if words[0].startswith(f"{LANG}=") else 0
    before, rest = list(words[:many]), list(words[many:])
    return [rest[0], *before, *rest[1:]] if rest and not rest[0].startswith("-") else [*rest, *before]


def _end(line: str, code: int) -> int:
    line = " ".join(line.split())
    if (told := taken_down()) is not None:
        told.problem = line
    print(line, file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
