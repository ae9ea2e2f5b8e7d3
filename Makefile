# Everything that a researcher or a developer types. `make` or `make help` explains.
# Needs Python 3.11, 3.12 or 3.13 with pip and venv, and make; nothing else.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

RUNS ?= 100
SCALE ?= 0.1
SEED ?= 1
OUT ?=

# Rules and batches bring their own parallelism; threads inside would only quarrel.
export OMP_NUM_THREADS ?= 1
export OPENBLAS_NUM_THREADS ?= 1
export MKL_NUM_THREADS ?= 1
export PIP_DISABLE_PIP_VERSION_CHECK ?= 1
# Without bytecode each process compiles all files of the package again: a fifth of its start.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

.PHONY: help
help: ## Show this list
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

# ---- install ---------------------------------------------------------------------

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed, this is " + sys.version.split()[0] + "; say which with PYTHON=...")'
	$(PYTHON) -m venv $(VENV)

# The build tools come from constraints.txt too, so that two installs are the same. What is never imported
# need not be compiled: Python does it for the rest as it is imported.
PIP := $(BIN)/python -m pip install --quiet --no-compile --constraint constraints.txt

$(VENV)/base.stamp: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) setuptools wheel
	$(PIP) --no-build-isolation --editable .
	@touch $@

$(VENV)/dev.stamp: $(VENV)/base.stamp
	$(PIP) --no-build-isolation --editable ".[dev]"
	@touch $@

# Apart from ".[dev]": tests and continuous integration need none of it.
$(VENV)/docs.stamp: $(VENV)/dev.stamp
	$(PIP) --no-build-isolation --editable ".[docs]"
	@touch $@

# A Python that is asked for, and not the one that the environment was made with, would else be ignored.
.PHONY: chosen
chosen: | $(BIN)/python
ifneq ($(origin PYTHON),file)
	@asked="$$($(PYTHON) -c 'import sys; print(sys.version.split()[0], sys.base_prefix)')"; \
	there="$$($(BIN)/python -c 'import sys; print(sys.version.split()[0], sys.base_prefix)')"; \
	[ "$$asked" = "$$there" ] || { echo "PYTHON=$(PYTHON) is $$asked, but $(VENV) was made with $$there:" \
	"\`make clean\` first, or another place with VENV=..." >&2; exit 2; }
endif

.PHONY: install
install: chosen $(VENV)/base.stamp ## Install into .venv what is needed to run the model

.PHONY: develop
develop: chosen $(VENV)/dev.stamp ## Install also what is needed to test and change it

# ---- use -------------------------------------------------------------------------

.PHONY: forecast
forecast: install ## Forecast action_plan against no_plan for Shaanxi (RUNS, SCALE, SEED, OUT)
	$(BIN)/shaanxi-transfer forecast action_plan --against no_plan --province shaanxi --runs $(RUNS) --scale $(SCALE) --seed $(SEED)$(if $(OUT), --out "$(OUT)")

# ---- check -----------------------------------------------------------------------

# A file a time, for what its tests share; in the order of tests/conftest.py, not by the number of tests.
PARALLEL := --numprocesses auto --dist loadfile --no-loadscope-reorder

# What does not need the tests to have run is done side by side: types and compiling each keep one core busy.
.PHONY: test
test: develop ## Do all that the tests need, then lint, check types and arrows, and test
	$(MAKE) --jobs 2 lint types arrows warm
	$(BIN)/pytest $(PARALLEL)

.PHONY: lint
lint: develop ## Check style and docstrings with ruff
	$(BIN)/ruff check .

# Links to the rooms; a source distribution cannot hold them.
typings/shaanxi_transfer:
	mkdir -p $@
	for part in __init__.py py.typed $(patsubst %/__init__.py,%,$(wildcard */__init__.py)); do ln -s "../../$$part" "$@/$$part"; done

.PHONY: types
types: develop typings/shaanxi_transfer ## Check types with mypy strict, rooms and tests
	$(BIN)/mypy
	$(BIN)/mypy tests

.PHONY: arrows
arrows: develop ## Check that imports run one way
	$(BIN)/lint-imports

# Workers that all compile at once would do the same work many times over.
.PHONY: warm
warm: develop ## Compile the rules once, before anything runs in parallel
	$(BIN)/python -m shaanxi_transfer.model.warm

.PHONY: browser
browser: develop warm ## Open briefs and dashboard in headless Chromium (Debian's chromium, and pip's playwright)
	$(BIN)/python -m pip install -q -c constraints.txt "playwright"
	$(BIN)/pytest -n 0 -m browser tests/reports/brief tests/reports/dashboard tests/reports/simulator

