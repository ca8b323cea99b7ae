/* main.c - the smtpcode command: options, and which subcommand is meant. */
#define _GNU_SOURCE /* getopt_long */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "command.h"

struct options options = {.subject = -1,
                          .hints = {.size = sizeof(smtpcode_hints)}};

/* The one list of subcommands: help, completion and the tests read it. */
const struct command commands[] = {
    {"show", "CODE...", "explain codes, conditions, servers", cmd_show},
    {"diagnose", "[REPLY|-]", "what a reply or a whole bounce means",
     cmd_diagnose},
    {"filter", "[FILE...]", "a reply a line in, an answer a line out",
     cmd_filter},
    {"redact", "[FILE...]", "a log without addresses, names, passwords",
     cmd_redact},
    {"list", "", "list the entries; --class, --kind, ... narrow it", cmd_list},
    {"search", "WORD...", "find entries by words in them", cmd_search},
    {"server", "[NAME [CODE...]]", "what a server says and means", cmd_server},
    {"completion", "bash|zsh|fish", "print a completion script",
     cmd_completion},
    {"help", "", "print this help", cmd_help},
    {NULL, NULL, NULL, NULL},
};

/* The one list of options.  A letter below ' ' is not one to type. */
enum {
    WORD = 1, /* what getopt_long() calls an argument that is no option */
    OPT_COLOR,
    OPT_AS,
    OPT_CLASS,
    OPT_SUBJECT,
    OPT_STATUS,
    OPT_CONDITION,
    OPT_SERVER,
    OPT_KIND,
    OPT_JSON,
    OPT_TSV,
    OPT_PLAIN,
    OPT_STAGE,
    OPT_PEER,
    OPT_SUBMISSION,
    OPT_RELAY,
    OPT_EXPLAIN,
    OPT_UNKNOWN,
    OPT_KEY,
    OPT_WIDE
};

const struct option_help option_list[] = {
    {"json", OPT_JSON, NULL, "one JSON object an answer"},
    {"tsv", OPT_TSV, NULL, "one line an answer, with tabs"},
    {"all", 'a', NULL, "everything, not one screen of it"},
    {"as", OPT_AS, "READER",
     "whose remedies first: sender, admin, recipient, ..."},
    {"explain", OPT_EXPLAIN, NULL, "what was read in a reply, what decided"},
    {"stage", OPT_STAGE, "STAGE", "where the reply came: connect, rcpt, ..."},
    {"peer", OPT_PEER, "HOST", "the server that was connected to"},
    {"submission", OPT_SUBMISSION, NULL, "it was the sender's own server"},
    {"relay", OPT_RELAY, NULL, "it was a server of the recipient"},
    {"unknown", OPT_UNKNOWN, "FILE", "append replies without an answer to it"},
    {"key", OPT_KEY, "FILE", "redact: the same in every run with this key"},
    {"wide", OPT_WIDE, NULL, "redact: 16 digits, not 6"},
    {"plain", OPT_PLAIN, NULL, "no colour"},
    {"color", OPT_COLOR, "WHEN", "auto, always or never"},
    {"quiet", 'q', NULL, "print nothing, exit status only"},
    {"kind", OPT_KIND, "KIND", "list: reply-code, condition, server, ..."},
    {"class", OPT_CLASS, "DIGIT", "list: codes that begin with 2, 3, 4 or 5"},
    {"subject", OPT_SUBJECT, "DIGIT", "list: enhanced codes of subject 0 to 7"},
    {"status", OPT_STATUS, "WORD", "list: standard, extension, de-facto, ..."},
    {"condition", OPT_CONDITION, "NAME", "list: codes that can mean it"},
    {"server", OPT_SERVER, "NAME", "what this server means by a code"},
    {"help", 'h', NULL, "print this help"},
    {"version", 'V', NULL, "print the versions of code and data"},
    {NULL, 0, NULL, NULL},
};

void complain(const char *format, ...) {
    va_list args;

    fflush(stdout);
    fputs("smtpcode: ", stderr);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
}

static void print_usage(FILE *out) {
    fputs("usage: smtpcode [OPTION...] CODE|NAME|REPLY...\n"
          "       smtpcode [OPTION...] COMMAND [ARGUMENT...]\n\n"
          "  smtpcode '550 5.7.1 ...'  what a reply means, as it was pasted\n"
          "  smtpcode 451            what a reply code means and what to do\n"
          "  smtpcode 4.7.1 x.7.26   enhanced status codes\n"
          "  smtpcode greylisted     a condition, by its name\n\nCommands\n",
          out);
    for (const struct command *c = commands; c->name; c++)
        fprintf(out, "  %-10s %-16s %s\n", c->name, c->arguments, c->what);
    fputs("\nOptions\n", out);
    for (const struct option_help *o = option_list; o->name; o++) {
        char name[40];
        snprintf(name, sizeof name, "--%s%s%s", o->name, o->argument ? "=" : "",
                 o->argument ? o->argument : "");
        if (o->letter > ' ')
            fprintf(out, "  -%c, %-17s %s\n", o->letter, name, o->what);
        else
            fprintf(out, "      %-17s %s\n", name, o->what);
    }
    fputs("\nExit status: 0 found, 1 not found or unknown, 2 usage or I/O.\n",
          out);
}

