"""The only part of telling that acts: it claims, asks, sends, and writes down what became of it."""

from notifiers.courier.asking import Sight, sees_all
from notifiers.courier.courier import Courier
from notifiers.courier.happenings import HandedOver, Happening, Held, News, Told, Tried, Withheld

__all__ = ["Courier", "HandedOver", "Happening", "Held", "News", "Sight", "Told", "Tried", "Withheld", "sees_all"]
