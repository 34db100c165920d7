"""Kafka's room: its topics, what is written to them and read from them. Nothing outside of it imports a Kafka client."""
