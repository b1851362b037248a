"""Rotation: who can stay, and for how long."""
