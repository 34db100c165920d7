"""How messages reach somebody: files, a recording, and the desk."""

from notifiers.channels.channel import Channel, Reply
from notifiers.channels.desk import Desk, DeskFile, DeskItem, DeskKind
from notifiers.channels.outbox import Outbox
from notifiers.channels.recording import Recording, RecordingDesk

__all__ = ["Channel", "Desk", "DeskFile", "DeskItem", "DeskKind", "Outbox", "Recording", "RecordingDesk", "Reply"]
