/*
 * command.h - what the parts of the smtpcode command share.
 *
 * The command reads the knowledge base through smtpcode.h and nothing else.
 */
#ifndef COMMAND_H
#define COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <smtpcode.h>

enum exit_status { EXIT_FOUND = 0, EXIT_NOT_FOUND = 1, EXIT_USAGE = 2 };

enum format { FORMAT_PAGE, FORMAT_JSON, FORMAT_TSV };

struct options {
    enum format format;
    bool all;        /* the whole entry, not one screen of it */
    bool no_command; /* "--" came first: `smtpcode -- list` is a reply */
    bool quiet;      /* exit status only */
    bool plain;      /* ASCII, no colour */
    bool colour;
    size_t width;             /* columns, 40 to 100 */
    enum smtpcode_who reader; /* whose remedies come first; 0: as listed */
    /* What `list` and `search` show. */
    enum smtpcode_kind kind;
    int code_class; /* 2 to 5; 0: all */
    int subject;    /* -1: all */
    int status;     /* vocabulary STATUS; 0: all */
    const smtpcode_entry *condition;
    const smtpcode_entry *server; /* whose meaning of a code */
    /* What is known besides a reply, and what becomes of its answer. */
    smtpcode_hints hints;
    bool explain;
    const char *unknown; /* file that gets the replies without an answer */
    const char *key;     /* file with the key of `redact`; NULL: at random */
    bool wide;           /* all digits of its hashes */
};

extern struct options options;

/* ---- main.c ---- */

struct command {
    const char *name;
    const char *arguments;
    const char *what;
    enum exit_status (*run)(int argc, char **argv); /* argv[0] is the name */
};

struct option_help {
    const char *name;     /* without the dashes */
    char letter;          /* 0: none */
    const char *argument; /* NULL: none */
    const char *what;
};

extern const struct command commands[];
extern const struct option_help option_list[];

/* Say "smtpcode: ..." on stderr; strings in it must be safe already. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* ---- output.c: text for a terminal ---- */

enum style {
    STYLE_NONE,
    STYLE_TITLE,
    STYLE_HEAD,
    STYLE_FAINT,
    STYLE_GOOD,
    STYLE_WAIT,
    STYLE_BAD,
    STYLE_LABEL
};

void find_terminal(const char *when); /* --color=WHEN */
void styled(enum style style, const char *text);
void begin_style(enum style style);
void end_style(enum style style);
size_t columns(const char *text);
void blanks(size_t n);
/* How many bytes of TEXT fit into ROOM columns, broken behind a blank where
 * there is one.  *NEXT is where the following line begins. */
size_t line_break(const char *text, size_t room, size_t *next);
/* TEXT wrapped between the columns FROM and TO; the cursor stands at FROM and
 * is left behind the last word. */
void wrapped(const char *text, size_t from, size_t to);
/* LABEL at column 2, TEXT at column AT, wrapped to the width; NULL is "". */
void labelled(const char *label, size_t at, const char *text);

struct cell {
    const char *text; /* NULL: empty */
    size_t from, to;  /* columns */
    enum style style;
};
/* One row of a table, each cell wrapped in its columns. */
void row(const struct cell *cells, size_t n);

/* TEXT with every byte that could move a cursor as \xNN; for messages.  Cut
 * at 200 bytes; the buffer is of the function and lasts until the call after
 * the next. */
const char *safe(const char *text);
/* A number of minutes as "5-30min", "1-2h", "1d". */
void wait_text(char *buf, size_t size, int least, int most);
void print_json(const smtpcode_entry *entry);

/* ---- text.c: a text that grows ---- */

struct text {
    char *bytes;
    size_t len, size;
};

