#include "candor/game/equilibrium.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <nlohmann/json.hpp>
#include <utility>

#include "candor/base/parallel.h"
#include "candor/base/progress.h"
#include "candor/base/random.h"
#include "candor/base/text.h"
#include "candor/game/simulation.h"
#include "game/distortion.h"
#include "game/horizons.h"
#include "game/play.h"

namespace candor::game {
namespace {

using Profile = std::vector<std::size_t>;  // [N] into distortions()
using Numbers = std::vector<double>;

constexpr double base_rate = 0.7;
constexpr std::uint64_t belief_stream = 11;
constexpr std::uint64_t platform_stream = 12;

// What the workers of one campaign come to believe: drawn once, so that strategies are compared on
// the same signals.
struct Signals {
  std::size_t workers = 0;
  Numbers outcome;  // [T] 1 or 0
  Numbers belief;   // [T, N]

  [[nodiscard]] std::span<const double> at(std::size_t slot) const {
    return std::span(belief).subspan(slot * workers, workers);
  }
};

// P(outcome is A) for a worker of this accuracy that has seen a signal.
double posterior(double accuracy, bool says_a) {
  const double for_a = base_rate * (says_a ? accuracy : 1.0 - accuracy);
  const double for_b = (1.0 - base_rate) * (says_a ? 1.0 - accuracy : accuracy);
  return for_a / (for_a + for_b);
}

Signals draw_signals(const Numbers& accuracy, std::uint64_t slots, std::uint64_t seed) {
  RandomStream random(seed, belief_stream);
  Signals signals{accuracy.size(), {}, {}};
  for (std::uint64_t t = 0; t < slots; ++t) {
    const bool is_a = random.bernoulli(base_rate);
    signals.outcome.push_back(is_a ? 1.0 : 0.0);
    for (const double right : accuracy)
      signals.belief.push_back(posterior(right, random.bernoulli(right) == is_a));
  }
  return signals;
}

// One campaign under a profile of strategies: what each worker got, and what the label lost.
struct Campaign {
  Numbers utility;          // [N] mean over slots, or the final weight
  double label_loss = 0.0;  // sum
};

class Campaigner {
 public:
  Campaigner(Motive motive, const Signals& signals)
      : motive_(motive), signals_(signals), report_(signals.workers), got_(signals.workers) {}

  Campaign run(Play& play, const Profile& profile, std::uint64_t seed) {
    RandomStream draws(seed, platform_stream);
    Campaign campaign{Numbers(signals_.workers), 0.0};
    const auto slots = static_cast<double>(signals_.outcome.size());
    for (std::size_t t = 0; t < signals_.outcome.size(); ++t) {
      const std::span<const double> belief = signals_.at(t);
      for (std::size_t i = 0; i < report_.size(); ++i)
        report_[i] = distortions().at(profile[i]).report(belief[i]);
      const double label = play.pool(report_, draws);
      play.settle(report_, signals_.outcome[t]);
      const double gap = label - signals_.outcome[t];
      campaign.label_loss += gap * gap;
      add_utility(play, belief, label, slots, campaign.utility);
    }
    if (motive_ == Motive::final_weight) play.weights(campaign.utility);
    return campaign;
  }

 private:
  void add_utility(const Play& play, std::span<const double> belief, double label, double slots,
                   Numbers& utility) {
    if (motive_ == Motive::final_weight) return;
    if (motive_ == Motive::sway) {
      for (std::size_t i = 0; i < got_.size(); ++i)
        got_[i] = -(label - belief[i]) * (label - belief[i]);
    } else if (motive_ == Motive::pay) {
      play.pay(got_);
    } else {
      play.weights(got_);
    }
    for (std::size_t i = 0; i < got_.size(); ++i) utility[i] += got_[i] / slots;
  }

