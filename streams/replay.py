"""Events of a file, read as fast as they go: the core and the courier on the file's own time, into a store."""