void append(struct text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void append_bytes(struct text *text, const char *bytes, size_t n);
/* ITEM, with SEPARATOR before it unless it is the first; NULL is "". */
void append_item(struct text *text, const char *separator, const char *item);
const char *text_of(const struct text *text); /* never NULL */
/* An empty text that keeps its room, until it is asked for again. */
struct text *scratch(void);
void free_text(struct text *text);

/* ---- escape.c: a stranger's text ---- */

/* Nothing in what is appended moves a cursor, turns the direction of text or
 * is invisible; it can be turned back: \xNN is a byte, \\ is a backslash. */
void append_escaped(struct text *out, const char *text, size_t len);

/* ---- page.c: one entry as a page ---- */

/* Under the heading ASKED where the entry is that of a class or range; else
 * NULL. */
void print_page(const smtpcode_entry *entry, const char *asked);

/* ---- page_advice.c: the parts that say what to do ---- */

/* What ENTRY answers, for the class of which PAGE is. */
void print_answers(const smtpcode_entry *entry, const smtpcode_entry *page);
void print_causes(const smtpcode_entry *entry);
/* Of an entry, or (ENTRY is NULL) of the answer to a reply. */
struct advice {
    const smtpcode_entry *entry;
    const smtpcode_result *result;
    bool brief; /* for the sender's side and who must act */
};
void print_remedies(struct advice advice);
void print_examples(const smtpcode_entry *entry);
void print_see_all(const smtpcode_entry *entry);
/* A template's line, and the whole reply on one line, for people. */
void append_readable(struct text *text, const char *line);
void append_reply(struct text *text, const smtpcode_entry *template);
/* Where the text behind a label begins. */
size_t text_column(void);
const char *who_label(int who);

/* ---- row.c: one entry as a line ---- */

/* Aligned for a list of entries of KIND; KIND_ANY: of several kinds. */
void print_line(const smtpcode_entry *entry, enum smtpcode_kind kind);
void print_tsv(const smtpcode_entry *entry);
/* Print in the format that was asked for. */
void print_entry(const smtpcode_entry *entry, const char *asked);

/* ---- narrow.c: --kind, --class, --subject, --status, --condition ---- */

/* Whether the options that were given admit it. */
bool fits_options(const smtpcode_entry *entry);
/* The same, and `list` shows it without being asked for it. */
bool wanted(const smtpcode_entry *entry);
/* Whether any was given; --server says whose codes, and narrows only lists. */
bool filtered(void);
/* Complain if one was given to a COMMAND that has no use for it. */
bool refuse_filters(const char *command);
/* Whether ENTRY is looked for in replies: a template, token or phrase. */
bool is_rule(const smtpcode_entry *entry);
/* The same for --server, where a reply is to be diagnosed. */
bool refuse_server(void);
/* The same for --stage, --peer, ..., where a code is looked up. */
bool refuse_hints(void);
/* The code of an entry, without the server whose own it is. */
const char *bare_code(const smtpcode_entry *entry);

/* ---- suggest.c: near misses ---- */

size_t edit_distance(const char *a, const char *b);
/* The subcommand within two edits of WORD, or NULL. */
const struct command *near_command(const char *word);
/* Print "did you mean" for WORD, if anything is near. */
void suggest_entries(const char *word);
/* The server of that id, or the only one whose name or domain holds NAME. */
const smtpcode_entry *find_server(const char *name);
/* Whether WORD is nearly the name of an entry. */
bool near_entry(const char *word);

/* ---- cmd_search.c ---- */

/* Whether `search WORD` would find something. */
bool anything_about(const char *word);

/* ---- the subcommands ---- */

enum exit_status cmd_show(int argc, char **argv);
enum exit_status cmd_list(int argc, char **argv);
enum exit_status cmd_search(int argc, char **argv);
enum exit_status cmd_server(int argc, char **argv);
enum exit_status cmd_diagnose(int argc, char **argv);
/* The arguments, or standard input, as a reply. */
enum exit_status diagnose_words(int argc, char **argv);
enum exit_status diagnose_stdin(void);
enum exit_status cmd_filter(int argc, char **argv);
enum exit_status cmd_redact(int argc, char **argv);
enum exit_status cmd_completion(int argc, char **argv);
enum exit_status cmd_help(int argc, char **argv);

#endif
