"""The command `descent`. A student's copy has only the student's commands."""

from __future__ import annotations

import sys

STOPPED = 130  # the exit status of a program that Ctrl-C ended
NOBODY_READS = 141  # and of one that writes into a closed pipe


def main(arguments: list[str] | None = None, program: str = "descent") -> int:
    """Run one command; return its exit status (2 for bad input, 130 after Ctrl-C).

    `program` is what was typed in front of the command.
    """
    try:
        return _run(arguments, program)
    except KeyboardInterrupt:  # also while all else is imported, which takes a second
        print("descent: stopped", file=sys.stderr)
        return STOPPED


def _run(arguments: list[str] | None, program: str) -> int:
    import argparse
    import importlib.util
    import os

    from autograder.disk.files import torch_leaves_nothing
    from autograder.inside.errors import DescentError, UserError
    from autograder.inside.words import printable

    parser = argparse.ArgumentParser(prog=program, description="Graded Descent")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    try:
        for side in ("student", "teacher"):
            if importlib.util.find_spec(f"autograder.{side}"):
                importlib.import_module(f"autograder.{side}.commands").add(commands)
    except ModuleNotFoundError as error:
        print(_not_installed(error), file=sys.stderr)
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
    except DescentError as error:
        print(f"descent: {printable(str(error))}", file=sys.stderr)
        return 2 if isinstance(error, UserError) else 1  # 1: not the user's fault
    except ModuleNotFoundError as error:
        if str(error.name).startswith("autograder"):
            raise
        if error.name in ("torch", "numpy"):
            print(_not_installed(error), file=sys.stderr)
            return 2
        if importlib.util.find_spec("autograder.teacher"):
            next_step = "pip install 'graded-descent[desk,teacher]'"
        else:
            next_step = f"pip install {error.name}"
        print(f"descent: this command needs {error.name}: {next_step}", file=sys.stderr)
        return 2


def _not_installed(error: ModuleNotFoundError) -> str:
    from autograder.inside.errors import INSTALL

    return f"descent: {error}, as {sys.executable} says: {INSTALL}"
