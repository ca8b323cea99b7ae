# libsmtpcode: the only build file.  All output goes to $(BUILD).
#
#   make try      install what is missing, build, explain a code
#   make          the library and the command
#   make test     C tests only (under 10 seconds)
#   make check    everything a change must pass (under 3 minutes)
#   make ci       check, and whatever takes longer
#   make help     the rest

ifeq ($(filter grouped-target,$(.FEATURES)),)
$(error GNU make 4.3 or newer is needed)
endif

VERSION := $(shell sed -n 's/.*SMTPCODE_VERSION "\(.*\)"/\1/p' libsmtpcode/smtpcode.h)
SOVERSION := 0

BUILD ?= build
PREFIX ?= /usr/local
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
BINDIR ?= $(PREFIX)/bin
DATADIR ?= $(PREFIX)/share
MANDIR ?= $(DATADIR)/man
# PROSE=0 leaves the sentences out: smaller, texts are NULL, ids remain.
PROSE ?= 1

CFLAGS ?= -O2 -g
STRICT := -std=c99 -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion \
          -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wundef \
          -Wformat=2 -Wno-format-nonliteral -Werror
# -ffile-prefix-map: the same bytes whatever folder it is built in.
COMPILE = $(CC) $(STRICT) $(CFLAGS) "-ffile-prefix-map=$(CURDIR)=." \
          "-ffile-prefix-map=$(abspath $(BUILD))=build" -MMD -MP
# No jump tables: they are the one thing that would put relocations in .rodata.
LIBFLAGS := -ffreestanding -fPIC -fvisibility=hidden -fno-jump-tables -Wcast-qual
ifeq ($(PROSE),0)
LIBFLAGS += -DSMTPCODE_NO_PROSE
endif

