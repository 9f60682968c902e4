// tokenizer.json's "model.merges".
#pragma once

#include <cstdint>
#include <span>

#include "tokenizer/merge_table.h"
#include "tokenizer/vocabulary.h"

namespace candor::tokenizer {

/// "model.merges" of either kind of vocabulary, as texts "a b" or as pairs ["a","b"].
/// ranks: of each merge; empty for 0, 1, 2, ...
/// Errors: malformed, where one of the three tokens of a merge is missing; unsupported, where a
/// merge would make a special token out of text.
[[nodiscard]] Result<MergeTable> read_merges(const JsonPlace& model, const Vocabulary& vocabulary,
                                             std::span<const std::uint32_t> ranks);

}  // namespace candor::tokenizer
