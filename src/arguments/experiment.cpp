#include "candor/arguments/experiment.h"

#include <algorithm>
#include <cassert>

#include "arguments/seed_run.h"
#include "candor/base/file.h"
#include "candor/base/text.h"

namespace candor::arguments {
namespace {

using Runs = std::vector<SeedResult>;
using Crowd = std::vector<MethodRun> SeedResult::*;

Status check_at_least(std::size_t value, std::size_t least, std::string_view field) {
  if (value >= least) return {};
  return Error{ErrorCode::out_of_range, std::to_string(value)}
      .in_field(field)
      .expecting("at least " + std::to_string(least))
      .way("choose a larger number");
}

Status check_positive(double value, std::string_view field) {
  if (value > 0.0 && value < 1e6) return {};
  return Error{ErrorCode::out_of_range, number_text(value)}
      .in_field(field)
      .expecting("a number above 0")
      .way("leave it at its default");
}

Status check(const ArgumentsOptions& options) {
  CANDOR_CHECK(check_at_least(options.methods.size(), 1, "methods"));
  CANDOR_CHECK(check_at_least(options.seeds, 1, "seeds"));
  CANDOR_CHECK(check_at_least(options.max_tokens, 8, "max tokens"));
  CANDOR_CHECK(check_at_least(options.training_pairs, 1, "training pairs"));
  CANDOR_CHECK(check_at_least(options.epochs, 1, "epochs"));
  CANDOR_CHECK(check_at_least(options.reward_epochs, 1, "reward epochs"));
  CANDOR_CHECK(check_at_least(options.batch, 1, "batch"));
  CANDOR_CHECK(check_at_least(options.warm_up_batch, 1, "warm-up batch"));
  CANDOR_CHECK(check_positive(options.warm_up_rate, "warm-up rate"));
  CANDOR_CHECK(check_positive(options.learning_rate, "learning rate"));
  CANDOR_CHECK(check_positive(options.reward_rate, "reward rate"));
  CANDOR_CHECK(check_positive(options.beta, "beta"));
  if (!options.folder.empty()) return {};
  return Error{ErrorCode::invalid_argument, "no folder"}
      .in_field("folder")
      .expecting("a folder for base models")
      .way("give one");
}

template <class Number>
std::vector<double> by_seed(const Runs& runs, Crowd crowd, std::size_t method, Number number) {
  std::vector<double> values;
  for (const SeedResult& run : runs) values.push_back(number((run.*crowd)[method]));
  return values;
}

CrowdSummary summary_of(const Runs& runs, Crowd crowd, std::size_t method) {
  const auto all = [&](auto number) { return by_seed(runs, crowd, method, number); };
  CrowdSummary summary;
  summary.reward_by_seed = all([](const MethodRun& run) { return run.reward_accuracy; });
  summary.policy_by_seed = all([](const MethodRun& run) { return run.policy_accuracy; });
  summary.reward_accuracy = navigation::interval_of(summary.reward_by_seed);
  summary.policy_accuracy = navigation::interval_of(summary.policy_by_seed);
  summary.label_accuracy =
      navigation::interval_of(all([](const MethodRun& run) { return run.label.accuracy; }));
  summary.label_brier =
      navigation::interval_of(all([](const MethodRun& run) { return run.label.brier; }));
  return summary;
}

MethodSummary method_summary(const std::string& name, const Runs& runs, std::size_t method) {
  MethodSummary summary;
  summary.name = name;
  summary.honest = summary_of(runs, &SeedResult::honest, method);
  summary.strategic = summary_of(runs, &SeedResult::strategic, method);
  summary.lost = navigation::interval_of_differences(summary.honest.reward_by_seed,
                                                     summary.strategic.reward_by_seed);
  return summary;
}

std::size_t votes_of(const CrowdText& text) {
  std::size_t votes = 0;
  for (const ArgumentPair& pair : text.pairs) votes += pair.votes.size();
  return votes;
}

void describe_setting(const Setting& setting, ArgumentsResult& result) {
  result.source = setting.text.source;
  result.generated = setting.text.generated;
  result.seeds = setting.options.seeds;
  result.workers = setting.text.workers.size();
  result.votes = votes_of(setting.text);
  result.pairs = setting.text.pairs.size();
  result.held_out_debates = setting.options.held_out_debates;
  result.max_tokens = setting.options.max_tokens;
  result.strategic = describe(setting.options.strategic);
}

ArgumentsResult result_of(const Setting& setting, const Runs& runs) {
  ArgumentsResult result;
  describe_setting(setting, result);
  result.strategic_workers = runs.front().strategic_workers;
  result.training_pairs = runs.front().trained_pairs;
  std::vector<double> longer;
  for (const SeedResult& run : runs) {
    longer.push_back(run.longer_wins);
    result.test_pairs += static_cast<double>(run.test_pairs) / static_cast<double>(runs.size());
    if (run.warm_up_loss) result.warm_up_loss.push_back(*run.warm_up_loss);
  }
  result.longer_wins = navigation::interval_of(longer);
  for (std::size_t m = 0; m < setting.options.methods.size(); ++m)
    result.methods.push_back(method_summary(setting.options.methods[m], runs, m));
  return result;
}

}  // namespace

policy::Sequence sequence_of(const CrowdText& text, const Argument& argument,
                             const tokenizer::Tokenizer& tokenizer, std::size_t max_tokens) {
  policy::Sequence sequence;
  if (const auto begin = tokenizer.begin()) sequence.tokens.push_back(*begin);
  const auto prompt = tokenizer.encode(prompt_of(text, argument));
  sequence.tokens.insert(sequence.tokens.end(), prompt.begin(), prompt.end());
  if (sequence.tokens.size() > max_tokens / 2) sequence.tokens.resize(max_tokens / 2);
  sequence.prompt_length = sequence.tokens.size();
  const auto answer = tokenizer.encode(argument.text);
  sequence.tokens.insert(sequence.tokens.end(), answer.begin(), answer.end());
  if (const auto end = tokenizer.end()) sequence.tokens.push_back(*end);
  if (sequence.tokens.size() > max_tokens) sequence.tokens.resize(max_tokens);
  return sequence;
}

double pair_accuracy(const CrowdText& text, std::span<const std::size_t> pairs,
                     std::span<const double> score) {
  assert(!pairs.empty());
  double right = 0.0;
  for (const std::size_t i : pairs) {
    const ArgumentPair& pair = text.pairs[i];
    const double lead = score[pair.a] - score[pair.b];
    if (lead == 0.0)
      right += 0.5;
    else if ((lead > 0.0) == (pair.gold == 1.0))
      right += 1.0;
  }
  return right / static_cast<double>(pairs.size());
}

double longer_wins(const CrowdText& text, std::span<const std::size_t> pairs) {
  std::vector<double> length;
  for (const Argument& argument : text.arguments)
    length.push_back(static_cast<double>(argument.text.size()));
  return pair_accuracy(text, pairs, length);
}

Result<ArgumentsResult> run_arguments(const CrowdText& text, const tokenizer::Tokenizer& tokenizer,
                                      const ModelFactories& models, const ArgumentsOptions& options,
                                      const Progress& progress) {
  CANDOR_CHECK(check(options));
  CANDOR_CHECK(make_folder(options.folder));
  Setting setting{text, options, models, progress, {}};
  for (const Argument& argument : text.arguments)
    setting.sequence.push_back(sequence_of(text, argument, tokenizer, options.max_tokens));
  Runs runs;
  for (std::size_t s = 0; s < options.seeds; ++s) {
    CANDOR_TRY(SeedResult run, SeedRun(setting, options.seed + s).run());
    runs.push_back(std::move(run));
  }
  return result_of(setting, runs);
}

}  // namespace candor::arguments
