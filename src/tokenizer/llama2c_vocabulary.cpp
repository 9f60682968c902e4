#include "tokenizer/llama2c_vocabulary.h"

#include <fmt/format.h>

#include <bit>
#include <cstring>

#include "tokenizer/piece_bpe.h"

namespace candor::tokenizer {
namespace {

constexpr Token first_byte = 3;

class Cursor {
 public:
  explicit Cursor(std::string_view bytes) : rest_(bytes) {}
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

  std::optional<std::string_view> take(std::size_t length) {
    if (length > rest_.size()) return std::nullopt;
    const std::string_view taken = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return taken;
  }

  template <class Number>
  std::optional<Number> number() {
    static_assert(std::endian::native == std::endian::little);
    const auto bytes = take(sizeof(Number));
    if (!bytes) return std::nullopt;
    Number value{};
    std::memcpy(&value, bytes->data(), sizeof(Number));
    return value;
  }

 private:
  std::string_view rest_;
};

Error bad_token(std::size_t token, const std::string& file, std::string found) {
  return Error{ErrorCode::malformed, std::move(found)}
      .in_field(fmt::format("token {}", token))
      .in_file(file)
      .way("check that this is a tokenizer of llama2.c, copied whole");
}

ScoredPiece piece_of(std::size_t token, float score, std::string_view bytes) {
  if (token == 0) return {"<unk>", score, PieceKind::unknown};
  if (token == 1) return {"<s>", score, PieceKind::control};
  if (token == 2) return {"</s>", score, PieceKind::control};
  const std::string text = mark_spaces(bytes, SpacePrefix::never, false);
  const bool is_byte = token < first_byte + 256;
  return {text, score, is_byte ? PieceKind::byte : PieceKind::normal};
}

Status check_bytes(const ScoredPieces& all, const std::string& file) {
  for (std::size_t byte = 0; byte < 256; ++byte) {
    const std::size_t token = first_byte + byte;
    if (token >= all.pieces.size()) return bad_token(token, file, "no such token");
    if (all.pieces[token].text != byte_token_name(byte))
      return bad_token(token, file, all.pieces[token].text).expecting(byte_token_name(byte));
  }
  return {};
}

}  // namespace

Result<ScoredPieces> parse_llama2c_vocabulary(std::string_view bytes, const std::string& file) {
  Cursor cursor(bytes);
  const auto longest = cursor.number<std::int32_t>();
  if (!longest || *longest < 1) return bad_token(0, file, "no length of the longest piece");
  ScoredPieces all;
  while (!cursor.at_end()) {
    const std::size_t token = all.pieces.size();
    const auto score = cursor.number<float>();
    const auto length = cursor.number<std::int32_t>();
    if (!length) return bad_token(token, file, "the end of the file");
    if (*length < 0 || *length > *longest)
      return bad_token(token, file, fmt::format("length {}", *length))
          .expecting(fmt::format("0 to {}", *longest));
    const auto text = cursor.take(static_cast<std::size_t>(*length));
    if (!text) return bad_token(token, file, "the end of the file");
    all.pieces.push_back(piece_of(token, *score, *text));
  }
  CANDOR_CHECK(check_bytes(all, file));
  all.begin = 1;
  all.end = 2;
  return all;
}

}  // namespace candor::tokenizer
