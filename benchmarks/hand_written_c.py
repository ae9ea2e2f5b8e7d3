"""Build the hand-written C kernel with the compiler of this machine, and call it with the model's own rows.

Only for a race: nothing else in the project needs a C compiler.
"""

from __future__ import annotations

import ctypes
import functools
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from shaanxi_transfer.agents.enterprise import COLUMNS
from shaanxi_transfer.agents.registering import TermsOfEntry
from shaanxi_transfer.agents.selling import SALES
from shaanxi_transfer.engine import quantiles
from shaanxi_transfer.engine.columns import record_dtype, row_dtype
from shaanxi_transfer.model.markets.outside_sales import SALE
from shaanxi_transfer.model.state.registry import TALLY_FIELDS

FLAGS: Final = ("-O3", "-march=native")
_WORDS: Final = {
    "uint64": "uint64_t",
    "int64": "int64_t",
    "int32": "int32_t",
    "int16": "int16_t",
    "bool": "uint8_t",
    "float64": "double",
}
_ARGUMENTS: Final = "pqqpppddppddpqQQQppppp"


def compiler() -> str | None:
    """Path of gcc, if there is one."""
    return shutil.which("gcc")


def struct_of(name: str, dtype: np.dtype[Any]) -> str:
    """Write a row's dtype, which has no gaps, as a packed C struct."""
    lines = []
    for field in dtype.names or ():
        base, shape = dtype[field].subdtype or (dtype[field], ())
        lines.append(f"    {_WORDS[base.name]} {field}{''.join(f'[{length}]' for length in shape)};")
    return f"struct {name} {{\n" + "\n".join(lines) + "\n} __attribute__((packed));\n"


def build() -> Callable[..., Call]:
    """Compile the kernel.

    Returns
    -------
    callable
        Takes the arguments of the compiled rule ``sell_outside`` and gives the call, made
        ready: what Python needs to hand over addresses is not C's to pay for.

    Raises
    ------
    RuntimeError
        If there is no gcc.
    """
    gcc = compiler()
    if gcc is None:
        raise RuntimeError("the hand-written C needs gcc, which this machine has not got")
    source = "#include <stdint.h>\n"
    source += struct_of("seller", record_dtype(COLUMNS)) + struct_of("tally", row_dtype(TALLY_FIELDS))
    source += "struct terms {" + "".join(f" double {name};" for name in TermsOfEntry._fields) + " };\n"
    source += Path(__file__).with_name("sell_outside.c").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        code, library = Path(folder) / "sell_outside.c", Path(folder) / "sell_outside.so"
        code.write_text(source, encoding="utf-8")
        subprocess.run([gcc, *FLAGS, "-shared", "-fPIC", "-o", library, code, "-lm"], check=True)
        function = ctypes.CDLL(str(library)).sell_outside
    kinds = {"p": ctypes.c_void_p, "q": ctypes.c_int64, "Q": ctypes.c_uint64, "d": ctypes.c_double}
    function.restype = ctypes.c_int64
    function.argtypes = [kinds[letter] for letter in _ARGUMENTS]
    return functools.partial(_ready, function)


@dataclass(frozen=True)
class Call:
    """A call made ready.

    Attributes
    ----------
    function : callable
        The C function.
    arguments : tuple
        Numbers and addresses.
    arrays : tuple of ndarray
        What lies at the addresses; held, so that it stays there.
    """

    function: Any
    arguments: tuple[Any, ...]
    arrays: tuple[Any, ...]

    def __call__(self) -> int:
        """Sell; gives the yuan that the outside is to pay."""
        return int(self.function(*self.arguments))


def _ready(
    function: Any,
    sellers: Any,
    sector: int,
    habit: Any,
    certified: Any,
    contracts_per_attraction: Any,
    mean_value: float,
    ln_sd: float,
    type_cumulative: Any,
    type_value: Any,
    admitted: float,
    terms: TermsOfEntry,
    parameters: Any,
    now: Any,
    seed: Any,
    tally: Any,
    city_value: Any,
    city_count: Any,
) -> Call:
    counted = np.frombuffer(tally.data, dtype=np.uint8)
    rows = (sellers, habit, certified, contracts_per_attraction, type_cumulative, type_value)
    tables = (quantiles._NODES, quantiles._ONE_OVER, counted, city_value, city_count)
    first, *at = (array.ctypes.data for array in rows)
    numbers = (mean_value, ln_sd)
    entry = np.array(terms, dtype=np.float64)
    limits = (admitted, parameters.contract_value_cap, entry.ctypes.data)
    luck = (int(now.step), int(seed), int(SALES), int(SALE))
    rest = [array.ctypes.data for array in tables]
    arguments = (first, len(sellers), sector, *at[:3], *numbers, *at[3:], *limits, *luck, *rest)
    return Call(function, arguments, (*rows, *tables, entry))
