#include "candor/evaluation/statement.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>

#include "candor/base/random.h"
#include "candor/evaluation/producer.h"
#include "dataset/test_files.h"

namespace candor::evaluation {
namespace {

using dataset::TestFolder;
using Row = std::vector<double>;

// A ledger that is written by method calls; every event must be accepted.
class Campaign {
 public:
  Campaign(const std::string& path, mechanism::MechanismSpec spec) {
    EXPECT_TRUE(producer_.record_to(path).ok());
    emit(event::CampaignOpened{"test", {"A", "B"}, std::move(spec)});
  }
  void emit(const event::Event& event) {
    const Status status = producer_.emit(event);
    ASSERT_TRUE(status.ok()) << status.error().message();
  }
  void join(const std::string& name) { emit(event::WorkerJoined{WorkerId{workers_++}, name}); }
  SlotId open() {
    const SlotId slot{slots_++};
    emit(event::SlotOpened{slot, "s" + std::to_string(slot.value)});
    return slot;
  }
  void report(SlotId slot, std::uint32_t worker, double r) {
    emit(event::ReportSubmitted{slot, WorkerId{worker}, {r, 1 - r}});
  }
  /// Opens the next slot, takes P(A) of workers 0, 1, ... and pools.
  SlotId pool(const Row& reports) {
    const SlotId slot = open();
    for (std::uint32_t i = 0; i < reports.size(); ++i) report(slot, i, reports[i]);
    emit(event::SlotPooled{slot, 0.5});
    return slot;
  }
  void settle(SlotId slot, double outcome) {
    emit(event::OutcomeRevealed{slot, {outcome, 1 - outcome}});
    emit(event::SlotSettled{slot});
  }
  void play(const Row& reports, double outcome) { settle(pool(reports), outcome); }
  void close() { ASSERT_TRUE(producer_.close().ok()); }
  [[nodiscard]] const event::Fold& fold() const { return producer_.fold(); }

