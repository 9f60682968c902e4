// candor/game/slot_oracle.h
// "What if I reported r?": expected next weight, pay and label for one worker in one slot, and the
// report that is best for it. The worker believes that the outcome is A with probability b, and
// that worker j reports if_a[j] when the outcome will be A, if_b[j] when it will be B (their
// spread around these is neglected). All workers answer; losses are quadratic; the label is the
// linear pool of the rule's shares, or the report of one worker drawn by them.
//
// Thread safety: one thread at a time.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "candor/base/result.h"
#include "candor/game/information.h"
#include "candor/game/utility.h"
#include "candor/learning/asking_rule.h"
#include "candor/learning/weight_rule.h"
#include "candor/payment/payment_rule.h"

namespace candor::game {

/// One worker's view of a slot.
struct SlotView {
  WorkerId self;
  double belief = 0.5;         ///< P(outcome is A)
  std::vector<double> weight;  ///< [N] > 0, sums to 1
  std::vector<double> if_a;    ///< [N] expected reports; the entry of `self` is not read
  std::vector<double> if_b;    ///< [N]
  bool drawn_label = false;
};

/// Under the weighted-score rule, by its formula; pay is by weight. O(N) to make, O(1) to ask.
class WeightedScoreOracle final : public SlotOracle {
 public:
  WeightedScoreOracle(const SlotView& view, double step_size);
  [[nodiscard]] Prospect prospect(double report) const override;

 private:
  // The others under one outcome.
  struct Others {
    double outcome = 0.0;
    double probability = 0.0;
    double loss = 0.0;   // sum w (r - y)^2
    double label = 0.0;  // sum w r
    double gap = 0.0;    // sum w (r - b)^2
  };
  [[nodiscard]] Others others(const SlotView& view, double outcome, double probability) const;

  double step_size_;
  double weight_;
  double belief_;
  bool drawn_label_;
  Others branch_[2];
};

/// Makes rules alike: the same name and options, nobody admitted.
using OpenRuleFactory = std::function<Result<std::unique_ptr<learning::OpenRule>>()>;

/// Brings a new rule to these weights [N], all > 0, by admitting workers one after another with
/// the masses that lead there. Right for every rule whose state is its weights.
void bring_to(learning::OpenRule& rule, std::span<const double> weight);

/// Under any open rule: a copy of the rule is brought to the weights and settled once for each
/// outcome. O(N^2) for each question.
class OpenRuleOracle final : public SlotOracle {
 public:
  /// payment may be null: nothing is paid. The factory must not fail.
  OpenRuleOracle(SlotView view, OpenRuleFactory factory, const payment::PaymentRule* payment);
  [[nodiscard]] Prospect prospect(double report) const override;

 private:
  void add_outcome(double report, double outcome, double probability, Prospect& total) const;

  SlotView view_;
  OpenRuleFactory factory_;
  const payment::PaymentRule* payment_;
  std::vector<WorkerId> everyone_;
};

/// A slot of an asking rule (learning/asking_rule.h), for one of the m workers asked.
struct AskedView {
  std::size_t self = 0;  ///< its place among the asked
  double belief = 0.5;
  std::vector<double> weight;  ///< [m] before the slot
  std::vector<double> share;   ///< [m] of the say in the label; sums to 1
  learning::Stakes stakes;
  std::vector<double> if_a;  ///< [m]
  std::vector<double> if_b;  ///< [m]
  bool drawn_label = false;
};

/// Under an asking rule that moves weight (not elf, which counts wins), given who was asked: w - g l + c pot, with the stakes as they were
/// frozen. O(m). (Rules whose claims are decided by a lottery: the lottery as it was drawn.)
class AskingRuleOracle final : public SlotOracle {
 public:
  /// payment may be null: nothing is paid.
  AskingRuleOracle(AskedView view, const payment::PaymentRule* payment);
  [[nodiscard]] Prospect prospect(double report) const override;

 private:
  void add_outcome(double report, double outcome, double probability, Prospect& total) const;

  AskedView view_;
  const payment::PaymentRule* payment_;
};

/// What a prospect is worth. All weight motives look at the next weight: one slot ahead they are
/// one.
[[nodiscard]] double worth(const Utility& utility, const Prospect& prospect);

/// The report in [0,1] with the most worth: 65 even reports, then golden section around the best of
/// them. `honest` itself unless another is better by more than 1e-12.
[[nodiscard]] double best_report(const SlotOracle& oracle, const Utility& utility, double honest);

}  // namespace candor::game
