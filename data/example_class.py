"""An example class: `python -m data.example_class FOLDER` writes 14 submissions of the core.

They are the solutions with changes such as students make, each told below, so that there is one of
every kind: right, wrong in a listed and in an unlisted way, broken, unfinished, a notebook, a zip.
"""

from __future__ import annotations

import ast
import sys
import textwrap
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from autograder.course import assignment
from autograder.inside import ROOT

Files = dict[str, str]


def write_class(folder: Path) -> list[Path]:
    """Write the class into an empty or new folder; return the submissions."""
    folder.mkdir(parents=True, exist_ok=True)
    return [make(folder) for make in CLASS]


def solutions() -> Files:
    """Return the text of each solution of the core by file name."""
    return _texts(ROOT / "solutions")


def stubs() -> Files:
    """Return the text of each module of the core as it is handed out."""
    return _texts(ROOT / "exercises")


def changed(files: Files, definitions: Mapping[str, str]) -> Files:
    """Return the files with some functions or classes written differently."""
    result = dict(files)
    for name, code in definitions.items():
        file = next(file for file, text in files.items() if _find(text, name))
        result[file] = _replaced(result[file], name, textwrap.dedent(code).strip())
    return result


def in_one_file(files: Files) -> str:
    """Return all modules as one script, in their order."""
    future = "from __future__ import annotations\n"
    return future + "\n".join(text.replace(future, "") for text in files.values())


def student_01(folder: Path) -> Path:
    """Everything is right."""
    return _folder(folder / "student-01", solutions())


def student_02(folder: Path) -> Path:
    """Everything is right, in one script and partly in another style."""
    own = {
        "mse": """
            def mse(pred, target):
                if pred.shape != target.shape:
                    raise ValueError("the shapes differ")
                return torch.einsum("ij,ij->", pred - target, pred - target) / target.nelement()
        """,
        "model": "model = torch.nn.functional.linear",
    }
    path = folder / "student-02.py"
    path.write_text(in_one_file(changed(solutions(), own)), "utf-8")
    return path


def student_03(folder: Path) -> Path:
    """Nothing was done: the stubs as they were handed out."""
    return _folder(folder / "student-03", stubs())


def student_04(folder: Path) -> Path:
    """The mean squared error is halved, and everything built on it goes wrong with it."""
    wrong = {
        "mse": """
            def mse(pred, target):
                if pred.shape != target.shape:
                    raise ValueError("the shapes differ")
                return ((pred - target) ** 2).mean() / 2
        """
    }
    return _folder(folder / "student-04", changed(solutions(), wrong))


def student_05(folder: Path) -> Path:
    """Gradients are never cleared."""
    wrong = {
        "train_step": """
            def train_step(x, y, w, b, lr):
                loss = mse(model(x, w, b), y)
                loss.backward()
                with torch.no_grad():
                    w -= lr * w.grad
                    b -= lr * b.grad
                return loss.item()
        """
    }
    return _folder(folder / "student-05", changed(solutions(), wrong))


def student_06(folder: Path) -> Path:
    """A notebook; its predictions still track gradients."""
    import jupytext

    wrong = {
        "predict": """
            def predict(model, x):
                model.eval()
                return model(x)
        """
    }
    text = in_one_file(changed(solutions(), wrong))
    notebook = jupytext.reads(text, fmt="py:percent")
    path = folder / "student-06.ipynb"
    path.write_text(jupytext.writes(notebook, fmt="ipynb"), "utf-8")
    return path


def student_07(folder: Path) -> Path:
    """A zip; `fit` takes its step once an epoch, not once a batch."""
    wrong = {
        "fit": """
            def fit(epochs, model, loss_fn, opt, loader):
                history = []
                for _ in range(epochs):
                    total, count = 0.0, 0
                    for xb, yb in loader:
                        loss = loss_fn(model(xb), yb)
                        loss.backward()
                        total += loss.item() * len(xb)
                        count += len(xb)
                    opt.step()
                    opt.zero_grad()
                    history.append(total / count)
                return history
        """
    }
    return _zip(folder / "student-07.zip", changed(solutions(), wrong), "homework/exercises/")


