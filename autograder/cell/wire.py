"""Frames on a socket: four bytes of length, then JSON."""

from __future__ import annotations

import json
import socket
import struct
import time
from typing import Any

MAX_FRAME = 8 * 2**20
_LENGTH = struct.Struct("!I")


class Broken(Exception):
    """The other end sent something that is no frame."""


class Ended(Exception):
    """The other end is gone."""


def send(connection: socket.socket, message: Any, deadline: float | None = None) -> None:
    """Send one message; raise TimeoutError after the deadline, Ended when nobody listens."""
    body = json.dumps(message).encode()
    _set_timeout(connection, deadline)
    try:
        connection.sendall(_LENGTH.pack(len(body)) + body)
    except TimeoutError:
        raise
    except OSError as error:
        raise Ended from error


def receive(connection: socket.socket, deadline: float | None = None) -> Any:
    """Wait for one message until `deadline` (of time.monotonic).

    Raises TimeoutError after the deadline, Ended, or Broken for a frame too long or not JSON.
    """
    (length,) = _LENGTH.unpack(_read(connection, _LENGTH.size, deadline))
    if length > MAX_FRAME:
        raise Broken(f"a message of {length} bytes is over the limit of {MAX_FRAME}")
    body = _read(connection, length, deadline)
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Broken("a message is not JSON") from error


def _read(connection: socket.socket, size: int, deadline: float | None) -> bytes:
    received = bytearray()
    while len(received) < size:
        _set_timeout(connection, deadline)
        try:
            part = connection.recv(size - len(received))
        except TimeoutError:
            raise
        except OSError as error:
            raise Ended from error
        if not part:
            raise Ended
        received += part
        if deadline is not None and time.monotonic() > deadline:
            raise TimeoutError
    return bytes(received)


def _set_timeout(connection: socket.socket, deadline: float | None) -> None:
    connection.settimeout(None if deadline is None else max(deadline - time.monotonic(), 1e-3))
