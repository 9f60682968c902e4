#include "candor/policy/draw.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>

#include "candor/base/math.h"
#include "candor/base/text.h"

namespace candor::policy {
namespace {

constexpr double never = -std::numeric_limits<double>::infinity();

Error bad(std::string_view option, double found, std::string_view expected) {
  return Error{ErrorCode::out_of_range, number_text(found)}
      .in_field(option)
      .expecting(expected)
      .way("correct the option");
}

std::size_t likeliest(std::span<const double> logits) {
  return static_cast<std::size_t>(std::max_element(logits.begin(), logits.end()) - logits.begin());
}

// Numbers in falling order of x; of equals, lower numbers first.
std::vector<std::size_t> falling_order(std::span<const double> x) {
  std::vector<std::size_t> order(x.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t i, std::size_t j) { return x[i] > x[j]; });
  return order;
}

void keep_top_k(std::vector<double>& logits, std::size_t k) {
  if (k == 0 || k >= logits.size()) return;
  const std::vector<std::size_t> order = falling_order(logits);
  for (std::size_t i = k; i < order.size(); ++i) logits[order[i]] = never;
}

void keep_top_p(std::vector<double>& probability, double top_p) {
  if (top_p >= 1.0) return;
  double held = 0.0;
  for (const std::size_t i : falling_order(probability)) {
    if (held >= top_p) probability[i] = 0.0;
    held += probability[i];
  }
  normalise(probability);
}

}  // namespace

Status check(const GenerateOptions& options) {
  if (options.max_tokens == 0) return bad("max_tokens", 0, "at least 1");
  if (!(options.temperature >= 0.0) || !std::isfinite(options.temperature))
    return bad("temperature", options.temperature, "a number >= 0");
  if (!(options.top_p > 0.0 && options.top_p <= 1.0))
    return bad("top_p", options.top_p, "a number in (0,1]");
  return {};
}

std::vector<double> draw_probabilities(std::span<const double> logits,
                                       const GenerateOptions& options) {
  assert(!logits.empty());
  std::vector<double> x(logits.begin(), logits.end());
  if (options.temperature == 0.0) {
    const std::size_t best = likeliest(logits);
    std::fill(x.begin(), x.end(), 0.0);
    x[best] = 1.0;
    return x;
  }
  const double highest = logits[likeliest(logits)];
  for (double& logit : x) logit = (logit - highest) / options.temperature;
  keep_top_k(x, options.top_k);
  softmax(x);
  keep_top_p(x, options.top_p);
  return x;
}

std::size_t draw(std::span<const double> logits, const GenerateOptions& options,
                 RandomStream& random) {
  if (options.temperature == 0.0) return likeliest(logits);
  const std::vector<double> probability = draw_probabilities(logits, options);
  const double target =
      random.uniform() * std::accumulate(probability.begin(), probability.end(), 0.0);
  double running = 0.0;
  for (std::size_t i = 0; i < probability.size(); ++i) {
    running += probability[i];
    if (running > target) return i;
  }
  return likeliest(logits);  // rounding only: target = the whole sum
}

std::vector<double> log_softmax(std::span<const double> logits) {
  const double highest = logits[likeliest(logits)];
  double total = 0.0;
  for (const double logit : logits) total += portable_exp(logit - highest);
  const double log_total = portable_log(total);
  std::vector<double> out(logits.begin(), logits.end());
  for (double& x : out) x = (x - highest) - log_total;
  return out;
}

}  // namespace candor::policy
