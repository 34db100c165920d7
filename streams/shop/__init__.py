"""A shop from a seed: what happens to its customers in a week, what we hear of it, and who complains. It knows no rule."""
