"""YAML in, detection out: what a rule means, and whether it found a problem. No clock, no I/O."""
