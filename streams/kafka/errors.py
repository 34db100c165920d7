"""How Kafka fails us, each with a line that tells the place, the fact and a remedy.

KafkaError
├── KafkaUnreachable   nobody answers, or whoever does will not have us; a topic that is not there
└── KafkaRefused       the brokers understood, and said no
"""


class KafkaError(Exception):
    pass


class KafkaUnreachable(KafkaError):
    pass


class KafkaRefused(KafkaError):
    pass
