// Rows of a traffic table become hours.
#pragma once

#include <array>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "candor/dataset/csv.h"
#include "candor/navigation/traffic_series.h"

namespace candor::navigation {

/// The columns that are read, in this order.
enum class Column : std::size_t { holiday, temp, rain, snow, clouds, weather, time, volume };

class TrafficReader {
 public:
  explicit TrafficReader(dataset::CsvReader reader) : reader_(std::move(reader)) {}
  Result<TrafficSeries> read();

 private:
  Status find_columns();
  Status take_row();
  Result<Hour> read_hour();
  Status merge(const Hour& row);
  Result<Stamp> read_stamp() const;
  Result<int> read_volume() const;
  Result<Weather> read_weather() const;
  Result<double> read_number(Column column) const;
  Result<std::optional<double>> read_water(Column column);
  void spread_holidays();

  [[nodiscard]] std::string_view field(Column column) const {
    return reader_.fields()[place_[static_cast<std::size_t>(column)]];
  }
  [[nodiscard]] Error error(ErrorCode code, Column column) const;

  dataset::CsvReader reader_;
  std::array<std::size_t, 8> place_{};
  std::vector<Hour> hours_;
  std::unordered_set<Stamp> holiday_;  // day numbers
  Cleaning cleaning_;
};

}  // namespace candor::navigation
