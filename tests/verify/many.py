"""A law on many random clusters: `python tests/verify/many.py LAW FIRST LAST`."""

from __future__ import annotations

import sys
import time
from functools import partial

from clusters import disagreement
from test_claims import unfounded
from test_explorer import unexplored

LAWS = {
    "disagreement": disagreement,
    "paused": partial(disagreement, pauses=True),
    "unexplored": unexplored,
    "one_cable": partial(unexplored, one_cable=True),
    "unfounded": unfounded,
}


def main(law: str, first: str, last: str) -> int:
    began, broken = time.monotonic(), 0
    for seed in range(int(first), int(last)):
        said = LAWS[law](seed)
        if said is not None:
            broken += 1
            print(said, flush=True)
    print(f"{law}: {int(last) - int(first)} clusters, {broken} broke it, {time.monotonic() - began:.0f} s")
    return broken > 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
