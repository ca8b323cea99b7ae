/* hostile.h - pieces of text that, again and again, look like the begin of
 * something to the reader of replies. */
#ifndef TESTS_HOSTILE_H
#define TESTS_HOSTILE_H

static const char *const hostile[] = {"a",
                                      " ",
                                      "\n",
                                      ":",
                                      "(",
                                      "\"",
                                      "\\",
                                      "\\n",
                                      "550 ",
                                      "550-",
                                      "said: 550 ",
                                      "smtp;550 5.1.1 ",
                                      "said: ",
                                      "'",
                                      "=\n",
                                      "=",
                                      "( ",
                                      "\n ",
                                      "in reply to ",
                                      "(in reply to ",
                                      "\"reason\":\"550 ",
                                      ", client",
                                      "The server responded:  ",
                                      "5.7.1  ",
                                      "550 5.7.1 5.7.1  ",
                                      "<<< 550-",
                                      "\\u00e9",
                                      "<** 550 ",
                                      ")",
                                      "recipients failed: a@b: "};

#endif
