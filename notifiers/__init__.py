"""A notice in, a verdict and honest words out: the gates, composing, the lint, channels and the courier."""
