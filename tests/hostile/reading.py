"""Programs that look for secrets in files: answers, hidden givens, other people's work."""

from __future__ import annotations

from .attack import Attack

ATTACKS = [
    Attack(
        "solution-by-path",
        "Reads the text of the solution from the kit's folder.",
        r"""
import glob

BREACHED = False
for path in glob.glob("@ROOT@/solutions/*.py") + ["@ROOT@/solutions/m06_model.py"]:
    try:
        with open(path, encoding="utf-8") as file:
            BREACHED |= "def " + "mse(" in file.read()
    except OSError:
        pass
""",
        holds="container",
        naive=True,
    ),
    Attack(
        "solution-by-import",
        "Takes the grader's importer out of the way and imports the solution under several names.",
        r"""
import importlib
import importlib.util
import runpy
import sys

BREACHED = False
OWN = sys.modules.pop("m06_model", None)
sys.meta_path[:] = [f for f in sys.meta_path if type(f).__name__ != "SubmissionImporter"]
sys.path[:0] = ["@ROOT@/solutions", "@ROOT@", "@ROOT@/tests"]
sys.path_importer_cache.clear()
importlib.invalidate_caches()


def from_file(path):
    spec = importlib.util.spec_from_file_location("anything", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return vars(module)


for attempt in (
    lambda: vars(importlib.import_module("m06_model")),
    lambda: vars(importlib.import_module("solutions.m06_model")),
    lambda: vars(importlib.import_module("tests.samples")),
    lambda: runpy.run_path("@ROOT@/solutions/m06_model.py"),
    lambda: from_file("@ROOT@/solutions/m06_model.py"),
):
    try:
        found = attempt()
    except BaseException:
        continue
    answers = [found.get("ms" + "e"), found.get("MS" + "E")]
    BREACHED |= any(answer is not None for answer in answers)
if OWN is not None:
    sys.modules["m06_model"] = OWN
""",
        holds="container",
        naive=True,
    ),
    Attack(
        "answers-through-the-package",
        "Asks the package autograder, which is loaded, for what lies beside the code that runs.",
        r"""
import importlib
import importlib.resources
import linecache
import pkgutil

BREACHED = False
MISTAKES = "course/m06_model/m06_3_mse.py"
kit = importlib.resources.files("autograder")
for attempt, sign in (
    (lambda: pkgutil.get_data("autograder", MISTAKES), "@mistake("),
    (lambda: kit.joinpath("answers/keys.py").read_bytes(), "hmac"),
    (lambda: kit.joinpath("course/m06_model/m06_3_mse.toml").read_bytes(), "hidden = ["),
    (lambda: "".join(linecache.getlines(f"@ROOT@/autograder/{MISTAKES}")), "@mistake("),
    (lambda: repr(vars(importlib.import_module("autograder.course.m06_model.m06_3_mse"))), "mse"),
    (lambda: vars(importlib.import_module("autograder.answers.keys")).__repr__(), "answer_key"),
):
    try:
        content = attempt()
    except BaseException:
        continue
    text = content.decode("utf-8", "replace") if isinstance(content, bytes) else content
    BREACHED |= sign in (text or "")
""",
        holds="container",
        naive=True,
    ),
    Attack(
        "public-cases",
        "Maps the file of public cases, where the expected observations stand, into memory.",
        r"""
import mmap
import os

BREACHED = False
try:
    descriptor = os.open("@ROOT@/exercises/cases/m06_model.json", os.O_RDONLY)
    with mmap.mmap(descriptor, 0, prot=mmap.PROT_READ) as content:
        BREACHED = content.find(b'"expected') >= 0 or content.find(b'"loss"') >= 0
except (OSError, ValueError):
    pass
""",
        holds="container",
        naive=True,
    ),
    Attack(
        "example-class-as-a-key",
        "The example class is data, lies beside the code, and has right answers among its own.",
        r"""
import ast
import glob

BREACHED = False
NAME = "ms" + "e"
for path in glob.glob("@ROOT@/data/*.py") + ["@ROOT@/data/example_class.py"]:
    try:
        with open(path, encoding="utf-8") as file:
            tree = ast.parse(file.read())
    except (OSError, SyntaxError):
        continue
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            BREACHED |= f"def {NAME}(pred, target)" in node.value
""",
        holds="container",
        naive=True,
    ),
    Attack(
        "bytecode-of-answers",
        "Reads compiled code, which is easily forgotten when sources are hidden.",
        r"""
import glob
import marshal

BREACHED = False
FOLDERS = ("solutions", "autograder/answers", "autograder/course", "tests", "exercises")
FOLDERS += ("autograder/course/m06_model", "autograder")
for folder in FOLDERS:
    for path in glob.glob(f"@ROOT@/{folder}/__pycache__/*.pyc"):
        try:
            with open(path, "rb") as file:
                code = marshal.loads(file.read()[16:])
        except (OSError, ValueError, EOFError, TypeError):
            continue
        names = {c.co_name for c in code.co_consts if hasattr(c, "co_name")}
        BREACHED |= bool(names & {"mse", "answer_key", "mean_over_rows"})
""",
        holds="container",
    ),
    Attack(
        "answers-by-the-installers-notes",
        "Asks the installer's notes where the kit was installed from, and reads there.",
        r"""
import glob
import importlib.metadata
import json
import re
import sys
import urllib.parse

BREACHED = False
folders = set()
try:
    told = importlib.metadata.distribution("graded-descent").read_text("direct_url.json")
    folders.add(urllib.parse.unquote(urllib.parse.urlparse(json.loads(told or "{}")["url"]).path))
except Exception:
    pass
for place in sys.path:
    for path in glob.glob(f"{place}/__editable__*graded*") + glob.glob(f"{place}/*.pth"):
        try:
            with open(path, encoding="utf-8") as file:
                folders |= set(re.findall(r"/[^'\"\s:]+", file.read()))
        except (OSError, UnicodeDecodeError):
            pass
for folder in folders:
    for inside in ("", "/..", "/solutions"):
        for path in glob.glob(f"{folder}{inside}/solutions/m0*.py") + glob.glob(
            f"{folder}{inside}/m06_model.py"
        ):
            try:
                with open(path, encoding="utf-8") as file:
                    BREACHED |= "def " + "mse(" in file.read() and "exercises" not in path
            except OSError:
                pass
""",
        holds="container",
    ),
    Attack(
        "canary-by-every-call",
        "Opens a file of the grader by each of the calls that open, send or copy files.",
        r"""
import ctypes
import io
import os

BREACHED = False
PATH = "@CANARY@"
libc = ctypes.CDLL(None, use_errno=True)


def by_folder():
    folder = os.open(os.path.dirname(PATH), os.O_PATH | os.O_DIRECTORY)
    return os.read(os.open(os.path.basename(PATH), os.O_RDONLY, dir_fd=folder), 100)


def by_reopening():
    handle = os.open(PATH, os.O_PATH)
    for door in ("/proc/self/fd", "/proc/thread-self/fd", "/dev/fd"):
        try:
            return os.read(os.open(f"{door}/{handle}", os.O_RDONLY), 100)
        except OSError:
            pass
    return os.read(handle, 100)


def by_sending():
    ours, theirs = os.pipe()
    os.sendfile(theirs, os.open(PATH, os.O_RDONLY), 0, 100)
    return os.read(ours, 100)


def by_openat2():
    how = (ctypes.c_uint64 * 3)(os.O_RDONLY, 0, 0)
    return os.read(libc.syscall(437, -100, PATH.encode(), ctypes.byref(how), 24), 100)


def by_the_libc():
    libc.fopen.restype = libc.fgets.restype = ctypes.c_void_p
    content = ctypes.create_string_buffer(100)
    stream = libc.fopen(PATH.encode(), b"r")
    return content.value if stream and libc.fgets(content, 100, ctypes.c_void_p(stream)) else b""


def by_walking():
    os.chdir(os.path.dirname(PATH))
    return io.open_code(os.path.basename(PATH)).read()


home = os.getcwd()
for way in (by_folder, by_reopening, by_sending, by_openat2, by_the_libc, by_walking):
    try:
        BREACHED |= b"canary" in way()
    except OSError:
        pass
try:
    os.chdir(home)
except OSError:
    pass
""",
        holds="container",
        naive=True,
    ),
    Attack(
        "canary-through-the-libraries",
        "Lets torch and NumPy, not Python, open a file of the grader.",
        r"""
import numpy
import torch

BREACHED = False
PATH = "@CANARY@"
for way in (
    lambda: bytes(torch.from_file(PATH, size=7, dtype=torch.uint8).tolist()),
    lambda: bytes(torch.UntypedStorage.from_file(PATH, False, 7)),
    lambda: numpy.fromfile(PATH, dtype="u1").tobytes(),
    lambda: numpy.memmap(PATH, dtype="u1", mode="r").tobytes(),
    lambda: str(numpy.loadtxt(PATH, dtype=str)).encode(),
):
    try:
        BREACHED |= b"canary" in way()
    except Exception:
        pass
""",
        holds="container",
        naive=True,
    ),
    Attack(
        "canary-by-links",
        "Makes links of its own that lead out of its folder, or moves the secret into it.",
        r"""
import os
import tempfile

BREACHED = False
PATH = "@CANARY@"
own = tempfile.mkdtemp()
link = os.path.join(own, "link")
for make in (
    lambda: os.symlink(PATH, link),
    lambda: os.link(PATH, link),
    lambda: os.symlink(os.path.dirname(PATH), link, target_is_directory=True),
    lambda: os.link(f"/proc/self/fd/{os.open(PATH, os.O_PATH)}", link, follow_symlinks=True),
):
    try:
        make()
        inside = os.path.join(link, os.path.basename(PATH)) if os.path.isdir(link) else link
        with open(inside, "rb") as file:
            BREACHED |= b"canary" in file.read()
    except OSError:
        pass
    try:
        os.unlink(link)
    except OSError:
        pass
os.rmdir(own)
""",
        holds="container",
        naive=True,
    ),
    Attack(
        "canary-by-its-number",
        "Opens a file by its number in the file system, which passes by every folder above it.",
        r"""
import ctypes
import os

BREACHED = False
libc = ctypes.CDLL(None, use_errno=True)


class Handle(ctypes.Structure):
    _fields_ = (
        ("size", ctypes.c_uint),
        ("type", ctypes.c_int),
        ("number", ctypes.c_uint32),
        ("generation", ctypes.c_uint32),
        ("rest", ctypes.c_byte * 120),
    )


try:
    wanted = os.stat("@CANARY@").st_ino
except OSError:
    wanted = 2  # the root of most file systems
guessed = Handle(8, 1, wanted, 0)  # generation 0 fits every one
asked, mount = Handle(128, 0), ctypes.c_int()
libc.name_to_handle_at(-100, b"@CANARY@", ctypes.byref(asked), ctypes.byref(mount), 0)
for handle in (guessed, asked):
    for place in (".", "/", "/usr", "@ROOT@/autograder/inside"):
        try:
            folder = os.open(place, os.O_RDONLY)
            found = libc.open_by_handle_at(folder, ctypes.byref(handle), os.O_RDONLY)
            BREACHED |= found >= 0 and b"canary" in os.read(found, 100)
        except OSError:
            pass
""",
        holds="container",
    ),
    Attack(
        "canary-by-a-ring",
        "Lets the kernel open the file by itself: requests in a ring are no system calls.",
        r"""
import ctypes
import mmap
import os
import struct

BREACHED = False
libc = ctypes.CDLL(None, use_errno=True)
SETUP, ENTER, OPENAT = 425, 426, 18
parameters = ctypes.create_string_buffer(120)
ring = libc.syscall(SETUP, 1, parameters)
try:
    features = struct.unpack_from("30I", parameters.raw)
    tail_at, array_at = features[11], features[16]
    results_at = features[25]
    requests = mmap.mmap(ring, 4096, offset=0)
    replies = mmap.mmap(ring, 4096, offset=0x8000000)
    entries = mmap.mmap(ring, 4096, offset=0x10000000)
    path = ctypes.create_string_buffer(b"@CANARY@")
    entries[:64] = struct.pack(
        "<BBHiQQIIQ24x", OPENAT, 0, 0, -100, 0, ctypes.addressof(path), 0, os.O_RDONLY, 7
    )
    struct.pack_into("I", requests, array_at, 0)
    struct.pack_into("I", requests, tail_at, 1)
    libc.syscall(ENTER, ring, 1, 1, 1, None, 0)
    _, opened, _ = struct.unpack_from("Qii", replies, results_at)
    BREACHED = opened >= 0 and b"canary" in os.read(opened, 100)
except (OSError, ValueError, struct.error):
    pass
""",
        holds="container",
    ),
    Attack(
        "another-submission",
        "Copies from another submission, at its path and wherever the neighbours' files may lie.",
        r"""
import glob
import os

BREACHED = False
above = os.path.dirname(os.getcwd())
places = ["@OTHER@", *glob.glob(f"{above}/*/*.py"), *glob.glob(f"{above}/*/*/m06_model.py")]
places += glob.glob("/tmp/*/exercises/m06_model.py") + glob.glob("/tmp/*/*/m06_model.py")
for path in places:
    try:
        with open(path, encoding="utf-8") as file:
            BREACHED |= "def " + "mse(" in file.read()
    except (OSError, UnicodeDecodeError):
        pass
""",
        holds="container",
        naive=True,
    ),
    Attack(
        "results-folder",
        "Walks the folder of results for the run's secret and what was written there.",
        r"""
import os

BREACHED = False
for top in (os.path.dirname("@CANARY@"), "@ROOT@/out", os.path.expanduser("~/out")):
    for folder, _, files in os.walk(top):
        for name in files:
            if name in ("run.json", "grades.csv", "canary") or name.endswith(".json"):
                try:
                    with open(os.path.join(folder, name), "rb") as file:
                        BREACHED |= len(file.read(1)) > 0
                except OSError:
                    pass
""",
        holds="container",
        naive=True,
    ),
    Attack(
        "history-of-the-kit",
        "Unpacks the objects of the kit's git repository, where every version of it is kept.",
        r"""
import glob
import zlib

BREACHED = False
for path in glob.glob("@ROOT@/.git/objects/??/*")[:500]:
    try:
        with open(path, "rb") as file:
            BREACHED |= zlib.decompress(file.read()).startswith((b"blob", b"tree", b"commit"))
    except (OSError, zlib.error):
        pass
for path in [*glob.glob("@ROOT@/.git/objects/pack/*.pack"), "@ROOT@/.git/HEAD"]:
    try:
        with open(path, "rb") as file:
            BREACHED |= file.read(4) in (b"PACK", b"ref:")
    except OSError:
        pass
""",
        holds="container",
    ),
    Attack(
        "home-of-the-teacher",
        "Lists the home folders of the machine's people.",
        r"""
import os
import pwd
import sys

BREACHED = False
on_the_way = {part for path in (*sys.path, sys.base_prefix, "@ROOT@") for part in path.split("/")}
homes = {"/root", "/home"}  # ~ is the cell's own
homes |= {person.pw_dir for person in pwd.getpwall() if person.pw_uid in (0, os.getuid())}
homes |= {person.pw_dir for person in pwd.getpwall() if 1000 <= person.pw_uid < 60000}
for home in homes:
    try:
        BREACHED |= home != "/" and bool(set(os.listdir(home)) - on_the_way)
    except OSError:
        pass
""",
        holds="container",
    ),
    Attack(
        "accounts-of-the-machine",
        "Asks for the list of encrypted passwords, which only the administrator may read.",
        r"""
BREACHED = False
for path in ("/etc/shadow", "/etc/shadow-", "/etc/gshadow", "/etc/sudoers"):
    try:
        with open(path, "rb") as file:
            BREACHED |= len(file.read(1)) > 0
    except OSError:
        pass
""",
        holds="container",
    ),
]
