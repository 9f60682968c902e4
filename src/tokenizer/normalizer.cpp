#include "tokenizer/normalizer.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "tokenizer/utf8.h"

namespace candor::tokenizer {
namespace {

Result<Normalizer> read_step(const JsonPlace& place) {
  CANDOR_TRY(const JsonPlace type, place.at("type"));
  CANDOR_TRY(const std::string name, type.text());
  if (name == "NFC") return Normalizer::nfc;
  if (name != "Sequence")
    return type.error(ErrorCode::unsupported, name)
        .expecting("no normalizer, NFC, or a Sequence of these")
        .way("use a vocabulary that keeps the text as it is");
  CANDOR_TRY(const JsonPlace list, place.at("normalizers"));
  CANDOR_TRY(const std::vector<JsonPlace> steps, list.items());
  Normalizer all = Normalizer::none;
  for (const JsonPlace& step : steps) {
    CANDOR_TRY(const Normalizer one, read_step(step));
    all = std::max(all, one);
  }
  return all;
}

// utf8proc knows every assigned character, so it fails only where memory runs out.
void append_composed(std::string_view valid, std::string& out) {
  utf8proc_uint8_t* composed = nullptr;
  const auto length =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(valid.data()),
                   static_cast<utf8proc_ssize_t>(valid.size()), &composed,
                   static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(composed, &std::free);
  if (length < 0)
    out += valid;
  else
    out.append(reinterpret_cast<const char*>(composed), static_cast<std::size_t>(length));
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<signed char>(c) >= 0; });
}

}  // namespace

Result<Normalizer> read_normalizer(const JsonPlace& root) {
  if (!root.has("normalizer")) return Normalizer::none;
  CANDOR_TRY(const JsonPlace place, root.at("normalizer"));
  return read_step(place);
}

std::string normalize(Normalizer normalizer, std::string_view text) {
  if (normalizer == Normalizer::none || is_ascii(text)) return std::string(text);
  std::string out;
  for_each_run(
      text, [&](std::string_view valid) { append_composed(valid, out); },
      [&](std::string_view bytes) { out += bytes; });
  return out;
}

}  // namespace candor::tokenizer
