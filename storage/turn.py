"""Whose turn it is to do what only one process may do: with one process there is no question."""

from typing import Protocol


class Turn(Protocol):
    def ours(self) -> bool:
        """Take the turn if it is free; return whether it is ours now. Whoever has it asks every second, or loses it."""

    def give_back(self) -> None: ...


class Alone:
    """The turn of a process that has the store for itself."""

    def ours(self) -> bool:
        return True

    def give_back(self) -> None:
        pass
