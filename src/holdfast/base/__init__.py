"""Errors, clock, units of measure, random streams and raw tables: what everything else stands on."""
