#include "tokenizer/out_of_vocabulary.h"

#include <fmt/format.h>

namespace candor::tokenizer {

Error out_of_vocabulary(std::span<const Token> tokens, std::size_t place, std::size_t vocabulary) {
  return Error{ErrorCode::out_of_range, fmt::format("token {} at place {}", tokens[place], place)}
      .expecting(fmt::format("0 to {}", vocabulary - 1))
      .way("decode with the tokenizer that belongs to the model");
}

}  // namespace candor::tokenizer
