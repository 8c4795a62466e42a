"""What the files of a browser hold once they are opened: as they are, and what is compressed in them."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import brotli
import lz4.block

ENTRY = struct.pack("<Q", 0xFCFB6D1BA7725C30)  # begins an entry of the cache,
END_OF_STREAM = struct.pack("<Q", 0xF4FA6F45970D41D8)  # ends what was received for it,
TABLE = struct.pack("<Q", 0xDB4775248B80FB57)  # ends a table of LevelDB
GZIP_OR_ZLIB = re.compile(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]")
HEADER, FOOTER = 24, 48
MOZLZ4 = b"mozLz40\0"  # begins what Firefox would reopen
MOST = 20_000_000
SNAPPY = 1


def opened(content: bytes) -> Iterator[tuple[str, bytes]]:
    """How -> what: the content as it stands, and each compressed stream in it that can be opened.

    zstd is not opened: the server never sends it, so that no page could have come in it.
    A deflated stream without a head is found only where something says that it begins there.
    """
    yield "as it stands", content
    for match in GZIP_OR_ZLIB.finditer(content):
        if text := _inflated(content[match.start() :], zlib.MAX_WBITS | 32):
            yield "gzip or zlib", text
    if content.startswith(ENTRY):
        yield from _of_the_cache(content)
    if content.endswith(TABLE):
        for text in _blocks(content):
            yield "snappy", text
    if content.startswith(MOZLZ4):
        yield "lz4", lz4.block.decompress(content[len(MOZLZ4) :])
    if content.startswith(b"PK") and zipfile.is_zipfile(BytesIO(content)):
        with zipfile.ZipFile(BytesIO(content)) as packed:
            for name in packed.namelist():
                yield "zip", packed.read(name)


def files(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Every file below a folder, named from there, with its content."""
    for path in sorted(folder.rglob("*")):
        with suppress(FileNotFoundError):  # a browser that runs takes its own away
            if path.is_file() and not path.is_symlink():
                yield path.relative_to(folder), path.read_bytes()


def _of_the_cache(content: bytes) -> Iterator[tuple[str, bytes]]:
    (length,) = struct.unpack_from("<I", content, 12)
    body = content[HEADER + length : content.find(END_OF_STREAM)]
    try:
        yield "brotli", brotli.decompress(body)
    except brotli.error:
        if text := _inflated(body, -zlib.MAX_WBITS):
            yield "deflate", text


def _inflated(data: bytes, wbits: int) -> bytes:
    """What a stream holds, also one that was cut short; nothing where there is none."""
    try:
        return zlib.decompressobj(wbits).decompress(data, MOST)
    except zlib.error:
        return b""


def _blocks(table: bytes) -> Iterator[bytes]:
    """The compressed blocks of a LevelDB table, by its index."""
    at = len(table) - FOOTER
    _meta, at = _number(table, at)
    _meta, at = _number(table, at)
    offset, at = _number(table, at)
    size, at = _number(table, at)
    for value in _values(_block(table, offset, size)):
        offset, after = _number(value, 0)
        size, _after = _number(value, after)
        if table[offset + size] == SNAPPY:
            yield _block(table, offset, size)


def _block(table: bytes, offset: int, size: int) -> bytes:
    data = table[offset : offset + size]
    return unsnapped(data) if table[offset + size] == SNAPPY else data


def _values(block: bytes) -> Iterator[bytes]:
    """The values of an index block; how much of its key an entry shares with the last one is no matter."""
    (restarts,) = struct.unpack("<I", block[-4:])
    at, end = 0, len(block) - 4 * (restarts + 1)
    while at < end:
        _shared, at = _number(block, at)
        key, at = _number(block, at)
        length, at = _number(block, at)
        at += key
        yield block[at : at + length]
        at += length


def _number(data: bytes, at: int) -> tuple[int, int]:
    """A number of LevelDB's and snappy's, seven bits a byte, and where it ends."""
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def unsnapped(data: bytes) -> bytes:
    """A snappy block: pieces that stand there, and pieces that stood before."""
    text = bytearray()
    _length, at = _number(data, 0)
    while at < len(data):
        kind, size = data[at] & 3, data[at] >> 2
        at += 1
        if kind == 0:
            if size >= 60:
                more = size - 59
                size = int.from_bytes(data[at : at + more], "little")
                at += more
            text += data[at : at + size + 1]
            at += size + 1
            continue
        if kind == 1:
            back, size, at = (size >> 3) << 8 | data[at], (size & 7) + 4, at + 1
        else:
            wide = 2 if kind == 2 else 4
            back, size, at = int.from_bytes(data[at : at + wide], "little"), size + 1, at + wide
        for _ in range(size):
            text.append(text[-back])
    return bytes(text)
