#include "audit/heat.h"

#include <algorithm>
#include <cassert>

#include "candor/base/text.h"

namespace candor::audit {
namespace {

constexpr std::size_t beliefs = 21;
constexpr std::size_t reports = 41;  // every second one is a belief

std::string listed(const std::vector<double>& values, std::size_t from) {
  std::string text;
  for (std::size_t i = from; i < values.size(); ++i)
    text += (i == from ? "" : ", ") + number_text(values[i]);
  return text;
}

std::string in_words(const AuditRow& row) {
  std::string text = "weights " + listed(row.instance.weights, 0) + "; the others report " +
                     listed(row.instance.slots[0].reports, 1);
  if (row.instance.step_size > 0.0) text += "; step size " + number_text(row.instance.step_size);
  if (!row.note.empty()) text += "; " + row.note;
  return text;
}

double on_scale(std::size_t k, std::size_t points, double floor) {
  return floor + (1.0 - 2.0 * floor) * static_cast<double>(k) / static_cast<double>(points - 1);
}

// Endings of one report under both outcomes: all that any belief needs.
struct Played {
  std::vector<Ending> if_a;
  std::vector<Ending> if_b;
};

double expected(const Subject& subject, game::Motive motive, const std::vector<Ending>& endings,
                double belief) {
  double worth = 0.0;
  for (const Ending& ending : endings)
    worth += ending.probability * subject.worth(motive, ending, 0, belief);
  return worth;
}

}  // namespace

HeatMap heat_of(const Quest& quest, const AuditRow& row, const std::string& label) {
  auto made = quest.audited->variants[quest.variant].make(label);
  assert(made.ok());
  const Subject& subject = **made;
  const AuditSlot& slot = row.instance.slots[0];
  const State start = subject.start(row.instance);
  HeatMap map{row.mechanism, row.utility, {}, {}, {}, in_words(row)};
  std::vector<Played> played;
  for (std::size_t j = 0; j < reports; ++j) {
    std::vector<double> all = slot.reports;
    all[0] = on_scale(j, reports, subject.floor());
    map.reports.push_back(all[0]);
    played.push_back({subject.play(start, slot, all, 1.0), subject.play(start, slot, all, 0.0)});
  }
  for (std::size_t i = 0; i < beliefs; ++i) {
    const double belief = on_scale(i, beliefs, subject.floor());
    std::vector<double> utility;
    utility.reserve(played.size());
    for (const Played& one : played)
      utility.push_back(belief * expected(subject, row.utility, one.if_a, belief) +
                        (1.0 - belief) * expected(subject, row.utility, one.if_b, belief));
    const double honest = utility[2 * i];
    for (double& value : utility) value -= honest;
    map.beliefs.push_back(belief);
    map.gain.push_back(std::move(utility));
  }
  return map;
}

}  // namespace candor::audit
