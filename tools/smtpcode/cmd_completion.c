/*
 * cmd_completion.c - smtpcode completion bash|zsh|fish|words.
 *
 * The scripts hold the subcommands and options of this program; codes and
 * names they ask for by `smtpcode completion words` when the key is pressed.
 */
#include <string.h>

#include "command.h"

/* $COMMANDS, $OPTIONS and $STAGES stand for the lists. */
static const char bash[] =
    "# bash completion for smtpcode\n"
    "_smtpcode() {\n"
    "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
    "    local words word first=1 # no command is typed yet\n"
    "    for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
    "        [[ $word == -* ]] || first=\n"
    "    done\n"
    "    case $prev in\n"
    "    --as) words='sender admin intermediary recipient recipient-admin' ;;\n"
    "    --color) words='auto always never' ;;\n"
    "    --stage) words='$STAGES' ;;\n"
    "    --peer) words= ;;\n"
    "    --unknown | --key | filter | redact)\n"
    "        COMPREPLY=($(compgen -f -- \"$cur\")); return ;;\n"
    "    --class) words='2 3 4 5' ;;\n"
    "    --kind) words='reply-code enhanced-status condition server "
    "template' ;;\n"
    "    --condition | --server | server)\n"
    "        words=$(smtpcode completion words | cut -f1) ;;\n"
    "    completion) words='bash zsh fish' ;;\n"
    "    *)\n"
    "        case $cur in\n"
    "        -*) words='$OPTIONS' ;;\n"
    "        *) words=$(smtpcode completion words | cut -f1)\n"
    "           [[ $first ]] && words=\"$COMMANDS $words\" ;;\n"
    "        esac ;;\n"
    "    esac\n"
    "    COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
    "}\n"
    "complete -F _smtpcode smtpcode\n";

static const char zsh[] =
    "#compdef smtpcode\n"
    "# zsh completion for smtpcode\n"
    "_smtpcode() {\n"
    "    local -a commands options names\n"
    "    local tab=$'\\t'\n"
    "    commands=($COMMANDS)\n"
    "    options=($OPTIONS)\n"
    "    case $words[CURRENT-1] in\n"
    "    --as) compadd sender admin intermediary recipient recipient-admin; "
    "return ;;\n"
    "    --color) compadd auto always never; return ;;\n"
    "    --stage) compadd $STAGES; return ;;\n"
    "    --peer) return ;;\n"
    "    --unknown|--key|filter|redact) _files; return ;;\n"
    "    --class) compadd 2 3 4 5; return ;;\n"
    "    --kind) compadd reply-code enhanced-status condition server template; "
    "return ;;\n"
    "    completion) compadd bash zsh fish; return ;;\n"
    "    esac\n"
    "    if [[ $PREFIX == -* ]]; then\n"
    "        compadd -- $options\n"
    "        return\n"
    "    fi\n"
    "    [[ -z ${words[2,CURRENT-1]:#-*} ]] && compadd -- $commands\n"
    "    names=(${(f)\"$(smtpcode completion words)\"})\n"
    "    compadd -d names -- ${names%%$tab*}\n"
    "}\n"
    "if [[ $funcstack[1] == _smtpcode ]]; then\n"
    "    _smtpcode \"$@\"\n"
    "else\n"
    "    compdef _smtpcode smtpcode\n"
    "fi\n";

static const char fish[] =
    "# fish completion for smtpcode\n"
    "complete -c smtpcode -f\n"
    "complete -c smtpcode -n __fish_use_subcommand -a '$COMMANDS'\n"
    "complete -c smtpcode -a '(smtpcode completion words)'\n"
    "complete -c smtpcode -n '__fish_seen_subcommand_from completion' "
    "-a 'bash zsh fish'\n"
    "complete -c smtpcode -n '__fish_seen_subcommand_from filter redact' -F\n"
    "complete -c smtpcode -l unknown -rF\n"
    "complete -c smtpcode -l key -rF\n"
    "complete -c smtpcode -l stage -xa '$STAGES'\n"
    "for option in $OPTIONS\n"
    "    complete -c smtpcode -l (string replace -- -- '' $option)\n"
    "end\n";

static void print_commands(void) {
    for (const struct command *c = commands; c->name; c++)
        printf("%s%s", c == commands ? "" : " ", c->name);
}

static void print_options(void) {
    for (const struct option_help *o = option_list; o->name; o++)
        printf("%s--%s", o == option_list ? "" : " ", o->name);
}

static void print_stages(void) {
    const char *stage;

    for (int i = 1; (stage = smtpcode_word(SMTPCODE_WORDS_STAGE, i)); i++)
        printf("%s%s", i == 1 ? "" : " ", stage);
}

/* Print the list that SCRIPT names here; its name's length, or 0. */
static size_t print_list(const char *script) {
    static const struct {
        const char *mark;
        void (*print)(void);
    } lists[] = {{"$COMMANDS", print_commands},
                 {"$OPTIONS", print_options},
                 {"$STAGES", print_stages}};

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        size_t len = strlen(lists[i].mark);
        if (strncmp(script, lists[i].mark, len) == 0) {
            lists[i].print();
            return len;
        }
    }
    return 0;
}

static void print_script(const char *script) {
    while (*script) {
        size_t len = print_list(script);
        if (len == 0)
            putchar(*script++);
        script += len;
    }
}

/* Every entry that has a name of its own, with its headline. */
static void print_words(void) {
    for (const smtpcode_entry *e = NULL;
         (e = smtpcode_next(e, SMTPCODE_KIND_ANY));) {
        const char *title = smtpcode_text(e, SMTPCODE_TITLE, 0);
        if (!strchr(smtpcode_id(e), '/'))
            printf("%s\t%s\n", smtpcode_id(e), title ? title : "");
    }
}

enum exit_status cmd_completion(int argc, char **argv) {
    const char *shell = argc == 2 ? argv[1] : "";

    if (strcmp(shell, "bash") == 0)
        print_script(bash);
    else if (strcmp(shell, "zsh") == 0)
        print_script(zsh);
    else if (strcmp(shell, "fish") == 0)
        print_script(fish);
    else if (strcmp(shell, "words") == 0)
        print_words();
    else {
        complain("completion for which shell? bash, zsh or fish");
        return EXIT_USAGE;
    }
    return EXIT_FOUND;
}
