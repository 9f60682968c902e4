#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "candor/arguments/crowd_text.h"
#include "candor/base/math.h"
#include "candor/base/random.h"

namespace candor::arguments {
namespace {

constexpr std::size_t debates = 8;
constexpr std::size_t arguments_a_side = 14;
constexpr std::size_t workers = 60;
constexpr std::size_t votes_a_pair = 5;
constexpr double tie_below = 0.15;     // difference of quality
constexpr double strict_above = 0.45;  // likewise

constexpr std::array<std::string_view, debates> topics{
    "Cars in the city", "Homework", "Zoos", "Night trains",
    "School uniforms",  "Robots",   "Cash", "Longer holidays"};
constexpr std::array<std::string_view, 2> stances{"Yes", "No"};
constexpr std::array<std::string_view, 8> reasons{"because", "evidence", "study",   "therefore",
                                                  "health",  "costs",    "example", "measured"};
constexpr std::array<std::string_view, 8> abuse{"lol",    "stupid", "whatever", "dunno",
                                                "haters", "boring", "idiots",   "yeah"};
constexpr std::array<std::string_view, 8> filler{"people", "the", "city", "time",
                                                 "and",    "we",  "it",   "children"};

double logistic(double x) {
  return 1.0 / (1.0 + portable_exp(-x));
}

std::string_view word_of(double quality, RandomStream& random) {
  const std::size_t number = random.below(8);
  if (random.bernoulli(0.5)) return filler.at(number);
  return random.bernoulli(logistic(2.0 * quality)) ? reasons.at(number) : abuse.at(number);
}

std::string text_of(double quality, RandomStream& random) {
  const double length = 12.0 + 2.0 * quality + 4.0 * random.normal();
  const auto words = static_cast<std::size_t>(std::max(4.0, std::round(length)));
  std::string text;
  for (std::size_t i = 0; i < words; ++i) {
    if (i > 0) text += ' ';
    text += word_of(quality, random);
  }
  return text + ".";
}

double choice_of(double difference) {
  if (std::abs(difference) < tie_below) return 0.5;
  return difference > 0.0 ? 1.0 : 0.0;
}

class Generator {
 public:
  explicit Generator(std::uint64_t seed) : random_(seed, 0x7E87) {}

  CrowdText run() {
    text_.source = "generated text";
    text_.generated = true;
    for (std::size_t w = 0; w < workers; ++w) {
      text_.workers.push_back("worker-" + std::to_string(w));
      skill_.push_back(0.5 + 3.5 * random_.uniform());
    }
    for (std::size_t d = 0; d < debates; ++d) {
      text_.debates.emplace_back(topics.at(d));
      for (const std::string_view stance : stances) add_side(d, stance);
    }
    mix_pairs();
    return std::move(text_);
  }

 private:
  void add_side(std::size_t debate, std::string_view stance) {
    const std::size_t first = text_.arguments.size();
    for (std::size_t i = 0; i < arguments_a_side; ++i) {
      quality_.push_back(random_.normal());
      text_.arguments.push_back({"argument-" + std::to_string(first + i), debate,
                                 std::string(stance), text_of(quality_.back(), random_)});
    }
    for (std::size_t i = first; i < first + arguments_a_side; ++i)
      for (std::size_t j = i + 1; j < first + arguments_a_side; ++j) add_pair(i, j);
  }

  void add_pair(std::size_t a, std::size_t b) {
    if (random_.bernoulli(0.5)) std::swap(a, b);
    const double difference = quality_[a] - quality_[b];
    ArgumentPair pair;
    pair.name = text_.arguments[a].name + "_" + text_.arguments[b].name;
    pair.a = a;
    pair.b = b;
    pair.gold = choice_of(difference);
    pair.strict = std::abs(difference) > strict_above;
    const auto order = shuffled_order(workers, random_);
    for (std::size_t v = 0; v < votes_a_pair; ++v) {
      const double odds = skill_[order[v]] * difference;
      pair.votes.push_back({WorkerId{order[v]}, random_.bernoulli(logistic(odds)) ? 1.0 : 0.0});
    }
    text_.pairs.push_back(std::move(pair));
  }

  void mix_pairs() {
    const auto order = shuffled_order(text_.pairs.size(), random_);
    std::vector<ArgumentPair> mixed;
    for (const std::uint32_t i : order) mixed.push_back(std::move(text_.pairs[i]));
    text_.pairs = std::move(mixed);
  }

  RandomStream random_;
  CrowdText text_;
  std::vector<double> skill_;    // [workers]
  std::vector<double> quality_;  // [arguments]
};

}  // namespace

CrowdText generated_crowd_text(std::uint64_t seed) {
  return Generator(seed).run();
}

}  // namespace candor::arguments
