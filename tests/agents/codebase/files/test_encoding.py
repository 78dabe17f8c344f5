"""A file's text: in the encoding that it declares, or in the one that its bytes suggest."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from agents.codebase.files.encoding import decoded
from agents.roles.scanner.core import examine

CASES = Path(__file__).parents[3] / "cases" / "21-encodings" / "src"


@pytest.mark.parametrize(
    ("path", "encoding", "text"),
    [
        ("a.py", "latin-1", "# -*- coding: latin-1 -*-\ndef größe(): pass\n"),
        ("a.py", "cp932", "#!/usr/bin/python\n# vim: set fileencoding=shift_jis :\n# 価格\n"),
        ("a.rb", "euc-kr", "# encoding: euc-kr\n# 가격\n"),
        ("a.el", "euc-jp", ";; -*- coding: euc-jp -*-\n;; 価格\n"),
        ("a.c", "gbk", "/* coding: gbk */\n/* 联通 */\n"),
        ("a.xml", "iso8859-2", '<?xml version="1.0" encoding="ISO-8859-2"?>\n<a>Zażółć</a>\n'),
        ("a.html", "shift_jis", "<html><head><meta charset=Shift_JIS><title>価格</title>\n"),
        ("a.html", "koi8-r", '<meta http-equiv="Content-Type" content="text/html; charset=koi8-r">\nРазмер\n'),
        ("a.css", "cp1252", '@charset "windows-1252";\na::before { content: "é" }\n'),
        ("a.pl", "cp1251", 'use encoding "cp1251";\n# Размер\n'),
        ("a.tex", "latin-1", "\\usepackage[latin1]{inputenc}\nGröße\n"),
    ],
)
def test_a_declared_encoding_is_the_files(path: str, encoding: str, text: str) -> None:
    assert decoded(text.encode(encoding), path) == text


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "// Größe\n"),
        ("cp1252", "/* © 2010 Acme */\n"),
        ("cp1252", "// récupère les paramètres de l'été à côté, déjà là\n"),
        ("cp1250", "/* Příliš žluťoučký kůň */\n"),
        ("cp1251", "// Вычисляет сумму заказа\n"),
        ("koi8-r", "// Вычисляет сумму заказа\n"),
        ("cp1253", "// Υπολογίζει το σύνολο της παραγγελίας\n"),
        ("cp1254", "// Sipariş toplamını hesaplar, geçiş ücreti değil\n"),
        ("cp1255", "// מחשב את הסכום של ההזמנה\n"),
        ("gbk", "/* 计算总价 */\n"),
        ("gb18030", "# 读取配置文件并返回字典\n"),
        ("big5", "/* 讀取設定檔並傳回字典 */\n"),
        ("cp932", "// 設定ファイルを読む\n"),
        ("euc-jp", "// 設定ファイルを読み込みます\n"),
        ("euc-kr", "/* 사용자 이름을 반환합니다 */\n"),
        ("utf-16-le", "-- Orders\nCREATE TABLE orders (id int);\n"),
        ("utf-16-be", "-- Orders\nCREATE TABLE orders (id int);\n"),
    ],
)
def test_an_encoding_that_nothing_declares_is_detected(encoding: str, text: str) -> None:
    assert decoded(text.encode(encoding), "a.c") == text


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_byte_order_mark_decides_before_any_declaration(mark: bytes, encoding: str) -> None:
    text = "# coding: latin-1\n# Größe 価格\n"
    found = examine("a.py", [mark + text.encode(encoding)], 10_000)
    assert found.text == text


@pytest.mark.parametrize(
    "head", ["# coding: utf-16", "# coding: unicode_escape", "# coding: utf-7", "# coding: base64", "# coding: no-such"]
)
def test_a_declaration_that_would_change_ascii_is_no_declaration(head: str) -> None:
    text = f"{head}\nx = '\\x0a +AGE-'\n"
    assert decoded(text.encode(), "a.py") == text


def test_whole_utf8_is_utf8_whatever_one_byte_encoding_is_declared() -> None:
    text = "<meta charset=iso-8859-1>Größe\n"
    assert decoded(text.encode(), "a.html") == text


def test_a_few_broken_bytes_do_not_change_the_encoding_of_a_utf8_file() -> None:
    assert decoded("価格を計算する".encode() + b" \xff\n", "a.c") == "価格を計算する \ufffd\n"


def test_the_repository_may_declare_an_encoding() -> None:
    assert decoded("Größe in €".encode("iso8859-15"), "a.txt", "ISO-8859-15") == "Größe in €"
    assert decoded("Größe 価格".encode("utf-16-le"), "a.txt", "UTF-16LE") == "Größe 価格"
    assert decoded(b"plain ASCII", "a.txt", "UTF-16LE") == "plain ASCII"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_text_of_two_bytes_a_character_needs_no_mark_whatever_its_script(encoding: str) -> None:
    text = "/* 这个函数读取配置文件，并返回结果。 */\nint read(void); // 错误时返回零\n"

    assert decoded(text.encode(encoding), "a.c") == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("// Źródło: część wspólna łącznie, gęślą jaźń\n", "iso8859-2"),
        ("// Vérifie l'hôte déjà créé ; l'œuvre s'arrête où ça échoue\n", "iso8859-15"),
    ],
)
def test_letters_of_the_older_standards_are_no_signs_inside_words(text: str, encoding: str) -> None:
    assert decoded(text.encode(encoding), "a.c") == text


def test_carriage_returns_alone_end_lines() -> None:
    assert decoded(b"def one():\r    return 1\rdef two():\r", "a.py") == "def one():\n    return 1\ndef two():\n"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("sjis.py", "価格を計算する。"),
        ("latin.py", "def größe(übung):"),
        ("cp1252.java", "Preis in € – “geschätzt”."),
        ("gbk.c", "计算总价"),
        ("euckr.rb", "가격 계산"),
        ("utf16le.cs", "Größe in 米."),
        ("utf16nobom.sql", "CREATE TABLE orders"),
        ("utf32.txt", "Hello wide world"),
        ("bidi.py", "Access  check."),
        ("cr_only.py", "def two():\n"),
    ],
)
def test_the_files_of_public_bug_reports_are_read(name: str, words: str) -> None:
    found = examine(f"src/{name}", [(CASES / name).read_bytes()], 100_000)
    assert found.skipped is None
    assert words in (found.text or "")
    assert "\ufffd" not in (found.text or "")
