// Campaigns that ask a few workers a slot: asks, no-shows, limits and budgets as events.
#include <gtest/gtest.h>

#include <limits>
#include <numeric>

#include "candor/base/random.h"
#include "candor/event/codec.h"
#include "candor/event/fold.h"

namespace candor::event {
namespace {

constexpr std::uint32_t crowd = 5;
constexpr SlotId first{0};

CampaignOpened campaign(const std::string& rule = "lf", std::size_t asks = 2) {
  CampaignOpened opened{"test", {"A", "B"}, {}};
  opened.spec.weight_rule = rule;
  opened.spec.label = rule;
  opened.spec.asking = {.asks = asks, .step_size = 0.1};
  return opened;
}

// A fold that keeps what was applied, so that it can be folded again.
struct Recorder {
  Fold fold;
  std::vector<Event> events;

  Status apply(const Event& event) {
    const Status status = fold.apply(event);
    if (status.ok()) events.push_back(event);
    return status;
  }
  void must(const Event& event) {
    const Status status = apply(event);
    ASSERT_TRUE(status.ok()) << status.error().message();
  }
  [[nodiscard]] std::vector<double> weights() const {
    return fold.mechanism()->weight_rule().weights();
  }
};

void open(Recorder& recorder, const CampaignOpened& opened) {
  recorder.must(opened);
  for (std::uint32_t i = 0; i < crowd; ++i)
    recorder.must(WorkerJoined{WorkerId{i}, "w" + std::to_string(i)});
}

WorkersAsked drawn(const Recorder& recorder, SlotId slot, RandomStream& random) {
  const learning::Asks asks = recorder.fold.mechanism()->asking_rule()->draw(random);
  return {slot, asks.worker, asks.probability, random.uniform()};
}

// Everybody asked reports; the report of worker i is a function of i.
void answer(Recorder& recorder, const WorkersAsked& asked) {
  for (const WorkerId worker : asked.worker) {
    const double report = (1.0 + worker.value) / (crowd + 1.0);
    recorder.must(ReportSubmitted{asked.slot, worker, {report, 1.0 - report}});
  }
}

void play(Recorder& recorder, SlotId slot, RandomStream& random) {
  recorder.must(SlotOpened{slot, {}});
  const WorkersAsked asked = drawn(recorder, slot, random);
  recorder.must(asked);
  answer(recorder, asked);
  recorder.must(SlotPooled{slot, random.uniform()});
  recorder.must(OutcomeRevealed{slot, {1, 0}});
  recorder.must(SlotSettled{slot});
}

TEST(AskingCampaign, FoldsToTheSameBitsWhenItIsReadBack) {
  for (const std::string rule : {"lf", "wsu-ux", "loss-biased", "log-barrier", "elf"}) {
    Recorder recorder;
    open(recorder, campaign(rule, rule == "lf" || rule == "elf" ? 2 : 1));
    RandomStream random(7);
    for (std::uint32_t slot = 0; slot < 50; ++slot) play(recorder, SlotId{slot}, random);
    recorder.must(CampaignClosed{});
    Fold again;
    for (const Event& event : recorder.events) {
      std::string json;
      encode(event, json);
      auto read = decode(json);
      ASSERT_TRUE(read.ok()) << read.error().message();
      ASSERT_TRUE(again.apply(*read).ok()) << json;
    }
    EXPECT_EQ(again.check(), recorder.fold.check()) << rule;
    EXPECT_EQ(again.mechanism()->weight_rule().weights(), recorder.weights()) << rule;
    const std::vector<double> weights = recorder.weights();
    EXPECT_NEAR(std::accumulate(weights.begin(), weights.end(), 0.0), 1.0, 1e-12) << rule;
  }
}

TEST(AskingCampaign, TakesReportsOfThoseAskedOnly) {
  Recorder recorder;
  open(recorder, campaign());
  recorder.must(SlotOpened{first, {}});
  EXPECT_EQ(recorder.apply(ReportSubmitted{first, WorkerId{0}, {.5, .5}}).error().code,
            ErrorCode::conflict);
  RandomStream random(1);
  const WorkersAsked asked = drawn(recorder, first, random);
  recorder.must(asked);
  for (std::uint32_t i = 0; i < crowd; ++i) {
    const bool is_asked = asked.worker[0].value == i || asked.worker[1].value == i;
    EXPECT_EQ(recorder.apply(ReportSubmitted{first, WorkerId{i}, {.5, .5}}).ok(), is_asked) << i;
  }
}

// A platform that asks its friends and claims a fair draw is found out.
TEST(AskingCampaign, RefusesAProbabilityThatTheRuleDoesNotGive) {
  Recorder recorder;
  open(recorder, campaign());
  recorder.must(SlotOpened{first, {}});
  RandomStream random(1);
  WorkersAsked asked = drawn(recorder, first, random);
  asked.probability[1] = .9;
  const Status status = recorder.apply(asked);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::corrupt);
  EXPECT_NE(status.error().message().find("probability of asking"), std::string::npos);
  asked.worker[1] = asked.worker[0];
  EXPECT_EQ(recorder.apply(asked).error().code, ErrorCode::invalid_argument);
}

TEST(AskingCampaign, AsksAnewWhenSomebodyDoesNotAnswer) {
  Recorder recorder;
  open(recorder, campaign());
  recorder.must(SlotOpened{first, {}});
  RandomStream random(3);
  const WorkersAsked asked = drawn(recorder, first, random);
  recorder.must(asked);
  recorder.must(ReportSubmitted{first, asked.worker[0], {.7, .3}});
  const Status early = recorder.apply(SlotPooled{first, 0.0});
  ASSERT_FALSE(early.ok());
  EXPECT_NE(early.error().message().find("worker.missed"), std::string::npos);
  EXPECT_EQ(recorder.apply(asked).error().code, ErrorCode::conflict);
  EXPECT_EQ(recorder.apply(WorkerMissed{first, asked.worker[0]}).error().code, ErrorCode::conflict);

  recorder.must(WorkerMissed{first, asked.worker[1]});
  const learning::AskingRule& rule = *recorder.fold.mechanism()->asking_rule();
  EXPECT_FALSE(rule.is_present(asked.worker[1]));
  EXPECT_EQ(rule.present(), crowd - 1);
  for (int round = 0; round < 20; ++round)
    for (const WorkerId worker : drawn(recorder, first, random).worker)
      EXPECT_NE(worker, asked.worker[1]);
  const WorkersAsked again = drawn(recorder, first, random);
  recorder.must(again);
  for (const WorkerId worker : again.worker)
    if (worker != asked.worker[0])
      recorder.must(ReportSubmitted{first, worker, {.6, .4}});  // the first keeps its report
  recorder.must(SlotPooled{first, 0.0});
  recorder.must(WorkerReturned{asked.worker[1]});
  EXPECT_TRUE(rule.is_present(asked.worker[1]));
}

TEST(AskingCampaign, ForgetsASlotThatExpiresBeforeItIsPooled) {
  Recorder recorder;
  open(recorder, campaign());
  RandomStream random(5);
  play(recorder, first, random);
  const std::vector<double> before = recorder.weights();
  const SlotId second{1};
  recorder.must(SlotOpened{second, {}});
  recorder.must(drawn(recorder, second, random));
  recorder.must(SlotExpired{second});
  EXPECT_EQ(recorder.weights(), before);
  EXPECT_EQ(recorder.apply(SlotPooled{second, 0.0}).error().code, ErrorCode::conflict);
}

// Whoever has answered has used an answer, also if others had to be asked after all; and is not charged
// a second one when asked again on the same slot.
TEST(AskingCampaign, CountsAnAnswerOnceHoweverOftenItsSlotIsAsked) {
  CampaignOpened opened = campaign("lf", crowd);
  opened.spec.worker_answers = 1;
  Recorder recorder;
  open(recorder, opened);
  recorder.must(SlotOpened{first, {}});
  RandomStream random(3);
  const WorkersAsked asked = drawn(recorder, first, random);
  ASSERT_EQ(asked.worker.size(), crowd);
  recorder.must(asked);
  for (const WorkerId worker : asked.worker)
    if (worker.value != 0) recorder.must(ReportSubmitted{first, worker, {.6, .4}});
  recorder.must(WorkerMissed{first, WorkerId{0}});
  const mechanism::Mechanism& mechanism = *recorder.fold.mechanism();
  EXPECT_TRUE(mechanism.may_answer(WorkerId{0}));
  for (std::uint32_t i = 1; i < crowd; ++i) EXPECT_FALSE(mechanism.may_answer(WorkerId{i})) << i;
  EXPECT_EQ(mechanism.asking_rule()->present(), 0U);
}

// Sets that the rule cannot have drawn, each worker with the probability that is its own.
TEST(AskingCampaign, RefusesASetThatTheRuleCannotDraw) {
  const auto asked_of = [](const Recorder& recorder, std::vector<WorkerId> workers) {
    WorkersAsked asked{first, std::move(workers), {}, .5};
    for (const WorkerId worker : asked.worker)
      asked.probability.push_back(recorder.fold.mechanism()->asking_rule()->probability(worker));
    return asked;
  };
  const std::vector<WorkerId> all{WorkerId{0}, WorkerId{1}, WorkerId{2}};
  for (const std::string rule : {"lf", "wsu-ux", "loss-biased", "log-barrier", "elf"}) {
    const std::size_t asks = rule == "lf" ? 2 : 1;
    Recorder recorder;
    open(recorder, campaign(rule, asks));
    recorder.must(SlotOpened{first, {}});
    for (std::size_t size = 1; size <= 3; ++size) {
      const Status status = recorder.apply(
          asked_of(recorder, {all.begin(), all.begin() + static_cast<std::ptrdiff_t>(size)}));
      EXPECT_EQ(status.ok(), size == asks) << rule << ", " << size << " asked";
      if (!status.ok()) {
        EXPECT_EQ(status.error().code, ErrorCode::corrupt) << rule;
      }
      if (status.ok()) break;
    }
  }
}

TEST(AskingCampaign, StopsAskingAWorkerWhoseAnswersAreUsedUp) {
  CampaignOpened opened = campaign();
  opened.spec.worker_answers = 2;
  Recorder recorder;
  open(recorder, opened);
  RandomStream random(9);
  std::vector<int> answers(crowd);
  std::uint32_t slot = 0;
  do {
    const std::size_t before = recorder.events.size();
    play(recorder, SlotId{slot++}, random);
    for (std::size_t e = before; e < recorder.events.size(); ++e)
      if (const auto* report = std::get_if<ReportSubmitted>(&recorder.events[e]))
        ++answers[report->worker.index()];
  } while (recorder.fold.mechanism()->asking_rule()->present() >= 2);
  EXPECT_GE(slot, 4U);
  for (const int count : answers) EXPECT_LE(count, 2);
}

TEST(OpenCampaign, RefusesAnswersOverTheLimit) {
  CampaignOpened opened{"test", {"A", "B"}, {}};
  opened.spec.worker_answers = 1;
  Recorder recorder;
  open(recorder, opened);
  recorder.must(SlotOpened{first, {}});
  recorder.must(ReportSubmitted{first, WorkerId{0}, {.5, .5}});
  recorder.must(SlotOpened{SlotId{1}, {}});
  const Status status = recorder.apply(ReportSubmitted{SlotId{1}, WorkerId{0}, {.5, .5}});
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::conflict);
  EXPECT_EQ(recorder.apply(WorkersAsked{SlotId{1}, {WorkerId{1}}, {1.0}, 0.0}).error().code,
            ErrorCode::conflict);
}

