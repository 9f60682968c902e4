#include "candor/align/rejection_sampling.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "align/log_sigmoid.h"
#include "align/option_check.h"
#include "candor/base/math.h"

namespace candor::align {
namespace {

Status check(std::span<const double> rewards, const RejectionOptions& options) {
  CANDOR_CHECK(positive("beta", options.beta));
  if (options.bound)
    CANDOR_CHECK(
        require(std::isfinite(*options.bound), "bound", *options.bound, "a finite number"));
  for (const double r : rewards)
    CANDOR_CHECK(require(std::isfinite(r), "reward", r, "a finite number"));
  return {};
}

}  // namespace

Result<AcceptedSamples> accept_samples(std::span<const double> rewards,
                                       const RejectionOptions& options, RandomStream& random) {
  CANDOR_CHECK(check(rewards, options));
  AcceptedSamples accepted;
  if (rewards.empty()) return accepted;
  const double bound = options.bound.value_or(*std::max_element(rewards.begin(), rewards.end()));
  for (std::size_t i = 0; i < rewards.size(); ++i) {
    ++accepted.tried;
    if (rewards[i] > bound) ++accepted.above_bound;
    if (!random.bernoulli(portable_exp((rewards[i] - bound) / options.beta))) continue;
    accepted.index.push_back(static_cast<std::uint32_t>(i));
    if (accepted.index.size() == options.most) break;
  }
  return accepted;
}

std::vector<double> tilted(std::span<const double> probability, std::span<const double> rewards,
                           double beta) {
  assert(probability.size() == rewards.size());
  std::vector<double> x(probability.size());
  for (std::size_t i = 0; i < x.size(); ++i)
    x[i] = portable_log(probability[i]) + rewards[i] / beta;
  softmax(x);
  return x;
}

std::vector<RewardPair> label_by_reward(std::span<const std::uint32_t> index,
                                        std::span<const double> rewards) {
  std::vector<RewardPair> pairs;
  for (std::size_t i = 0; i + 1 < index.size(); i += 2) {
    const std::uint32_t a = index[i];
    const std::uint32_t b = index[i + 1];
    pairs.push_back({.a = a, .b = b, .label = sigmoid(rewards[a] - rewards[b])});
  }
  return pairs;
}

}  // namespace candor::align
