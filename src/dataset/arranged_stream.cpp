#include "dataset/arranged_stream.h"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

#include "candor/base/random.h"
#include "dataset/prefetch.h"

namespace candor::dataset {
namespace {

constexpr std::size_t rows_ahead = 8;        // how many rows ahead memory is asked for
constexpr std::uint64_t shuffle_stream = 1;  // number of the random stream that shuffles slots

template <class Value>
void reorder(std::vector<Value>& values, std::size_t begin,
             const std::vector<std::uint32_t>& order) {
  std::vector<Value> sorted;
  sorted.reserve(order.size());
  for (const std::uint32_t i : order) sorted.push_back(values[begin + i]);
  std::copy(sorted.begin(), sorted.end(), values.begin() + static_cast<std::ptrdiff_t>(begin));
}

}  // namespace

ArrangedStream::ArrangedStream(const std::vector<std::string>& paths, const ReadOptions& options,
                               Survey& survey, const SlotVisitor& visit)
    : options_(options),
      survey_(survey),
      reader_(paths, options, survey, true),
      emitter_(survey, visit),
      by_time_(options.order.mode == Order::Mode::time),
      size_(survey.slots.size(), 0),
      workers_(survey.rows),
      codes_(survey.rows),
      rows_(survey.rows),
      times_(by_time_ ? survey.rows : 0),
      slot_of_worker_(survey.workers.size(), 0) {
  std::uint64_t begin = 0;
  for (const std::uint32_t rows : survey.slot_rows)
    begin_.push_back(std::exchange(begin, begin + rows));
  begin_.push_back(begin);
}

Result<StreamSummary> ArrangedStream::run(const RowProgress& progress) {
  CANDOR_CHECK(load(progress));
  keys_.reserve(size_.size());
  for (std::uint32_t slot = 0; slot < size_.size(); ++slot) arrange(slot);
  list_duplicates();
  for (const std::uint32_t slot : visiting_order()) {
    const std::size_t begin = begin_[slot];
    CANDOR_CHECK(emitter_.emit(SlotId{slot}, std::span(workers_).subspan(begin, size_[slot]),
                               std::span(codes_).subspan(begin, size_[slot])));
    ++summary_.slots;
    summary_.kept += size_[slot];
  }
  return std::move(summary_);
}

Status ArrangedStream::load(const RowProgress& progress) {
  for (;;) {
    CANDOR_TRY(const bool more, reader_.next());
    if (!more) break;
    fetch_ahead();
    CANDOR_CHECK(store(reader_.report()));
    if (progress && summary_.rows % stream_progress_every == 0) progress(summary_.rows);
  }
  if (progress) progress(summary_.rows);
  return summary_.rows == survey_.rows ? Status{} : file_changed(survey_);
}

void ArrangedStream::fetch_ahead() const {
  const std::size_t later = reader_.slot_ahead(2 * rows_ahead).index();
  const std::size_t sooner = reader_.slot_ahead(rows_ahead).index();
  if (later >= size_.size() || sooner >= size_.size()) return;
  prefetch(&begin_[later]);
  prefetch(&size_[later]);
  const std::uint64_t at = begin_[sooner] + size_[sooner];
  prefetch(workers_.data() + at);
  prefetch(codes_.data() + at);
  prefetch(rows_.data() + at);
  if (by_time_) prefetch(times_.data() + at);
}

Status ArrangedStream::store(const ReportRow& report) {
  const std::size_t slot = report.slot.index();
  const std::uint64_t at = begin_[slot] + size_[slot];
  if (at == begin_[slot + 1]) return file_changed(survey_);
  ++size_[slot];
  ++summary_.rows;
  workers_[at] = report.worker;
  rows_[at] = report.row;
  codes_[at] = survey_.kind == Kind::labels
                   ? survey_.answer_of_label[static_cast<std::size_t>(report.code)]
                   : report.code;
  if (by_time_) {
    CANDOR_TRY(times_[at], reader_.time());
  }
  return {};
}

// Sorts the slot's reports by time, moves the kept ones to the front and notes when the slot
// settles.
void ArrangedStream::arrange(std::uint32_t slot) {
  const std::size_t begin = begin_[slot];
  const std::size_t end = begin + size_[slot];
  if (by_time_) sort_by_time(begin, end);
  std::size_t kept = begin;
  for (std::size_t i = begin; i < end; ++i) {
    if (std::exchange(slot_of_worker_[workers_[i].index()], slot + 1) == slot + 1) {
      drop(rows_[i], slot, workers_[i]);
      continue;
    }
    workers_[kept] = workers_[i];
    codes_[kept] = codes_[i];
    rows_[kept] = rows_[i];
    if (by_time_) times_[kept] = times_[i];
    ++kept;
  }
  size_[slot] = static_cast<std::uint32_t>(kept - begin);
  keys_.push_back({by_time_ ? times_[kept - 1] : 0.0, rows_[kept - 1], slot});
}

void ArrangedStream::sort_by_time(std::size_t begin, std::size_t end) {
  const auto time = std::span(times_).subspan(begin, end - begin);
  if (std::is_sorted(time.begin(), time.end())) return;
  std::vector<std::uint32_t> order(time.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::uint32_t i, std::uint32_t j) {
    return std::tie(time[i], i) < std::tie(time[j], j);
  });
  reorder(workers_, begin, order);
  reorder(codes_, begin, order);
  reorder(rows_, begin, order);
  reorder(times_, begin, order);
}

void ArrangedStream::drop(std::uint64_t row, std::uint32_t slot, WorkerId worker) {
  ++summary_.duplicates;
  dropped_.push_back({row, SlotId{slot}, worker});
}

void ArrangedStream::list_duplicates() {
  std::sort(dropped_.begin(), dropped_.end(),
            [](const DroppedReport& a, const DroppedReport& b) { return a.row < b.row; });
  if (dropped_.size() > most_listed_duplicates) dropped_.resize(most_listed_duplicates);
  for (const DroppedReport& dropped : dropped_) {
    Place place = survey_.place_of(dropped.row);
    summary_.first_duplicates.push_back(
        {std::move(place.file), place.row, dropped.slot, dropped.worker});
  }
}

std::vector<std::uint32_t> ArrangedStream::visiting_order() {
  std::sort(keys_.begin(), keys_.end(), [](const SettleKey& a, const SettleKey& b) {
    return std::tie(a.time, a.row) < std::tie(b.time, b.row);
  });
  std::vector<std::uint32_t> slots;
  slots.reserve(keys_.size());
  for (const SettleKey& key : keys_) slots.push_back(key.slot);
  if (by_time_) return slots;
  RandomStream random(options_.order.seed, shuffle_stream);
  std::vector<std::uint32_t> order = shuffled_order(slots.size(), random);
  for (std::uint32_t& place : order) place = slots[place];
  return order;
}

}  // namespace candor::dataset
