// candor/tokenizer/bpe_trainer.h
// Makes a vocabulary from texts: byte-level byte-pair encoding.
//
// The texts are cut into pieces (each digit on its own where asked for, then GPT-2's pattern: words
// with the space before them, numbers, signs, white space). Every byte is a token. Then, until the
// vocabulary is as large as asked for, the pair of neighbouring tokens that occurs most often
// within pieces becomes a token, and the pair of lowest numbers (left, then right) of equals.
// Source: Sennrich, Haddow, Birch 2016, section 3.2; bytes and pattern: Radford et al. 2019.
//
// Numbers: the special tokens first, in the order given, then the 256 bytes in the order of their
// characters (byte_alphabet.h), then the merged ones in the order of making. The same texts and
// options give the same vocabulary on every machine, and the one that Hugging Face's
// tokenizers.trainers.BpeTrainer makes of them.
//
//   BpeTrainingOptions options;
//   options.vocabulary = 512;
//   CANDOR_TRY(std::unique_ptr<Tokenizer> tokenizer, train_bpe(texts, options));
//   CANDOR_CHECK(tokenizer->save("models/traffic"));     // tokenizer.json, tokenizer_config.json
//
// Cost: O(bytes) for the cutting, then about 1 us for every pair that a merge touches; 10 MB of
// English to 4096 tokens in seconds. Memory: the different pieces, not the texts.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "candor/tokenizer/tokenizer.h"

namespace candor::tokenizer {

struct BpeTrainingOptions {
  /// Tokens in all: special ones, the 256 bytes, the rest merged. The result has fewer where the
  /// texts have no more pairs that occur min_count times.
  std::size_t vocabulary = 4096;
  /// A pair must occur so often to become a token; >= 1.
  std::size_t min_count = 2;
  /// Every digit is a token of its own, so that numbers are written digit by digit.
  bool single_digits = true;
  /// Not empty, different, UTF-8.
  std::vector<std::string> special_tokens = {"<|endoftext|>"};
  /// Which of them ends an answer, and which begins a text, if any.
  std::optional<std::string> end_token = "<|endoftext|>";
  std::optional<std::string> begin_token = {};
};

/// Texts are any bytes; special tokens are cut out of them. No piece reaches from one text into the
/// next.
/// Worked: {"aaabdaaabac"}, 260 tokens, min_count 2: beside "<|endoftext|>" and the bytes come "aa"
/// (4 times) and "ab" (2 times; numbers lower than (aa, ab)) and "aaab"; "aaabdaaabac" has then 5
/// tokens: aaab d aaab a c.
/// Errors: out_of_range for a vocabulary that is too small or above 2^24, or min_count 0;
/// invalid_argument for special tokens that are empty, given twice or not UTF-8, or an end or begin
/// token that is none of them.
[[nodiscard]] Result<std::unique_ptr<Tokenizer>> train_bpe(std::span<const std::string> texts,
                                                           const BpeTrainingOptions& options);

}  // namespace candor::tokenizer
