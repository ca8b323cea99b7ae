/* cmocka.h - as much of cmocka as tests/test_normal.c needs, for a processor
 * that is only emulated here and has no libraries. */
#ifndef CMOCKA_H
#define CMOCKA_H

#include <stdio.h>
#include <stdlib.h>

struct CMUnitTest {
    const char *name;
    void (*test)(void **state);
    int (*setup)(void **state), (*teardown)(void **state);
    void *state;
};

#define cmocka_unit_test(f) \
    { #f, f, NULL, NULL, NULL }
#define cmocka_unit_test_prestate(f, state) \
    { #f, f, NULL, NULL, (void *)(uintptr_t)(state) }
#define print_message printf
#define fail_msg(...) (printf(__VA_ARGS__), putchar('\n'), exit(EXIT_FAILURE))
#define assert_true(c) ((c) ? (void)0 : fail_msg("not true: %s", #c))

static inline int _cmocka_run_group_tests(const char *group,
                                          struct CMUnitTest *tests, size_t n,
                                          int (*setup)(void **),
                                          int (*teardown)(void **)) {
    (void)setup;
    (void)teardown;
    for (size_t i = 0; i < n; i++) {
        tests[i].test(&tests[i].state);
        printf("%s: %s passed\n", group, tests[i].name);
    }
    return 0;
}

#endif
