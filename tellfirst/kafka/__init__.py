"""What the front door asks of a project's Kafka: its topics made and looked at, and records written to them."""
