"""The four ways in which a rule can find a problem."""
