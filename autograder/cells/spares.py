"""Cells without fork: a spare process imports torch in advance, serves one cell, and ends with it.

So a system that cannot fork keeps nothing of one submission for the next either. The price is the
import of torch for each cell, most of it while nobody waits.
"""

from __future__ import annotations

import contextlib
import functools
import hmac
import os
import secrets
import signal
import socket
import threading
from collections.abc import Sequence
from typing import IO, Any

from autograder.cells.client import Cell
from autograder.cells.host import START_LIMIT_S, Host, flags
from autograder.inside import clock, wire
from autograder.inside.spare import MEET
from autograder.inside.warm import OPTIMIZERS

LOOK_S = 0.1  # between two looks at whether a spare that has not connected still lives
TOKEN_LIMIT_S = 5.0


class Spares:
    """Spare processes, each for one cell, for any number of threads. Use as a context manager.

    `warm` promises many cells: the next spare is started when the last is taken. `loaded` are the
    kit's files that the last one taken had imported.
    """

    def __init__(
        self,
        output: IO[bytes] | None = None,
        warm: Sequence[str] = OPTIMIZERS,
        cuda: bool = False,
    ) -> None:
        self._output = output
        self._options = flags(warm, cuda)
        self._warm = bool(warm)
        self._one_at_a_time = threading.Lock()
        self._used: set[Spare] = set()
        self._next: Spare | None = self._new()
        self.loaded: list[str] | None = None

    def __enter__(self) -> Spares:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: object) -> None:
        self.close()

    def cell(self) -> Cell:
        """Take the spare as a cell; GraderFault with the reason when its imports fail."""
        with self._one_at_a_time:
            spare, self._next = self._next or self._new(), None
            self._used.add(spare)
        spare.wait_until_ready()
        self.loaded = spare.loaded
        with self._one_at_a_time:  # not before: two imports at a time are slow
            if self._warm and self._next is None:
                self._next = self._new()
        return Cell(spare.connection, functools.partial(self._end, spare))

    def stop(self) -> None:
        """End every process; whoever waits for one is told."""
        for spare in self._living():
            spare.kill()

    def close(self) -> None:
        """End every process."""
        for spare in self._living():
            spare.close()

    def _new(self) -> Spare:
        return Spare(self._options, self._output)

    def _living(self) -> list[Spare]:
        return [*self._used, *([self._next] if self._next else [])]

    def _end(self, spare: Spare, has_ended: bool) -> int:
        self._used.discard(spare)
        ended_by = spare.ended_by() if has_ended else 0
        spare.close()
        return ended_by


class Spare(Host):
    """A process that connects, imports torch, and then is a cell."""

    def __init__(self, options: list[str], output: IO[bytes] | None) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._token = secrets.token_hex(16)
        meet = f"{self._listener.getsockname()[1]} {self._token}"
        super().__init__(["autograder.inside.spare", *options], output, environment={MEET: meet})
        self.connection: socket.socket

    def kill(self) -> None:
        """End the process and what it has started, as far as the system knows that."""
        if hasattr(os, "killpg"):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)
        self._process.kill()

    def close(self) -> None:
        """End the process, and remove its folder."""
        self.kill()
        self._listener.close()
        if hasattr(self, "connection"):
            self.connection.close()
        self._end_process(at_once=True)

    def _hello(self) -> dict[str, Any]:
        left = clock.timer(START_LIMIT_S)
        self.connection = self._accepted(left)
        self._listener.close()
        reply: dict[str, Any] = wire.receive(self.connection, left)
        return reply

    def _accepted(self, left: clock.Left) -> socket.socket:
        """Return the connection of whoever knows the token; the port is open to every program."""
        self._listener.settimeout(LOOK_S)
        while left():
            try:
                connection, _ = self._listener.accept()
            except TimeoutError:
                if self._process.poll() is not None:
                    raise wire.Ended from None
                continue
            with contextlib.suppress(TimeoutError, wire.Ended, wire.BadFrame):
                said = wire.receive(connection, clock.timer(TOKEN_LIMIT_S))
                if isinstance(said, str) and hmac.compare_digest(said, self._token):
                    return connection
            connection.close()
        raise TimeoutError  # `left` has raised it before
