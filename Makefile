# One recipe per chore. `make` or `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help demo test quick test-shared versions release deep coverage mutants deck deck-record lint format types docs docs-serve lock pages pictures bench bench-waiting bench-board bench-columns bench-memory bench-draws bench-month bench-months bench-nation bench-service bench-spark england reality reform calibration people agreement fuzz fuzz-extracts clean env

bin := .venv/bin

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' Makefile | awk -F '\t' '{printf "  make %-12s %s\n", $$1, $$2}'

demo: ## the service, open on a made-up area with a sign-in for each role
	@./demo

test: ## every check that needs only this checkout
	@./test

quick: ## most of it, in a few minutes; names what it leaves out
	@./test quick

test-shared: ## the tests that read ../shared
	@./test shared

versions: ## ./test quick with every supported Python that is installed
	@scripts/versions.sh

pages: env ## write the pages and tables of the docs that are made from code and tests
	@$(bin)/python scripts/pages.py

pictures: env ## take the pictures of README anew, from what ./demo files made
	@$(bin)/python scripts/pictures.py

release: env ## what docs/how-to/release.md says before a release: every check, the deck, the wheel
	@scripts/release.sh $(VERSION)

deck: env ## compare what every command says and writes with the recorded deck
	@$(bin)/python -m tests.deck compare

deck-record: env ## record the deck anew (say why in CHANGELOG.md)
	@$(bin)/python -m tests.deck record

env: ## set up .venv with everything
	@bash -c 'set -euo pipefail; . scripts/environment.sh; prepare dev'

deep: env ## every property on twenty times the examples (an hour or more)
	@HYPOTHESIS_PROFILE=thorough $(bin)/python -m pytest -n auto tests/generative tests/unit tests/bad_files

coverage: env ## lines and branches that the tests reach, by room
	@$(bin)/coverage erase
	@status=0; HYPOTHESIS_PROFILE=quick $(bin)/coverage run -m pytest -n auto -q || status=$$?; \
	$(bin)/coverage combine -q && $(bin)/coverage report && $(bin)/python scripts/coverage_by_room.py && exit $$status

mutants: env ## faults put in on purpose: those listed, or of FILES="src/..." with TESTS="tests/..."
	@$(bin)/python scripts/mutants.py $(FILES) $(if $(TESTS),--tests $(TESTS))

lint: env ## style and layers
	@$(bin)/ruff check .
	@$(bin)/ruff format --check .
	@$(bin)/lint-imports --no-logo

format: env ## rewrite the code in the project's style
	@$(bin)/ruff check --fix .
	@$(bin)/ruff format .

types: env ## mypy
	@$(bin)/mypy

docs: env ## build the docs into site/
	@$(bin)/mkdocs build --strict

docs-serve: env ## show the docs at localhost:8000, rebuilt as they change
	@$(bin)/mkdocs serve

lock: ## resolve the dependencies again and write requirements/*.txt
	@scripts/lock.sh --upgrade

bench: env ## time a run on all of England beside a plain numpy version
	@$(bin)/python benchmarks/england.py

bench-waiting: env ## time the commands that should be quick: help, show, a small run, a worklist, comparing England
	@$(bin)/python benchmarks/waiting.py

bench-board: env ## time a board of a million made-up patients beside one scan of its files
	@$(bin)/python benchmarks/board.py

bench-columns: env ## time an import and an evaluation with and without the optional columns of records
	@$(bin)/python benchmarks/event_columns.py

bench-memory: env ## count 328 million entries under 4 GB, and watch what it takes
	@$(bin)/python benchmarks/memory.py

bench-draws: env ## price a thousand draws of all England under two schemes beside plain numpy
	@$(bin)/python benchmarks/draws.py

bench-month: env ## a month of 144 practices in three schemes in the background, while 50 people have the service open
	@$(bin)/python benchmarks/service_month.py

bench-months: env ## time an import, and three months appended to it
	@$(bin)/python benchmarks/months.py

bench-spark: env ## what Spark's tasks cost beside processes of this machine, and whether the folder is the same (some minutes)
	@$(bin)/python benchmarks/spark.py

bench-nation: env ## time people in growing numbers, from their import to their pounds, three months appended between
	@$(bin)/python benchmarks/nation.py

bench-service: env ## 50 people on the pages of 12 practices for a minute; BIG=1: five minutes, 144 practices, three years
	@$(bin)/python benchmarks/service.py $(if $(BIG),,--minutes 1 --practices 12 --months 4) $(if $(DATABASE),--database $(DATABASE))

england: env ## QOF 2018-19 on every practice of ../shared/data
	@$(bin)/python examples/england-2018-19/run.py

reality: env ## rewrite the chapter "Checked against reality" from ../shared/data
	@$(bin)/python examples/reality/run.py

reform: env ## rewrite the chapter "A reform, predicted and looked back on" from ../shared/data
	@$(bin)/python examples/reform-2019-20/run.py

calibration: env ## try the laboratory's intervals and alarms on 1,000 simulated areas, and rewrite the page "Calibration" (some minutes)
	@$(bin)/python benchmarks/calibration/run.py

people: env ## rewrite the tables of the page "Synthetic people" (some minutes)
	@$(bin)/python examples/synthetic-people/compare.py

agreement: env ## hold the two engines to one another, and months to whole evaluations, far deeper than the tests do
	@HYPOTHESIS_PROFILE=thorough $(bin)/python -m pytest -n auto tests/generative/test_engines_agree.py tests/generative/test_onward.py
	@$(bin)/python scripts/agreement.py

fuzz: env ## 1,000 damaged inputs for each command; SEED=2, CASES=100, ONLY=run, CASE=37 narrow it
	@$(bin)/python -m tests.fuzz $(if $(SEED),--seed $(SEED)) $(if $(CASES),--cases $(CASES)) $(if $(ONLY),--only "$(ONLY)") $(if $(CASE),--case $(CASE))

fuzz-extracts: env ## 1,000 damaged extracts with NHS numbers; SEED=2, CASES=100, CASE=37 narrow it
	@$(bin)/python -m tests.fuzz.extracts $(if $(SEED),--seed $(SEED)) $(if $(CASES),--cases $(CASES)) $(if $(CASE),--case $(CASE))

clean: ## remove what tools and runs left behind (.venv stays)
	@rm -rf build dist site out .coverage .coverage.* coverage.json .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
