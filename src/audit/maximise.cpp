#include "audit/maximise.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace candor::audit {
namespace {

using Point = std::vector<double>;

// value(x) = const + slope.x + x.curve.x / 2
struct Quadratic {
  Point slope;
  std::vector<Point> curve;

  // value(to) - value(from), as a product, so that nothing cancels.
  [[nodiscard]] double change(const Point& from, std::span<const double> to) const {
    double total = 0.0;
    for (std::size_t i = 0; i < from.size(); ++i) {
      double pull = slope[i];
      for (std::size_t j = 0; j < from.size(); ++j) pull += curve[i][j] * (from[j] + to[j]) / 2.0;
      total += (to[i] - from[i]) * pull;
    }
    return total;
  }

  [[nodiscard]] double pull(const Point& at, std::size_t i) const {
    double pull = slope[i];
    for (std::size_t j = 0; j < at.size(); ++j) pull += curve[i][j] * at[j];
    return pull;
  }
};

// Values at the middle of the box, and half a unit from it in one or two directions.
Quadratic fit(const Function& value, std::size_t c) {
  const Point middle(c, 0.5);
  const auto moved = [&](std::size_t i, double by, std::size_t j, double too) {
    Point at = middle;
    at[i] += by;
    at[j] += too;
    return value(at);
  };
  Quadratic form{Point(c), std::vector<Point>(c, Point(c))};
  const double here = value(middle);
  constexpr double step = 0.49;
  for (std::size_t i = 0; i < c; ++i) {
    const double up = moved(i, step, i, 0.0);
    const double down = moved(i, -step, i, 0.0);
    form.slope[i] = (up - down) / (2.0 * step);
    form.curve[i][i] = (up - 2.0 * here + down) / (step * step);
  }
  for (std::size_t i = 0; i < c; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const double both = moved(i, step, j, step) - here;
      const double alone_i = form.slope[i] * step + form.curve[i][i] * step * step / 2.0;
      const double alone_j = form.slope[j] * step + form.curve[j][j] * step * step / 2.0;
      form.curve[i][j] = form.curve[j][i] = (both - alone_i - alone_j) / (step * step);
    }
  }
  for (std::size_t i = 0; i < c; ++i)  // from the middle to the origin
    for (std::size_t j = 0; j < c; ++j) form.slope[i] -= form.curve[i][j] * 0.5;
  return form;
}

constexpr double no_curvature = 1e-13;  // below it, only rounding
constexpr double at_end = 1e-12;        // so close to an end, a top is the end's own face's

// Moves the free coordinates to where the form is level in all of them. False where it is not
// strictly concave in them: then the best of the face lies on its edges.
bool reach_top(const Quadratic& form, const std::vector<std::size_t>& free, Point& at) {
  const std::size_t n = free.size();
  std::vector<Point> row(n, Point(n + 1));
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) row[i][j] = form.curve[free[i]][free[j]];
    row[i][n] = -form.pull(at, free[i]);
  }
  for (std::size_t k = 0; k < n; ++k) {
    if (row[k][k] > -no_curvature) return false;  // all pivots negative: strictly concave
    for (std::size_t i = k + 1; i < n; ++i)
      for (std::size_t j = n + 1; j-- > k;) row[i][j] -= row[i][k] / row[k][k] * row[k][j];
  }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t j = i + 1; j < n; ++j) row[i][n] -= row[i][j] * row[j][n];
    row[i][n] /= row[i][i];
    at[free[i]] += row[i][n];
  }
  return true;
}

// One face of the box: each coordinate honest, free, or at one of its ends, by the digits of
// `number` to base 4. Faces where fewer coordinates leave the honest report come before those that
// move the same ones further. Nothing where the face has no top inside the box.
std::optional<Point> top_of_face(const Quadratic& form, const Point& truth, std::size_t number,
                                 double floor) {
  Point at = truth;
  std::vector<std::size_t> free;
  for (std::size_t i = 0; i < at.size(); ++i, number /= 4) {
    if (number % 4 == 1) free.push_back(i);
    if (number % 4 == 2) at[i] = floor;
    if (number % 4 == 3) at[i] = 1.0 - floor;
  }
  if (!reach_top(form, free, at)) return {};
  for (const std::size_t i : free)
    if (at[i] < floor + at_end || at[i] > 1.0 - floor - at_end) return {};
  return at;
}

