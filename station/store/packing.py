"""Small packings for a million lines that look alike: each is compressed by itself against a few of them."""

from __future__ import annotations

from collections.abc import Sequence

import zstandard

from station.domain.errors import StoreError
from station.seal.person_line import MAX_LINE_BYTES

EXAMPLES = 128
"""So many lines make the dictionary: a line then takes a quarter of its length. Training one is hardly better."""


class Packing:
    """Compresses lines against `dictionary`, which must be kept beside them."""

    def __init__(self, dictionary: bytes) -> None:
        shared = zstandard.ZstdCompressionDict(dictionary, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
        self.dictionary = dictionary
        self._packer = zstandard.ZstdCompressor(level=1, dict_data=shared, write_checksum=False, write_dict_id=False)
        self._opener = zstandard.ZstdDecompressor(dict_data=shared)

    @classmethod
    def like(cls, examples: Sequence[bytes]) -> Packing:
        """A packing for lines like these."""
        return cls(b"\n".join(examples[:EXAMPLES]))

    def pack(self, line: bytes) -> bytes:
        return self._packer.compress(line)

    def unpack(self, packed: bytes) -> bytes:
        """StoreError `store.corrupt` for what `pack` did not make."""
        try:
            return self._opener.decompress(packed, max_output_size=MAX_LINE_BYTES)
        except zstandard.ZstdError as problem:
            raise StoreError("store.corrupt") from problem
