#include "candor/defence/copy_detector.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "candor/base/math.h"
#include "candor/base/parallel.h"
#include "candor/base/text.h"
#include "defence/pair_sweep.h"

namespace candor::defence {
namespace {

Status check(const CopyOptions& options) {
  if (!(options.false_alarms > 0.0 && options.false_alarms < 1.0)) {
    return Error{ErrorCode::out_of_range, number_text(options.false_alarms)}
        .in_field("false alarms")
        .expecting("a number in (0,1): the chance that anyone in an honest crowd is accused")
        .way("0.01 suits most campaigns");
  }
  if (options.min_common < 2) {
    return Error{ErrorCode::out_of_range, std::to_string(options.min_common)}
        .in_field("common slots")
        .expecting("at least 2")
        .way("20 suits most campaigns");
  }
  if (options.margin >= 1.0 && std::isfinite(options.margin)) return {};
  return Error{ErrorCode::out_of_range, number_text(options.margin)}
      .in_field("margin")
      .expecting("at least 1: how far an honest pair's odds ratio may exceed the crowd's")
      .way("1.25 suits most crowds");
}

// One round's answer for each candidate of its sweep.
struct Verdict {
  double odds_ratio = 1.0;
  std::vector<double> log_p;  // [candidates]
  std::vector<bool> accused;  // [candidates]
};

// Holm: the k-th smallest p-value of m must be at most alpha / (m - k + 1), and all before it too.
std::vector<bool> holm(const std::vector<double>& log_p, std::size_t tested, double alpha) {
  std::vector<std::size_t> order(log_p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return log_p[a] < log_p[b]; });
  std::vector<bool> rejected(log_p.size(), false);
  for (std::size_t k = 0; k < order.size(); ++k) {
    const double limit = portable_log(alpha / static_cast<double>(tested - k));
    if (log_p[order[k]] > limit) break;
    rejected[order[k]] = true;
  }
  return rejected;
}

// The crowd's odds ratio is that of the pairs not accused, so judging and measuring alternate.
// Leaving pairs out can only lower it and accuse more, so a few rounds settle.
Verdict judge(const Sweep& sweep, const CopyOptions& options) {
  constexpr int rounds = 4;
  Verdict verdict{1.0, std::vector<double>(sweep.candidates.size()),
                  std::vector<bool>(sweep.candidates.size(), false)};
  for (int round = 0; round < rounds; ++round) {
    OddsSums odds = sweep.odds;
    for (std::size_t c = 0; c < sweep.candidates.size(); ++c)
      if (verdict.accused[c]) odds.subtract(odds_sums(sweep.candidates[c].strata));
    verdict.odds_ratio = odds.ratio();
    for_each_block(sweep.candidates.size(), options.threads, [&](std::size_t c) {
      verdict.log_p[c] = log_tail(sweep.candidates[c].strata, options.margin * verdict.odds_ratio);
    });
    std::vector<bool> accused = holm(verdict.log_p, sweep.tested, options.false_alarms);
    if (accused == verdict.accused) break;
    verdict.accused = std::move(accused);
  }
  return verdict;
}

std::uint32_t root_of(std::vector<std::uint32_t>& parent, std::uint32_t worker) {
  while (parent[worker] != worker) worker = parent[worker] = parent[parent[worker]];
  return worker;
}

// Connected components with more than one worker, by their smallest id.
std::vector<std::vector<WorkerId>> components(
    std::size_t workers, const std::vector<std::pair<WorkerId, WorkerId>>& pairs) {
  std::vector<std::uint32_t> parent(workers);
  std::iota(parent.begin(), parent.end(), 0U);
  for (const auto& [a, b] : pairs) {
    const std::uint32_t x = root_of(parent, a.value);
    const std::uint32_t y = root_of(parent, b.value);
    parent[std::max(x, y)] = std::min(x, y);
  }
  std::vector<std::vector<WorkerId>> members(workers);
  for (std::uint32_t i = 0; i < workers; ++i) members[root_of(parent, i)].push_back(WorkerId{i});
  std::erase_if(members, [](const auto& group) { return group.size() < 2; });
  std::stable_sort(members.begin(), members.end(),
                   [](const auto& a, const auto& b) { return a.size() > b.size(); });
  return members;
}

Suspects suspects_of(const Sweep& sweep, const Verdict& verdict, std::size_t workers) {
  Suspects suspects(workers, false);
  for (std::size_t c = 0; c < sweep.candidates.size(); ++c) {
    if (!verdict.accused[c]) continue;
    suspects[sweep.candidates[c].first.index()] = true;
    suspects[sweep.candidates[c].second.index()] = true;
  }
  return suspects;
}

CopyingPair describe(const Candidate& candidate, double log_p) {
  CopyingPair pair{candidate.first, candidate.second, 0, 0, 0.0, log_p};
  const double both_expected = moments(candidate.strata).mean;
  double both = 0.0;
  for (const Stratum& s : candidate.strata) {
    pair.common += s.slots;
    pair.agreed += s.slots + 2 * std::size_t{s.both} - s.first - s.second;
    both += s.both;
  }
  pair.expected = static_cast<double>(pair.agreed) - 2.0 * (both - both_expected);
  return pair;
}

struct Round {
  Sweep sweep;
  Verdict verdict;
};

// Candidates are in one order in every round, so both are walked side by side.
void keep_only_accused(Round& round, const Round& before) {
  const auto earlier = [](const Candidate& a, const Candidate& b) {
    return std::pair(a.first, a.second) < std::pair(b.first, b.second);
  };
  const std::vector<Candidate>& old = before.sweep.candidates;
  std::size_t at = 0;
  for (std::size_t c = 0; c < round.sweep.candidates.size(); ++c) {
    const Candidate& candidate = round.sweep.candidates[c];
    while (at < old.size() && earlier(old[at], candidate)) ++at;
    const bool again =
        at < old.size() && same_pair(old[at], candidate) && before.verdict.accused[at];
    round.verdict.accused[c] = round.verdict.accused[c] && again;
    if (again) round.verdict.log_p[c] = std::max(round.verdict.log_p[c], before.verdict.log_p[at]);
  }
}

Round next_round(const SlotIndex& index, const Round& before, const CopyOptions& options) {
  const Suspects suspects = suspects_of(before.sweep, before.verdict, index.sheet().workers());
  Round round;
  round.sweep = sweep_pairs(index, suspects, {options.min_common, options.threads, true});
  round.verdict = judge(round.sweep, options);
  keep_only_accused(round, before);
  return round;
}

std::vector<CopyingPair> accused_pairs(const Round& round) {
  std::vector<CopyingPair> pairs;
  for (std::size_t c = 0; c < round.sweep.candidates.size(); ++c)
    if (round.verdict.accused[c])
      pairs.push_back(describe(round.sweep.candidates[c], round.verdict.log_p[c]));
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](const auto& a, const auto& b) { return a.log_p < b.log_p; });
  return pairs;
}

}  // namespace

Result<CopyReport> detect_copying(const AnswerSheet& sheet, const CopyOptions& options) {
  CANDOR_CHECK(check(options));
  const SlotIndex index(sheet);
  Round round;
  round.sweep = sweep_pairs(index, Suspects(sheet.workers(), false),
                            {options.min_common, options.threads, false});
  round.verdict = judge(round.sweep, options);
  for (int again = 0; again < 2; ++again) round = next_round(index, round, options);

  CopyReport report{round.sweep.tested, round.verdict.odds_ratio, accused_pairs(round), {}};
  std::vector<std::pair<WorkerId, WorkerId>> links;
  links.reserve(report.pairs.size());
  for (const CopyingPair& pair : report.pairs) links.emplace_back(pair.first, pair.second);
  report.groups = components(sheet.workers(), links);
  return report;
}

}  // namespace candor::defence
