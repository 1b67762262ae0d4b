# What a person types. `make` alone lists it.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run demo build test scenarios bench-simulator bench bench-opendht bench-presence bench-sip bench-failover test-nat bench-flood fuzz format lint clean

RELEASE := .build/release/starling
SWIFT_FOLDERS := Package.swift Sources Simulator Tests Benchmarks

help: ## list these commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1	\2/' | expand -t 22

run: build ## start a local overlay: two gateways and two plain nodes; Ctrl-C ends it
	@STARLING=$(RELEASE) exec scripts/local-overlay.sh run

demo: build ## tell a story on a local overlay: calls, presence, a gateway that dies
	@STARLING=$(RELEASE) exec scripts/demo.sh

build: ## install what is missing and build for use
	@scripts/install-dependencies.sh
	swift build -c release --product starling
	swift build -c release --product starling-sim

test: ## install what is missing and run all tests, with real phones
	@scripts/install-dependencies.sh --test
	swift build --build-tests
	# Those with sockets and phones by themselves: beside tests that only compute they would wait beyond their time-outs.
	swift test --skip-build --skip NodeIOTests --skip EndToEndTests --skip LoopbackTests
	swift test --skip-build --filter NodeIOTests
	swift test --skip-build --filter EndToEndTests
	# It keeps real time for a minute.
	swift test --skip-build --filter LoopbackTests

scenarios: ## run the small scenarios of the simulator, each twice
	@scripts/install-dependencies.sh
	scripts/scenarios.sh

bench: ## measure the hot paths
	@scripts/install-dependencies.sh
	scripts/bench.sh

bench-opendht: ## measure this overlay and OpenDHT side by side (ROUNDS=3)
	@scripts/install-dependencies.sh
	scripts/bench-opendht.sh $(or $(ROUNDS),3)

bench-presence: build ## measure a gateway and Kamailio's presence server side by side (ROUNDS=3)
	@scripts/install-dependencies.sh --bench
	scripts/bench-presence.sh $(or $(ROUNDS),3)

test-nat: build ## as root: reach a node behind a translator of addresses, in network namespaces
	@scripts/install-dependencies.sh --test
	scripts/test-nat.sh

bench-failover: build ## 10,000 users call each other while a gateway is killed: which calls fail
	@scripts/install-dependencies.sh --test
	scripts/bench-failover.sh

bench-sip: build ## measure a gateway and Kamailio as registrar and proxy side by side (ROUNDS=3)
	@scripts/install-dependencies.sh --bench
	scripts/bench-sip.sh $(or $(ROUNDS),3)

bench-flood: build ## how long users wait for a gateway that is flooded, and for one that is not
	scripts/bench-flood.sh

bench-simulator: ## nanoseconds an event and bytes a node of simulated overlays
	@scripts/install-dependencies.sh
	scripts/bench-simulator.sh

fuzz: ## feed the parsers with random input (SECONDS=600)
	@scripts/install-dependencies.sh
	scripts/fuzz.sh

format: ## put the sources into the project's form
	swift format -i -r -p $(SWIFT_FOLDERS)

lint: ## check what continuous integration checks before the tests
	swift format lint --strict -r -p $(SWIFT_FOLDERS)
	@for script in scripts/*.sh .ci/run; do bash -n "$$script"; done

clean: ## remove what was built
	rm -rf .build
