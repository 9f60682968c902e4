#include "candor/evaluation/statement.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "candor/event/fold.h"
#include "candor/store/ledger.h"

namespace candor::evaluation {
namespace {

std::vector<double> copy_of(std::span<const double> row) {
  return {row.begin(), row.end()};
}

// Rides on the fold: remembers who answered which open slot, and their weights just before it
// settles.
class StatementReader final : public event::FoldObserver {
 public:
  StatementReader(std::string wanted, const LineVisitor& visit)
      : wanted_(std::move(wanted)), visit_(visit), fold_(this) {}

  Status apply(const event::Event& event) {
    if (const auto* settled = std::get_if<event::SlotSettled>(&event)) remember_weights(*settled);
    CANDOR_CHECK(fold_.apply(event));
    std::visit([this](const auto& e) { on(e); }, event);
    return show_lines();
  }

  void on_pooled(SlotId, const mechanism::PooledSlot& slot) override;
  void on_settled(SlotId id, const mechanism::PooledSlot& slot, std::span<const double> outcome,
                  const mechanism::Settlement& settlement) override;

  Result<Statement> finish(const std::string& ledger);

 private:
  struct Place {
    bool wanted = false;
    bool pooled = false;  // in any slot so far
    WorkerAccount account;
  };

  template <class Other>
  void on(const Other&) {}
  void on(const event::CampaignOpened& e) { statement_.campaign = e.name; }
  void on(const event::WorkerJoined& e);
  void on(const event::ReportSubmitted& e);
  void on(const event::WorkerMissed& e) { ++place(e.worker).account.missed; }
  void on(const event::SlotSettled& e);
  void on(const event::SlotExpired& e);

  Place& place(WorkerId worker) { return place_[worker.index()]; }
  [[nodiscard]] double weight(WorkerId worker) const {
    return fold_.mechanism()->weight_rule().weight(worker);
  }
  void remember_weights(const event::SlotSettled& e);
  void add_line(StatementLine line);
  Status show_lines();
  [[nodiscard]] Error unknown(const std::string& ledger) const;

