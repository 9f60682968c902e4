#include "candor/policy/bigram_policy.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "candor/base/math.h"
#include "candor/policy/draw.h"
#include "policy/json_file.h"
#include "policy/scorer_errors.h"

namespace candor::policy {
namespace {

constexpr const char* model_file = "bigram.json";
constexpr std::size_t largest_vocabulary = 4096;  // a table of 128 MiB, four times over

std::string kind_of(const BigramShape& shape) {
  return "bigram policy of " + std::to_string(shape.vocabulary) + " tokens";
}

Error shape_error(std::string_view field, std::size_t found, std::string_view expected) {
  return Error{ErrorCode::out_of_range, std::to_string(found)}.in_field(field).expecting(expected);
}

Status check_prompt_length(const Sequence& sequence) {
  if (sequence.prompt_length >= 1 && sequence.prompt_length <= sequence.tokens.size()) return {};
  return shape_error("prompt_length", sequence.prompt_length, "1 to the number of tokens");
}

Status check_room(std::span<const Token> prompt, std::size_t context) {
  if (prompt.empty())
    return Error{ErrorCode::out_of_range, "an empty prompt"}.expecting("at least one token");
  if (prompt.size() < context) return {};
  return Error{ErrorCode::out_of_range, "a prompt of " + std::to_string(prompt.size()) + " tokens"}
      .expecting("room for an answer in a context of " + std::to_string(context) + " tokens")
      .way("shorten the prompt");
}

}  // namespace

BigramPolicy::BigramPolicy(const BigramShape& shape)
    : shape_(shape), table_(shape.vocabulary, shape.vocabulary, shape.optimiser) {}

Result<std::unique_ptr<BigramPolicy>> BigramPolicy::create(const BigramShape& shape) {
  if (shape.vocabulary == 0 || shape.vocabulary > largest_vocabulary)
    return shape_error("vocabulary", shape.vocabulary, "1 to 4096 tokens");
  if (shape.context < 2) return shape_error("context", shape.context, "at least 2 tokens");
  return std::unique_ptr<BigramPolicy>(new BigramPolicy(shape));
}

Result<std::unique_ptr<BigramPolicy>> BigramPolicy::open(const std::string& folder) {
  const std::string path = (std::filesystem::path(folder) / model_file).string();
  CANDOR_TRY(const nlohmann::json object, read_json(path));
  BigramShape shape;
  CANDOR_TRY(shape.vocabulary, json_field<std::size_t>(object, "vocabulary", path));
  CANDOR_TRY(shape.context, json_field<std::size_t>(object, "context", path));
  CANDOR_TRY(const auto logits, json_field<std::vector<double>>(object, "logits", path));
  CANDOR_TRY(auto policy, create(shape));
  if (logits.size() != shape.vocabulary * shape.vocabulary)
    return Error{ErrorCode::corrupt, std::to_string(logits.size()) + " numbers"}
        .in_file(path)
        .in_field("logits")
        .expecting("vocabulary times vocabulary");
  std::copy(logits.begin(), logits.end(), policy->table_.values().begin());
  return policy;
}

Status BigramPolicy::check_tokens(std::span<const Token> tokens) const {
  if (tokens.size() > shape_.context)
    return Error{ErrorCode::out_of_range, std::to_string(tokens.size()) + " tokens"}.expecting(
        "at most the context of " + std::to_string(shape_.context));
  for (const Token token : tokens)
    if (token < 0 || static_cast<std::size_t>(token) >= shape_.vocabulary)
      return Error{ErrorCode::out_of_range, "token " + std::to_string(token)}.expecting(
          "a token below the vocabulary of " + std::to_string(shape_.vocabulary));
  return {};
}

Result<std::vector<double>> BigramPolicy::scores(std::span<const Sequence> sequences) {
  std::vector<double> out;
  for (const Sequence& sequence : sequences) {
    CANDOR_CHECK(check_tokens(sequence.tokens));
    CANDOR_CHECK(check_prompt_length(sequence));
    double score = 0.0;
    for (std::size_t t = sequence.prompt_length; t < sequence.tokens.size(); ++t)
      score +=
          log_softmax(logits(sequence.tokens[t - 1]))[static_cast<std::size_t>(sequence.tokens[t])];
    out.push_back(score);
  }
  return out;
}

Result<std::vector<double>> BigramPolicy::forward(std::span<const Sequence> sequences) {
  if (frozen_) return frozen_error();
  CANDOR_TRY(std::vector<double> out, scores(sequences));
  pending_.assign(sequences.begin(), sequences.end());
  return out;
}

Status BigramPolicy::backward(std::span<const double> derivative) {
  if (frozen_) return frozen_error();
  CANDOR_CHECK(check_derivative(derivative, pending_.size()));
  for (std::size_t i = 0; i < pending_.size(); ++i) {
    const std::vector<Token>& tokens = pending_[i].tokens;
    for (std::size_t t = pending_[i].prompt_length; t < tokens.size(); ++t) {
      const auto row = static_cast<std::size_t>(tokens[t - 1]);
      std::vector<double> probability(table_.row(row).begin(), table_.row(row).end());
      softmax(probability);
      const std::span<double> gradient = table_.gradient(row);
      for (std::size_t z = 0; z < probability.size(); ++z)
        gradient[z] -= derivative[i] * probability[z];
      gradient[static_cast<std::size_t>(tokens[t])] += derivative[i];
    }
  }
  pending_.clear();
  return {};
}

Result<StepReport> BigramPolicy::step(const StepOptions& options) {
  if (frozen_) return frozen_error();
  return table_.step(options);
}

Status BigramPolicy::save_state(const std::string& folder) const {
  return table_.save(folder, kind_of(shape_));
}

Status BigramPolicy::load_state(const std::string& folder) {
  pending_.clear();
  return table_.load(folder, kind_of(shape_));
}

Sequence BigramPolicy::write(const std::vector<Token>& prompt, const GenerateOptions& options,
                             RandomStream random) const {
  Sequence sequence{prompt, prompt.size()};
  const std::vector<Token>& stop = options.stop;
  while (sequence.answer_length() < options.max_tokens && sequence.tokens.size() < shape_.context) {
    const auto previous = static_cast<std::size_t>(sequence.tokens.back());
    const auto token = static_cast<Token>(draw(table_.row(previous), options, random));
    sequence.tokens.push_back(token);
    if (std::find(stop.begin(), stop.end(), token) != stop.end()) break;
  }
  return sequence;
}

Result<std::vector<Sequence>> BigramPolicy::generate(std::span<const std::vector<Token>> prompts,
                                                     const GenerateOptions& options,
                                                     std::uint64_t seed) {
  CANDOR_CHECK(check(options));
  for (const std::vector<Token>& prompt : prompts) {
    CANDOR_CHECK(check_room(prompt, shape_.context));
    CANDOR_CHECK(check_tokens(prompt));
  }
  std::vector<Sequence> written;
  for (std::size_t i = 0; i < prompts.size(); ++i)
    written.push_back(write(prompts[i], options, RandomStream(seed, i)));
  return written;
}

Result<std::unique_ptr<Policy>> BigramPolicy::frozen_copy() const {
  auto copy = std::unique_ptr<BigramPolicy>(new BigramPolicy(shape_));
  copy->table_ = table_;
  copy->frozen_ = true;
  return std::unique_ptr<Policy>(std::move(copy));
}

Status BigramPolicy::save_model(const std::string& folder) const {
  const std::vector<double> values(table_.values().begin(), table_.values().end());
  return write_json_folder(
      folder, model_file,
      {{"vocabulary", shape_.vocabulary}, {"context", shape_.context}, {"logits", values}});
}

}  // namespace candor::policy
