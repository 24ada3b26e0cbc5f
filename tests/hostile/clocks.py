"""Programs that compute for longer than they may, while their reply is on its way."""

from __future__ import annotations

from textwrap import indent

from .attack import Attack

_PROGRAM = """
import hashlib
import json
import sys
import threading
import time

wire = sys.modules["autograder.inside.wire"]
AT_WORK = []


def burn(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def frame_of(message):
    body = json.dumps(message).encode()
    return len(body).to_bytes(4, "big") + body


def mse(pred, target):
    AT_WORK.append(True)
    if pred.shape != target.shape:
        raise ValueError("shapes")
    return ((pred - target) ** 2).mean()


def late(connection, message, left=None, send=wire.send):
    if not AT_WORK:
        return send(connection, message, left)
    frame = frame_of(message)
@SENDING@

wire.send = late
"""


_MODEL_BEFORE = """def model(x, w, b):
    AT_WORK.append(True)
    return w * 0


def mse"""


def _sending(
    name: str, why: str, sending: str, program: str = _PROGRAM, told: str = "ran longer than"
) -> Attack:
    """A program with a right loss that sends its `frame` by these statements."""
    return Attack(name, why, program.replace("@SENDING@", indent(sending, "    ")), told=told)


ATTACKS = [
    _sending(
        "burns-after-the-first-byte",
        "It sends the first byte of its reply in time, computes, and sends the rest.",
        "connection.sendall(frame[:1])\nburn(30)\nconnection.sendall(frame[1:])\n",
    ),
    _sending(
        "burns-after-the-length",
        "It sends the length of its reply in time, and computes what it will say.",
        "connection.sendall(frame[:4])\nburn(30)\nconnection.sendall(frame[4:])\n",
    ),
    _sending(
        "burns-before-the-last-byte",
        "It sends all but the last byte of its reply in time, computes, and sends that one.",
        "connection.sendall(frame[:-1])\nburn(30)\nconnection.sendall(frame[-1:])\n",
    ),
    _sending(
        "burns-between-drops",
        "It sends a byte at a time, so that there is always something to receive, and computes.",
        "for byte in frame:\n    connection.sendall(bytes([byte]))\n    burn(0.1)\n",
    ),
    _sending(
        "burns-in-two-threads",
        "Two threads compute twice as much as the clock on the wall shows; the reply is in drops.",
        """
for _ in range(2):  # hashing lets other threads run
    hashing = lambda: [hashlib.sha512(bytes(2**20)).digest() for _ in range(20_000)]
    threading.Thread(target=hashing, daemon=True).start()
for byte in frame:
    connection.sendall(bytes([byte]))
    time.sleep(0.02)
""",
        told="(ran|waited) longer than",  # beside other programs, threads wait for a processor
    ),
    _sending(
        "burns-before-it-listens",
        "It answers what comes before the loss in time, and computes before it takes the next.",
        """
def late_too(connection, left=None, receive=wire.receive):
    burn(30)
    return receive(connection, left)
wire.receive = late_too
send(connection, message, left)
""",
        _PROGRAM.replace("def mse", _MODEL_BEFORE),
    ),
]
