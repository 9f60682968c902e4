// How a quantity grows with the horizon: horizons, means over campaigns, slopes.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace candor::game {

/// `slots` and its halves down to 1/64 of it, at least 16; ascending.
[[nodiscard]] std::vector<double> horizons_up_to(std::uint64_t slots);

[[nodiscard]] double mean_over(const std::vector<double>& values);
/// Of the mean; 0 for a single value.
[[nodiscard]] double standard_error_over(const std::vector<double>& values);

/// log_log_slope over the horizons of at least an eighth of the longest.
[[nodiscard]] std::optional<double> fitted_slope(const std::vector<double>& horizons,
                                                 const std::vector<double>& regret);

}  // namespace candor::game
