// tokenizer.json's "pre_tokenizer".
#include <fmt/format.h>

#include "tokenizer/pre_tokenizer.h"

namespace candor::tokenizer {

const std::string_view gpt2_pattern =
    R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";

namespace {

struct Reader {
  std::vector<SplitRule> rules;
  bool has_byte_level = false;

  Status read(const JsonPlace& place) {
    CANDOR_TRY(const JsonPlace type, place.at("type"));
    const std::string name = type.value().is_string() ? type.value().get<std::string>() : "";
    if (name == "Sequence") return read_sequence(place);
    if (has_byte_level)
      return type.error(ErrorCode::unsupported, fmt::format("{} after ByteLevel", name))
          .expecting("ByteLevel as the last step");
    if (name == "ByteLevel") return read_byte_level(place);
    if (name == "Split") return read_split(place);
    if (name == "Digits") return read_digits(place);
    return type.error(ErrorCode::unsupported, name)
        .expecting("one of ByteLevel, Split, Digits, Sequence")
        .way("use a model whose vocabulary is byte-level BPE or SentencePiece");
  }

  Status read_sequence(const JsonPlace& place) {
    CANDOR_TRY(const JsonPlace list, place.at("pretokenizers"));
    CANDOR_TRY(const std::vector<JsonPlace> steps, list.items());
    for (const JsonPlace& step : steps) CANDOR_CHECK(read(step));
    return {};
  }

  Status read_byte_level(const JsonPlace& place) {
    has_byte_level = true;
    CANDOR_TRY(const bool prefix, place.flag("add_prefix_space", false));
    if (prefix)
      return place.error(ErrorCode::unsupported, "add_prefix_space true")
          .expecting("false, so that decoding gives the text back")
          .way("set it to false and write the space into the texts");
    CANDOR_TRY(const bool use_regex, place.flag("use_regex", true));
    if (use_regex) return add(place, std::string(gpt2_pattern), SplitBehaviour::isolated, false);
    return {};
  }

  Status read_digits(const JsonPlace& place) {
    CANDOR_TRY(const bool individual, place.flag("individual_digits", false));
    return add(place, R"(\p{N})",
               individual ? SplitBehaviour::isolated : SplitBehaviour::contiguous, false);
  }

  Status read_split(const JsonPlace& place) {
    CANDOR_TRY(const bool invert, place.flag("invert", false));
    CANDOR_TRY(const SplitBehaviour behaviour, behaviour_of(place));
    CANDOR_TRY(const JsonPlace pattern, place.at("pattern"));
    const bool regex = pattern.has("Regex");
    CANDOR_TRY(const JsonPlace source, pattern.at(regex ? "Regex" : "String"));
    CANDOR_TRY(const std::string text, source.text());
    if (text.empty()) return source.wrong_type("a pattern that is not empty");
    if (regex) return add(source, text, behaviour, invert);
    CANDOR_TRY(Pattern literal, Pattern::literal(text));
    rules.push_back({std::move(literal), behaviour, invert});
    return {};
  }

  static Result<SplitBehaviour> behaviour_of(const JsonPlace& place) {
    CANDOR_TRY(const JsonPlace field, place.at("behavior"));
    CANDOR_TRY(const std::string name, field.text());
    if (name == "Isolated") return SplitBehaviour::isolated;
    if (name == "MergedWithPrevious") return SplitBehaviour::with_previous;
    if (name == "MergedWithNext") return SplitBehaviour::with_next;
    if (name == "Contiguous") return SplitBehaviour::contiguous;
    return field.error(ErrorCode::unsupported, name)
        .expecting("one of Isolated, MergedWithPrevious, MergedWithNext, Contiguous");
  }

  Status add(const JsonPlace& place, const std::string& expression, SplitBehaviour behaviour,
             bool invert) {
    auto pattern = Pattern::compile(expression);
    if (!pattern.ok()) return Error(pattern.error()).in_field(place.field()).in_file(place.file());
    rules.push_back({std::move(pattern).value(), behaviour, invert});
    return {};
  }
};

}  // namespace

Result<PreTokenizer> PreTokenizer::read(const JsonPlace& place) {
  Reader reader;
  CANDOR_CHECK(reader.read(place));
  if (!reader.has_byte_level)
    return place.error(ErrorCode::unsupported, "no step ByteLevel")
        .expecting("ByteLevel as the last step");
  return PreTokenizer(std::move(reader.rules));
}

}  // namespace candor::tokenizer
