#include "candor/game/belief.h"

#include <bit>
#include <cmath>
#include <string>
#include <utility>

#include "candor/base/math.h"
#include "candor/base/text.h"

namespace candor::game {
namespace {

constexpr std::uint32_t uniform_tag = 0xCA2D0123;  // no RandomStream in use has this stream number

Status check_probability(double value, std::string_view field, double low = 0.0,
                         double high = 1.0) {
  if (value >= low && value <= high) return {};
  return Error{ErrorCode::out_of_range, number_text(value)}
      .in_field(field)
      .expecting("a number in [" + number_text(low) + "," + number_text(high) + "]")
      .way("state it as a part of 1");
}

// Of moving a belief on its log-odds; certainty stays certainty.
double shifted(double probability, double shift) {
  const double odds = probability * portable_exp(shift);
  return odds / (odds + (1.0 - probability));
}

Belief after_signal(const World& world, double accuracy, bool right) {
  const bool says_a = right == world.a_is_better;
  return leaning(posterior(world, accuracy, says_a), says_a);
}

class Calibrated final : public BeliefModel {
 public:
  explicit Calibrated(double accuracy) : accuracy_(accuracy) {}
  [[nodiscard]] std::string_view name() const override { return "calibrated"; }
  [[nodiscard]] Belief belief(const World& world, std::uint64_t seed,
                              WorkerId worker) const override {
    const double draw = uniform_of(seed, Purpose::signal, worker.value, world.slot);
    return after_signal(world, accuracy_, draw < accuracy_);
  }

 private:
  double accuracy_;
};

class Correlated final : public BeliefModel {
 public:
  Correlated(double accuracy, std::uint32_t group, double correlation)
      : accuracy_(accuracy), group_(group), follows_(std::sqrt(correlation)) {}
  [[nodiscard]] std::string_view name() const override { return "correlated"; }
  [[nodiscard]] Belief belief(const World& world, std::uint64_t seed,
                              WorkerId worker) const override {
    const double which = uniform_of(seed, Purpose::perturbation, worker.value, world.slot);
    const double draw = which < follows_
                            ? uniform_of(seed, Purpose::group_signal, group_, world.slot)
                            : uniform_of(seed, Purpose::signal, worker.value, world.slot);
    return after_signal(world, accuracy_, draw < accuracy_);
  }

 private:
  double accuracy_;
  std::uint32_t group_;
  double follows_;
};

class Noisy final : public BeliefModel {
 public:
  Noisy(BeliefModelPtr inner, double deviation) : inner_(std::move(inner)), deviation_(deviation) {}
  [[nodiscard]] std::string_view name() const override { return "noisy"; }
  [[nodiscard]] Belief belief(const World& world, std::uint64_t seed,
                              WorkerId worker) const override {
    const Belief clear = inner_->belief(world, seed, worker);
    RandomStream random = stream_of(seed, Purpose::perturbation, worker.value, world.slot);
    return leaning(shifted(clear.probability, deviation_ * random.normal()), clear.leans_to_a);
  }

 private:
  BeliefModelPtr inner_;
  double deviation_;
};

class Biased final : public BeliefModel {
 public:
  Biased(BeliefModelPtr inner, double shift) : inner_(std::move(inner)), shift_(shift) {}
  [[nodiscard]] std::string_view name() const override { return "biased"; }
  [[nodiscard]] Belief belief(const World& world, std::uint64_t seed,
                              WorkerId worker) const override {
    const Belief clear = inner_->belief(world, seed, worker);
    return leaning(shifted(clear.probability, shift_), clear.leans_to_a);
  }

 private:
  BeliefModelPtr inner_;
  double shift_;
};

class Drifting final : public BeliefModel {
 public:
  explicit Drifting(const AccuracyPath& path) : path_(path) {}
  [[nodiscard]] std::string_view name() const override { return "drifting"; }
  [[nodiscard]] Belief belief(const World& world, std::uint64_t seed,
                              WorkerId worker) const override {
    const double accuracy = accuracy_at(path_, seed, worker, world.slot);
    const double draw = uniform_of(seed, Purpose::signal, worker.value, world.slot);
    return after_signal(world, accuracy, draw < accuracy);
  }

