/*
 * test_fixture.c - what is made of a reply by the data of tests/fixture: cases
 * that the product's data does not have now, a row each of tests/cases/
 * fixture.tsv.
 */
#define _GNU_SOURCE /* getline, strsep */
#include "judged.h"

int main(void) {
    static struct CMUnitTest tests[MOST_ROWS];

    read_rows("tests/cases/fixture.tsv");
    return _cmocka_run_group_tests("fixture", tests, tests_of_rows(tests), NULL,
                                   NULL);
}
