"""What a disk holds after its power was cut, by the journal of `disk.c`.

The rules, each harsher than any real disk:

- What was synced stays. A sync that failed has made nothing durable, nor does a later one: the system believes those
  pages to be clean (until somebody writes there again).
- Of what was not synced each sector of 512 bytes is, by itself, as any of the writes since has left it, or as before:
  none, some or all of a write survive, in any order.
- Some of these sectors are torn: they begin as one of their states and end as another.
- The size of a file is as some moment since its last sync had it; what was never written is nought.
- Names (made, removed, changed) are durable when the folder was synced; of those since, the first few survive.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from disk import CREATE, LINK, RENAME, SYNC, SYNC_FAILED, SYNC_NAMES, TRUNCATE, UNLINK, WRITE, Record

SECTOR = 512
TORN = 0.05
CHANCES = (0.0, 0.1, 0.5, 0.9, 1.0)
"""Of a write's sector to survive; one of them for each cut."""


class State(NamedTuple):
    """What a sector, or the size of a file (`value`), became; `lost`: a sync of it has failed."""

    value: bytes | int
    lost: bool = False


class File:
    """The bytes that are durable, those that the system shows, and what lies between."""

    def __init__(self) -> None:
        self.durable, self.shown = bytearray(), bytearray()
        self.size = 0
        self.sectors: dict[int, list[State]] = {}
        self.sizes: list[State] = []

    def write(self, at: int, data: bytes) -> None:
        """Some bytes, in place or at the end."""
        end = at + len(data)
        if end > len(self.shown):
            self._sized(end)
        self.shown[at:end] = data
        self._changed(at, end)

    def truncate(self, size: int) -> None:
        """Shorter, or longer by noughts."""
        before = len(self.shown)
        self._sized(size)
        if size < before:
            self._changed(size, before)

    def _sized(self, size: int) -> None:
        del self.shown[size:]
        self.shown.extend(bytes(size - len(self.shown)))
        self.sizes.append(State(size))

    def _changed(self, begin: int, end: int) -> None:
        for number in range(begin // SECTOR, (end + SECTOR - 1) // SECTOR):
            state = State(sector(self.shown, number))
            self.sectors.setdefault(number, []).append(state)

    def sync(self) -> None:
        """What is not lost is durable."""
        for number, states in list(self.sectors.items()):
            kept, rest = settled(states)
            if kept is not None:
                lay(self.durable, number, kept.value)
            if rest:
                self.sectors[number] = rest
            else:
                del self.sectors[number]
        size, self.sizes = settled(self.sizes)
        self.size = self.size if size is None else int(size.value)

    def sync_failed(self) -> None:
        """Bytes that wait will not be written by a later sync; the size is the file system's own affair."""
        for number, states in self.sectors.items():
            self.sectors[number] = [one._replace(lost=True) for one in states]

    def after_cut(self, dice: random.Random, chance: float) -> bytes:
        """What is found when the power is back."""
        found = bytearray(self.durable)
        for number, states in self.sectors.items():
            lay(found, number, survivor(sector(self.durable, number), states, dice, chance))
        sizes = [self.size, *(int(one.value) for one in self.sizes)]
        size = sizes[-1] if chance == 1 else dice.choice(sizes) if chance else sizes[0]
        del found[size:]
        return bytes(found.ljust(size, b"\0"))


def sector(content: bytearray, number: int) -> bytes:
    """A sector of a file; what lies behind its end is nought."""
    return bytes(content[number * SECTOR : (number + 1) * SECTOR]).ljust(SECTOR, b"\0")


def lay(content: bytearray, number: int, value: bytes | int) -> None:
    """Put a sector in its place."""
    assert isinstance(value, bytes)
    content.extend(bytes(max(0, (number + 1) * SECTOR - len(content))))
    content[number * SECTOR : (number + 1) * SECTOR] = value


def settled(states: list[State]) -> tuple[State | None, list[State]]:
    """The last state that a sync makes durable, and those after it."""
    last = max((at for at, one in enumerate(states) if not one.lost), default=-1)
    return (states[last] if last >= 0 else None), states[last + 1 :]


def survivor(before: bytes, states: list[State], dice: random.Random, chance: float) -> bytes:
    """What has become of one sector."""
    if chance == 1:
        return bytes(states[-1].value)  # type: ignore[arg-type]
    there = [before, *(bytes(one.value) for one in states if dice.random() < chance)]  # type: ignore[arg-type]
    found = dice.choice(there[1:] or there)
    if chance and dice.random() < TORN:
        at = dice.randrange(SECTOR)
        return found[:at] + dice.choice(there)[at:]
    return found


Names = dict[str, int]


class Platter:
    """All files of one folder."""

    def __init__(self) -> None:
        self.files: dict[int, File] = {}
        self.names: Names = {}
        self.renamings: list[Callable[[Names], None]] = []

    def take(self, one: Record) -> None:
        """The next change."""
        if one.what in (CREATE, UNLINK, RENAME, LINK):
            self.renamings.append(renaming(one))
        elif one.what == SYNC_NAMES:
            self.names, self.renamings = self._names(len(self.renamings)), []
        elif one.what in (WRITE, TRUNCATE, SYNC, SYNC_FAILED):
            self._file(one, self.files.setdefault(one.file, File()))

    def _file(self, one: Record, file: File) -> None:
        if one.what == WRITE:
            file.write(one.at, one.data)
        elif one.what == TRUNCATE:
            file.truncate(one.at)
        elif one.what == SYNC:
            file.sync()
        else:
            file.sync_failed()

    def _names(self, done: int) -> Names:
        names = dict(self.names)
        for change in self.renamings[:done]:
            change(names)
        return names

    def after_cut(self, folder: Path, dice: random.Random) -> None:
        """Write down what is found when the power is back."""
        chance = dice.choice(CHANCES)
        done = len(self.renamings) if chance == 1 else dice.randint(0, len(self.renamings)) if chance else 0
        for name, number in self._names(done).items():
            file = self.files.get(number)
            (folder / name).write_bytes(file.after_cut(dice, chance) if file else b"")


def renaming(one: Record) -> Callable[[Names], None]:
    """A change of names, to be made."""
    first, _, second = one.data.decode().partition("\0")

    def change(names: Names) -> None:
        if one.what == CREATE:
            names[first] = one.file
        elif one.what == UNLINK:
            names.pop(first, None)
        elif first in names:
            names[second] = names[first] if one.what == LINK else names.pop(first)

    return change
