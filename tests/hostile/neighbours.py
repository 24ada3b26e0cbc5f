"""Programs that look for neighbours where much is read: among packages, on PYTHONPATH."""

from __future__ import annotations

from .attack import Attack

_SIGNS = r"""
import os

SIGNS = (b"def " + b"mse(pred", b"led" + b"ger")
BREACHED = False


def tells(content):
    return content.startswith(SIGNS[1]) or SIGNS[0] in content
"""

ATTACKS = [
    Attack(
        "neighbours-by-path",
        "Walks the folder of submissions, which lies among the installed packages.",
        _SIGNS
        + r"""
for top in ("@NEAR@", "@RESULTS@", os.path.dirname("@NEAR@")):
    for folder, inside, files in os.walk(top):
        BREACHED |= "anna" in inside
        for name in files:
            try:
                with open(os.path.join(folder, name), "rb") as file:
                    BREACHED |= tells(file.read())
            except OSError:
                pass
""",
        holds="container",
    ),
    Attack(
        "neighbours-by-guess",
        "Opens a neighbour's file by its name alone, and the ledger of an earlier run.",
        _SIGNS
        + r"""
for path in ("@NEAR@/anna/m06_model.py", "@RESULTS@/ledger.sqlite"):
    for way in (
        lambda path: os.read(os.open(path, os.O_RDONLY), 10_000),
        lambda path: os.read(os.open("/proc/self/root" + path, os.O_RDONLY), 10_000),
        lambda path: os.read(
            os.open(
                os.path.basename(path),
                os.O_RDONLY,
                dir_fd=os.open(os.path.dirname(path), os.O_PATH),
            ),
            10_000,
        ),
    ):
        try:
            BREACHED |= tells(way(path))
        except OSError:
            pass
""",
        holds="container",
    ),
    Attack(
        "neighbours-as-modules",
        "Imports a neighbour's file as a package that is installed.",
        r"""
import importlib
import importlib.util
import os
import runpy
import sys

BREACHED = False
top = os.path.basename(os.path.dirname("@NEAR@"))
sys.path.append("@NEAR@")
importlib.invalidate_caches()


def from_file():
    spec = importlib.util.spec_from_file_location("any", "@NEAR@/anna/m06_model.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return vars(module)


for attempt in (
    lambda: vars(importlib.import_module("anna.m06_model")),
    lambda: vars(importlib.import_module(f"{top}.class.anna.m06_model")),
    lambda: runpy.run_path("@NEAR@/anna/m06_model.py"),
    from_file,
):
    try:
        BREACHED |= "ms" + "e" in attempt()
    except BaseException:
        pass
""",
        holds="container",
    ),
    Attack(
        "neighbours-by-another-name",
        "Takes the links of an environment (lib64 is lib) to what is covered by its own name.",
        _SIGNS
        + r"""
for path in ("@NEAR@/anna/m06_model.py", "@RESULTS@/ledger.sqlite"):
    names = {path.replace("/lib/", "/lib64/", 1), "/proc/self/root" + path, "//" + path}
    names |= {path.replace("/lib/", "/lib/../lib/"), os.path.realpath(path)}
    names.add("/proc/self/cwd" + "/.." * 9 + path)
    names |= {path.removeprefix("/usr"), "/usr" + path}
    for name in names:
        try:
            with open(name, "rb") as file:
                BREACHED |= tells(file.read())
        except OSError:
            pass
""",
        holds="container",
    ),
    Attack(
        "neighbours-on-the-path",
        "Reads the folders on PYTHONPATH, one of which holds another submission.",
        _SIGNS
        + r"""
for top in os.environ.get("PYTHONPATH", "").split(":"):
    if top != "@ROOT@":
        for folder, _, files in os.walk(top or "/nonexistent"):
            BREACHED = True
    try:
        with open(f"{top}/bert/m06_model.py", "rb") as file:
            BREACHED |= tells(file.read())
    except OSError:
        pass
""",
        holds="container",
    ),
    Attack(
        "the-rest-of-the-machine",
        "Lists what a computation does not need: programs, documents and sources of the machine.",
        r"""
import os

BREACHED = False
for top in ("/usr", "/usr/local", "/", "/opt", "/srv", "/var"):
    for name in ("bin", "sbin", "src", "games", "include", "share/doc", "share/perl5", "log"):
        try:
            found = os.listdir(os.path.join(top, name))
        except OSError:
            continue
        BREACHED |= len([one for one in found if not one.startswith("python")]) > 0
""",
        holds="container",
    ),
]
