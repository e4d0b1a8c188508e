# The bench: four programs, built like everything else, and the script that runs them in a machine.
BENCH_PROGRAMS = $(patsubst tests/bench/%.c,$(BUILD)/bench/%,$(wildcard tests/bench/*.c))

.PHONY: bench
bench:	## measure the whole way beside its floor, in a machine (RELEASE=); leaves build/bench/RELEASE.json
	@exec setpriv --pdeathsig KILL tests/bench/run $(RELEASE)

.PHONY: bench-programs
bench-programs: $(BENCH_PROGRAMS)

$(BUILD)/bench/%: $(BUILD)/tests/bench/%.o
	@mkdir -p $(@D)
	$(LINK) -lsystemd -lmicrohttpd
