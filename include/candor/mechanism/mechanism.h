// candor/mechanism/mechanism.h
// One slot end to end: pool the reports into a label, and when the outcome is known, reweight and
// pay the workers. A mechanism is three parts, each chosen and audited on its own:
//
//   weight rule    who counts how much        where truthfulness lives      default weighted-score
//   label pool     what the label is          where accuracy lives          default hedged
//   payment rule   who is paid what           bounded by the slot's budget  default by-weight
//
// With an open weight rule whoever comes answers a slot:
//     open_slot  pool  settle  (or expire)
// With an asking rule (learning/asking_rule.h) the platform asks a few workers, drawn by the rule:
//     open_slot  ask  (withdraw, ask again: somebody did not answer)  pool  settle  (or expire)
//
// The mechanism is the state of the fold over a campaign's events (candor/event/fold.h): it holds
// no clock, no randomness and no I/O; a random draw that it needs is handed in.
//
// Cost: O(m) for an open weight rule plus the pools' O(m K^2), for m reports; independent of the
// crowd's size. Thread safety: one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "candor/base/ids.h"
#include "candor/base/result.h"
#include "candor/learning/asking_rule.h"
#include "candor/learning/weighted_score.h"
#include "candor/mechanism/admission.h"
#include "candor/payment/answer_limit.h"
#include "candor/payment/payment_rule.h"
#include "candor/pooling/hedged_pool.h"
#include "candor/scoring/loss_rule.h"
#include "candor/scoring/surrogate_loss.h"

namespace candor::mechanism {

/// What the slot's training label is made of.
enum class Output : std::uint8_t {
  pooled,  ///< the label pool's answer
  drawn,   ///< the report of one worker, drawn by weight: for workers who want to sway the label
};

/// Everything that is chosen when a campaign opens. Text forms are those of the command line.
struct MechanismSpec {
  std::string weight_rule = "weighted-score";  ///< any of weight_rule_names()
  learning::WeightedScoreOptions weighted_score = {};
  learning::AskingOptions asking = {};  ///< for asking rules
  std::string label = "hedged";         ///< any of Mechanism::label_names()
  Output output = Output::pooled;
  scoring::LossRule loss = {};
  AdmissionOptions admission = {};
  std::string payment = "by-weight";  ///< any rule of payment/payment_rule.h
  /// The most that is paid for a settled slot, in millionths of the campaign's currency unit; 0:
  /// nobody is paid.
  std::int64_t slot_budget_micro = 0;
  /// The most that the campaign pays in all; 0: no limit. A slot's budget is set aside when it
  /// opens, so a slot that could not be paid is never opened.
  std::int64_t campaign_budget_micro = 0;
  /// How many answers a worker may give in the campaign; 0: no limit. (A limit on pay would bend
  /// honesty near the limit; one on answers does not depend on reports.)
  std::uint32_t worker_answers = 0;
  /// How often revealed outcomes are wrong, where they are a record of the truth (a cheap rater, a
  /// proxy metric, a majority) and not the truth itself; empty: they are taken as they are.
  /// Two answers A, B: {P(wrong | truly A), P(wrong | truly B)}, with a sum below 1.
  /// K > 2: [K, K] by rows, row y = P(each answer is revealed | truly y), every revealed answer
  /// likeliest when it is right.
  /// Settling then takes the surrogate loss of scoring/surrogate_loss.h, in [0,1], in place of
  /// `loss`: in expectation over the errors it is the loss against the truth (scaled), so that the
  /// best report is the belief about the truth. Outcomes must be certain answers. Estimate the
  /// rates on gold slots with scoring/error_rates.h.
  /// What it does not change: label pools (Bayes, the hedge, ...) go on learning from the outcomes
  /// as revealed, so they predict the record, not the truth behind it.
  std::vector<double> outcome_errors = {};
};

/// Every weight rule by name, open rules first.
[[nodiscard]] const std::vector<std::string>& weight_rule_names();
/// Whether the rule of this name asks workers (learning/asking_rule.h).
[[nodiscard]] bool is_asking_rule(std::string_view name);

/// Workers who were asked, with what each stands to lose and to receive, frozen.
struct AskedWorkers {
  std::vector<WorkerId> worker;
  learning::Stakes stakes;
};

/// A slot after pooling and before its outcome: everything that settling needs, frozen.
struct PooledSlot {
  std::size_t answers = 0;
  std::vector<WorkerId> worker;  ///< [n]
  std::vector<double> report;    ///< [n, K]
  std::vector<double> share;     ///< [n] the weight rule's shares when the slot was pooled
  std::vector<double> wager;     ///< [n] with an open rule; empty with an asking rule
  learning::Stakes stakes;       ///< [n] with an asking rule; empty with an open rule
  std::vector<double> labels;    ///< [L, K] every label of the pool, by label_names()
  std::vector<double> label;     ///< [K] the training label
  std::size_t drawn = 0;         ///< which worker was drawn; only with Output::drawn

  [[nodiscard]] pooling::SlotView view() const { return {answers, worker, report, share}; }
};

/// What settling did.
struct Settlement {
  std::vector<double> loss;  ///< [n] Mechanism::loss of each report
  std::vector<std::int64_t>
      paid_micro;  ///< [n], sums to at most the budget; empty without a budget
};

class Mechanism {
 public:
  /// answers: K >= 2. Errors: invalid_argument for an unknown name (lists the known ones) or a
  /// wrong number of outcome errors, out_of_range for a step size, share, mass or error rate
  /// outside its range.
  static Result<Mechanism> create(const MechanismSpec& spec, std::size_t answers);

