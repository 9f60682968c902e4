#include <algorithm>
#include <cmath>
#include <string>

#include "candor/base/text.h"
#include "game/strategy_classes.h"

namespace candor::game {
namespace {

constexpr std::size_t herd_memory = 10;

class Herding final : public Strategy {
 public:
  double report(const Information& information, RandomStream&) override {
    const std::size_t known = std::min(information.past.size(), herd_memory);
    if (known == 0) return information.belief.probability;
    double total = 0.0;
    for (const PastSlot& slot : information.past.last(known)) total += slot.label;
    return std::clamp(total / static_cast<double>(known), 0.0, 1.0);  // the mean may round above 1
  }
};

class Copying final : public Strategy {
 public:
  explicit Copying(std::size_t whom) : whom_(whom) {}
  double report(const Information& information, RandomStream&) override {
    return whom_ < information.last_report.size() ? information.last_report[whom_]
                                                  : information.belief.probability;
  }

 private:
  std::size_t whom_;
};

// Learns how far labels go the way it leant.
class AgreementSeeking final : public Strategy {
 public:
  double report(const Information& information, RandomStream&) override {
    leant_to_a_ = information.belief.leans_to_a;
    if (slots_ == 0.0) return information.belief.probability;
    const double agreement = std::clamp(total_ / slots_, 0.0, 1.0);
    return leant_to_a_ ? agreement : 1.0 - agreement;
  }
  void observe(const PastSlot& settled, double) override {
    total_ += leant_to_a_ ? settled.label : 1.0 - settled.label;
    slots_ += 1.0;
  }

 private:
  bool leant_to_a_ = true;
  double total_ = 0.0;
  double slots_ = 0.0;
};

class Ring final : public Strategy {
 public:
  explicit Ring(std::optional<double> side) : side_(side) {}
  double report(const Information& information, RandomStream&) override {
    if (side_) return *side_;
    return information.party.value_or(information.belief).leans_to_a ? 1.0 : 0.0;
  }

 private:
  std::optional<double> side_;
};

class Sybil final : public Strategy {
 public:
  double report(const Information& information, RandomStream&) override {
    return information.party.value_or(information.belief).probability;
  }
};

}  // namespace

Result<StrategyPtr> make_herding(std::string_view parameter) {
  CANDOR_CHECK(no_parameter(parameter));
  return StrategyPtr(std::make_unique<Herding>());
}

Result<StrategyPtr> make_copying(std::string_view parameter) {
  CANDOR_TRY(const double whom, number_in(parameter, 0.0, 0.0, 4e9));
  if (whom == std::floor(whom))
    return StrategyPtr(std::make_unique<Copying>(static_cast<std::size_t>(whom)));
  return Error{ErrorCode::out_of_range, number_text(whom)}
      .in_field("copying")
      .expecting("a worker's number: 0, 1, 2, ...")
      .way("0 is the first worker");
}

Result<StrategyPtr> make_agreement_seeking(std::string_view parameter) {
  CANDOR_CHECK(no_parameter(parameter));
  return StrategyPtr(std::make_unique<AgreementSeeking>());
}

Result<StrategyPtr> make_ring(std::string_view parameter) {
  if (parameter.empty()) return StrategyPtr(std::make_unique<Ring>(std::nullopt));
  if (parameter == "a" || parameter == "b")
    return StrategyPtr(std::make_unique<Ring>(parameter == "a" ? 1.0 : 0.0));
  return Error{ErrorCode::invalid_argument, std::string(parameter)}
      .in_field("ring")
      .expecting("a or b, the side that the ring pushes")
      .way("leave it out for a ring that follows its leader");
}

Result<StrategyPtr> make_sybil(std::string_view parameter) {
  CANDOR_CHECK(no_parameter(parameter));
  return StrategyPtr(std::make_unique<Sybil>());
}

}  // namespace candor::game
