"""What we serve: events come in, health and metrics go out."""
