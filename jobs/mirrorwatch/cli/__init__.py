"""The mirrorwatch command."""
