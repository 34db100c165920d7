"""How Kafka fails us, each with a line that tells the place, the fact and a remedy.

KafkaError
├── KafkaUnreachable   nobody answers, or whoever does will not have us; a topic that is not there
├── KafkaRefused       the brokers understood, and said no
├── TornSlot           we were given some topics of a slot and not the others
├── LogMismatch        a position of ours lies outside of its topic: events were removed unread, or it was made anew
├── SameMember         another worker says that it is us
└── GroupLost          the consumer group will not have us, or we hang
"""


class KafkaError(Exception):
    pass


class KafkaUnreachable(KafkaError):
    pass


class KafkaRefused(KafkaError):
    pass


class TornSlot(KafkaError):
    pass


class LogMismatch(KafkaError):
    pass


class SameMember(KafkaError):
    pass


class GroupLost(KafkaError):
    pass
