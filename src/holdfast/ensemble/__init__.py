"""Draws, the pipeline of analyses, and the run over all draws."""
