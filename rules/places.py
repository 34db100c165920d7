"""How the fields of a case's memory are called: by what they hold and the number of its slot."""


def value_field(slot: int) -> str:
    """The newest value of a fact."""
    return f"f{slot}"


def origin_field(slot: int) -> str:
    """The event that a fact's newest value came from."""
    return f"c{slot}"


def sight_field(slot: int) -> str:
    """The newest event of a type."""
    return f"s{slot}"


def window_field(slot: int) -> str:
    return f"w{slot}"