 private:
  Producer producer_{nullptr};
  std::uint32_t workers_ = 0;
  std::uint32_t slots_ = 0;
};

mechanism::MechanismSpec spec_of(double step_size, std::int64_t budget) {
  mechanism::MechanismSpec spec;
  spec.weighted_score.step_size = step_size;
  spec.slot_budget_micro = budget;
  return spec;
}

std::vector<StatementLine> lines_of(const std::string& path, const std::string& worker = "") {
  std::vector<StatementLine> lines;
  const auto read = read_statement(path, worker, [&](const StatementLine& line) {
    lines.push_back(line);
    return Status{};
  });
  EXPECT_TRUE(read.ok()) << read.error().message();
  return lines;
}

std::string write_hand_worked(const TestFolder& folder) {
  std::string path = folder.path("hand.jsonl");
  Campaign campaign(path, spec_of(.25, 1000));
  campaign.join("ada");
  campaign.join("ben");
  campaign.play({.8, .4}, 1);
  campaign.play({.6, .5}, 0);
  campaign.close();
  return path;
}

TEST(Statement, HasTheLinesOfTheHandWorkedCampaign) {
  const TestFolder folder;
  const std::vector<StatementLine> lines = lines_of(write_hand_worked(folder));
  ASSERT_EQ(lines.size(), 4U);
  const std::vector<std::string> workers{"ada", "ben", "ada", "ben"};
  const Row losses{.04, .36, .36, .25};
  const Row before{.5, .5, .52, .48};
  const Row after{.52, .48, .513136, .486864};
  const std::vector<std::int64_t> paid{520, 480, 513, 487};
  const std::vector<std::int64_t> balance{520, 480, 1033, 967};
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(lines[i].worker_name, workers[i]);
    EXPECT_EQ(lines[i].slot_name, i < 2 ? "s0" : "s1");
    EXPECT_NEAR(lines[i].loss, losses[i], 1e-15);
    EXPECT_NEAR(lines[i].others_loss, losses[i ^ 1U], 1e-15);
    EXPECT_NEAR(lines[i].weight_before, before[i], 1e-15);
    EXPECT_NEAR(lines[i].weight_after, after[i], 1e-15);
    EXPECT_NEAR(lines[i].share, before[i], 1e-15);
    EXPECT_EQ(lines[i].paid_micro, paid[i]);
    EXPECT_EQ(lines[i].slot_paid_micro, 1000);
    EXPECT_EQ(lines[i].balance_micro, balance[i]);
  }
  EXPECT_EQ(lines[2].report, (Row{.6, .4}));
  EXPECT_EQ(lines[2].outcome, (Row{0, 1}));
}

TEST(Statement, SaysInWordsWhyAWeightIsWhatItIs) {
  const TestFolder folder;
  const auto statement = read_statement(write_hand_worked(folder), "ada");
  ASSERT_TRUE(statement.ok());
  ASSERT_EQ(statement->worker.size(), 1U);
  EXPECT_EQ(
      explain(*statement, statement->worker[0]),
      "You reported on 2 slots: 2 settled.\n"
      "Your weight went from 0.5 to 0.513136 because\n"
      "  it rose by 0.02 over 1 slot, where your mean loss was 0.0400 and the others' 0.3600\n"
      "  it fell by 0.006864 over 1 slot, where your mean loss was 0.3600 and the others' 0.2500\n"
      "Loss is the distance of a report from the outcome, from 0 (right) to 1 (wrong).\n"
      "Each settled slot pays up to 0.001000, divided by weight, as it stood after the slot.\n"
      "You were paid 0.001033 in all, for 2 slots. Amounts are in the campaign's currency, exact "
      "to its millionth.\n");
}

TEST(Statement, CountsWhatIsWaitingExpiredAndWithoutPay) {
  const TestFolder folder;
  const std::string path = folder.path("open.jsonl");
  Campaign campaign(path, spec_of(.25, 0));
  campaign.join("ada");
  campaign.join("ben");
  campaign.emit(event::SlotExpired{campaign.pool({1, 0})});
  campaign.pool({1, 0});
  const SlotId unpooled = campaign.open();
  campaign.report(unpooled, 1, .5);
  campaign.emit(event::SlotExpired{unpooled});
  campaign.close();
  const auto statement = read_statement(path, "");
  ASSERT_TRUE(statement.ok());
  EXPECT_EQ(statement->worker[0].expired, 1U);
  EXPECT_EQ(statement->worker[0].waiting(), 1U);
  EXPECT_EQ(statement->worker[1].reported, 3U);
  EXPECT_EQ(statement->worker[1].expired, 2U);
  EXPECT_EQ(explain(*statement, statement->worker[0]),
            "You reported on 2 slots: 0 settled, 1 expired without an outcome (no weight moved, no "
            "pay), 1 waiting for the outcome.\n"
            "Your weight is 0.5: nothing has moved it yet.\n"
            "This campaign pays nothing.\n");
}

// Absences, late outcomes, expiries and newcomers, under every payment rule and a few weight rules.
void play_at_random(Campaign& campaign, std::uint64_t seed) {
  RandomStream random(seed);
  std::uint32_t workers = 4;
  for (std::uint32_t i = 0; i < workers; ++i) campaign.join("w" + std::to_string(i));
  std::vector<SlotId> open;
  for (std::uint32_t s = 0; s < 120; ++s) {
    if (s % 40 == 20) campaign.join("w" + std::to_string(workers++));
    const SlotId slot = campaign.open();
    for (const std::uint32_t i : shuffled_order(workers, random))
      if (i == s % workers || random.bernoulli(.6)) campaign.report(slot, i, random.uniform());
    campaign.emit(event::SlotPooled{slot, random.uniform()});
    open.push_back(slot);
    if (open.size() < 5) continue;
    const std::size_t k = random.below(open.size());
    if (random.bernoulli(.2)) {
      campaign.emit(event::SlotExpired{open[k]});
    } else {
      campaign.settle(open[k], random.bernoulli(.3) ? .5 : 1);
    }
    open.erase(open.begin() + static_cast<std::ptrdiff_t>(k));
  }
  campaign.close();
}

// Every line follows from the one before, and the totals are the fold's, to the unit and the bit.
void expect_consistent(const std::string& path, const event::Fold& fold) {
  std::map<WorkerId, std::int64_t> balance;
  std::map<WorkerId, double> loss;
  const auto statement = read_statement(path, "", [&](const StatementLine& line) {
    balance[line.worker] += line.paid_micro;
    loss[line.worker] += line.loss;
    EXPECT_EQ(line.balance_micro, balance[line.worker]);
    EXPECT_GE(line.paid_micro, 0);
    return Status{};
  });
  ASSERT_TRUE(statement.ok()) << statement.error().message();
  const Row weights = fold.mechanism()->weight_rule().weights();
  std::int64_t all = 0;
  for (const WorkerAccount& account : statement->worker) {
    EXPECT_EQ(account.paid_micro, fold.balances_micro()[account.worker.index()]);
    EXPECT_EQ(account.paid_micro, balance[account.worker]);
    EXPECT_EQ(account.weight, weights[account.worker.index()]);
    EXPECT_EQ(account.loss, loss[account.worker]);
    EXPECT_EQ(account.reported,
              account.settled + account.expired + account.unused + account.waiting());
    all += account.paid_micro;
  }
  EXPECT_EQ(statement->paid_micro, all);
  EXPECT_EQ(statement->settled_slots, fold.settled_slots());
}

TEST(Statement, AddsUpToTheFoldUnderEveryPaymentRule) {
  for (const char* payment : {"by-weight", "per-answer", "wagering"}) {
    for (const char* rule : {"weighted-score", "exponential"}) {
      const TestFolder folder;
      const std::string path = folder.path("random.jsonl");
      mechanism::MechanismSpec spec = spec_of(.3, 1'000'003);
      spec.weight_rule = rule;
      spec.payment = payment;
      spec.admission.period = 20;
      Campaign campaign(path, spec);
      play_at_random(campaign, 7);
      expect_consistent(path, campaign.fold());
    }
  }
}

TEST(Statement, OfOneWorkerIsThatWorkersPartOfEveryones) {
  const TestFolder folder;
  const std::string path = folder.path("random.jsonl");
  Campaign campaign(path, spec_of(.3, 1000));
  play_at_random(campaign, 8);
  std::string everyone;
  for (const StatementLine& line : lines_of(path))
    if (line.worker_name == "w2") everyone += csv_row(line);
  std::string one;
  for (const StatementLine& line : lines_of(path, "w2")) one += csv_row(line);
  EXPECT_GT(one.size(), 1000U);
  EXPECT_EQ(one, everyone);
}

TEST(Statement, NamesSomeWorkersWhereTheOneAskedForIsUnknown) {
  const TestFolder folder;
  const auto unknown = read_statement(write_hand_worked(folder), "eve");
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().code, ErrorCode::not_found);
  EXPECT_NE(unknown.error().message().find("one of its 2 workers: ada, ben"), std::string::npos);
}

