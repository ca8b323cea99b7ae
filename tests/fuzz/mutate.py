#!/usr/bin/env python3
"""mutate.py FROM TO SEED: copy the data FROM to TO with one file broken.

The same seed breaks the same place, so that a failure can be repeated.
"""
import pathlib
import random
import shutil
import sys

PIECES = [b"{", b"}", b"[", b"]", b'"', b",", b":", b"null", b"0", b"-1", b"1e9",
          b"99999999999999999999", b"\\u0000", b"\\ud800", b"\xff", b"\xe2\x80\xae",
          b"x.7.999", b"5.7.1-", b"../..", b"A" * 2000, b"\x00", b"[" * 3000]


def mutate(text, rng):
    """TEXT with one to four pieces removed, doubled, swapped or put in."""
    for _ in range(rng.randint(1, 4)):
        a, b = sorted(rng.randrange(len(text) + 1) for _ in range(2))
        b = min(b, a + rng.choice((1, 4, 16, 200)))
        how = rng.randrange(4)
        if how == 0:
            text = text[:a] + text[b:]
        elif how == 1:
            text = text[:a] + rng.choice(PIECES) + text[a:]
        elif how == 2:
            text = text[:b] + text[a:]
        else:
            text = text[:a] + rng.choice(PIECES) + text[b:]
        text = text or b"{}"
    return text


def main():
    source, target = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    rng = random.Random(int(sys.argv[3]))
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)
    victim = rng.choice(sorted(target.rglob("*.json")))
    victim.write_bytes(mutate(victim.read_bytes(), rng))


if __name__ == "__main__":
    main()
