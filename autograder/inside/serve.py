"""The cell: answer the coordinator's requests about one submission until the socket closes."""

from __future__ import annotations

import contextlib
import json
import os
import pdb
import socket
import sys
import traceback
from bdb import BdbQuit
from pathlib import Path
from typing import Any

from autograder.inside import PACKAGE, ROOT, probes, wire
from autograder.inside.codec import encode_observation
from autograder.inside.errors import first_line
from autograder.inside.implementation import Implementation
from autograder.inside.left import call_apart
from autograder.inside.loader import SubmissionImporter
from autograder.inside.measure import cuda_works, what_can_be_done
from autograder.inside.observation import Observation
from autograder.inside.observe import look, observe
from autograder.inside.probes.tools import ONLY_EXPECTED
from autograder.inside.sandbox import TABLES
from autograder.inside.submission import Source, Submission
from autograder.inside.syntax import is_stub

NOT_WRITTEN = (TABLES, ".", "tmp", "torchinductor_", "matplotlib-")  # by the code's own will


def serve(connection: socket.socket) -> None:
    """Receive the sources, then load them and observe exercises as requested."""
    folder, known = Path.cwd(), set[str]()
    sys.breakpointhook = pdb.set_trace = _no_debugger
    opening = wire.receive(connection)
    if "measure" in opening:
        works = opening["cuda"] and cuda_works()
        wire.send(connection, {"measured": what_can_be_done(opening["measure"]), "cuda": works})
        return
    sources = {name: Source(**source) for name, source in opening["sources"].items()}
    submission = Submission("", sources, lent=opening["lent"])
    importer = SubmissionImporter(submission, opening["brief"])
    wire.send(connection, {})
    while True:
        request = wire.receive(connection)
        if "load" in request:
            name = request["load"]
            call_apart(importer.load, name)
            left = [[one.line, one.told, sorted(one.names)] for one in importer.left[name]]
            again = importer.set_again.get(name, {})
            wire.send(connection, {"left": left, "lines": importer.lines(name), "again": again})
        else:
            reply = observe_exercise(submission, importer, request)
            written = _written(folder) - known
            known |= written
            wire.send(connection, {**reply, "written": sorted(written)})


def _no_debugger(*_: object, **__: object) -> None:
    """End before a debugger writes its prompt: in a cell nobody can answer it."""
    raise BdbQuit


def _written(folder: Path) -> set[str]:
    """Return the names of what stands in the folder of this cell, by the submission's own code."""
    with contextlib.suppress(OSError):
        names = {os.fsencode(name).decode("utf-8", "replace") for name in os.listdir(folder)}
        return {name for name in names if not name.startswith(NOT_WRITTEN)}
    return set()


def observe_exercise(
    submission: Submission, importer: SubmissionImporter, request: dict[str, Any]
) -> dict[str, Any]:
    """Answer `{source, place, names, cases, trusted}` with `{stub, missing, observations}`, each
    observation as text.

    What is trusted, the kit's own reference, raises only what a probe expects: where it stops, the
    answer is `{stopped: [number of the case, file and line, exception]}`.
    """
    source, names = request["source"], request["names"]
    defined = vars(importer.load(source))
    definitions = [d for d in (importer.definition(source, name) for name in names) if d]
    reply: dict[str, Any] = {
        "stub": bool(definitions) and all(map(is_stub, definitions)),
        "missing": [name for name in names if name not in defined],
        "observations": [],
    }
    if reply["stub"] or reply["missing"]:
        return reply
    files = frozenset(source.file for source in submission.sources.values())
    implementation = Implementation(defined, files)
    for number, case in enumerate(request["cases"]):
        probe = probes.find(request["place"], case["probe"])
        if not request["trusted"]:
            seen = observe(implementation, probe, case["given"])
        else:
            ONLY_EXPECTED.set(True)
            try:
                facts = look(implementation, probe, case["given"])
                seen = Observation(facts, calls=implementation.calls.told)
            except Exception as error:
                return {"stopped": [number, _place(error, files), first_line(error)]}
        reply["observations"].append(json.dumps(encode_observation(seen)))
    return reply


def _place(error: Exception, files: frozenset[str]) -> str:
    """Return the innermost line of a probe or of a reference in an exception's trace, or else the
    outermost line of all."""
    frames = [(f.filename, f.lineno) for f in traceback.extract_tb(error.__traceback__)]
    probes_folder = str(PACKAGE / "inside" / "probes")
    own = [(file, line) for file, line in frames if file in files or file.startswith(probes_folder)]
    file, line = (own or frames[:1])[-1]  # a given that breaks leaves no line of a probe
    return f"{os.path.relpath(file, ROOT) if os.path.isabs(file) else file}:{line}"
