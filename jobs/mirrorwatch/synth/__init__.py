"""Labelled synthetic worlds: an economy, planted schemes, and the innocent look-alikes that must not be named.

Nothing here describes a real person, company or bank. Labels are written beside the data folder, never into it.
"""