.PHONY: bounds
bounds: export NUMBA_BOUNDSCHECK = 1
bounds: develop ## Run the tests with array bounds checked inside the rules (slow)
	$(BIN)/python -m shaanxi_transfer.model.warm
	$(BIN)/pytest -m "not house" $(PARALLEL)

.PHONY: soak
soak: develop ## Test with fresh random examples, many more of them (slow)
	HYPOTHESIS_PROFILE=soak $(BIN)/pytest $(PARALLEL) --counted=results/soak/soak.csv

# From 3.4 on Mesa needs Python 3.12: NEWER says which to take for the highest version.
NEWER ?= python3.12

.PHONY: mesa-ends
mesa-ends: develop ## Test under the lowest and the highest Mesa allowed, with equal tables (NEWER; some minutes)
	packaging/mesa_ends $(BIN)/python $(NEWER) $(VENV)/mesa

.PHONY: mutants
mutants: develop ## Break 40 rules by lot (SEED), and tell which no test by hand notices (some minutes)
	$(BIN)/python -m shaanxi_transfer.studies.upkeep.mutants --seed $(SEED)

.PHONY: battery
battery: develop warm ## Try in full what batches must survive, and write the table (some minutes)
	HYPOTHESIS_PROFILE=soak $(BIN)/pytest -m battery --battery=results/reference/battery.md

.PHONY: cluster-trial
cluster-trial: develop warm ## Hold a cluster that loses a worker against one machine (500 futures, some minutes)
	$(BIN)/python -m shaanxi_transfer.studies.upkeep.cluster_trial --runs 500

.PHONY: wheel-test
wheel-test: develop ## Build the wheel from the sdist, install it afresh and run the tests against it
	bash .ci/wheel_test $(BIN)/python

PYTHONS ?= python3.11 python3.13

.PHONY: wheel-forecast
wheel-forecast: develop ## Forecast from wheel and sdist in an empty folder of an empty environment, under each of PYTHONS
	bash .ci/forecast_anywhere $(BIN)/python $(PYTHONS)

.PHONY: packs
packs: install ## Make the province packs again from scenarios/sources
	$(BIN)/python -m shaanxi_transfer.scenarios.provinces.make_packs all

.PHONY: reference
reference: install ## Hold the simulated years up to 2017 against the observed ones, for two provinces
	$(BIN)/python -m shaanxi_transfer.experiments.patterns.simulated_against_observed --province shaanxi --runs $(RUNS) --scale $(SCALE) --seed $(SEED)
	$(BIN)/python -m shaanxi_transfer.experiments.patterns.simulated_against_observed --province hubei --runs $(RUNS) --scale $(SCALE) --seed $(SEED)

.PHONY: patterns
patterns: RUNS = 200
patterns: develop ## Hold the model against the patterns, and write the table and its page (RUNS is 200 here)
	$(BIN)/python -m shaanxi_transfer.experiments.patterns.verdicts --province shaanxi --runs $(RUNS) --scale $(SCALE) --seed $(SEED)
	$(BIN)/python -m shaanxi_transfer.studies.reference_pages.from_tables docs/model

.PHONY: effects
effects: install ## Tell what each lever and task moves and costs (some 110 worlds in each of RUNS futures)
	$(BIN)/python -m shaanxi_transfer.experiments.effects.lever_effects --runs $(RUNS) --scale $(SCALE) --seed $(SEED)

ONLY ?=

.PHONY: advice
advice: install ## Answer a planner's questions for PROVINCE, for the reference tables and their page (hours; ONLY=ranking,why)
	$(BIN)/python -m shaanxi_transfer.studies.advice.make --province $(PROVINCE) --seed $(SEED)$(if $(ONLY), --only $(ONLY))

ROWS ?= 256

.PHONY: variance
variance: install ## Tell what the variance of the targets comes from (7 runs of two worlds in each of ROWS rows)
	$(BIN)/python -m shaanxi_transfer.experiments.effects.variance_shares --province shaanxi --runs $(ROWS) --scale $(SCALE) --seed $(SEED)

.PHONY: evidence
evidence: RUNS = 1000
evidence: develop ## Tell what every number rests on and what hangs on it: the ledger and its page (RUNS is 1000 here)
	$(BIN)/python -m shaanxi_transfer.experiments.evidence.ledger --province shaanxi --runs $(RUNS) --scale $(SCALE) --seed $(SEED)
	$(BIN)/python -m shaanxi_transfer.studies.reference_pages.from_tables docs/model

PROVINCE ?= shaanxi

.PHONY: published-effects
published-effects: RUNS = 200
published-effects: SCALE = 1
published-effects: develop warm ## Enact published evaluations and hold them against what was published (RUNS is 200 here)
	$(BIN)/python -m shaanxi_transfer.studies.published_effects.make --province $(PROVINCE) --runs $(RUNS) --scale $(SCALE) --seed $(SEED)
	$(BIN)/python -m shaanxi_transfer.studies.published_effects.figure
	$(BIN)/python -m shaanxi_transfer.studies.reference_pages.from_tables docs/model