units := codes match $(if $(filter 0,$(PROSE)),,prose)
# A release carries the tables and needs no data compiler (and no jansson),
# until somebody changes the data.
changed_data := $(shell find data -newer generated/tables_codes.c 2>/dev/null)
tables := $(if $(wildcard generated/tables_codes.c),$(if $(changed_data),$(BUILD),generated),$(BUILD))
lib_objects := $(patsubst libsmtpcode/%.c,$(BUILD)/lib/%.o,$(wildcard libsmtpcode/*.c)) \
               $(units:%=$(BUILD)/lib/tables_%.o)
# What the data compiler shares with the library, so that both agree.
shared_by_gen := words normal condense joins value match short mask
gen_objects := $(patsubst tools/gen/%.c,$(BUILD)/gen/%.o,$(wildcard tools/gen/*.c)) \
               $(shared_by_gen:%=$(BUILD)/gen/%.o)
command_objects := $(patsubst tools/smtpcode/%.c,$(BUILD)/command/%.o,$(wildcard tools/smtpcode/*.c))
data := $(sort $(shell find data -name '*.json' ! -path 'data/schema/*'))

archive := $(BUILD)/libsmtpcode.a
shared := $(BUILD)/libsmtpcode.so.$(SOVERSION)
command := $(BUILD)/smtpcode
completions := $(BUILD)/completions/smtpcode $(BUILD)/completions/_smtpcode \
               $(BUILD)/completions/smtpcode.fish

.DELETE_ON_ERROR:
.SUFFIXES:
.PHONY: all
all: $(archive) $(shared) $(BUILD)/libsmtpcode.so $(command) $(completions)

# Other flags than last time rebuild everything.
flags := $(CC) $(CFLAGS) $(LDFLAGS) PROSE=$(PROSE) $(STRICT) $(LIBFLAGS)
$(BUILD)/flags: FORCE | $(BUILD)/lib
	@echo '$(flags)' | cmp -s - $@ || echo '$(flags)' >$@

# ---- the data compiler, and the tables it writes ----

$(BUILD)/gen/%.o: tools/gen/%.c $(BUILD)/flags | $(BUILD)/gen
	$(COMPILE) -c $< -o $@

$(shared_by_gen:%=$(BUILD)/gen/%.o): $(BUILD)/gen/%.o: libsmtpcode/%.c $(BUILD)/flags | $(BUILD)/gen
	$(COMPILE) -c $< -o $@

$(BUILD)/gen/gen: $(gen_objects)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -ljansson

# The list changes when a data file comes or goes; its time when the list does.
$(BUILD)/data.list: FORCE | $(BUILD)/gen
	@echo '$(data)' | cmp -s - $@ || echo '$(data)' >$@

all_tables := $(tables)/tables_codes.c $(tables)/tables_match.c $(tables)/tables_prose.c
ifneq ($(tables),generated)
$(all_tables) &: $(BUILD)/gen/gen $(BUILD)/data.list $(data) libsmtpcode/smtpcode.h
	$(BUILD)/gen/gen data libsmtpcode/smtpcode.h $(BUILD)
endif

# ---- the library ----

$(BUILD)/lib/%.o: libsmtpcode/%.c $(BUILD)/flags | $(BUILD)/lib
	$(COMPILE) $(LIBFLAGS) -c $< -o $@

$(BUILD)/lib/tables_%.o: $(tables)/tables_%.c $(BUILD)/flags | $(BUILD)/lib
	$(COMPILE) $(LIBFLAGS) -Wno-overlength-strings -Ilibsmtpcode -c $< -o $@

$(archive): $(lib_objects)
	rm -f $@
	$(AR) rcsD $@ $(lib_objects)

$(shared): $(lib_objects) libsmtpcode/smtpcode.map
	$(CC) $(CFLAGS) $(LDFLAGS) -shared -Wl,-soname,$(notdir $(shared)) \
	    -Wl,--version-script=libsmtpcode/smtpcode.map -Wl,-z,defs \
	    -Wl,-z,relro -Wl,-z,now -o $@ $(lib_objects)

$(BUILD)/libsmtpcode.so: $(shared)
	ln -sf $(notdir $(shared)) $@

# ---- the command ----

$(BUILD)/command/%.o: tools/smtpcode/%.c $(BUILD)/flags | $(BUILD)/command
	$(COMPILE) -fPIE -Ilibsmtpcode -c $< -o $@

$(command): $(command_objects) $(archive)
	$(CC) $(CFLAGS) $(LDFLAGS) -pie -Wl,-z,relro -Wl,-z,now -o $@ $^

$(BUILD)/completions/smtpcode: $(command) | $(BUILD)/completions
	$(command) completion bash >$@
$(BUILD)/completions/_smtpcode: $(command) | $(BUILD)/completions
	$(command) completion zsh >$@
$(BUILD)/completions/smtpcode.fish: $(command) | $(BUILD)/completions
	$(command) completion fish >$@

$(BUILD)/gen $(BUILD)/lib $(BUILD)/command $(BUILD)/completions $(BUILD)/tests:
	mkdir -p $@

# ---- tests ----

modules := $(patsubst tests/test_%.c,%,$(wildcard tests/test_*.c))
test_programs := $(modules:%=$(BUILD)/tests/test_%)

$(BUILD)/tests/test_%: tests/test_%.c $(archive) $(BUILD)/flags | $(BUILD)/tests
	$(COMPILE) -Ilibsmtpcode -o $@ $< $(archive) -lcmocka -ljansson

# These compile patterns of their own, as the data compiler does.
$(BUILD)/tests/test_match $(BUILD)/tests/test_short: $(BUILD)/tests/test_%: tests/test_%.c $(archive) $(gen_objects) $(BUILD)/flags | $(BUILD)/tests
	$(COMPILE) -Ilibsmtpcode -o $@ $< $(filter-out %/main.o,$(gen_objects)) \
	    $(archive) -lcmocka -ljansson

.PHONY: test
test: $(test_programs)
	@set -e; for t in $(test_programs); do $$t; done

# The command with a few entries that never change: for golden pages.
fixture := $(BUILD)/fixture/smtpcode
fixture_data := $(sort $(shell find tests/fixture -type f))
fixture_tables := $(BUILD)/fixture/tables_codes.c $(BUILD)/fixture/tables_match.c \
                  $(BUILD)/fixture/tables_prose.c
$(fixture_tables) &: $(BUILD)/gen/gen $(fixture_data)
	mkdir -p $(BUILD)/fixture
	$(BUILD)/gen/gen tests/fixture/data tests/fixture/conditions.h $(BUILD)/fixture
$(fixture): $(fixture_tables) $(command_objects) $(lib_objects)
	$(COMPILE) -Wno-overlength-strings -Ilibsmtpcode -MF $(BUILD)/fixture/smtpcode.d \
	    -pie -fPIE -o $@ $(fixture_tables) $(command_objects) \
	    $(filter-out $(BUILD)/lib/tables_%,$(lib_objects))

# These entries and a few more, for cases that the product's data lacks.
more_tables := $(BUILD)/fixture/more/tables_codes.c $(BUILD)/fixture/more/tables_match.c \
               $(BUILD)/fixture/more/tables_prose.c
$(more_tables) &: $(BUILD)/gen/gen $(fixture_data)
	rm -rf $(BUILD)/fixture/more
	mkdir -p $(BUILD)/fixture/more
	cp -r tests/fixture/data tests/fixture/more/. $(BUILD)/fixture/more
	$(BUILD)/gen/gen $(BUILD)/fixture/more/data tests/fixture/conditions.h $(BUILD)/fixture/more
more_objects := $(more_tables:.c=.o)
$(more_objects): %.o: %.c $(BUILD)/flags
	$(COMPILE) -Wno-overlength-strings -Ilibsmtpcode -c $< -o $@
$(BUILD)/tests/test_fixture: tests/test_fixture.c $(more_objects) $(lib_objects) $(BUILD)/flags | $(BUILD)/tests
	$(COMPILE) -Ilibsmtpcode -o $@ $< $(more_objects) \
	    $(filter-out $(BUILD)/lib/tables_%,$(lib_objects)) -lcmocka -ljansson

.PHONY: check-data
check-data: $(BUILD)/gen/gen
	$(BUILD)/gen/gen data libsmtpcode/smtpcode.h
	$(PYTHON) tests/data_schema.py data
	$(PYTHON) tools/format_data.py --check

PYTHON ?= /usr/bin/python3 -W ignore::DeprecationWarning
shell_tests := $(sort $(wildcard tests/test_*.sh))
CHECK_PACKAGES := gcc libc6-dev libjansson-dev libcmocka-dev python3-minimal \
    python3-jsonschema mandoc zsh fish g++ pkg-config binutils bsdutils git

.PHONY: check
check:
	@tools/need $(CHECK_PACKAGES)
	@$(MAKE) --no-print-directory checks

.PHONY: checks
checks: all test check-data $(fixture)
	@set -e; for t in $(shell_tests); do BUILD=$(BUILD) CC='$(CC)' \
	    PYTHON='$(PYTHON)' sh $$t; done

# ---- what takes longer ----

CI_PACKAGES := clang libclang-rt-dev moreutils valgrind

.PHONY: ci
ci: check
	@tools/need $(CI_PACKAGES)
	@$(MAKE) --no-print-directory ci-whole ci-compilers ci-plain ci-sanitizers \
	    fuzz ci-prose ci-endless check-arm check-linear bench

JOBS := $(shell nproc 2>/dev/null || echo 2)
.PHONY: ci-whole ci-compilers ci-plain ci-sanitizers ci-prose ci-endless
ci-whole: $(addprefix $(BUILD)/tests/test_,wrapped redact match) # not a part
	for t in $^; do SMTPCODE_WHOLE=1 $$t || exit 1; done

ci-compilers: # check was gcc's
	$(MAKE) -j$(JOBS) --no-print-directory BUILD=$(BUILD)/clang CC=clang all test
	BUILD=$(BUILD)/clang CC=clang sh tests/test_objects.sh

ci-plain: # as on machines without SSE2
	$(MAKE) -j$(JOBS) --no-print-directory BUILD=$(BUILD)/plain \
	    CFLAGS='$(CFLAGS) -DSMTPCODE_PLAIN' all test

SANITIZE := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all
# The generator and the command end without freeing, on purpose; what crashes
# must not look like a complaint or "not found".
ci-sanitizers: export ASAN_OPTIONS = detect_leaks=0:exitcode=99
ci-sanitizers: export UBSAN_OPTIONS = exitcode=99
ci-sanitizers:
	$(MAKE) -j$(JOBS) --no-print-directory BUILD=$(BUILD)/asan CC=gcc \
	    CFLAGS='$(SANITIZE)' LDFLAGS= all test $(BUILD)/asan/fixture/smtpcode
	BUILD=$(BUILD)/asan sh tests/test_generator.sh
	BUILD=$(BUILD)/asan sh tests/test_command.sh
	BUILD=$(BUILD)/asan PYTHON='$(PYTHON)' sh tests/test_diagnose.sh

ci-prose: # and without SIMD
	$(MAKE) -j$(JOBS) --no-print-directory BUILD=$(BUILD)/noprose PROSE=0 \
	    CFLAGS='-O2 -g -DSMTPCODE_PLAIN' all
	BUILD=$(BUILD)/noprose PYTHON='$(PYTHON)' sh tests/noprose.sh

ci-endless: all
	BYTES=10000000000 BUILD=$(BUILD) sh tests/test_endless.sh

# NEON, on a processor that qemu plays.
ARM_PACKAGES := gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user-static
.PHONY: check-arm
check-arm: $(all_tables)
	@tools/need $(ARM_PACKAGES)
	@mkdir -p $(BUILD)/arm
	for t in normal mask; do \
	    aarch64-linux-gnu-gcc -std=c99 -O2 -Wall -Wextra -Werror -Wno-overlength-strings \
	        -static -Itests/arm -Ilibsmtpcode -o $(BUILD)/arm/test_$$t \
	        tests/test_$$t.c libsmtpcode/*.c $(all_tables) && \
	    qemu-aarch64-static $(BUILD)/arm/test_$$t || exit 1; done

# Instructions counted, so that a busy machine does not matter.
.PHONY: check-linear
check-linear: $(archive) $(gen_objects)
	@tools/need valgrind
	@BUILD=$(BUILD) CC='$(CC)' sh tests/linear.sh

FUZZ_SECONDS ?= 10
FUZZ = clang -O1 -g -fsanitize=fuzzer,address,undefined \
       -fno-sanitize-recover=all -Wno-overlength-strings -Ilibsmtpcode
# Build tests/fuzz/NAME.c, replay its seeds, then mutate them for a while:
# $(call run_fuzzer,NAME,LONGEST INPUT,MORE TO LINK,MORE SEEDS)
define run_fuzzer
@mkdir -p $(BUILD)/fuzz/corpus-$(1)
$(FUZZ) -o $(BUILD)/fuzz/$(1) tests/fuzz/$(1).c libsmtpcode/*.c $(all_tables) $(3)
$(BUILD)/fuzz/$(1) -runs=0 $(wildcard tests/fuzz/corpus/$(1)) $(4)
$(BUILD)/fuzz/$(1) -max_total_time=$(FUZZ_SECONDS) -max_len=$(2) -print_final_stats=1 \
    $(BUILD)/fuzz/corpus-$(1) $(wildcard tests/fuzz/corpus/$(1)) $(4)
endef

.PHONY: fuzz
fuzz: $(all_tables)
	$(call run_fuzzer,find,64)
	$(call run_fuzzer,reply,600)
	$(call run_fuzzer,short,400)
	$(call run_fuzzer,diagnose,600)
	$(call run_fuzzer,redact,600,,tests/fuzz/corpus/reply)
	$(call run_fuzzer,match,160,$(filter-out tools/gen/main.c,$(wildcard tools/gen/*.c)) -ljansson)
	BUILD=$(BUILD) PYTHON='$(PYTHON)' sh tests/fuzz/data.sh

.PHONY: bench
bench: $(archive) $(command) $(gen_objects)
	@tools/need moreutils
	@tools/need libhyperscan-dev libpcre2-dev || echo 'without rivals, then'
	@BUILD=$(BUILD) CC='$(CC)' sh tests/bench/run.sh

# How often the answer is right: the project's own replies, and GOLD if there.
GOLD ?= $(wildcard ../shared/corpus/dev-gold.tsv)
accuracy := $(BUILD)/tests/accuracy
$(accuracy): tests/accuracy/accuracy.c $(archive) $(BUILD)/flags | $(BUILD)/tests
	$(COMPILE) -Ilibsmtpcode -o $@ $< $(archive)

.PHONY: accuracy
accuracy: $(accuracy)
	@for f in tests/cases/replies.tsv tests/cases/corpus.tsv $(GOLD); do echo "== $$f"; \
	    $(accuracy) $$f || status=1; done; exit $${status:-0}

# ---- for people ----

.PHONY: try
try:
	@tools/need gcc libc6-dev libjansson-dev
	@$(MAKE) --no-print-directory -s all
	@echo; echo "$$ $(command) '451 Temporary local problem - please try later'"; echo
	@$(command) '451 Temporary local problem - please try later' 2>/dev/null

.PHONY: install
install: all
	install -d $(DESTDIR)$(LIBDIR)/pkgconfig $(DESTDIR)$(INCLUDEDIR) \
	    $(DESTDIR)$(BINDIR) $(DESTDIR)$(MANDIR)/man1 $(DESTDIR)$(MANDIR)/man3 \
	    $(DESTDIR)$(DATADIR)/smtpcode \
	    $(DESTDIR)$(DATADIR)/bash-completion/completions \
	    $(DESTDIR)$(DATADIR)/zsh/site-functions \
	    $(DESTDIR)$(DATADIR)/fish/vendor_completions.d
	install -m 644 libsmtpcode/smtpcode.h $(DESTDIR)$(INCLUDEDIR)
	install -m 644 $(archive) $(DESTDIR)$(LIBDIR)
	install -m 755 $(shared) $(DESTDIR)$(LIBDIR)/libsmtpcode.so.$(VERSION)
	ln -sf libsmtpcode.so.$(VERSION) $(DESTDIR)$(LIBDIR)/$(notdir $(shared))
	ln -sf $(notdir $(shared)) $(DESTDIR)$(LIBDIR)/libsmtpcode.so
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@LIBDIR@|$(LIBDIR)|' \
	    -e 's|@INCLUDEDIR@|$(INCLUDEDIR)|' -e 's|@VERSION@|$(VERSION)|' \
	    libsmtpcode/smtpcode.pc.in >$(DESTDIR)$(LIBDIR)/pkgconfig/smtpcode.pc
	install -m 755 $(command) $(DESTDIR)$(BINDIR)
	install -m 644 tools/smtpcode/smtpcode.1 $(DESTDIR)$(MANDIR)/man1
	install -m 644 libsmtpcode/smtpcode.3 $(DESTDIR)$(MANDIR)/man3
	install -m 644 libsmtpcode/entry.schema.json libsmtpcode/result.schema.json \
	    $(DESTDIR)$(DATADIR)/smtpcode
	install -m 644 $(BUILD)/completions/smtpcode \
	    $(DESTDIR)$(DATADIR)/bash-completion/completions
	install -m 644 $(BUILD)/completions/_smtpcode \
	    $(DESTDIR)$(DATADIR)/zsh/site-functions
	install -m 644 $(BUILD)/completions/smtpcode.fish \
	    $(DESTDIR)$(DATADIR)/fish/vendor_completions.d

.PHONY: dist
dist: $(all_tables)
	tools/dist $(VERSION) $(BUILD) $(tables)

.PHONY: golden
golden: $(fixture) $(command)
	BUILD=$(BUILD) sh tests/test_command.sh --update

# Where each template was seen, for a reviewer to open; SAMPLE=5: 5 in 100.
.PHONY: sources
sources: $(command)
	@$(command) --json list --all | $(PYTHON) tools/sources.py $(SAMPLE)

.PHONY: format format-data
format:
	clang-format -i libsmtpcode/*.[ch] tools/*/*.[ch] tests/*.[ch] tests/*/*.[ch]
format-data:
	$(PYTHON) tools/format_data.py

.PHONY: clean
clean:
	rm -rf $(BUILD)

.PHONY: help
help:
	@echo 'all try test check ci bench accuracy fuzz sources install dist format'
	@echo 'format-data check-data check-arm check-linear clean; BUILD, PREFIX, DESTDIR, PROSE=0, CC, CFLAGS'

.PHONY: FORCE
FORCE:

-include $(wildcard $(BUILD)/*/*.d)
