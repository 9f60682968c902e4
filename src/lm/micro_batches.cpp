#include "lm/micro_batches.h"

#include <algorithm>
#include <numeric>
#include <string>

namespace candor::lm {

std::vector<std::vector<std::size_t>> micro_batches(std::span<const std::size_t> lengths,
                                                    std::size_t token_limit) {
  std::vector<std::size_t> order(lengths.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return lengths[a] < lengths[b]; });
  std::vector<std::vector<std::size_t>> batches;
  for (const std::size_t row : order) {
    const bool fits = !batches.empty() && (batches.back().size() + 1) * lengths[row] <= token_limit;
    if (!fits) batches.emplace_back();
    batches.back().push_back(row);
  }
  return batches;
}

Status check_tokens(std::span<const policy::Token> tokens, std::size_t row, std::size_t vocabulary,
                    std::size_t context, std::string_view what) {
  const std::string name = std::string(what) + " " + std::to_string(row);
  if (tokens.size() > context)
    return Error{ErrorCode::out_of_range, std::to_string(tokens.size()) + " tokens"}
        .in_field(name)
        .expecting("at most the model's context, " + std::to_string(context) + " tokens")
        .way("shorten it");
  for (const policy::Token token : tokens)
    if (token < 0 || static_cast<std::size_t>(token) >= vocabulary)
      return Error{ErrorCode::out_of_range, "token " + std::to_string(token)}
          .in_field(name)
          .expecting("tokens from 0 to " + std::to_string(vocabulary - 1))
          .way("use the tokenizer that belongs to the model");
  return {};
}

Status check_sequence(const policy::Sequence& sequence, std::size_t row, std::size_t vocabulary,
                      std::size_t context) {
  if (sequence.prompt_length == 0 || sequence.prompt_length > sequence.tokens.size())
    return Error{ErrorCode::out_of_range, std::to_string(sequence.prompt_length)}
        .in_field("prompt_length of sequence " + std::to_string(row))
        .expecting("from 1 to the sequence's " + std::to_string(sequence.tokens.size()) +
                   " tokens");
  return check_tokens(sequence.tokens, row, vocabulary, context, "sequence");
}

}  // namespace candor::lm