double golden(const std::function<double(double)>& value, double low, double high,
              std::size_t steps, double& best_value) {
  constexpr double ratio = 0.6180339887498949;
  double left = high - ratio * (high - low);
  double right = low + ratio * (high - low);
  double at_left = value(left);
  double at_right = value(right);
  for (std::size_t k = 0; k < steps; ++k) {
    if (at_left > at_right) {
      high = right;
      right = left;
      at_right = at_left;
      left = high - ratio * (high - low);
      at_left = value(left);
    } else {
      low = left;
      left = right;
      at_left = at_right;
      right = low + ratio * (high - low);
      at_right = value(right);
    }
  }
  best_value = std::max(at_left, at_right);
  return at_left > at_right ? left : right;
}

struct Found {
  Point at;
  double value = 0.0;
};

void keep_best(std::vector<Found>& found, Found one, std::size_t most) {
  const auto place =
      std::find_if(found.begin(), found.end(), [&](const Found& f) { return one.value > f.value; });
  found.insert(place, std::move(one));
  if (found.size() > most) found.pop_back();
}

// Every point of the grid, counted up like digits.
std::vector<Point> grid_points(std::size_t c, double floor, std::size_t points,
                               std::span<const double> candidates) {
  std::vector<double> side;
  side.reserve(points + candidates.size());
  for (std::size_t k = 0; k < points; ++k)
    side.push_back(floor +
                   (1.0 - 2.0 * floor) * static_cast<double>(k) / static_cast<double>(points - 1));
  if (c == 1)
    for (const double x : candidates) side.push_back(std::clamp(x, floor, 1.0 - floor));
  std::vector<Point> all{Point{}};
  for (std::size_t i = 0; i < c; ++i) {
    std::vector<Point> longer;
    longer.reserve(all.size() * side.size());
    for (const Point& start : all) {
      for (const double x : side) {
        longer.push_back(start);
        longer.back().push_back(x);
      }
    }
    all = std::move(longer);
  }
  if (c > 1)
    for (const double x : candidates) all.emplace_back(c, std::clamp(x, floor, 1.0 - floor));
  return all;
}

void refine(const Function& value, Found& one, double floor, double spacing, std::size_t steps) {
  const std::size_t rounds = one.at.size() == 1 ? 1 : 3;
  for (std::size_t round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < one.at.size(); ++i) {
      Point at = one.at;
      const auto along = [&](double x) {
        at[i] = x;
        return value(at);
      };
      double reached = 0.0;
      const double x = golden(along, std::max(floor, one.at[i] - spacing),
                              std::min(1.0 - floor, one.at[i] + spacing), steps, reached);
      if (reached <= one.value) continue;
      one.value = reached;
      one.at[i] = x;
    }
  }
}

// Golden section comes close to an end without reaching it: the end, where it is as good.
void reach_ends(const Function& value, Found& one, double floor, double gain) {
  for (std::size_t i = 0; i < one.at.size(); ++i) {
    for (const double end : {floor, 1.0 - floor}) {
      if (one.at[i] == end || std::abs(one.at[i] - end) > 1e-3) continue;
      Point at = one.at;
      at[i] = end;
      const double reached = value(at);
      if (reached >= one.value - 1e-6 * gain) one = {at, reached};
    }
  }
}

}  // namespace

Maximum maximise_quadratic(const Function& value, std::span<const double> honest, double floor) {
  const Quadratic form = fit(value, honest.size());
  const Point truth(honest.begin(), honest.end());
  Maximum best{truth, 0.0, 0.0};
  const std::size_t faces = std::size_t{1} << (2 * truth.size());
  for (std::size_t number = 1; number < faces; ++number) {
    const std::optional<Point> at = top_of_face(form, truth, number, floor);
    if (!at) continue;
    const double gain = form.change(truth, *at);
    if (gain > best.gain + no_curvature) best = {*at, gain, 0.0};
  }
  return best;
}

Maximum maximise_by_search(const Function& value, std::span<const double> honest, double floor,
                           std::span<const double> candidates, const Grid& grid) {
  const Point truth(honest.begin(), honest.end());
  const double at_truth = value(truth);
  const double spacing = (1.0 - 2.0 * floor) / static_cast<double>(grid.points - 1);
  std::vector<Found> best{{truth, at_truth}};
  for (Point& at : grid_points(honest.size(), floor, grid.points, candidates)) {
    const double reached = value(at);
    keep_best(best, {std::move(at), reached}, grid.refined);
  }
  for (Found& one : best) refine(value, one, floor, spacing, grid.steps);
  const auto top = std::max_element(
      best.begin(), best.end(), [](const Found& a, const Found& b) { return a.value < b.value; });
  if (top->value <= at_truth) return {truth, 0.0, spacing};
  reach_ends(value, *top, floor, top->value - at_truth);
  return {top->at, top->value - at_truth, spacing};
}

}  // namespace candor::audit
