"""What is wrong with a text that is not a field or condition, in its author's words: found, expected, what to write."""

from __future__ import annotations

import re

from lark import Lark, UnexpectedCharacters, UnexpectedInput, UnexpectedToken
from lark.lexer import PatternStr

from remit.core.dates import MONTHS
from remit.core.problems import nearest
from remit.rules.record_hints import RECORD_MISTAKES, Mistake
from remit.rules.record_hints import first_word as _first

_WORDS = {
    "PICK": "latest or earliest",
    "TIE": "lowest, highest, mean, last or only",
    "THING": "records, days, codes or clusters",
    "SIDE": "later or earlier",
    "CMP": "a comparison (=, <>, <, <=, >, >=)",
    "SIGN": "+ or -",
    "NAME": "a name in capitals",
    "NULL": "Null",
    "MANY": "all of, any of or at least 2 of",
    "ON": "on",
    "OWN": "a part of the record",
    "RELATION": "overlaps, during, starts in or ends in",
    "ORDER": "before or after",
    "CODE": "a code",
    "TEXT": "a text in double quotation marks",
    "UNITS": "days, weeks, months or years",
    "COUNT": "a whole number of days, weeks, months or years",
    "UNIT": "a unit, such as mmol/mol",
    "$END": "the end",
    "<END-OF-FILE>": "the end",
}
_STARTS = (
    ({"PICK", "TIE", "SIDE"}, "a field, such as 'latest BP_COD'"),
    ({"ON", "MANY", "NAME", "NUMBER"}, "a condition, such as 'BP_DAT > (PPED - 12 months)'"),
    ({"NAME", "NUMBER", "DATE"}, "a name in capitals, a number or a date"),
)
"""What a place expects where it may begin in many ways: told as one thing, and the rest of its tokens left out."""
_TERM = {"NAME", "NUMBER", "DATE", "EPISODE", "SEX", "STATUS", "NEGATION", "OWN", "AGE", "BOUND", "LPAR"}

_OPENINGS = {
    "newest": "latest", "most": "latest", "first": "earliest", "oldest": "earliest", "average": "mean",
    "minimum": "lowest", "min": "lowest", "maximum": "highest", "max": "highest", "number": "count", "total": "count",
}  # fmt: skip
_FIELD = ("latest", "earliest", "lowest", "highest", "mean", "last", "only", "count", "later", "earlier")


def message_for(text: str, error: UnexpectedInput, parser: Lark) -> str:
    """Advice on the mistake, or else what was expected; then what was found, and where."""
    at = error.pos_in_stream if error.pos_in_stream is not None else len(text)
    if isinstance(error, UnexpectedToken) and error.token.type == "$END":
        at = len(text)
    head, rest = text[:at].rstrip(), text[at:]
    names: set[str] = set()
    if isinstance(error, UnexpectedCharacters):
        names = set(error.allowed or ())
    elif isinstance(error, UnexpectedToken):
        names = set(error.accepts or error.expected or ())
    word = rest.split()[0] if rest.split() else ""
    advice = next(
        (advice for mistake, advice in (*RECORD_MISTAKES, *_MISTAKES) if mistake(head, rest, names)), ""
    ) or _near(head, word, names)
    actual = repr(word) if word else "the end"
    where = f" after '{' '.join(head.split()[-3:])}'" if head else ""
    return f"{advice or _expected(names, parser)}found {actual}{where}"


def _expected(names: set[str], parser: Lark) -> str:
    expected: list[str] = []
    for tokens, words in _STARTS:
        if tokens <= names:
            expected.append(words)
            names = set() if "PICK" in tokens or "ON" in tokens else names - _TERM
    expected += [
        _WORDS.get(name) or _literal(name, parser) for name in names - {"EPISODE", "SEX", "STATUS", "NEGATION"}
    ]
    choices = sorted({word for word in expected if word}, key=lambda word: (word == "the end", word))
    return f"expected {', '.join(choices[:-1])}{' or ' if len(choices) > 1 else ''}{choices[-1]}, " if choices else ""


