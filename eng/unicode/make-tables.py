"""Packs measured Unicode tables into src/Fathom.Tokenization/Unicode/tables.br.

    python3 eng/unicode/make-tables.py FOLDER

FOLDER holds what the reference implementation does with every scalar, one at a time: regex-classes.json (what its
regular expressions match), pretokenizer-classes.json ("a" + scalar + "b" cut), normalizer-maps.json.gz ("a" + scalar + "b"
normalized) and against-unicode-16.json (marks whose combining class is 0 there). Scripts come from node, canonical pairs and
combining classes from python's unicodedata, both limited to what the measurements confirm. The reader is UnicodeData.cs;
the order of sections there and here is the same. Numbers are LEB128, signed ones zigzag.
"""
import gzip, json, subprocess, sys, unicodedata
from pathlib import Path

source, out = Path(sys.argv[1]), bytearray()
TOP = 0x110000


def scalars(ranges):
    found = set()
    for item in ranges:
        first, _, last = item.partition("-")
        found.update(range(int(first, 16), int(last or first, 16) + 1))
    return found


def number(value):
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)


def signed(value):
    number(value * 2 if value >= 0 else -value * 2 - 1)


def runs(value_of):
    start = 0
    while start < TOP:
        end = start + 1
        while end < TOP and value_of[end] == value_of[start]:
            end += 1
        number(end - start)
        number(value_of[start])
        start = end


def scalar_set(found):
    edges, inside = [], False
    for c in range(TOP + 1):
        if (c in found) != inside:
            edges.append(c)
            inside = not inside
    number(len(edges))
    last = 0
    for edge in edges:
        number(edge - last)
        last = edge


def scalar_map(mapping):
    number(len(mapping))
    last = 0
    for c in sorted(mapping):
        number(c - last)
        last = c
        number(len(mapping[c]))
        for target in mapping[c]:
            signed(ord(target) - c)


regex = {k: scalars(v) for k, v in json.loads((source / "regex-classes.json").read_text())["classes"].items()}
cuts = json.loads((source / "pretokenizer-classes.json").read_text())["tables"]
maps = json.loads(gzip.open(source / "normalizer-maps.json.gz").read())["maps"]
maps = {k: {int(c, 16): v for c, v in m.items()} for k, m in maps.items()}
newer = json.loads((source / "against-unicode-16.json").read_text())["combining classes"]["class 0 in the reference, not in 16.0"]

# 1. General category, as numbered by System.Globalization.UnicodeCategory.
names = "Lu Ll Lt Lm Lo Mn Mc Me Nd Nl No Zs Zl Zp Cc Cf Cs Co Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Cn".split()
category = [names.index("Cn")] * TOP
for index, name in enumerate(names):
    for c in regex.get(name, ()):
        category[c] = index
for c in range(0xD800, 0xE000):
    category[c] = names.index("Cs")
runs(category)

# 2. Sets.
apart = {k: scalars(v["apart"]) for k, v in cuts.items()}
space = scalars(cuts["Whitespace"]["removed"])
everything = set(range(TOP)) - set(range(0xD800, 0xE000))
scalar_set(regex["\\w"])
scalar_set(regex["\\p{Han}"])
scalar_set(everything - apart["Whitespace"] - space)
scalar_set(apart["Punctuation"])
scalar_set(apart["Digits"])
scalar_set({c for c, v in maps["StripAccents"].items() if v == ""})
scalar_set({c for c, v in maps["BertNormalizer.clean_text"].items() if v == ""})
scalar_set({c for c, v in maps["BertNormalizer.strip_accents"].items() if v == ""})

