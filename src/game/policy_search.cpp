#include "game/policy_search.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace candor::game {
namespace {

constexpr std::size_t courses = 48;
constexpr std::uint64_t slots_ahead = 64;
constexpr int stretches = 26;

double square(double x) {
  return x * x;
}

// One course of the next slots: the same signals whatever is tried on it.
struct Course {
  std::size_t slots = 0;
  std::vector<double> belief;  // [slots, N], A being the outcome of every slot: the mirror is alike
};

class Imagination {
 public:
  Imagination(const Information& information, const Utility& utility, const Accuracies& accuracy)
      : information_(information), utility_(utility), accuracy_(accuracy) {
    slots_ = static_cast<std::size_t>(std::min(
        slots_ahead, *information.horizon - std::min(*information.horizon, information.slot)));
    weight_.assign(information.weights.begin(), information.weights.end());
    if (weight_.empty()) share_the_rest();
  }

  [[nodiscard]] Course draw(RandomStream& random) const {
    Course course{slots_, {}};
    for (std::size_t i = 0; i < slots_ * weight_.size(); ++i) {
      const bool own = i % weight_.size() == information_.self.index();
      const double accuracy = own ? accuracy_.own : accuracy_.others;
      course.belief.push_back(random.bernoulli(accuracy) ? accuracy : 1.0 - accuracy);
    }
    return course;
  }

  [[nodiscard]] double play(const Course& course, double stretch) const {
    std::vector<double> weight = weight_;
    const std::size_t self = information_.self.index();
    double utility = 0.0;
    for (std::size_t t = 0; t < course.slots; ++t) {
      const double* belief = &course.belief[t * weight.size()];
      const double report = std::clamp(0.5 + stretch * (belief[self] - 0.5), 0.0, 1.0);
      utility -= utility_.of(Motive::sway) * step(weight, belief, report);
      utility += (utility_.of(Motive::total_weight) + utility_.of(Motive::next_weight) +
                  utility_.of(Motive::pay)) *
                 weight[self];
    }
    return utility + utility_.of(Motive::final_weight) * weight[self];
  }

 private:
  // Moves the weights; returns the squared distance of the label from the own belief.
  double step(std::vector<double>& weight, const double* belief, double report) const {
    const std::size_t self = information_.self.index();
    const auto report_of = [&](std::size_t i) { return i == self ? report : belief[i]; };
    double mean = 0.0;
    double label = 0.0;
    for (std::size_t i = 0; i < weight.size(); ++i) {
      mean += weight[i] * square(1.0 - report_of(i));
      label += weight[i] * report_of(i);
    }
    for (std::size_t i = 0; i < weight.size(); ++i)
      weight[i] *= 1.0 + information_.step_size * (mean - square(1.0 - report_of(i)));
    return square(label - belief[self]);
  }

  void share_the_rest() {
    const double others = static_cast<double>(information_.workers - 1);
    weight_.assign(information_.workers, (1.0 - information_.weight) / std::max(others, 1.0));
    weight_[information_.self.index()] = information_.weight;
  }

  const Information& information_;
  const Utility& utility_;
  Accuracies accuracy_;
  std::size_t slots_ = 0;
  std::vector<double> weight_;
};

struct Advantage {
  double mean = 0.0;
  double error = 0.0;
};

Advantage advantage(const std::vector<double>& tried, const std::vector<double>& honest) {
  Advantage result;
  const auto n = static_cast<double>(tried.size());
  for (std::size_t c = 0; c < tried.size(); ++c) result.mean += (tried[c] - honest[c]) / n;
  double squares = 0.0;
  for (std::size_t c = 0; c < tried.size(); ++c)
    squares += square(tried[c] - honest[c] - result.mean);
  result.error = std::sqrt(squares / (n - 1.0) / n);
  return result;
}

}  // namespace

double best_stretch(const Information& information, const Utility& utility,
                    const Accuracies& accuracy, RandomStream& random) {
  const Imagination imagination(information, utility, accuracy);
  std::vector<Course> course;
  std::vector<double> honest;
  for (std::size_t c = 0; c < courses; ++c) {
    course.push_back(imagination.draw(random));
    honest.push_back(imagination.play(course.back(), 1.0));
  }
  double best = 1.0;
  double best_mean = 0.0;
  for (int k = 0; k < stretches; ++k) {
    const double stretch = 0.1 * static_cast<double>(k);
    std::vector<double> tried;
    tried.reserve(course.size());
    for (const Course& one : course) tried.push_back(imagination.play(one, stretch));
    const Advantage over = advantage(tried, honest);
    if (over.mean > best_mean && over.mean > 2.0 * over.error) {
      best = stretch;
      best_mean = over.mean;
    }
  }
  return best;
}

}  // namespace candor::game
