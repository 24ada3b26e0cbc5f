"""The coordinator's end of a process that has imported torch, so that submissions need not."""

from __future__ import annotations

import contextlib
import os
import site
import subprocess
import sys
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import IO, Any

from autograder.inside import PACKAGE, limits, sandbox, wire
from autograder.inside.errors import INSTALL, DescentError

START_LIMIT_S = 120.0  # a cold disk may need a minute for torch
END_LIMIT_S = 10.0


class GraderFault(DescentError):
    """The grader itself failed: never a zero for a student."""


class Refused(GraderFault):
    """The system does not have, or does not allow, what a level needs: only then a weaker one may
    be taken."""


class CannotImport(GraderFault):
    """What cells need cannot be imported: at no level, and not by trying again."""


NO_REPLY = (wire.Ended, wire.BadFrame, TimeoutError)


def flags(warm: Sequence[str], cuda: bool) -> list[str]:
    """Return the options of a process of the kit that is to be a cell or to fork some."""
    return [*warm, *(["cuda"] if cuda else [])]


class Host(ABC):
    """A process of the kit in a folder of its own. `loaded` are the kit's files that it has
    imported, as it says itself, once it is ready."""

    def __init__(
        self,
        program: Sequence[str],
        output: IO[bytes] | None,
        inside: Sequence[str] = (),
        passed: Sequence[int] = (),
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Start `python -m PROGRAM`, `inside` another command, with some files `passed` on."""
        self._folder = tempfile.mkdtemp()
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed in close()
        try:
            self._process = subprocess.Popen(  # prints at once, in UTF-8 everywhere
                [*inside, sys.executable, "-u", "-X", "utf8", "-m", *program],
                stdin=subprocess.DEVNULL,
                stdout=output or subprocess.DEVNULL,
                stderr=self._errors,
                pass_fds=passed,
                env=_clean_environment() | {"TMPDIR": self._folder} | dict(environment or {}),
                cwd=self._folder,
                start_new_session=True,
            )
        except BaseException:
            self._errors.close()
            sandbox.remove_folder(self._folder)
            raise
        self.loaded: list[str] | None = None
        self._failed: str | None = None

    @property
    def pid(self) -> int:
        """The process that was started."""
        return self._process.pid

    def wait_until_ready(self) -> None:
        """Wait for the imports; GraderFault with the reason when they fail."""
        if self._failed:
            raise GraderFault(self._failed)
        if self.loaded is None:
            try:
                hello = self._hello()
                if not isinstance(hello, dict) or not {*hello} & {"refused", "failed", "loaded"}:
                    raise wire.BadFrame("it says nothing that is known")
            except NO_REPLY as error:
                said = self._last_words()
                kind = Refused if sandbox.is_refusal_of_bubblewrap(said) else GraderFault
                raise kind(f"the process that judges does not start: {said}") from error
            if "refused" in hello:
                raise Refused(hello["refused"])
            if "failed" in hello:
                self._failed = f"{hello['failed']}, as {sys.executable} says"
                if self._failed.startswith("No module named"):
                    self._failed += f": {INSTALL}"
                raise CannotImport(self._failed)
            self.loaded = [*map(str, hello["loaded"])]

    def ended_by(self) -> int:
        """Return the signal that has ended the process, which seems to have ended; 0 for none."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return max(0, -self._process.wait(limits.SEEN_ENDED_S))
        return 0

    @abstractmethod
    def _hello(self) -> dict[str, Any]:
        """Return the first message: `{loaded}`, `{refused}` or `{failed}`."""

    def _end_process(self, at_once: bool) -> None:
        """End the process, by force `at_once` or when it does not end itself."""
        if at_once:
            self._process.kill()
        try:
            self._process.wait(END_LIMIT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._errors.close()
        sandbox.remove_folder(self._folder)

    def _last_words(self) -> str:
        self._errors.seek(0)
        lines = self._errors.read(100_000).decode("utf-8", "replace").split("\n")
        said = [line.strip() for line in lines if line.strip()]
        return said[-1] if said else "it ended without a word"


def _clean_environment() -> dict[str, str]:
    """Pass nothing of the coordinator's environment on but what Python and CUDA need to start."""
    kept = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES")
    windows = ("SYSTEMROOT", "USERNAME")  # for sockets, and for who torch believes to be
    environment = {name: os.environ[name] for name in (*kept, *windows) if name in os.environ}
    paths = [str(PACKAGE.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment["PYTHONPATH"] = os.pathsep.join(paths)
    environment["PYTHONUSERBASE"] = site.getuserbase()  # `pip install --user` without a HOME
    return environment | {"HOME": "/nonexistent", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
