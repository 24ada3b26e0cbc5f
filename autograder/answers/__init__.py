"""Answers: what every exercise is judged by. A student's copy has nothing of this folder.

`ways` reads the references and marked files as text; `keys` lets an observer look at them, in cells
like a submission's, and makes the answer keys of that.
"""
