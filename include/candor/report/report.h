// candor/report/report.h
// The result of a replay, a simulation, an audit or a fine-tuning as one HTML file: it opens offline
// in any current browser, in a light and a dark scheme, prints, and can be mailed. Everything it
// needs is inside it.
//
//   CANDOR_CHECK(write_file("june.html", report::render_report(result)));
//
// Shape of `result` (what `candor replay --json` prints, and more). Every number may be null where
// it does not exist; a member that is missing leaves out the part of the page that would show it.
//
//   kind_of_report  "replay" or "simulation"; "audit", "ledger-audit" (candor/audit/audit.h);
//                   "alignment", "alignment-experiment" (below)
//   title, version, command, mechanism, kind                            texts
//   answers                                                             [text]
//   workers, slots, settled, reports, duplicates, step_size             numbers
//   methods        [{name, brier, log_loss, accuracy, regret, bound, drawn_loss?, slope?, whole_file}]
//                  whole_file: the method sees all reports and outcomes before it predicts
//   regret_curves  {t: [slots settled], series: [{name, regret: [..], low?, high?, bound?: [..]}]}
//   weight_curves  {t, series: [{worker, weight: [..]}]}
//   reliability    [{name, bins: [{predicted, observed, count}]}]
//   weights        [{worker, weight, slots, loss}]
//   scenarios      simulation only: [{name, description, methods (with regret_se), regret_curves}]
//
// "alignment": one campaign that fine-tuned a model. title .. reports and regret_curves as above, and
//
//   objective, model, data                                              texts
//   rounds                                                              number
//   metrics   {step: [..], round_ends: [step ..], series: [{name, value: [..]}]}
//             step: of all rounds, counted on; a place where it does not rise is skipped.
//             name: as in candor/align/metrics.h. Names the page knows stand in the order of a
//             reader's questions, eval_NAME in one panel with NAME, chosen with rejected; others
//             last.
//   by_round  {round: [0, 1, ..], series: [{name, unit?, value: [..], low?: [..], high?: [..]}]}
//             round 0 is the model before the first; low, high: a 95 % interval
//   samples   [{prompt, before, after, truth?, note_before?, note_after?}]   texts
//   weights   [{worker, kind?, weight, reports, loss}]
//
// "alignment-experiment": methods compared on the same campaign, over seeds. Intervals are [low,
// high], 95 %.
//
//   model, data, unit, penalty   texts; unit: "vehicles an hour"; penalty: a sentence on how
//                                malformed answers count
//   seeds                        number
//   measure   {name, better: "lower" or "higher", unit}; without it: forecast_error, lower, unit
//   before    {forecast_error, forecast_error_ci, malformed}, or {value, value_ci}
//   methods   [{name, description?, forecast_error, forecast_error_ci, regret, regret_ci, malformed,
//               label_accuracy, win_rate, difference_to_average?, difference_ci?}]
//             value, value_ci in place of forecast_error, forecast_error_ci where measure is another;
//             value_strategic, value_strategic_ci: the same with strategic workers in the crowd.
//             The method named "oracle" is given the outcomes and is no rival of the rest.
//   by_round  as above, the measure's value: one series a method
//   samples   as above, of the default method
//   drivers   [{kind, count, weight_share, description}]   weight_share: of all of the kind, in [0,1]
//
// Measures named *accuracy, *accuracies, *win_rate, malformed or clipped whose values all lie in
// [0,1] are written as percentages. Control characters in samples, those that turn the direction of
// a text included, are shown by their number (U+202E).
//
// Where there is no JavaScript the page still shows title, counts and the table of methods.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace candor::report {

/// The HTML text, UTF-8.
///
/// Names of workers and methods come from other people's files. They cannot become markup or code:
/// the data stands in a <script type="application/json"> block in which every `<` is written
/// \u003c, the page puts texts into text nodes only, the table for browsers without scripts is
/// escaped, and a content security policy lets nothing run but the one script that was packed in at
/// build time (known by its hash). Bytes that are not UTF-8 become U+FFFD.
///
/// Worked: render_report({{"title", "A <b> C"}}) has the title element `<title>A &lt;b&gt;
/// C</title>`.
///
/// `result` of another shape than the above is no error here: what is missing or of another type is
/// left out. Cost: one pass over the result; the fixed part of the page has about 140 kB.
/// Thread safety: pure function.
[[nodiscard]] std::string render_report(const nlohmann::json& result);

}  // namespace candor::report
