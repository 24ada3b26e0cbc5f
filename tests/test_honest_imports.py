"""What honest files do besides at import costs no point, at the strongest level there is here."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest

from autograder.answers.keys import answer_keys
from autograder.answers.ways import slow_parts
from autograder.batch.grade import Grader
from autograder.cells.observer import LocalObserver
from autograder.course import assignment
from autograder.inside.submission import Source, Submission
from data.example_class import solutions

HEAD = "from __future__ import annotations\n"
CORE = assignment("core")
SETTINGS = (
    "torch.autograd.set_detect_anomaly(True)",
    "torch.set_default_dtype(torch.float64)",
    "torch.set_default_device('cpu')",
    "torch.set_grad_enabled(False)",
    "torch.use_deterministic_algorithms(True)",
    "torch.set_num_threads(1)",
    "torch.manual_seed(0)",
    "torch.backends.mkldnn.enabled = False",
    "torch.set_float32_matmul_precision('medium')",
    "mode = torch.inference_mode(); mode.__enter__()",
    "mode = torch.autocast('cpu'); mode.__enter__()",
    "torch.device('meta').__enter__()",
    "hooks = torch.autograd.graph.saved_tensors_hooks(id, id); hooks.__enter__()",
    "torch.__future__.set_overwrite_module_params_on_conversion(True)",
    "import signal; signal.setitimer(signal.ITIMER_REAL, 0.3)",
    "import warnings; warnings.simplefilter('error')",
    "import numpy; numpy.seterr(all='raise')",
    "import sys; sys.setrecursionlimit(25)",
    "import sys; sys.setrecursionlimit(10**9)",
    "import sys; sys.excepthook = None",
    "from torch.autograd import forward_ad; forward_ad.enter_dual_level()",
    "dual = torch.autograd.forward_ad.dual_level(); dual.__enter__()",
    "cast = torch.autocast('cuda', dtype=torch.float16); cast.__enter__()",
    "torch.nn.modules.module.register_module_forward_pre_hook(lambda module, x: 1 / 0)",
    "torch.nn.modules.module.register_module_forward_hook(lambda module, x, y: y.detach())",
    "from torch.optim import optimizer; optimizer.register_optimizer_step_post_hook(exit)",
    "from torch.utils.flop_counter import *; count = FlopCounterMode(); count.__enter__()",
)
# what a cell has, as every machine does
ALLOWED = (
    "import getpass; assert getpass.getuser() == 'student'",
    "import os; open(os.path.expanduser('~/notes'), 'w').close(); assert os.path.isfile('notes')",
    "import pathlib; assert pathlib.Path.home().samefile('.')",
)
# what a cell does not have, or not allow: the statement is passed over, with a line that says so
PROCESSES = (
    "for batch in torch.utils.data.DataLoader([1, 2, 3], num_workers=2): pass",
    "import multiprocessing; lock = multiprocessing.Lock()",
    "import multiprocessing; pool = multiprocessing.Pool(2)",
)
# what Python can do nothing with, and the kit cannot write out
TOO_DEEP = ("x = 1" + " + 1" * 10_000, "x = 1" + " + 1" * 2_000, "x = unknown" + " + 1" * 500)
REFUSED = (
    *PROCESSES,
    *TOO_DEEP,
    "import subprocess; subprocess.run(['nvidia-smi'])",
    "import os; open('log', 'w').close(); os.chmod('log', 0o600)",
    "import sqlite3; sqlite3.connect('log.db').execute('create table log (x)')",
    "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9')",
    "name = input('Your name? ')",
    "import argparse; argparse.ArgumentParser().parse_args(['--unknown'])",
)


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    """A grader of the core."""
    with contextlib.closing(LocalObserver(warm=slow_parts(CORE.exercises))) as observer:
        yield Grader(CORE, answer_keys(CORE.exercises, observer, b"honest"), observer)


@pytest.mark.parametrize("statement", [*SETTINGS, *ALLOWED, *REFUSED], ids=lambda text: text[:70])
def test_the_references_behind_a_statement_have_full_marks(statement: str, grader: Grader) -> None:
    """The statement stands at the top of every module."""
    sources = {
        name.removesuffix(".py"): Source(
            name, text.replace(HEAD, f"{HEAD}import torch\n{statement}\n")
        )
        for name, text in solutions().items()
    }
    result = grader.grade(Submission("student-01", sources))
    assert [v.message for v in result.verdicts.values() if v.status != "pass"] == []
    if statement in ALLOWED:
        assert [*result.notes] == []
    if statement in REFUSED and grader.observer.isolation.level != "basic":
        assert any("does not run and is passed over" in note for note in result.notes)
        told = any("no processes: set num_workers=0" in note for note in result.notes)
        assert told == (statement in PROCESSES)
