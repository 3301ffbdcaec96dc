# make setup | demo | docs | test | bench: see CONTRIBUTING.md. Python >= 3.11 needed; a C compiler makes it faster.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: setup demo docs test test-long bench bench-compare profile fuzz fuzz-rim swarm format clean
.DELETE_ON_ERROR:

setup: .venv/ready

# The stamp depends on what decides the environment, compiled parts included, so a second call costs nothing.
.venv/ready: pyproject.toml constraints.txt setup.py $(wildcard resolver/net/_*.[ch] loadgen/_*.c)
	@$(PYTHON) -c 'import sys; sys.exit("biaoshi needs Python 3.11 or newer, this is " + sys.version.split()[0] + "; say make PYTHON=python3.11") if sys.version_info < (3, 11) else None'
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python has no venv module: install Debian's package python3-venv" >&2; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "setup: installing biaoshi and its tools into .venv (about half a minute)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

demo: setup
	@$(BIN)/biaoshi demo

# The documentation site, from sources and code, into build/docs/site; it loads nothing from elsewhere.
docs: .venv/docs
	$(BIN)/python docs/site/assemble.py
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --config-file build/docs/mkdocs.yml
	@echo "look at it: python3 -m http.server -d build/docs/site"

.venv/docs: .venv/ready
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[docs]'
	@touch $@

# One command for everybody: format, lint, types, floors, tests; side by side, but for those that measure.
test: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n auto --dist loadfile -m "not (long or clock)"
	$(BIN)/pytest -m "clock and not long"

# What the five minutes of `make test` leave out: whole proofs over real processes.
test-long: setup
	$(BIN)/pytest -m long

bench: setup
	$(BIN)/python -m benchmarks

# This working tree against another commit, in turn: make bench-compare REF=main; COMPARE="--rows 'packet cache'" for less.
bench-compare: setup
	@test -n "$(REF)" || { echo "say what to compare with: make bench-compare REF=main" >&2; exit 2; }
	$(BIN)/python -m benchmarks.compare $(REF) $(COMPARE)

# Where a loaded node spends its time, as perf or py-spy sees it. PROFILE="--cold --seconds 20" for another look.
profile: setup
	$(BIN)/python -m benchmarks.profiling $(PROFILE)

# 10^6 bad packets at every kind of node; not part of test. FUZZ="--packets 20000 --seed 2" for another run.
fuzz: setup
	cd tests && ../$(BIN)/python -m fuzz $(FUZZ)

# 1,000 seeds of trouble in virtual time; not part of test. SWARM="--first 5000 --seeds 200" for others.
swarm: setup
	$(BIN)/biaoshi swarm $(SWARM)

# 10^7 operations on the core of the compiled rim under AddressSanitizer and UndefinedBehaviorSanitizer, and 10^7
# altered packets to it and to its twin in Python, which must answer alike; a million altered answers to the compiled
# half of the load generator; not part of test.
fuzz-rim: setup
	mkdir -p benchmarks/bin
	$(CC) -O1 -g -Wall -Wextra -std=c11 -fsanitize=address,undefined -fno-sanitize-recover=all tests/fuzz/rim_core.c -o benchmarks/bin/rim_core
	benchmarks/bin/rim_core 10000000 1
	RIM_MUTATED=10000000 $(BIN)/pytest -q tests/net/test_rim.py -k altered
	ANSWERS_MUTATED=1000000 $(BIN)/pytest -q tests/loadgen/test_loadgen_volley.py -k altered

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
