#include "candor/learning/asking_rules.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>

#include "candor/base/math.h"
#include "candor/base/text.h"
#include "candor/learning/event_lottery.h"
#include "candor/learning/limited_weighted_score.h"
#include "candor/learning/log_barrier.h"
#include "candor/learning/loss_biased.h"
#include "candor/learning/weighted_score_update.h"

namespace candor::learning {
namespace {

using Made = Result<std::unique_ptr<AskingRule>>;

template <class Rule>
Made widened(Result<std::unique_ptr<Rule>> rule) {
  if (!rule.ok()) return std::move(rule).error();
  return std::unique_ptr<AskingRule>(std::move(rule).value());
}

Made make_lf(const AskingOptions& options) {
  return widened(
      LimitedWeightedScore::create(LimitedWeightedScore::Selection::leader_and_others, options));
}
Made make_wsu_ux(const AskingOptions& options) {
  return widened(LimitedWeightedScore::create(LimitedWeightedScore::Selection::mixed, options));
}
Made make_loss_biased(const AskingOptions& options) {
  return widened(LossBiased::create(options));
}
Made make_log_barrier(const AskingOptions& options) {
  return widened(LogBarrier::create(options));
}

Made make_elf(const AskingOptions& options) {
  CANDOR_CHECK(check_step_size(options.step_size));
  return widened(EventLottery::create({options.asks, options.step_size, options.exploration}));
}

// What a step size is tuned to.
struct Campaign {
  double workers;
  double asks;
  double horizon;
  double log_workers;
};

double lf_step_size(const Campaign& c) {
  if (c.asks >= c.workers) return std::min(0.68, std::sqrt(c.log_workers / c.horizon));
  const double spread = (c.workers - 1.0) / (c.asks - 1.0);
  const double best = std::sqrt(c.log_workers / (c.horizon * (spread + c.workers / c.asks)));
  return std::min(0.68 / spread, best);
}
double wsu_ux_step_size(const Campaign& c) {
  const double base = c.log_workers / (4.0 * std::sqrt(c.workers) * c.horizon);
  return std::min(0.25 / c.workers, portable_exp(portable_log(base) * 2.0 / 3.0));
}
double loss_biased_step_size(const Campaign& c) {
  const double best = std::sqrt(c.log_workers / ((14.0 * c.workers + 2.0) * c.horizon));
  return std::min(0.125 / c.workers, best);
}
double log_barrier_step_size(const Campaign& c) {
  const double log_horizon = portable_log(std::max(c.horizon, 2.0));
  return std::min(0.5, std::sqrt(c.workers * log_horizon / (2.0 * c.horizon)));
}

double elf_step_size(const Campaign& c) {
  return c.workers > 2.0 ? 1.0 : 0.5;
}

double no_exploration(double, double) {
  return 0.0;
}
double wsu_ux_exploration(double workers, double step_size) {
  return std::min(0.5, std::sqrt(step_size * workers));
}
double loss_biased_exploration(double workers, double step_size) {
  return std::min(0.5, 2.0 * step_size * workers);
}

struct Entry {
  std::string_view name;
  std::size_t least_asks;
  std::size_t most_asks;
  Made (*make)(const AskingOptions&);
  double (*step_size)(const Campaign&);
  double (*exploration)(double workers, double step_size);
};

constexpr std::size_t any_number = std::numeric_limits<std::size_t>::max();

constexpr std::array<Entry, 5> entries{{
    {"lf", 2, any_number, make_lf, lf_step_size, no_exploration},
    {"log-barrier", 1, 1, make_log_barrier, log_barrier_step_size, no_exploration},
    {"loss-biased", 1, 1, make_loss_biased, loss_biased_step_size, loss_biased_exploration},
    {"wsu-ux", 1, 1, make_wsu_ux, wsu_ux_step_size, wsu_ux_exploration},
    {"elf", 0, any_number, make_elf, elf_step_size, no_exploration},
}};

constexpr auto names = [] {
  std::array<std::string_view, entries.size()> all{};
  for (std::size_t k = 0; k < all.size(); ++k) all[k] = entries[k].name;
  return all;
}();

Error unknown_name(std::string_view name) {
  std::string list;
  for (const std::string_view known : names)
    list += (list.empty() ? "" : ", ") + std::string(known);
  return Error{ErrorCode::invalid_argument, std::string(name)}
      .in_field("rule")
      .expecting("one of " + list)
      .way("lf where two can be asked a slot, log-barrier where only one");
}

Result<const Entry*> find(std::string_view name) {
  const auto entry = std::find_if(entries.begin(), entries.end(),
                                  [name](const Entry& known) { return known.name == name; });
  if (entry == entries.end()) return unknown_name(name);
  return &*entry;
}

Status check_asks(const Entry& entry, std::size_t asks) {
  if (asks >= entry.least_asks && asks <= entry.most_asks) return {};
  return Error{ErrorCode::invalid_argument, std::to_string(asks)}
      .in_field("asks")
      .expecting(std::string(entry.most_asks == 1 ? "1" : "at least 2") + " for the rule " +
                 std::string(entry.name))
      .way("lf takes 2 and more, elf any number; the others take 1");
}

Status check_horizon(double horizon) {
  if (horizon > 0.0 && std::isfinite(horizon)) return {};
  return Error{ErrorCode::out_of_range, number_text(horizon)}
      .in_field("horizon")
      .expecting("more than 0 slots")
      .way("state how many slots the campaign will have, or choose a step size");
}

}  // namespace

std::span<const std::string_view> asking_rule_names() {
  return names;
}

Made make_asking_rule(std::string_view name, const AskingOptions& options) {
  CANDOR_TRY(const Entry* const entry, find(name));
  return entry->make(options);
}

Result<double> asking_step_size(std::string_view name, std::size_t workers, std::size_t asks,
                                double horizon) {
  CANDOR_TRY(const Entry* const entry, find(name));
  CANDOR_CHECK(check_asks(*entry, asks));
  CANDOR_CHECK(check_horizon(horizon));
  const double crowd = static_cast<double>(std::max<std::size_t>(workers, 2));
  return entry->step_size({crowd, static_cast<double>(asks), horizon, portable_log(crowd)});
}

Result<double> asking_exploration(std::string_view name, std::size_t workers, double step_size) {
  CANDOR_TRY(const Entry* const entry, find(name));
  CANDOR_CHECK(check_step_size(step_size));
  return entry->exploration(static_cast<double>(workers), step_size);
}

}  // namespace candor::learning
