"""`python -m autograder`: the command `descent` where nothing was installed."""

from autograder.cli import main

if __name__ == "__main__":
    raise SystemExit(main(program="python -m autograder"))
