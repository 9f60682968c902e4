// A campaign small enough to be followed by hand: four words, one prompt, a bigram policy.
#pragma once

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>

#include "candor/base/random.h"
#include "candor/campaign/campaign.h"
#include "candor/policy/bigram_policy.h"

namespace candor::campaign::toy {

constexpr tokenizer::Token question = 0;
constexpr tokenizer::Token good = 1;
constexpr tokenizer::Token bad = 2;
constexpr tokenizer::Token end = 3;

// "?" "good" "bad" and the end token; a prompt is "?", an answer "good" or "bad".
class Words final : public tokenizer::Tokenizer {
 public:
  [[nodiscard]] std::vector<tokenizer::Token> encode(std::string_view text,
                                                     tokenizer::Specials) const override {
    return {text == "?" ? question : text == "good" ? good : bad};
  }
  [[nodiscard]] Result<std::string> decode(
      std::span<const tokenizer::Token> tokens) const override {
    std::string text;
    for (const tokenizer::Token token : tokens)
      text += token == good ? "good" : token == bad ? "bad" : token == question ? "?" : "";
    return text;
  }
  [[nodiscard]] std::size_t vocabulary() const override { return 4; }
  [[nodiscard]] std::optional<tokenizer::Token> begin() const override { return {}; }
  [[nodiscard]] std::optional<tokenizer::Token> end() const override { return toy::end; }
  [[nodiscard]] std::optional<tokenizer::Token> find(std::string_view) const override { return {}; }
  [[nodiscard]] std::optional<std::string> chat_template() const override { return {}; }
  [[nodiscard]] Status save(const std::string&) const override { return {}; }
};

// After "?" come good and bad, equally likely; after either, the end.
inline std::unique_ptr<policy::BigramPolicy> even_policy() {
  auto policy = policy::BigramPolicy::create({.vocabulary = 4, .context = 4});
  for (const tokenizer::Token previous : {question, good, bad, end})
    for (const tokenizer::Token next : {question, good, bad, end}) {
      const bool likely = previous == question ? next == good || next == bad : next == end;
      (*policy)->logits(previous)[static_cast<std::size_t>(next)] = likely ? 0.0 : -40.0;
    }
  return std::move(*policy);
}

inline double probability_of_good(policy::Policy& policy) {
  const policy::Sequence answer{{question, good, end}, 1};
  return std::exp((*policy.scores(std::span(&answer, 1)))[0]);
}

// Every worker prefers "good" with the confidence given for it; some never answer.
class Crowd final : public Task {
 public:
  explicit Crowd(std::vector<double> confidence) : confidence_(std::move(confidence)) {
    for (std::size_t i = 0; i < confidence_.size(); ++i)
      names_.push_back("worker-" + std::to_string(i));
  }
  [[nodiscard]] const std::vector<std::string>& workers() const override { return names_; }
  [[nodiscard]] std::size_t prompts() const override { return 1; }
  [[nodiscard]] std::string prompt(std::size_t) const override { return "?"; }
  Result<std::optional<std::vector<WorkerReport>>> reports(const Question& q,
                                                           std::span<const WorkerId> asked,
                                                           std::uint64_t) override {
    if (silent_from && q.slot == *silent_from) return std::optional<std::vector<WorkerReport>>{};
    std::vector<WorkerReport> reports;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      const WorkerId worker{static_cast<std::uint32_t>(i)};
      const bool comes =
          asked.empty() || std::find(asked.begin(), asked.end(), worker) != asked.end();
      if (comes && confidence_[i] >= 0.0) reports.push_back({worker, report_of(q, confidence_[i])});
    }
    return std::optional(std::move(reports));
  }
  Result<std::optional<double>> outcome(const Question& q) override {
    return std::optional(report_of(q, 1.0));
  }

  std::optional<std::string> silent_from;  // the slot whose reports are not there yet

 private:
  static double report_of(const Question& q, double confidence) {
    if (q.answer[0] == q.answer[1]) return 0.5;
    return q.answer[0] == "good" ? confidence : 1.0 - confidence;
  }
  std::vector<double> confidence_;
  std::vector<std::string> names_;
};

inline CampaignOptions options() {
  CampaignOptions options;
  options.name = "toy";
  options.mechanism.weighted_score.step_size = 0.2;
  options.rounds = 2;
  options.slots_per_round = 8;
  options.generate.max_tokens = 2;
  options.generate.stop = {end};
  options.train.batch = 4;
  options.train.epochs = 4;
  options.train.step.learning_rate = 0.2;
  options.train.step.max_gradient_norm = 0.0;
  return options;
}

inline std::string fresh_folder(const std::string& name) {
  const auto path = std::filesystem::temp_directory_path() /
                    ("candor_campaign_" + std::to_string(::getpid()) + "_" + name);
  std::filesystem::remove_all(path);
  return path;
}

}  // namespace candor::campaign::toy
