"""Programs that want to talk: to the network, to other cells, to the grader's own sockets."""

from __future__ import annotations

from .attack import Attack

ATTACKS = [
    Attack(
        "connects-by-ipv4",
        "Opens a connection to a port of this machine.",
        r"""
import socket

try:
    socket.create_connection(("127.0.0.1", @PORT@), timeout=0.5).close()
    BREACHED = True
except OSError:
    BREACHED = False
""",
        holds="container",
    ),
    Attack(
        "connects-by-ipv6",
        "Reaches the same port by an address of the newer protocol, without waiting.",
        r"""
import errno
import select
import socket

BREACHED = False
for address in ("::ffff:127.0.0.1", "::1"):
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM | socket.SOCK_NONBLOCK) as caller:
            begun = caller.connect_ex((address, @PORT@, 0, 0))
            if begun in (0, errno.EINPROGRESS):
                select.select([], [caller], [], 0.5)
                BREACHED |= caller.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0
    except OSError:
        pass
""",
        holds="container",
    ),
    Attack(
        "questions-to-a-name-server",
        "Sends its findings inside a question to a name server: a datagram needs no answer.",
        r"""
import socket
import struct

BREACHED = False
label = b"what-was-found"
question = struct.pack("!6H", 1, 256, 1, 0, 0, 0)
question += bytes([len(label)]) + label + b"\x07example\x00" + struct.pack("!2H", 16, 1)
for server in ("127.0.0.1", "127.0.0.53"):
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as caller:
            BREACHED |= caller.sendto(question, (server, 53)) == len(question)
    except OSError:
        pass
""",
        holds="container",
        naive=True,
    ),
    Attack(
        "fetches-a-page",
        "Uses the libraries for it: urllib, http and an event loop.",
        r"""
import asyncio
import http.client
import urllib.request

BREACHED = False


async def connected():
    reader, writer = await asyncio.wait_for(asyncio.open_connection("127.0.0.1", @PORT@), 0.5)
    writer.close()


def fetched():
    try:
        urllib.request.urlopen("http://127.0.0.1:@PORT@/solution", timeout=0.2)
    except TimeoutError:
        return  # somebody listened, and only did not answer


for way in (
    lambda: asyncio.run(connected()),
    lambda: http.client.HTTPConnection("127.0.0.1", @PORT@, timeout=0.5).connect(),
    fetched,
):
    try:
        way()
        BREACHED = True
    except OSError:
        pass
""",
        holds="container",
    ),
    Attack(
        "programs-that-connect",
        "Lets a shell or another program open the connection.",
        r"""
import subprocess

BREACHED = False
for command in (
    ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/@PORT@ && echo open"],
    ["python3", "-c", "import socket; socket.create_connection(('127.0.0.1', @PORT@)); print(1)"],
    ["curl", "--silent", "--max-time", "1", "telnet://127.0.0.1:@PORT@"],
):
    try:
        done = subprocess.run(command, capture_output=True, timeout=3, check=False)
        BREACHED |= done.stdout != b"" or done.returncode == 28  # connected, and waited in vain
    except (OSError, subprocess.SubprocessError):
        pass
""",
        holds="container",
    ),
    Attack(
        "listens-for-others",
        "Opens doors at which another submission could knock: a port, and names without a file.",
        r"""
import socket
import tempfile

BREACHED = False
for family, address in (
    (socket.AF_INET, ("127.0.0.1", 0)),
    (socket.AF_UNIX, "\0@MARK@"),
    (socket.AF_UNIX, tempfile.gettempdir() + "/@MARK@"),
):
    try:
        with socket.socket(family) as door:
            door.bind(address)
            door.listen()
            BREACHED = True
    except OSError:
        pass
""",
        holds="container",
        naive=True,
    ),
    Attack(
        "doors-of-the-machine",
        "Knocks at the sockets by which programs of this machine take orders.",
        r"""
import socket

BREACHED = False
DOORS = ("/run/docker.sock", "/var/run/docker.sock", "/run/dbus/system_bus_socket", "/dev/log")
DOORS += ("/run/systemd/private", "/run/snapd.socket", "/tmp/.X11-unix/X0", "\0/tmp/.X11-unix/X0")
for path in DOORS:
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
        try:
            with socket.socket(socket.AF_UNIX, kind) as caller:
                BREACHED |= caller.fileno() >= 0
                caller.settimeout(0.2)
                caller.connect(path)
        except OSError:
            pass
""",
        holds="container",
        naive=True,
    ),
    Attack(
        "datagrams-without-a-connection",
        "Half of a pair of sockets, which it may make, can send to any address without connecting.",
        r"""
import os
import socket

BREACHED = False
DOORS = ["/dev/log", "/run/systemd/journal/socket", "/run/systemd/notify", "\0@MARK@"]
DOORS += [os.path.dirname("@CANARY@") + "/datagrams", "/run/systemd/journal/dev-log"]
DOORS += [os.environ.get("NOTIFY_SOCKET", "/run/notify")]
ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
for path in DOORS:
    try:
        BREACHED |= ours.sendto(b"<14>what was found\n", socket.MSG_DONTWAIT, path) > 0
    except OSError:
        pass
""",
        holds="container",
    ),
    Attack(
        "pairs-of-another-family",
        "Asks for a pair of sockets of every family: one of them may reach beyond this machine.",
        r"""
import socket

BREACHED = False
for family in range(2, 46):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET, socket.SOCK_RDM):
        try:
            socket.socketpair(family, kind)
            BREACHED = True
        except OSError:
            pass
""",
    ),
    Attack(
        "raw-packets",
        "Writes packets itself: on the wire, as pings, and to the host of a virtual machine.",
        r"""
import socket

BREACHED = False
ECHO = b"\x08\x00\xf7\xff\x00\x00\x00\x00"
for family, kind, protocol in (
    (socket.AF_PACKET, socket.SOCK_RAW, 0x0300),
    (socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP),
    (socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_ICMP),
    (socket.AF_VSOCK, socket.SOCK_STREAM, 0),
    (socket.AF_ALG, socket.SOCK_SEQPACKET, 0),
    (31, socket.SOCK_RAW, 1),  # Bluetooth
):
    try:
        with socket.socket(family, kind, protocol):
            BREACHED = True
    except OSError:
        pass
""",
        holds="container",
    ),
    Attack(
        "asks-the-kernel-about-the-network",
        "Asks the kernel for its addresses and for every connection of this machine.",
        r"""
import socket
import struct

BREACHED = False
for protocol, request in ((0, 18), (0, 22), (4, 20)):  # links, addresses, connections
    try:
        with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, protocol) as kernel:
            kernel.settimeout(0.5)
            body = bytes([2, 6]) + bytes(54) if protocol == 4 else bytes(16)
            kernel.send(struct.pack("IHHII", 16 + len(body), request, 0x301, 1, 0) + body)
            BREACHED |= len(kernel.recv(2**16)) > 36
    except OSError:
        pass
for path in ("/proc/net/tcp", "/proc/self/net/unix", "/sys/class/net"):
    try:
        with open(path) as file:
            BREACHED |= len(file.readlines()) > 1
    except OSError:
        pass
""",
        holds="container",
        naive=True,
    ),
    Attack(
        "orders-to-the-zygote",
        "Finds the zygote's own object in memory, and gives it orders about the other cells.",
        r"""
import gc
import os
import signal
import struct
import sys

gc.unfreeze()
BREACHED = False
ORDER = b'{"do": "cell"}'
for found in gc.get_objects():
    if type(found).__name__ == "Zygote":
        for pid in getattr(found, "cells", ()):
            try:
                os.kill(pid, 0)
                BREACHED |= pid not in (os.getpid(), os.getppid())
            except OSError:
                pass
        try:
            found.control.sendall(struct.pack("!I", len(ORDER)) + ORDER)
            BREACHED = True
        except (OSError, AttributeError):
            pass
""",
    ),
    Attack(
        "gives-descriptors-away",
        "Passes a hundred open descriptors to the coordinator with every reply, to use up its own.",
        r"""
import os
import socket
import struct

import autograder.inside.serve
import autograder.inside.wire as wire

SPARE = [os.open("/dev/null", os.O_RDONLY) for _ in range(100)]
real = wire.send


def send(connection, message, deadline=None):
    if not isinstance(message, dict) or "observations" not in message:
        return real(connection, message, deadline)
    body = wire.json.dumps(message).encode()
    frame = struct.pack("!I", len(body)) + body
    try:
        sent = socket.send_fds(connection, [frame], SPARE)
    except OSError:
        sent = 0
    connection.sendall(frame[sent:])


wire.send = send
""",
    ),
]
