#!/bin/sh
# make install into a DESTDIR, then a C and a C++ program by pkg-config.
. tests/lib.sh
root=$work/root
make --no-print-directory BUILD="$BUILD" DESTDIR="$root" PREFIX=/usr install >"$work/log" 2>&1 ||
    fail install "$(tail -3 "$work/log")"

while read -r file; do
    is "installed $file" test -s "$root/usr/$file"
done <<'END'
include/smtpcode.h
lib/libsmtpcode.a
lib/libsmtpcode.so
lib/libsmtpcode.so.0
lib/pkgconfig/smtpcode.pc
bin/smtpcode
share/man/man1/smtpcode.1
share/man/man3/smtpcode.3
share/smtpcode/entry.schema.json
share/bash-completion/completions/smtpcode
share/zsh/site-functions/_smtpcode
share/fish/vendor_completions.d/smtpcode.fish
END
equal 'nothing outside the prefix' "$(ls "$root")" usr
is 'the installed command runs' "$root/usr/bin/smtpcode" -q 451

sed "s|^prefix=.*|prefix=$root/usr|; s|=/usr/|=$root/usr/|" \
    "$root/usr/lib/pkgconfig/smtpcode.pc" >"$work/smtpcode.pc"
export PKG_CONFIG_PATH="$work"
is 'pkg-config knows it' pkg-config --exists smtpcode
equal 'version' "$(pkg-config --modversion smtpcode)" \
    "$(sed -n 's/.*SMTPCODE_VERSION "\(.*\)"/\1/p' libsmtpcode/smtpcode.h)"

cat >"$work/use.c" <<'END'
#include <smtpcode.h>
#include <string.h>
int main(void) {
    const smtpcode_entry *e = smtpcode_find("451", 3);
    return !e || strcmp(smtpcode_id(e), "451") || !smtpcode_text(e, SMTPCODE_TITLE, 0);
}
END
cp "$work/use.c" "$work/use.cpp"
flags=$(pkg-config --cflags --libs smtpcode)
build() { # NAME COMPILER...
    name=$1
    shift
    # shellcheck disable=SC2086
    is "$name: compiles" "$@" $flags -o "$work/use"
    is "$name: runs" env LD_LIBRARY_PATH="$root/usr/lib" "$work/use"
}
cc=${CC:-cc}
build 'C99' $cc -std=c99 -Wall -Wextra -Wpedantic -Wconversion -Werror "$work/use.c" ${LDFLAGS:-}
build 'C++98' g++ -std=c++98 -Wall -Wextra -pedantic -Werror "$work/use.cpp" ${LDFLAGS:-}
build 'C++20' g++ -std=c++20 -Wall -Wextra -pedantic -Werror "$work/use.cpp" ${LDFLAGS:-}
is 'the program needs the soname' sh -c "readelf -d '$work/use' | grep -q 'NEEDED.*libsmtpcode.so.0'"
for std in c99 c11 c2x; do
    is "the header alone: $std" $cc -std=$std -pedantic -Wall -Werror -fsyntax-only -x c \
        "$root/usr/include/smtpcode.h"
done
is 'static link' $cc -std=c99 -I"$root/usr/include" -o "$work/static" "$work/use.c" \
    "$root/usr/lib/libsmtpcode.a" ${LDFLAGS:-}
is 'static link runs' "$work/static"
finish
