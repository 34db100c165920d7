"""What customers would read of a case or a rule: scenes in words, on every channel, to look at, to keep, or to send."""