  Motive motive_;
  const Signals& signals_;
  Numbers report_;
  Numbers got_;
};

struct MeanGain {
  double mean = 0.0;
  double error = 0.0;  // standard error
};

MeanGain paired(std::span<const double> one, std::span<const double> other) {
  const auto n = static_cast<double>(one.size());
  MeanGain gain;
  for (std::size_t s = 0; s < one.size(); ++s) gain.mean += (one[s] - other[s]) / n;
  double squares = 0.0;
  for (std::size_t s = 0; s < one.size(); ++s) {
    const double off = one[s] - other[s] - gain.mean;
    squares += off * off;
  }
  gain.error = std::sqrt(squares / (n - 1.0) / n);
  return gain;
}

bool clearly_better(std::span<const double> one, std::span<const double> other) {
  constexpr double rounding = 1e-12;
  const MeanGain gain = paired(one, other);
  return gain.mean > 2.0 * gain.error + rounding;
}

// One mechanism played from one start.
class Search {
 public:
  Search(const EquilibriumOptions& options, std::string mechanism)
      : options_(options), mechanism_(std::move(mechanism)) {
    for (std::uint64_t s = 0; s < options.learning_seeds; ++s)
      learning_.push_back(
          draw_signals(options.accuracy, options.learning_slots, options.first_seed + s));
  }

  Result<EquilibriumPlay> run(std::size_t start, const Numbers& horizons) {
    EquilibriumPlay play;
    play.mechanism = mechanism_;
    Profile profile(options_.accuracy.size(), start);
    CANDOR_CHECK(settle(profile, play));
    for (const std::size_t distortion : profile)
      play.strategies.emplace_back(distortions().at(distortion).name);
    CANDOR_CHECK(measure(profile, horizons, play));
    return play;
  }

 private:
  // [seeds] what a worker gets under a profile.
  Result<Numbers> utilities(const Profile& profile, std::size_t worker) {
    Numbers utility;
    for (std::size_t s = 0; s < learning_.size(); ++s) {
      CANDOR_TRY(const auto play, make_play(mechanism_, profile.size(),
                                            static_cast<double>(options_.learning_slots)));
      Campaigner campaigner(options_.utility, learning_[s]);
      utility.push_back(campaigner.run(*play, profile, options_.first_seed + s).utility[worker]);
    }
    return utility;
  }

  // Keeps the present strategy unless another one is clearly better than it; then takes the first
  // that is not clearly worse than the best.
  Result<std::size_t> best_response(Profile profile, std::size_t worker) {
    const std::size_t present = profile[worker];
    std::vector<Numbers> utility;
    for (std::size_t d = 0; d < distortions().size(); ++d) {
      profile[worker] = d;
      CANDOR_TRY(Numbers of_seeds, utilities(profile, worker));
      utility.push_back(std::move(of_seeds));
    }
    std::size_t best = 0;
    for (std::size_t d = 1; d < utility.size(); ++d)
      if (paired(utility[d], utility[best]).mean > 0.0) best = d;
    if (!clearly_better(utility[best], utility[present])) return present;
    for (std::size_t d = 0; d < best; ++d)
      if (!clearly_better(utility[best], utility[d])) return d;
    return best;
  }

  Status settle(Profile& profile, EquilibriumPlay& play) {
    for (play.rounds = 1; play.rounds <= options_.rounds; ++play.rounds) {
      const Profile before = profile;
      for (std::size_t worker = 0; worker < profile.size(); ++worker) {
        CANDOR_TRY(profile[worker], best_response(profile, worker));
      }
      if (profile == before) return {};
    }
    play.rounds = options_.rounds;
    play.settled = false;
    return {};
  }

  Status measure(const Profile& profile, const Numbers& horizons, EquilibriumPlay& play) {
    for (const double horizon : horizons) {
      Numbers regret;
      double brier = 0.0;
      for (std::uint64_t s = 0; s < options_.seeds; ++s) {
        const std::uint64_t seed = options_.first_seed + s;
        const Signals signals =
            draw_signals(options_.accuracy, static_cast<std::uint64_t>(horizon), seed);
        CANDOR_TRY(const auto one, make_play(mechanism_, profile.size(), horizon));
        Campaigner campaigner(options_.utility, signals);
        const double lost = campaigner.run(*one, profile, seed).label_loss;
        regret.push_back(lost - best_honest_loss(signals));
        brier += lost / horizon / static_cast<double>(options_.seeds);
      }
      play.regret.push_back(mean_over(regret));
      play.regret_se.push_back(standard_error_over(regret));
      play.brier = brier;
    }
    play.slope = fitted_slope(horizons, play.regret);
    return {};
  }

