#include "candor/align/best_of_n.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "align/option_check.h"
#include "candor/base/math.h"

namespace candor::align {
namespace {

double power(double x, std::size_t n) {
  return x <= 0.0 ? 0.0 : portable_exp(static_cast<double>(n) * portable_log(x));
}

std::vector<std::vector<policy::Token>> repeated(
    std::span<const std::vector<policy::Token>> prompts, std::size_t n) {
  std::vector<std::vector<policy::Token>> list;
  for (const auto& prompt : prompts) list.insert(list.end(), n, prompt);
  return list;
}

}  // namespace

Result<std::vector<BestAnswer>> best_of_n(policy::Policy& policy, policy::Scorer& rewards,
                                          std::span<const std::vector<policy::Token>> prompts,
                                          std::size_t n, const policy::GenerateOptions& options,
                                          std::uint64_t seed) {
  CANDOR_CHECK(require(n >= 1, "n", 0, "at least 1"));
  CANDOR_TRY(std::vector<policy::Sequence> written,
             policy.generate(repeated(prompts, n), options, seed));
  CANDOR_TRY(const std::vector<double> reward, rewards.scores(written));
  for (const double r : reward) CANDOR_CHECK(require(!std::isnan(r), "reward", r, "a number"));
  std::vector<BestAnswer> best;
  for (std::size_t first = 0; first < written.size(); first += n) {
    const auto begin = reward.begin() + static_cast<std::ptrdiff_t>(first);
    const auto place = std::max_element(begin, begin + static_cast<std::ptrdiff_t>(n));
    const auto i = static_cast<std::size_t>(place - reward.begin());
    best.push_back({std::move(written[i]), reward[i]});
  }
  return best;
}

std::vector<double> best_of_n_law(std::span<const double> probability,
                                  std::span<const double> rewards, std::size_t n) {
  assert(probability.size() == rewards.size());
  std::vector<double> law(probability.size());
  for (std::size_t y = 0; y < law.size(); ++y) {
    double below = 0.0;
    double equal = 0.0;
    for (std::size_t z = 0; z < law.size(); ++z) {
      if (rewards[z] < rewards[y]) below += probability[z];
      if (rewards[z] == rewards[y]) equal += probability[z];
    }
    if (equal > 0.0) law[y] = (power(below + equal, n) - power(below, n)) * probability[y] / equal;
  }
  return law;
}

double best_of_n_divergence_bound(std::size_t n) {
  const auto count = static_cast<double>(n);
  return portable_log(count) - (count - 1.0) / count;
}

}  // namespace candor::align
