#include "candor/evaluation/peer_pay.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "candor/base/text.h"
#include "candor/dataset/slot_stream.h"
#include "candor/dataset/survey.h"
#include "candor/payment/budget.h"

namespace candor::evaluation {
namespace {

using Json = nlohmann::json;

constexpr std::uint32_t no_answer = std::numeric_limits<std::uint32_t>::max();

// The one most probable answer, if there is one.
std::uint32_t answer_of(std::span<const double> report) {
  constexpr double tie = 1e-12;
  const auto top = std::max_element(report.begin(), report.end());
  const auto near = std::count_if(report.begin(), report.end(),
                                  [top](double value) { return value >= *top - tie; });
  return near == 1 ? static_cast<std::uint32_t>(top - report.begin()) : no_answer;
}

// The answers of a table, slot by slot, numbered as in the survey.
struct Sheet {
  std::vector<std::vector<WorkerId>> worker;
  std::vector<std::vector<std::uint32_t>> answer;
  std::vector<bool> occurs;  // [K of the survey]
  std::uint64_t undecided = 0;

  void add(const dataset::SlotRecord& record) {
    worker.emplace_back();
    answer.emplace_back();
    const std::size_t answers = occurs.size();
    for (std::size_t j = 0; j < record.workers.size(); ++j) {
      const std::uint32_t given = answer_of(record.reports.subspan(j * answers, answers));
      if (given == no_answer) {
        ++undecided;
        continue;
      }
      occurs[given] = true;
      worker.back().push_back(record.workers[j]);
      answer.back().push_back(given);
    }
  }
};

struct Table {
  dataset::Survey survey;
  dataset::StreamSummary summary;
  Sheet sheet;
};

// In file order: the order in which slots would settle means nothing here.
Result<Table> read(const PeerPayOptions& options) {
  Table table;
  CANDOR_TRY(table.survey, dataset::survey(options.paths, options.read));
  do {
    table.sheet = {};
    table.sheet.occurs.resize(table.survey.answers.size());
    CANDOR_TRY(table.summary, dataset::stream_slots(options.paths, options.read, table.survey,
                                                    [&](const dataset::SlotRecord& record) {
                                                      table.sheet.add(record);
                                                      return Status{};
                                                    }));
  } while (table.summary.replanned);
  return table;
}

// New numbers for the answers that occur, and for two of them at least.
std::vector<std::uint32_t> renumbered(std::vector<bool> occurs, std::vector<std::string>& names) {
  const std::vector<std::string> all = std::exchange(names, {});
  auto missing = 2 - std::min<std::ptrdiff_t>(2, std::count(occurs.begin(), occurs.end(), true));
  std::vector<std::uint32_t> number(occurs.size(), no_answer);
  for (std::size_t k = 0; k < occurs.size(); ++k) {
    if (!occurs[k] && missing-- <= 0) continue;
    number[k] = static_cast<std::uint32_t>(names.size());
    names.push_back(all[k]);
  }
  return number;
}

PeerAnswers answers_of(Sheet& sheet, std::vector<std::string>& names) {
  const std::vector<std::uint32_t> number = renumbered(sheet.occurs, names);
  PeerAnswers answers(names.size());
  for (std::size_t slot = 0; slot < sheet.worker.size(); ++slot) {
    for (std::uint32_t& answer : sheet.answer[slot]) answer = number[answer];
    answers.add_slot(sheet.worker[slot], sheet.answer[slot]);
  }
  return answers;
}

std::string why_nothing(const PeerScore& score, std::size_t min_shared) {
  if (score.answered == 0) return "no report with a most probable answer";
  if (score.peers == 0)
    return fmt::format("shares at most {} {} with any one worker, {} are needed", score.most_shared,
                       score.most_shared == 1 ? "slot" : "slots", min_shared);
  if (!score.score) return "nobody else's answers show what counts as agreement";
  return *score.score > 0.0 ? "" : "score not above 0";
}

std::vector<PeerPay> rows_of(const PeerScores& scores, const dataset::NameTable& names) {
  std::vector<PeerPay> rows;
  for (std::size_t i = 0; i < names.size(); ++i) {
    PeerPay row;
    row.worker = names[i];
    if (i < scores.worker.size()) row.score = scores.worker[i];
    row.why_nothing = why_nothing(row.score, scores.min_shared);
    row.points =
        std::max(0.0, row.score.score.value_or(0.0)) * static_cast<double>(row.score.slots);
    rows.push_back(std::move(row));
  }
  return rows;
}

void divide(PeerPayResult& result) {
  std::vector<double> points;
  points.reserve(result.pay.size());
  for (const PeerPay& row : result.pay) points.push_back(row.points);
  if (std::all_of(points.begin(), points.end(), [](double p) { return p == 0.0; })) return;
  const std::vector<std::int64_t> paid = payment::divide_budget(result.budget_micro, points);
  for (std::size_t i = 0; i < paid.size(); ++i) result.pay[i].paid_micro = paid[i];
  result.paid_micro = result.budget_micro;
}

void sort_by_points(std::vector<PeerPay>& rows) {
  std::stable_sort(rows.begin(), rows.end(), [](const PeerPay& a, const PeerPay& b) {
    if (a.points != b.points) return a.points > b.points;
    return a.score.score > b.score.score;  // no score is below every score
  });
}

Status check_budget(std::int64_t budget_micro) {
  if (budget_micro >= 0) return {};
  return Error{ErrorCode::out_of_range, std::to_string(budget_micro)}
      .in_field("budget")
      .expecting("at least 0 micro-units")
      .way("leave it out for points only");
}

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + '"';
}

Json row_json(const PeerPay& row) {
  const auto& score = row.score;
  Json json{{"worker", row.worker},
            {"answered", score.answered},
            {"slots", score.slots},
            {"peers", score.peers},
            {"score", score.score ? Json(*score.score) : Json(nullptr)},
            {"points", row.points},
            {"paid_micro", row.paid_micro}};
  if (!row.why_nothing.empty()) json["why_nothing"] = row.why_nothing;
  return json;
}

}  // namespace

