"""What the nine main pages cost in the tree this runs in.

`bench.before` runs this text in two trees: it may import only what both have.
For every line it reads it asks for each page a few times and answers with
seconds of processor time by page.
"""

from __future__ import annotations

import json
import sys
from statistics import median
from time import process_time

from bench.browser import Asker
from bench.organisation import founded
from bench.pages import pages

TIMES = 5


def main() -> None:
    """Answer until the input ends."""
    with founded() as organisation:
        app = organisation.app.wsgi_app
        askers = {
            name: Asker("GET", path, cookie=organisation.sign_in(username))
            for name, username, path in pages(organisation)
        }
        for _line in sys.stdin:
            print(json.dumps({name: _cost(asker, app) for name, asker in askers.items()}))
            sys.stdout.flush()


def _cost(asker: Asker, app: object) -> float:
    taken = []
    for _time in range(TIMES):
        begun = process_time()
        asker.page(app)
        taken.append(process_time() - begun)
    return median(taken)


if __name__ == "__main__":
    main()
