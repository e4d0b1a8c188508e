# restarter: how it is built, tested and run. `make help` lists the targets.
# Each folder, with its floors, makes one static library out of its *.c (but main.c, and main-pam.c for the second program
# of login/); each program is its folder's main.c on top of the libraries it may use. The arrows go one way: webfront,
# login, far -> common; broker, polkit, log -> policy, common; cli -> polkit, policy, common.

prefix ?= /usr
sysconfdir ?= /etc
VERSION := $(shell sed -n '1s/.*(\(.*\)).*/\1/p' debian/changelog 2>/dev/null || echo 0)
BUILD ?= build

CFLAGS ?= -O2 -g
CPPFLAGS ?= -D_FORTIFY_SOURCE=2
LDFLAGS ?= -Wl,-z,relro -Wl,-z,now
WARNINGS = -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings -Wformat=2 -Werror
HARDENING = -fPIE -fstack-protector-strong -fstack-clash-protection -fno-strict-overflow
ifeq ($(shell uname -m),x86_64)
HARDENING += -fcf-protection
endif

# SANITIZE=1 builds everything again with ASan and UBSan, into a folder of its own.
ifdef SANITIZE
BUILD := $(BUILD)/sanitize
SANITIZERS = -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -O1
override CPPFLAGS := $(filter-out -D_FORTIFY_SOURCE=%,$(CPPFLAGS)) -U_FORTIFY_SOURCE
endif

ALL_CFLAGS = -std=gnu17 $(CFLAGS) $(WARNINGS) $(HARDENING) $(SANITIZERS)
ALL_CPPFLAGS = $(CPPFLAGS) -D_GNU_SOURCE -DVERSION='"$(VERSION)"' -I. -I$(BUILD) -MMD -MP
ALL_LDFLAGS = -pie $(LDFLAGS) $(SANITIZERS) -Wl,--as-needed
LDLIBS = -lsystemd -lmicrohttpd -lxmlrpc -lxmlrpc_util -lhttp_parser -linih -lnettle -lcrypt

LIBRARIES = common policy polkit broker webfront login log far cli
sources = $(filter-out $(1)/main.c $(1)/main-%.c,$(wildcard $(1)/*.c $(1)/*/*.c))
objects = $(patsubst %.c,$(BUILD)/%.o,$(call sources,$(1)))
lib = $(BUILD)/lib$(1).a

