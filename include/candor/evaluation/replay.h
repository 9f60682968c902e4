// candor/evaluation/replay.h
// "What if we had used Candor?": a recorded table of reports is played as a campaign, slot by slot,
// with every method beside every other.
//
//   ReplayOptions options;
//   options.paths = {"crowd.csv"};
//   CANDOR_TRY(const ReplayResult result, replay(options));
//   result.methods[0].name   // "hedged"
//
// Exact meaning, so that results can be compared elsewhere:
//   * a task is a slot; a worker's second report on a slot is a duplicate, the first is kept;
//   * a slot settles when its last kept report has been read (dataset/slot_stream.h on orders); a
//     slot without an outcome is pooled, not settled;
//   * labels of a slot are formed before its outcome is used, so every method but those marked
//     whole_file is scored on slots that it has not seen;
//   * all workers of the file are founders with equal weight, unless `newcomers` is set; step size
//     auto = min(1/2, sqrt(ln N / mean settled reports of a worker));
//   * an asking rule (lf, log-barrier, ...) asks among those who answered the slot on record;
//     whom it does not ask stays unread, by every method. Its auto step size is that of
//     learning/asking_rules.h for a crowd as large as a slot's mean number of answers.
// The same events, ledger and bits come out for the same file and options, on any machine.
//
// Cost: two passes over the file (three with duplicates), about 1 us a report. Memory: O(workers *
// methods + slots + reports of open slots); a whole-file or re-estimating method adds 8 bytes a
// report.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "candor/dataset/read_options.h"
#include "candor/dataset/slot_stream.h"
#include "candor/evaluation/curves.h"
#include "candor/evaluation/scoreboard.h"
#include "candor/mechanism/mechanism.h"

namespace candor::evaluation {

struct ReplayOptions {
  std::vector<std::string> paths;
  dataset::ReadOptions read;
  mechanism::MechanismSpec spec;
  bool auto_step_size = true;          ///< overrides the step sizes in spec
  std::optional<double> horizon;       ///< for auto: slots a worker will answer; default: counted
  bool newcomers = false;              ///< workers join at their first report, not at the start
  std::vector<std::string> baselines;  ///< beyond the mechanism's labels; see known_baselines()
  std::size_t min_reports = 0;         ///< k of the regret; 0: min(20, most of any worker)
  std::uint64_t seed = 1;              ///< of the draws (Output::drawn)
  std::string out_folder;              ///< empty: no files
  std::string tasks_path;              ///< texts for preferences.jsonl; empty: none
  bool progress = false;               ///< a progress line on stderr
};

struct MethodResult {
  std::string name;
  Score score;
  std::optional<double> regret;
  std::optional<double> bound;       ///< what theory promises for that regret, where it does
  std::optional<double> drawn_loss;  ///< expected Brier score of one worker drawn by weight
  bool whole_file = false;
  Reliability reliability;
};

struct WorkerResult {
  std::string worker;
  double weight = 0.0;
  std::uint64_t slots = 0;                 ///< settled slots answered
  std::optional<double> loss;              ///< mean over them
  std::optional<std::int64_t> paid_micro;  ///< in all; where the campaign pays
};

struct ReplayResult {
  std::string kind;
  std::vector<std::string> answers;
  std::uint64_t workers = 0;
  std::uint64_t slots = 0;
  std::uint64_t settled = 0;
  std::uint64_t reports = 0;       ///< kept
  std::uint64_t reports_read = 0;  ///< of these, those the mechanism saw: all, or of workers asked
  std::uint64_t unpaid_slots = 0;  ///< never opened: the campaign's budget did not reach
  std::uint64_t duplicates = 0;
  std::vector<dataset::Duplicate> first_duplicates;
  std::vector<std::string> duplicate_notes;  ///< one line for each of them
  mechanism::MechanismSpec spec;             ///< with the step size that was used
  std::size_t min_reports = 0;               ///< k as used
  std::uint64_t pairs_without_text = 0;      ///< slots left out of preferences.jsonl
  std::vector<MethodResult> methods;         ///< the label, the weight rule, then the others
  std::vector<double> sample_slots;          ///< settled slots at each sample point
  std::vector<Curve> regret_curves;
  std::vector<Curve> weight_curves;   ///< of the workers at the top and bottom at the end
  std::vector<WorkerResult> weights;  ///< heaviest first
};

/// "dawid-skene-online" and the whole-file methods, and "best-worker".
[[nodiscard]] const std::vector<std::string>& known_baselines();

/// Errors: those of reading the table, of the mechanism, of writing files; invalid_argument for an
/// unknown baseline, out_of_range for a horizon of 0. Files of a failed replay never appear.
[[nodiscard]] Result<ReplayResult> replay(const ReplayOptions& options);

}  // namespace candor::evaluation
