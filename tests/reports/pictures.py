"""Looking at pictures: the pixels of a PNG, the texts of an SVG, the rows of a specification."""

import struct
import xml.etree.ElementTree as ET
import zlib
from typing import Any

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]


def pixels(png: bytes) -> Pixels:
    """Height x width x RGBA; understands the line filters that vl-convert uses."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    place, packed, width, height = 8, b"", 0, 0
    while place < len(png):
        length, kind = struct.unpack_from(">I4s", png, place)
        body = png[place + 8 : place + 8 + length]
        if kind == b"IHDR":
            width, height, *rest = struct.unpack(">IIBBBBB", body)
            assert rest == [8, 6, 0, 0, 0]
        packed += body if kind == b"IDAT" else b""
        place += 12 + length
    lines = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(height, 1 + 4 * width)
    assert set(lines[:, 0]) <= {0, 1}
    plain = lines[:, 1:].reshape(height, width, 4)
    return np.where(lines[:, :1, None] == 1, np.cumsum(plain, axis=1, dtype=np.uint8), plain)


def where(picture: Pixels, colour: str) -> npt.NDArray[np.bool_]:
    """Which pixels have exactly this colour."""
    found: npt.NDArray[np.bool_] = (picture[:, :, :3] == list(bytes.fromhex(colour[1:]))).all(axis=2)
    return found


def texts(svg: bytes) -> list[str]:
    """Every text, in the order of drawing; lines of one text joined by a space."""
    found = []
    for element in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text"):
        found.append(" ".join(part.strip() for part in element.itertext() if part.strip()))
    return found


def layers(spec: dict[str, Any], mark: str) -> list[dict[str, Any]]:
    """The layers with this mark."""
    return [layer for layer in spec["layer"] if layer["mark"]["type"] == mark]


def rows(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """The row of each rule, from the top."""
    known = {row["rule"]: row for values in spec["datasets"].values() for row in values if "rule" in row}
    return sorted(known.values(), key=lambda row: row["y"])
