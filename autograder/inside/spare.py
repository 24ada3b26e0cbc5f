"""A spare: a process that imports torch and is then the cell of one submission, without a fork.

It is exec'd by the coordinator with an empty environment, as the zygote is, and knows as little.
"""

from __future__ import annotations

import os
import socket
import sys
import tempfile
from collections.abc import Sequence

from autograder.inside import limits, wire
from autograder.inside.warm import get_ready, serve_submission

MEET = "DESCENT_MEET"  # the variable that tells where to connect, and with which token
MEET_LIMIT_S = 10.0


def main(meet: str, options: Sequence[str]) -> None:
    """Connect, import what a cell needs, tell the coordinator, and serve."""
    port, token = meet.split()
    connection = socket.create_connection(("127.0.0.1", int(port)), MEET_LIMIT_S)
    wire.send(connection, token)
    if get_ready(connection, options):
        tempfile.tempdir = os.getcwd()
        limits.set_limits(memory="cuda" not in options, threads=False)
        serve_submission(connection)


if __name__ == "__main__":
    main(os.environ.pop(MEET), sys.argv[1:])
    os._exit(0)