// 10 micro-units for three slots of 4: two can be open at once, and a third once one has expired.
TEST(OpenCampaign, NeverOpensASlotThatItCouldNotPay) {
  CampaignOpened opened{"test", {"A", "B"}, {}};
  opened.spec.slot_budget_micro = 4;
  opened.spec.campaign_budget_micro = 10;
  Recorder recorder;
  open(recorder, opened);
  recorder.must(SlotOpened{first, {}});
  recorder.must(SlotOpened{SlotId{1}, {}});
  EXPECT_EQ(recorder.apply(SlotOpened{SlotId{2}, {}}).error().code, ErrorCode::conflict);
  recorder.must(SlotExpired{SlotId{1}});
  recorder.must(ReportSubmitted{first, WorkerId{0}, {.9, .1}});
  recorder.must(ReportSubmitted{first, WorkerId{1}, {.2, .8}});
  recorder.must(SlotPooled{first, 0.0});
  recorder.must(OutcomeRevealed{first, {1, 0}});
  recorder.must(SlotSettled{first});
  EXPECT_EQ(recorder.fold.balances_micro()[0] + recorder.fold.balances_micro()[1], 4);
  EXPECT_EQ(recorder.fold.budget()->spent(), 4);
  recorder.must(SlotOpened{SlotId{2}, {}});
  EXPECT_EQ(recorder.fold.budget()->left(), 2);
  EXPECT_EQ(recorder.apply(SlotOpened{SlotId{3}, {}}).error().code, ErrorCode::conflict);
}

