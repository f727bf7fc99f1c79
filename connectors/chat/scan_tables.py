"""The bars of EAN, UPC (ISO/IEC 15420) and Code 128 (ISO/IEC 15417), as ones and noughts."""

from __future__ import annotations

from collections.abc import Sequence

EAN_LEFT = (
    *("0001101", "0011001", "0010011", "0111101", "0100011"),
    *("0110001", "0101111", "0111011", "0110111", "0001011"),
)
EAN_RIGHT = tuple("".join("10"[int(bit)] for bit in bits) for bits in EAN_LEFT)
EAN_MIRRORED = tuple(bits[::-1] for bits in EAN_RIGHT)
# Which of the six left digits are mirrored tells the first digit of EAN-13.
EAN_PARITY = (
    "000000",
    "001011",
    "001101",
    "001110",
    "010011",
    "011001",
    "011100",
    "010101",
    "010110",
    "011010",
)
# ... and the check digit of UPC-E (number system 0; 1 is the opposite).
UPC_E_PARITY = (
    "111000",
    "110100",
    "110010",
    "110001",
    "101100",
    "100110",
    "100011",
    "101010",
    "101001",
    "100101",
)
_WIDTHS = [
    "212222",
    "222122",
    "222221",
    "121223",
    "121322",
    "131222",
    "122213",
    "122312",
    "132212",
    "221213",
    "221312",
    "231212",
    "112232",
    "122132",
    "122231",
    "113222",
    "123122",
    "123221",
    "223211",
    "221132",
    "221231",
    "213212",
    "223112",
    "312131",
    "311222",
    "321122",
    "321221",
    "312212",
    "322112",
    "322211",
    "212123",
    "212321",
    "232121",
    "111323",
    "131123",
    "131321",
    "112313",
    "132113",
    "132311",
    "211313",
    "231113",
    "231311",
    "112133",
    "112331",
    "132131",
    "113123",
    "113321",
    "133121",
    "313121",
    "211331",
    "231131",
    "213113",
    "213311",
    "213131",
    "311123",
    "311321",
    "331121",
    "312113",
    "312311",
    "332111",
    "314111",
    "221411",
    "431111",
    "111224",
    "111422",
    "121124",
    "121421",
    "141122",
    "141221",
    "112214",
    "112412",
    "122114",
    "122411",
    "142112",
    "142211",
    "241211",
    "221114",
    "413111",
    "241112",
    "134111",
    "111242",
    "121142",
    "121241",
    "114212",
    "124112",
    "124211",
    "411212",
    "421112",
    "421211",
    "212141",
    "214121",
    "412121",
    "111143",
    "111341",
    "131141",
    "114113",
    "114311",
    "411113",
    "411311",
    "113141",
    "114131",
    "311141",
    "411131",
    "211412",
    "211214",
    "211232",
]
CODE128 = tuple(
    "".join("10"[place % 2] * int(width) for place, width in enumerate(widths)) for widths in _WIDTHS
)
CODE128_STOP = "1100011101011"
START_A, START_B, START_C = 103, 104, 105
_FNC1, _SHIFT = 102, 98
_GROUP = "\x1d"


def code128_text(symbols: Sequence[int]) -> tuple[str, str] | None:
    """Identifier and content of symbols from the start to the check symbol; None where they are no code."""
    start, data, check = symbols[0], symbols[1:-1], symbols[-1]
    total = start + sum(place * symbol for place, symbol in enumerate(data, 1))
    if start < START_A or not data or total % 103 != check or any(symbol > _FNC1 for symbol in data):
        return None
    text = _Text(start - START_A)
    for symbol in data:
        text.take(symbol)
    content = "".join(text.parts)
    if data[0] == _FNC1:
        return "]C1", content[1:]
    return ("]C0", content) if content else None


class _Text:
    """Code sets A, B and C in turn (0, 1, 2)."""

    def __init__(self, code_set: int) -> None:
        self.set, self.parts, self.shifted = code_set, list[str](), False

    def take(self, symbol: int) -> None:
        now = 1 - self.set if self.shifted and self.set < 2 else self.set
        self.shifted = False
        if symbol == _FNC1:
            self.parts.append(_GROUP)
        elif self.set == 2:
            self._pair(symbol)
        elif symbol < 96:
            self.parts.append(chr(symbol - 64 if now == 0 and symbol >= 64 else symbol + 32))
        elif symbol == _SHIFT:
            self.shifted = True
        elif symbol == 99:
            self.set = 2
        elif symbol == 100 + self.set:
            self.set = 1 - self.set

    def _pair(self, symbol: int) -> None:
        if symbol < 100:
            self.parts.append(f"{symbol:02d}")
        else:
            self.set = 101 - symbol