  /// A worker appears. Ids count up from 0 (invalid_argument otherwise). Those who come before the
  /// first slot is pooled are founders; see AdmissionOptions for the rest.
  Status join(WorkerId worker);

  /// Founders begin with these weights instead of equal ones: reputations from an earlier
  /// campaign, or a state to be audited. To be called once, after every founder has joined and
  /// before the first slot is pooled (conflict otherwise). weight [joined]: all > 0, sums to 1
  /// (out_of_range otherwise); equal with elf and follow-the-best, which keep a record of the past
  /// and no weights (invalid_argument otherwise).
  Status start_from(std::span<const double> weight);

  /// Whether a report can be taken: K probabilities inside the loss rule's range. To be called for
  /// each report as it comes, so that its sender learns at once what is wrong.
  [[nodiscard]] Status check_report(std::span<const double> report) const;

  /// A worker goes away or comes back: those away are not asked. For open rules it means nothing.
  /// Errors: not_found for a worker who has not joined.
  Status leave(WorkerId worker);
  Status come_back(WorkerId worker);

  /// To be called when a slot opens: with an asking rule, admits the newcomers who are due.
  void open_slot();

  /// Whether the worker has answers left under the campaign's limit.
  [[nodiscard]] bool may_answer(WorkerId worker) const { return answer_limit_.allows(worker); }

  /// Counts an answer against the worker's limit. Errors: conflict where it is used up.
  Status count_answer(WorkerId worker);

  /// Freezes the stakes of workers drawn by asking_rule()->draw() in this very state; lottery in [0,1).
  /// answered: those who have already answered this slot (asked before, in a draw that was withdrawn):
  /// they are not counted against their limit again. Errors: conflict without an asking rule, not_found,
  /// corrupt for workers or a probability that the rule could not have drawn; then nothing has changed.
  Result<AskedWorkers> ask(const learning::Asks& asks, double lottery,
                           std::span<const WorkerId> answered = {});

  /// Takes an ask back: somebody did not answer (make that worker leave, and ask anew), or nobody will.
  /// Only those in `answered` stay counted against their limit.
  void withdraw(const AskedWorkers& asked, std::span<const WorkerId> answered = {});

  /// Forms the label. n >= 1 workers, all joined and different; report [n, K], each checked by
  /// check_report (asserted). draw in [0,1) is used with Output::drawn only.
  /// Errors: conflict with an asking rule; invalid_argument or out_of_range, naming what was
  /// wrong; then nothing has changed.
  Result<PooledSlot> pool(std::vector<WorkerId> worker, std::vector<double> report, double draw);

  /// The same with an asking rule: report [n, K] in the order asked, all of them.
  Result<PooledSlot> pool(AskedWorkers asked, std::vector<double> report, double draw);

  /// Whether slots can be settled by this outcome: a probability row [K]; with outcome errors, a
  /// certain answer.
  [[nodiscard]] Status check_outcome(std::span<const double> outcome) const;

  /// What settling charges a report [K] under an outcome that check_outcome takes, in [0,1]: the
  /// spec's loss, or its surrogate where outcomes have errors.
  /// Worked: errors {.2, .35}, report {1, 0}, outcome {0, 1}: 1; outcome {1, 0}: .1304
  [[nodiscard]] double loss(std::span<const double> report, std::span<const double> outcome) const;

  /// Moves weights (and the pool's knowledge) by the outcome, and pays. Each pooled slot is settled
  /// or expired once, in any order. Errors: those of check_outcome; then nothing has changed.
  Result<Settlement> settle(const PooledSlot& slot, std::span<const double> outcome);

  /// No outcome will come: stakes go back.
  void expire(const PooledSlot& slot);

  [[nodiscard]] const MechanismSpec& spec() const { return spec_; }
  [[nodiscard]] std::size_t answers() const { return answers_; }
  /// The names of PooledSlot::labels, L in all; the first is "hedged".
  [[nodiscard]] const std::vector<std::string>& label_names() const { return label_names_; }
  [[nodiscard]] const learning::WeightRule& weight_rule() const;
  /// The rule that draws whom to ask; null where whoever comes answers.
  [[nodiscard]] const learning::AskingRule* asking_rule() const { return asking_.get(); }
  [[nodiscard]] const pooling::HedgedPool& pools() const { return *pools_; }

 private:
  Mechanism(MechanismSpec spec, std::size_t answers) : spec_(std::move(spec)), answers_(answers) {}
  [[nodiscard]] learning::WeightRule& rule();
  [[nodiscard]] Status check_joined(WorkerId worker) const;
  [[nodiscard]] Status check_asks(const learning::Asks& asks) const;
  Status check_slot(const std::vector<WorkerId>& worker, const std::vector<double>& report) const;
  [[nodiscard]] Status check_can_start_from(std::span<const double> weight) const;
  Status choose_label();
  Status choose_loss();
  void admit_due_cohort();
  void admit(std::span<const WorkerId> cohort, double mass);
  void update_presence(WorkerId worker);
  PooledSlot form_label(PooledSlot slot, double draw);
  void pay(const PooledSlot& slot, Settlement& settlement);

  MechanismSpec spec_;
  std::size_t answers_;
  std::optional<scoring::SurrogateLoss> surrogate_;  // where outcomes have errors
  Admission admission_{{}};
  std::unique_ptr<learning::OpenRule> open_;      // one of these two
  std::unique_ptr<learning::AskingRule> asking_;  //
  std::unique_ptr<pooling::HedgedPool> pools_;
  std::unique_ptr<payment::PaymentRule> payment_;
  std::vector<std::string> label_names_;
  std::size_t chosen_label_ = 0;
  payment::AnswerLimit answer_limit_;
  std::vector<bool> away_;  // [joined]
};

}  // namespace candor::mechanism
