"""A spare: a process that imports torch and is then the cell of one submission, without a fork.

It is exec'd by the coordinator with an empty environment, as the zygote is, and knows as little.
"""

from __future__ import annotations

import os
import socket
import sys
import tempfile

from autograder.inside import limits, wire
from autograder.inside.warm import get_ready, serve_submission

MEET = "DESCENT_MEET"  # the variable that tells where to connect, and with which token
MEET_LIMIT_S = 10.0


def main(meet: str, fully: bool, cuda: bool) -> None:
    """Connect, import what a cell needs, tell the coordinator, and serve."""
    port, token = meet.split()
    connection = socket.create_connection(("127.0.0.1", int(port)), MEET_LIMIT_S)
    wire.send(connection, token)
    if get_ready(connection, fully):
        tempfile.tempdir = os.getcwd()
        limits.set_limits(memory=not cuda, threads=False)
        serve_submission(connection)


if __name__ == "__main__":
    main(os.environ.pop(MEET), "warm" in sys.argv, "cuda" in sys.argv)
    os._exit(0)
