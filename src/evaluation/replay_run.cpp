#include "evaluation/replay_run.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "candor/base/text.h"
#include "candor/evaluation/bounds.h"
#include "candor/evaluation/whole_file.h"
#include "candor/scoring/loss_rule.h"

namespace candor::evaluation {
namespace {

constexpr WorkerId not_joined{std::numeric_limits<std::uint32_t>::max()};
constexpr std::size_t most_weight_samples = 25'000'000;  // 100 MB of floats
constexpr std::uint64_t draw_stream = 2;

bool wants(const ReplayOptions& options, std::string_view baseline) {
  return std::find(options.baselines.begin(), options.baselines.end(), baseline) !=
         options.baselines.end();
}

bool wants_whole_file(const ReplayOptions& options) {
  return std::any_of(options.baselines.begin(), options.baselines.end(),
                     [](const std::string& name) { return is_whole_file(name); });
}

// Then, and only then, there is one best worker, to whom every regret is.
bool everyone_answered_all(const learning::RegretLedger& regrets, std::uint64_t settled) {
  for (std::uint32_t i = 0; i < regrets.workers(); ++i)
    if (regrets.slots_of(WorkerId{i}) != settled) return false;
  return true;
}

Error of_slot(Error error, const ReplayOptions& options, std::string_view slot) {
  error.found += " on slot \"" + std::string(slot) + '"';
  if (options.paths.size() == 1) error.file = options.paths.front();
  return error;
}

// Says whose report on which slot the fold refused; its row has been read too long ago to know.
Error of_report(Error error, const ReplayOptions& options, std::string_view worker,
                std::string_view slot) {
  error.found += " from worker \"" + std::string(worker) + '"';
  return of_slot(std::move(error), options, slot);
}

}  // namespace

ReplayRun::ReplayRun(const ReplayOptions& options, const dataset::Survey& survey,
                     const mechanism::MechanismSpec& spec)
    : options_(options),
      survey_(survey),
      spec_(spec),
      producer_(this),
      draws_(options.seed, draw_stream),
      campaign_worker_(survey.workers.size(), not_joined) {
  if (wants_whole_file(options)) kept_.emplace(survey.answers.size());
}

Status ReplayRun::open() {
  if (!options_.out_folder.empty()) {
    CANDOR_TRY(files_, ReplayFiles::create(options_.out_folder, survey_, options_.tasks_path));
    CANDOR_CHECK(producer_.record_to(options_.out_folder + "/ledger.jsonl"));
  }
  CANDOR_CHECK(producer_.emit(event::CampaignOpened{"replay", survey_.answers, spec_}));
  if (producer_.fold().mechanism()->asking_rule() != nullptr)
    desk_.emplace(producer_, options_.seed);
  if (!options_.newcomers)
    for (std::uint32_t i = 0; i < survey_.workers.size(); ++i) CANDOR_CHECK(join(WorkerId{i}));
  std::vector<std::string> methods = producer_.fold().mechanism()->label_names();
  if (wants(options_, "dawid-skene-online")) {
    em_.emplace(survey_.answers.size());
    em_label_.resize(survey_.answers.size());
    methods.emplace_back("dawid-skene-online");
  }
  if (spec_.output == mechanism::Output::drawn) methods.push_back(issued_label());
  labels_.resize(methods.size() * survey_.answers.size());
  curves_.emplace(methods, options_.min_reports);
  board_.emplace(std::move(methods), wants(options_, "best-worker"));
  return {};
}

std::string ReplayRun::issued_label() const {
  return spec_.output == mechanism::Output::drawn ? spec_.weight_rule + "-drawn" : spec_.label;
}

Status ReplayRun::join(WorkerId in_survey) {
  const WorkerId id{static_cast<std::uint32_t>(survey_worker_.size())};
  CANDOR_CHECK(
      producer_.emit(event::WorkerJoined{id, std::string(survey_.workers[in_survey.index()])}));
  campaign_worker_[in_survey.index()] = id;
  survey_worker_.push_back(in_survey.value);
  return desk_ ? desk_->joined(id) : Status{};
}

Status ReplayRun::join_workers_of(const dataset::SlotRecord& record) {
  slot_workers_.clear();
  for (const WorkerId id : record.workers) {
    if (campaign_worker_[id.index()] == not_joined) CANDOR_CHECK(join(id));
    slot_workers_.push_back(campaign_worker_[id.index()]);
  }
  return {};
}

// Nobody is asked for answers that could not be paid.
bool ReplayRun::can_be_paid() const {
  const payment::Budget* budget = producer_.fold().budget();
  return budget == nullptr || budget->left() >= spec_.slot_budget_micro;
}

Status ReplayRun::visit(const dataset::SlotRecord& record) {
  if (!can_be_paid()) {
    ++unpaid_slots_;
    return {};
  }
  CANDOR_CHECK(join_workers_of(record));
  slot_in_survey_ = record.slot;
  outcome_in_survey_ = record.outcome;
  const SlotId slot{next_slot_++};
  CANDOR_CHECK(
      producer_.emit(event::SlotOpened{slot, std::string(survey_.slots[record.slot.index()])}));
  CANDOR_CHECK(take_answers(slot, record));
  if (slot_workers_.empty()) return producer_.emit(event::SlotExpired{slot});
  if (em_) em_->pool(slot_workers_, slot_reports_, em_label_);
  CANDOR_CHECK(emit_reports(slot, record));
  CANDOR_CHECK(producer_.emit(event::SlotPooled{slot, draws_.uniform()}));
  CANDOR_CHECK(emit_outcome(slot, record));
  if (em_) em_->observe(slot_workers_, slot_reports_);
  if (kept_) kept_->add(slot_workers_, slot_reports_, record.outcome);
  return file_status_;
}

// Which of the answers on record are read, as places in the record: those of workers whom the rule
// asks, or of all who have answers left.
Result<std::vector<std::size_t>> ReplayRun::read_places(SlotId slot) {
  if (desk_) return desk_->ask(slot, slot_workers_);
  std::vector<std::size_t> places;
  for (std::size_t j = 0; j < slot_workers_.size(); ++j)
    if (producer_.fold().mechanism()->may_answer(slot_workers_[j])) places.push_back(j);
  return places;
}

Status ReplayRun::take_answers(SlotId slot, const dataset::SlotRecord& record) {
  slot_reports_ = record.reports;
  if (desk_ || spec_.worker_answers > 0) {
    CANDOR_TRY(const std::vector<std::size_t> places, read_places(slot));
    const std::vector<WorkerId> there = std::exchange(slot_workers_, {});
    const std::size_t answers = survey_.answers.size();
    read_reports_.clear();
    for (const std::size_t place : places) {
      slot_workers_.push_back(there[place]);
      const auto row = record.reports.subspan(place * answers, answers);
      read_reports_.insert(read_reports_.end(), row.begin(), row.end());
    }
    slot_reports_ = read_reports_;
  }
  reports_read_ += slot_workers_.size();
  return {};
}

Status ReplayRun::emit_reports(SlotId slot, const dataset::SlotRecord& record) {
  const std::size_t answers = survey_.answers.size();
  event::Event report = event::ReportSubmitted{slot, {}, {}};
  auto& submitted = std::get<event::ReportSubmitted>(report);
  for (std::size_t j = 0; j < slot_workers_.size(); ++j) {
    const auto row = slot_reports_.subspan(j * answers, answers);
    submitted.worker = slot_workers_[j];
    submitted.report.assign(row.begin(), row.end());
    if (auto status = producer_.emit(report); !status.ok())
      return of_report(std::move(status).error(), options_,
                       producer_.fold().worker_names()[slot_workers_[j].index()],
                       survey_.slots[record.slot.index()]);
  }
  return {};
}

Status ReplayRun::emit_outcome(SlotId slot, const dataset::SlotRecord& record) {
  if (record.outcome.empty()) return producer_.emit(event::SlotExpired{slot});
  settled_reports_ += record.workers.size();
  auto revealed =
      producer_.emit(event::OutcomeRevealed{slot, {record.outcome.begin(), record.outcome.end()}});
  if (!revealed.ok())
    return of_slot(std::move(revealed).error(), options_, survey_.slots[record.slot.index()]);
  return producer_.emit(event::SlotSettled{slot});
}

void ReplayRun::on_pooled(SlotId, const mechanism::PooledSlot& pooled) {
  if (files_ && file_status_.ok())
    file_status_ = files_->add(slot_in_survey_, pooled, outcome_in_survey_);
}

void ReplayRun::on_settled(SlotId, const mechanism::PooledSlot& pooled,
                           std::span<const double> outcome, const mechanism::Settlement&) {
  auto next = std::copy(pooled.labels.begin(), pooled.labels.end(), labels_.begin());
  if (em_) next = std::copy(em_label_.begin(), em_label_.end(), next);
  if (spec_.output == mechanism::Output::drawn)
    std::copy(pooled.label.begin(), pooled.label.end(), next);
  board_->record(pooled.view(), labels_, outcome);
  for (std::size_t j = 0; j < pooled.worker.size(); ++j)
    drawn_loss_ += pooled.share[j] * scoring::quadratic_loss(pooled.view().row(j), outcome);
  if (curves_->sample(*board_, bounds())) sample_weights();
}

void ReplayRun::sample_weights() {
  const std::vector<double> weights = producer_.fold().mechanism()->weight_rule().weights();
  if ((weight_samples_.size() + 1) * weights.size() > most_weight_samples) return;
  weight_samples_.emplace_back(weights.begin(), weights.end());
}

BoundOf ReplayRun::bounds() const {
  return [this](std::size_t method, WorkerId worker) { return bound_of(method, worker); };
}

// Theorems speak of workers who have had weight from the start.
std::optional<double> ReplayRun::bound_of(std::size_t method, WorkerId worker) const {
  if (options_.newcomers) return std::nullopt;
  return regret_bound(*producer_.fold().mechanism(), method, worker,
                      board_->regrets().slots_of(worker), board_->slots());
}

MethodResult ReplayRun::method_result(const Scoreboard& board, std::size_t method) const {
  MethodResult result;
  result.name = board.methods()[method];
  result.score = board.score(method);
  result.reliability = board.reliability(method);
  const auto worst =
      board.regrets().regret(method, effective_min_reports(board.regrets(), options_.min_reports));
  if (worst) result.regret = worst->regret;
  if (worst && &board == &*board_) result.bound = bound_of(method, worst->worker);
  if (result.name == spec_.weight_rule && board.slots() > 0)
    result.drawn_loss = drawn_loss_ / static_cast<double>(board.slots());
  return result;
}

Result<ReplayResult> ReplayRun::finish(const dataset::StreamSummary& summary) {
  ReplayResult result;
  if (curves_->finish(*board_, bounds())) sample_weights();
  fill_counts(result, summary);
  add_online_methods(result);
  CANDOR_CHECK(add_whole_file_methods(result));
  if (wants(options_, "best-worker")) add_best_worker(result);
  add_weights(result);
  add_weight_curves(result);
  if (files_) {
    CANDOR_CHECK(files_->commit(result));
    result.pairs_without_text = files_->pairs_without_text();
  }
  CANDOR_CHECK(producer_.close());
  return result;
}

void ReplayRun::fill_counts(ReplayResult& result, const dataset::StreamSummary& summary) const {
  result.kind = name_of(survey_.kind);
  result.answers = survey_.answers;
  result.workers = survey_.workers.size();
  result.slots = summary.slots;
  result.settled = board_->slots();
  result.reports = summary.kept;
  result.duplicates = summary.duplicates;
  result.first_duplicates = summary.first_duplicates;
  for (const dataset::Duplicate& again : summary.first_duplicates)
    result.duplicate_notes.push_back(again.file + ":" + std::to_string(again.row) + ": worker \"" +
                                     printable(survey_.workers[again.worker.index()]) +
                                     "\" had already reported on slot \"" +
                                     printable(survey_.slots[again.slot.index()]) + "\"");
  result.reports_read = reports_read_;
  result.unpaid_slots = unpaid_slots_;
  result.spec = spec_;
  result.min_reports = effective_min_reports(board_->regrets(), options_.min_reports);
}

void ReplayRun::add_online_methods(ReplayResult& result) {
  for (std::size_t m = 0; m < board_->methods().size(); ++m)
    result.methods.push_back(method_result(*board_, m));
  const auto to_front = [&](const std::string& name) {
    const auto found =
        std::find_if(result.methods.begin(), result.methods.end(),
                     [&](const MethodResult& method) { return method.name == name; });
    std::rotate(result.methods.begin(), found, found + 1);
  };
  to_front(spec_.weight_rule);
  to_front(issued_label());
  result.sample_slots = curves_->sample_slots();
  result.regret_curves = std::move(curves_->curves());
}

Status ReplayRun::add_whole_file_methods(ReplayResult& result) {
  if (!kept_) return {};
  std::vector<std::string> methods;
  std::vector<std::vector<double>> labels;
  for (const std::string& name : options_.baselines) {
    if (!is_whole_file(name)) continue;
    CANDOR_TRY(std::vector<double> of_one, whole_file_labels(name, kept_->table()));
    methods.push_back(name);
    labels.push_back(std::move(of_one));
  }
  Scoreboard board(methods);
  RegretCurves curves(methods, options_.min_reports);
  kept_->score(labels, board, curves);
  for (std::size_t m = 0; m < methods.size(); ++m) {
    result.methods.push_back(method_result(board, m));
    result.methods.back().whole_file = true;
    result.regret_curves.push_back(std::move(curves.curves()[m]));
  }
  return {};
}

// Mean losses of workers who answered different slots cannot be compared; how much each beat the
// average on its own slots can.
void ReplayRun::add_best_worker(ReplayResult& result) const {
  const auto& names = board_->methods();
  const auto average = std::find(names.begin(), names.end(), "average") - names.begin();
  const auto best = board_->regrets().regret(static_cast<std::size_t>(average), result.min_reports);
  if (!best) return;
  MethodResult row;
  row.name = "best-worker";
  row.score = board_->worker_score(best->worker);
  if (everyone_answered_all(board_->regrets(), result.settled)) row.regret = 0.0;
  row.whole_file = true;
  result.methods.push_back(row);
}

void ReplayRun::add_weights(ReplayResult& result) const {
  const learning::RegretLedger& regrets = board_->regrets();
  const std::vector<double> weights = producer_.fold().mechanism()->weight_rule().weights();
  for (std::uint32_t i = 0; i < survey_worker_.size(); ++i) {
    WorkerResult row;
    row.worker = survey_.workers[survey_worker_[i]];
    row.weight = i < weights.size() ? weights[i] : 0.0;
    if (i < regrets.workers() && regrets.slots_of(WorkerId{i}) > 0) {
      row.slots = regrets.slots_of(WorkerId{i});
      row.loss = regrets.loss_of(WorkerId{i}) / static_cast<double>(row.slots);
    }
    if (spec_.slot_budget_micro > 0) row.paid_micro = producer_.fold().balances_micro()[i];
    result.weights.push_back(std::move(row));
  }
  std::stable_sort(
      result.weights.begin(), result.weights.end(),
      [](const WorkerResult& a, const WorkerResult& b) { return a.weight > b.weight; });
}

void ReplayRun::add_weight_curves(ReplayResult& result) const {
  constexpr std::size_t shown_each_end = 6;
  if (weight_samples_.size() != result.sample_slots.size()) return;  // too large a crowd to keep
  const std::vector<double> weights = producer_.fold().mechanism()->weight_rule().weights();
  std::vector<std::uint32_t> by_weight;
  for (std::uint32_t i = 0; i < weights.size(); ++i)
    if (board_->regrets().workers() > i && board_->regrets().slots_of(WorkerId{i}) > 0)
      by_weight.push_back(i);
  std::stable_sort(by_weight.begin(), by_weight.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return weights[a] > weights[b]; });
  for (std::size_t rank = 0; rank < by_weight.size(); ++rank) {
    if (rank >= shown_each_end && rank + shown_each_end < by_weight.size()) continue;
    Curve curve{std::string(survey_.workers[survey_worker_[by_weight[rank]]]), {}, {}};
    for (const auto& sample : weight_samples_)
      curve.value.push_back(by_weight[rank] < sample.size()
                                ? std::optional<double>(sample[by_weight[rank]])
                                : std::nullopt);
    result.weight_curves.push_back(std::move(curve));
  }
}

}  // namespace candor::evaluation
