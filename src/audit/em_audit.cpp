#include "audit/em_audit.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>

#include "candor/base/parallel.h"
#include "candor/base/text.h"
#include "candor/baseline/dawid_skene.h"
#include "candor/baseline/report_table.h"

namespace candor::audit {
namespace {

using game::Motive;

// All tasks in which A is right or not, and each worker sees A or not.
struct Group {
  std::size_t tasks = 0;
  std::vector<bool> sees_a;
};

std::vector<Group> groups_of(const SignalCrowd& crowd) {
  std::vector<Group> groups;
  const std::size_t n = crowd.accuracy.size();
  for (std::size_t bits = 0; bits < (std::size_t{2} << n); ++bits) {
    const bool a_right = (bits & 1U) == 0;
    double chance = a_right ? crowd.base : 1.0 - crowd.base;
    Group group;
    for (std::size_t i = 0; i < n; ++i) {
      const bool right = ((bits >> (i + 1)) & 1U) == 0;
      chance *= right ? crowd.accuracy[i] : 1.0 - crowd.accuracy[i];
      group.sees_a.push_back(right == a_right);
    }
    group.tasks = static_cast<std::size_t>(std::lround(chance * static_cast<double>(crowd.tasks)));
    if (group.tasks > 0) groups.push_back(std::move(group));
  }
  return groups;
}

std::vector<double> reports_of(const Group& group, std::size_t coalition,
                               const Answering& answering) {
  std::vector<double> report;
  for (std::size_t i = 0; i < group.sees_a.size(); ++i) {
    const double honest = group.sees_a[i] ? 1.0 : 0.0;
    const double lie = group.sees_a[i] ? answering.seeing_a : answering.seeing_b;
    report.push_back(i < coalition ? lie : honest);
  }
  return report;
}

// P(A is right | the worker's own signal)
double posterior(const SignalCrowd& crowd, std::size_t worker, bool sees_a) {
  const double right = crowd.accuracy[worker];
  const double for_a = crowd.base * (sees_a ? right : 1.0 - right);
  const double for_b = (1.0 - crowd.base) * (sees_a ? 1.0 - right : right);
  return for_a / (for_a + for_b);
}

baseline::DawidSkeneResult run_em(const SignalCrowd& crowd, const std::vector<Group>& groups,
                                  std::size_t coalition, const Answering& answering) {
  std::vector<WorkerId> worker;
  worker.reserve(crowd.accuracy.size());
  for (std::uint32_t i = 0; i < crowd.accuracy.size(); ++i) worker.push_back(WorkerId{i});
  baseline::ReportTable table(2);
  for (const Group& group : groups) {
    std::vector<double> rows;
    for (const double r : reports_of(group, coalition, answering)) {
      rows.push_back(r);
      rows.push_back(1.0 - r);
    }
    for (std::size_t k = 0; k < group.tasks; ++k) table.add_slot(worker, rows);
  }
  baseline::DawidSkeneOptions options;
  options.model = baseline::ConfusionModel::one_coin;
  options.iterations = 200;
  options.tolerance = 1e-9;
  options.threads = 1;
  options.smoothing.answer = 1e9;  // both answers are taken to be as likely, whatever is seen
  auto result = baseline::dawid_skene(table, options);
  assert(result.ok());
  return std::move(result).value();
}

double of(const EmUtility& utility, Motive motive) {
  if (motive == Motive::pay) return utility.pay;
  return motive == Motive::sway ? utility.sway : utility.weight;
}

std::string in_words(const SignalCrowd& crowd) {
  std::string text = std::to_string(crowd.tasks) + " tasks, A right in " + number_text(crowd.base) +
                     " of them; workers see the right answer with probability ";
  for (std::size_t i = 0; i < crowd.accuracy.size(); ++i)
    text += (i == 0 ? "" : ", ") + number_text(crowd.accuracy[i]);
  return text + "; best and honest hold the report when seeing A, then when seeing B";
}

AuditRow row_of(const SignalCrowd& crowd, Motive motive, std::size_t coalition,
                const Answering& best) {
  const EmUtility honest = em_utility(crowd, coalition, {});
  const EmUtility reached = em_utility(crowd, coalition, best);
  AuditRow row;
  row.mechanism = em_note().name;
  row.utility = motive;
  row.workers = crowd.accuracy.size();
  row.coalition = coalition;
  row.method = "search";
  row.instance.name = crowd.name;
  row.instance.weights.assign(row.workers, 1.0 / static_cast<double>(row.workers));
  row.instance.slots = {{crowd.base, crowd.accuracy, {}}};
  row.honest = {1.0, 0.0};
  row.best = {best.seeing_a, best.seeing_b};
  row.honest_utility = of(honest, motive);
  row.best_utility = of(reached, motive);
  row.gain = std::max(0.0, row.best_utility - row.honest_utility);
  row.honest_label = honest.label;
  row.best_label = reached.label;
  row.note = in_words(crowd);
  return row;
}

// The grid of ways to answer, every motive at once.
struct Ways {
  std::vector<Answering> way;
  std::vector<EmUtility> utility;
};

Ways all_ways(const SignalCrowd& crowd, std::size_t coalition, std::size_t points) {
  Ways ways;
  const auto at = [&](std::size_t k) {
    return static_cast<double>(k) / static_cast<double>(points - 1);
  };
  ways.way.push_back({});
  for (std::size_t a = 0; a < points; ++a)
    for (std::size_t b = 0; b < points; ++b) ways.way.push_back({at(a), at(b)});
  for (const Answering& way : ways.way) ways.utility.push_back(em_utility(crowd, coalition, way));
  return ways;
}

AuditRow best_row(const SignalCrowd& crowd, const Ways& ways, Motive motive, std::size_t coalition,
                  double spacing) {
  const auto top = std::max_element(
      ways.utility.begin(), ways.utility.end(),
      [motive](const EmUtility& a, const EmUtility& b) { return of(a, motive) < of(b, motive); });
  AuditRow row = row_of(crowd, motive, coalition,
                        ways.way[static_cast<std::size_t>(top - ways.utility.begin())]);
  row.spacing = spacing;
  return row;
}

std::vector<SignalCrowd> crowds_for(std::size_t coalition, bool thorough) {
  std::vector<SignalCrowd> crowds;
  const std::size_t n = coalition + 2;
  const std::size_t tasks = coalition == 1 ? 400 : 800;
  for (const double base :
       thorough ? std::vector<double>{0.6, 0.7, 0.8, 0.9} : std::vector<double>{0.6, 0.8}) {
    for (const double own :
         thorough ? std::vector<double>{0.55, 0.6, 0.7} : std::vector<double>{0.6}) {
      SignalCrowd crowd{"worst found", base, std::vector<double>(n, 0.75), tasks};
      std::fill_n(crowd.accuracy.begin(), coalition, own);
      crowds.push_back(crowd);
    }
  }
  return crowds;
}

}  // namespace

MechanismNote em_note() {
  return {"dawid-skene",
          "EM over a whole table (one accuracy a worker, even prior, no smoothing, "
          "200 iterations or a change below 1e-9), no outcomes: weight "
          "is the estimated accuracy, the label is the posterior. Honest is to report the answer "
          "that one sees; a lie is a fixed way to answer, the same for all of a coalition. Pay: "
          "agreement with the label, "
          "(1 - (report - label)^2) / N. One table is the whole horizon."};
}

EmUtility em_utility(const SignalCrowd& crowd, std::size_t coalition, const Answering& answering) {
  const std::vector<Group> groups = groups_of(crowd);
  const auto result = run_em(crowd, groups, coalition, answering);
  EmUtility utility;
  double tasks = 0.0;
  std::size_t slot = 0;
  for (const Group& group : groups) {
    const double many = static_cast<double>(group.tasks);
    const double label = result.posterior[2 * slot];
    slot += group.tasks;
    tasks += many;
    const std::vector<double> report = reports_of(group, coalition, answering);
    for (std::size_t i = 0; i < coalition; ++i) {
      const double gap = report[i] - label;
      const double wish = posterior(crowd, i, group.sees_a[i]) - label;
      utility.pay += many * (1.0 - gap * gap) / static_cast<double>(report.size());
      utility.sway -= many * wish * wish;
    }
    utility.label += many * label;
  }
  utility.pay /= tasks;
  utility.sway /= tasks;
  utility.label /= tasks;
  for (std::size_t i = 0; i < coalition; ++i) utility.weight += result.accuracy[i];
  return utility;
}

std::vector<AuditRow> audit_em(const AuditOptions& options) {
  std::vector<AuditRow> rows;
  rows.push_back(
      row_of({"always A", 0.8, {0.6, 0.75, 0.75}, 400}, Motive::next_weight, 1, {1.0, 1.0}));
  for (std::size_t coalition = 1; coalition <= 3; ++coalition) {
    const std::vector<SignalCrowd> crowds = crowds_for(coalition, options.thorough);
    const std::size_t points = options.thorough || coalition == 1 ? 11 : 5;
    std::vector<Ways> ways(crowds.size());
    for_each_block(crowds.size(), options.threads,
                   [&](std::size_t k) { ways[k] = all_ways(crowds[k], coalition, points); });
    for (const Motive motive : game::all_motives) {
      const bool plans = motive == Motive::total_weight || motive == Motive::final_weight;
      if (plans && coalition > 1) continue;
      AuditRow worst;
      for (std::size_t k = 0; k < crowds.size(); ++k) {
        AuditRow row =
            best_row(crowds[k], ways[k], motive, coalition, 1.0 / static_cast<double>(points - 1));
        if (k == 0 || row.gain > worst.gain) worst = std::move(row);
      }
      rows.push_back(std::move(worst));
    }
  }
  return rows;
}

}  // namespace candor::audit
