"""Ways out: a submission that ends its process, in the hope that an end is taken for a success."""

from __future__ import annotations

from .attack import Attack

_ENDED = "ended the process"

ATTACKS = [
    Attack(
        "exit-at-import",
        "It prints what a grader prints for a pass and leaves Python at import with status 0.",
        "print('PASS')\nraise SystemExit(0)\n\ndef mse(pred, target): ...",
        naive=True,
        told="SystemExit",
    ),
    Attack(
        "os-exit-at-import",
        "It prints a pass and ends the process below Python, so that nothing can catch it.",
        "import os\nos.write(1, b'PASS')\nos._exit(0)\n",
        naive=True,
        told=_ENDED,
    ),
    Attack(
        "os-exit-in-call",
        "It prints a pass and ends the process when it is asked for a loss.",
        "import os\n\ndef mse(pred, target):\n    os.write(1, b'PASS')\n    os._exit(0)\n",
        naive=True,
        told=_ENDED,
    ),
    Attack(
        "exit-in-call",
        "It raises SystemExit(0) with the pass already printed.",
        "def mse(pred, target):\n    print('PASS')\n    raise SystemExit(0)\n",
        naive=True,
        told="SystemExit",
    ),
    Attack(
        "exit-at-exit",
        "A function of atexit prints a pass and sets the status when the grader ends.",
        "import atexit, os\natexit.register(lambda: (os.write(1, b'PASS'), os._exit(0)))\n",
        naive=True,
    ),
    Attack(
        "exit-in-del",
        "The result's __del__ ends the process after the grader has looked at it.",
        """
import os

class Result:
    def __del__(self):
        os.write(1, b"PASS")
        os._exit(0)

def mse(pred, target):
    return Result()
""",
        naive=True,
    ),
    Attack(
        "exit-by-signal-handler",
        "An alarm's handler prints a pass and ends the process while the grader compares.",
        """
import os, signal, time

def mse(pred, target):
    signal.signal(signal.SIGALRM, lambda *_: (os.write(1, b"PASS"), os._exit(0)))
    signal.setitimer(signal.ITIMER_REAL, 0.001)
    while True:
        time.sleep(0.01)
""",
        naive=True,
        told=_ENDED,
    ),
    Attack(
        "exit-in-thread",
        "A thread ends the process as soon as the grader looks at the first result.",
        """
import os, threading, time

def leave():
    time.sleep(0.02)
    os.write(1, b"PASS")
    os._exit(0)

def mse(pred, target):
    threading.Thread(target=leave).start()
    time.sleep(5)
    return pred.sum() * 0
""",
        naive=True,
        told=_ENDED,
    ),
    Attack(
        "exec-another-program",
        "It replaces the grader's process by a program that prints a pass.",
        """
import os

def mse(pred, target):
    try:
        os.execvp("echo", ["echo", "PASS"])
    except OSError:
        return pred.sum() * 0
""",
        naive=True,
    ),
    Attack(
        "keyboard-interrupt",
        "It raises KeyboardInterrupt, which careless graders take for the teacher's Ctrl-C.",
        "def mse(pred, target):\n    raise KeyboardInterrupt\n",
        told="KeyboardInterrupt",
    ),
    Attack(
        "generator-exit",
        "It raises GeneratorExit, which `except Exception` does not catch.",
        "def mse(pred, target):\n    raise GeneratorExit\n",
        told="GeneratorExit",
    ),
    Attack(
        "exception-that-exits",
        "The exception ends the process when the grader asks for its text.",
        """
import os

class Trap(Exception):
    def __str__(self):
        os.write(1, b"PASS")
        os._exit(0)

def mse(pred, target):
    raise Trap
""",
        told=_ENDED,
    ),
    Attack(
        "exception-whose-text-raises",
        "The exception raises another one, without end, whenever its text is wanted.",
        """
class Trap(BaseException):
    def __str__(self):
        raise Trap
    __repr__ = __str__

def mse(pred, target):
    raise Trap
""",
    ),
    Attack(
        "null-pointer",
        "It reads the address 0, so that the process crashes.",
        "import ctypes\n\ndef mse(pred, target):\n    return ctypes.string_at(0)\n",
        told=_ENDED,
    ),
    Attack(
        "abort",
        "It aborts the process.",
        "import os\n\ndef mse(pred, target):\n    os.abort()\n",
        told=_ENDED,
    ),
    Attack(
        "stack-overflow-in-c",
        "It raises Python's limit of recursion and overflows the stack of C.",
        """
import sys
sys.setrecursionlimit(10**9)

class Deep:
    def __getattr__(self, name):
        return getattr(self, name + "x"[:0])

def mse(pred, target):
    return Deep().anything
""",
    ),
    Attack(
        "close-all-descriptors",
        "It closes every descriptor, the grader's socket among them, and goes on.",
        "import os\n\ndef mse(pred, target):\n    os.closerange(0, 256)\n"
        "    return pred.sum() * 0\n",
        told=_ENDED,
    ),
    Attack(
        "replace-descriptors",
        "It puts /dev/zero in the place of every descriptor, so that a reader gets zeros.",
        """
import os

def mse(pred, target):
    zero = os.open("/dev/zero", os.O_RDWR)
    for descriptor in range(64):
        if descriptor != zero:
            try:
                os.dup2(zero, descriptor)
            except OSError:
                pass
    return pred.sum() * 0
""",
    ),
    Attack(
        "frees-the-interpreter",
        "It finalizes the interpreter that is running it.",
        "import ctypes\n\ndef mse(pred, target):\n    ctypes.pythonapi.Py_Finalize()\n",
    ),
    Attack(
        "exit-whose-code-prints",
        "Its kind of SystemExit prints a pass when Python asks it for the status to end with.",
        """
import os

class Leave(SystemExit):
    @property
    def code(self):
        os.write(1, b"PASS")
        os._exit(0)

def mse(pred, target):
    raise Leave
""",
        naive=True,
        told="Leave",
    ),
    Attack(
        "exit-at-teardown",
        "An object of its module ends the process when Python clears the modules at its end.",
        """
import os

class Last:
    write, leave = staticmethod(os.write), staticmethod(os._exit)
    def __del__(self):
        self.write(1, b"PASS")
        self.leave(0)

last = Last()
""",
        naive=True,
    ),
    Attack(
        "exit-by-excepthook",
        "The hook for uncaught exceptions prints a pass, and a KeyboardInterrupt gets that far.",
        """
import os, sys
sys.excepthook = lambda *_: (os.write(1, b"PASS"), os._exit(0))

def mse(pred, target):
    raise KeyboardInterrupt
""",
        naive=True,
        told="KeyboardInterrupt",
    ),
    Attack(
        "exit-after-the-verdict",
        "A thread waits for the main thread's end and has the last word on the screen.",
        """
import os, threading

def last_word():
    threading.main_thread().join()
    os.write(1, b"PASS")
    os._exit(0)

threading.Thread(target=last_word).start()
""",
        naive=True,
    ),
    Attack(
        "exit-in-a-property",
        "The result ends the process when torch asks whether it handles functions itself.",
        """
import os

class Result:
    @property
    def __torch_function__(self):
        os.write(1, b"PASS")
        os._exit(0)

def mse(pred, target):
    return Result()
""",
        naive=True,
    ),
    Attack(
        "exit-inside-backward",
        "The loss ends the process while its gradient is taken.",
        """
import os, torch

class Trap(torch.autograd.Function):
    @staticmethod
    def forward(context, pred):
        return pred.sum() * 0
    @staticmethod
    def backward(context, slope):
        os.write(1, b"PASS")
        os._exit(0)

def mse(pred, target):
    return Trap.apply(pred)
""",
        told=_ENDED,
    ),
    Attack(
        "exec-that-answers",
        "A fresh Python takes over the cell and its socket, and answers with a guess.",
        """
import os, stat, sys

CODE = '''
import json, os, struct, sys
loss = {"tensor": {"dtype": "float64", "device": "cpu", "shape": [], "values": [0.0]}}
seen = {"facts": {"loss": loss}, "raised": None, "returned": None, "line": None}
reply = {"stub": False, "missing": [], "observations": [json.dumps(seen)] * 9}
body = json.dumps(reply).encode()
os.write(int(sys.argv[1]), struct.pack("!I", len(body)) + body)
'''

def mse(pred, target):
    for descriptor in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                os.set_inheritable(descriptor, True)
                os.execv(sys.executable, [sys.executable, "-c", CODE, str(descriptor)])
        except OSError:
            pass
    return pred.sum() * 0
""",
    ),
    Attack(
        "child-that-stays-for-it",
        "It forks and ends, and the child goes on in its place with the same socket.",
        """
import os

def mse(pred, target):
    try:
        if os.fork():
            os._exit(0)
    except OSError:
        pass
    return pred.sum() * 0
""",
    ),
    Attack(
        "main-thread-leaves",
        "The main thread ends by a system call; the process lives on and will never answer.",
        """
import ctypes, platform, threading, time
threading.Thread(target=time.sleep, args=(30,), daemon=True).start()
EXIT = {"x86_64": 60}.get(platform.machine(), 93)

def mse(pred, target):
    ctypes.CDLL(None).syscall(EXIT, 0)
    return pred.sum() * 0
""",
        told="waited longer|ended the process",
    ),
    Attack(
        "stops-itself",
        "It stops its own process, which then neither runs nor ends.",
        """
import signal

def mse(pred, target):
    signal.raise_signal(signal.SIGSTOP)
    return pred.sum() * 0
""",
    ),
    Attack(
        "loops-behind-blocked-signals",
        "It ignores and blocks all signals before a loop without end.",
        """
import signal

def mse(pred, target):
    for number in set(signal.valid_signals()) - {signal.SIGKILL, signal.SIGSTOP}:
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    while True:
        pass
""",
        told="ran longer",
    ),
    Attack(
        "shuts-the-socket",
        "It shuts the sending half of the socket, so that the reply cannot leave.",
        """
import ctypes, os, stat

def mse(pred, target):
    for descriptor in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                ctypes.CDLL(None).shutdown(descriptor, 1)
        except OSError:
            pass
    return pred.sum() * 0
""",
    ),
    Attack(
        "traceback-into-the-socket",
        "The fault handler's timer writes its traceback to the grader's socket and ends.",
        """
import faulthandler, os, stat

def mse(pred, target):
    for descriptor in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                faulthandler.dump_traceback_later(0.02, exit=True, file=descriptor)
        except OSError:
            pass
    while True:
        pass
""",
        told="over the limit|ended the process",
    ),
    Attack(
        "exception-type-without-a-name",
        "The class of the exception raises when it is asked for its name.",
        """
class Nameless(type):
    @property
    def __name__(cls):
        raise SystemExit(0)

class Trap(Exception, metaclass=Nameless):
    pass

def mse(pred, target):
    raise Trap
""",
    ),
    Attack(
        "exception-text-without-end",
        "The text of the exception is never ready.",
        """
class Trap(Exception):
    def __str__(self):
        while True:
            pass

def mse(pred, target):
    raise Trap
""",
        told="ran longer",
    ),
    Attack(
        "exception-of-many-lines",
        "The text of the exception has thirty million lines.",
        "def mse(pred, target):\n    raise ValueError('x\\n' * 30_000_000)\n",
    ),
    Attack(
        "raises-the-graders-own-end",
        "It raises the exception by which the grader's cell knows that its work is over.",
        """
from autograder.inside.wire import Ended

def mse(pred, target):
    raise Ended
""",
        told="Ended",
    ),
    Attack(
        "crashes-the-compiler",
        "Its source is nested so deeply that compiling it may overflow the stack of C.",
        "x = " + "-" * 100_000 + "1\n",
    ),
]
