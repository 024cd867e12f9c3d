"""Layered shapes of money between strangers: pure arrays in, shapes out. Knows no path, clock or name."""
