// A language model for tests: a table from (weekday, hour of the day) to one of the hundred
// forecasts that can be written. It sees of a prompt its first three tokens, writes only
// well-formed forecasts, and is trained like any policy.
#pragma once

#include <memory>
#include <vector>

#include "candor/navigation/forecast.h"
#include "candor/policy/tabular_policy.h"
#include "candor/tokenizer/tokenizer.h"

namespace candor::navigation {

class HourPolicy final : public policy::Policy {
 public:
  static Result<std::unique_ptr<policy::Policy>> create(const tokenizer::Tokenizer& tokenizer) {
    policy::TabularShape shape;
    for (Stamp stamp = 0; stamp < 168; ++stamp) {
      const Hour hour{.stamp = stamp};
      shape.prompts.push_back(seen(tokenizer.encode(prompt_text(hour))));
    }
    for (int volume = 0; volume <= highest_forecast; volume += 100) {
      shape.answers.push_back(tokenizer.encode(forecast_text(volume)));
      shape.answers.back().push_back(*tokenizer.end());
    }
    CANDOR_TRY(auto table, policy::TabularPolicy::create(std::move(shape)));
    return std::unique_ptr<policy::Policy>(new HourPolicy(std::move(table)));
  }

  Result<std::vector<double>> scores(std::span<const policy::Sequence> list) override {
    return table_->scores(seen(list));
  }
  Result<std::vector<double>> forward(std::span<const policy::Sequence> list) override {
    return table_->forward(seen(list));
  }
  Status backward(std::span<const double> derivative) override {
    return table_->backward(derivative);
  }
  Result<policy::StepReport> step(const policy::StepOptions& options) override {
    return table_->step(options);
  }
  Status save_state(const std::string& folder) const override { return table_->save_state(folder); }
  Status load_state(const std::string& folder) override { return table_->load_state(folder); }
  Result<std::unique_ptr<policy::Policy>> frozen_copy() const override {
    CANDOR_TRY(auto copy, table_->frozen_copy());
    return std::unique_ptr<policy::Policy>(new HourPolicy(std::move(copy)));
  }
  Status save_model(const std::string& folder) const override { return table_->save_model(folder); }
  [[nodiscard]] std::size_t vocabulary() const override { return table_->vocabulary(); }
  [[nodiscard]] std::size_t context() const override { return 64; }

  Result<std::vector<policy::Sequence>> generate(
      std::span<const std::vector<policy::Token>> prompts, const policy::GenerateOptions& options,
      std::uint64_t seed) override {
    std::vector<std::vector<policy::Token>> cut;
    for (const auto& prompt : prompts) cut.push_back(seen(prompt));
    CANDOR_TRY(auto written, table_->generate(cut, options, seed));
    for (std::size_t i = 0; i < written.size(); ++i) {
      const auto answer = written[i].answer();
      policy::Sequence whole{prompts[i], prompts[i].size()};
      whole.tokens.insert(whole.tokens.end(), answer.begin(), answer.end());
      written[i] = std::move(whole);
    }
    return written;
  }

 private:
  explicit HourPolicy(std::unique_ptr<policy::Policy> table) : table_(std::move(table)) {}
  static std::vector<policy::Token> seen(std::span<const policy::Token> prompt) {
    return {prompt.begin(), prompt.begin() + 3};  // "fri", " 1", "7"
  }
  static std::vector<policy::Sequence> seen(std::span<const policy::Sequence> list) {
    std::vector<policy::Sequence> cut;
    for (const policy::Sequence& sequence : list) {
      cut.push_back({seen(sequence.prompt()), 3});
      const auto answer = sequence.answer();
      cut.back().tokens.insert(cut.back().tokens.end(), answer.begin(), answer.end());
    }
    return cut;
  }

  std::unique_ptr<policy::Policy> table_;
};

}  // namespace candor::navigation
