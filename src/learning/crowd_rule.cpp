#include "candor/learning/crowd_rule.h"

#include <cassert>
#include <string>

#include "candor/base/text.h"
#include "candor/learning/weighted_score_update.h"

namespace candor::learning {
namespace {

Error bad_asks(const AskingOptions& options, std::string_view rule, std::string expected) {
  return Error{ErrorCode::invalid_argument, std::to_string(options.asks)}
      .in_field("asks")
      .expecting(std::move(expected) + " for the rule " + std::string(rule))
      .way("lf takes 2 and more, log-barrier, loss-biased and wsu-ux take 1");
}

Status check_exploration(const AskingOptions& options, bool explores, std::string_view rule) {
  if (!(options.exploration >= 0.0 && options.exploration < 1.0))
    return Error{ErrorCode::out_of_range, number_text(options.exploration)}
        .in_field("exploration")
        .expecting("a number in [0,1)")
        .way("0 lets the rule choose");
  if (explores || options.exploration == 0.0) return {};
  return Error{ErrorCode::invalid_argument, number_text(options.exploration)}
      .in_field("exploration")
      .expecting("0: the rule " + std::string(rule) + " does not mix")
      .way("leave it out");
}

}  // namespace

Status check_asking_options(const AskingOptions& options, const AskingLimits& limits,
                            std::string_view rule) {
  CANDOR_CHECK(check_step_size(options.step_size));
  CANDOR_CHECK(check_exploration(options, limits.explores, rule));
  if (options.asks < limits.least_asks)
    return bad_asks(options, rule, "at least " + std::to_string(limits.least_asks));
  if (options.asks > limits.most_asks)
    return bad_asks(options, rule, "at most " + std::to_string(limits.most_asks));
  return {};
}

void CrowdRule::share(std::span<const WorkerId> worker, std::span<double> out) const {
  double total = 0.0;
  for (std::size_t j = 0; j < worker.size(); ++j) total += out[j] = crowd_.weight(worker[j]);
  if (!(total > 0.0)) return share_equally(out);
  for (double& value : out) value /= total;
}

std::vector<WorkerId> CrowdRule::present_in_order() const {
  const std::span<const WorkerId> present = crowd_.present_workers();
  std::vector<WorkerId> order(present.begin(), present.end());
  std::sort(order.begin(), order.end());
  return order;
}

double CrowdRule::mixed_probability(WorkerId worker, double gamma) const {
  if (!crowd_.is_present(worker)) return 0.0;
  if (crowd_.present() == 1) return 1.0;
  return (1.0 - gamma) * crowd_.part(worker) + gamma / static_cast<double>(crowd_.present());
}

Asks CrowdRule::draw_one(double gamma, RandomStream& random) const {
  if (crowd_.present() == 0) return {};
  const bool equally = gamma > 0.0 && random.bernoulli(gamma);
  const WorkerId one = equally ? crowd_.draw_equally(random) : crowd_.draw_by_weight(random);
  return {{one}, {probability(one)}};
}

std::vector<AskingRule::Possible> CrowdRule::law() const {
  assert(crowd_.present() <= 12);
  std::vector<Possible> all;
  for (const WorkerId id : present_in_order())
    all.push_back({{{id}, {probability(id)}}, probability(id)});
  return all;
}

Stakes CrowdRule::open_stakes([[maybe_unused]] std::span<const WorkerId> asked,
                              double lottery) const {
  assert(could_draw(asked) && "asked: as drawn, with nobody coming or leaving in between");
  return {.stake = {}, .claim = {}, .lottery = lottery, .arrivals = crowd_.arrivals()};
}

double CrowdRule::put_at_stake(WorkerId worker, double wish) {
  const double stake = crowd_.present() > 1 ? std::min(wish, crowd_.free(worker)) : 0.0;
  crowd_.put_at_stake(worker, stake);
  return stake;
}

}  // namespace candor::learning
