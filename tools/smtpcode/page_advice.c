/* page_advice.c - the parts of a page that say what to do. */
#include <string.h>

#include "command.h"

/* One screen shows the likely; --all shows everything. */
enum {
    SOME_CAUSES = 5,
    SOME_REMEDIES = 1,
    SOME_OF_ACTOR = 2,
    SOME_DONTS = 1,
    SOME_REPLIES = 4
};
enum { LABEL = 18 }; /* where the text behind a reader's label begins */

static const char *const readers[] = {NULL,        "you",       "your admin",
                                      "forwarder", "recipient", "their admin",
                                      "nobody"};

const char *who_label(int who) {
    return who > 0 && who <= SMTPCODE_WHO_NOBODY ? readers[who] : "";
}

/* ---- an entry or a diagnosis: both advise ---- */

static const char *advice_text(struct advice a, enum smtpcode_field field,
                               size_t i) {
    return a.entry ? smtpcode_text(a.entry, field, i)
                   : smtpcode_result_text(a.result, field, i);
}

static int advice_number(struct advice a, enum smtpcode_field field, size_t i) {
    return a.entry ? smtpcode_number(a.entry, field, i)
                   : smtpcode_result_number(a.result, field, i);
}

static size_t advice_count(struct advice a, enum smtpcode_field field) {
    return a.entry ? smtpcode_count(a.entry, field)
                   : smtpcode_result_count(a.result, field);
}

/* The command of check I, with the reply's values where there is a reply. */
static const char *check_command(struct advice a, size_t i, char *buf,
                                 size_t size) {
    if (a.entry)
        return smtpcode_text(a.entry, SMTPCODE_CHECK_COMMAND, i);
    return smtpcode_result_check(a.result, i, buf, size) ? buf : NULL;
}

static int actor(struct advice a) { return advice_number(a, SMTPCODE_WHO, 0); }

static size_t shown(size_t n, size_t some) {
    return options.all || n < some ? n : some;
}

static void append_answer(struct text *text, const smtpcode_entry *e,
                          enum smtpcode_field field) {
    for (size_t i = 0; i < smtpcode_count(e, field); i++)
        append_item(text, " ", smtpcode_text(e, field, i));
}

/* The class of which E is: that of a template's reply or of a code; 0: of
 * either, as a condition's page. */
static char class_of(const smtpcode_entry *e) {
    const char *line = smtpcode_text(e, SMTPCODE_LINE, 0);
    const char *id = smtpcode_id(e), *slash = strrchr(id, '/');
    char digit = line ? *line : slash ? slash[1] : *id;

    return digit >= '2' && digit <= '5' ? digit : 0;
}

/* Where TEMPORARY is another answer, the one of CLASS, or both with a name. */
static void answer(const char *label, const smtpcode_entry *e, char class,
                   enum smtpcode_field field, enum smtpcode_field temporary) {
    struct text text = {NULL, 0, 0};
    bool split = temporary && smtpcode_count(e, temporary) > 0;

    if (!split || class != '4')
        append_answer(&text, e, field);
    if (split && !class)
        append_item(&text, " ", "With a 4xx:");
    if (split && (!class || class == '4'))
        append_answer(&text, e, temporary);
    if (text.len)
        labelled(label, 12, text_of(&text));
    free_text(&text);
}

void print_answers(const smtpcode_entry *e, const smtpcode_entry *page) {
    bool wait = smtpcode_number(e, SMTPCODE_RETRY, 0) == SMTPCODE_RETRY_LATER;
    char class = class_of(page);

    putchar('\n');
    answer("Who?", e, class, SMTPCODE_ANSWER_WHO, 0);
    answer(wait ? "Wait?" : "Again?", e, class, SMTPCODE_ANSWER_AGAIN,
           SMTPCODE_ANSWER_AGAIN_4XX);
    answer("Address?", e, class, SMTPCODE_ANSWER_ADDRESS,
           SMTPCODE_ANSWER_ADDRESS_4XX);
}

