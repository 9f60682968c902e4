// The vocabulary files of llama2.c ("tok512.bin", "tokenizer.bin").
#pragma once

#include <string_view>

#include "tokenizer/scored_pieces.h"

namespace candor::tokenizer {

/// int32 longest piece; then for each token float32 score, int32 length, its bytes (little endian;
/// spaces as such). 0 unknown, 1 begin, 2 end, 3 .. 258 the bytes.
/// Errors: malformed where the bytes end within a token, a length is not in 0 .. the longest, or
/// the tokens of bytes are not where they belong.
[[nodiscard]] Result<ScoredPieces> parse_llama2c_vocabulary(std::string_view bytes,
                                                            const std::string& file);

}  // namespace candor::tokenizer
