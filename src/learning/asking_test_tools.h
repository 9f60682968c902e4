// What the tests of asking rules have in common.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "candor/base/random.h"
#include "candor/learning/asking_rules.h"
#include "learning/limited_oracle.h"

namespace candor::learning {

using oracle::Row;
using Crowd = std::vector<WorkerId>;

inline Crowd workers(std::size_t first, std::size_t count) {
  Crowd ids(count);
  for (std::size_t j = 0; j < count; ++j) ids[j].value = static_cast<std::uint32_t>(first + j);
  return ids;
}

inline Row random_row(RandomStream& random, std::size_t n) {
  Row row(n);
  for (double& value : row) value = random.uniform();
  return row;
}

inline oracle::Set indices(const Crowd& crowd) {
  oracle::Set set;
  for (const WorkerId id : crowd) set.push_back(id.index());
  return set;
}

inline oracle::Set present_of(const AskingRule& rule) {
  oracle::Set here;
  for (std::size_t i = 0; i < rule.workers(); ++i)
    if (rule.is_present(WorkerId{static_cast<std::uint32_t>(i)})) here.push_back(i);
  return here;
}

inline Row losses_of(const Crowd& asked, const Row& loss) {
  Row own;
  for (const WorkerId id : asked) own.push_back(loss[id.index()]);
  return own;
}

inline std::unique_ptr<AskingRule> rule_of(std::string_view name, const AskingOptions& options,
                                           std::size_t n) {
  auto rule = make_asking_rule(name, options);
  if (!rule.ok()) throw std::runtime_error(rule.error().message());
  if (n > 0) rule.value()->admit(workers(0, n), 1.0);
  return std::move(rule).value();
}

// Weights of every kind: each worker comes as a cohort of its own and takes a part of what is
// there.
inline std::unique_ptr<AskingRule> uneven_crowd(std::string_view name, const AskingOptions& options,
                                                const Row& masses) {
  auto rule = rule_of(name, options, 1);
  for (std::size_t i = 1; i < masses.size(); ++i) rule->admit(workers(i, 1), masses[i]);
  return rule;
}

// One slot with the outcome at once, for workers chosen by the test. loss: everyone's.
inline void play(AskingRule& rule, const Crowd& asked, const Row& loss) {
  const Stakes stakes = rule.stake(asked, 0.0);
  rule.settle(asked, stakes, losses_of(asked, loss));
}

// A rule and how it is asked; N may be anything over asks.
struct Kind {
  const char* name;
  std::size_t asks;
};
inline constexpr Kind kinds[] = {
    {"lf", 2}, {"lf", 3}, {"log-barrier", 1}, {"loss-biased", 1}, {"wsu-ux", 1}};

inline bool is(const Kind& kind, std::string_view name) {
  return kind.name == name;
}

// A step size within the range that keeps the rule's formula positive for every crowd of N.
inline double guarded_step(const Kind& kind, std::size_t n) {
  if (is(kind, "lf"))
    return n <= kind.asks ? 1.0 : static_cast<double>(kind.asks - 1) / static_cast<double>(n - 1);
  if (is(kind, "log-barrier")) return 0.5;
  return 0.125 / static_cast<double>(n);
}

}  // namespace candor::learning
