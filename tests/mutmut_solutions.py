"""The mutants that mutmut makes of `solutions/`, judged as submissions: `make mutants`.

Prints every survivor with its reason in `tests/survivors.toml`, the raw score, and the score
without those; ends with 1 where a survivor has no reason.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from mutmut.mutation.file_mutation import create_mutations

from autograder.answers.ways import Judge, submission_with
from autograder.batch.grade import default_workers
from autograder.cells.observer import Zygotes
from autograder.course import exercises, modules, read_toml
from autograder.inside.submission import Submission
from autograder.mistakes import SOLUTIONS
from autograder.teacher.quality import LIMIT_S, SECRET, SURVIVORS


def mutants(module: str) -> Iterator[tuple[str, Submission]]:
    """Yield a line that tells each mutant, and the submission that has it."""
    code = (SOLUTIONS / f"{module}.py").read_text(encoding="utf-8")
    tree, mutations, *_ = create_mutations(f"{module}.py", code)
    for mutation in mutations:
        before, after = mutation.original_node, mutation.mutated_node
        told = f"{tree.code_for_node(before).strip()} -> {tree.code_for_node(after).strip()}"
        function = mutation.contained_by_top_level_function
        place = f"{module} {function.name.value}" if function else module
        mutated = tree.deep_replace(before, after).code
        yield f"{place}: {' '.join(told.split())}", submission_with(module, mutated)


def survivors() -> tuple[int, list[str]]:
    """Return how many mutants there are, and those that no exercise of their module catches."""
    made, survived = 0, []
    threads = ThreadPoolExecutor(default_workers())
    with closing(Zygotes("basic", limit=LIMIT_S)) as observer, threads as pool:
        judge = Judge(observer, [*exercises().values()], SECRET)
        for module in modules():
            own = [name for name, exercise in exercises().items() if exercise.module == module]

            def caught(submission: Submission, names: list[str] = own) -> bool:
                return any(judge.decided(name, submission).status != "pass" for name in names)

            told, submissions = zip(*mutants(module), strict=True)
            verdicts = list(pool.map(caught, submissions))
            made += len(verdicts)
            survived += [
                line for line, is_caught in zip(told, verdicts, strict=True) if not is_caught
            ]
    return made, survived


def main() -> int:
    """Print the scores; 1 where a survivor has no reason."""
    reasons = read_toml(SURVIVORS)["mutmut"]
    made, survived = survivors()
    for told in survived:
        print(f"{reasons.get(told, 'why?')}\n    {told}")
    unexplained = [told for told in survived if told not in reasons]
    caught = made - len(survived)
    print(f"{made} mutants of solutions/, {caught} caught: {caught / made:.1%}")
    rest = caught + len(unexplained)
    print(f"without the {made - rest} that are excused: {caught / rest:.1%}")
    return int(bool(unexplained))


if __name__ == "__main__":
    sys.exit(main())
