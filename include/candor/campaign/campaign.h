// candor/campaign/campaign.h
// The loop this project is for. Round after round: the policy writes two answers to each of some
// prompts, workers report which is better, the mechanism pools their reports, the policy is trained
// on the labels and published as the next version, outcomes settle the weights.
//
//   round:  slot.opened  answers.written  (workers.asked)  report.submitted*  slot.pooled    xS
//           train                                                             policy.published
//           outcome.revealed  slot.settled                                                   xS
//
// Every step is an event of the ledger (event/event.h), applied to the same fold as everywhere
// else. A campaign with a folder can be killed at any moment and run again: it goes on from the
// last event on disk, and ends with the same ledger, byte for byte, as one that was never
// interrupted (on the same machine: tensor libraries round as they please on another).
//
// What is in the folder: ledger.jsonl; policies/N/, the training state of version N (the first, the
// last and the one before are kept); whatever the observer writes.
//
// Worked example (the first test): a policy with two equally likely answers, "good" and "bad"; one
// worker who knows which is good; 2 rounds of 8 slots. After them P(good) > .9, the ledger holds 3
// policy.published, and 16 slots are settled.
//
// Cost: the policy's. Memory: every slot of the campaign (texts, tokens, reports).
// Thread safety: one thread at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "candor/align/objective.h"
#include "candor/align/trainer.h"
#include "candor/campaign/task.h"
#include "candor/mechanism/mechanism.h"
#include "candor/policy/policy.h"
#include "candor/tokenizer/tokenizer.h"

namespace candor::campaign {

/// What the policy is trained on.
enum class LabelSource : std::uint8_t {
  mechanism,    ///< the fold's label: whatever the spec's pool and output make of the reports
  dawid_skene,  ///< EM over all slots of the campaign so far, without outcomes: what others do
  outcome,      ///< the outcome itself, a point of reference; needs outcomes at once
};

/// Who writes the second answer of a slot; the first is always by the current version.
enum class Opponent : std::uint8_t { current, previous, initial };

/// Which policy the objective calls the reference.
enum class Reference : std::uint8_t { initial, previous };

/// Outcomes come after training, when the round is over.
inline constexpr std::size_t after_round = std::numeric_limits<std::size_t>::max();

struct CampaignOptions {
  std::string name = "campaign";
  mechanism::MechanismSpec mechanism = {};
  LabelSource label = LabelSource::mechanism;
  std::size_t rounds = 4;             ///< >= 1
  std::size_t slots_per_round = 200;  ///< >= 1
  /// A slot's outcome is revealed once so many later slots were pooled (0: before the next one), or
  /// after_round. What an hour's traffic was is known an hour later: 1.
  std::size_t outcome_lag = after_round;
  Opponent opponent = Opponent::current;
  Reference reference = Reference::previous;
  /// How prompts are written for the policy: a template of tokenizer/chat_template.h, or "" for the
  /// text alone. Prompts that leave no room for an answer of generate.max_tokens lose their left.
  std::string chat_template = {};
  policy::GenerateOptions generate = {};
  std::string objective = "dpo";
  align::ObjectiveOptions objective_options = {};
  align::TrainerOptions train = {};
  /// Train on the pairs of this many rounds, the newest included; 1: this round's only.
  std::size_t rounds_remembered = 1;
  std::uint64_t seed = 1;
  /// What else the campaign hangs on (the model's name, who the workers are), in words: it goes on
  /// with the same words only.
  std::string about = {};
  std::string folder = {};  ///< where the campaign lives; empty: in memory, nothing is kept
};

/// A slot, as far as it has come.
struct SlotState {
  std::size_t round = 0;
  Question question;
  std::array<policy::Sequence, 2> sequence;  ///< prompt and answer A, B, in tokens
  std::vector<WorkerId> asked;  ///< whom the platform asks now; empty where whoever comes answers
  std::vector<WorkerReport> reports;
  std::vector<double> label;    ///< [2], the mechanism's; empty until pooled
  std::vector<double> outcome;  ///< [2]; empty until revealed
  bool over = false;            ///< settled or expired
};

/// Told what happens, as it happens; for metrics, curves and progress. A campaign that goes on
/// after a kill tells only of what it does from then on.
class CampaignObserver {
 public:
  CampaignObserver() = default;
  CampaignObserver(const CampaignObserver&) = delete;
  CampaignObserver& operator=(const CampaignObserver&) = delete;
  virtual ~CampaignObserver() = default;
  /// One optimiser step of a round; metrics by their usual names (align/metrics.h).
  virtual Status on_step(std::size_t /*round*/, const align::Metrics&) { return {}; }
  /// The round's slots are pooled and the policy that wrote them has not been trained on them yet.
  virtual Status on_collected(std::size_t /*round*/, std::span<const SlotState> /*slots*/,
                              policy::Policy& /*current*/, policy::Policy& /*initial*/) {
    return {};
  }
  /// A version was published: 0 before the first round, r + 1 after round r.
  virtual Status on_published(std::uint32_t /*version*/, policy::Policy&) { return {}; }
};

struct CampaignResult {
  std::vector<SlotState> slots;  ///< in the order opened
  std::vector<double> weight;    ///< by worker, at the end
  std::uint32_t version = 0;     ///< of the policy
  std::size_t waiting = 0;       ///< slots whose reports are not there yet
  std::size_t prompts_cut = 0;   ///< slots whose prompt was too long for the context
  std::size_t most_cut = 0;      ///< tokens that the longest of them lost, at its left
  [[nodiscard]] bool finished() const { return waiting == 0; }
};

/// Runs until the last round is settled, or until reports are missing (then result.waiting > 0, and
/// the same call goes on later).
///
/// policy: as it was created or loaded, at version 0; training moves it, and a campaign that goes
/// on sets it to the version it had reached. It must be given in the same state each time.
/// Errors: invalid_argument or out_of_range for options, conflict for a folder whose campaign was
/// run with other settings, what the task, the mechanism, training and files report. What was on
/// disk stays, and the campaign can go on.
Result<CampaignResult> run_campaign(policy::Policy& policy, const tokenizer::Tokenizer& tokenizer,
                                    Task& task, const CampaignOptions& options,
                                    CampaignObserver* observer = nullptr);

}  // namespace candor::campaign