/* "your admin: 1 hour": who must act and the usual wait. */
static const char *act_text(char *buf, size_t size, const smtpcode_entry *e,
                            size_t i) {
    const char *who = who_label(smtpcode_number(e, SMTPCODE_CAUSE_WHO, i));
    int least = smtpcode_number(e, SMTPCODE_CAUSE_MINUTES, i);
    char wait[40];

    if (!least)
        return who;
    wait_text(wait, sizeof wait, least,
              smtpcode_number(e, SMTPCODE_CAUSE_MINUTES_MOST, i));
    snprintf(buf, size, "%s%s%s", who, *who ? ": " : "", wait);
    return buf;
}

static void print_cause(const smtpcode_entry *e, size_t i, size_t clue,
                        size_t act) {
    char number[24], who[80];
    struct cell cells[] = {
        {number, 1, 3, STYLE_NONE},
        {smtpcode_text(e, SMTPCODE_CAUSE, i), 4, clue - 2, STYLE_NONE},
        {smtpcode_text(e, SMTPCODE_CAUSE_CLUE, i), clue, act - 2, STYLE_NONE},
        {act_text(who, sizeof who, e, i), act, options.width, STYLE_NONE},
    };

    snprintf(number, sizeof number, "%zu", i + 1);
    row(cells, 4);
}

/* Too narrow for columns: the clue and the actor below the cause. */
static void print_cause_below(const smtpcode_entry *e, size_t i) {
    char number[24], who[80];
    const char *clue = smtpcode_text(e, SMTPCODE_CAUSE_CLUE, i);
    const char *act = act_text(who, sizeof who, e, i);

    snprintf(number, sizeof number, "%zu", i + 1);
    printf(" %-2s ", number);
    wrapped(smtpcode_text(e, SMTPCODE_CAUSE, i), 4, options.width);
    putchar('\n');
    if (clue) {
        blanks(6);
        wrapped(clue, 6, options.width);
        putchar('\n');
    }
    if (*act)
        printf("      -> %s\n", act);
}

void print_causes(const smtpcode_entry *e) {
    size_t n = shown(smtpcode_count(e, SMTPCODE_CAUSE), SOME_CAUSES);
    bool narrow = options.width < 64;
    size_t room = options.width - 4, act = options.width - room * 23 / 100;
    size_t clue = 4 + room * 43 / 100;
    struct cell head[] = {
        {"What it usually is", 0, narrow ? options.width : clue - 2,
         STYLE_HEAD},
        {"words that give it away", clue, act - 2, STYLE_HEAD},
        {"who acts, wait", act, options.width, STYLE_HEAD},
    };

    if (n == 0)
        return;
    putchar('\n');
    row(head, narrow ? 1 : 3);
    for (size_t i = 0; i < n; i++)
        if (narrow)
            print_cause_below(e, i);
        else
            print_cause(e, i, clue, act);
}

/* Where the text of remedies begins: close, if the terminal is narrow. */
size_t text_column(void) { return options.width < 64 ? 4 : LABEL; }

/* How many bytes of COMMAND fit into ROOM with a backslash behind them: up to
 * a blank that is not within '...', where a backslash would be one.  If none
 * fits, up to the first; if there is none, 0. */
static size_t command_break(const char *command, size_t room) {
    size_t best = 0;
    bool quoted = false;

    for (size_t i = 0; command[i] && (best == 0 || i + 2 <= room); i++) {
        quoted ^= command[i] == '\'';
        if (command[i] == ' ' && !quoted)
            best = i;
    }
    return best;
}

/* A command that can be copied: whole, or broken as a shell reads it. */
static void print_command(const char *command, size_t at) {
    size_t n;

    while (at + columns(command) > options.width &&
           (n = command_break(command, options.width - at)) > 0) {
        printf("%.*s \\\n", (int)n, command);
        blanks(at);
        command += n + 1;
    }
    printf("%s\n", command);
}

static void print_check(struct advice a, size_t i, const char *label) {
    enum { OWN_LINE = 4 };
    char filled[2048];
    const char *command = check_command(a, i, filled, sizeof filled);
    const char *what = advice_text(a, SMTPCODE_CHECK, i);
    size_t at = text_column(), used = columns(command);
    bool beside = at + used + 3 + columns(what) <= options.width;

    if (!command || !what)
        return;
    if (2 + columns(label) >= at || (!beside && at + used > options.width)) {
        if (*label)
            printf("  %s\n", label);
        at = beside ? at : OWN_LINE;
        blanks(at);
    } else {
        printf("  %s", label);
        blanks(at - 2 - columns(label));
    }
    if (beside) {
        printf("%s   %s\n", command, what);
        return;
    }
    print_command(command, at);
    blanks(text_column() + 2);
    wrapped(what, text_column() + 2, options.width);
    putchar('\n');
}

