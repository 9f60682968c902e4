// lm/generate.h
// Writing answers with any model that can say what comes next. Knows nothing of tensors, so that it
// is tested with models small enough to follow by hand.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "candor/base/result.h"
#include "candor/policy/policy.h"

namespace candor::lm {

/// A batch of texts that grow, with what the model remembers of them.
class Decoder {
 public:
  Decoder() = default;
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;
  virtual ~Decoder() = default;

  /// Adds `columns` tokens to each row (tokens [rows, columns]) and gives the logits of what comes
  /// after the last, [rows, vocabulary]. first[r]: the column, counted from the first call, where
  /// row r's text begins; before it is padding. The same in every call, save for rows that keep()
  /// dropped.
  virtual Result<std::vector<float>> next(std::span<const policy::Token> tokens,
                                          std::size_t columns,
                                          std::span<const std::size_t> first) = 0;
  /// Only these rows go on, in this order.
  virtual Status keep(std::span<const std::size_t> rows) = 0;
};

class LogitModel {
 public:
  LogitModel() = default;
  LogitModel(const LogitModel&) = delete;
  LogitModel& operator=(const LogitModel&) = delete;
  virtual ~LogitModel() = default;

  [[nodiscard]] virtual std::size_t vocabulary() const = 0;
  [[nodiscard]] virtual std::size_t context() const = 0;
  /// Tokens that may go through at once (ModelOptions).
  [[nodiscard]] virtual std::size_t tokens_at_once() const = 0;
  virtual Result<std::unique_ptr<Decoder>> decoder() = 0;
  /// The logits that predicted each answer token: [answer tokens of all sequences in order,
  /// vocabulary]. The sequences are checked and few enough to go through at once.
  virtual Result<std::vector<float>> answer_logits(std::span<const policy::Sequence> sequences) = 0;
};

/// Policy::generate for such a model: prompts sorted by length into batches, padded on the left;
/// one pass over the prompts, then one a token, with the keys and values of what went before kept.
/// A row whose answer is done is no longer computed once a quarter of its batch is done.
Result<std::vector<policy::Sequence>> generate(LogitModel& model,
                                               std::span<const std::vector<policy::Token>> prompts,
                                               const policy::GenerateOptions& options,
                                               std::uint64_t seed);

}  // namespace candor::lm
