"""Results in other forms: workbook, DuckDB, NetCDF, with a data dictionary."""
