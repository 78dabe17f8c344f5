"""How names say password in other languages than English. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agents.codebase.secrets.vocabulary import vocabulary

_WORDS: Final = (
    "contraseña", "contrasena", "contrasenya", "senha", "mot_de_passe", "mot-de-passe", "mot de passe", "motdepasse", "passwort", "kennwort", "wachtwoord", "parola",
    "hasło", "haslo", "lösenord", "losenord", "heslo", "şifre", "sifre", "salasana", "adgangskode", "passord", "geslo", "lozinka", "jelszó", "jelszo",
    "mật_khẩu", "mat_khau", "matkhau", "пароль", "Пароль", "ПАРОЛЬ", "κωδικός", "密码", "密碼", "口令", "パスワード", "暗証番号", "비밀번호", "암호", "סיסמה",
    "كلمة_المرور", "पासवर्ड", "รหัสผ่าน",
)  # fmt: skip
_SHAPES: Final = tuple((word.encode(), re.compile(re.escape(word.encode()))) for word in _WORDS)
_OF_ASCII: Final = tuple(shape for shape in _SHAPES if shape[0].isascii())
#: A name in any of these languages stands for a password.
NAMES: Final = frozenset(word for word, _ in _SHAPES)


def find(source: bytes, lowered: bytes) -> Iterator[tuple[int, int]]:
    """Start and end of each such name. `lowered` is the source in small letters of ASCII."""
    joined = vocabulary(lowered).joined
    for word, shape in _OF_ASCII if source.isascii() else _SHAPES:
        if word in (joined if word.isascii() and b" " not in word else lowered):
            for match in shape.finditer(lowered):
                if not _is_inside(source, *match.span()):
                    yield match.span()


def _is_inside(source: bytes, begin: int, end: int) -> bool:
    """Whether letters touch the name, as in `desenhar`; a capital begins a word of its own."""
    before, behind = source[begin - 1 : begin], source[end : end + 1]
    return (before.isalpha() and not source[begin : begin + 1].isupper()) or (behind.isalpha() and not behind.isupper())
