"""Doors to compiled code and solvers."""