TEST(OpenCampaign, RefusesNegativeBudgetsAndPaymentsBeyondCounting) {
  CampaignOpened opened{"test", {"A", "B"}, {}};
  opened.spec.slot_budget_micro = -5;
  EXPECT_EQ(Recorder().apply(opened).error().field, "slot budget");
  opened.spec.slot_budget_micro = std::numeric_limits<std::int64_t>::max();
  opened.spec.campaign_budget_micro = -1;
  EXPECT_EQ(Recorder().apply(opened).error().field, "campaign budget");
  opened.spec.campaign_budget_micro = 0;
  Recorder recorder;
  open(recorder, opened);
  for (const SlotId slot : {first, SlotId{1}}) {
    recorder.must(SlotOpened{slot, {}});
    recorder.must(ReportSubmitted{slot, WorkerId{0}, {.9, .1}});
    recorder.must(ReportSubmitted{slot, WorkerId{1}, {.2, .8}});
    recorder.must(SlotPooled{slot, 0.0});
    recorder.must(OutcomeRevealed{slot, {1, 0}});
  }
  recorder.must(SlotSettled{first});
  const std::vector<double> before = recorder.weights();
  const Status status = recorder.apply(SlotSettled{SlotId{1}});
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::out_of_range);
  EXPECT_EQ(recorder.weights(), before);
}