def student_08(folder: Path) -> Path:
    """A bracket is not closed in one module."""
    wrong = {"train_step": "def train_step(x, y, w, b, lr:\n    pass"}
    return _folder(folder / "student-08", changed(solutions(), wrong))


def student_09(folder: Path) -> Path:
    """A loop never ends."""
    wrong = {
        "train": """
            def train(x, y, w, b, lr, epochs):
                losses = []
                while len(losses) <= epochs:
                    loss = train_step(x, y, w, b, lr)
                return losses
        """
    }
    return _folder(folder / "student-09", changed(solutions(), wrong))


def student_10(folder: Path) -> Path:
    """An experiment left at the end of a file stops its import."""
    files = solutions()
    files["m09_data.py"] += "\n\n# %%\nprint(len(my_dataset))\n"
    return _folder(folder / "student-10", files)


def student_11(folder: Path) -> Path:
    """Wrong in ways that no list has: a factor close to one, a hard-coded dtype."""
    wrong = {
        "mse": """
            def mse(pred, target):
                if pred.shape != target.shape:
                    raise ValueError("the shapes differ")
                return ((pred - target) ** 2).mean() * 1.001
        """,
        "nudge": """
            def nudge(g):
                return -torch.sign(g).to(torch.float32)
        """,
    }
    return _folder(folder / "student-11", changed(solutions(), wrong))


def student_12(folder: Path) -> Path:
    """One function was deleted, another one returns nothing."""
    wrong = {
        "make_params": "",
        "model": "def model(x, w, b):\n    x @ w.t() + b",
    }
    return _folder(folder / "student-12", changed(solutions(), wrong))


def student_13(folder: Path) -> Path:
    """A zip from a Mac, without the last two modules."""
    files = solutions()
    mac = {name: text for name, text in files.items() if name < "m11"}
    mac |= {"../__MACOSX/._m06_model.py": "", "README.txt": "my homework"}
    return _zip(folder / "student-13.zip", mac, "exercises/")


def student_14(folder: Path) -> Path:
    """The stub's last line was left under code that is right; another function ends the process."""
    wrong = {
        "sgd_step_": """
            def sgd_step_(params, lr):
                with torch.no_grad():
                    for p in params:
                        if p.grad is not None:
                            p -= lr * p.grad
                raise NotImplementedError
        """,
        "update_counts": """
            def update_counts(n, batch, epochs, drop_last=False):
                import os
                os._exit(0)
        """,
    }
    return _folder(folder / "student-14", changed(solutions(), wrong))


CLASS: tuple[Callable[[Path], Path], ...] = (
    *(student_01, student_02, student_03, student_04, student_05, student_06, student_07),
    *(student_08, student_09, student_10, student_11, student_12, student_13, student_14),
)


def _texts(folder: Path) -> Files:
    names = [f"{module}.py" for module in assignment("core").modules]
    return {name: (folder / name).read_text("utf-8") for name in names}


def _folder(path: Path, files: Files) -> Path:
    path.mkdir(exist_ok=True)
    for name, text in files.items():
        (path / name).write_text(text, "utf-8")
    return path


def _zip(path: Path, files: Files, inside: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(inside + name if not name.startswith("../") else name[3:], text)
    return path


def _find(text: str, name: str) -> ast.FunctionDef | ast.ClassDef | None:
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name:
            return node
    return None


def _replaced(text: str, name: str, code: str) -> str:
    node, lines = _find(text, name), text.splitlines()
    assert node is not None
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    return "\n".join([*lines[: first - 1], code, *lines[node.end_lineno :]]) + "\n"


if __name__ == "__main__":
    made = write_class(Path(sys.argv[1]))
    print(f"wrote {len(made)} submissions to {sys.argv[1]}")
