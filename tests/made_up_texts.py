"""Texts that are hard for a tokenizer, drawn from a seed: the same for everyone who asks."""

import random

WORDS = """
the a of Hello world don't I'M we'LL it's 'tis isn’t hello tokens Token's would've
def f(x): return x if you would have been <s> http://a.b/c?d=e&f=1 CamelCase UPPER
0 7 42 2026 3.14 13,002 1234567 ٣٤ ½ ² Ⅷ ① 一二 ๓
. , ! ? ... ( ) [ ] { } # $ ^ & | _ __init__ -> == /path/to \\ ` ~ ' \" '' « 」 — ™ ± €
é e\u0301 ñ Straße Ελλάς русский İ ſ 'ſ K ﬁ Ǆ ǅ ª ʻ क्\u200dष हिन्दी עִברית العربية a\u0308\u0323
日本語 テキスト 中文。 한국어 \u1112\u1161\u11ab กำ 𝔘𝔫𝔦 𐌰 𒐀 𠮷
🙂 👩\u200d👩\u200d👧 🇩🇪 👍🏽 ❤\ufe0f \ufeff \ue000 \uffff \x00 \x7f \U0010ffff \u200b
<|endoftext|> <|end <|im_start|> <think> </think> <mask> <TOOL> <tool> <|a|><|a|>b tokens<mask>
"""
SPACES = " ,  ,   ,\t,\n,\n\n,\r\n, \n ,        ,\x0b,\x0c,\x85,\x1c,\x1f,\xa0,\u3000,\u2028"
PIECES = [*(word for line in WORDS.strip().split("\n") for word in line.split(" "))]
PIECES += SPACES.split(",")


def made_up_texts(n: int, seed: int) -> list[str]:
    """So many texts: pieces with spaces between, or without, and now and then many spaces."""
    rng = random.Random(seed)
    texts = []
    for _ in range(n):
        between = rng.choice(["", " ", " ", "  "])
        pieces = [rng.choice(PIECES) for _ in range(rng.randrange(9))]
        if rng.random() < 0.1:
            pieces.insert(rng.randrange(len(pieces) + 1), " " * rng.randrange(40))
        texts.append(between.join(pieces))
    return texts
