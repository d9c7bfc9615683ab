# SPDX-License-Identifier: BSD-2-Clause
# probefs: eBPF probes as files.  `make help` lists what there is to make.

VERSION    ?= 0.1
PREFIX     ?= /usr
SBINDIR    ?= /sbin
BINDIR     ?= $(PREFIX)/bin
MANDIR     ?= $(PREFIX)/share/man
DOCDIR     ?= $(PREFIX)/share/doc/probefs
PKG_CONFIG ?= pkg-config
CC         ?= cc
CLANG      ?= clang
INSTALL    ?= install
CFLAGS     ?= -O2 -g
FUZZ_TIME  ?= 200
V          ?=
SAN        ?=

comma    := ,
PACKAGES := fuse3 libelf libbsd-overlay libbpf liblzma
OUT      := build/$(if $(SAN),$(subst $(comma),-,$(SAN)),plain)
WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
            -Wcast-qual -Wwrite-strings -Wvla -Wundef -Wpointer-arith

# A packager's CFLAGS lose nothing: what the code needs is in ALL_.
ALL_CPPFLAGS = -D_GNU_SOURCE -DLIBBSD_NETBSD_VIS -DFUSE_USE_VERSION=314 \
               -DPROBEFS_VERSION='"$(VERSION)"' -iquote . \
               $(shell $(PKG_CONFIG) --cflags $(PACKAGES)) $(CPPFLAGS)
ALL_CFLAGS   = -std=gnu11 -pthread $(WARNINGS) \
               $(if $(SAN),-fsanitize=$(SAN) -fno-omit-frame-pointer) $(CFLAGS)
ALL_LDFLAGS  = -pthread -Wl,--as-needed $(if $(SAN),-fsanitize=$(SAN)) $(LDFLAGS)
# Zydis 4.0 says nothing to pkg-config.
LIBS         = $(shell $(PKG_CONFIG) --libs $(PACKAGES)) -lZydis
BPF_CFLAGS   = -target bpf -O2 -g -Wall -iquote . \
               -isystem /usr/include/$(shell $(CC) -print-multiarch)

# The sources of the program, in folders of any depth.
IN_TREE = $(sort $(shell find fs attach usdt -name '$(1)'))
OURS  := $(call IN_TREE,*.bpf.c)
BPF   := $(OURS) $(wildcard tests/bpf/*.bpf.c)
SRC   := $(filter-out $(BPF),$(wildcard *.c) $(call IN_TREE,*.c))
OBJ   := $(SRC:%.c=$(OUT)/%.o)
LIB   := $(OUT)/probefs.a
UNIT  := $(patsubst tests/%.c,$(OUT)/tests/%,$(wildcard tests/unit/*.c))
TESTS := $(patsubst tests/%.c,$(OUT)/tests/%,$(wildcard tests/*.c))
BENCH := $(patsubst tests/%.c,$(OUT)/tests/%,$(wildcard tests/bench/*.c))
FUZZ  := $(patsubst tests/%.c,$(OUT)/tests/%,$(wildcard tests/fuzz/*.c))
FORMATTED := $(wildcard *.[ch] tests/*.[ch] tests/*/*.[ch]) $(call IN_TREE,*.[ch])
# bats sets variables of its own, and runs each test in a subshell.
BATS_SAYS = SC2154,SC2030,SC2031
SCRIPTS = $(shell git ls-files -co --exclude-standard tests .ci | \
          xargs grep -lE '^\#!.*(bash|bats|/sh)')

ifeq ($(V),)
quiet = @echo "  $(1)	$(2)";
endif

all: $(OUT)/mount.probefs ## build (SAN=address,undefined or thread: with it)

$(OUT)/mount.probefs: $(OBJ)
	$(call quiet,LD,$@)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

# For the tests, which each take of it what they need.
$(LIB): $(filter-out $(OUT)/fs/daemon/main.o,$(OBJ))
	$(call quiet,AR,$@)rm -f $@ && $(AR) rcs $@ $^

$(OUT)/%.bpf.o: %.bpf.c
	@mkdir -p $(@D)
	$(call quiet,BPF,$<)$(CLANG) $(BPF_CFLAGS) -MMD -MP -c -o $@ $<

$(OUT)/%.o: %.c
	@mkdir -p $(@D)
	$(call quiet,CC,$<)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# The built-in programs come in by .incbin, which looks where the assembler does.
$(OUT)/attach/program/builtin.o: ALL_CFLAGS += -Wa,-I$(OUT)
$(OUT)/attach/program/builtin.o: $(OURS:%.c=$(OUT)/%.o)

