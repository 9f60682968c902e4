#include "lm/sampling.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

#include "candor/base/math.h"
#include "candor/base/text.h"

namespace candor::lm {

namespace {

using policy::GenerateOptions;
using policy::Token;

// Token numbers and their unnormalised probabilities; both in the same order.
struct Kept {
  std::vector<std::uint32_t> token;
  std::vector<double> mass;
};

Error bad_option(std::string_view name, double found, std::string_view expected) {
  return Error{ErrorCode::out_of_range, number_text(found)}.in_field(name).expecting(expected);
}

// The lowest number among the largest; NaN anywhere comes out as "not finite".
Result<std::size_t> largest(std::span<const float> logits) {
  std::size_t best = 0;
  bool any_nan = false;
  for (std::size_t v = 0; v < logits.size(); ++v) {
    any_nan = any_nan || std::isnan(logits[v]);
    if (logits[v] > logits[best]) best = v;
  }
  if (!any_nan && std::isfinite(logits[best])) return best;
  return Error{ErrorCode::out_of_range, any_nan ? "nan" : number_text(double{logits[best]})}
      .in_field("logits")
      .expecting("finite numbers")
      .way(
          "the parameters have diverged: go back to an earlier checkpoint, lower the learning "
          "rate");
}

// Likelier first; of equals the lower number.
auto likelier(std::span<const float> logits) {
  return [logits](std::uint32_t a, std::uint32_t b) {
    return logits[a] != logits[b] ? logits[a] > logits[b] : a < b;
  };
}

std::vector<double> masses(std::span<const float> logits, std::span<const std::uint32_t> token,
                           double largest_logit, double temperature) {
  std::vector<double> mass(token.size());
  for (std::size_t i = 0; i < token.size(); ++i)
    mass[i] = portable_exp((double{logits[token[i]]} - largest_logit) / temperature);
  return mass;
}

std::vector<std::uint32_t> top_k_tokens(std::span<const float> logits, std::size_t k) {
  std::vector<std::uint32_t> token(logits.size());
  std::iota(token.begin(), token.end(), 0U);
  if (k == 0 || k >= token.size()) return token;
  std::nth_element(token.begin(), token.begin() + static_cast<std::ptrdiff_t>(k - 1), token.end(),
                   likelier(logits));
  token.resize(k);
  return token;
}

// The shortest prefix, in falling order of probability, that holds the share top_p. Sorts no more
// than it needs: 64 tokens, then twice as many, ...
void keep_top_p(Kept& kept, std::span<const float> logits, double top_p, double best,
                double temperature) {
  const double wanted = top_p * std::accumulate(kept.mass.begin(), kept.mass.end(), 0.0);
  double held = 0.0;
  std::size_t taken = 0;
  for (std::size_t sorted = 0, end = 64; taken < kept.token.size() && held < wanted;
       sorted = end, end *= 2) {
    end = std::min(end, kept.token.size());
    const auto first = kept.token.begin();
    std::partial_sort(first + static_cast<std::ptrdiff_t>(sorted),
                      first + static_cast<std::ptrdiff_t>(end), kept.token.end(), likelier(logits));
    for (; taken < end && held < wanted; ++taken)
      held += portable_exp((double{logits[kept.token[taken]]} - best) / temperature);
  }
  kept.token.resize(taken);
}

Token pick(const Kept& kept, double uniform) {
  const double target = uniform * std::accumulate(kept.mass.begin(), kept.mass.end(), 0.0);
  double cumulative = 0.0;
  std::size_t last_possible = 0;
  for (std::size_t i = 0; i < kept.mass.size(); ++i) {
    if (kept.mass[i] > 0.0) last_possible = i;
    cumulative += kept.mass[i];
    if (cumulative > target) return static_cast<Token>(kept.token[i]);
  }
  return static_cast<Token>(kept.token[last_possible]);  // rounding left nothing for the last draw
}

}  // namespace

Status check_options(const GenerateOptions& options) {
  if (options.max_tokens == 0) return bad_option("max_tokens", 0.0, "at least 1");
  if (!std::isfinite(options.temperature) || options.temperature < 0.0)
    return bad_option("temperature", options.temperature, "a number >= 0");
  if (!(options.top_p > 0.0 && options.top_p <= 1.0))
    return bad_option("top_p", options.top_p, "a number in (0,1]");
  return {};
}

Result<Token> choose_token(std::span<const float> logits, const GenerateOptions& options,
                           double uniform) {
  CANDOR_TRY(const std::size_t best, largest(logits));
  if (options.temperature == 0.0) return static_cast<Token>(best);
  const double top = double{logits[best]};
  Kept kept{.token = top_k_tokens(logits, options.top_k), .mass = {}};
  kept.mass = masses(logits, kept.token, top, options.temperature);
  if (options.top_p < 1.0) keep_top_p(kept, logits, options.top_p, top, options.temperature);
  if (kept.token.size() < logits.size()) {
    std::sort(kept.token.begin(), kept.token.end());
    kept.mass = masses(logits, kept.token, top, options.temperature);
  }
  return pick(kept, uniform);
}

}  // namespace candor::lm