enum exit_status cmd_help(int argc, char **argv) {
    (void)argc;
    (void)argv;
    print_usage(stdout);
    return EXIT_FOUND;
}

static enum exit_status print_version(void) {
    printf("smtpcode %s, data %s\n", smtpcode_version(),
           smtpcode_data_version());
    return EXIT_FOUND;
}

/* VALUE of an option as a word of VOCABULARY, or a complaint and 0. */
static int option_word(const char *option, enum smtpcode_vocabulary vocabulary,
                       const char *value) {
    const char *known;

    for (int i = 1; (known = smtpcode_word(vocabulary, i)); i++)
        if (strcasecmp(known, value) == 0)
            return i;
    complain("--%s: no '%s'; it knows:", option, safe(value));
    for (int i = 1; (known = smtpcode_word(vocabulary, i)); i++)
        fprintf(stderr, " %s", known);
    fputc('\n', stderr);
    return 0;
}

static int option_digit(const char *option, const char *value, char first,
                        char last) {
    if (value[0] >= first && value[0] <= last && !value[1])
        return value[0] - '0';
    complain("--%s: not a digit from %c to %c: '%s'", option, first, last,
             safe(value));
    return -1;
}

static const smtpcode_entry *
option_entry(const char *option, enum smtpcode_kind kind, const char *value) {
    const smtpcode_entry *e = smtpcode_find(value, strlen(value));

    if (e && smtpcode_kind_of(e) == kind)
        return e;
    complain("--%s: no %s '%s'", option,
             smtpcode_word(SMTPCODE_WORDS_KIND, (int)kind), safe(value));
    suggest_entries(value);
    return NULL;
}

static bool set_reader(const char *value) {
    const char *word = strcmp(value, "admin") == 0 ? "sender-admin" : value;

    for (int who = SMTPCODE_WHO_SENDER; who < SMTPCODE_WHO_NOBODY; who++)
        if (strcmp(smtpcode_word(SMTPCODE_WORDS_WHO, who), word) == 0) {
            options.reader = (enum smtpcode_who)who;
            return true;
        }
    complain("--as: sender, admin, intermediary, recipient or "
             "recipient-admin, not '%s'",
             safe(value));
    return false;
}

static bool set_filter(int option, const char *value) {
    switch (option) {
    case OPT_AS:
        return set_reader(value);
    case OPT_CLASS:
        options.code_class = option_digit("class", value, '2', '5');
        return options.code_class > 0;
    case OPT_SUBJECT:
        options.subject = option_digit("subject", value, '0', '7');
        return options.subject >= 0;
    case OPT_STATUS:
        options.status = option_word("status", SMTPCODE_WORDS_STATUS, value);
        return options.status > 0;
    case OPT_KIND:
        options.kind =
            (enum smtpcode_kind)option_word("kind", SMTPCODE_WORDS_KIND, value);
        return options.kind != 0;
    case OPT_CONDITION:
        options.condition =
            option_entry("condition", SMTPCODE_KIND_CONDITION, value);
        return options.condition != NULL;
    case OPT_SERVER:
        options.server = find_server(value);
        if (!options.server)
            option_entry("server", SMTPCODE_KIND_SERVER, value); /* complains */
        return options.server != NULL;
    }
    return false;
}

/* What --color says; find_terminal() decides, once all options are read. */
static const char *colour_when;

static bool set_hint(int option, const char *value) {
    switch (option) {
    case OPT_STAGE:
        options.hints.stage = (enum smtpcode_stage)option_word(
            "stage", SMTPCODE_WORDS_STAGE, value);
        return options.hints.stage != SMTPCODE_STAGE_UNKNOWN;
    case OPT_PEER:
        options.hints.peer = value;
        options.hints.peer_length = strlen(value);
        return true;
    case OPT_SUBMISSION:
    case OPT_RELAY:
        if (options.hints.role) {
            complain("--submission or --relay, not both");
            return false;
        }
        options.hints.role = option == OPT_RELAY ? SMTPCODE_ROLE_RELAY
                                                 : SMTPCODE_ROLE_SUBMISSION;
        return true;
    }
    return set_filter(option, value);
}

