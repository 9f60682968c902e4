#include "defence/agreement.h"

#include <algorithm>
#include <cmath>

#include "candor/base/math.h"

namespace candor::defence {
namespace {

double real(std::uint32_t count) {
  return static_cast<double>(count);
}

std::uint32_t fewest_both(const Stratum& s) {
  return s.first + s.second > s.slots ? s.first + s.second - s.slots : 0;
}

// The law of `both` above its least value in one stratum, as logarithms of weights.
std::vector<double> log_weights(const Stratum& s, double odds_ratio) {
  const std::uint32_t low = fewest_both(s);
  const std::uint32_t high = std::min(s.first, s.second);
  std::vector<double> weight{0.0};
  for (std::uint32_t k = low; k < high; ++k) {
    const double up = real(s.first - k) * real(s.second - k) * odds_ratio;
    const double down = real(k + 1) * real(s.slots + k + 1 - s.first - s.second);
    weight.push_back(weight.back() + portable_log(up / down));
  }
  return weight;
}

struct Tilted {
  double log_sum = 0.0;  // log sum_k exp(weight_k + theta k)
  double mean = 0.0;     // of k under these weights
};

Tilted tilt(std::span<const double> weight, double theta) {
  double top = weight[0];
  for (std::size_t k = 1; k < weight.size(); ++k)
    top = std::max(top, weight[k] + theta * static_cast<double>(k));
  double total = 0.0;
  double first_moment = 0.0;
  for (std::size_t k = 0; k < weight.size(); ++k) {
    const double part = portable_exp(weight[k] + theta * static_cast<double>(k) - top);
    total += part;
    first_moment += part * static_cast<double>(k);
  }
  return {top + portable_log(total), first_moment / total};
}

// All strata in which anything is left to chance.
class Law {
 public:
  Law(std::span<const Stratum> strata, double odds_ratio) {
    for (const Stratum& s : strata) {
      std::vector<double> weight = log_weights(s, odds_ratio);
      if (weight.size() == 1) continue;
      seen_ += real(s.both - fewest_both(s));
      greatest_ += static_cast<double>(weight.size() - 1);
      base_ += tilt(weight, 0.0).log_sum;
      weight_.push_back(std::move(weight));
    }
  }
  [[nodiscard]] double seen() const { return seen_; }
  [[nodiscard]] bool is_greatest() const { return seen_ >= greatest_; }
  // log P(as many as there can be)
  [[nodiscard]] double log_greatest() const {
    double log_p = -base_;
    for (const auto& weight : weight_) log_p += weight.back();
    return log_p;
  }
  [[nodiscard]] double mean(double theta) const {
    double mean = 0.0;
    for (const auto& weight : weight_) mean += tilt(weight, theta).mean;
    return mean;
  }
  // log E exp(theta X) - theta x
  [[nodiscard]] double log_bound(double theta) const {
    double log_sum = -base_ - theta * seen_;
    for (const auto& weight : weight_) log_sum += tilt(weight, theta).log_sum;
    return log_sum;
  }

 private:
  std::vector<std::vector<double>> weight_;
  double seen_ = 0.0;  // above the least
  double greatest_ = 0.0;
  double base_ = 0.0;
};

}  // namespace

Moments moments(std::span<const Stratum> strata) {
  Moments sum;
  for (const Stratum& s : strata) {
    if (s.slots < 2) continue;
    const double n = real(s.slots);
    const double mean = real(s.first) * real(s.second) / n;
    sum.mean += mean;
    sum.variance += mean * (n - real(s.first)) * (n - real(s.second)) / (n * (n - 1.0));
  }
  for (const Stratum& s : strata)
    if (s.slots == 1) sum.mean += real(s.both);
  return sum;
}

void OddsSums::add(const OddsSums& other) {
  together += other.together;
  apart += other.apart;
}

void OddsSums::subtract(const OddsSums& other) {
  together -= other.together;
  apart -= other.apart;
}

double OddsSums::ratio() const {
  return apart > 0.0 ? std::max(1.0, together / apart) : 1.0;
}

OddsSums odds_sums(std::span<const Stratum> strata) {
  OddsSums sums;
  for (const Stratum& s : strata) {
    if (s.slots == 0) continue;
    const double neither = real(s.slots + s.both - s.first - s.second);
    sums.together += real(s.both) * neither / real(s.slots);
    sums.apart += real(s.first - s.both) * real(s.second - s.both) / real(s.slots);
  }
  return sums;
}

// Every theta >= 0 gives a valid bound; the best one makes the tilted mean what was seen.
double log_tail(std::span<const Stratum> strata, double odds_ratio) {
  constexpr int halvings = 12;
  const Law law(strata, odds_ratio);
  if (law.mean(0.0) >= law.seen()) return 0.0;
  if (law.is_greatest()) return law.log_greatest();  // theta to infinity
  double high = 1.0;
  while (high < 64.0 && law.mean(high) < law.seen()) high *= 2.0;
  double low = high > 1.0 ? high / 2.0 : 0.0;
  for (int n = 0; n < halvings; ++n) {
    const double middle = (low + high) / 2.0;
    (law.mean(middle) < law.seen() ? low : high) = middle;
  }
  return std::min(0.0, law.log_bound(high));
}

}  // namespace candor::defence
