#include "tokenizer/pre_tokenizer_presets.h"

#include <fmt/format.h>

#include <array>

namespace candor::tokenizer {
namespace {

using nlohmann::json;

json byte_level(bool use_regex) {
  return {{"type", "ByteLevel"},
          {"add_prefix_space", false},
          {"trim_offsets", true},
          {"use_regex", use_regex}};
}

json sequence(const json& first, const json& second) {
  return {{"type", "Sequence"}, {"pretokenizers", json::array({first, second})}};
}

// The pattern of Llama-3 and Qwen2; they differ in how many digits go together.
json by_words(std::string_view numbers) {
  const std::string pattern =
      fmt::format(R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{{L}}\p{{N}}]?\p{{L}}+|{}|)"
                  R"( ?[^\s\p{{L}}\p{{N}}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)",
                  numbers);
  const json split = {{"type", "Split"},
                      {"pattern", {{"Regex", pattern}}},
                      {"behavior", "Isolated"},
                      {"invert", false}};
  return sequence(split, byte_level(false));
}

PreTokenizerPreset gpt2() {
  return {gpt2_pre_tokenizer(false), nullptr};
}
PreTokenizerPreset smollm() {
  return {gpt2_pre_tokenizer(true), nullptr};
}
PreTokenizerPreset llama3() {
  return {by_words(R"(\p{N}{1,3})"), nullptr, true, true};
}
PreTokenizerPreset qwen2() {
  return {by_words(R"(\p{N})"), {{"type", "NFC"}}};
}

struct Named {
  std::string_view name;
  PreTokenizerPreset (*make)();
};

constexpr std::array<Named, 6> presets = {{{"default", gpt2},
                                           {"gpt-2", gpt2},
                                           {"smollm", smollm},
                                           {"starcoder", smollm},
                                           {"llama-bpe", llama3},
                                           {"qwen2", qwen2}}};

}  // namespace

json gpt2_pre_tokenizer(bool single_digits) {
  if (!single_digits) return byte_level(true);
  return sequence({{"type", "Digits"}, {"individual_digits", true}}, byte_level(true));
}

std::optional<PreTokenizerPreset> find_preset(std::string_view name) {
  for (const Named& preset : presets)
    if (preset.name == name) return preset.make();
  return std::nullopt;
}

std::string preset_names() {
  std::string all;
  for (const Named& preset : presets)
    all += fmt::format("{}{}", all.empty() ? "" : ", ", preset.name);
  return all;
}

}  // namespace candor::tokenizer