PROGRAMS = $(addprefix $(BUILD)/,restarter-webfront restarter-broker restarter-login restarter-login-pam restarter-log restarter-far restartctl)
MANPAGES = $(patsubst docs/%.scd,$(BUILD)/man/%,$(wildcard docs/*.scd)) $(BUILD)/man/restarter-xmlrpc.7
UNIT_TESTS = $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(wildcard tests/unit/test-*.c))

.PHONY: all
all: $(PROGRAMS) man

.PHONY: man
man: $(MANPAGES)
$(BUILD)/man/%: docs/%.scd
	@mkdir -p $(@D)
	scdoc <$< >$@.new
	@mv $@.new $@

# Of the methods it says what the broker says of them.
$(BUILD)/docs/xmlrpc-page: $(BUILD)/docs/xmlrpc-page.o $(BUILD)/libcommon.a
	$(LINK) $(LDLIBS)
$(BUILD)/man/restarter-xmlrpc.7: $(BUILD)/docs/xmlrpc-page docs/restarter-xmlrpc.7.in
	@mkdir -p $(@D)
	$(BUILD)/docs/xmlrpc-page <docs/restarter-xmlrpc.7.in >$@.scd
	scdoc <$@.scd >$@.new
	@mv $@.new $@

define library_rule
$(call lib,$(1)): $(call objects,$(1))
	@mkdir -p $$(@D)
	@rm -f $$@
	$$(AR) rcs $$@ $$^
endef
$(foreach l,$(LIBRARIES),$(eval $(call library_rule,$(l))))

LINK = $(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^

$(BUILD)/restarter-webfront: $(BUILD)/webfront/main.o $(call lib,webfront) $(call lib,common)
	$(LINK) $(LDLIBS)
$(BUILD)/restarter-broker: $(BUILD)/broker/main.o $(call lib,broker) $(call lib,policy) $(call lib,common)
	$(LINK) $(LDLIBS)
$(BUILD)/restarter-login: $(BUILD)/login/main.o $(call lib,login) $(call lib,common)
	$(LINK) $(LDLIBS)
$(BUILD)/restarter-login-pam: $(BUILD)/login/main-pam.o $(call lib,login) $(call lib,common)
	$(LINK) $(LDLIBS) -lpam
$(BUILD)/restarter-log: $(BUILD)/log/main.o $(call lib,log) $(call lib,policy) $(call lib,common)
	$(LINK) $(LDLIBS)
$(BUILD)/restarter-far: $(BUILD)/far/main.o $(call lib,far) $(call lib,common)
	$(LINK) $(LDLIBS)
$(BUILD)/restartctl: $(BUILD)/cli/main.o $(call lib,cli) $(call lib,polkit) $(call lib,policy) $(call lib,common)
	$(LINK) $(LDLIBS)

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -c -o $@ $<

# Unit tests link every library, so that they run the very code the programs run; and what they share among themselves,
# which is whatever else lies beside them: the linker takes what a test calls. The tests themselves are not optimized:
# that would be half of what it costs to compile them, and it is the libraries that are tested.
TEST_LDLIBS = $(LDLIBS) -lpam -lcmocka -lduktape -lm
TEST_LIBRARIES = $(foreach l,webfront broker login log far cli polkit policy common,$(call lib,$(l)))
TEST_SHARED = $(patsubst %.c,$(BUILD)/%.o,$(filter-out tests/unit/test-%.c tests/unit/main.c,$(wildcard tests/unit/*.c)))
$(BUILD)/tests/unit/test-%.o: ALL_CFLAGS += -O0
$(BUILD)/tests/unit/test-%.o: ALL_CPPFLAGS += -U_FORTIFY_SOURCE
$(BUILD)/libtests.a: $(TEST_SHARED)
	@rm -f $@
	$(AR) rcs $@ $^
$(UNIT_TESTS): $(BUILD)/tests/%: $(BUILD)/tests/unit/%.o $(BUILD)/libtests.a $(TEST_LIBRARIES)
	@mkdir -p $(@D)
	$(LINK) $(TEST_LDLIBS)

# Each of them is a program, and for `make unit` all of them are one (tests/unit/main.c says why), in which the main() of each has
# the name of its file: no function in C can have that name.
OBJCOPY ?= objcopy
TEST_NAMES = $(notdir $(UNIT_TESTS))
$(BUILD)/tests/named/%.o: $(BUILD)/tests/unit/%.o
	@mkdir -p $(@D)
	@$(OBJCOPY) --redefine-sym main=$* $< $@
$(BUILD)/tests/all: $(BUILD)/tests/unit/main.o $(TEST_NAMES:%=$(BUILD)/tests/named/%.o) $(BUILD)/libtests.a $(TEST_LIBRARIES)
	$(LINK) -Wl,--export-dynamic-symbol='test-*' $(TEST_LDLIBS)

.PHONY: unit
unit: $(BUILD)/tests/all	## build and run the unit tests (SANITIZE=1: under ASan and UBSan; VALGRIND=1: under valgrind)
	@BUILD=$(BUILD) tests/unit/run --all $< $(TEST_NAMES) $(if $(VALGRIND),,tests/unit/test-graph)

.PHONY: graph
graph:	## print the include graph, as dot(1) takes it; `make unit` fails on a circle in it and on an arrow upward
	@tests/unit/graph dot

.PHONY: lint
lint:	## clang-tidy, cppcheck and clang-format over all C files
	@BUILD=$(BUILD) tests/unit/lint

# How each C file is compiled, as clangd and other tools read it.
COMPILED = $(shell find $(LIBRARIES) tests/unit -name "*.c")
compile_commands.json: Makefile $(COMPILED)	## what clangd wants to know
	@words=$$(for word in $(CC) $(filter-out -MMD -MP,$(ALL_CPPFLAGS)) $(ALL_CFLAGS) -c; do \
	    printf '"%s", ' "$$(printf %s "$$word" | sed 's/["\\]/\\&/g')"; done); comma='['; \
	{ for file in $(COMPILED); do \
	    printf '%s\n{ "directory": "%s", "file": "%s", "arguments": [%s"%s"] }' "$$comma" "$(CURDIR)" "$$file" "$$words" "$$file"; \
	    comma=,; done; printf '\n]\n'; } >$@.new
	@mv $@.new $@

.PHONY: clean
clean:
	rm -rf $(BUILD)

.PHONY: help
help:	## this list
	@sed -n 's/^\([a-z_.-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | sort | expand -t 24

-include webfront/webfront.mk
-include units/install.mk
-include tests/machine/machine.mk
-include tests/bench/bench.mk
-include tests/trace/trace.mk
-include tests/fuzz/fuzz.mk
-include $(wildcard $(BUILD)/*/*.d $(BUILD)/*/*/*.d)