.PHONY: provinces
provinces: develop ## Put the 31 provinces side by side: tables, figure and page (some minutes)
	$(BIN)/python -m shaanxi_transfer.studies.provinces_side_by_side.make --scale $(SCALE) --seed $(SEED)

# Fitting needs more than the base install does.
.PHONY: calibrate
calibrate: develop warm ## Fit a province to its observed years (PROVINCE; 11 minutes) and adopt the posterior
	$(BIN)/shaanxi-transfer calibrate --province $(PROVINCE) --out results/calibration_$(PROVINCE)_2017
	$(BIN)/python -m shaanxi_transfer.studies.upkeep.adopt results/calibration_$(PROVINCE)_2017 --province $(PROVINCE)

# Stopped and started again, it makes only what is missing.
.PHONY: calibrate-all
calibrate-all: develop warm ## Fit all provinces to all their years (PROVINCES); `make adopt-across` adopts the posteriors
	$(BIN)/shaanxi-transfer calibrate --all --seed $(SEED) --out results/across$(if $(PROVINCES), --provinces $(PROVINCES))

.PHONY: backtest
backtest: develop warm ## Fit to the past, forecast from there beside six rivals, and adopt the discrepancy (18 minutes)
	$(BIN)/shaanxi-transfer backtest --province $(PROVINCE) --out results/backtest_$(PROVINCE)
	$(BIN)/python -m shaanxi_transfer.studies.upkeep.adopt results/backtest_$(PROVINCE) --province $(PROVINCE)

# Behaviour at an origin comes from the posterior of Shaanxi to that origin, where `make backtest` left one.
SHARED ?= $(wildcard results/backtest_shaanxi)
PROVINCES ?=

.PHONY: across
across: develop warm ## Fit all provinces, forecast their past beside six rivals, with figure and page (an hour; PROVINCES)
	$(BIN)/python -m shaanxi_transfer.studies.backtest_of_all_provinces.run --seed $(SEED)$(if $(SHARED), --shared $(SHARED))$(if $(PROVINCES), --provinces $(PROVINCES))
	$(BIN)/python -m shaanxi_transfer.studies.backtest_of_all_provinces.figures
	$(BIN)/python -m shaanxi_transfer.studies.backtest_of_all_provinces.page

# One piece of `make across`, for a machine that has little time: results/across is carried from one to the next.
ORIGIN ?= 2013

.PHONY: across-runs
across-runs: develop warm ## The runs of `make across` at one ORIGIN alone, kept in results/across (PROVINCES)
	$(BIN)/python -m shaanxi_transfer.studies.backtest_of_all_provinces.run --runs-only --origins $(ORIGIN) --seed $(SEED)$(if $(SHARED), --shared $(SHARED))$(if $(PROVINCES), --provinces $(PROVINCES))

.PHONY: across-from-priors
across-from-priors: develop warm ## After `make across`: try on the past what is forecast without a posterior (20 minutes; PROVINCES)
	$(BIN)/python -m shaanxi_transfer.studies.backtest_of_all_provinces.from_priors --seed $(SEED)$(if $(PROVINCES), --provinces $(PROVINCES))

# Pieces as of `make across-runs`: --runs-only for one ORIGIN, then the whole, which makes what is missing.
PIECE_ORIGIN ?=

.PHONY: across-left-out
across-left-out: develop warm ## After `make across`: forecast each province from the fits of the others (PROVINCES, PIECE_ORIGIN for a piece)
	$(BIN)/python -m shaanxi_transfer.studies.backtest_of_all_provinces.left_out --seed $(SEED)$(if $(SHARED), --shared $(SHARED))$(if $(PROVINCES), --provinces $(PROVINCES))$(if $(PIECE_ORIGIN), --origins $(PIECE_ORIGIN) --runs-only)

.PHONY: across-structure
across-structure: develop warm ## After `make across`: forecast the past with the nation as it became, and split the errors (20 minutes; PIECE_ORIGIN for a piece)
	$(BIN)/python -m shaanxi_transfer.studies.backtest_of_all_provinces.structure_alone --seed $(SEED)$(if $(SHARED), --shared $(SHARED))$(if $(PIECE_ORIGIN), --origins $(PIECE_ORIGIN) --runs-only)

.PHONY: across-rivals
across-rivals: install ## Set quantile files of others (RIVALS="FILE ...") beside the backtest of all provinces
	$(BIN)/python -m shaanxi_transfer.studies.backtest_of_all_provinces.rivals_of_others $(RIVALS) --seed $(SEED)

