// candor/audit/ledger_audit.h
// What would a lie have earned? For workers of a recorded campaign, each of a family of fixed
// distortions is put in place of all the worker's reports, everybody else's reports and every
// outcome left as recorded, and the weights and payments are computed again.
//
//   CANDOR_TRY(const LedgerAudit audit, audit_ledger("ledger.jsonl", {}));
//   audit.workers[0].best_of(Measure::final_weight).gain
//
// Only the weight rule is run again. The label pool cannot matter: weight and pay are functions of
// the workers' losses against outcomes, and no label enters a loss. (Whoever wants to sway the
// label is not asked here; see the other half of the audit.)
//
// How to read it. A mechanism is truthful if no lie gains in expectation, as the worker sees it
// when it reports. Here the outcomes are known, so the best of a family of lies can gain, and
// usually one does, by luck or because the worker was miscalibrated: who reports .9 and is right 7
// times in 10 would have done better to hedge, and that is advice to the worker, not a hole in the
// rule. Two figures beside each gain tell these apart:
//   price      what the same lie costs a worker in final weight, in expectation, if its reports
//              are its beliefs and they are right: the sum over its settled slots of
//              g (1 - g/G) [expected loss of the lie - expected loss of the report] >= 0, stakes g
//              as they were in the honest run (later effects of a changed weight left out)
//   surprise   by how many standard deviations the lie's loss fell below what such a worker should
//              expect: under 3, luck explains it (the family is large and the best is shown);
//              over 3, the worker's reports are miscalibrated in the direction of the lie
//
// The distortions, for the row p of K answers:
//   log-odds x k      p^k, normalised; k in {1/4, 1/2} hedge, {2, 4} exaggerate; "all in" is
//                     k = infinity (ties stay ties); k = 0 is "always even"
//   toward a by s     log p_a + s, normalised; s in {1/2, 1, 2}, every answer a
//   flip              (1 - p) / (K - 1): the opposite, with two answers
//   always a, always even
//   copy the others   the average report of the others in the slot (the own one where alone). No
//                     lie that a worker could have told, since reports are sealed until the slot
//                     is pooled: it shows what the seal is worth, and often gains most
// 16 of them with two answers. Certain reports stay certain under the first two. Where the loss
// rule has a floor f (clipped log), a distorted row that leaves its range becomes (1 - K f) p + f.
//
// Where the platform asks (learning/asking_rule.h), the asks and lotteries are those recorded: the
// liar's other weight would have changed the chances, not what was drawn. Stakes follow the weights
// of the run, but not with elf (learning/event_lottery.h): who was asked, the tickets and the
// chances of handing them on depend on who led when the slot was asked, and in another standing the
// recorded asks may be ones that no draw gives. So an elf ledger is rerun with asks, stakes and
// tickets as recorded; only the losses, and so the wins, change.
//
// Source: derived; the price is the sleeping form of Freeman et al. 2020, section 3.
#pragma once

#include <array>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "candor/base/ids.h"
#include "candor/base/result.h"

namespace candor::audit {

struct LedgerAuditOptions {
  std::size_t workers = 50;  ///< those with most answers, earlier joined first among equals; 0: all
  std::size_t threads = 0;   ///< 0: all. The same bits for any number
  bool progress = false;     ///< a progress line on stderr
};

/// By what a distortion is judged; game::Motive's final-weight, total-weight and pay.
enum class Measure : std::uint8_t {
  final_weight,  ///< at the end of the ledger
  mean_weight,   ///< mean over the campaign's settled slots, each just after it
  pay,           ///< micro-units in all; only in campaigns that pay
};
inline constexpr std::array<Measure, 3> all_measures{Measure::final_weight, Measure::mean_weight,
                                                     Measure::pay};
/// "final_weight", "mean_weight", "pay".
[[nodiscard]] std::string_view name_of(Measure measure);

/// What one worker got, or would have got.
struct Earnings {
  double final_weight = 0.0;
  double mean_weight = 0.0;
  std::int64_t paid_micro = 0;

  [[nodiscard]] double of(Measure measure) const;
};

/// A distortion's result for one worker.
struct DistortionResult {
  std::size_t distortion = 0;  ///< in LedgerAudit::distortions
  Earnings earned;
  /// Nothing for weight rules other than weighted-score, whose prices have no such form.
  std::optional<double> price;
  /// Nothing where it has no meaning: all reports certain, or unchanged by the distortion.
  std::optional<double> surprise;
};

struct WorkerAudit {
  WorkerId worker;
  std::string name;
  std::uint64_t slots = 0;              ///< answered
  std::uint64_t settled = 0;            ///< of these
  Earnings honest;                      ///< as recorded: equal to the ledger's own to the bit
  std::vector<DistortionResult> tried;  ///< [distortions]

  struct Best {
    std::size_t distortion = 0;
    double gain = 0.0;  ///< over honest; negative if every distortion loses
  };
  /// The best distortion, the first among equals. At least one distortion was tried.
  [[nodiscard]] Best best_of(Measure measure) const;
};

struct LedgerAudit {
  std::string campaign;
  std::string mechanism;  ///< the weight rule and its step size in words
  std::vector<std::string> answers;
  std::vector<std::string> distortions;  ///< names
  bool pays = false;                     ///< without it paid_micro is 0 throughout
  std::uint64_t all_workers = 0;
  std::uint64_t slots = 0;
  std::uint64_t settled = 0;
  std::vector<WorkerAudit> workers;  ///< most answers first
};

/// Reads the ledger (its hashes and checksums are verified on the way) and audits. Errors: those of
/// store::read_ledger and event::Fold, with file and line. A ledger without settled slots is
/// audited: nothing could be gained.
/// Cost: one pass of the fold, then workers * distortions passes of the weight rule alone at about
/// 10 ns a report (50 workers, 16 distortions, a million reports: 8 s on one core). Memory: (20 +
/// 8 K) bytes a report, and 8 more a thread.
[[nodiscard]] Result<LedgerAudit> audit_ledger(const std::string& path,
                                               const LedgerAuditOptions& options = {});

/// How the results are to be read, in a few sentences; heads the table, the JSON and the page.
[[nodiscard]] std::string how_to_read(const LedgerAudit& audit);

/// Everything: per worker the honest earnings, the best distortion for each measure, and all tried.
[[nodiscard]] nlohmann::json to_json(const LedgerAudit& audit);

/// to_json, less what was tried beyond the best, with what heads an HTML report (kind
/// "ledger-audit").
[[nodiscard]] nlohmann::json report_json(const LedgerAudit& audit, const std::string& title,
                                         const std::string& command);

/// One line a worker: answers, weight, the best distortion for the final weight and, where the
/// campaign pays, for pay. Ends in a newline.
[[nodiscard]] std::string text_table(const LedgerAudit& audit);

}  // namespace candor::audit
