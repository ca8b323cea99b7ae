/* parts.h - the steps of a diagnosis, one by one, to see what each takes. */
#ifndef BENCH_PARTS_H
#define BENCH_PARTS_H

#include "smtpcode.h"

/* Of one reply, how many of the steps are done; each includes those before. */
enum step { STEP_READ, STEP_MATCH, STEP_NAMES, STEP_PHRASES, STEP_ALL };

/* TEXT up to STEP; PHRASES: whether they are looked for.  Something of what
 * was found, so that no compiler leaves it out. */
unsigned run_steps(const char *text, size_t len, enum step step, int phrases);

/* Whether this answer took looking for phrases. */
int took_phrases(const smtpcode_result *result);

#endif
