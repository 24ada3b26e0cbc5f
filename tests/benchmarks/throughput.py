"""How fast a class is graded: `python -m tests.benchmarks.throughput [SUBMISSIONS]`.

Grades a class of right, wrong, broken and endless submissions with `descent grade`, in turn with
its peers on the same machine: one loop in one warm process (the floor), `pytest exercises/` and
`otter run` for single submissions. Prints seconds a submission, and ratios.
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from autograder import ROOT, probes
from autograder.answers import answer_keys, implementation_of
from autograder.batch.grade import default_workers
from autograder.catalogue import assignment
from autograder.judging.observe import observe
from data.example_class import write_class

CORE = assignment("core")
PEERS = 3  # single runs of each slow peer
MODULES = sorted((ROOT / "solutions").glob("m*.py"))


def seconds(action: Callable[[], object]) -> float:
    """Return how long something takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def command(*arguments: str, cwd: Path = ROOT) -> Callable[[], object]:
    """Return the run of a program of this Python; its output is thrown away."""
    run = [sys.executable, "-m", *arguments]
    quiet = subprocess.DEVNULL
    return lambda: subprocess.run(run, cwd=cwd, stdout=quiet, stderr=quiet, check=False)


def a_class(folder: Path, size: int) -> None:
    """Write a class by copying the example class, each copy with a comment of its own."""
    write_class(folder / "example")
    examples = sorted(path for path in (folder / "example").iterdir() if path.is_dir())
    for number in range(size):
        target = folder / "class" / f"student-{number:04}"
        shutil.copytree(examples[number % len(examples)], target)
        for file in target.rglob("m06_model.py"):
            file.write_text(file.read_text(encoding="utf-8") + f"\n# {number}\n", encoding="utf-8")


def floor() -> float:
    """Return the seconds of all probes on the reference, warm, by one loop in this process."""
    keys = answer_keys(CORE.exercises, b"benchmark")

    def loop() -> None:
        for exercise in CORE.exercises:
            implementation = implementation_of(exercise)
            for case in keys[exercise.name].cases:
                probe = probes.find(exercise.module, exercise.name, case.probe)
                observe(implementation, probe, case.given)

    loop()
    return statistics.median(seconds(loop) for _ in range(5))


def ours(folder: Path, name: str) -> float:
    """Return the seconds of a run of `descent grade`, its start included."""
    grade = ("autograder", "grade", str(folder / "class"), "--out", str(folder / name))
    return seconds(command(*grade))


def by_pytest(folder: Path) -> float:
    """Return the seconds of `pytest exercises/` on the reference."""
    shutil.copytree(ROOT / "exercises", folder / "pytest" / "exercises", dirs_exist_ok=True)
    for module in MODULES:
        shutil.copy(module, folder / "pytest" / "exercises")
    return seconds(command("pytest", "-q", str(folder / "pytest" / "exercises")))


def by_otter(folder: Path) -> float:
    """Return the seconds of `otter run` on the reference."""
    grader = folder / "autograder.zip"
    if not grader.exists():
        command("autograder", "otter", "core", "--modules", "--out", str(grader))()
        shutil.make_archive(str(folder / "reference"), "zip", ROOT / "solutions")
    out = ("-o", str(folder / "otter"), str(folder / "reference.zip"))
    return seconds(command("otter", "run", "-a", str(grader), *out, cwd=folder))


def main(size: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        a_class(folder, size)
        workers = default_workers()
        each = {"one warm loop / workers": [floor() / workers]}
        start = ours(folder, "start")  # everything is new
        again = ours(folder, "start")  # nothing is new: what the start costs
        each["descent grade"] = [(start - again) / size]
        each["pytest, a process each"] = [by_pytest(folder) for _ in range(PEERS)]
        each["otter run"] = [by_otter(folder) for _ in range(PEERS)]
        level = json.loads(next((folder / "start" / "results").iterdir()).read_text())["isolation"]
    print(f"{size} submissions of the core, {workers} workers, level {level['level']}")
    print(f"descent grade: {start:.1f} s in all, {again:.1f} s when nothing is new")
    base = statistics.median(each["descent grade"])
    for name, times in each.items():
        own = statistics.median(times)
        print(f"{name:<24} {own:7.3f} s a submission {own / base:8.2f} times descent grade")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
