#include "dataset/file_order_stream.h"

#include <utility>

#include "dataset/prefetch.h"

namespace candor::dataset {
namespace {

// How many rows ahead memory is asked for.
constexpr std::size_t slots_ahead = 16;
constexpr std::size_t reports_ahead = 8;

}  // namespace

FileOrderStream::FileOrderStream(const std::vector<std::string>& paths, const ReadOptions& options,
                                 Survey& survey, const SlotVisitor& visit)
    : survey_(survey),
      reader_(paths, options, survey, true),
      emitter_(survey, visit),
      open_(survey.slots.size()) {}

Result<StreamSummary> FileOrderStream::run(const RowProgress& progress) {
  for (;;) {
    CANDOR_TRY(const bool more, reader_.next());
    if (!more) break;
    CANDOR_CHECK(take_row());
    if (progress && summary_.rows % stream_progress_every == 0) progress(summary_.rows);
  }
  if (progress) progress(summary_.rows);
  CANDOR_CHECK(finish());
  return std::move(summary_);
}

Status FileOrderStream::take_row() {
  const ReportRow& report = reader_.report();
  fetch_ahead();
  ++summary_.rows;
  const double code = survey_.kind == Kind::labels
                          ? survey_.answer_of_label[static_cast<std::size_t>(report.code)]
                          : report.code;
  const bool kept = open_.add(report.slot, report.worker, code, report.row);
  if (!kept) list_duplicate(report);
  if (report.row != survey_.last_row[report.slot.index()]) return {};
  // A slot that ends in a duplicate should have settled before.
  if (!kept) summary_.replanned = true;
  return settle(report.slot);
}

void FileOrderStream::fetch_ahead() const {
  const SlotId later = reader_.slot_ahead(slots_ahead);
  const SlotId sooner = reader_.slot_ahead(reports_ahead);
  const std::size_t slots = survey_.last_row.size();  // an unknown slot is refused when it comes
  if (later.index() >= slots || sooner.index() >= slots) return;
  open_.fetch_slot(later);
  prefetch(&survey_.last_row[later.index()]);
  prefetch(&survey_.outcome[later.index()]);
  open_.fetch_reports(sooner);
}

Status FileOrderStream::settle(SlotId slot) {
  if (!summary_.replanned) {
    open_.copy(slot, workers_, codes_);
    summary_.kept += workers_.size();
    ++summary_.slots;
    CANDOR_CHECK(emitter_.emit(slot, workers_, codes_));
  }
  open_.close(slot);
  return {};
}

void FileOrderStream::list_duplicate(const ReportRow& report) {
  ++summary_.duplicates;
  if (summary_.first_duplicates.size() == most_listed_duplicates) return;
  Place place = survey_.place_of(report.row);
  summary_.first_duplicates.push_back(
      {std::move(place.file), place.row, report.slot, report.worker});
}

Status FileOrderStream::finish() {
  if (summary_.rows != survey_.rows) return file_changed(survey_);
  if (!summary_.replanned)
    return summary_.slots == survey_.slots.size() ? Status{} : file_changed(survey_);
  for (std::uint32_t slot = 0; slot < survey_.slots.size(); ++slot)
    survey_.last_row[slot] = open_.last_kept_row(SlotId{slot});
  return {};
}

}  // namespace candor::dataset
