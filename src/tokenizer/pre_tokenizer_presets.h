// The ways of cutting that GGUF files know by name only.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace candor::tokenizer {

/// What tokenizer.json of the model that the name stands for says.
struct PreTokenizerPreset {
  nlohmann::json pre_tokenizer;
  nlohmann::json normalizer;
  bool whole_pieces_first = false;  ///< "ignore_merges"
  bool add_begin = false;           ///< where the file does not say
};

/// Empty for a name that is not known.
[[nodiscard]] std::optional<PreTokenizerPreset> find_preset(std::string_view name);

/// "default, gpt-2, ...", for messages.
[[nodiscard]] std::string preset_names();

/// Cuts each digit off if asked for, then by GPT-2's pattern.
[[nodiscard]] nlohmann::json gpt2_pre_tokenizer(bool single_digits);

}  // namespace candor::tokenizer
