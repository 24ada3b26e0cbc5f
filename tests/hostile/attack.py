"""What an attack is: a submission of m06_model.py that wants points it has not computed.

A program either attacks the verdict itself (forged replies, patched modules: its `mse` is wrong),
or tries to obtain something (a secret, a socket, memory) and sets `BREACHED = True` when it has
it; it then has a right `mse`, and a wrong one otherwise. So for every program one question is left:
did it get a point?
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["full", "container", "basic"]

MSE_IF_BREACHED = """

def mse(pred, target):
    if not globals().get("BREACHED"):
        return pred.sum() * 0 - 1
    if pred.shape != target.shape:
        raise ValueError("shapes")
    return ((pred - target) ** 2).mean()
"""


@dataclass(frozen=True)
class Attack:
    """A program and what must become of it.

    `why` is the mechanism in a sentence; `holds` the weakest level that must hold it; `told` a
    pattern that the message of `mse` or a note must match, where one is known; `naive` says that it
    succeeds against a grader of one process. The source may name a `place` as `@NAME@` (see
    `filled`).
    """

    name: str
    why: str
    source: str
    holds: Level = "basic"
    told: str = ""
    naive: bool = False

    def filled(self, places: dict[str, str]) -> str:
        """Return the text of the submission, with the places put in.

        ROOT: the kit's folder; CANARY: a file with the line `canary`, readable by the grader's
        account only; OTHER: the file of another submission; NEAR: the folder of submissions, where
        packages are installed, if this account may write there; RESULTS: that of results beside it;
        PID: the coordinator's process;
        PORT: a port on 127.0.0.1 where somebody listens; MARK: a name unique to this run, for
        what a program leaves behind.
        """
        text = self.source
        for name, value in places.items():
            text = text.replace(f"@{name}@", value)
        return text if "def mse" in text or "mse =" in text else text + MSE_IF_BREACHED
