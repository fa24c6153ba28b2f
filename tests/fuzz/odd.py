"""What careless people, broken programs and attackers write: scraps of text, and values."""

from __future__ import annotations

from reconciler.domain import Json

SCRAPS: tuple[bytes, ...] = (
    *(b"\xef\xbb\xbf", b"\xff\xfe", b"\xc3\x28", b"\xed\xa0\x80", b"\x00", b"\x07", b"\x1b[2J", b"\x7f", b"\xc2\x85"),
    *("\u202e".encode(), "\u200b".encode(), "\u2028".encode(), "\ufeff".encode(), "\u00a0".encode(), "💥".encode()),
    *(b"\r\n", b"\r", b"\n", b"\t", b" ", b"\n  ", b": ", b":", b"- ", b"? ", b", ", b"#", b" # ", b"---\n", b"...\n"),
    *(b"%YAML 1.1\n", b"%TAG ! tag:x\n", b"&a ", b"*a", b"<<: *a\n", b"? [a, b]\n: ", b"&a [*a]", b"!!str ", b"!x "),
    *(b"!!python/object:os.system ", b"!!binary ", b"!!float ", b"!!null ", b"!", b"|\n", b">-\n", b"|9", b"@", b"`"),
    *(b"{", b"}", b"[", b"]", b'"', b"'", b"\\", b'\\"', b"\\u", b"\\ud800", b"\\ud83d\\ude00", b"\\x1b", b"\\u0000"),
    *(b".nan", b"-.inf", b"NaN", b"Infinity", b"1e999", b"-0", b"0x1F", b"0o7", b"1_000", b"9" * 400, b"1." + b"0" * 9),
    *(b"null", b"~", b"NO", b"yes", b"2024-02-30", b"12:30", b"=", b"[" * 150, b"{a: " * 150, b"[" * 5000),
    *(b"../../etc/passwd", b"/*", b"<script>", b"[x](javascript:x)", b"${HOME}", b"{{ x }}", b"' OR 1=1 --"),
)  # fmt: skip
"""Bytes to put in or to write over others."""

TEXTS: tuple[str, ...] = (
    *("", " ", "\x00", "\x1b]0;title\x07", "a\nb", "\r\n", "\u202eevil", "\u200b", "\u2028", "\ufeff", "\ud800", "é"),
    *("e\u0301", "💥", "\U000e0041", "ﬁ", "İ", "ß", "null", "true", "1", "1e5", "NaN", "2024-01-01", "../..", "%2e%2e"),
    *("a/b", "a?b#c", "http://x", "console-", "$idOf", "$$idOf", "__proto__", "id", "name", "<<", "*", "[x]", "{x}"),
    *("SELECT 1", "SELECT " + "(" * 300, "^(a+)+$", "a" * 70, "a" * 3_000, "x" * 200_000, "`|` <b> [l](u)", "%s {0}"),
)  # fmt: skip
"""Texts that end up in ids, names, descriptions, keys, queries and patterns."""

VALUES: tuple[Json, ...] = (
    *TEXTS,
    *(None, True, False, 0, 1, -1, 0.1, -0.0, 100, 101, 2**31, 2**53, 2**63, -(2**64), 10**30, 10**400, 1e308, 1e-320),
    *(float("nan"), float("inf"), float("-inf"), [], {}, [[]], [None], [{}], [[], {}], {"": ""}, {"id": None}),
    *({"name": []}, {"$idOf": {"list": "rules", "name": "x"}}, {"id": {"id": {}}}, ["a", "a"], [1, "1", 1.0, True]),
    *({"$ref": "#"}, {"$ref": "http://127.0.0.1:9/x"}, {"pattern": "(a*)*b"}, {"allOf": [{"$ref": "#"}]}),
)  # fmt: skip
"""Values to put in the place of others."""
