#pragma once

#include <span>

#include "candor/tokenizer/tokenizer.h"

namespace candor::tokenizer {

/// The error of decoding tokens[place], which is no token of the vocabulary.
[[nodiscard]] Error out_of_vocabulary(std::span<const Token> tokens, std::size_t place,
                                      std::size_t vocabulary);

}  // namespace candor::tokenizer
