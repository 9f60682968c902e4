#include "candor/align/divergence.h"

#include <cassert>

#include "align/option_check.h"
#include "candor/base/math.h"

namespace candor::align {
namespace {

Status check(const policy::GenerateOptions& options) {
  CANDOR_CHECK(require(options.temperature == 1.0, "temperature", options.temperature,
                       "1: answers as the policy itself writes them"));
  CANDOR_CHECK(require(options.top_k == 0, "top_k", static_cast<double>(options.top_k), "0 (all)"));
  return require(options.top_p == 1.0, "top_p", options.top_p, "1 (all)");
}

}  // namespace

Result<Estimate> divergence(policy::Policy& policy, policy::Scorer& reference,
                            std::span<const std::vector<policy::Token>> prompts,
                            const policy::GenerateOptions& options, std::uint64_t seed) {
  CANDOR_CHECK(check(options));
  CANDOR_TRY(const std::vector<policy::Sequence> written, policy.generate(prompts, options, seed));
  CANDOR_TRY(std::vector<double> gap, policy.scores(written));
  CANDOR_TRY(const std::vector<double> score, reference.scores(written));
  for (std::size_t i = 0; i < gap.size(); ++i) gap[i] -= score[i];
  return estimate(gap);
}

double exact_divergence(std::span<const double> p, std::span<const double> q) {
  assert(p.size() == q.size());
  double total = 0.0;
  for (std::size_t i = 0; i < p.size(); ++i)
    if (p[i] > 0.0) total += p[i] * (portable_log(p[i]) - portable_log(q[i]));
  return total;
}

}  // namespace candor::align
