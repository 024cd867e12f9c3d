"""Lists of sanctioned and exposed persons and firms: read as their publishers ship them, kept version by version."""