Result<PeerPayResult> peer_pay(const PeerPayOptions& options) {
  CANDOR_CHECK(check_budget(options.budget_micro));
  CANDOR_TRY(Table table, read(options));
  PeerPayResult result;
  result.kind = dataset::name_of(table.survey.kind);
  result.rule = options.score.rule;
  result.answers = table.survey.answers;
  result.slots = table.summary.slots;
  result.reports = table.summary.kept;
  result.duplicates = table.summary.duplicates;
  result.undecided = table.sheet.undecided;
  result.budget_micro = options.budget_micro;
  const PeerAnswers answers = answers_of(table.sheet, result.answers);
  CANDOR_TRY(const PeerScores scores, peer_scores(answers, options.score));
  result.min_shared = scores.min_shared;
  result.pairs = scores.pairs;
  result.pairs_left_out = scores.pairs_left_out;
  result.pay = rows_of(scores, table.survey.workers);
  result.scored = static_cast<std::uint64_t>(
      std::count_if(result.pay.begin(), result.pay.end(),
                    [](const PeerPay& row) { return row.score.score.has_value(); }));
  sort_by_points(result.pay);
  divide(result);
  return result;
}

std::string peer_pay_csv(const PeerPayResult& result) {
  std::string text = "worker,answered,slots,peers,score,points,paid_micro,why_nothing\n";
  for (const PeerPay& row : result.pay) {
    text += fmt::format("{},{},{},{},", csv_field(row.worker), row.score.answered, row.score.slots,
                        row.score.peers);
    if (row.score.score) append_number(text, *row.score.score);
    text += ',' + number_text(row.points) +
            fmt::format(",{},{}\n", row.paid_micro, csv_field(row.why_nothing));
  }
  return text;
}

Json peer_pay_json(const PeerPayResult& result) {
  Json json{{"kind", result.kind},
            {"rule", name_of(result.rule)},
            {"answers", result.answers},
            {"slots", result.slots},
            {"reports", result.reports},
            {"duplicates", result.duplicates},
            {"undecided", result.undecided},
            {"min_shared", result.min_shared},
            {"pairs", result.pairs},
            {"pairs_left_out", result.pairs_left_out},
            {"scored", result.scored},
            {"budget_micro", result.budget_micro},
            {"paid_micro", result.paid_micro},
            {"workers", Json::array()}};
  for (const PeerPay& row : result.pay) json["workers"].push_back(row_json(row));
  return json;
}

}  // namespace candor::evaluation
