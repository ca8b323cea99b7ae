#!/bin/sh
# Completions: each shell loads the script and completes codes and commands.
. tests/lib.sh
PATH=$(cd "$BUILD" && pwd):$PATH
export PATH
scripts=$(cd "$BUILD/completions" && pwd)

bash_complete() { # WORDS...: the last one is completed
    bash -c '
        . "$0"
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
        _smtpcode
        printf "%s\n" "${COMPREPLY[@]}"' "$scripts/smtpcode" smtpcode "$@"
}
has_line() { # NAME TEXT LINE
    if printf '%s\n' "$2" | grep -qxF -e "$3"; then pass; else
        fail "$1" "no '$3' among: $(printf '%s' "$2" | head -c 200)"
    fi
}
is 'bash: syntax' bash -n "$scripts/smtpcode"
has_line 'bash: a code' "$(bash_complete 45)" 451
has_line 'bash: an enhanced code' "$(bash_complete 4.7.)" 4.7.1
has_line 'bash: a condition' "$(bash_complete mailbox-)" mailbox-full
has_line 'bash: a subcommand' "$(bash_complete se)" search
has_line 'bash: a subcommand behind an option' "$(bash_complete -q se)" search
has_line 'bash: an option' "$(bash_complete --js)" --json
has_line 'bash: the value of an option' "$(bash_complete --as reci)" recipient-admin
has_line 'bash: behind a subcommand' "$(bash_complete server post)" postfix
equal 'bash: nothing for nonsense' "$(bash_complete zzz)" ''

if command -v fish >/dev/null || fail fish 'is not installed'; then
    fish_complete() {
        HOME=$work fish -c "source '$scripts/smtpcode.fish'; complete -C 'smtpcode $1'" | cut -f1
    }
    is 'fish: syntax' env HOME="$work" fish -n "$scripts/smtpcode.fish"
    has_line 'fish: a code' "$(fish_complete 45)" 451
    has_line 'fish: a condition' "$(fish_complete mailbox-)" mailbox-full
    has_line 'fish: a subcommand' "$(fish_complete se)" search
    has_line 'fish: an option' "$(fish_complete --js)" --json
fi

if command -v zsh >/dev/null || fail zsh 'is not installed'; then
    is 'zsh: syntax' zsh -n "$scripts/_smtpcode"
fi
# zsh completes only at a prompt: give it one, press Tab, read the screen.
if command -v zsh >/dev/null && has_terminal 'completion in zsh'; then
    cat >"$work/.zshrc" <<END
unset zle_bracketed_paste; PROMPT='> '; setopt no_beep list_rows_first
fpath=('$scripts' \$fpath); autoload -Uz compinit; compinit -u -D
zstyle ':completion:*' list-prompt ''; LISTMAX=10000
bindkey '^I' complete-word
END
    zsh_complete() { # TEXT: the line after Tab
        (sleep 1; printf 'smtpcode -q %s\t' "$1"; sleep 2; printf '\025exit\n'; sleep 1) |
            ZDOTDIR=$work TERM=dumb script -qec "zsh -i" /dev/null 2>/dev/null | tr -d '\r'
    }
    has_text() { case $2 in *"$3"*) pass ;; *) fail "$1" "no '$3' in: $2" ;; esac }
    has_text 'zsh: a code' "$(zsh_complete 57)" 'smtpcode -q 571'
    has_text 'zsh: a subcommand' "$(zsh_complete comple)" 'smtpcode -q completion'
    has_text 'zsh: an option' "$(zsh_complete --js)" 'smtpcode -q --json'
    has_text 'zsh: a condition' "$(zsh_complete mailbox-f)" 'mailbox-full'
fi
finish
