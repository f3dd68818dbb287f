#!/usr/bin/env bash
# tokenizers 0.23.3: an added token whose characters all stand for bytes is decoded as those bytes.
# The ByteLevel decoder does not know which tokens were added, and é stands for the byte 0xE9. So a
# text with an added é does not come back: a replacement character U+FFFD stands where é was.
#
# Seen: with é among the added tokens, "olé" is encoded as o, l, é and decoded as "ol\ufffd".
# An added token with a character that stands for no byte, such as 日, comes back.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet tokenizers==0.23.3
"$folder/venv/bin/python" - <<'PYTHON'
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

vocab = {character: i for i, character in enumerate(pre_tokenizers.ByteLevel.alphabet())}
tokenizer = Tokenizer(models.BPE(vocab=vocab, merges=[]))
tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
tokenizer.decoder = decoders.ByteLevel()
assert tokenizer.decode(tokenizer.encode("olé 日").ids) == "olé 日"
tokenizer.add_tokens(["é", "日"])
encoded = tokenizer.encode("olé 日")
back = tokenizer.decode(encoded.ids)
print("went in: olé 日 tokens:", encoded.tokens, "came back:", ascii(back))
assert encoded.tokens == ["o", "l", "é", "Ġ", "日"]
assert back == "ol\ufffd 日"
PYTHON
echo "as described"