/* Whoever must act needs more than the others, if they read this. */
static size_t some_remedies(struct advice a, int reader) {
    return a.brief && reader == actor(a) && reader <= SMTPCODE_WHO_SENDER_ADMIN
               ? SOME_OF_ACTOR
               : SOME_REMEDIES;
}

/* False if there is nothing for this reader. */
static bool print_remedies_for(struct advice a, int reader) {
    const char *label = who_label(reader);
    size_t some = some_remedies(a, reader), done = 0, checks = 0;

    for (size_t i = 0; i < advice_count(a, SMTPCODE_REMEDY); i++)
        if (advice_number(a, SMTPCODE_REMEDY_FOR, i) == reader &&
            (done < some || options.all)) {
            labelled(done++ ? "" : label, text_column(),
                     advice_text(a, SMTPCODE_REMEDY, i));
        }
    for (size_t i = 0; i < advice_count(a, SMTPCODE_CHECK); i++)
        if (advice_number(a, SMTPCODE_CHECK_FOR, i) == reader &&
            (checks < some || options.all)) {
            print_check(a, i, done++ ? "" : label);
            checks++;
        }
    return done > 0;
}

static void print_donts(struct advice a) {
    size_t n = shown(advice_count(a, SMTPCODE_DONT), SOME_DONTS);

    for (size_t i = 0; i < n; i++) {
        const char *since = advice_text(a, SMTPCODE_DONT_SINCE, i);
        struct text text = {NULL, 0, 0};
        append_item(&text, "", advice_text(a, SMTPCODE_DONT, i));
        if (since)
            append(&text, " (since %s)", since);
        labelled(i ? "" : "Avoid", text_column(), text_of(&text));
        free_text(&text);
    }
}

/* Who reads the page of one reply: the sender's side, and who must act. */
static bool is_reader(struct advice a, int reader) {
    return !a.brief || options.all || reader == actor(a) ||
           reader == SMTPCODE_WHO_SENDER || reader == SMTPCODE_WHO_SENDER_ADMIN;
}

void print_remedies(struct advice a) {
    if (advice_count(a, SMTPCODE_REMEDY) + advice_count(a, SMTPCODE_DONT) +
            advice_count(a, SMTPCODE_CHECK) ==
        0)
        return;
    putchar('\n');
    styled(STYLE_HEAD, "What to do");
    putchar('\n');
    if (options.reader && !print_remedies_for(a, (int)options.reader))
        labelled(who_label((int)options.reader), text_column(),
                 "nothing to do here; see the others");
    for (int reader = SMTPCODE_WHO_SENDER; reader < SMTPCODE_WHO_NOBODY;
         reader++)
        if (reader != (int)options.reader && is_reader(a, reader))
            print_remedies_for(a, reader);
    print_donts(a);
}

/* "{recipient}" as "[recipient]", "{any}" as "...": what varies. */
void append_readable(struct text *text, const char *line) {
    while (line && *line) {
        size_t plain = strcspn(line, "{}");
        append_bytes(text, line, plain);
        line += plain;
        if (strncmp(line, "{any}", 5) == 0) {
            append_bytes(text, "...", 3);
            line += 5;
        } else if (*line) {
            append_bytes(text, *line == '{' ? "[" : "]", 1);
            line++;
        }
    }
}

/* Behind "550-" or "550 " and the enhanced code that LINE may repeat. */
static const char *behind_codes(const char *line) {
    if (strspn(line, "0123456789") == 3 && strchr("- ", line[3]) && line[3])
        line += 4;
    size_t code = strspn(line, "0123456789.");
    if (code >= 5 && line[code] == ' ')
        line += code + 1;
    return line + strspn(line, " ");
}

