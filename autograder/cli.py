"""The command `descent`. A student's copy has only the student's commands."""

from __future__ import annotations

import sys

STOPPED = 130  # the exit status of a program that Ctrl-C ended
NOBODY_READS = 141  # and of one that writes into a closed pipe


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return its exit status (2 for bad input, 130 after Ctrl-C)."""
    try:
        return _run(arguments)
    except KeyboardInterrupt:  # also while all else is imported, which takes a second
        print("descent: stopped", file=sys.stderr)
        return STOPPED


def _run(arguments: list[str] | None) -> int:
    import argparse
    import importlib.util
    import os

    from autograder.inside.errors import UserError
    from autograder.inside.files import torch_leaves_nothing
    from autograder.inside.words import printable

    parser = argparse.ArgumentParser(prog="descent", description="Graded Descent")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    try:
        for side in ("student", "teacher"):
            if importlib.util.find_spec(f"autograder.{side}"):
                importlib.import_module(f"autograder.{side}.commands").add(commands)
    except ModuleNotFoundError as error:
        print(f"descent: {error} here: pip install torch numpy pytest", file=sys.stderr)
        return 2
    options = parser.parse_args(arguments)
    try:
        with torch_leaves_nothing():
            status = int(options.run(options))
        sys.stdout.flush()
        return status
    except BrokenPipeError:  # `descent coverage | head`: nobody reads on
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOBODY_READS
    except UserError as error:
        print(f"descent: {printable(str(error))}", file=sys.stderr)
        return 2
    except ModuleNotFoundError as error:
        if str(error.name).startswith("autograder"):
            raise
        extras = "pip install 'graded-descent[desk,teacher]'"
        print(f"descent: this command needs {error.name}: {extras}", file=sys.stderr)
        return 2
