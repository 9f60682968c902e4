// Texts that end an answer where they first occur in it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "candor/tokenizer/tokenizer.h"

namespace candor::app {

/// Cuts `answer` before the first occurrence of any of the texts (the earliest of all; none of them
/// is empty). Returns whether one occurred.
/// Worked: "Yes.\nUser: why?", {"User:", "\n"} -> "Yes.", true.
bool cut_at_stop(std::string& answer, std::span<const std::string> stops);

/// Those of the texts that are one token each: generation can end there and save the rest. (Others
/// are found in the finished answer.)
[[nodiscard]] std::vector<tokenizer::Token> stop_tokens(const tokenizer::Tokenizer& tokenizer,
                                                        std::span<const std::string> stops);

}  // namespace candor::app
