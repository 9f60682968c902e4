#include <cmath>

#include "candor/base/math.h"
#include "game/strategy_classes.h"

namespace candor::game {
namespace {

constexpr double most_slots = 4e9;

double named(bool a) {
  return a ? 1.0 : 0.0;
}

class Truthful : public Strategy {
 public:
  double report(const Information& information, RandomStream&) override {
    return information.belief.probability;
  }
};

class Exaggerating final : public Strategy {
 public:
  double report(const Information& information, RandomStream&) override {
    return named(information.belief.leans_to_a);
  }
};

class Hedging final : public Strategy {
 public:
  explicit Hedging(double part) : part_(part) {}
  double report(const Information& information, RandomStream&) override {
    return 0.5 + (1.0 - part_) * (information.belief.probability - 0.5);
  }

 private:
  double part_;
};

class AlwaysWrong final : public Strategy {
 public:
  double report(const Information& information, RandomStream&) override {
    return named(!information.belief.leans_to_a);
  }
};

class Constant final : public Strategy {
 public:
  explicit Constant(double value) : value_(value) {}
  double report(const Information&, RandomStream&) override { return value_; }

 private:
  double value_;
};

class Random final : public Strategy {
 public:
  double report(const Information&, RandomStream& random) override { return random.uniform(); }
};

class SideBiased final : public Strategy {
 public:
  explicit SideBiased(double part) : part_(part) {}
  double report(const Information& information, RandomStream&) override {
    const double belief = information.belief.probability;
    return belief + (part_ >= 0.0 ? part_ * (1.0 - belief) : part_ * belief);
  }

 private:
  double part_;
};

class Sleeper final : public Strategy {
 public:
  explicit Sleeper(double wakes) : wakes_(wakes) {}
  double report(const Information& information, RandomStream&) override {
    if (static_cast<double>(information.slot) < wakes_) return information.belief.probability;
    return named(!information.belief.leans_to_a);
  }

 private:
  double wakes_;
};

class Drifter final : public Strategy {
 public:
  explicit Drifter(double half_life) : half_life_(half_life) {}
  double report(const Information& information, RandomStream&) override {
    const double halvings = static_cast<double>(information.slot) / half_life_;
    const double effort = portable_exp(-halvings * portable_log(2.0));
    return 0.5 + effort * (information.belief.probability - 0.5);
  }

 private:
  double half_life_;
};

class GoldMemoriser final : public Strategy {
 public:
  explicit GoldMemoriser(double habit) : habit_(habit) {}
  double report(const Information& information, RandomStream&) override {
    return information.audited ? information.belief.probability : habit_;
  }

 private:
  double habit_;
};

class NoShow final : public Truthful {
 public:
  explicit NoShow(double appears) : appears_(appears) {}
  bool answers(const Information&, RandomStream& random) override {
    return random.bernoulli(appears_);
  }

 private:
  double appears_;
};

template <class Plain>
Result<StrategyPtr> plain(std::string_view parameter) {
  CANDOR_CHECK(no_parameter(parameter));
  return StrategyPtr(std::make_unique<Plain>());
}

template <class WithNumber>
Result<StrategyPtr> with_number(std::string_view parameter, double standard, double low,
                                double high) {
  CANDOR_TRY(const double value, number_in(parameter, standard, low, high));
  return StrategyPtr(std::make_unique<WithNumber>(value));
}

}  // namespace

Result<StrategyPtr> make_truthful(std::string_view parameter) {
  return plain<Truthful>(parameter);
}
Result<StrategyPtr> make_exaggerating(std::string_view parameter) {
  return plain<Exaggerating>(parameter);
}
Result<StrategyPtr> make_hedging(std::string_view parameter) {
  return with_number<Hedging>(parameter, 0.5, 0.0, 1.0);
}
Result<StrategyPtr> make_always_wrong(std::string_view parameter) {
  return plain<AlwaysWrong>(parameter);
}
Result<StrategyPtr> make_constant(std::string_view parameter) {
  return with_number<Constant>(parameter, 0.5, 0.0, 1.0);
}
Result<StrategyPtr> make_random(std::string_view parameter) {
  return plain<Random>(parameter);
}
Result<StrategyPtr> make_side_biased(std::string_view parameter) {
  return with_number<SideBiased>(parameter, 0.5, -1.0, 1.0);
}
Result<StrategyPtr> make_sleeper(std::string_view parameter) {
  return with_number<Sleeper>(parameter, 500.0, 0.0, most_slots);
}
Result<StrategyPtr> make_drifter(std::string_view parameter) {
  return with_number<Drifter>(parameter, 500.0, 1e-3, most_slots);
}
Result<StrategyPtr> make_gold_memoriser(std::string_view parameter) {
  return with_number<GoldMemoriser>(parameter, 0.5, 0.0, 1.0);
}
Result<StrategyPtr> make_no_show(std::string_view parameter) {
  return with_number<NoShow>(parameter, 0.5, 0.0, 1.0);
}

}  // namespace candor::game