/* The whole reply as one text, its codes once. */
void append_reply(struct text *text, const smtpcode_entry *template) {
    for (size_t i = 0; i < smtpcode_count(template, SMTPCODE_LINE); i++) {
        const char *line = smtpcode_text(template, SMTPCODE_LINE, i);
        append(text, "%s", i ? " " : "");
        append_readable(text, i ? behind_codes(line) : line);
    }
}

/* With --all every line of the reply as it is sent, else three rows of it. */
static void print_example(const smtpcode_entry *template, const char *server) {
    size_t room = 3 * (options.width - text_column()) - 12;
    struct text text = {NULL, 0, 0};

    for (size_t i = 0;
         options.all && i < smtpcode_count(template, SMTPCODE_LINE); i++) {
        append_readable(&text, smtpcode_text(template, SMTPCODE_LINE, i));
        labelled(i ? "" : server, text_column(), text_of(&text));
        free_text(&text);
    }
    if (options.all)
        return;
    append_reply(&text, template);
    if (text.len > room) { /* ASCII, but for few: cut at a blank */
        char *cut = text.bytes + room;
        while (cut > text.bytes && *cut != ' ')
            cut--;
        *cut = '\0';
        text.len = (size_t)(cut - text.bytes);
        append(&text, " ...");
    }
    labelled(server, text_column(), text_of(&text));
    free_text(&text);
}

static const smtpcode_entry *server_of(const smtpcode_entry *template) {
    return smtpcode_related(template, SMTPCODE_SERVER, 0);
}

static bool several_servers(const smtpcode_entry *e) {
    const smtpcode_entry *template,
        *first = smtpcode_related(e, SMTPCODE_TEMPLATES, 0);

    for (size_t i = 1; (template = smtpcode_related(e, SMTPCODE_TEMPLATES, i));
         i++)
        if (server_of(template) != server_of(first))
            return true;
    return false;
}

/* With --all every reply, grouped by server; else one of each server, the
 * most met first, or some if there is one server only. */
void print_examples(const smtpcode_entry *e) {
    const smtpcode_entry *before = NULL, *template;
    bool one_each = several_servers(e);
    size_t printed = 0;

    if (smtpcode_count(e, SMTPCODE_TEMPLATES) == 0)
        return;
    putchar('\n');
    styled(STYLE_HEAD, "Real replies");
    putchar('\n');
    for (size_t i = 0; (template = smtpcode_related(e, SMTPCODE_TEMPLATES, i));
         i++) {
        const smtpcode_entry *server = server_of(template);
        bool same = server == before;
        if (!options.all && ((same && one_each) || printed == SOME_REPLIES))
            continue;
        print_example(template, same ? "" : smtpcode_id(server));
        before = server;
        printed++;
    }
}

static void add_count(struct text *text, size_t n, size_t some,
                      const char *what) {
    if (n > some)
        append(text, "%s%zu %s", text->len ? ", " : "", n, what);
}

static size_t remedies_shown(const smtpcode_entry *e) {
    size_t n = 0, of_reader = 0;
    int reader = 0;

    for (size_t i = 0; i < smtpcode_count(e, SMTPCODE_REMEDY); i++) {
        int next = smtpcode_number(e, SMTPCODE_REMEDY_FOR, i);
        of_reader = next == reader ? of_reader + 1 : 1;
        reader = next;
        n += of_reader <= SOME_REMEDIES;
    }
    return n;
}

/* "--all: 9 causes, 31 replies", where the screen left something out. */
void print_see_all(const smtpcode_entry *e) {
    struct text text = {NULL, 0, 0};

    if (options.all)
        return;
    add_count(&text, smtpcode_count(e, SMTPCODE_CAUSE), SOME_CAUSES, "causes");
    add_count(&text, smtpcode_count(e, SMTPCODE_REMEDY), remedies_shown(e),
              "remedies");
    add_count(&text, smtpcode_count(e, SMTPCODE_DONT), SOME_DONTS,
              "things to avoid");
    add_count(&text, smtpcode_count(e, SMTPCODE_TEMPLATES), SOME_REPLIES,
              "replies");
    if (text.len)
        labelled("--all", text_column(), text_of(&text));
    free_text(&text);
}
