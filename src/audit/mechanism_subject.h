// A mechanism::Mechanism as the audit plays it: weight rule, label pool and payment rule as in a
// campaign.
#pragma once

#include <memory>
#include <utility>

#include "audit/subject.h"
#include "candor/mechanism/mechanism.h"
#include "candor/payment/payment_rule.h"

namespace candor::audit {

/// What a rule's state is, between slots.
enum class Memory : std::uint8_t {
  weights,  ///< its weights: it can be started from any
  slots,    ///< more: founders start equal, and past slots are replayed
  wins,     ///< how often each worker has won an event lottery
};

struct MechanismChoice {
  mechanism::MechanismSpec spec;
  Memory memory = Memory::weights;
  bool affine = true;        ///< weights are affine in each worker's own loss
  bool linear_label = true;  ///< the label is linear in the reports
};

class MechanismSubject final : public Subject {
 public:
  /// Errors: as Mechanism::create (an unknown label, for instance).
  static Result<std::unique_ptr<Subject>> create(const MechanismChoice& choice);

  [[nodiscard]] State start(const AuditInstance& instance) const override;
  [[nodiscard]] std::vector<Ending> play(const State& state, const AuditSlot& slot,
                                         std::span<const double> report,
                                         double outcome) const override;
  [[nodiscard]] Shape shape(game::Motive motive, std::size_t workers,
                            std::size_t coalition) const override;
  [[nodiscard]] bool finite() const override { return choice_.memory == Memory::wins; }

 private:
  MechanismSubject(MechanismChoice choice, std::unique_ptr<payment::PaymentRule> payment)
      : choice_(std::move(choice)), payment_(std::move(payment)) {}

  // One way the platform's own draws can fall: whom it asks, and the number that it draws.
  struct Chance {
    double probability = 1.0;
    std::vector<WorkerId> worker;
    learning::Asks asks;  // with an asking rule
    double draw = 0.0;    // for a drawn label, or a lottery
  };
  using Reports = std::span<const double>;
  [[nodiscard]] mechanism::Mechanism founded(const State& state) const;
  [[nodiscard]] mechanism::Mechanism at(const State& state) const;
  void replay(mechanism::Mechanism& mechanism, const State& state) const;
  static void give_win(mechanism::Mechanism& mechanism, std::size_t worker);
  void remember(Ending& ending, const State& before, Reports report, double outcome) const;
  [[nodiscard]] std::vector<Chance> chances(const State& state, const AuditSlot& slot,
                                            Reports report, double outcome) const;
  // One of equal parts of [0,1), counted from 0.
  struct Part {
    std::size_t number = 0;
    std::size_t parts = 1;
  };
  static std::size_t leaders_asked(const mechanism::Mechanism& mechanism,
                                   const learning::Asks& asks);
  void add_handings(const State& state, const Chance& asked, Part drawn, Reports report,
                    double outcome, std::vector<Chance>& chances) const;
  [[nodiscard]] std::vector<Chance> lotteries(const State& state, const Chance& asked,
                                              Reports report, double outcome) const;
  [[nodiscard]] std::vector<double> parts(const mechanism::Mechanism& mechanism,
                                          const mechanism::PooledSlot& pooled,
                                          const mechanism::Settlement& settled,
                                          std::size_t workers) const;
  Ending run(const State& state, const Chance& chance, Reports report, double outcome) const;

  MechanismChoice choice_;
  std::unique_ptr<payment::PaymentRule> payment_;
};

}  // namespace candor::audit
