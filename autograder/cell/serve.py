"""The cell: answer the coordinator's requests about one submission until the socket closes."""

from __future__ import annotations

import socket
from typing import Any

from autograder import probes
from autograder.cell import wire
from autograder.cell.loader import SubmissionImporter, is_stub
from autograder.cell.measure import cuda_works, measure
from autograder.judging.implementation import Implementation
from autograder.judging.observe import observe
from autograder.submission import Source, Submission


def serve(connection: socket.socket) -> None:
    """Receive the sources, then load them and observe exercises as requested."""
    opening = wire.receive(connection)
    if "measure" in opening:
        works = opening["cuda"] and cuda_works()
        wire.send(connection, {"measured": measure(opening["measure"]), "cuda": works})
        return
    sources = {name: Source(**source) for name, source in opening["sources"].items()}
    submission = Submission("", sources)
    importer = SubmissionImporter(submission)
    wire.send(connection, {})
    while True:
        request = wire.receive(connection)
        if "load" in request:
            name = request["load"]
            importer.load(name)
            trouble = importer.trouble.get(name)
            wire.send(connection, {"trouble": trouble, "lines": importer.lines(name)})
        else:
            wire.send(connection, observe_exercise(submission, importer, request))


def observe_exercise(
    submission: Submission, importer: SubmissionImporter, request: dict[str, Any]
) -> dict[str, Any]:
    """Answer `{module, exercise, names, cases}` with `{stub, missing, observations}`."""
    source, names = submission.source_name(request["module"]), request["names"]
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
    for case in request["cases"]:
        probe = probes.find(request["module"], request["exercise"], case["probe"])
        reply["observations"].append(observe(implementation, probe, case["given"]))
    return reply
