"""Searching the files that a browser left on a phone, as whoever took the phone would."""

from __future__ import annotations

import base64
from pathlib import Path
from urllib.parse import quote

import lz4.block

OPENED_BY_LZ4 = b"mozLz40\0"  # how Firefox packs what it would reopen


def found_in(folder: Path, words: list[str]) -> dict[str, list[str]]:
    """Which of the words stand in which files, in any of the ways that browsers write them."""
    found: dict[str, list[str]] = {}
    written = {word: _ways_of_writing(word) for word in words}
    for file in folder.rglob("*"):
        content = _content(file)
        for word, ways in written.items():
            if any(way in content for way in ways):
                found.setdefault(word, []).append(str(file.relative_to(folder)))
    return found


def _content(file: Path) -> bytes:
    """What stands in a file; one that is packed is opened, one that a browser took away is empty."""
    if file.is_symlink() or not file.is_file():
        return b""
    try:
        content = file.read_bytes()
        packed = content.removeprefix(OPENED_BY_LZ4)
        return content if packed == content else lz4.block.decompress(packed)
    except FileNotFoundError:
        return b""


def _ways_of_writing(word: str) -> set[bytes]:
    """The word in both encodings, as it stands in an address, and in base64 wherever it begins."""
    ways = {quote(word).encode()}
    for encoded in (word.encode(), word.encode("utf-16-le")):
        ways.add(encoded)
        for before, spoilt in enumerate((0, 2, 3)):
            whole = (len(encoded) + before) // 3 * 3 - before  # what follows changes the rest
            ways.add(base64.b64encode(b"." * before + encoded[:whole])[spoilt:])
    return ways
