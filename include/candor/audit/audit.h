// candor/audit/audit.h
// What would a lie have earned? For each mechanism and each thing that a worker may want, the best
// misreport that can be found and its gain: the expected utility of the best report minus that of
// the honest one, under the worker's own belief, everybody else's reports fixed.
//
// A row is one mechanism, one utility (game/utility.h), one number of workers, one horizon and one
// size of coalition, with the instance where lying pays most of all those tried, in numbers that a
// reader can redo by hand. How the gain was found:
//   "closed form"          the expected utility is a polynomial of degree 2 in the reports (every
//                          rule that is affine in proper losses; labels that are linear in the
//                          reports). Its coefficients come from runs of the real rule, its maximum
//                          from them: exact
//   "enumeration"          all that the worker can do, and all that can happen, is listed: exact
//   "dynamic programming"  the best plan over the whole horizon, by backward induction: exact
//   "search"               a grid over the reports, refined around its best points: a lower bound,
//                          which proves that lying pays, not that it does not. `search` in the
//                          instance says what a grid of this spacing can have missed
// Expectations are never sampled: outcomes, asked sets (AskingRule::law) and the worker whose
// report is drawn are enumerated, each through the rule, pool and payment objects that campaigns
// run. Instances (weights, beliefs, the others' reports) are random and seeded, the worst is
// improved by local search, then rounded where that keeps nine tenths of its gain; a mechanism's
// textbook examples stand beside it.
//
// Coalitions share a belief and want the sum of their members' utilities. Members are workers 0,
// 1, ..
//
// Sources: closed forms derived (weighted-score, sleeping, asking rules); median: Moulin 1980;
// event lotteries: Witkowski et al., AAAI 2018; VCG costs: Clarke 1971 with Amari's divergences,
// derived.
//
// JSON for consumers (`candor audit --all --json`): an array of rows,
//   {mechanism, utility, workers, horizon, gain, exact, method, coalition, instance}
//   instance  {name, step_size?,
//              slots: [{belief, reports: [N], best: [c], honest: [c], present?: [N]}],
//              weights: [N], honest_utility, best_utility, honest_label?, best_label?,
//              note?, search?}
//     name      "worst found" or the name of a textbook example
//     weights   before the first slot; slots[t].reports holds everybody's report when all are
//               honest; worker 0 .. c-1 are the liars, whose reports change from honest to best
//               (horizon above 1: best holds the first slot's; later ones depend on what has
//               happened) dynamic programming: one slot, the same at all times; dawid-skene:
//               `reports` holds the accuracy of each worker's signal, honest and best the report
//               when seeing A, when seeing B (note says it in words)
//     honest_label, best_label   sway only: the expected label with each report
// JSON for the page (`--report`): see report_json below.
//
// Deterministic: the same options give the same bits for any number of threads.
// Cost: all mechanisms about 22 s on two cores; thorough about 8 minutes.
// Worked (and the first test): average, three workers, belief .9, the others report .5: honest
// label .6333, utility -.0711; best report 1, label .6667, utility -.0544; gain .0167.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "candor/base/result.h"
#include "candor/game/utility.h"

namespace candor::audit {

struct AuditOptions {
  std::uint64_t seed = 1;
  bool thorough = false;    ///< ten times the instances, longer horizons
  std::size_t threads = 0;  ///< 0: all; same bits for any number
  /// The label pool of weight rules, by mechanism::Mechanism::label_names(); empty: the rule's own
  /// linear pool. Mechanisms that are a way to make labels (average, median, dawid-skene,
  /// vcg-pool) keep theirs.
  std::string label = {};
};

/// One slot of an instance, as worker 0 (and its coalition) sees it.
struct AuditSlot {
  double belief = 0.5;          ///< P(outcome = 1), the coalition's
  std::vector<double> reports;  ///< [N] P(A) when all are honest: the coalition's are its belief
  std::vector<bool> present;    ///< [N] who answers; empty: all
};

struct AuditInstance {
  std::string name = "worst found";
  std::vector<double> weights;   ///< [N] before the first slot
  double step_size = 0.0;        ///< 0: the mechanism has none
  std::vector<AuditSlot> slots;  ///< [horizon]
};

struct AuditRow {
  std::string mechanism;
  game::Motive utility = game::Motive::next_weight;
  std::size_t workers = 0;
  std::size_t horizon = 1;
  std::size_t coalition = 1;
  double gain = 0.0;   ///< >= 0
  bool exact = false;  ///< the gain is the most that this instance allows
  std::string method;
  AuditInstance instance;
  std::vector<double> honest;  ///< [coalition] reports in the first slot
  std::vector<double> best;    ///< [coalition]
  double honest_utility = 0.0;
  double best_utility = 0.0;
  double honest_label = 0.0;  ///< expected label of the first slot, when sway is wanted
  double best_label = 0.0;
  std::string note = {};  ///< conventions or bounds of this row; may be empty
  double spacing = 0.0;   ///< search only: distance of the reports tried before refining
};

/// gain[i][j]: what report reports[j] gains over honesty for belief beliefs[i] in a row's instance
/// (one slot, the others' reports fixed). Zero at the honest report, negative where lying costs.
struct HeatMap {
  std::string mechanism;
  game::Motive utility = game::Motive::next_weight;
  std::vector<double> beliefs;  ///< [21]
  std::vector<double> reports;  ///< [41]
  std::vector<std::vector<double>> gain;
  std::string note;  ///< the instance in words
};

struct MechanismNote {
  std::string name;
  std::string description;  ///< what weight, pay and label mean here
};

struct AuditResult {
  std::vector<MechanismNote> mechanisms;
  std::vector<AuditRow> rows;  ///< by mechanism, utility, coalition, horizon, in a stated order
  std::vector<HeatMap> heat;
};

/// The mechanisms that can be audited, in the order of audit_all.
[[nodiscard]] std::vector<MechanismNote> audited_mechanisms();

/// One mechanism. Errors: invalid_argument for an unknown name or label, listing the known ones.
[[nodiscard]] Result<AuditResult> audit_mechanism(const std::string& name,
                                                  const AuditOptions& options);

/// All of them.
[[nodiscard]] Result<AuditResult> audit_all(const AuditOptions& options);

/// The array of rows described above.
[[nodiscard]] nlohmann::json rows_json(const AuditResult& result);

/// For report::render_report: {kind_of_report: "audit", title, version, command,
///   mechanisms: [{name, description}], utilities: [name], rows: [as above],
///   heat: [{mechanism, utility, beliefs: [21], reports: [41], gain: [21][41], note}]}
[[nodiscard]] nlohmann::json report_json(const AuditResult& result, const std::string& command);

}  // namespace candor::audit
