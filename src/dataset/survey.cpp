#include "candor/dataset/survey.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <system_error>

#include "candor/base/text.h"
#include "dataset/prefetch.h"
#include "dataset/report_reader.h"
#include "dataset/table_errors.h"

namespace candor::dataset {
namespace {

constexpr std::size_t most_labels = 1024;
constexpr std::uint64_t progress_every = 65536;
constexpr double no_outcome = std::numeric_limits<double>::quiet_NaN();
constexpr double tie_code = 2.0;
constexpr std::size_t slots_ahead = 16;  // how many rows ahead memory is asked for

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// Numbers of the labels, in the order of their names: as integers if all are, else bytewise.
std::vector<std::uint32_t> sorted_labels(const NameTable& labels) {
  std::vector<std::optional<std::int64_t>> numbers;
  numbers.reserve(labels.size());
  for (std::size_t i = 0; i < labels.size(); ++i) numbers.push_back(whole_number(labels[i]));
  const bool all = std::all_of(numbers.begin(), numbers.end(), [](const auto& n) { return n; });
  std::vector<std::uint32_t> order(labels.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::uint32_t i, std::uint32_t j) {
    if (all && *numbers[i] != *numbers[j]) return *numbers[i] < *numbers[j];
    return labels[i] < labels[j];
  });
  return order;
}

// The first pass: one row at a time into the survey.
class Surveyor {
 public:
  Surveyor(const std::vector<std::string>& paths, const ReadOptions& options)
      : reader_(paths, options, survey_, false) {
    survey_.ties = options.ties;
  }

  Result<Survey> run(const RowProgress& progress) {
    for (;;) {
      CANDOR_TRY(const bool more, reader_.next());
      if (!more) break;
      CANDOR_CHECK(take_row());
      if (progress && survey_.rows % progress_every == 0) progress(survey_.rows);
    }
    if (progress) progress(survey_.rows);
    CANDOR_CHECK(finish());
    return std::move(survey_);
  }

 private:
  Status take_row() {
    const ReportRow& report = reader_.report();
    const std::size_t slot = report.slot.index();
    fetch_ahead();
    if (slot >= survey_.last_row.size()) add_slot();
    ++survey_.rows;
    ++survey_.slot_rows[slot];
    survey_.last_row[slot] = report.row;
    CANDOR_TRY(const double outcome, reader_.outcome());
    if (!std::isnan(outcome) && outcome != survey_.outcome[slot]) return take_outcome(outcome);
    if (survey_.labels.size() > most_labels) return too_many_labels();
    return {};
  }

  void fetch_ahead() const {
    const std::size_t later = reader_.slot_ahead(slots_ahead).index();
    if (later >= survey_.last_row.size()) return;
    prefetch(&survey_.last_row[later]);
    prefetch(&survey_.slot_rows[later]);
    prefetch(&survey_.outcome[later]);
  }

  void add_slot() {
    survey_.last_row.push_back(0);
    survey_.slot_rows.push_back(0);
    survey_.outcome.push_back(no_outcome);
    outcome_row_.push_back(0);
  }

  Status take_outcome(double outcome) {
    const SlotId slot = reader_.report().slot;
    double& known = survey_.outcome[slot.index()];
    if (!std::isnan(known)) return contradiction(slot, outcome);
    known = outcome;
    outcome_row_[slot.index()] = reader_.report().row;
    return {};
  }

  Error contradiction(SlotId slot, double outcome) {
    const Place first = survey_.place_of(outcome_row_[slot.index()]);
    return reader_
        .error(ErrorCode::conflict,
               quoted(code_text(outcome)) + " where slot " + quoted(survey_.slots[slot.index()]) +
                   " already has " + quoted(code_text(survey_.outcome[slot.index()])),
               Role::outcome)
        .expecting("the outcome of row " + std::to_string(first.row) + " of " + first.file)
        .way("correct one of the two rows, or leave its outcome empty");
  }

  std::string code_text(double code) const {
    if (survey_.kind == Kind::forecasts) return number_text(code);
    if (survey_.kind == Kind::pairwise) return code == tie_code ? "tie" : code == 0.0 ? "a" : "b";
    return std::string(survey_.labels[static_cast<std::size_t>(code)]);
  }

  Error too_many_labels() {
    return reader_.error(ErrorCode::unsupported, "over 1024 different labels", Role::report)
        .expecting("one of a set of labels")
        .way("name the column of labels with the header label, or join rare labels into one");
  }

  Status finish() {
    if (survey_.rows == 0) return no_rows();
    if (survey_.kind == Kind::labels) CANDOR_CHECK(name_labels());
    if (survey_.kind == Kind::forecasts) survey_.answers = {"yes", "no"};
    if (survey_.kind == Kind::pairwise) survey_.answers = {"a", "b"};
    if (survey_.kind == Kind::pairwise && survey_.ties == Ties::answer)
      survey_.answers.emplace_back("tie");
    for (std::size_t slot = 0; slot < survey_.outcome.size(); ++slot) {
      if (std::isnan(survey_.outcome[slot])) continue;
      ++survey_.settled_slots;
      survey_.settled_reports += survey_.slot_rows[slot];
    }
    return {};
  }

  [[nodiscard]] Error no_rows() const {
    return Error{ErrorCode::malformed, "a header without rows"}
        .at_row(survey_.files.empty() ? "" : survey_.files.back().path, 1)
        .expecting("at least one report")
        .way("check how the file was written");
  }

  Status name_labels() {
    const std::vector<std::uint32_t> order = sorted_labels(survey_.labels);
    if (order.size() < 2) {
      return Error{ErrorCode::malformed, "only the label " + quoted(survey_.labels[0])}
          .in_field("label")
          .in_file(survey_.files.front().path)
          .expecting("at least two different labels")
          .way("there is nothing to pool; check that the right column is read");
    }
    survey_.answer_of_label.resize(order.size());
    for (std::size_t answer = 0; answer < order.size(); ++answer) {
      survey_.answers.emplace_back(survey_.labels[order[answer]]);
      survey_.answer_of_label[order[answer]] = static_cast<std::uint32_t>(answer);
    }
    for (double& code : survey_.outcome)
      if (!std::isnan(code)) code = survey_.answer_of_label[static_cast<std::size_t>(code)];
    return {};
  }

  Survey survey_;
  ReportReader reader_;
  std::vector<std::uint64_t> outcome_row_;  // per slot: the row its outcome came from
};

}  // namespace

Result<Survey> survey(const std::vector<std::string>& paths, const ReadOptions& options,
                      const RowProgress& progress) {
  return Surveyor(paths, options).run(progress);
}

}  // namespace candor::dataset
