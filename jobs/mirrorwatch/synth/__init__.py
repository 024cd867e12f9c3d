"""Labelled synthetic worlds."""
