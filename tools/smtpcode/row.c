/* row.c - one entry as a line: for people, and as tab-separated values. */
#include <string.h>

#include "command.h"

static const char *status_of(const smtpcode_entry *e) {
    enum smtpcode_kind kind = smtpcode_kind_of(e);
    const smtpcode_entry *condition =
        smtpcode_related(e, SMTPCODE_CONDITION, 0);
    const char *word;

    if (is_rule(e))
        return condition ? smtpcode_id(condition) : "";
    if (kind == SMTPCODE_KIND_SERVER)
        word = smtpcode_word(SMTPCODE_WORDS_SERVER_KIND,
                             smtpcode_number(e, SMTPCODE_SERVER_KIND, 0));
    else if (kind == SMTPCODE_KIND_CONDITION)
        word = smtpcode_word(SMTPCODE_WORDS_WHO,
                             smtpcode_number(e, SMTPCODE_WHO, 0));
    else
        word = smtpcode_word(SMTPCODE_WORDS_STATUS,
                             smtpcode_number(e, SMTPCODE_STATUS, 0));
    return word ? word : "";
}

/* A template has no headline: its first line stands for one. */
static const char *headline(const smtpcode_entry *e) {
    const char *title = smtpcode_text(e, SMTPCODE_TITLE, 0);

    if (!title)
        title = smtpcode_text(e, SMTPCODE_LINE, 0);
    return title ? title : "";
}

/* Where the headline begins behind ids of this kind. */
static size_t headline_column(enum smtpcode_kind kind) {
    bool codes = kind == SMTPCODE_KIND_REPLY_CODE ||
                 kind == SMTPCODE_KIND_ENHANCED_STATUS;

    if (options.width < 64)
        return 9;
    return codes && !options.server ? 9 : 25;
}

/* A reply on one line, cut to ROOM; what it means is in its page. */
static void append_cut(struct text *text, const smtpcode_entry *template,
                       size_t room) {
    append_reply(text, template);
    if (text->len > room && room > 4) {
        text->len = room - 4;
        while (text->len > 0 && text->bytes[text->len] != ' ')
            text->len--;
        text->bytes[text->len] = '\0';
        append(text, " ...");
    }
}

void print_line(const smtpcode_entry *e, enum smtpcode_kind kind) {
    const char *id = smtpcode_id(e);
    bool narrow = options.width < 64;
    size_t at = headline_column(kind);
    size_t status =
        narrow ? options.width : options.width - (at == 9 ? 18 : 23);
    size_t end = narrow ? options.width : status - 1;
    struct text reply = {NULL, 0, 0};

    if (columns(id) >= at) { /* a line of its own */
        styled(STYLE_TITLE, id);
        putchar('\n');
        id = "";
    }
    if (is_rule(e))
        append_cut(&reply, e, end - at);
    struct cell cells[] = {
        {id, 0, at, STYLE_TITLE},
        {reply.len ? text_of(&reply) : headline(e), at, end, STYLE_NONE},
        {status_of(e), status, options.width, STYLE_FAINT},
    };
    row(cells, narrow ? 2 : 3);
    free_text(&reply);
}

void print_tsv(const smtpcode_entry *e) {
    const char *kind =
        smtpcode_word(SMTPCODE_WORDS_KIND, (int)smtpcode_kind_of(e));
    const char *words[3] = {
        smtpcode_word(SMTPCODE_WORDS_WHO, smtpcode_number(e, SMTPCODE_WHO, 0)),
        smtpcode_word(SMTPCODE_WORDS_RETRY,
                      smtpcode_number(e, SMTPCODE_RETRY, 0)),
        smtpcode_word(SMTPCODE_WORDS_SUPPRESS,
                      smtpcode_number(e, SMTPCODE_SUPPRESS, 0)),
    };

    printf("%s\t%s\t%s", smtpcode_id(e), kind, status_of(e));
    for (size_t i = 0; i < 3; i++)
        printf("\t%s", words[i] ? words[i] : "");
    printf("\t%s\n", headline(e));
}

void print_entry(const smtpcode_entry *entry, const char *asked) {
    switch (options.format) {
    case FORMAT_JSON:
        print_json(entry);
        break;
    case FORMAT_TSV:
        print_tsv(entry);
        break;
    case FORMAT_PAGE:
        print_page(entry, asked);
        break;
    }
}
