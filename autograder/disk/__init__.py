"""Disk: files that somebody else may have changed are read and written here, and archives checked.

Nothing beside a submission needs it, so it does not stand in `inside/`.
"""