.PHONY: adopt-across
adopt-across: install ## Make posteriors and discrepancies of `make across` those that forecasts use, Shaanxi's bands too
	$(BIN)/python -m shaanxi_transfer.studies.upkeep.adopt results/across --each

.PHONY: reconcile
reconcile: develop warm ## After `make adopt-across`: store the shift with which all provinces follow the nation (15 minutes)
	$(BIN)/python -m shaanxi_transfer.studies.backtest_of_all_provinces.reconciliation --scale $(SCALE) --seed $(SEED)

VERSION = $(shell sed -n 's/^__version__ = "\(.*\)"/\1/p' __init__.py)

.PHONY: freeze
freeze: develop warm ## Freeze the forecasts of 2018 to 2020 of all provinces under this VERSION, with their checksums (35 minutes)
	$(BIN)/python -m shaanxi_transfer.experiments.freeze_provinces --out results/frozen/$(VERSION) --scale $(SCALE) --seed $(SEED)

.PHONY: province-plans
province-plans: install ## Tell what the plan would move in each province: a thought experiment (a quarter of an hour)
	$(BIN)/python -m shaanxi_transfer.studies.provinces_side_by_side.plans --scale $(SCALE) --seed $(SEED)

.PHONY: identify
identify: develop warm ## Tell what the observed years can see, what fits without which mechanism, what is recovered (half an hour)
	$(BIN)/python -m shaanxi_transfer.experiments.identification.screening --province $(PROVINCE)
	$(BIN)/python -m shaanxi_transfer.experiments.identification.recovery --province $(PROVINCE) --out results/reference
	$(BIN)/python -m shaanxi_transfer.experiments.effects.knock_outs --province $(PROVINCE)

.PHONY: forecast-reference
forecast-reference: develop ## Make the reference forecast with its page: fitted, model alone, priors (5 minutes)
	$(BIN)/python -m shaanxi_transfer.studies.reference_pages.forecast_page --province $(PROVINCE) --scale $(SCALE) --seed $(SEED)

TRAJECTORIES ?= 6
BASE ?= 128
SEEDS ?= auto

.PHONY: sensitivity
sensitivity: develop ## Tell what moves the targets: Morris over all, Sobol over the twelve that matter (up to an hour)
	$(BIN)/python -m shaanxi_transfer.studies.reference_pages.sensitivity_page --trajectories $(TRAJECTORIES) --base $(BASE) --seeds $(SEEDS) --scale $(SCALE) --seed $(SEED)

.PHONY: bench
bench: install ## Measure speed and memory here, beside the code of before, plain agents and C (table, figure; some minutes)
	$(BIN)/python benchmarks/table_and_figure.py

.PHONY: notebooks
notebooks: develop warm ## Execute the notebooks and keep what they show (NAMES; some ten minutes)
	$(BIN)/python -m shaanxi_transfer.studies.upkeep.execute_notebooks $(NAMES)

.PHONY: pages
pages: develop ## Write the pages of docs/model, the schema of scenarios, and what type checkers read, from the code
	$(BIN)/python -m shaanxi_transfer.studies.upkeep.describe_model docs/model
	$(BIN)/python -m shaanxi_transfer.studies.upkeep.describe_types agents
	$(BIN)/python -m shaanxi_transfer.studies.reference_pages.from_tables docs/model
	$(BIN)/python -m shaanxi_transfer.studies.provinces_side_by_side.make --page
	$(BIN)/python -m shaanxi_transfer.studies.backtest_of_all_provinces.page
	$(BIN)/shaanxi-transfer schema > scenarios/scenario.schema.json

# What no test needs is installed as well, so that every extra is in the table.
.PHONY: licences
licences: develop ## Write down the licence of every library, and what needs it, from what constraints.txt installs
	$(PIP) --no-build-isolation --editable ".[dev,docs,notebook,browser]"
	$(BIN)/python -m shaanxi_transfer.studies.upkeep.licences docs/licences.csv

.PHONY: docs
docs: export NO_MKDOCS_2_WARNING = 1
docs: develop $(VENV)/docs.stamp typings/shaanxi_transfer ## Build the documentation in both languages into site/, a warning being an error
	$(BIN)/pytest --quiet -n 0 tests/test_docstrings.py tests/scenarios/test_how_to.py
	$(BIN)/mkdocs build --strict
	$(BIN)/mkdocs build --strict --config-file mkdocs_zh.yml

# ---- tidy ------------------------------------------------------------------------

.PHONY: equal-rules
equal-rules: install ## Show that edited rules give the figures of the fits, and give posteriors their hash
	$(BIN)/python -m shaanxi_transfer.studies.upkeep.equal_rules

.PHONY: clean
clean: ## Remove the environment, caches and builds; results stay
	rm -rf $(VENV) build dist site *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
