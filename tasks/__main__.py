"""``python -m tasks check``: what a worker would find at its start, without starting one."""

from __future__ import annotations

import sys

from tasks import celery
from workflow.messages import text


def main(arguments: list[str]) -> int:
    """Print each finding on a line and return the exit status that a worker would end with."""
    if arguments != ["check"]:
        usage = text("cli.click.usage", celery.language())
        sys.stderr.write(f"{usage} python -m tasks check\n")
        return 2
    found = celery.examined(celery.app, worker=True)
    for each in found:
        sys.stdout.write(each.line(celery.language()) + "\n")
    return next((each.status for each in found if each.status is not None), 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
