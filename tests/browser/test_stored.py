"""The search of a phone is not blind: a word is found in each form and each kind of file that a browser writes."""

from __future__ import annotations

import base64
import gzip
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import brotli
import lz4.block
import pytest

from tests.browser.seized import found_in
from tests.browser.stored import END_OF_STREAM, ENTRY, MOZLZ4, TABLE

WORD = "zqcontrolvx"
CLEAR = WORD.encode()


def in_the_cache(body: bytes) -> bytes:
    """An entry of the cache: its head, its key, what was received, the rest."""
    key = b"http://localhost/"
    head = ENTRY + struct.pack("<IIII", 5, len(key), 0, 0)
    return head + key + body + END_OF_STREAM + bytes(16)


def deflated(text: bytes) -> bytes:
    """Without head and sum."""
    packing = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packing.compress(text) + packing.flush()


def table() -> bytes:
    """A table with one snappy block, in which the word's end stands only where it stood before."""
    start, end = CLEAR[:5], CLEAR[5:]
    pieces = end + b"_" + start
    again = bytes([(len(end) - 4) << 2 | 1, len(pieces)])
    block = bytes([len(pieces) + len(end), (len(pieces) - 1) << 2]) + pieces + again
    handle = bytes([0, len(block)])
    index = bytes([0, 1, len(handle)]) + b"k" + handle + struct.pack("<II", 0, 1)
    at = len(block) + 5
    footer = bytes([0, 0, at, len(index)])
    return block + b"\x01" + bytes(4) + index + bytes(5) + footer.ljust(40, b"\0") + TABLE


def reopened() -> bytes:
    """What Firefox would reopen, in which the word's end stands only where it stood before."""
    text = CLEAR[4:] + b"_" * 20 + CLEAR + b"_" * 20
    return MOZLZ4 + lz4.block.compress(text)


KINDS: dict[str, Callable[[], bytes]] = {
    "UTF-8": lambda: CLEAR,
    "UTF-16LE": lambda: WORD.encode("utf-16-le"),
    "base64": lambda: base64.b64encode(CLEAR),
    "base64, a byte on": lambda: base64.b64encode(b"x" + CLEAR + b"yz"),
    "base64, two bytes on": lambda: base64.b64encode(b"xy" + CLEAR + b"z"),
    "base64 of UTF-16LE": lambda: base64.b64encode(b"x" + WORD.encode("utf-16-le")),
    "gzip in the cache": lambda: in_the_cache(gzip.compress(CLEAR * 2)),
    "zlib in the middle of a file": lambda: b"before" + zlib.compress(CLEAR * 2) + b"after",
    "zlib, cut short": lambda: zlib.compress(CLEAR * 2)[:-6],
    "gzip with UTF-16LE": lambda: gzip.compress(WORD.encode("utf-16-le") * 2),
    "brotli in the cache": lambda: in_the_cache(brotli.compress(CLEAR * 2)),
    "deflate in the cache": lambda: in_the_cache(deflated(CLEAR * 2)),
    "snappy in LevelDB": table,
    "lz4 of Firefox": reopened,
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_word_is_found(tmp_path: Path, kind: str) -> None:
    (tmp_path / "Default").mkdir()
    content = KINDS[kind]()
    assert kind == "UTF-8" or CLEAR not in content, "This would be found without opening anything."
    (tmp_path / "Default" / "file").write_bytes(content)
    assert found_in(tmp_path, [WORD])
    assert not found_in(tmp_path, ["zqanothervx"])
