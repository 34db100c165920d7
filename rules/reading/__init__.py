"""Parts of a rule file, each read into its record; every fault is collected with its place."""