static bool set_option(int option, const char *value) {
    switch (option) {
    case OPT_EXPLAIN:
        options.explain = true;
        return true;
    case OPT_UNKNOWN:
        options.unknown = value;
        return true;
    case OPT_KEY:
        options.key = value;
        return true;
    case OPT_WIDE:
        options.wide = true;
        return true;
    case OPT_JSON:
        options.format = FORMAT_JSON;
        return true;
    case OPT_TSV:
        options.format = FORMAT_TSV;
        return true;
    case OPT_PLAIN:
        options.plain = true;
        return true;
    case 'a':
        options.all = true;
        return true;
    case 'q':
        options.quiet = true;
        return true;
    case OPT_COLOR:
        colour_when = value;
        if (strcmp(value, "auto") == 0 || strcmp(value, "always") == 0 ||
            strcmp(value, "never") == 0)
            return true;
        complain("--color: auto, always or never, not '%s'", safe(value));
        return false;
    }
    return set_hint(option, value);
}

static void make_getopt_lists(struct option *longs, char *shorts) {
    *shorts++ = ':'; /* tell a missing argument from an unknown option */
    for (const struct option_help *o = option_list; o->name; o++) {
        *longs++ =
            (struct option){o->name, o->argument ? 1 : 0, NULL, o->letter};
        if (o->letter > ' ')
            *shorts++ = o->letter;
    }
    *longs = (struct option){NULL, 0, NULL, 0};
    *shorts = '\0';
}

static void complain_option(int error, char **argv) {
    const char *given = argv[optind - 1];
    const char *what = error == ':'         ? "it needs a value"
                       : strchr(given, '=') ? "no option that takes a value"
                                            : "no such option";

    if (optopt > ' ' && optopt < 0x7f)
        complain("%s: -%c; try --help", what, optopt);
    else
        complain("%s: %s; try --help", what, safe(given));
}

/* What is left when the options are read. */
struct words {
    char **words;
    int count;
};

enum { DONE = -1 }; /* all was said */

static int read_options(int argc, char **argv, struct words *rest) {
    struct option longs[32];
    char shorts[34] = "-"; /* other words come as option 1, in their order */
    int option;

    make_getopt_lists(longs, shorts + 1);
    opterr = 0;
    while ((option = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
        if (option == WORD) {
            rest->words[rest->count++] = optarg;
            continue;
        }
        if (option == 'h')
            return cmd_help(0, NULL), DONE;
        if (option == 'V')
            return print_version(), DONE;
        if (option == ':' || option == '?') {
            complain_option(option, argv);
            return EXIT_USAGE;
        }
        if (!set_option(option, optarg))
            return EXIT_USAGE;
    }
    options.no_command =
        rest->count == 0 && optind > 1 && strcmp(argv[optind - 1], "--") == 0;
    while (optind < argc) /* behind "--" */
        rest->words[rest->count++] = argv[optind++];
    return EXIT_FOUND;
}

static enum exit_status run(int argc, char **argv) {
    for (const struct command *c = commands; c->name; c++)
        if (strcmp(argv[0], c->name) == 0) {
            bool show = c->run == cmd_show;
            if (show && argc == 1) {
                complain("show what? smtpcode show CODE...");
                return EXIT_USAGE;
            }
            return show ? cmd_show(argc - 1, argv + 1) : c->run(argc, argv);
        }
    return cmd_show(argc, argv);
}

static bool refuse_key(const char *command) {
    if ((!options.key && !options.wide) || strcmp(command, "redact") == 0)
        return false;
    complain("--key and --wide are for redact");
    return true;
}

/* The exit status: STATUS, unless what was printed did not arrive. */
static int finish(enum exit_status status) {
    if (fflush(stdout) == 0 && !ferror(stdout))
        return (int)status;
    complain("standard output: %s", strerror(errno));
    return EXIT_USAGE;
}

int main(int argc, char **argv) {
    struct words rest = {calloc((size_t)argc + 1, sizeof(char *)), 0};

    if (!rest.words) {
        complain("out of memory");
        return EXIT_USAGE;
    }
    int status = read_options(argc, argv, &rest);
    if (status != EXIT_FOUND)
        return finish(status == DONE ? EXIT_FOUND : EXIT_USAGE);
    find_terminal(colour_when);
    if (rest.count == 0) {
        print_usage(stderr);
        return EXIT_USAGE;
    }
    if (refuse_key(rest.words[0]))
        return EXIT_USAGE;
    return finish(options.no_command ? cmd_show(rest.count, rest.words)
                                     : run(rest.count, rest.words));
}
