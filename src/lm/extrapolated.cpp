#include "lm/extrapolated.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "candor/base/math.h"
#include "candor/base/text.h"
#include "candor/lm/language_model.h"
#include "lm/exceptions.h"
#include "lm/micro_batches.h"

namespace candor::lm {

namespace {

using policy::Sequence;
using policy::Token;

void extrapolate_into(std::vector<float>& newer, std::span<const float> older, double a) {
  for (std::size_t i = 0; i < newer.size(); ++i)
    newer[i] = static_cast<float>((1.0 + a) * double{newer[i]} - a * double{older[i]});
}

// Two decoders that are fed the same.
class ExtrapolatedDecoder final : public Decoder {
 public:
  ExtrapolatedDecoder(std::unique_ptr<Decoder> newer, std::unique_ptr<Decoder> older, double a)
      : newer_(std::move(newer)), older_(std::move(older)), a_(a) {}

  Result<std::vector<float>> next(std::span<const Token> tokens, std::size_t columns,
                                  std::span<const std::size_t> first) override {
    CANDOR_TRY(std::vector<float> newer, newer_->next(tokens, columns, first));
    CANDOR_TRY(const std::vector<float> older, older_->next(tokens, columns, first));
    extrapolate_into(newer, older, a_);
    return newer;
  }

  Status keep(std::span<const std::size_t> rows) override {
    CANDOR_CHECK(newer_->keep(rows));
    return older_->keep(rows);
  }

 private:
  std::unique_ptr<Decoder> newer_;
  std::unique_ptr<Decoder> older_;
  double a_;
};

double log_probability(std::span<const float> logits, Token token) {
  const double largest = double{*std::max_element(logits.begin(), logits.end())};
  double sum = 0.0;
  for (const float logit : logits) sum += portable_exp(double{logit} - largest);
  return double{logits[static_cast<std::size_t>(token)]} - largest - portable_log(sum);
}

Error not_trainable() {
  return Error{ErrorCode::unsupported, "an extrapolated policy"}
      .expecting("a policy of one network")
      .way("train, or save, the newer of the two policies that it was made of");
}

Result<const LogitPolicy*> of_this_library(const policy::Policy& policy) {
  const auto* ours = dynamic_cast<const LogitPolicy*>(&policy);
  if (ours != nullptr) return ours;
  return Error{ErrorCode::unsupported, "a policy without logits"}.expecting(
      "one made by load_policy, create_policy or extrapolate");
}

Status check_sequences(std::span<const Sequence> sequences, const LogitModel& model) {
  for (std::size_t i = 0; i < sequences.size(); ++i)
    CANDOR_CHECK(check_sequence(sequences[i], i, model.vocabulary(), model.context()));
  return {};
}

}  // namespace

ExtrapolatedLogits::ExtrapolatedLogits(std::shared_ptr<LogitModel> newer,
                                       std::shared_ptr<LogitModel> older, double a)
    : newer_(std::move(newer)), older_(std::move(older)), a_(a) {}

std::size_t ExtrapolatedLogits::context() const {
  return std::min(newer_->context(), older_->context());
}

std::size_t ExtrapolatedLogits::tokens_at_once() const {
  return std::min(newer_->tokens_at_once(), older_->tokens_at_once());
}

Result<std::unique_ptr<Decoder>> ExtrapolatedLogits::decoder() {
  CANDOR_TRY(std::unique_ptr<Decoder> newer, newer_->decoder());
  CANDOR_TRY(std::unique_ptr<Decoder> older, older_->decoder());
  return std::unique_ptr<Decoder>(
      std::make_unique<ExtrapolatedDecoder>(std::move(newer), std::move(older), a_));
}

Result<std::vector<float>> ExtrapolatedLogits::answer_logits(std::span<const Sequence> sequences) {
  CANDOR_TRY(std::vector<float> newer, newer_->answer_logits(sequences));
  CANDOR_TRY(const std::vector<float> older, older_->answer_logits(sequences));
  extrapolate_into(newer, older, a_);
  return newer;
}

Result<std::vector<double>> ExtrapolatedPolicy::scores(std::span<const Sequence> sequences) {
  CANDOR_CHECK(check_sequences(sequences, *logits_));
  std::vector<std::size_t> lengths;
  for (const Sequence& sequence : sequences) lengths.push_back(sequence.tokens.size());
  std::vector<double> scores(sequences.size(), 0.0);
  for (const std::vector<std::size_t>& rows : micro_batches(lengths, logits_->tokens_at_once())) {
    std::vector<Sequence> batch;
    for (const std::size_t row : rows) batch.push_back(sequences[row]);
    CANDOR_TRY(const std::vector<float> logits, logits_->answer_logits(batch));
    std::size_t at = 0;
    for (const std::size_t row : rows)
      for (const Token token : sequences[row].answer()) {
        scores[row] += log_probability(std::span(logits).subspan(at, vocabulary()), token);
        at += vocabulary();
      }
  }
  return scores;
}

Result<std::vector<double>> ExtrapolatedPolicy::forward(std::span<const Sequence> /*sequences*/) {
  return not_trainable();
}
Status ExtrapolatedPolicy::backward(std::span<const double> /*derivative*/) {
  return not_trainable();
}
Result<policy::StepReport> ExtrapolatedPolicy::step(const policy::StepOptions& /*options*/) {
  return not_trainable();
}
Status ExtrapolatedPolicy::save_state(const std::string& /*folder*/) const {
  return not_trainable();
}
Status ExtrapolatedPolicy::load_state(const std::string& /*folder*/) {
  return not_trainable();
}
Status ExtrapolatedPolicy::save_model(const std::string& /*folder*/) const {
  return not_trainable();
}
Result<checkpoint::ModelTensors> ExtrapolatedPolicy::tensors() const {
  return not_trainable();
}

Result<std::vector<Sequence>> ExtrapolatedPolicy::generate(
    std::span<const std::vector<Token>> prompts, const policy::GenerateOptions& options,
    std::uint64_t seed) {
  return lm::generate(*logits_, prompts, options, seed);
}

Result<std::unique_ptr<policy::Policy>> ExtrapolatedPolicy::frozen_copy() const {
  return std::unique_ptr<policy::Policy>(std::make_unique<ExtrapolatedPolicy>(logits_));
}

Result<std::unique_ptr<policy::Policy>> extrapolate(const policy::Policy& newer,
                                                    const policy::Policy& older, double a) {
  if (!std::isfinite(a) || a < 0.0)
    return Error{ErrorCode::out_of_range, number_text(a)}.in_field("a").expecting("a number >= 0");
  CANDOR_TRY(const LogitPolicy* newer_policy, of_this_library(newer));
  CANDOR_TRY(const LogitPolicy* older_policy, of_this_library(older));
  if (newer.vocabulary() != older.vocabulary())
    return Error{ErrorCode::invalid_argument, "vocabularies of " +
                                                  std::to_string(newer.vocabulary()) + " and " +
                                                  std::to_string(older.vocabulary()) + " tokens"}
        .expecting("two policies of one tokenizer");
  CANDOR_TRY(std::shared_ptr<LogitModel> newer_logits, newer_policy->frozen_logits());
  CANDOR_TRY(std::shared_ptr<LogitModel> older_logits, older_policy->frozen_logits());
  auto logits =
      std::make_shared<ExtrapolatedLogits>(std::move(newer_logits), std::move(older_logits), a);
  return std::unique_ptr<policy::Policy>(std::make_unique<ExtrapolatedPolicy>(std::move(logits)));
}

}  // namespace candor::lm
