"""What a process of `tellfirst run` is: its parts side by side, without Kafka or with it, and what is seen of them."""
