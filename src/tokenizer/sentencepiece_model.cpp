#include "tokenizer/sentencepiece_model.h"

#include <fmt/format.h>

#include <bit>
#include <cstring>

namespace candor::tokenizer {
namespace {

// One field of a protocol buffer message: a number (wire types 0 and 5), or bytes (2).
struct Field {
  std::uint64_t number = 0;
  std::uint64_t value = 0;
  std::string_view bytes;
};

// Goes through a message field by field; at_end() and not failed() after the last.
class Message {
 public:
  explicit Message(std::string_view bytes) : rest_(bytes) {}
  [[nodiscard]] bool failed() const { return failed_; }

  /// Nothing at the end, or where the bytes are no message.
  std::optional<Field> next() {
    if (rest_.empty() || failed_) return std::nullopt;
    const std::uint64_t tag = varint();
    Field field{tag >> 3U, 0, {}};
    switch (tag & 7U) {
      case 0:
        field.value = varint();
        break;
      case 1:
        (void)take(8);
        break;
      case 2:
        field.bytes = take(varint());
        break;
      case 5:
        field.value = fixed32(take(4));
        break;
      default:
        failed_ = true;
    }
    if (failed_) return std::nullopt;
    return field;
  }

 private:
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const std::string_view byte = take(1);
      if (failed_) return 0;
      const auto bits = static_cast<unsigned char>(byte[0]);
      value |= static_cast<std::uint64_t>(bits & 127U) << shift;
      if (bits < 128) return value;
    }
    failed_ = true;
    return 0;
  }
  std::string_view take(std::uint64_t length) {
    failed_ = failed_ || length > rest_.size();
    if (failed_) return {};
    const std::string_view taken = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return taken;
  }
  static std::uint64_t fixed32(std::string_view bytes) {
    static_assert(std::endian::native == std::endian::little);
    std::uint32_t value = 0;
    if (bytes.size() == sizeof(value)) std::memcpy(&value, bytes.data(), sizeof(value));
    return value;
  }

  std::string_view rest_;
  bool failed_ = false;
};

// What decides whether the pieces mean what byte-pair encoding makes of them; the defaults are
// those of the format.
struct Settings {
  std::uint64_t model_type = 1;  // 1 unigram, 2 BPE, 3 words, 4 characters
  bool byte_fallback = false;
  std::int64_t begin = 1;
  std::int64_t end = 2;
  std::string normalizer;
  bool add_space_prefix = true;
  bool remove_extra_spaces = true;
};

struct Model {
  std::vector<ScoredPiece> pieces;
  Settings settings;
};

std::optional<PieceKind> kind_of(std::uint64_t type) {
  switch (type) {
    case 1:
    case 5:  // unused: no merge makes it
      return PieceKind::normal;
    case 2:
      return PieceKind::unknown;
    case 3:
      return PieceKind::control;
    case 4:
      return PieceKind::user_defined;
    case 6:
      return PieceKind::byte;
    default:
      return std::nullopt;
  }
}

// Each returns whether the bytes are such a message.
bool read_piece(std::string_view bytes, std::vector<ScoredPiece>& pieces) {
  ScoredPiece piece;
  std::uint64_t type = 1;
  Message message(bytes);
  while (const auto field = message.next()) {
    if (field->number == 1) piece.text = field->bytes;
    if (field->number == 2)
      piece.score = std::bit_cast<float>(static_cast<std::uint32_t>(field->value));
    if (field->number == 3) type = field->value;
  }
  const auto kind = kind_of(type);
  if (kind) piece.kind = *kind;
  pieces.push_back(std::move(piece));
  return kind && !message.failed();
}

bool read_trainer(std::string_view bytes, Settings& settings) {
  Message message(bytes);
  while (const auto field = message.next()) {
    if (field->number == 3) settings.model_type = field->value;
    if (field->number == 35) settings.byte_fallback = field->value != 0;
    if (field->number == 41) settings.begin = static_cast<std::int32_t>(field->value);
    if (field->number == 42) settings.end = static_cast<std::int32_t>(field->value);
  }
  return !message.failed();
}

bool read_normalizer(std::string_view bytes, Settings& settings) {
  Message message(bytes);
  while (const auto field = message.next()) {
    if (field->number == 1) settings.normalizer = field->bytes;
    if (field->number == 3) settings.add_space_prefix = field->value != 0;
    if (field->number == 4) settings.remove_extra_spaces = field->value != 0;
  }
  return !message.failed();
}

bool read_model(std::string_view bytes, Model& model) {
  Message message(bytes);
  while (const auto field = message.next()) {
    const bool good = field->number == 1   ? read_piece(field->bytes, model.pieces)
                      : field->number == 2 ? read_trainer(field->bytes, model.settings)
                      : field->number == 3 ? read_normalizer(field->bytes, model.settings)
                                           : true;
    if (!good) return false;
  }
  return !message.failed() && !model.pieces.empty();
}

Error unsupported(std::string found, const std::string& file, std::string_view expected) {
  return Error{ErrorCode::unsupported, std::move(found)}.in_file(file).expecting(expected).way(
      "save the tokenizer in the fast format (tokenizer.json)");
}

Status check(const Settings& settings, const std::string& file) {
  if (settings.model_type != 2)
    return unsupported(fmt::format("model type {}", settings.model_type), file,
                       "a byte-pair model (type 2), as Llama-2's");
  if (!settings.byte_fallback)
    return unsupported("no byte fallback", file, "bytes for characters without a piece");
  if (settings.normalizer != "identity" || settings.remove_extra_spaces)
    return unsupported("normaliser \"" + settings.normalizer + "\"", file,
                       "\"identity\", with all spaces kept");
  return {};
}

std::optional<Token> token_of(std::int64_t id, std::size_t count) {
  if (id < 0 || static_cast<std::size_t>(id) >= count) return std::nullopt;
  return static_cast<Token>(id);
}

}  // namespace

Result<ScoredPieces> parse_sentencepiece_model(std::string_view bytes, const std::string& file) {
  Model model;
  if (!read_model(bytes, model)) {
    return Error{ErrorCode::malformed, fmt::format("{} bytes that are none", bytes.size())}
        .in_file(file)
        .expecting("a SentencePiece model")
        .way("check that the file was copied whole");
  }
  CANDOR_CHECK(check(model.settings, file));
  ScoredPieces all;
  all.begin = token_of(model.settings.begin, model.pieces.size());
  all.end = token_of(model.settings.end, model.pieces.size());
  all.add_space_prefix = model.settings.add_space_prefix;
  all.pieces = std::move(model.pieces);
  return all;
}

}  // namespace candor::tokenizer