  static double best_honest_loss(const Signals& signals) {
    Numbers loss(signals.workers);
    for (std::size_t t = 0; t < signals.outcome.size(); ++t)
      for (std::size_t i = 0; i < loss.size(); ++i) {
        const double gap = signals.at(t)[i] - signals.outcome[t];
        loss[i] += gap * gap;
      }
    return *std::min_element(loss.begin(), loss.end());
  }

  const EquilibriumOptions& options_;
  std::string mechanism_;
  std::vector<Signals> learning_;
};

Error out_of_range(std::string found, std::string_view field, std::string_view expected) {
  return Error{ErrorCode::out_of_range, std::move(found)}.in_field(field).expecting(expected).way(
      "see candor simulate --help");
}

Status check(const EquilibriumOptions& options) {
  const std::size_t workers = options.accuracy.size();
  if (workers < 2 || workers > 20)
    return out_of_range(std::to_string(workers) + " workers", "accuracies", "2 to 20 workers");
  for (const double accuracy : options.accuracy)
    if (!(accuracy >= 0.0 && accuracy <= 1.0))
      return out_of_range(number_text(accuracy), "accuracies", "numbers in [0,1]");
  if (options.slots < 16)
    return out_of_range(std::to_string(options.slots), "--slots", "at least 16 slots");
  if (options.seeds == 0) return out_of_range("0", "--seeds", "at least 1 campaign");
  if (options.learning_seeds < 2 || options.learning_slots == 0)
    return out_of_range(std::to_string(options.learning_seeds), "learning seeds",
                        "at least 2 campaigns of at least 1 slot");
  for (const std::string& mechanism : options.mechanisms)
    CANDOR_CHECK(make_play(mechanism, workers, 16.0));
  return {};
}

// All mechanisms from both starts; each writes its own place only.
class Grid {
 public:
  Grid(const EquilibriumOptions& options, EquilibriumResult& result)
      : options_(options),
        mechanisms_(options.mechanisms.empty() ? playable_mechanisms() : options.mechanisms),
        result_(result) {
    result_.from_truth.resize(mechanisms_.size());
    result_.from_lies.resize(mechanisms_.size());
  }

  Status run() {
    std::optional<Progress> line;
    if (options_.progress) line.emplace("equilibrium", "games", 2 * mechanisms_.size());
    std::size_t done = 0;
    for_each_block(2 * mechanisms_.size(), options_.threads, [&](std::size_t block) {
      run_one(block);
      const std::scoped_lock lock(mutex_);
      if (line) line->advance(++done);
    });
    return failure_;
  }

 private:
  // The slowest, which come last in the list, are begun first.
  void run_one(std::size_t block) {
    const std::size_t m = mechanisms_.size() - 1 - block / 2;
    const bool from_truth = block % 2 == 0;
    auto play = Search(options_, mechanisms_[m])
                    .run(from_truth ? truthful_distortion : lying_distortion, result_.horizons);
    if (play.ok()) {
      (from_truth ? result_.from_truth : result_.from_lies)[m] = std::move(play).value();
      return;
    }
    const std::scoped_lock lock(mutex_);
    failure_ = std::move(play).error();
  }

  const EquilibriumOptions& options_;
  std::vector<std::string> mechanisms_;
  EquilibriumResult& result_;
  std::mutex mutex_;
  Status failure_;
};

}  // namespace

bool EquilibriumPlay::all_truthful() const {
  return std::all_of(strategies.begin(), strategies.end(),
                     [](const std::string& name) { return name == "truthful"; });
}

Result<EquilibriumResult> play_to_equilibrium(const EquilibriumOptions& options) {
  CANDOR_CHECK(check(options));
  EquilibriumResult result;
  result.utility = options.utility;
  result.accuracy = options.accuracy;
  result.horizons = horizons_up_to(options.slots);
  CANDOR_CHECK(Grid(options, result).run());
  return result;
}

}  // namespace candor::game
