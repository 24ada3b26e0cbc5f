"""Cells: the processes in which a submission's code runs.

    coordinator --exec--> zygote (torch imported, no secret) --fork--> cell (one submission)

The coordinator asks a cell for observations, an exercise in each request; nothing that decides a
mark is ever sent to it. `wire` frames messages, `loader` makes modules of a submission, `serve` is
the cell, `zygote` the process it is forked from, `forking` and `client` the coordinator's end of
both. Without fork, a `spare` process is the cell (`spares`); `source` chooses.
"""
