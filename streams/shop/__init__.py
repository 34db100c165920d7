"""A small shop, from a seed: what happens to its customers, orders, parcels, payments and accounts in a week."""
