#!/bin/sh
# Proofs on the built objects: no writable data, no relocations from tables,
# nothing needed from libc but memcpy and its kin, only smtpcode_* exported.
. tests/lib.sh
so=$BUILD/libsmtpcode.so.0
objects=$(ls "$BUILD"/lib/*.o)

for o in $objects; do
    n=$(basename "$o")
    size -A "$o" | awk '$1 ~ /^\.(data|bss)/ && $2 > 0' >"$work/writable"
    equal "$n: nothing writable" "$(cat "$work/writable")" ''
    readelf -SW "$o" | grep -E '\.(data\.rel|rela?\.rodata|rela?\.data)' >"$work/rel"
    equal "$n: no table needs a relocation" "$(cat "$work/rel")" ''
done
equal 'the check above sees a table of pointers' "$(
    echo 'const char *const names[] = {"a", "b"};' >"$work/p.c"
    ${CC:-cc} -fPIC -c "$work/p.c" -o "$work/p.o"
    readelf -SW "$work/p.o" | grep -cE '\.(data\.rel|rela?\.rodata)')" 2

# What the library asks of its surroundings.
nm -u "$BUILD"/lib/*.o | awk 'NF == 2 {print $2}' | sort -u >"$work/needs"
nm --defined-only "$BUILD"/lib/*.o | awk 'NF == 3 {print $3}' | sort -u >"$work/has"
comm -23 "$work/needs" "$work/has" |
    grep -vxE 'memcpy|memcmp|memset|memchr|_GLOBAL_OFFSET_TABLE_|__stack_chk_fail|__asan_.*|__ubsan_.*' >"$work/foreign"
equal 'nothing from libc but memcpy and its kin' "$(cat "$work/foreign")" ''
equal 'no malloc, no stdio, no locale' \
    "$(grep -cE '^(malloc|calloc|realloc|free|printf|puts|fopen|setlocale|strtol)$' "$work/needs")" 0

nm -D --defined-only "$so" | awk '{print $3}' | grep -v '^SMTPCODE_1$' >"$work/exports"
equal 'only smtpcode_* is exported' "$(grep -vc '^smtpcode_[a-z_]*@@SMTPCODE_1$' "$work/exports")" 0
sed -n 's/.*\(smtpcode_[a-z_]*\)(.*/\1/p' libsmtpcode/smtpcode.h | grep -v '^smtpcode_number$' |
    sort -u >"$work/api" # the header's own comments name it too
while read -r name; do
    grep -q "^$name@@" "$work/exports" && pass || fail "$name" 'is in the header, not in the library'
done <"$work/api"
equal 'soname' "$(readelf -d "$so" | sed -n 's/.*SONAME.*\[\(.*\)\]/\1/p')" libsmtpcode.so.0

# The shared library has the relative relocations of an empty one, no more.
echo 'int smtpcode_nothing(void); int smtpcode_nothing(void) { return 0; }' >"$work/e.c"
${CC:-cc} -shared -fPIC -o "$work/empty.so" "$work/e.c"
equal 'relative relocations as in an empty library' \
    "$(readelf -rW "$so" | grep -c RELATIVE)" "$(readelf -rW "$work/empty.so" | grep -c RELATIVE)"
equal 'no executable stack' "$(readelf -lW "$so" | grep GNU_STACK | grep -c RWE)" 0
equal 'no text relocations' "$(readelf -d "$so" | grep -c TEXTREL)" 0

# A static program that reads numbers only leaves the sentences out.
cat >"$work/numbers.c" <<'END'
#include <smtpcode.h>
int main(void) {
    return smtpcode_number(smtpcode_find_reply(451), SMTPCODE_RETRY, 0) != 2;
}
END
${CC:-cc} -O1 -Ilibsmtpcode -o "$work/numbers" "$work/numbers.c" "$BUILD/libsmtpcode.a" ${LDFLAGS:-}
is 'numbers only: runs' "$work/numbers"
equal 'numbers only: no sentences linked' "$(nm "$work/numbers" | grep -c smtpcode_prose)" 0

# The tables that a lookup reads: at most 10 KB.
bytes=$(nm -S --defined-only "$BUILD/lib/tables_codes.o" |
    awk '$4 ~ /^smtpcode_(replies|registered|subject_entries|class_entries)$/ {print "0x" $2}' |
    while read -r n; do echo $((n)); done | awk '{sum += $1} END {print sum}')
echo "lookup tables: $bytes bytes"
is 'lookup tables at most 10 KB' test "$bytes" -gt 0 -a "$bytes" -le 10240
finish
