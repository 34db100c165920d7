"""What can go wrong with a store, each error with its fact and its remedy.

StoreError
├── Fenced                somebody else moved what we were about to move: forget, read again
├── NestedTransaction     a transaction was begun inside another: a fault of the program
├── StoreRefused          the database will not have a value: what was to be written cannot be
├── StoreGone             the database ended the connection, or took too long: what was not committed is undone, ask again
├── ReadOnlyStore         a store that was opened for reading was asked to write
└── CannotOpen            nothing was opened, nothing was changed
    ├── NoStore           there is none in this folder
    ├── StoreLocked       another process writes to it
    ├── Unreachable       the database server does not answer, or does not let us in
    ├── NetworkFileSystem the folder is not on a disk of this machine
    ├── NotOurStore       the file belongs to another program
    ├── StoreDamaged      the file is no database, or a broken one
    ├── StoreTooNew       written by a newer tellfirst
    └── StoreTooOld       written by an older tellfirst, and opened for reading only
"""


class StoreError(Exception):
    pass


class Fenced(StoreError):
    """Somebody else moved what we were about to move: forget, read again."""


class NestedTransaction(StoreError):
    pass


class StoreGone(StoreError):
    """Whether a COMMIT that raised it was heard is unknown: forget, read again."""


class StoreRefused(StoreError):
    pass


class ReadOnlyStore(StoreError):
    pass


class CannotOpen(StoreError):
    pass


class NoStore(CannotOpen):
    pass


class StoreLocked(CannotOpen):
    pass


class Unreachable(CannotOpen):
    pass


class NetworkFileSystem(CannotOpen):
    pass


class NotOurStore(CannotOpen):
    pass


class StoreDamaged(CannotOpen):
    pass


class StoreTooNew(CannotOpen):
    pass


class StoreTooOld(CannotOpen):
    pass
