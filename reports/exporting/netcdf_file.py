"""An experiment as a netCDF file, which xarray, R, Julia and MATLAB read: a cube for each indicator."""

from __future__ import annotations

import json
from pathlib import Path

from .contents import Exported


def write_netcdf(exported: Exported, file: Path) -> None:
    """Write a netCDF file (classic form, 64-bit offsets), whole or not at all.

    The classic form knows no integers of 64 bits, so that seeds are written as words.

    Raises
    ------
    InputError
        If xarray (extra ``cube``) is not installed, or a part is damaged.
    """
    from ...experiments.keeping.atomic_files import write_atomically
    from ...experiments.keeping.cube import dataset_of

    cube = dataset_of(exported.store, exported.definitions)
    cube = cube.assign_coords(
        seed=("future", [str(seed) for seed in cube["seed"].values.tolist()]),
        future=cube["future"].astype("int32"),
    )
    dictionary = exported.dictionary().set_index("indicator")
    for name, variable in cube.data_vars.items():
        about = dictionary.loc[str(name)]
        variable.attrs.update(
            long_name=about["title_en"],
            long_name_zh=about["title_zh"],
            definition=about["definition_en"],
            definition_zh=about["definition_zh"],
        )
    manifest = exported.store.manifest()
    cube.attrs.update(
        title=f"{manifest['identity']['kind']}: {', '.join(cube['scenario'].values.tolist())}",
        manifest=json.dumps(manifest, ensure_ascii=False, sort_keys=True),
    )
    write_atomically(file, lambda path: cube.to_netcdf(path, engine="scipy", format="NETCDF3_64BIT"))
