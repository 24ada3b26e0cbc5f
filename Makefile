# One command each: `make demo` grades the example class, `make test` passes the tests.
# Both set up what is missing in .venv, with the versions of constraints.txt.
# Without bubblewrap (apt-get install bubblewrap) the tests of level full are skipped, without
# chromium-headless-shell those that need a browser.

PYTHON ?= python3
BIN := .venv/bin
AS_USER := $(BIN)/python -m tests.hostile.as_user $(BIN)/pytest -p no:cacheprovider tests/hostile/test_corpus.py
# pip compiles one file after the other, a minute for torch and the rest; compileall uses all cores,
# and the kit, which each process of the tests would else compile where Python may write no bytecode;
# packages' own tests and torch's compiler, a quarter of all, are left out
INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check --no-compile -c constraints.txt
COMPILE := $(BIN)/python -m compileall -qq -j 0 -x '/(tests|testing|_inductor)/' .venv/lib autograder || true

.PHONY: demo test check pytest attacks quality benchmark mutants lint clean

demo: .venv/teacher
	$(BIN)/python -m data.example_class out/class
	$(BIN)/descent grade out/class --out out/demo

# `make -j3 test` runs the three side by side
test: lint check pytest

check: .venv/dev
	$(BIN)/descent check

# many tests wait for processes of their own: one worker more than cores keeps all cores at work
WORKERS := $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 1)')

pytest: .venv/dev
	$(BIN)/pytest tests -n $(WORKERS) --dist loadfile --no-loadscope-reorder --durations=15

# every attack at every level, and once more by an ordinary user; all scripts, all that strangers
# hand in by otter's door, all notebooks, all commands of a released copy, and all modules by few
# instructions of the processor; needs bubblewrap and, to change the user, root (half an hour on two
# cores; `make test` tries all attacks at one level, a sample elsewhere, and a third of the damaged
# replies)
attacks: .venv/dev
	DESCENT_CORPUS=whole $(BIN)/pytest tests/hostile tests/test_scripts.py tests/test_otter.py \
		tests/test_notebook.py tests/test_handout.py tests/test_build.py
	DESCENT_CORPUS=whole $(AS_USER)

# how well the judge judges, all modules anew (a quarter of an hour; `make test` judges what
# has changed)
quality: .venv/dev
	$(BIN)/descent quality --again --probes

# half an hour on two cores; writes the tables and plots of tests/benchmarks/README.md
benchmark: .venv/dev
	$(BIN)/python -m tests.benchmarks.throughput
	$(BIN)/python -m tests.benchmarks.processor
	$(BIN)/python -m tests.benchmarks.growth
	$(BIN)/python -m tests.benchmarks.desk
	$(BIN)/python -m tests.benchmarks.fewer_cases

# six minutes on two cores: mutants of the references, then of the code that judges, by mutmut
mutants: .venv/dev
	$(INSTALL) mutmut
	$(BIN)/python -m tests.mutmut_solutions
	$(BIN)/mutmut run
	$(BIN)/mutmut results

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

.venv/teacher: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(INSTALL) -e '.[teacher]'
	$(COMPILE)
	touch $@

.venv/dev: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(INSTALL) -e '.[desk,teacher,otter,cluster,dev]'
	$(COMPILE)
	touch $@ .venv/teacher

clean:
	rm -rf .venv out mutants
