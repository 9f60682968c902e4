// dataset/stream_oracle.h
// For tests: what a stream of slots must visit, computed the slow way from rows in memory.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "candor/base/random.h"
#include "candor/dataset/read_options.h"

namespace candor::dataset {

struct OracleRow {
  std::string slot;
  std::string worker;
  double report = 0.0;  // P(yes)
  double time = 0.0;
};

struct OracleSlot {
  std::string slot;
  std::vector<std::string> workers;
  std::vector<double> reports;

  friend bool operator==(const OracleSlot&, const OracleSlot&) = default;
};

struct OracleStream {
  std::vector<OracleSlot> slots;
  std::vector<std::size_t> duplicates;  // rows, from 0, in file order
};

// The kept rows, in reading order: row numbers.
inline std::vector<std::size_t> reading_order(const std::vector<OracleRow>& rows, bool by_time) {
  std::vector<std::size_t> order(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) order[i] = i;
  if (by_time) {
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t i, std::size_t j) { return rows[i].time < rows[j].time; });
  }
  return order;
}

inline OracleStream oracle_stream(const std::vector<OracleRow>& rows, const Order& order) {
  OracleStream stream;
  std::set<std::pair<std::string, std::string>> seen;
  std::map<std::string, OracleSlot> slots;
  std::vector<std::string> last_reports;  // slot of every kept report, in reading order
  for (const std::size_t i : reading_order(rows, order.mode == Order::Mode::time)) {
    if (!seen.emplace(rows[i].slot, rows[i].worker).second) {
      stream.duplicates.push_back(i);
      continue;
    }
    OracleSlot& slot = slots[rows[i].slot];
    slot.slot = rows[i].slot;
    slot.workers.push_back(rows[i].worker);
    slot.reports.push_back(rows[i].report);
    last_reports.push_back(rows[i].slot);
  }
  std::sort(stream.duplicates.begin(), stream.duplicates.end());
  for (std::size_t i = 0; i < last_reports.size(); ++i) {
    const auto next = last_reports.begin() + static_cast<std::ptrdiff_t>(i) + 1;
    if (std::find(next, last_reports.end(), last_reports[i]) == last_reports.end())
      stream.slots.push_back(slots[last_reports[i]]);
  }
  if (order.mode == Order::Mode::shuffle) {
    RandomStream random(order.seed, 1);
    std::vector<OracleSlot> shuffled;
    for (const std::uint32_t place : shuffled_order(stream.slots.size(), random))
      shuffled.push_back(stream.slots[place]);
    stream.slots = std::move(shuffled);
  }
  return stream;
}

}  // namespace candor::dataset
