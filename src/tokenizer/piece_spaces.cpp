#include "tokenizer/piece_spaces.h"

#include <fmt/format.h>

namespace candor::tokenizer {
namespace {

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string out;
  for (;;) {
    const std::size_t at = text.find(from);
    out += text.substr(0, at);
    if (at == std::string_view::npos) return out;
    out += to;
    text.remove_prefix(at + from.size());
  }
}

Error unknown(const JsonPlace& place, const std::string& found) {
  return place.error(ErrorCode::unsupported, found)
      .expecting("Prepend of U+2581, Replace of a space by it, a Sequence of these, or Metaspace")
      .way("take the model's SentencePiece file (tokenizer.model), where it has one");
}

// What the steps of a normalizer do together.
struct Steps {
  bool prepends = false;
  bool replaces = false;

  Status read(const JsonPlace& place) {
    CANDOR_TRY(const std::string type, place.text("type", ""));
    if (type == "Sequence") return read_all(place);
    CANDOR_TRY(const std::string prepended, place.text("prepend", ""));
    CANDOR_TRY(const std::string content, place.text("content", ""));
    const bool of_space =
        place.has("pattern") && place.value()["pattern"] == nlohmann::json{{"String", " "}};
    if (type == "Prepend" && prepended == space_mark)
      prepends = true;
    else if (type == "Replace" && of_space && content == space_mark)
      replaces = true;
    else
      return unknown(place, type);
    return {};
  }

  Status read_all(const JsonPlace& place) {
    CANDOR_TRY(const JsonPlace list, place.at("normalizers"));
    CANDOR_TRY(const std::vector<JsonPlace> items, list.items());
    for (const JsonPlace& item : items) CANDOR_CHECK(read(item));
    return {};
  }
};

Result<SpacePrefix> from_metaspace(const JsonPlace& place) {
  CANDOR_TRY(const std::string type, place.text("type", ""));
  CANDOR_TRY(const std::string mark, place.text("replacement", space_mark));
  CANDOR_TRY(const bool split, place.flag("split", true));
  if (type != "Metaspace" || mark != space_mark || split)
    return unknown(place, fmt::format("{} with split {}", type, split));
  CANDOR_TRY(const std::string scheme, place.text("prepend_scheme", "always"));
  if (scheme == "always") return SpacePrefix::unless_there;
  if (scheme == "first") return SpacePrefix::only_first;
  if (scheme == "never") return SpacePrefix::never;
  return unknown(place, "prepend_scheme " + scheme);
}

}  // namespace

Result<SpacePrefix> read_space_prefix(const JsonPlace& root) {
  Steps steps;
  if (root.has("normalizer")) {
    CANDOR_TRY(const JsonPlace place, root.at("normalizer"));
    CANDOR_CHECK(steps.read(place));
  }
  if (root.has("pre_tokenizer")) {
    CANDOR_TRY(const JsonPlace place, root.at("pre_tokenizer"));
    if (steps.prepends || steps.replaces) return unknown(place, "both kinds of steps");
    return from_metaspace(place);
  }
  if (!steps.replaces) return unknown(root, "spaces as they are");
  return steps.prepends ? SpacePrefix::always : SpacePrefix::never;
}

std::string mark_spaces(std::string_view text, SpacePrefix prefix, bool first) {
  std::string marked = replaced(text, " ", space_mark);
  if (marked.empty() || prefix == SpacePrefix::never) return marked;
  if (prefix != SpacePrefix::always && marked.starts_with(space_mark)) return marked;
  if (prefix == SpacePrefix::only_first && !first) return marked;
  return std::string(space_mark) + marked;
}

std::string unmark_spaces(std::string_view text) {
  return replaced(text, space_mark, " ");
}

}  // namespace candor::tokenizer
