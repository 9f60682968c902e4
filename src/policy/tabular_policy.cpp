#include "candor/policy/tabular_policy.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "candor/base/math.h"
#include "candor/policy/draw.h"
#include "policy/json_file.h"
#include "policy/scorer_errors.h"

namespace candor::policy {
namespace {

using Texts = std::vector<std::vector<Token>>;
constexpr const char* model_file = "tabular.json";

std::size_t longest(const Texts& list) {
  std::size_t length = 0;
  for (const auto& tokens : list) length = std::max(length, tokens.size());
  return length;
}

std::size_t largest(const Texts& list) {
  Token token = 0;
  for (const auto& tokens : list)
    token = std::max(token, *std::max_element(tokens.begin(), tokens.end()));
  return static_cast<std::size_t>(token);
}

Status check_room(const GenerateOptions& options, const Texts& answers) {
  CANDOR_CHECK(check(options));
  if (options.max_tokens >= longest(answers)) return {};
  return Error{ErrorCode::out_of_range, std::to_string(options.max_tokens)}
      .in_field("max_tokens")
      .expecting("at least " + std::to_string(longest(answers)) + ", the longest answer's length");
}

}  // namespace

TabularPolicy::TabularPolicy(TabularIndex index)
    : index_(std::move(index)),
      table_(index_.shape().prompts.size(), index_.shape().answers.size(),
             index_.shape().optimiser) {}

Result<std::unique_ptr<TabularPolicy>> TabularPolicy::create(TabularShape shape) {
  CANDOR_TRY(TabularIndex index, TabularIndex::create(std::move(shape)));
  return std::unique_ptr<TabularPolicy>(new TabularPolicy(std::move(index)));
}

Result<std::unique_ptr<TabularPolicy>> TabularPolicy::open(const std::string& folder) {
  const std::string path = (std::filesystem::path(folder) / model_file).string();
  CANDOR_TRY(const nlohmann::json object, read_json(path));
  TabularShape shape;
  CANDOR_TRY(shape.prompts, json_field<Texts>(object, "prompts", path));
  CANDOR_TRY(shape.answers, json_field<Texts>(object, "answers", path));
  CANDOR_TRY(const auto logits,
             json_field<std::vector<std::vector<double>>>(object, "logits", path));
  CANDOR_TRY(auto policy, create(std::move(shape)));
  const auto fits = [&](const auto& row) { return row.size() == policy->shape().answers.size(); };
  if (logits.size() != policy->shape().prompts.size() ||
      !std::all_of(logits.begin(), logits.end(), fits))
    return Error{ErrorCode::corrupt, "a table of another size"}
        .in_file(path)
        .in_field("logits")
        .expecting("a row for each prompt, a number in it for each answer");
  for (std::size_t x = 0; x < logits.size(); ++x)
    std::copy(logits[x].begin(), logits[x].end(), policy->logits(x).begin());
  return policy;
}

Result<std::vector<double>> TabularPolicy::scores(std::span<const Sequence> sequences) {
  CANDOR_TRY(const std::vector<TabularPlace> places, index_.find_all(sequences));
  std::vector<double> out;
  for (const TabularPlace& place : places)
    out.push_back(log_softmax(table_.row(place.prompt))[place.answer]);
  return out;
}

Result<std::vector<double>> TabularPolicy::forward(std::span<const Sequence> sequences) {
  if (frozen_) return frozen_error();
  CANDOR_TRY(std::vector<double> out, scores(sequences));
  CANDOR_TRY(pending_, index_.find_all(sequences));
  return out;
}

Status TabularPolicy::backward(std::span<const double> derivative) {
  if (frozen_) return frozen_error();
  CANDOR_CHECK(check_derivative(derivative, pending_.size()));
  for (std::size_t i = 0; i < pending_.size(); ++i) {  // d ln pi(y) / d l[z] = 1[z = y] - pi(z)
    const auto [prompt, answer] = pending_[i];
    const std::vector<double> probability = probabilities(prompt);
    const std::span<double> gradient = table_.gradient(prompt);
    for (std::size_t z = 0; z < probability.size(); ++z)
      gradient[z] += derivative[i] * ((z == answer ? 1.0 : 0.0) - probability[z]);
  }
  pending_.clear();
  return {};
}

Result<StepReport> TabularPolicy::step(const StepOptions& options) {
  if (frozen_) return frozen_error();
  return table_.step(options);
}

Status TabularPolicy::save_state(const std::string& folder) const {
  return table_.save(folder, index_.kind("tabular policy"));
}

Status TabularPolicy::load_state(const std::string& folder) {
  pending_.clear();
  return table_.load(folder, index_.kind("tabular policy"));
}

Result<std::vector<Sequence>> TabularPolicy::generate(std::span<const std::vector<Token>> prompts,
                                                      const GenerateOptions& options,
                                                      std::uint64_t seed) {
  CANDOR_CHECK(check_room(options, shape().answers));
  std::vector<Sequence> written;
  for (std::size_t i = 0; i < prompts.size(); ++i) {
    CANDOR_TRY(const std::size_t prompt, index_.find_prompt(prompts[i]));
    RandomStream random(seed, i);
    written.push_back(sequence(prompt, draw(table_.row(prompt), options, random)));
  }
  return written;
}

Result<std::unique_ptr<Policy>> TabularPolicy::frozen_copy() const {
  auto copy = std::unique_ptr<TabularPolicy>(new TabularPolicy(index_));
  copy->table_ = table_;
  copy->frozen_ = true;
  return std::unique_ptr<Policy>(std::move(copy));
}

Status TabularPolicy::save_model(const std::string& folder) const {
  nlohmann::json rows = nlohmann::json::array();
  for (std::size_t x = 0; x < table_.rows(); ++x)
    rows.push_back(std::vector(logits(x).begin(), logits(x).end()));
  return write_json_folder(
      folder, model_file,
      {{"prompts", shape().prompts}, {"answers", shape().answers}, {"logits", rows}});
}

std::size_t TabularPolicy::vocabulary() const {
  return std::max(largest(shape().prompts), largest(shape().answers)) + 1;
}

std::size_t TabularPolicy::context() const {
  return longest(shape().prompts) + longest(shape().answers);
}

std::vector<double> TabularPolicy::probabilities(std::size_t prompt) const {
  std::vector<double> x(logits(prompt).begin(), logits(prompt).end());
  softmax(x);
  return x;
}

}  // namespace candor::policy
