"""The only room that touches paths: scan, sink, list, hash, publish."""
