"""How soon a student reads a verdict: from the save to the page of `descent watch`, against pytest.

    python -m tests.benchmarks.desk [ROUNDS]

In each round, in turn and for each module of the core: the file is saved, right and wrong in turn,
in a watched copy, and a cold `pytest exercises/MODULE.py` judges the same file.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from data.example_class import solutions
from tests.test_spares import WINDOWS
from tests.test_student_door import copy_of
from tests.test_watch import KEYS, Terminal

PAUSE_S = 5.0


def watched(terminal: Terminal, module: str, text: str) -> float:
    """Return the seconds from a save to the page that tells its verdict."""
    start = time.perf_counter()
    terminal.saves(text, module)
    terminal.reads(f"judged {module}.py", KEYS)
    return time.perf_counter() - start


def cold(folder: Path, *arguments: str) -> float:
    """Return the seconds of a pytest process."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "pytest", "-q", *arguments]
    subprocess.run(command, cwd=folder, capture_output=True, check=False)
    return time.perf_counter() - start


def saves_without_fork(folder: Path, rounds: int, texts: dict[str, str]) -> Iterator[float]:
    """Yield the seconds from a save to its verdict where the process that judges it has had
    `PAUSE_S` to import torch; another module each time, for a page may be written twice."""
    terminal = Terminal(folder, "watch", **WINDOWS)
    terminal.reads("judged", KEYS)
    for module in [*texts][:rounds]:
        time.sleep(PAUSE_S)
        yield watched(terminal, module, texts[module])
    terminal.types("q")
    terminal.ends()


def told(seconds: list[float]) -> str:
    """Return median and range."""
    return f"{statistics.median(seconds):.2f} ({min(seconds):.2f} to {max(seconds):.2f})"


def main() -> None:
    """Print the medians and their ratios."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    texts = {name.removesuffix(".py"): text for name, text in solutions().items()}
    saves: list[float] = []
    one_file: list[float] = []
    whole: list[float] = []
    with tempfile.TemporaryDirectory() as place:
        folder = copy_of(Path(place), {})
        stubs = {m: (folder / "exercises" / f"{m}.py").read_text("utf-8") for m in texts}
        terminal = Terminal(folder, "watch")
        terminal.reads("judged", KEYS)
        for number in range(rounds):
            for module in texts:
                text = stubs[module] if number % 2 else texts[module]
                saves.append(watched(terminal, module, text))
                one_file.append(cold(folder, f"exercises/{module}.py"))
            whole.append(cold(folder, "exercises/"))
        terminal.types("q")
        terminal.ends()
        without_fork = list(saves_without_fork(folder, rounds, stubs))
    print(f"save to verdict, `descent watch`      {told(saves)} s")
    print(f"the same where nothing can be forked  {told(without_fork)} s")
    print(f"cold `pytest exercises/MODULE.py`     {told(one_file)} s")
    print(f"cold `pytest exercises/`              {told(whole)} s")
    for name, seconds in (("pytest of the file", one_file), ("pytest of all", whole)):
        ratio = statistics.median(seconds) / statistics.median(saves)
        print(f"{name} / watch: {ratio:.0f}")


if __name__ == "__main__":
    main()