TEST(Statement, RefusesANameThatTwoWorkersHave) {
  const TestFolder folder;
  const std::string path = folder.path("twins.jsonl");
  Campaign campaign(path, spec_of(.25, 0));
  campaign.join("ada");
  campaign.join("ada");
  campaign.close();
  EXPECT_EQ(read_statement(path, "ada").error().code, ErrorCode::conflict);
  EXPECT_TRUE(read_statement(path, "").ok());
}

TEST(Statement, ShowsNoLineOfASlotThatWasTamperedWith) {
  const TestFolder folder;
  const std::string path = folder.path("tampered.jsonl");
  {  // a true chain over a wrong checksum: as of another build
    Campaign campaign(folder.path("unused.jsonl"), spec_of(.25, 1000));
    auto writer = store::LedgerWriter::create(path);
    for (const event::Event& event : std::vector<event::Event>{
             event::CampaignOpened{"test", {"A", "B"}, spec_of(.25, 1000)},
             event::WorkerJoined{WorkerId{0}, "ada"}, event::SlotOpened{SlotId{0}, "s0"},
             event::ReportSubmitted{SlotId{0}, WorkerId{0}, {.8, .2}},
             event::SlotPooled{SlotId{0}, .5}, event::OutcomeRevealed{SlotId{0}, {1, 0}},
             event::SlotSettled{SlotId{0}, 12345}})
      ASSERT_TRUE(writer->append(event).ok());
    ASSERT_TRUE(writer->commit().ok());
  }
  int shown = 0;
  const auto statement = read_statement(path, "", [&](const StatementLine&) {
    ++shown;
    return Status{};
  });
  ASSERT_FALSE(statement.ok());
  EXPECT_EQ(statement.error().code, ErrorCode::corrupt);
  EXPECT_EQ(shown, 0);
}

TEST(Statement, StopsWhereTheReaderOfLinesDoes) {
  const TestFolder folder;
  const auto stopped = read_statement(
      write_hand_worked(folder), "",
      [](const StatementLine&) -> Status { return Error{ErrorCode::io, "a full disk"}; });
  ASSERT_FALSE(stopped.ok());
  EXPECT_EQ(stopped.error().code, ErrorCode::io);
}

TEST(Statement, IsTheSameInCsvAndJson) {
  const TestFolder folder;
  const std::string path = write_hand_worked(folder);
  const auto statement = read_statement(path, "");
  EXPECT_EQ(csv_header(*statement),
            "worker,slot,report_A,report_B,outcome_A,outcome_B,loss,others_loss,answered,"
            "weight_before,weight_after,share,paid_micro,slot_paid_micro,balance_micro\n");
  const StatementLine line = lines_of(path, "ben").back();
  const auto json = nlohmann::json::parse(json_text(line));
  EXPECT_EQ(csv_row(line), "ben,s1,0.5,0.5,0,1,0.25," + json["others_loss"].dump() + ",2," +
                               json["weight_before"].dump() + "," + json["weight_after"].dump() +
                               "," + json["share"].dump() + ",487,1000,967\n");
  const auto totals = nlohmann::json::parse(json_text(*statement));
  EXPECT_EQ(totals["paid_micro"], 2000);
  EXPECT_EQ(totals["accounts"][1]["paid_micro"], 967);
  EXPECT_EQ(totals["accounts"][1]["worker"], "ben");
}

TEST(MoneyText, IsExact) {
  EXPECT_EQ(money_text(1'234'567), "1.234567");
  EXPECT_EQ(money_text(0), "0.000000");
  EXPECT_EQ(money_text(-5), "-0.000005");
  EXPECT_EQ(money_text(std::numeric_limits<std::int64_t>::max()), "9223372036854.775807");
  EXPECT_EQ(money_text(std::numeric_limits<std::int64_t>::min()), "-9223372036854.775808");
}

}  // namespace
}  // namespace candor::evaluation