def _literal(name: str, parser: Lark) -> str:
    """A word of the grammar itself."""
    pattern = parser.get_terminal(name).pattern
    return f"'{pattern.value}'" if isinstance(pattern, PatternStr) else ""


def _near(head: str, word: str, names: set[str]) -> str:
    """A word in other capitals, or nearly a word of the language."""
    if "NAME" in names and re.fullmatch(r"[a-z]\w*_\w*[,)]*", word):
        return "names are written in capitals; "
    words = [*(_FIELD if "PICK" in names else ()), *(("where",) if "WHERE" in names else ())]
    if {"EPISODE", "SEX"} <= names:
        words += ["female", "male", "indeterminate", "unknown", "first", "new", "continuing", "ended", "Null"]
        words += ["final", "preliminary", "amended", "planned", "refused"] if "where" in head else []
    words += (
        ["overlaps", "during", "starts", "ends", "before", "after", "answer", "negation", "status"]
        if "RELATION" in names
        else []
    )
    close = nearest(word, words, most=1) if word.isalpha() and len(word) > 2 else []
    return f"did you mean '{close[0]}'? " if close else ""


def _after_a_bare_name(head: str, rest: str, names: set[str]) -> bool:
    ends = not rest or rest[0] == ")" or _first(rest) in ("and", "or")
    return "CMP" in names and ends and bool(re.search(r"\b(and|or) [\w.-]+$", head))


