"""What is done with a night that is published: find an alert, recompute it, tell the night in a few figures."""
