# make fuzz: libFuzzer on whatever strangers, or the process on the other side, can put bytes into; FUZZ_SECONDS= in
# total, shared by all targets. In the check chroot, which has the compiler for it; `make fuzz-here` needs no root, but
# clang and libclang-rt-dev. What it finds is left in fuzz/found/ of build/ or build/chroot-bookworm/, and the inputs
# that it grew, for the next time, in fuzz/corpus/.
FUZZ_SECONDS ?= 60
FUZZ_FLAGS ?=
FUZZ_CC ?= clang
FUZZ = $(BUILD)/fuzz
FUZZ_TARGETS = $(patsubst tests/fuzz/fuzz-%.c,%,$(wildcard tests/fuzz/fuzz-*.c))
FUZZ_SOURCES = $(foreach l,webfront broker login log polkit policy common,$(call sources,$(l))) $(wildcard cli/rolling/plan*.c cli/rolling/record.c) tests/unit/signing.c \
	$(webfront_made:%=%.c) $(BUILD)/webfront/assets-table.c
FUZZ_OBJECTS = $(patsubst %.c,$(FUZZ)/%.o,$(FUZZ_SOURCES))
FUZZ_CFLAGS = -std=gnu17 -g -O1 -Wall -Wextra -Werror -fno-omit-frame-pointer -fsanitize=address,undefined \
	-fno-sanitize-recover=all

$(FUZZ)/%.o: %.c
	@mkdir -p $(@D)
	@$(FUZZ_CC) $(filter-out -D_FORTIFY_SOURCE=%,$(ALL_CPPFLAGS)) $(FUZZ_CFLAGS) -fsanitize=fuzzer-no-link -c -o $@ $<

$(FUZZ)/libfuzzed.a: $(FUZZ_OBJECTS)
	@rm -f $@
	@$(AR) rcs $@ $^

$(FUZZ)/fuzz-%: $(FUZZ)/tests/fuzz/fuzz-%.o $(FUZZ)/libfuzzed.a
	@$(FUZZ_CC) $(FUZZ_CFLAGS) -fsanitize=fuzzer -o $@ $^ $(LDLIBS)

# The same without libFuzzer and sanitizers, for valgrind: memory that the distribution's xmlrpc-c handles wrongly is
# nothing that ASan in our own code could see. (Built with ASan it would be seen earlier, but a mirror that has the
# packages need not have their sources.)
PLAIN_OBJECTS = $(patsubst %.c,$(FUZZ)/plain/%.o,$(FUZZ_SOURCES))

$(FUZZ)/plain/%.o: %.c
	@mkdir -p $(@D)
	@$(CC) $(filter-out -D_FORTIFY_SOURCE=%,$(ALL_CPPFLAGS)) -std=gnu17 -g -O1 $(WARNINGS) -c -o $@ $<

$(FUZZ_OBJECTS) $(PLAIN_OBJECTS): | $(webfront_made:%=%.h)

$(FUZZ)/libplain.a: $(PLAIN_OBJECTS)
	@rm -f $@
	@$(AR) rcs $@ $^

$(FUZZ)/replay-%: $(FUZZ)/plain/tests/fuzz/fuzz-%.o $(FUZZ)/plain/tests/fuzz/replay.o $(FUZZ)/libplain.a
	@$(CC) -g -o $@ $^ $(LDLIBS)

.PHONY: fuzz fuzz-here
.PRECIOUS: $(FUZZ)/%.o $(FUZZ)/plain/%.o
fuzz:	## fuzz all parsers for FUZZ_SECONDS=60 in total
	@$(MACHINE) chroot bookworm make -j$$(nproc) fuzz-here BUILD=/srv/out FUZZ_SECONDS=$(FUZZ_SECONDS)

fuzz-here:
	@command -v $(FUZZ_CC) >/dev/null || { echo "this needs clang: apt install clang libclang-rt-dev" >&2; exit 1; }
	@$(MAKE) --no-print-directory $(addprefix $(FUZZ)/fuzz-,$(FUZZ_TARGETS)) $(addprefix $(FUZZ)/replay-,$(FUZZ_TARGETS))
	@FUZZ_FLAGS='$(FUZZ_FLAGS)' tests/fuzz/run $(FUZZ) $(FUZZ_SECONDS) $(FUZZ_TARGETS)
-include $(wildcard $(addprefix $(FUZZ)/,*/*.d */*/*.d plain/*/*.d plain/*/*/*.d))