_LASTING = (
    "within",
    "contains",
    "covers",
    "inside",
    "begins",
    "start",
    "starts",
    "end",
    "ends",
    "begin",
    "overlap",
    "overlapping",
)
_MISTAKES: tuple[tuple[Mistake, str], ...] = (
    (lambda h, r, n: r.strip() in ("on", "not on"), "a register's code follows 'on'; "),
    (
        lambda h, r, n: r.split(" ")[0] in ("AND", "OR", "IF", "If"),
        "write 'and' and 'or' in small letters, and leave 'If' out; ",
    ),
    (lambda h, r, n: h.endswith(("+", "-")), "the time is written out, such as 12 months or 7 days; "),
    (
        lambda h, r, n: {_first(r), *h.split()} >= {"and", "or"} and _first(r) in ("and", "or"),
        "put brackets around what belongs together where 'and' and 'or' meet; ",
    ),
    (_after_a_bare_name, "write the comparison out again after 'and' and 'or'; "),
    (
        lambda h, r, n: "CODE" in n,
        "an answer is a code or one word, or stands in double quotation marks; ",
    ),
    (
        lambda h, r, n: "where" in h and bool(re.match(r"(not|no|none) (any|record|of)\b", r)),
        "to say that there is no such record, write (not any X_COD where …), in brackets, in a filter; ",
    ),
    (
        lambda h, r, n: bool(re.search(r"\b(overlaps|during|starts in|ends in)( [\w-]+)?$", h)),
        "a window is between two days, as in 'during PPSD to PPED', or is a record's, as in 'overlaps (any X_COD)'; ",
    ),
    (
        lambda h, r, n: h.endswith((" before", " after")),
        "a record comes before or after a date or a record that has a name, as in 'after X_DAT'; ",
    ),
    (
        lambda h, r, n: _first(r) in _LASTING and "RELATION" in n,
        "ask for a record that lasts with overlaps, during, starts in or ends in; ",
    ),
    (
        lambda h, r, n: _first(r) in ("called", "named") and "AS" in n,
        "the other record gets its name with 'as': (any X_COD as B where …); ",
    ),
    (
        lambda h, r, n: bool(re.match(r"(not )?(already |yet )?(counted|achieved|paid)\b", r)),
        "ask who was counted before with 'counted in the year before' or 'not counted in the year before'; ",
    ),
    (
        lambda h, r, n: _first(r) in ("not", "no"),
        "there is no 'not': swap 'then' and 'else', or ask for absence with '= Null'; ",
    ),
    (
        lambda h, r, n: bool(re.match(r"[≤≥≠]|!=|=<|==", r) or re.search(r"=[=>]$", h[-1:] + r[:1])),
        "comparisons are written =, <>, <, <=, > and >=; ",
    ),
    (lambda h, r, n: r[:1] in ("–", "—", "−"), "a minus is written as a hyphen; "),
    (lambda h, r, n: r[:1] in ("'", '"', "’", "“"), "words stand without quotation marks; "),
    (lambda h, r, n: r[:1] in ("%", "£"), "numbers stand without a sign or unit; "),
    (
        lambda h, r, n: (
            bool(re.match(r"[./]\d", r) and re.search(r"\d$", h))
            or _first(r).title() in MONTHS
            or bool(re.match(r"T\d", r))
        ),
        "dates are written as 2025-03-31; ",
    ),
    (
        lambda h, r, n: _first(r) in ("within", "in", "during", "last") and bool(re.search(r"\d", r)),
        "a window is written as X_DAT > (PPED - 12 months); ",
    ),
    (lambda h, r, n: _first(r) == "between", "write both ends: X_DAT >= A_DAT and X_DAT <= B_DAT; "),
    (
        lambda h, r, n: _first(r) in ("after", "since", "before"),
        "write > for after and < for before, in a filter 'where date > …'; ",
    ),
    (lambda h, r, n: _first(r) == "is", "a comparison is written with a sign, absence as '= Null'; "),
    (
        lambda h, r, n: "MANY" in n and _first(r) in ("at", "any", "none", "two", "three", "exactly", "more"),
        "ask for parts with 'all of', 'any of' or 'at least 2 of'; ",
    ),
    (
        lambda h, r, n: "CMP" in n and _first(r) == "of" and h[-1:].isdigit(),
        "to ask for some of several conditions, write 'at least 2 of (…, …, …)'; ",
    ),
    (
        lambda h, r, n: bool(re.search(r"\b(all|any|least \d+) of [A-Z]\w*$", h)) and r[:1] in ("<", ">", "=", ","),
        "put the listed conditions in brackets, as in 'at least 2 of (…, …, …)'; ",
    ),
    (
        lambda h, r, n: "COMMA" in n and r[:1] in (";", ")"),
        "list two conditions or more, with commas between them; ",
    ),
    (lambda h, r, n: _first(r).strip("().,") in ("null", "none", "missing"), "absence is written Null; "),
    (lambda h, r, n: bool(re.search(r"\bage$", h)), "age is PAT_AGE, or 'age on' the date of a field; "),
    (lambda h, r, n: h == "last" and "TIE" not in n, "the date of the last record is 'latest'; "),
    (
        lambda h, r, n: h in ("latest", "earliest") and _first(r) == "of",
        "a cluster follows at once, as in 'latest BP_COD'; of two dates the later is 'later of A_DAT and B_DAT'; ",
    ),
    (
        lambda h, r, n: h in ("latest", "earliest") and _first(r) == "value",
        "take its date with 'X_DAT: latest X_COD', then 'lowest value of X_COD on X_DAT'; ",
    ),
    (
        lambda h, r, n: "WHERE" in n and (r[:1] == "," or _first(r) == "and"),
        "several clusters are joined with 'or'; ",
    ),
    (
        lambda h, r, n: "PICK" in n and _first(r) in ("days", "covered", "gap", "gaps", "supply", "stopped"),
        "for supplies, write 'count days covered by X_COD from A_DAT to B_DAT' or 'longest gap in X_COD from …'; ",
    ),
    (
        lambda h, r, n: "FROM" in n and bool(re.search(r"\b(covered by|gap(?: of \d+ \w+)? in) ", h)),
        "a window follows, 'from A_DAT to B_DAT', both of its days counted; ",
    ),
    (
        lambda h, r, n: "PICK" in n and _first(r) in _OPENINGS,
        "a field begins with latest, earliest, lowest, highest, mean, last, only, count, later, earlier, "
        "'date of' or 'value of'; ",
    ),
    (
        lambda h, r, n: "MANY" in n and _first(r) in (*_FIELD, *_OPENINGS),
        "give what you look up a field of its own, under 'fields', and name it here; ",
    ),
    (lambda h, r, n: r[:1] == ")" and h.count("(") <= h.count(")"), "there is one ')' too many; "),
)
