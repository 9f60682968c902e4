// The largest value of a function of one to three reports: in closed form for a polynomial of
// degree 2, by grid and refinement for any other.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

namespace candor::audit {

using Function = std::function<double(std::span<const double>)>;

struct Maximum {
  std::vector<double> report;  ///< the honest one where nothing is gained
  double gain = 0.0;           ///< >= 0
  double spacing = 0.0;        ///< of the grid; 0 in closed form
};

/// `value` is a polynomial of degree 2 on [floor, 1-floor]^c, c = honest.size(), of any curvature.
/// Its coefficients come from 1 + 2c + c(c-1)/2 values. Its maximum is the top of one of the box's
/// faces (each report free or at an end) on which it is strictly concave, or a corner: all are
/// tried, 4^c with the honest reports as a fourth place, at which a report stays where nothing
/// depends on it. Gains are computed from the coefficients, without subtracting values; one below
/// 1e-13 is rounding, and the honest reports are given back.
[[nodiscard]] Maximum maximise_quadratic(const Function& value, std::span<const double> honest,
                                         double floor);

/// How closely a search looks.
struct Grid {
  std::size_t points = 201;  ///< along each report
  std::size_t refined = 3;   ///< so many of the best grid points are refined
  std::size_t steps = 30;    ///< of golden section
};

/// Tries the grid, the honest reports, `candidates` (values for single reports) and, with several
/// liars, all of them reporting the same; then refines coordinate by coordinate.
[[nodiscard]] Maximum maximise_by_search(const Function& value, std::span<const double> honest,
                                         double floor, std::span<const double> candidates,
                                         const Grid& grid);

}  // namespace candor::audit