$(FUZZ): EXTRA_LDFLAGS = -fsanitize=fuzzer
$(OUT)/tests/%: tests/%.c $(LIB)
	@mkdir -p $(@D)
	$(call quiet,TEST,$@)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP \
		$(ALL_LDFLAGS) $(EXTRA_LDFLAGS) -o $@ $< $(LIB) $(LIBS)

demo: ## install what is missing, build, and show a function being counted
	tests/deps build
	$(MAKE) all
	tests/demo

check: ## install what is missing, build, run all tests on all kernels
	tests/deps build test tools
	$(MAKE) test-programs
	tests/run

check-san: ## the tests on this kernel, with ASan and UBSan, then with TSan
	tests/deps build test tools
	$(MAKE) test-programs # the bpf objects, and what is not under test
	$(MAKE) SAN=address,undefined test-programs
	BUILD=build/address-undefined tests/run --host
	$(MAKE) SAN=thread test-programs
	BUILD=build/thread tests/run --host

test-programs: all $(UNIT) $(TESTS) $(BPF:%.c=$(OUT)/%.o)

fuzz: ## each fuzz target for FUZZ_TIME seconds
	tests/deps build fuzz
	$(MAKE) CC=$(CLANG) SAN=fuzzer-no-link,address,undefined fuzz-run

fuzz-run: $(FUZZ)
	@for target in $(FUZZ); do \
		name=$$(basename $$target); corpus=$(OUT)/corpus/$$name; \
		mkdir -p $$corpus; seeds=$$(find tests/data -type d -name $$name); \
		echo "  FUZZ	$$target"; \
		$$target -max_total_time=$(FUZZ_TIME) -verbosity=0 -timeout=10 \
			-rss_limit_mb=2048 -max_len=8192 $$corpus $$seeds || exit 1; \
	done

bench: ## measure, in one run, and print ratios
	tests/deps build test bench
	$(MAKE) test-programs $(BENCH)
	tests/bench/run

bench-programs: $(BENCH)

lint: ## formats, scripts, manual, order; gcc and clang with warnings as errors
	tests/deps build lint
	clang-format --dry-run -Werror $(FORMATTED)
	shellcheck -x -e $(BATS_SAYS) $(SCRIPTS)
	mandoc -T lint -W warning mount.probefs.8
	$(MAKE) CC=gcc CFLAGS='-O2 -g -Werror' OUT=build/lint-gcc all
	tests/order build/lint-gcc
	$(MAKE) CC=$(CLANG) CFLAGS='-O2 -g -Werror' OUT=build/lint-clang all

install: all ## DESTDIR, PREFIX, SBINDIR, BINDIR, MANDIR, DOCDIR
	$(INSTALL) -d $(DESTDIR)$(SBINDIR) $(DESTDIR)$(BINDIR) \
		$(DESTDIR)$(MANDIR)/man8 $(DESTDIR)$(DOCDIR)
	$(INSTALL) -m 755 $(OUT)/mount.probefs $(DESTDIR)$(SBINDIR)/mount.probefs
	ln -sf mount.probefs $(DESTDIR)$(SBINDIR)/mount.fuse.probefs
	ln -sf $(SBINDIR)/mount.probefs $(DESTDIR)$(BINDIR)/probefs
	$(INSTALL) -m 644 mount.probefs.8 $(DESTDIR)$(MANDIR)/man8/
	$(INSTALL) -m 644 README.md LICENSE $(DESTDIR)$(DOCDIR)/

uninstall: ## with the same variables
	rm -f $(DESTDIR)$(SBINDIR)/mount.probefs \
		$(DESTDIR)$(SBINDIR)/mount.fuse.probefs \
		$(DESTDIR)$(BINDIR)/probefs \
		$(DESTDIR)$(MANDIR)/man8/mount.probefs.8 \
		$(DESTDIR)$(DOCDIR)/README.md $(DESTDIR)$(DOCDIR)/LICENSE
	-rmdir $(DESTDIR)$(DOCDIR)

compile_commands.json: Makefile ## for clangd and clang-tidy
	@{ echo '['; separator=; for source in $(SRC); do \
		printf '%s{"directory":"%s","file":"%s","command":"%s -c %s"}\n' \
			"$$separator" '$(CURDIR)' $$source \
			'$(subst ",\\\",$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS))' $$source; \
		separator=,; done; echo ']'; } > $@

clean: ## remove what was built
	rm -rf build compile_commands.json

help: ## this list
	@sed -n 's/^\([a-z_.-]*\):[^#]*## \(.*\)/  \1	\2/p' Makefile | expand -t 26

.PHONY: all demo check check-san test-programs fuzz fuzz-run bench \
	bench-programs lint install uninstall clean help
.DELETE_ON_ERROR:
.SECONDARY:
-include $(OBJ:.o=.d) $(UNIT:=.d) $(TESTS:=.d) $(FUZZ:=.d) $(BENCH:=.d)
