/* cmocka.h - as much of cmocka as test_normal.c and test_mask.c need, for a
 * processor that is only emulated here and has no libraries. */
#ifndef CMOCKA_H
#define CMOCKA_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
#define assert_memory_equal(a, b, n) assert_true(memcmp(a, b, n) == 0)
#define cmocka_run_group_tests_name(group, tests, setup, teardown)          \
    _cmocka_run_group_tests(group, tests, sizeof(tests) / sizeof *(tests), \
                            setup, teardown)
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
