import { Tokenizer } from "@huggingface/tokenizers";

/** The special tokens, whose numbers are their places. */
const SPECIAL = ["[PAD]", "[UNK]"] as const;

/**
 * Makes a WordPiece tokenizer: its pieces are the most frequent words of the texts, and all single characters, from which it
 * puts any other word together.
 *
 * A tokenizer of a trained model comes as a `tokenizer.json` of the same form instead.
 */
export function makeTokenizer(texts: readonly string[], words: number): Tokenizer {
  const counts = new Map<string, number>();
  for (const word of texts.flatMap((text) => text.toLowerCase().match(/[a-z]+|[^\sa-z]/g) ?? []))
    counts.set(word, (counts.get(word) ?? 0) + 1);
  const frequent = [...counts].sort(([, a], [, b]) => b - a).slice(0, words);
  const characters = [...new Set([...counts.keys()].join(""))];
  const pieces = new Set<string>([...SPECIAL, ...frequent.map(([word]) => word), ...characters]);
  for (const character of characters) pieces.add(`##${character}`);
  const settings = {
    added_tokens: SPECIAL.map((content, id) => ({ id, content, special: true })),
    normalizer: { type: "BertNormalizer", clean_text: true, lowercase: true },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: null,
    decoder: { type: "WordPiece", prefix: "##", cleanup: true },
    model: {
      type: "WordPiece",
      unk_token: "[UNK]",
      continuing_subword_prefix: "##",
      max_input_chars_per_word: 60,
      vocab: Object.fromEntries([...pieces].map((piece, at) => [piece, at])),
    },
  };
  return new Tokenizer(settings, {});
}
