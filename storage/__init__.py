"""What must survive: memories, due times, problems, notices, promises and positions, committed together."""
