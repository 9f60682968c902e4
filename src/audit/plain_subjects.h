// Mechanisms that are no mechanism::Mechanism: those that weigh everybody alike, those that weigh
// improperly, and VCG costs.
#pragma once

#include <memory>

#include "audit/subject.h"
#include "candor/payment/payment_rule.h"
#include "candor/payment/vcg_costs.h"
#include "candor/pooling/label_pool.h"

namespace candor::audit {

/// Everybody weighs 1/N, always. Without a payment rule, pay is agreement with the label,
/// (1 - (report - label)^2) / N.
class EqualWeights final : public Subject {
 public:
  enum class Label : std::uint8_t { average, median };
  explicit EqualWeights(Label label, std::unique_ptr<payment::PaymentRule> payment = nullptr)
      : label_(label), payment_(std::move(payment)) {}

  [[nodiscard]] std::vector<Ending> play(const State& state, const AuditSlot& slot,
                                         std::span<const double> report,
                                         double outcome) const override;
  [[nodiscard]] Shape shape(game::Motive motive, std::size_t workers,
                            std::size_t coalition) const override;

 private:
  Label label_;
  std::unique_ptr<payment::PaymentRule> payment_;
};

/// Exponential weights at any rate, as a rule of its own (a campaign has 1/2): the label is the
/// weighted mean, pay is by weight.
class Hedge final : public Subject {
 public:
  [[nodiscard]] std::vector<Ending> play(const State& state, const AuditSlot& slot,
                                         std::span<const double> report,
                                         double outcome) const override;
  [[nodiscard]] Shape shape(game::Motive motive, std::size_t workers,
                            std::size_t coalition) const override;
};

/// Two of the workers are chosen (learning/m_set.h); they start equal, and past slots are
/// replayed. The label is the weighted mean, pay is by weight.
class TwoOfAll final : public Subject {
 public:
  [[nodiscard]] std::vector<Ending> play(const State& state, const AuditSlot& slot,
                                         std::span<const double> report,
                                         double outcome) const override;
  [[nodiscard]] Shape shape(game::Motive motive, std::size_t workers,
                            std::size_t coalition) const override;
};

/// Weights in proportion to 1/(mean squared error + .01); equal before the first outcome. The
/// label is the weighted mean, pay is by weight.
class InverseError final : public Subject {
 public:
  [[nodiscard]] State start(const AuditInstance& instance) const override;
  [[nodiscard]] std::vector<Ending> play(const State& state, const AuditSlot& slot,
                                         std::span<const double> report,
                                         double outcome) const override;
  [[nodiscard]] Shape shape(game::Motive motive, std::size_t workers,
                            std::size_t coalition) const override;
};

/// Agg-p_alpha with the charges of payment/vcg_costs.h. Pay is minus the cost; sway is the
/// value of the label, -D_alpha(belief||label), less the cost.
class VcgPool final : public Subject {
 public:
  explicit VcgPool(double alpha) : alpha_(alpha) {}
  [[nodiscard]] std::vector<Ending> play(const State& state, const AuditSlot& slot,
                                         std::span<const double> report,
                                         double outcome) const override;
  [[nodiscard]] Shape shape(game::Motive motive, std::size_t workers,
                            std::size_t coalition) const override;
  [[nodiscard]] double worth(game::Motive motive, const Ending& ending, std::size_t member,
                             double belief) const override;
  [[nodiscard]] double floor() const override { return 0.01; }

 private:
  double alpha_;
};

}  // namespace candor::audit
