// candor/arguments/experiment.h
// The experiment on real crowd text: does what a mechanism makes of people's votes teach a language
// model, and a reward model, which argument is the more convincing, and what is left of that when
// strategic workers vote too?
//
//   CANDOR_TRY(CrowdText text, read_crowd_text(folder));
//   CANDOR_TRY(auto tokenizer, tokenizer::train_bpe(corpus_for_vocabulary(text), {...}));
//   CANDOR_TRY(auto result, run_arguments(text, *tokenizer, {policies, rewards}, {.folder = "out"}));
//   std::cout << arguments_json(result);
//
// For each of S seeds:
//   split        whole debates are held out; the rest is for training
//   base model   a fresh small policy reads the arguments of the training debates (supervised)
//   crowds       the recorded one ("honest"), and the same with strategic votes added
//   labels       of every training pair, by each method (pooled_labels.h)
//   each crowd and method, from the same first parameters, on the same n training pairs, drawn:
//     policy        the base model trained by DPO with the soft labels, the base model as reference
//     reward model  trained by the Bradley-Terry objective with the soft labels
//   test         on the strict pairs of the held-out debates:
//     reward accuracy   share of pairs on whose gold side r_a - r_b is; 0 counts one half
//     policy accuracy   the same with the policy's reward, beta (ln pi - ln pi_ref)
//
// The oracle's labels do not depend on the votes, so its strategic numbers are its honest ones.
// Baseline: the longer argument (in bytes) is the more convincing; on web debates a strong one.
//
// A sequence is the prompt "TITLE (STANCE)\n" and the argument, its end token after it, cut to
// max_tokens (the argument's beginning is kept).
//
// Results are a function of text, tokenizer, factories and options. Nothing here knows of a tensor
// library. Cost: S x (1 warm-up + (2 methods - 1) x 2 trainings on n pairs), and for each training
// one scoring of every held-out argument (about 260 of UKPConvArg1). Thread safety: one thread.
#pragma once

#include <functional>
#include <memory>

#include "candor/arguments/experiment_result.h"
#include "candor/arguments/pooled_labels.h"
#include "candor/arguments/strategic_votes.h"
#include "candor/policy/policy.h"
#include "candor/tokenizer/tokenizer.h"

namespace candor::arguments {

struct ModelFactories {
  /// A fresh small untrained model over the tokenizer's vocabulary, with a context of at least
  /// max_tokens (or a pretrained one); another seed gives other first parameters.
  std::function<Result<std::unique_ptr<policy::Policy>>(std::uint64_t seed)> policy;
  /// A reward model over the same tokens. base_model: a folder with the seed's base model, as
  /// Policy::save_model wrote it, which it may start from.
  std::function<Result<std::unique_ptr<policy::Scorer>>(std::uint64_t seed,
                                                        const std::string& base_model)>
      reward;
};

/// Told, in words, what has just been finished.
using Progress = std::function<void(const std::string& line)>;

struct ArgumentsOptions {
  std::vector<std::string> methods = label_methods();
  std::size_t seeds = 3;   ///< >= 1
  std::uint64_t seed = 1;  ///< the first of them
  std::size_t held_out_debates = 4;
  StrategicPlan strategic = {};
  LabelOptions labels = {};

  std::size_t max_tokens = 64;     ///< of a sequence, prompt included; >= 8
  std::size_t warm_up_epochs = 3;  ///< 0: none (a pretrained model)
  std::size_t warm_up_batch = 8;
  double warm_up_rate = 2e-3;

  std::size_t training_pairs = 300;  ///< n; fewer where there are fewer
  std::size_t epochs = 1;            ///< over those pairs, of the policy
  std::size_t reward_epochs = 2;     ///< of the reward model
  std::size_t batch = 8;             ///< pairs a step
  double learning_rate = 5e-4;       ///< of DPO, falling linearly to a tenth
  double reward_rate = 1e-3;         ///< of the reward model, likewise
  double beta = 0.1;                 ///< of DPO

  std::string folder;  ///< for base models while it runs; made where missing
};

/// Errors: invalid_argument or out_of_range for an option, naming it; not_found where no held-out
/// pair has a strict label; what models, training and files report.
Result<ArgumentsResult> run_arguments(const CrowdText& text, const tokenizer::Tokenizer& tokenizer,
                                      const ModelFactories& models, const ArgumentsOptions& options,
                                      const Progress& progress = {});

/// An argument as models see it. A prompt that leaves no room is cut to half of max_tokens.
[[nodiscard]] policy::Sequence sequence_of(const CrowdText& text, const Argument& argument,
                                           const tokenizer::Tokenizer& tokenizer,
                                           std::size_t max_tokens);

/// Share of the pairs on whose gold side score[a] - score[b] is, equal scores one half; score by
/// number of the argument. pairs: each strict. Worked: gold a, b; scores a > b, a = b: .75.
[[nodiscard]] double pair_accuracy(const CrowdText& text, std::span<const std::size_t> pairs,
                                   std::span<const double> score);

/// The longer argument's: pair_accuracy with lengths in bytes for scores.
[[nodiscard]] double longer_wins(const CrowdText& text, std::span<const std::size_t> pairs);

}  // namespace candor::arguments
