"""Why: what is known of one case or customer, what was seen, decided and said, each with the events it rests on."""
