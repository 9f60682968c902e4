// Campaigns with every type of event, whose ledgers lie in tests/golden/ledger. Every build must
// write these bytes and, reading them, recompute every label and weight: debug, release and
// sanitizers. After a change that is meant to change them:
//   CANDOR_ACCEPT=1 ctest --preset dev -R GoldenLedger
// and say in the change why old ledgers may differ.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <optional>
#include <utility>

#include "candor/base/random.h"
#include "candor/evaluation/producer.h"
#include "dataset/test_files.h"

namespace candor::evaluation {
namespace {

using dataset::TestFolder;

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// 40 slots over K answers by 7 workers, two of whom join late; outcomes come up to four slots late,
// in any order, certain or split, or not at all.
class Campaign {
 public:
  Campaign(std::uint64_t seed, std::vector<std::string> answers, mechanism::MechanismSpec spec)
      : random_(seed), answers_(answers.size()) {
    opened_ = {"golden", std::move(answers), std::move(spec)};
  }

  void write(const std::string& path) {
    ASSERT_TRUE(producer_.record_to(path).ok());
    emit(opened_);
    for (const char* name : {"ann", "bob \"b\"", "张伟", "dee,", "eve"}) join(name);
    for (std::uint32_t s = 0; s < 40; ++s) {
      if (s == 15) join("late 😀");
      if (s == 22) join("later\n");
      play(SlotId{s});
      while (open_.size() > 4) finish_one();
    }
    while (open_.size() > 1) finish_one();  // the last slot stays without an outcome
    ASSERT_TRUE(producer_.close().ok());
  }

 private:
  void emit(const event::Event& event) {
    const Status status = producer_.emit(event);
    ASSERT_TRUE(status.ok()) << status.error().message();
  }
  void join(const std::string& name) { emit(event::WorkerJoined{WorkerId{workers_++}, name}); }

  std::vector<double> random_row() {
    std::vector<double> row(answers_, 0.0);
    const std::uint64_t kind = random_.below(4);
    double left = 1.0;
    for (std::size_t k = 0; k + 1 < answers_; ++k) {
      row[k] = kind == 0 ? 1.0 / static_cast<double>(answers_) : left * random_.uniform();
      left -= row[k];
    }
    row.back() = left;
    if (kind == 1) {
      row.assign(answers_, 0.0);
      row[random_.below(answers_)] = 1.0;
    }
    return row;
  }
  void play(SlotId slot) {
    emit(event::SlotOpened{slot, "slot-" + std::to_string(slot.value)});
    if (producer_.fold().mechanism()->asking_rule() != nullptr) {
      ask_until_answered(slot);
    } else {
      report_in_any_order(slot);
    }
    emit(event::SlotPooled{slot, random_.uniform()});
    open_.push_back(slot);
  }
  void report_in_any_order(SlotId slot) {
    bool any = false;
    for (const std::uint32_t i : shuffled_order(workers_, random_)) {
      if (any && random_.bernoulli(.35)) continue;
      any = true;
      emit(event::ReportSubmitted{slot, WorkerId{i}, random_row()});
    }
  }
  // Now and then somebody does not answer, and others are asked; it comes back with the next slot.
  void ask_until_answered(SlotId slot) {
    if (missing_) emit(event::WorkerReturned{*std::exchange(missing_, std::nullopt)});
    for (;;) {
      const learning::Asks asks = producer_.fold().mechanism()->asking_rule()->draw(random_);
      emit(event::WorkersAsked{slot, asks.worker, asks.probability, random_.uniform()});
      if (missing_ || random_.bernoulli(.8)) {
        for (const WorkerId worker : asks.worker)
          emit(event::ReportSubmitted{slot, worker, random_row()});
        return;
      }
      missing_ = asks.worker[random_.below(asks.worker.size())];
      emit(event::WorkerMissed{slot, *missing_});
    }
  }
  void finish_one() {
    const auto chosen = open_.begin() + static_cast<std::ptrdiff_t>(random_.below(open_.size()));
    const SlotId slot = *chosen;
    open_.erase(chosen);
    if (random_.bernoulli(.2)) return emit(event::SlotExpired{slot});
    emit(event::OutcomeRevealed{slot, random_row()});
    emit(event::SlotSettled{slot});
  }

  RandomStream random_;
  std::size_t answers_;
  event::CampaignOpened opened_;
  Producer producer_{nullptr};
  std::uint32_t workers_ = 0;
  std::vector<SlotId> open_;
  std::optional<WorkerId> missing_;
};

void expect_golden(const std::string& name, Campaign campaign) {
  const std::string golden = "tests/golden/ledger/" + name;
  const TestFolder folder;
  campaign.write(folder.path(name));
  const std::string written = folder.read(name);
  if (std::getenv("CANDOR_ACCEPT") != nullptr) std::ofstream(golden, std::ios::binary) << written;
  EXPECT_EQ(written, read_file(golden)) << golden;

  event::Fold fold;
  const auto events =
      store::read_ledger(golden, [&](const event::Event& event) { return fold.apply(event); });
  ASSERT_TRUE(events.ok()) << events.error().message();
  EXPECT_TRUE(fold.closed());
  EXPECT_GT(fold.settled_slots(), 20U);
}

TEST(GoldenLedger, OfAPooledAndPaidCampaignIsReproducedToTheBit) {
  mechanism::MechanismSpec spec;
  spec.weighted_score.step_size = 0.3;
  spec.slot_budget_micro = 1'000'000;
  spec.admission = {.mass = 0.05, .period = 10};
  expect_golden("pooled.jsonl", Campaign(1, {"A", "B"}, spec));
}

TEST(GoldenLedger, OfADrawnCampaignOverThreeAnswersIsReproducedToTheBit) {
  mechanism::MechanismSpec spec;
  spec.weighted_score = {.step_size = 0.5, .share = 0.01, .doubling = true};
  spec.output = mechanism::Output::drawn;
  spec.loss = {scoring::LossRule::Kind::spherical};
  spec.admission = {.mass = 0.1, .period = 6};
  expect_golden("drawn.jsonl", Campaign(2, {"a", "b", "tie"}, spec));
}

TEST(GoldenLedger, OfACampaignThatAsksTwoASlotIsReproducedToTheBit) {
  mechanism::MechanismSpec spec;
  spec.weight_rule = "lf";
  spec.asking = {.asks = 2, .step_size = 0.1};
  spec.admission = {.mass = 0.05, .period = 10};
  spec.payment = "per-answer";
  spec.slot_budget_micro = 900'000;
  spec.campaign_budget_micro = 30'000'000;
  spec.worker_answers = 30;
  expect_golden("asking.jsonl", Campaign(3, {"A", "B"}, spec));
}

// Ledgers that version 1 wrote fold to the weights that they have always had.
TEST(GoldenLedger, OfVersion1IsReadAsEver) {
  for (const std::string name : {"pooled.jsonl", "drawn.jsonl"}) {
    std::vector<std::vector<double>> weights;
    for (const std::string folder : {"tests/golden/ledger/version-1/", "tests/golden/ledger/"}) {
      event::Fold fold;
      const auto events = store::read_ledger(
          folder + name, [&](const event::Event& event) { return fold.apply(event); });
      ASSERT_TRUE(events.ok()) << events.error().message();
      EXPECT_TRUE(fold.closed());
      weights.push_back(fold.mechanism()->weight_rule().weights());
    }
    EXPECT_EQ(weights[0], weights[1]) << name;
  }
}

}  // namespace
}  // namespace candor::evaluation
