"""The system calls of a cell: the policy, and how it is compiled into inside/seccomp/."""
