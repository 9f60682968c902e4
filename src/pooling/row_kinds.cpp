#include "candor/pooling/row_kinds.h"

#include <algorithm>

namespace candor::pooling {
namespace {

bool is_tie(std::span<const double> row) {
  const double top = *std::max_element(row.begin(), row.end());
  return top < 1.0 &&
         std::all_of(
             row.begin(), row.end(), [&](double value) { return value == 0.0 || value == top; });
}

}  // namespace

RowKinds::RowKinds(std::size_t answers, std::size_t ties)
    : answers_(answers), ties_(ties), rows_(answers * answers, 0.0) {
  for (std::size_t k = 0; k < answers; ++k) rows_[k * answers + k] = 1.0;
}

// The kind of a tie; capacity() if it is none and there is no room for it.
std::size_t RowKinds::tie_kind(std::span<const double> row) {
  for (std::size_t kind = answers_; kind < count(); ++kind)
    if (std::equal(row.begin(), row.end(), this->row(kind).begin())) return kind;
  if (count() == capacity()) return capacity();
  rows_.insert(rows_.end(), row.begin(), row.end());
  return count() - 1;
}

std::span<const std::pair<std::size_t, double>> RowKinds::split(std::span<const double> row) {
  parts_.clear();
  if (ties_ > 0 && is_tie(row)) {
    const std::size_t kind = tie_kind(row);
    if (kind < capacity()) parts_.emplace_back(kind, 1.0);
  }
  if (parts_.empty())
    for (std::size_t k = 0; k < answers_; ++k)
      if (row[k] != 0.0) parts_.emplace_back(k, row[k]);
  return parts_;
}

}  // namespace candor::pooling
