"""Bytes from a source in, committed batches out: intake, mapping, the batch step and the runtimes."""