 private:
  AccuracyPath path_;
};

// A Brownian path at the whole number t: between the ends of an interval of length 2^k, the middle
// is their mean plus a normal number of variance 2^k / 4.
double brownian(std::uint64_t seed, WorkerId worker, std::uint32_t t) {
  if (t == 0) return 0.0;
  std::uint64_t left = 0;
  std::uint64_t length = std::uint64_t{1} << 32U;
  double at_left = 0.0;
  double at_right = 65536.0 * stream_of(seed, Purpose::walk, worker.value, 0).normal();
  while (true) {
    length /= 2;
    const std::uint64_t middle = left + length;
    const double spread = std::sqrt(static_cast<double>(length) / 2.0);
    const auto place = static_cast<std::uint32_t>(middle);
    const double at_middle = 0.5 * (at_left + at_right) +
                             spread * stream_of(seed, Purpose::walk, worker.value, place).normal();
    if (middle == t) return at_middle;
    (t < middle ? at_right : at_left) = at_middle;
    if (t > middle) left = middle;
  }
}

// The walk as if there were mirrors at 1/2 and 1.
double reflected(double value) {
  const double turns = value - 0.5;
  const double within = turns - std::floor(turns);  // one period there and back, [0,1)
  return 0.5 + (within < 0.5 ? within : 1.0 - within);
}

Status check_path(const AccuracyPath& path) {
  const bool walks = path.kind == AccuracyPath::Kind::random_walk;
  CANDOR_CHECK(check_probability(path.first, "first accuracy", walks ? 0.5 : 0.0));
  CANDOR_CHECK(check_probability(path.last, "last accuracy"));
  if (path.slots > 0 && path.step >= 0.0 && std::isfinite(path.step)) return {};
  return Error{ErrorCode::out_of_range,
               std::to_string(path.slots) + " slots, step " + number_text(path.step)}
      .in_field("accuracy path")
      .expecting("at least 1 slot, and a finite step of at least 0")
      .way("a step of 0.01 a slot is a fast drift");
}

}  // namespace

Belief leaning(double probability, bool signal_says_a) {
  return {probability, probability == 0.5 ? signal_says_a : probability > 0.5};
}

RandomStream stream_of(std::uint64_t seed, Purpose purpose, std::uint32_t who, std::uint32_t slot) {
  const std::uint64_t key =
      seed ^ (0x9E3779B97F4A7C15U * (static_cast<std::uint64_t>(purpose) + 1));
  return RandomStream(key, std::uint64_t{who} << 32U | slot);
}

std::array<double, 2> uniform_pair(std::uint64_t seed, Purpose purpose, std::uint32_t pair,
                                   std::uint32_t slot) {
  const auto words =
      philox4x32({pair, slot, static_cast<std::uint32_t>(purpose), uniform_tag},
                 {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32U)});
  const auto unit = [](std::uint32_t low, std::uint32_t high) {
    const std::uint64_t bits = low | std::uint64_t{high} << 32U;
    return std::bit_cast<double>(0x3FF0000000000000U | bits >> 12U) - 1.0;
  };
  return {unit(words[0], words[1]), unit(words[2], words[3])};
}

double uniform_of(std::uint64_t seed, Purpose purpose, std::uint32_t who, std::uint32_t slot) {
  return uniform_pair(seed, purpose, who / 2, slot).at(who % 2);
}

Status WorldModel::check() const {
  CANDOR_CHECK(check_probability(base_rate, "base rate"));
  return check_probability(noise, "noise", 0.0, 0.5);
}

World WorldModel::world(std::uint64_t seed, std::uint32_t slot) const {
  World world{slot, base_rate, noise};
  const auto [better, outcome] = uniform_pair(seed, Purpose::world, 0, slot);
  world.a_is_better = better < base_rate;
  world.truth = world.a_is_better ? 1.0 - noise : noise;
  world.outcome = outcome < world.truth ? 1.0 : 0.0;
  return world;
}

double posterior(const World& world, double accuracy, bool signal_says_a) {
  const double if_a = world.base_rate * (signal_says_a ? accuracy : 1.0 - accuracy);
  const double if_b = (1.0 - world.base_rate) * (signal_says_a ? 1.0 - accuracy : accuracy);
  // A signal that cannot be teaches nothing.
  const double better = if_a + if_b > 0.0 ? if_a / (if_a + if_b) : world.base_rate;
  return (1.0 - world.noise) * better + world.noise * (1.0 - better);
}

Result<BeliefModelPtr> calibrated_belief(double accuracy) {
  CANDOR_CHECK(check_probability(accuracy, "accuracy"));
  return BeliefModelPtr(std::make_shared<Calibrated>(accuracy));
}

Result<BeliefModelPtr> correlated_belief(double accuracy, std::uint32_t group, double correlation) {
  CANDOR_CHECK(check_probability(accuracy, "accuracy"));
  CANDOR_CHECK(check_probability(correlation, "correlation"));
  return BeliefModelPtr(std::make_shared<Correlated>(accuracy, group, correlation));
}

Result<BeliefModelPtr> noisy_belief(BeliefModelPtr inner, double deviation) {
  if (deviation >= 0.0 && std::isfinite(deviation))
    return BeliefModelPtr(std::make_shared<Noisy>(std::move(inner), deviation));
  return Error{ErrorCode::out_of_range, number_text(deviation)}
      .in_field("deviation")
      .expecting("a finite number of at least 0, on log-odds")
      .way("1 is a strong noise");
}

Result<BeliefModelPtr> biased_belief(BeliefModelPtr inner, double shift) {
  if (std::isfinite(shift))
    return BeliefModelPtr(std::make_shared<Biased>(std::move(inner), shift));
  return Error{ErrorCode::out_of_range, number_text(shift)}
      .in_field("shift")
      .expecting("a finite number, on log-odds")
      .way("1 turns a belief of 0.5 into 0.73");
}

Result<BeliefModelPtr> drifting_belief(const AccuracyPath& path) {
  CANDOR_CHECK(check_path(path));
  return BeliefModelPtr(std::make_shared<Drifting>(path));
}

double accuracy_at(const AccuracyPath& path, std::uint64_t seed, WorkerId worker,
                   std::uint32_t slot) {
  switch (path.kind) {
    case AccuracyPath::Kind::random_walk:
      return reflected(path.first + path.step * brownian(seed, worker, slot));
    case AccuracyPath::Kind::switching:
      return slot < path.slots ? path.first : path.last;
    case AccuracyPath::Kind::linear:
      break;
  }
  if (slot >= path.slots) return path.last;
  const double part = static_cast<double>(slot) / static_cast<double>(path.slots);
  return path.first + part * (path.last - path.first);
}

}  // namespace candor::game
