#include "tokenizer/piece_bpe.h"

#include <fmt/format.h>

#include "tokenizer/out_of_vocabulary.h"
#include "tokenizer/utf8.h"

namespace candor::tokenizer {

std::string byte_token_name(std::size_t byte) {
  return fmt::format("<0x{:02X}>", byte);
}

Result<std::unique_ptr<Tokenizer>> PieceBpe::create(Parts parts) {
  std::unique_ptr<PieceBpe> bpe(new PieceBpe(std::move(parts)));
  const Vocabulary& vocabulary = bpe->parts_.vocabulary;
  for (std::size_t i = 0; i < vocabulary.size(); ++i) {
    const auto id = static_cast<Token>(i);
    const std::string& text = vocabulary.text(id);
    bpe->bytes_.push_back(vocabulary.is_added(id) ? text : unmark_spaces(text));
  }
  for (std::size_t byte = 0; byte < 256; ++byte) {
    const auto id = vocabulary.find(byte_token_name(byte));
    if (!id)
      return Error{ErrorCode::malformed, "no token " + byte_token_name(byte)}
          .in_field("model.vocab")
          .expecting("a token for each of the 256 bytes, so that every text can be written");
    bpe->byte_token_[byte] = *id;
    bpe->bytes_[static_cast<std::size_t>(*id)] = std::string(1, static_cast<char>(byte));
  }
  if (!vocabulary.find(space_mark))
    return Error{ErrorCode::malformed, "no token U+2581"}
        .in_field("model.vocab")
        .expecting("a token for the space, so that every text can be written");
  return std::unique_ptr<Tokenizer>(std::move(bpe));
}

std::vector<Token> PieceBpe::encode(std::string_view text, Specials specials) const {
  std::vector<Token> out;
  std::vector<Segment> raw;
  std::vector<Segment> rest;
  parts_.vocabulary.added().split(text, specials, false, raw);
  for (const Segment& segment : raw) {
    if (segment.token) {
      out.push_back(*segment.token);
      continue;
    }
    const bool first = segment.text.data() == text.data();
    const std::string marked = mark_spaces(segment.text, parts_.prefix, first);
    rest.clear();
    parts_.vocabulary.added().split(marked, specials, true, rest);
    for (const Segment& part : rest) {
      if (part.token)
        out.push_back(*part.token);
      else
        encode_plain(part.text, out);
    }
  }
  return out;
}

void PieceBpe::append_bytes(std::string_view bytes, std::vector<Token>& out) const {
  for (const char c : bytes) out.push_back(byte_token_[static_cast<std::uint8_t>(c)]);
}

void PieceBpe::encode_plain(std::string_view marked, std::vector<Token>& out) const {
  std::vector<Token> symbols;
  while (!marked.empty()) {
    const std::size_t length = std::max<std::size_t>(1, sequence_length(marked));
    const std::string_view character = marked.substr(0, length);
    const auto id = parts_.vocabulary.find(character);
    if (id && !parts_.vocabulary.is_special(*id))
      symbols.push_back(*id);
    else
      append_bytes(character, symbols);
    marked.remove_prefix(length);
  }
  parts_.merges.apply(symbols);
  out.insert(out.end(), symbols.begin(), symbols.end());
}

Result<std::string> PieceBpe::decode(std::span<const Token> tokens) const {
  std::string text;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (!parts_.vocabulary.contains(tokens[i])) return out_of_vocabulary(tokens, i, vocabulary());
    if (!parts_.vocabulary.is_special(tokens[i]))
      text += bytes_[static_cast<std::size_t>(tokens[i])];
  }
  if (parts_.prefix != SpacePrefix::never && text.starts_with(' ')) text.erase(0, 1);
  return text;
}

std::optional<Token> PieceBpe::find(std::string_view token) const {
  if (const auto exact = parts_.vocabulary.find(token)) return exact;
  return parts_.vocabulary.find(mark_spaces(token, SpacePrefix::never, false));
}

}  // namespace candor::tokenizer
