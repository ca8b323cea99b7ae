/* load.h - templates and replies to measure the matcher with, the same ones
 * on each run: those of the data, and more of either made of mail's words. */
#ifndef BENCH_LOAD_H
#define BENCH_LOAD_H

#include "../../tools/gen/gen.h"

enum { NTEMPLATES = 3000, NREPLIES = 20000 };

struct reply {
    char *raw; /* with capitals, and here and there two blanks or a fold */
    size_t len;
    int reply, enhanced; /* codes */
};

extern struct pattern *patterns[NTEMPLATES];
extern size_t npatterns;
extern struct reply replies[NREPLIES];

double now(void); /* nanoseconds */

void collect_templates(void); /* those of the data */
void invent_templates(void);  /* until there are NTEMPLATES */
/* Examples with values that vary, and a quarter that no template has. */
void make_replies(void);

#endif
