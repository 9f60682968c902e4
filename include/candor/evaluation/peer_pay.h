// candor/evaluation/peer_pay.h
// Pay for a recorded table of reports whose outcomes nobody knows: scores by peer prediction
// (peer_scores.h), and a budget divided by them to the micro-unit.
//
//   PeerPayOptions options;
//   options.paths = {"crowd.csv"};
//   options.budget_micro = 5'000'000;
//   CANDOR_TRY(const PeerPayResult result, peer_pay(options));
//   result.pay[0]   // who gets most: worker, points, paid_micro
//
// Exact meaning.
//   * The table is read as by replay (dataset/survey.h); columns with outcomes are not used
//     (though one slot's outcomes may not contradict each other there).
//   * A report is turned into the answer that it gives the highest probability. One without a
//     single most probable answer (within 1e-12: even odds, half a tie) says nothing to compare:
//     it is dropped and counted (`undecided`). K is the number of answers that anybody gave, at
//     least 2.
//   * points = max(0, score) * slots, where slots are those shared with a peer. A score below 0
//     says that a worker's answers run against those of others, or are noise; nobody pays in, so
//     such workers get 0, and that is said of each.
//   * The budget is divided in proportion to points, exactly (payment::divide_budget). Where
//     nobody has any, nothing is paid.
// Worked (also the first test): the crowd of peer_scores.h with 1000 micro-units: points 2, 2 and
// 4/3, paid 375, 375 and 250.
//
// What is promised. Scores have the incentives of their rule. Cutting at 0 keeps them for workers
// whose score is well above 0. A fixed budget adds a contest: a worker's answers enter its peers'
// scores, and who lowers theirs gets a larger part; the more workers, the less there is to gain by
// that. Where it matters (few workers, rings), pay a fixed rate a point instead.
//
// Cost: one or two passes over the table and peer_scores. Memory: 16 bytes a report and the names.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "candor/dataset/read_options.h"
#include "candor/evaluation/peer_scores.h"

namespace candor::evaluation {

struct PeerPayOptions {
  std::vector<std::string> paths = {};
  dataset::ReadOptions read = {};
  PeerScoreOptions score = {};
  std::int64_t budget_micro = 0;  ///< 0: points only
};

struct PeerPay {
  std::string worker;
  PeerScore score;
  double points = 0.0;
  std::int64_t paid_micro = 0;
  std::string why_nothing;  ///< a sentence part; empty for workers with points
};

struct PeerPayResult {
  std::string kind;
  PeerRule rule = PeerRule::correlated_agreement;
  std::vector<std::string> answers;  ///< that anybody gave
  std::uint64_t slots = 0;
  std::uint64_t reports = 0;     ///< kept: without duplicates
  std::uint64_t duplicates = 0;  ///< second reports of a worker on a slot, left out
  std::uint64_t undecided = 0;   ///< of the kept ones: without a most probable answer
  std::size_t min_shared = 0;
  std::uint64_t pairs = 0;
  std::uint64_t pairs_left_out = 0;
  std::uint64_t scored = 0;  ///< workers
  std::int64_t budget_micro = 0;
  std::int64_t paid_micro = 0;  ///< the budget, or 0 where nobody has points
  std::vector<PeerPay> pay;     ///< most points first, then best score, then order of the table
};

/// Errors: those of reading the table and of peer_scores; out_of_range for a negative budget.
[[nodiscard]] Result<PeerPayResult> peer_pay(const PeerPayOptions& options);

/// Columns: worker, answered, slots, peers, score, points, paid_micro, why_nothing. A worker
/// without a score has an empty field.
[[nodiscard]] std::string peer_pay_csv(const PeerPayResult& result);
/// The members' names above; "workers" holds `pay`.
[[nodiscard]] nlohmann::json peer_pay_json(const PeerPayResult& result);

}  // namespace candor::evaluation