// Each rule pays as its table says: worker 0 reports 3/4, worker 1 reports 1/2, and A turns out
// right, so the losses are 1/16 and 1/4.
TEST(OpenCampaign, PaysByTheChosenRule) {
  const std::vector<std::pair<std::string, std::pair<std::int64_t, std::int64_t>>> expected{
      {"per-answer", {468'750, 375'000}},  // (1 - l) / 2
      {"wagering", {546'875, 453'125}}};   // (1 + 5/32 - l) / 2
  for (const auto& [rule, paid] : expected) {
    CampaignOpened opened{"test", {"A", "B"}, {}};
    opened.spec.payment = rule;
    opened.spec.slot_budget_micro = 1'000'000;
    Recorder recorder;
    open(recorder, opened);
    recorder.must(SlotOpened{first, {}});
    recorder.must(ReportSubmitted{first, WorkerId{0}, {.75, .25}});
    recorder.must(ReportSubmitted{first, WorkerId{1}, {.5, .5}});
    recorder.must(SlotPooled{first, 0.0});
    recorder.must(OutcomeRevealed{first, {1, 0}});
    recorder.must(SlotSettled{first});
    EXPECT_EQ(recorder.fold.balances_micro()[0], paid.first) << rule;
    EXPECT_EQ(recorder.fold.balances_micro()[1], paid.second) << rule;
  }
}

}  // namespace
}  // namespace candor::event
