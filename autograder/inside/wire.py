"""Frames on a socket: four bytes of length, then JSON."""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from autograder.inside.clock import STEP_S, Left
from autograder.inside.errors import DescentError

MAX_FRAME = 8 * 2**20
_LENGTH = struct.Struct("!I")

T = TypeVar("T")


class BadFrame(DescentError):
    """The other end sent something that is no frame."""


class Ended(DescentError):
    """The other end is gone."""


def send(connection: socket.socket, message: Any, left: Left | None = None) -> None:
    """Send one message; raise TimeoutError when no time is left, Ended when nobody listens."""
    body = json.dumps(message).encode()
    rest = memoryview(_LENGTH.pack(len(body)) + body)
    while rest:
        rest = rest[patiently(connection, left, partial(connection.send, rest)) :]


def receive(connection: socket.socket, left: Left | None = None) -> Any:
    """Wait for one message, as long as time is left.

    Raises TimeoutError when none is, Ended, or BadFrame for a frame too long or not JSON.
    """
    (length,) = _LENGTH.unpack(_read(connection, _LENGTH.size, left))
    if length > MAX_FRAME:
        raise BadFrame(f"a message of {length} bytes is over the limit of {MAX_FRAME}")
    body = _read(connection, length, left)
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadFrame("a message is not JSON") from error


def patiently(connection: socket.socket, left: Left | None, call: Callable[[], T]) -> T:
    """Call what waits for a socket, again and again while time is left; Ended when it fails."""
    while True:
        connection.settimeout(None if left is None else min(left(), STEP_S))
        try:
            return call()
        except TimeoutError:
            continue
        except OSError as error:
            raise Ended from error


def _read(connection: socket.socket, size: int, left: Left | None) -> bytes:
    received = bytearray()
    while len(received) < size:
        part = patiently(connection, left, partial(connection.recv, size - len(received)))
        if not part:
            raise Ended
        received += part
    return bytes(received)
