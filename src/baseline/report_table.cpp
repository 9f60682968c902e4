#include "candor/baseline/report_table.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <limits>

namespace candor::baseline {
namespace {

// Mixes the bits of a row. Any good mixer will do: places are never visible from outside.
std::uint64_t hash_of(std::span<const double> row) {
  std::uint64_t hash = 0x9e3779b97f4a7c15ULL;
  for (const double value : row) {
    hash ^= std::bit_cast<std::uint64_t>(value);
    hash *= 0xff51afd7ed558ccdULL;
    hash ^= hash >> 32;
  }
  return hash;
}

}  // namespace

ReportTable::ReportTable(std::size_t answers)
    : answers_(answers), slot_begin_(1, 0), palette_(answers * answers, 0.0), places_(64, 0) {
  assert(answers >= 2);
  for (std::size_t label = 0; label < answers; ++label) palette_[label * answers + label] = 1.0;
}

void ReportTable::reserve(std::size_t slots, std::size_t reports) {
  slot_begin_.reserve(slots + 1);
  worker_ids_.reserve(reports);
  codes_.reserve(reports);
}

void ReportTable::reserve_workers(std::size_t workers) {
  workers_ = std::max(workers_, workers);
}

void ReportTable::add_slot(std::span<const WorkerId> workers, std::span<const double> reports) {
  assert(reports.size() == workers.size() * answers_);
  for (std::size_t i = 0; i < workers.size(); ++i) {
    add_worker(workers[i]);
    codes_.push_back(code_of(reports.subspan(i * answers_, answers_)));
  }
  slot_begin_.push_back(codes_.size());
}

void ReportTable::add_labels(std::span<const WorkerId> workers,
                             std::span<const std::uint32_t> labels) {
  assert(labels.size() == workers.size());
  assert(std::ranges::all_of(labels, [&](std::uint32_t label) { return label < answers_; }));
  for (const WorkerId worker : workers) add_worker(worker);
  codes_.insert(codes_.end(), labels.begin(), labels.end());
  slot_begin_.push_back(codes_.size());
}

void ReportTable::add_worker(WorkerId worker) {
  worker_ids_.push_back(worker);
  workers_ = std::max(workers_, worker.index() + 1);
}

SlotReports ReportTable::slot(std::size_t index) const {
  assert(index < slots());
  const std::size_t begin = slot_begin_[index];
  const std::size_t count = slot_begin_[index + 1] - begin;
  return {worker_ids().subspan(begin, count), codes().subspan(begin, count)};
}

std::span<const double> ReportTable::palette_row(std::uint32_t code) const {
  assert(code < palette_size());
  return std::span(palette_).subspan(code * answers_, answers_);
}

std::uint32_t ReportTable::code_of(std::span<const double> row) {
  assert(std::ranges::all_of(row, [](double p) { return p >= 0.0 && p <= 1.0; }));
  const auto one = std::ranges::find(row, 1.0);
  const auto zeros = std::ranges::count(row, 0.0);
  if (one != row.end() && zeros == std::ssize(row) - 1)
    return static_cast<std::uint32_t>(one - row.begin());
  return find_or_append(row);
}

std::uint32_t ReportTable::find_or_append(std::span<const double> row) {
  const std::size_t place = place_of(row);
  if (places_[place] != 0) return places_[place];
  assert(palette_size() < std::numeric_limits<std::uint32_t>::max());
  const auto code = static_cast<std::uint32_t>(palette_size());
  palette_.insert(palette_.end(), row.begin(), row.end());
  places_[place] = code;
  if ((palette_size() - answers_) * 2 > places_.size()) grow_places();
  return code;
}

// Where the row is, or the free place where it belongs. Labels are never stored, so 0 can mean
// free.
std::size_t ReportTable::place_of(std::span<const double> row) const {
  const std::size_t mask = places_.size() - 1;
  std::size_t place = hash_of(row) & mask;
  while (places_[place] != 0 && !std::ranges::equal(palette_row(places_[place]), row))
    place = (place + 1) & mask;
  return place;
}

void ReportTable::grow_places() {
  places_.assign(places_.size() * 2, 0);
  for (std::size_t code = answers_; code < palette_size(); ++code) {
    const auto stored = static_cast<std::uint32_t>(code);
    places_[place_of(palette_row(stored))] = stored;
  }
}

WorkerReports by_worker(const ReportTable& table) {
  WorkerReports view;
  view.begin.assign(table.workers() + 1, 0);
  view.slots.resize(table.reports());
  view.codes.resize(table.reports());
  const auto workers = table.worker_ids();
  for (const WorkerId worker : workers) ++view.begin[worker.index() + 1];
  for (std::size_t w = 0; w < table.workers(); ++w) view.begin[w + 1] += view.begin[w];
  std::vector<std::uint64_t> next(view.begin.begin(), view.begin.end() - 1);
  for (std::size_t slot = 0; slot < table.slots(); ++slot) {
    for (std::size_t i = table.slot_begin()[slot]; i < table.slot_begin()[slot + 1]; ++i) {
      const std::size_t place = next[workers[i].index()]++;
      view.slots[place] = static_cast<std::uint32_t>(slot);
      view.codes[place] = table.codes()[i];
    }
  }
  return view;
}

}  // namespace candor::baseline
