"""The mutants that mutmut makes of `solutions/`, judged as submissions: `make mutants`.

Prints every survivor with its reason in `tests/mutmut_excused.toml`, the raw score, and the score
without those; ends with 1 where a survivor has no reason.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from mutmut.mutation.file_mutation import create_mutations

from autograder.answers.keys import answer_keys
from autograder.answers.ways import slow_parts, solution, submission_with
from autograder.cells.observer import LocalObserver, processors
from autograder.cells.replies import Wanted
from autograder.course import Exercise, exercises, modules, read_toml
from autograder.inside.submission import Submission
from autograder.judging.verdict import judge
from autograder.teacher.quality import LIMIT_S, SECRET

EXCUSED = Path(__file__).parent / "mutmut_excused.toml"


def mutants(module: str) -> Iterator[tuple[str, Submission]]:
    """Yield a line that tells each mutant, and the submission that has it."""
    code = solution(module)
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
    threads = ThreadPoolExecutor(processors())
    warm = slow_parts(exercises().values())
    with closing(LocalObserver("basic", limit=LIMIT_S, warm=warm)) as observer, threads as pool:
        keys = answer_keys(exercises().values(), observer, SECRET)
        for module in modules():
            own = [exercise for exercise in exercises().values() if exercise.module == module]

            def caught(submission: Submission, own: list[Exercise] = own) -> bool:
                wanted = [Wanted(exercise, keys[exercise.name].requests) for exercise in own]
                outcomes = zip(own, observer.outcomes(submission, wanted), strict=True)
                judged = [judge(e, keys[e.name], outcome).status for e, outcome in outcomes]
                return any(status != "pass" for status in judged)

            told, submissions = zip(*mutants(module), strict=True)
            verdicts = list(pool.map(caught, submissions))
            made += len(verdicts)
            survived += [
                line for line, is_caught in zip(told, verdicts, strict=True) if not is_caught
            ]
    return made, survived


def main() -> int:
    """Print the scores; 1 where a survivor has no reason."""
    reasons = read_toml(EXCUSED)
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
