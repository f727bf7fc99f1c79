"""Passwords as scrypt hashes, tokens as SHA-256 hashes: what is kept opens nothing.

scrypt: Percival and Josefsson, RFC 7914 (2016); cost as OWASP's Password Storage Cheat Sheet has it
(N = 2^14, r = 8, p = 5: 16 MiB and about a tenth of a second).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

_COST, _BLOCK, _LANES = 2**14, 8, 5
_SALT_BYTES = 16


def hashed(password: str) -> str:
    """A new salted hash of the password, with the figures needed to check it."""
    salt = secrets.token_bytes(_SALT_BYTES)
    key = _scrypt(password, salt, _COST, _BLOCK, _LANES)
    return f"scrypt${_COST}${_BLOCK}${_LANES}${salt.hex()}${key.hex()}"


def fits(password: str, kept: str) -> bool:
    """Whether the password is the one that was hashed; takes as long where there is none."""
    method, *figures = (kept or _NOBODY).split("$")
    cost, block, lanes, salt, key = figures
    found = _scrypt(password, bytes.fromhex(salt), int(cost), int(block), int(lanes))
    return hmac.compare_digest(found.hex(), key) and method == "scrypt" and bool(kept)


def token_hash(token: str) -> str:
    """What is kept of a token: 32 random bytes need no salt and no stretching."""
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()


def stretched(code: str, use: str) -> str:
    """What is kept of a short code that lives for minutes: the same for the same code, and slow to guess.

    It is looked up by what is kept, so that all of one use share a salt.
    """
    return _scrypt(code, f"quartermaster {use}".encode(), _COST, _BLOCK, 1).hex()


def _scrypt(password: str, salt: bytes, cost: int, block: int, lanes: int) -> bytes:
    return hashlib.scrypt(
        password.encode(errors="surrogatepass"), salt=salt, n=cost, r=block, p=lanes, dklen=32
    )


_NOBODY = f"scrypt${_COST}${_BLOCK}${_LANES}${'00' * _SALT_BYTES}${'00' * 32}"
