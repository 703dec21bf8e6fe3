#!/usr/bin/env python3
"""Writes Templates/Values/CaseTables.cs: how Python maps the case of every code point (run with Python 3.13, Unicode 15.1)."""
import sys, unicodedata as u

def ranges(pairs):
    """(code point, delta) in order -> (first, count, stride, delta)."""
    out = []
    for c, d in pairs:
        if out:
            f, n, s, e = out[-1]
            last = f + (n - 1) * s
            if e == d and (c - last == s or (n == 1 and c - last in (1, 2))):
                out[-1] = (f, n + 1, c - last, e)
                continue
        out.append((c, 1, 1, d))
    return out

def runs(codes):
    out = []
    for c in codes:
        if out and out[-1][1] == c - 1: out[-1][1] = c
        else: out.append([c, c])
    return out

def body(numbers, per=24):
    lines = [", ".join(str(x) for x in numbers[i:i + per]) for i in range(0, len(numbers), per)]
    return "        " + ",\n        ".join(lines) + ",\n"

all_ = [c for c in range(sys.maxunicode + 1) if not 0xD800 <= c <= 0xDFFF]
simple, special = {}, {}
for name in ("upper", "lower", "title"):
    simple[name], special[name] = [], []
    for c in all_:
        m = getattr(chr(c), name)()
        if m == chr(c): continue
        if len(m) == 1:
            if name != "title" or m != chr(c).upper(): simple[name].append((c, ord(m) - c))
        else: special[name].append((c, m))
    if name == "title":
        special[name] = [(c, m) for c, m in special[name] if m != chr(c).upper()]
        # Characters that upper() changes and title() does not.
        simple[name] += [(c, 0) for c in all_ if chr(c).title() == chr(c) != chr(c).upper()]
        simple[name].sort()
esc = lambda s: "".join(f"\\u{ord(x):04X}" for x in s)
lower = [c for c in all_ if chr(c).islower() and u.category(chr(c)) != "Ll"]
upper = [c for c in all_ if chr(c).isupper() and u.category(chr(c)) != "Lu"]
print(f"""namespace Fathom.Tokenization.Templates.Values;

/// <summary>Case mappings of Python 3.13 (Unicode {u.unidata_version}). Written by <c>eng/python_case_tables.py</c>.</summary>
internal static class CaseTables
{{""")
for name in ("upper", "lower", "title"):
    flat = [x for r in ranges(simple[name]) for x in r]
    what = {"upper": "<c>upper()</c>", "lower": "<c>lower()</c>", "title": "<c>title()</c> where it differs from <c>upper()</c>"}[name]
    print(f"    /// <summary>One character to one, {what}: first, count, stride, difference.</summary>")
    print(f"    public static ReadOnlySpan<int> {name.title()} =>\n    [\n{body(flat)}    ];\n")
for name in ("upper", "lower", "title"):
    print(f"    /// <summary>One character to several, {name}: the character, then what it becomes, each entry ended by a blank.</summary>")
    text = "".join(esc(chr(c)) + esc(m) + " " for c, m in special[name])
    parts = [text[i:i + 168] for i in range(0, len(text), 168)]
    # Never split an escape.
    parts, cur = [], ""
    for entry in text.split(" ")[:-1]:
        if len(cur) + len(entry) > 160: parts.append(cur); cur = ""
        cur += entry + " "
    parts.append(cur)
    print(f"    public const string {name.title()}Specials =\n        " + "\n        + ".join(f'"{p}"' for p in parts) + ";\n")
numeric = [c for c in all_ if chr(c).isnumeric() and u.category(chr(c)) == "Lo"]
for name, codes, what in (("OtherLower", lower, "are lower case without being such letters by category"), ("OtherUpper", upper, "are upper case without being such letters by category"), ("NumericLetters", numeric, "are letters by category and numbers by meaning")):
    flat = [x for r in runs(codes) for x in r]
    print(f"    /// <summary>First and last of the runs that {what}.</summary>")
    print(f"    public static ReadOnlySpan<int> {name} =>\n    [\n{body(flat)}    ];" + ("\n" if codes is not numeric else ""))
print("}")
