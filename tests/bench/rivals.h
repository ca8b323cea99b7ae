/* rivals.h - other ways to the same answer, as far as they are installed:
 * which of the templates a reply has. */
#ifndef BENCH_RIVALS_H
#define BENCH_RIVALS_H

#include "load.h"

struct rival {
    const char *name;
    size_t step; /* asked for each STEPth reply only: it is slow */
    void (*build)(struct rival *self);
    unsigned (*find)(const struct reply *reply); /* a template's number or 0 */
    size_t bytes;                                /* of its tables, once built */
    double ms;                                   /* that took */
};

extern struct rival rivals[];
extern const size_t nrivals;
extern const char missing_rivals[]; /* their packages, or "" */

void build_rivals(void);

#endif
