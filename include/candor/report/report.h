// candor/report/report.h
// The result of a replay or a simulation as one HTML file: it opens offline in any current browser,
// in a light and a dark scheme, prints, and can be mailed. Everything it needs is inside it.
//
//   CANDOR_CHECK(write_file("june.html", report::render_report(result)));
//
// Shape of `result` (what `candor replay --json` prints, and more). Every number may be null where
// it does not exist; a member that is missing leaves out the part of the page that would show it.
//
//   kind_of_report  "replay" or "simulation"
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
/// left out. Cost: one pass over the result; the fixed part of the page has about 95 kB. Thread
/// safety: pure function.
[[nodiscard]] std::string render_report(const nlohmann::json& result);

}  // namespace candor::report
