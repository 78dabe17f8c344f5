"""Values that the tests of secrets plant: each is made while they run."""

from __future__ import annotations

import random
import string

ALNUM = string.ascii_letters + string.digits
P, T = "pass" + "word", "tok" + "en"


def chance(length: int, alphabet: str = ALNUM, seed: int = 5) -> str:
    # A seeded test value, no secret.
    return "".join(random.Random(seed).choices(alphabet, k=length - 4)) + "aQ7k"  # noqa: S311


AWS = "AK" + "IA" + chance(12, string.ascii_uppercase + string.digits)[:12].upper() + "QZ7K"
SECRET = "Ab9xk" + "Q2m!z"