# 3. Scripts of the UnicodeScripts pre-tokenizer (0: none). Latin letters younger than its table have none.
young = scalars("A7AF A7B8-A7BF A7C0-A7DF A7F1-A7F6 AB66-AB6F 10780-107BF 1DF00-1DFFF".split())
listing = subprocess.run(["node", "-e", """
const names = %s, out = [];
for (const name of names) { const r = new RegExp(`\\\\p{Script=${name}}`, 'u'); const s = [];
  for (let c = 0; c < 0x110000; c++) if ((c < 0xD800 || c > 0xDFFF) && r.test(String.fromCodePoint(c))) s.push(c); out.push(s); }
console.log(JSON.stringify(out));
""" % json.dumps((script_names := """Latin Common Inherited Greek Cyrillic Armenian Hebrew Arabic Syriac Thaana Devanagari Bengali Gurmukhi Gujarati Oriya
Tamil Telugu Kannada Malayalam Sinhala Thai Lao Tibetan Myanmar Georgian Hangul Ethiopic Cherokee Canadian_Aboriginal Ogham Runic
Khmer Mongolian Hiragana Katakana Bopomofo Han Yi Old_Italic Gothic Deseret Tagalog Hanunoo Buhid Tagbanwa Limbu Tai_Le Linear_B
Ugaritic Shavian Osmanya Cypriot Braille Buginese Coptic New_Tai_Lue Glagolitic Tifinagh Syloti_Nagri Old_Persian Kharoshthi
Balinese Cuneiform Phoenician Phags_Pa Nko Sundanese Lepcha Ol_Chiki Vai Saurashtra Kayah_Li Rejang Lycian Carian Lydian Cham
Tai_Tham Tai_Viet Avestan Egyptian_Hieroglyphs Samaritan Lisu Bamum Javanese Meetei_Mayek Imperial_Aramaic Old_South_Arabian
Inscriptional_Parthian Inscriptional_Pahlavi Old_Turkic Kaithi Batak Brahmi Mandaic Chakma Meroitic_Cursive Meroitic_Hieroglyphs
Miao Sharada Sora_Sompeng Takri Caucasian_Albanian Bassa_Vah Duployan Elbasan Grantha Pahawh_Hmong Khojki Linear_A Mahajani
Manichaean Mende_Kikakui Modi Mro Old_North_Arabian Nabataean Palmyrene Pau_Cin_Hau Old_Permic Psalter_Pahlavi Siddham
Khudawadi Tirhuta Warang_Citi Ahom Anatolian_Hieroglyphs Hatran Multani Old_Hungarian SignWriting Adlam Bhaiksuki Marchen
Newa Osage Tangut""".split()))], capture_output=True, text=True, check=True).stdout
script = [0] * TOP
for index, members in enumerate(json.loads(listing)):
    for c in members:
        if (c in apart["UnicodeScripts"]) == (index != 0) and c not in young:
            script[c] = index + 1
# Kana counts as Han, and the space belongs to every script.
han = script_names.index("Han") + 1
for c in range(TOP):
    if script[c] in (script_names.index("Hiragana") + 1, script_names.index("Katakana") + 1) or c == 0x30FC:
        script[c] = han
script[0x20] = 0
script[0x61C] = script_names.index("Common") + 1  # Arabic only since a later version than the reference's table.
lost = [hex(c) for c in apart["UnicodeScripts"] if script[c] == 0]
assert not lost, ("no script for", lost[:20])
runs(script)

# 4. Normalization: combining classes, full decompositions, pairs that compose.
zero = scalars(newer)
runs([0 if 0xD800 <= c < 0xE000 or c in zero else unicodedata.combining(chr(c)) for c in range(TOP)])
hangul = range(0xAC00, 0xD7A4)
canonical = {c: v for c, v in maps["NFD"].items() if c not in hangul}
scalar_map(canonical)
scalar_map({c: v for c, v in maps["NFKD"].items() if c not in hangul and canonical.get(c) != v})
pairs = {}
for c in canonical:
    parts = unicodedata.decomposition(chr(c)).split()
    if len(parts) == 2 and unicodedata.normalize("NFC", chr(c)) == chr(c):
        pairs[c] = "".join(chr(int(part, 16)) for part in parts)
scalar_map(pairs)

# 5. Case.
scalar_map(maps["Lowercase"])

target = Path(__file__).parents[2] / "src/Fathom.Tokenization/Unicode/tables.br"
packed = subprocess.run(["node", "-e", "const z=require('zlib');process.stdout.write(z.brotliCompressSync(require('fs').readFileSync(0),"
                         "{params:{[z.constants.BROTLI_PARAM_QUALITY]:11,[z.constants.BROTLI_PARAM_LGWIN]:24}}))"],
                        input=bytes(out), capture_output=True, check=True).stdout
target.write_bytes(packed)
print(len(out), "bytes, packed", len(packed))
