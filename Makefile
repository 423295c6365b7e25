# `make run` and `make test` are all a newcomer needs: they install what is missing and then do what they say.
# Everything Python lives in .venv; nothing is installed outside this folder but the Debian packages named in
# packaging/debian-packages.txt.

PYTHON ?= python3
PEOPLE ?= 12
export PYTHON
# Whatever the shell says: each of the tests' hundreds of processes would compile the program again.
unexport PYTHONDONTWRITEBYTECODE

VENV   := .venv/bin
STAMPS := .venv/stamps
# Tests and demo never open a window: the same everywhere, display or not.
OFFSCREEN := QT_QPA_PLATFORM=offscreen

# A .venv works only in the folder it was made in: after a move or a copy of the folder, set up again.
ifneq ($(file <$(STAMPS)/folder),$(CURDIR))
$(shell rm -rf $(STAMPS))
endif

LOCALE   := resources/locale
CATALOGS := $(patsubst %.po,%.mo,$(wildcard $(LOCALE)/*/LC_MESSAGES/station.po))

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help run test check soak bench bench-link sbom fuzz setup setup-dev format translations lock clean clean-all

help: ## Show this list
	@echo "Newcomers need two of these: make run, make test."
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | while IFS="$$(printf '\t')" read -r name text; do \
		printf '  %-14s %s\n' "$$name" "$$text"; done

run: setup ## Start the station in training mode (without a display, or with HEADLESS=1: a demo in build/demo)
	@if [ "$$HEADLESS" != 1 ] && [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then \
		exec $(VENV)/station --training; \
	else \
		echo "No display (or HEADLESS=1): running the demo, $(PEOPLE) people, results in build/demo"; \
		$(OFFSCREEN) exec $(VENV)/station demo --people $(PEOPLE) --out build/demo; \
	fi

test: setup-dev ## Run all tests (only some of them: make test ARGS="-k nik")
	@trap : INT; place=$$(mktemp -d -t stasiun-XXXXXX) || exit 1; \
	$(OFFSCREEN) $(VENV)/python -m pytest --basetemp="$$place/tests" \
		--numprocesses=auto --dist=loadfile --no-loadscope-reorder $(ARGS); code=$$?; \
	if [ $$code = 0 ]; then rm -rf "$$place" || echo "Could not remove all of $$place"; \
	else echo "What the tests have written is kept in $$place"; fi; exit $$code

check: setup-dev ## Check style, types, layering and what is in the repository
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/mypy
	$(VENV)/lint-imports
	$(VENV)/python scripts/check_repository.py

soak: setup-dev ## Kill, cut and starve real stations for hours, and let a stranger judge (SOAK_MINUTES=5: a short run; best as root)
	@scripts/system_packages.sh run test soak || echo "make soak goes on: what needs these packages says that it was skipped."
	$(OFFSCREEN) $(VENV)/python -m tests.soak $(ARGS)

bench: setup-dev ## Measure speed, memory and growth beside the least that could be done, 25 to 40 minutes; draws docs/measurements/
	@scripts/system_packages.sh run test bench
	$(OFFSCREEN) $(VENV)/python -m tests.bench $(ARGS)

bench-link: setup-dev ## Measure delivery over bad lines beside curl, tuspy and a one-shot upload (root; an hour; ARGS="--rates 64 --losses 0")
	@scripts/system_packages.sh run test link
	$(VENV)/pip install --quiet --require-hashes --no-deps --requirement requirements/link.txt
	$(OFFSCREEN) $(VENV)/python -m tests.link $(ARGS)

sbom: setup-dev ## Write build/sbom.cdx.json and docs/dependencies.md: what is shipped, in which version, under which licence
	@scripts/sbom.sh

fuzz: setup-dev ## Feed damaged and invented bytes to everything that reads what comes from outside (FUZZ_SECONDS=60 each)
	$(VENV)/pip install --quiet --require-hashes --no-deps --requirement requirements/fuzz.txt
	$(OFFSCREEN) $(VENV)/python -m tests.fuzz $(ARGS)

format: setup-dev ## Rewrite the source in the common style
	$(VENV)/ruff check --fix .
	$(VENV)/ruff format .

translations: setup-dev ## Collect new texts from the source into resources/locale, then compile
	@mkdir -p $(LOCALE)
	$(VENV)/pybabel extract --keywords=_ --keywords=N_ --keywords=ngettext:1,2 --project=station --no-location --sort-output \
		--output-file=$(LOCALE)/station.pot station
	@if [ -e $(LOCALE)/id/LC_MESSAGES/station.po ]; then \
		$(VENV)/pybabel update --ignore-pot-creation-date --no-fuzzy-matching -d $(LOCALE) -D station -i $(LOCALE)/station.pot -l id; \
	else \
		$(VENV)/pybabel init -d $(LOCALE) -D station -i $(LOCALE)/station.pot -l id; \
	fi
	$(VENV)/pybabel compile --statistics -d $(LOCALE) -D station

lock: ## Pin the Python packages again after a change of pyproject.toml (needs uv; newest ones: make lock ARGS=--upgrade)
	scripts/lock.sh $(ARGS)

clean: ## Remove what was built (not .venv)
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .coverage *.egg-info
	rm -f $(LOCALE)/*/LC_MESSAGES/*.mo
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

clean-all: clean ## Remove .venv too: the next make starts from nothing
	rm -rf .venv

# --- Set-up: each step leaves a stamp, so the second time there is nothing to do ---

setup: $(STAMPS)/run $(CATALOGS)
setup-dev: $(STAMPS)/dev $(CATALOGS)

# The stamps of the system packages are order-only: a new Debian package is no reason to install Python's again.
$(STAMPS)/run: requirements/run.txt pyproject.toml | $(STAMPS)/system-run
	@scripts/python_environment.sh run
	@mkdir -p $(STAMPS) && printf '%s' '$(CURDIR)' > $(STAMPS)/folder && touch $@

# dev.txt holds all of run.txt in the same versions (make check makes sure), so `make run` has nothing left to do.
$(STAMPS)/dev: requirements/dev.txt requirements/run.txt pyproject.toml | $(STAMPS)/system-test
	@scripts/python_environment.sh dev
	@mkdir -p $(STAMPS) && printf '%s' '$(CURDIR)' > $(STAMPS)/folder && touch $@ $(STAMPS)/run

$(STAMPS)/system-run: packaging/debian-packages.txt
	@scripts/system_packages.sh run
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/system-test: packaging/debian-packages.txt
	@scripts/system_packages.sh run test
	@mkdir -p $(STAMPS) && touch $@ $(STAMPS)/system-run

# With no translations yet, there is nothing to compile and this rule is not used.
%.mo: %.po | $(STAMPS)/run
	@$(VENV)/pybabel compile --locale=$(notdir $(patsubst %/LC_MESSAGES/,%,$(dir $<))) --input-file=$< --output-file=$@
	@touch $@
