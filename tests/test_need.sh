#!/bin/sh
# tools/need where there is no apt-get, no dpkg, no root: it names what is
# missing and stops; it installs nothing it was not asked for.
. tests/lib.sh
here=$(pwd)
mkdir "$work/bin"
for tool in sh cc grep printf cat id env python3 sed dirname; do
    path=$(command -v "$tool") && ln -s "$path" "$work/bin/$tool"
done
need() { PATH=$work/bin sh "$here/tools/need" "$@" >"$work/out" 2>&1; }

need gcc
equal 'another system: what is there suffices' $? 0
need gcc zsh-that-nobody-has
equal 'another system: what is missing stops' $? 1
has 'and is named' "$work/out" 'zsh-that-nobody-has'
# Debian, not root, no sudo.
printf '#!/bin/sh\n' >"$work/bin/dpkg-query"
printf '#!/bin/sh\necho called >>%s/apt\n' "$work" >"$work/bin/apt-get"
rm "$work/bin/id"
printf '#!/bin/sh\necho 1000\n' >"$work/bin/id"
chmod +x "$work/bin/dpkg-query" "$work/bin/apt-get" "$work/bin/id"
need libjansson-dev
equal 'Debian without root and sudo: stops' $? 1
has 'and says what to do' "$work/out" 'apt-get install libjansson-dev'
is 'and calls no apt-get' test ! -e "$work/apt"
printf '#!/bin/sh\n"$@"\n' >"$work/bin/sudo"
chmod +x "$work/bin/sudo"
need libjansson-dev
equal 'Debian with sudo: installs' $? 0
equal 'by apt-get update and install' "$(wc -l <"$work/apt")" 2
finish
