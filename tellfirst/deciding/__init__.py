"""What people decide, on its way into the store: at once, or by letter to the process that writes it."""
