// candor/game/crowd.h
// Simulated crowds: what workers believe, and what they make of it in their reports.
//
// A slot's outcome is A with probability `base_rate`. A worker gets a signal that is right with
// probability `accuracy`; under an even prior its belief that A is right is then accuracy or 1 -
// accuracy. Its strategy (strategy.h) turns the belief into a report. Workers of one `group` share
// one signal (they copy); workers of one `party` act together (a ring, the identities of one
// owner). A worker can be given another belief model (belief.h) instead. These are the simulations
// of the papers: N workers, Bernoulli beliefs of different accuracy.
//
//   CANDOR_TRY(Crowd crowd, Crowd::create(scenario, seed));
//   const CrowdSlot& slot = crowd.next();             // who answers, and what
//   ...pool, settle...
//   crowd.observe(label, weights);                    // what strategies may see of it
//
// Deterministic: a crowd is a function of its seed and of what it observes. Signals come from one
// stream, drawn worker by worker; strategies have streams of their own, so that no strategy
// changes what the others believe. Thread safety: one Crowd a thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "candor/base/ids.h"
#include "candor/base/random.h"
#include "candor/base/result.h"
#include "candor/game/belief.h"
#include "candor/game/strategy.h"

namespace candor::game {

struct WorkerType {
  double accuracy = 0.5;  ///< in [0,1]
  StrategySpec strategy = {};
  std::optional<std::size_t> group = {};  ///< workers of one group share their signal
  std::optional<std::size_t> party = {};  ///< workers of one party follow its first member's belief
  BeliefModelPtr belief = nullptr;        ///< instead of the plain signal
};

/// A crowd to be drawn: fixed types, or types drawn anew for each seed.
struct Scenario {
  std::string name;
  std::string description;
  double base_rate = 0.5;
  std::vector<WorkerType> workers;
  /// Where set, every worker's accuracy is drawn uniformly from [low, high] for each seed.
  std::optional<std::pair<double, double>> accuracy_range = {};
  /// What part of the slots workers recognise as checked (for gold-memoriser). Outcomes come for
  /// all.
  double audited = 0.1;
};

/// The scenarios that reproduce the central claim (docs/central-claim.md), in order:
/// fixed-forecasts, copied-coin, two-liars, strategic-crowd, honest-crowd.
[[nodiscard]] const std::vector<Scenario>& standard_scenarios();

/// N workers with accuracies uniform in [low, high], the last `lying` of whom are always wrong.
/// Errors: out_of_range for no workers, more liars than workers, a range outside [0,1].
[[nodiscard]] Result<Scenario> random_crowd(std::size_t workers, double low, double high,
                                            std::size_t lying);

/// So many workers of each strategy, in this order, with accuracies as in random_crowd. Each item
/// of a ring or of sybils is a party of its own. Errors: as random_crowd.
[[nodiscard]] Result<Scenario> strategic_crowd(const std::vector<StrategyCount>& strategies,
                                               double low, double high);

/// What workers are told about the campaign.
struct CrowdTold {
  std::optional<std::uint64_t> horizon = {};
  double step_size = 0.0;  ///< of the weighted-score rule; 0: not told, or another rule
};

/// A slot as the crowd answers it.
struct CrowdSlot {
  double outcome = 0.0;          ///< 1 for A
  std::vector<WorkerId> worker;  ///< [n] who answers, in order; everyone but no-shows
  std::vector<double> report;    ///< [n] P(A)
};

class Crowd {
 public:
  /// Errors: what make_strategy refuses.
  static Result<Crowd> create(const Scenario& scenario, std::uint64_t seed,
                              const CrowdTold& told = {});
  Crowd(Crowd&&) noexcept;
  Crowd& operator=(Crowd&&) noexcept;
  ~Crowd();

  /// The next slot. Valid until the next call.
  const CrowdSlot& next();

  /// The slot of the last next() was settled: its label, P(A), and everyone's weight now [N].
  void observe(double label, std::span<const double> weight);

  [[nodiscard]] std::size_t workers() const { return types_.size(); }

 private:
  Crowd(const Scenario& scenario, std::uint64_t seed, std::unique_ptr<class Roster> roster,
        double step_size);
  [[nodiscard]] Belief belief_of(std::size_t worker, bool outcome_is_a);
  [[nodiscard]] bool signal_says_a(const WorkerType& type, bool outcome_is_a);
  [[nodiscard]] std::unique_ptr<SlotOracle> oracle_for(WorkerId self, double belief) const;

  double base_rate_;
  double audited_;
  std::uint64_t seed_;
  double step_size_;
  std::vector<WorkerType> types_;
  std::unique_ptr<class Roster> roster_;
  RandomStream random_;
  std::vector<std::optional<bool>> group_signal_;
  std::uint32_t slot_ = 0;  // of the next call
  CrowdSlot played_;
};

}  // namespace candor::game
