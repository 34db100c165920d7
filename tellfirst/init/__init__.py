"""A project to begin with: the packaged folder, and how it is laid down where somebody wants one."""
