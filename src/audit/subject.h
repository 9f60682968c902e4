// One mechanism, as the audit plays it: a slot at a time, every way that it can end listed with its
// probability. Nothing is sampled here.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "candor/audit/audit.h"

namespace candor::audit {

/// Between two slots. Most rules are their weights; those that remember more keep it in `memory`,
/// in a form of their own.
struct State {
  std::vector<double> weight;  ///< [N]
  double step_size = 0.0;
  std::vector<double> memory;  // empty for most
};

/// One way a slot can end.
struct Ending {
  double probability = 0.0;
  State state;
  std::vector<double> pay;  ///< [N] as parts of the slot's budget
  double label = 0.5;       ///< P(A) of the training label
};

/// How the expected utility of one slot depends on the coalition's reports.
enum class Shape : std::uint8_t {
  constant,   ///< not at all
  quadratic,  ///< a polynomial of degree 2: its maximum is known in closed form
  truthful,   ///< of any form; that honesty is best is a theorem
  other,
};

class Subject {
 public:
  Subject() = default;
  Subject(const Subject&) = delete;
  Subject& operator=(const Subject&) = delete;
  virtual ~Subject() = default;

  [[nodiscard]] virtual State start(const AuditInstance& instance) const {
    return {instance.weights, instance.step_size, {}};
  }

  /// Every ending of a slot with this outcome (1: A) and these reports [N]; probabilities sum to
  /// 1, and do not depend on the reports of the slot unless the mechanism draws by them.
  [[nodiscard]] virtual std::vector<Ending> play(const State& state, const AuditSlot& slot,
                                                 std::span<const double> report,
                                                 double outcome) const = 0;

  /// For one slot of `workers`, of whom `coalition` lie together.
  [[nodiscard]] virtual Shape shape(game::Motive motive, std::size_t workers,
                                    std::size_t coalition) const = 0;

  /// Whether reports move only the probabilities of endings, of which there are finitely many, and
  /// affinely in losses: then any plan's value is a polynomial of degree 2 in each report.
  [[nodiscard]] virtual bool finite() const { return false; }

  /// Reports lie in [floor, 1 - floor].
  [[nodiscard]] virtual double floor() const { return 0.0; }

  /// What a member of the coalition gains from an ending in the slot itself.
  [[nodiscard]] virtual double worth(game::Motive motive, const Ending& ending, std::size_t member,
                                     double belief) const;
};

}  // namespace candor::audit