  std::string wanted_;
  const LineVisitor& visit_;
  event::Fold fold_;
  Statement statement_;
  std::vector<Place> place_;                                  // [workers]
  std::unordered_map<SlotId, std::vector<WorkerId>> answer_;  // of wanted workers, not yet settled
  std::unordered_map<WorkerId, double> weight_before_;        // of those in the slot being settled
  std::vector<StatementLine> line_;                           // of the slot being settled
};

void StatementReader::on(const event::WorkerJoined& e) {
  Place joined;
  joined.wanted = wanted_.empty() || e.name == wanted_;
  joined.account.worker = e.worker;
  joined.account.name = e.name;
  place_.push_back(std::move(joined));
}

void StatementReader::on(const event::ReportSubmitted& e) {
  if (!place(e.worker).wanted) return;
  ++place(e.worker).account.reported;
  answer_[e.slot].push_back(e.worker);
}

// Those who reported and are in no line: the slot was asked anew, and they were not asked again.
void StatementReader::on(const event::SlotSettled& e) {
  for (const WorkerId worker : answer_[e.slot]) {
    const bool counted =
        std::any_of(line_.begin(), line_.end(), [&](const auto& l) { return l.worker == worker; });
    if (!counted) ++place(worker).account.unused;
  }
  answer_.erase(e.slot);
}

void StatementReader::on(const event::SlotExpired& e) {
  for (const WorkerId worker : answer_[e.slot]) ++place(worker).account.expired;
  answer_.erase(e.slot);
}

void StatementReader::on_pooled(SlotId, const mechanism::PooledSlot& slot) {
  for (const WorkerId worker : slot.worker) {
    Place& here = place(worker);
    if (here.wanted && !here.pooled) here.account.first_weight = weight(worker);
    here.pooled = true;
  }
}

void StatementReader::remember_weights(const event::SlotSettled& e) {
  weight_before_.clear();
  const auto found = answer_.find(e.slot);
  if (found == answer_.end()) return;
  for (const WorkerId worker : found->second) weight_before_[worker] = weight(worker);
}

void StatementReader::on_settled(SlotId id, const mechanism::PooledSlot& slot,
                                 std::span<const double> outcome,
                                 const mechanism::Settlement& settlement) {
  const bool paid = !settlement.paid_micro.empty();
  double losses = 0.0;
  std::int64_t all_paid = 0;
  for (const double loss : settlement.loss) losses += loss;
  for (const std::int64_t micro : settlement.paid_micro) all_paid += micro;
  const auto others = static_cast<double>(std::max<std::size_t>(slot.worker.size(), 2) - 1);
  for (std::size_t j = 0; j < slot.worker.size(); ++j) {
    const WorkerId worker = slot.worker[j];
    if (!place(worker).wanted) continue;
    const double loss = settlement.loss[j];
    add_line({.worker = worker,
              .slot = id,
              .worker_name = place(worker).account.name,
              .slot_name = fold_.slot_names()[id.index()],
              .report = copy_of(slot.view().row(j)),
              .outcome = copy_of(outcome),
              .loss = loss,
              .answered = slot.worker.size(),
              .others_loss = slot.worker.size() > 1 ? (losses - loss) / others : 0.0,
              .weight_before = weight_before_[worker],
              .weight_after = weight(worker),
              .share = slot.share[j],
              .paid_micro = paid ? settlement.paid_micro[j] : 0,
              .slot_paid_micro = all_paid});
  }
}

void StatementReader::add_line(StatementLine line) {
  WorkerAccount& account = place(line.worker).account;
  ++account.settled;
  account.loss += line.loss;
  account.paid_micro += line.paid_micro;
  line.balance_micro = account.paid_micro;
  const double moved = line.weight_after - line.weight_before;
  if (moved != 0.0) {
    WeightMoves& moves = moved > 0.0 ? account.rises : account.falls;
    ++moves.answers;
    moves.weight += moved > 0.0 ? moved : -moved;
    moves.loss += line.loss;
    moves.others_loss += line.others_loss;
  }
  line_.push_back(std::move(line));
}

// After the event was accepted, checksum and all.
Status StatementReader::show_lines() {
  if (visit_)
    for (const StatementLine& line : line_) CANDOR_CHECK(visit_(line));
  line_.clear();
  return {};
}

Error StatementReader::unknown(const std::string& ledger) const {
  constexpr std::size_t listed = 5;
  std::string some;
  for (std::size_t i = 0; i < std::min(listed, place_.size()); ++i)
    some += (some.empty() ? "" : ", ") + place_[i].account.name;
  if (place_.size() > listed) some += ", ...";
  return Error{ErrorCode::not_found, wanted_}
      .in_field("worker")
      .in_file(ledger)
      .expecting("one of its " + std::to_string(place_.size()) + " workers: " + some)
      .way("without a worker, every worker is listed");
}

Result<Statement> StatementReader::finish(const std::string& ledger) {
  if (fold_.mechanism() == nullptr) {
    return Error{ErrorCode::malformed, "no campaign"}.in_file(ledger).expecting(
        "campaign.opened in the first line");
  }
  statement_.answers = fold_.answers();
  statement_.spec = fold_.mechanism()->spec();
  statement_.closed = fold_.closed();
  statement_.settled_slots = fold_.settled_slots();
  statement_.workers = place_.size();
  for (const std::int64_t micro : fold_.balances_micro()) statement_.paid_micro += micro;
  for (Place& here : place_) {
    if (!here.wanted) continue;
    here.account.weight = weight(here.account.worker);
    if (!here.pooled) here.account.first_weight = here.account.weight;
    statement_.worker.push_back(std::move(here.account));
  }
  if (wanted_.empty() || statement_.worker.size() == 1) return std::move(statement_);
  if (statement_.worker.empty()) return unknown(ledger);
  return Error{ErrorCode::conflict, wanted_}
      .in_field("worker")
      .in_file(ledger)
      .expecting("a name that one worker has; " + std::to_string(statement_.worker.size()) +
                 " have this one")
      .way("without a worker, every worker is listed");
}

}  // namespace

Result<Statement> read_statement(const std::string& ledger, const std::string& worker,
                                 const LineVisitor& visit) {
  StatementReader reader(worker, visit);
  CANDOR_CHECK(
      store::read_ledger(ledger, [&](const event::Event& event) { return reader.apply(event); }));
  return reader.finish(ledger);
}

}  // namespace candor::evaluation
