#include "tokenizer/byte_bpe.h"

#include <fmt/format.h>

#include "tokenizer/byte_alphabet.h"
#include "tokenizer/out_of_vocabulary.h"
#include "tokenizer/utf8.h"

namespace candor::tokenizer {
namespace {

// Added tokens stand for their text as it is; so do, as in the field's other readers, tokens whose
// text is not of the alphabet.
std::vector<std::string> bytes_of(const Vocabulary& vocabulary) {
  std::vector<std::string> bytes;
  bytes.reserve(vocabulary.size());
  for (std::size_t i = 0; i < vocabulary.size(); ++i) {
    const auto id = static_cast<Token>(i);
    const std::string& text = vocabulary.text(id);
    bytes.push_back(vocabulary.is_added(id) ? text : from_alphabet(text).value_or(text));
  }
  return bytes;
}

}  // namespace

ByteBpe::ByteBpe(Parts parts) : parts_(std::move(parts)), bytes_(bytes_of(parts_.vocabulary)) {
  for (std::size_t byte = 0; byte < 256; ++byte)
    byte_token_[byte] =
        parts_.vocabulary.find(to_alphabet(std::string(1, static_cast<char>(byte))));
}

std::vector<Token> ByteBpe::encode(std::string_view text, Specials specials) const {
  std::vector<Token> out;
  std::vector<Segment> raw;
  std::vector<Segment> normal;
  parts_.vocabulary.added().split(text, specials, false, raw);
  for (const Segment& segment : raw) {
    if (segment.token) {
      out.push_back(*segment.token);
      continue;
    }
    const std::string normalized = normalize(parts_.normalizer, segment.text);
    normal.clear();
    parts_.vocabulary.added().split(normalized, specials, true, normal);
    for (const Segment& part : normal) {
      if (part.token)
        out.push_back(*part.token);
      else
        encode_plain(part.text, out);
    }
  }
  return out;
}

void ByteBpe::encode_plain(std::string_view text, std::vector<Token>& out) const {
  for_each_run(
      text,
      [&](std::string_view valid) {
        for (const std::string_view piece : parts_.pre_tokenizer.split(valid))
          encode_piece(piece, out);
      },
      [&](std::string_view bytes) { encode_piece(bytes, out); });
}

void ByteBpe::encode_piece(std::string_view piece, std::vector<Token>& out) const {
  if (parts_.whole_pieces_first) {
    const auto whole = parts_.vocabulary.find(to_alphabet(piece));
    if (whole && !parts_.vocabulary.is_special(*whole)) {
      out.push_back(*whole);
      return;
    }
  }
  std::vector<Token> symbols;
  symbols.reserve(piece.size());
  for (const char c : piece) append_byte(static_cast<std::uint8_t>(c), symbols);
  parts_.merges.apply(symbols);
  out.insert(out.end(), symbols.begin(), symbols.end());
}

void ByteBpe::append_byte(std::uint8_t byte, std::vector<Token>& symbols) const {
  if (byte_token_[byte]) {
    symbols.push_back(*byte_token_[byte]);
    return;
  }
  if (!parts_.unknown) return;
  const bool fused = parts_.fuse_unknown && !symbols.empty() && symbols.back() == *parts_.unknown;
  if (!fused) symbols.push_back(*parts_.unknown);
}

Result<std::string> ByteBpe::decode(std::span<const Token> tokens) const {
  std::string text;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (!parts_.vocabulary.contains(tokens[i])) return out_of_vocabulary(tokens, i, vocabulary());
    if (!parts_.vocabulary.is_special(tokens[i]))
      text += bytes_[static_cast<std::size_t>(tokens[i])];
  }
  return text;
}

std::optional<Token> ByteBpe::find(std::string_view token) const {
  if (const auto added = parts_.vocabulary.find(token); added && parts_.vocabulary.is_added(*added))
    return added;
  return parts_.vocabulary.find(to_alphabet(token));
}

}  // namespace candor::tokenizer
