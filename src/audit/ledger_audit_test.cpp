// What distortions would have earned: by hand, against the whole mechanism run again, on real
// crowds.
#include "candor/audit/ledger_audit.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "audit/ledger_distortion.h"
#include "candor/base/math.h"
#include "candor/base/random.h"
#include "candor/evaluation/producer.h"
#include "candor/evaluation/replay.h"
#include "candor/store/ledger.h"
#include "dataset/test_files.h"

namespace candor::audit {
namespace {

using dataset::TestFolder;
using Row = std::vector<double>;

void emit(evaluation::Producer& producer, const event::Event& event) {
  const Status status = producer.emit(event);
  ASSERT_TRUE(status.ok()) << status.error().message();
}

LedgerAudit audited(const std::string& path, const LedgerAuditOptions& options = {}) {
  auto audit = audit_ledger(path, options);
  EXPECT_TRUE(audit.ok()) << audit.error().message();
  return *audit;
}

const DistortionResult& tried(const LedgerAudit& audit, const WorkerAudit& worker,
                              std::string_view name) {
  for (const DistortionResult& result : worker.tried)
    if (audit.distortions[result.distortion] == name) return result;
  ADD_FAILURE() << "no distortion " << name;
  return worker.tried[0];
}

// Two workers, step size 1/4, 1000 micro-units a slot; the campaign of the fold's own first test:
//   slot 0  reports .8 .4, A: losses .04 .36, weights .52 .48
//   slot 1  reports .6 .5, B: losses .36 .25, weights .513136 .486864; paid 520 + 513
// Worker 0, "always B": losses 1 and 0. Slot 0: .5 + .125 (.68 - 1) = .46, paid 460;
//   slot 1: .46 + .115 (.54 * .25 - 0) = .475525, paid 475.525: 476 with the largest remainder.
// Worker 0, "always A": losses 0 and 1. .5 + .125 * .18 = .5225; .5225 + .130625 (.5225 + .4775 *
// .25
//   - 1) = .4757196...
// Worker 0, "log-odds x 0.5": .8 -> 2/3, .6 -> .5505...; "always even": losses .25 .25:
//   .5 + .125 (.305 - .25) = .506875, slot 1 all even: .506875, paid 507 + 507.
TEST(LedgerAudit, MatchesTheHandWorkedCampaign) {
  const TestFolder folder;
  evaluation::Producer producer(nullptr);
  ASSERT_TRUE(producer.record_to(folder.path("ledger.jsonl")).ok());
  event::CampaignOpened opened{"two", {"A", "B"}, {}};
  opened.spec.weighted_score.step_size = .25;
  opened.spec.slot_budget_micro = 1000;
  emit(producer, opened);
  emit(producer, event::WorkerJoined{WorkerId{0}, "ann"});
  emit(producer, event::WorkerJoined{WorkerId{1}, "bob"});
  const double reports[2][2] = {{.8, .4}, {.6, .5}};
  for (std::uint32_t t = 0; t < 2; ++t) {
    emit(producer, event::SlotOpened{SlotId{t}, "t"});
    for (std::uint32_t i = 0; i < 2; ++i)
      emit(producer,
           event::ReportSubmitted{SlotId{t}, WorkerId{i}, {reports[t][i], 1 - reports[t][i]}});
    emit(producer, event::SlotPooled{SlotId{t}, .5});
    emit(producer, event::OutcomeRevealed{SlotId{t}, t == 0 ? Row{1, 0} : Row{0, 1}});
    emit(producer, event::SlotSettled{SlotId{t}});
  }
  ASSERT_TRUE(producer.close().ok());

  const LedgerAudit audit = audited(folder.path("ledger.jsonl"));
  ASSERT_EQ(audit.workers.size(), 2U);
  EXPECT_EQ(audit.distortions.size(), 16U);
  EXPECT_EQ(audit.settled, 2U);
  const WorkerAudit& ann = audit.workers[0];
  EXPECT_EQ(ann.name, "ann");
  EXPECT_NEAR(ann.honest.final_weight, .513136, 1e-15);
  EXPECT_NEAR(ann.honest.mean_weight, (.52 + .513136) / 2, 1e-15);
  EXPECT_EQ(ann.honest.paid_micro, 1033);

  const DistortionResult& b = tried(audit, ann, "always B");
  EXPECT_NEAR(b.earned.final_weight, .475525, 1e-15);
  EXPECT_NEAR(b.earned.mean_weight, (.46 + .475525) / 2, 1e-15);
  EXPECT_EQ(b.earned.paid_micro, 460 + 476);
  const DistortionResult& even = tried(audit, ann, "always even");
  EXPECT_NEAR(even.earned.final_weight, .506875, 1e-15);
  EXPECT_EQ(even.earned.paid_micro, 507 + 507);
  EXPECT_NEAR(tried(audit, ann, "always A").earned.final_weight,
              .5225 + .130625 * (.5225 + .4775 * .25 - 1), 1e-15);
  // "copy the others": .4 and .5, with others as they are: losses .36 .25 for both workers.
  EXPECT_NEAR(tried(audit, ann, "copy the others").earned.final_weight, .5, 1e-15);
  // "flip": .2 and .4, losses .64 and .16. .5 + .125 (.5 - .64) = .4825;
  //   .4825 + .120625 (.4825 * .16 + .5175 * .25 - .16)
  EXPECT_NEAR(tried(audit, ann, "flip").earned.final_weight,
              .4825 + .120625 * (.0772 + .129375 - .16), 1e-15);

  // The price of "always even": d^2 = .09 and .01, stakes .125 * .5 and .13 * .48.
  EXPECT_NEAR(*even.price, .0625 * .09 + .13 * .48 * .01, 1e-15);
  // Its surprise. Loss above the honest one is .25 - .04 = .21 if A, .25 - .64 = -.39 if B: mean
  // .09, variance .8 * .2 * .6^2 = .0576; then .25 - .16 = .09 and .25 - .36 = -.11: mean .01,
  // variance .24 * .2^2 = .0096. Seen: .21 - .11 = .1, as expected.
  EXPECT_NEAR(*even.surprise, 0.0, 1e-12);
  // "always B" should have cost .64 + .36 = 1 in losses (d^2); seen: .96 - .36 = .6. Loss
  // differences are .96 and -.64 (variance .16 * 1.6^2), .84 and -.36 (variance .24 * 1.2^2).
  EXPECT_NEAR(*b.surprise, .4 / std::sqrt(.16 * 2.56 + .24 * 1.44), 1e-12);

  const WorkerAudit::Best best = ann.best_of(Measure::final_weight);
  for (const DistortionResult& result : ann.tried)
    EXPECT_LE(result.earned.final_weight - ann.honest.final_weight, best.gain);
}

TEST(Distortion, MovesLogOddsByHand) {
  const scoring::LossRule quadratic;
  const auto report = [&](std::string_view name, Row row, const Row& others = {.5, .5}) {
    const std::vector<std::string> answers(row.size() == 2
                                               ? std::vector<std::string>{"A", "B"}
                                               : std::vector<std::string>{"A", "B", "C"});
    for (const Distortion& distortion : distortion_family(answers))
      if (distortion.name == name) distort(distortion, others, quadratic, row);
    return row;
  };
  EXPECT_NEAR(report("log-odds x 2", {.8, .2})[0], 16.0 / 17, 1e-14);  // odds 4 -> 16
  EXPECT_NEAR(report("log-odds x 0.5", {.8, .2})[0], 2.0 / 3, 1e-14);  // odds 4 -> 2
  EXPECT_NEAR(report("toward B by 1", {.5, .5})[1], 1 / (1 + portable_exp(-1.0)), 1e-14);
  EXPECT_EQ(report("all in", {.8, .2}), (Row{1, 0}));
  EXPECT_EQ(report("all in", {.5, .5}), (Row{.5, .5}));
  EXPECT_EQ(report("all in", {.4, .4, .2}), (Row{.5, .5, 0}));
  EXPECT_EQ(report("flip", {.75, .25}), (Row{.25, .75}));
  EXPECT_EQ(report("flip", {1, 0, 0}), (Row{0, .5, .5}));
  EXPECT_EQ(report("copy the others", {1, 0}, {.3, .7}), (Row{.3, .7}));
  for (const char* name : {"log-odds x 0.25", "log-odds x 4", "toward B by 2", "all in"})
    EXPECT_EQ(report(name, {1, 0}), (Row{1, 0})) << name;  // certain reports stay certain
}

TEST(Distortion, StaysAboveTheFloorOfTheClippedLog) {
  const scoring::LossRule clipped{scoring::LossRule::Kind::clipped_log, .01};
  for (const Distortion& distortion : distortion_family({"A", "B", "C"})) {
    Row row{.01, .01, .98};
    distort(distortion, Row{.2, .2, .6}, clipped, row);
    EXPECT_TRUE(clipped.check_report(row).ok()) << distortion.name;
  }
}

// A campaign of everything at once; reports of one worker may be put through a distortion before
// they are submitted, which is what the audit says it computes.
struct RandomCampaign {
  mechanism::MechanismSpec spec;
  std::size_t answers = 2;
  std::optional<std::uint32_t> liar;
  std::optional<Distortion> lie;

  void write(const std::string& path, std::uint64_t seed) const {
    RandomStream random(seed);
    evaluation::Producer producer(nullptr);
    ASSERT_TRUE(producer.record_to(path).ok());
    emit(producer, event::CampaignOpened{"random", names(), spec});
    std::uint32_t workers = 0;
    for (; workers < 6; ++workers) emit(producer, event::WorkerJoined{{workers}, "w"});
    std::vector<SlotId> open;
    for (std::uint32_t t = 0; t < 40; ++t) {
      if (t == 15) emit(producer, event::WorkerJoined{{workers++}, "late"});
      play(producer, random, SlotId{t}, workers);
      open.push_back(SlotId{t});
      while (open.size() > 3) finish(producer, random, open);
    }
    ASSERT_TRUE(producer.close().ok());
  }
  [[nodiscard]] std::vector<std::string> names() const {
    return answers == 2 ? std::vector<std::string>{"A", "B"}
                        : std::vector<std::string>{"A", "B", "C"};
  }

 private:
  [[nodiscard]] Row random_row(RandomStream& random) const {
    Row row(answers);
    for (double& value : row) value = .05 + random.uniform();
    normalise(row);
    return row;
  }
  void play(evaluation::Producer& producer, RandomStream& random, SlotId slot,
            std::uint32_t workers) const {
    emit(producer, event::SlotOpened{slot, "s"});
    std::vector<std::uint32_t> who;
    std::vector<Row> rows;
    for (std::uint32_t i = 0; i < workers; ++i) {
      if (random.bernoulli(.3) && !who.empty()) continue;
      who.push_back(i);
      rows.push_back(random_row(random));
    }
    for (std::size_t j = 0; j < who.size(); ++j) {
      Row row = rows[j];
      if (liar == who[j]) {
        Row others(answers, 0.0);
        for (std::size_t other = 0; other < who.size(); ++other)
          for (std::size_t k = 0; k < answers && other != j; ++k) others[k] += rows[other][k];
        for (double& value : others) value /= static_cast<double>(who.size() - 1);
        distort(*lie, who.size() > 1 ? others : row, spec.loss, row);
      }
      emit(producer, event::ReportSubmitted{slot, WorkerId{who[j]}, row});
    }
    emit(producer, event::SlotPooled{slot, random.uniform()});
  }
  void finish(evaluation::Producer& producer, RandomStream& random,
              std::vector<SlotId>& open) const {
    const auto at = open.begin() + static_cast<std::ptrdiff_t>(random.below(open.size()));
    const SlotId slot = *at;
    open.erase(at);
    if (random.bernoulli(.15)) return emit(producer, event::SlotExpired{slot});
    Row outcome(answers, 0.0);
    outcome[random.below(answers)] = 1.0;
    emit(producer, event::OutcomeRevealed{slot, outcome});
    emit(producer, event::SlotSettled{slot});
  }
};

void expect_equal_to_campaigns_with_the_lie(const RandomCampaign& honest,
                                            const std::vector<std::size_t>& workers) {
  const TestFolder folder;
  honest.write(folder.path("honest.jsonl"), 4);
  const LedgerAudit audit = audited(folder.path("honest.jsonl"), {.workers = 0});
  ASSERT_EQ(audit.workers.size(), 7U);
  const auto family = distortion_family(honest.names());
  for (const std::size_t w : workers) {
    const WorkerAudit& worker = audit.workers[w];
    for (std::size_t d = 0; d < family.size(); ++d) {
      RandomCampaign lying = honest;
      lying.liar = worker.worker.value;
      lying.lie = family[d];
      lying.write(folder.path("lie.jsonl"), 4);
      event::Fold fold;
      ASSERT_TRUE(store::read_ledger(folder.path("lie.jsonl"), [&](const event::Event& event) {
                    return fold.apply(event);
                  }).ok());
      const Earnings& earned = worker.tried[d].earned;
      ASSERT_EQ(earned.final_weight, fold.mechanism()->weight_rule().weight(worker.worker))
          << family[d].name;
      ASSERT_EQ(earned.paid_micro, fold.balances_micro()[worker.worker.index()]) << family[d].name;
    }
  }
}

TEST(LedgerAudit, EqualsToTheBitTheCampaignInWhichTheWorkerLied) {
  RandomCampaign campaign;
  campaign.spec.weighted_score.step_size = .3;
  campaign.spec.slot_budget_micro = 1'000'000;
  campaign.spec.admission = {.mass = .05, .period = 10};
  expect_equal_to_campaigns_with_the_lie(campaign, {0, 6});
  campaign.spec.weighted_score = {.step_size = .5, .share = .02, .doubling = true};
  campaign.spec.loss.kind = scoring::LossRule::Kind::spherical;
  campaign.answers = 3;
  expect_equal_to_campaigns_with_the_lie(campaign, {3});
}

TEST(LedgerAudit, EqualsToTheBitTheCampaignInWhichTheWorkerLiedUnderOtherRules) {
  for (const char* rule : {"exponential", "follow-the-best"}) {
    RandomCampaign campaign;
    campaign.spec.weight_rule = rule;
    campaign.spec.label = "average";
    expect_equal_to_campaigns_with_the_lie(campaign, {3});
  }
}

TEST(LedgerAudit, EqualsToTheBitTheCampaignInWhichTheWorkerLiedUnderErrorsOfOutcomes) {
  RandomCampaign campaign;
  campaign.spec.outcome_errors = {.2, .35};
  expect_equal_to_campaigns_with_the_lie(campaign, {0});
}

// A campaign whose platform asks a few workers; some miss, some leave and come back, some slots
// expire before or after they are pooled, newcomers come, answers are limited.
void write_asking_campaign(const std::string& path, const std::string& rule, std::size_t asks) {
  RandomStream random(6);
  evaluation::Producer producer(nullptr);
  ASSERT_TRUE(producer.record_to(path).ok());
  event::CampaignOpened opened{"asking", {"A", "B"}, {}};
  opened.spec.weight_rule = rule;
  opened.spec.label = "average";
  opened.spec.asking.asks = asks;
  opened.spec.asking.step_size = rule == "elf" ? 1.0 : .05;
  opened.spec.slot_budget_micro = 1000;
  opened.spec.worker_answers = asks == 0 ? 45 : 25;  // 0: everyone, every slot
  opened.spec.admission = {.mass = .1, .period = 10};
  emit(producer, opened);
  std::uint32_t workers = 0;
  for (; workers < 8; ++workers) emit(producer, event::WorkerJoined{{workers}, "w"});
  const auto ask = [&](SlotId slot) {
    const learning::Asks asked = producer.fold().mechanism()->asking_rule()->draw(random);
    emit(producer, event::WorkersAsked{slot, asked.worker, asked.probability, random.uniform()});
    return asked.worker;
  };
  for (std::uint32_t t = 0; t < 50; ++t) {
    const SlotId slot{t};
    if (t == 12) emit(producer, event::WorkerJoined{{workers++}, "late"});
    emit(producer, event::SlotOpened{slot, "s"});
    std::vector<WorkerId> asked = ask(slot);
    if (t % 7 == 3) {
      emit(producer, event::WorkerMissed{slot, asked[0]});
      asked = ask(slot);
    }
    if (t % 11 == 5) {
      emit(producer, event::SlotExpired{slot});
      for (std::uint32_t i = 0; i < workers; ++i) emit(producer, event::WorkerReturned{{i}});
      continue;
    }
    for (const WorkerId worker : asked) {
      const double report = random.uniform();
      emit(producer, event::ReportSubmitted{slot, worker, {report, 1 - report}});
    }
    emit(producer, event::SlotPooled{slot, random.uniform()});
    if (t % 13 == 6) {
      emit(producer, event::SlotExpired{slot});
      continue;
    }
    emit(producer, event::OutcomeRevealed{slot, t % 2 == 0 ? Row{1, 0} : Row{0, 1}});
    emit(producer, event::SlotSettled{slot});
  }
  ASSERT_TRUE(producer.close().ok());
}

// audit_ledger compares the honest run with the ledger's own weights and payments, to the bit.
TEST(LedgerAudit, RunsCampaignsThatAskAsTheyWereRecorded) {
  const TestFolder folder;
  for (const auto& [rule, asks] : std::vector<std::pair<std::string, std::size_t>>{
           {"lf", 2}, {"lf", 3}, {"log-barrier", 1}, {"loss-biased", 1}, {"wsu-ux", 1}}) {
    write_asking_campaign(folder.path("l.jsonl"), rule, asks);
    const LedgerAudit audit = audited(folder.path("l.jsonl"), {.workers = 0});
    ASSERT_EQ(audit.workers.size(), 9U) << rule;
    for (const WorkerAudit& worker : audit.workers) {
      EXPECT_FALSE(worker.tried[0].price) << rule;
      if (worker.settled == 0) continue;
      EXPECT_NE(tried(audit, worker, "flip").earned.final_weight, worker.honest.final_weight);
    }
  }
}

// In a liar's standing other workers would have been asked; the recorded asks, stakes and tickets
// are used all the same, so only who wins changes.
TEST(LedgerAudit, RunsEventLotteriesWithTheirAsksAndTicketsAsRecorded) {
  const TestFolder folder;
  for (const std::size_t asks : {0U, 1U, 2U}) {
    write_asking_campaign(folder.path("l.jsonl"), "elf", asks);
    const LedgerAudit audit = audited(folder.path("l.jsonl"), {.workers = 0});
    ASSERT_EQ(audit.workers.size(), 9U) << asks;
    bool changed = false;
    for (const WorkerAudit& worker : audit.workers)
      for (const DistortionResult& result : worker.tried)
        changed = changed || result.earned.mean_weight != worker.honest.mean_weight;
    EXPECT_TRUE(changed) << asks;
  }
}

// Two workers, both asked, no damping: a_j = 1/2. The lottery .3 draws ticket 0 with .6 left of it:
// it goes to worker 0 if .6 is below s_0/2, to worker 1 if below (s_0 + s_1)/2, and else stays.
// Reports 1 and 1, A: scores 1 1, worker 1 wins. Had 1 said B: scores 1 0, worker 0 wins.
TEST(LedgerAudit, HoldsTheRecordedLotteryAgainByHand) {
  const TestFolder folder;
  evaluation::Producer producer(nullptr);
  ASSERT_TRUE(producer.record_to(folder.path("l.jsonl")).ok());
  event::CampaignOpened opened{"elf", {"A", "B"}, {}};
  opened.spec.weight_rule = "elf";
  opened.spec.label = "average";
  opened.spec.asking.asks = 0;
  opened.spec.asking.step_size = 1.0;  // no damping
  opened.spec.slot_budget_micro = 1000;
  emit(producer, opened);
  for (std::uint32_t i = 0; i < 2; ++i) emit(producer, event::WorkerJoined{{i}, "w"});
  emit(producer, event::SlotOpened{{0}, "s"});
  RandomStream random(1);
  const learning::Asks asked = producer.fold().mechanism()->asking_rule()->draw(random);
  ASSERT_EQ(asked.worker[0], WorkerId{0});
  emit(producer, event::WorkersAsked{{0}, asked.worker, asked.probability, .3});
  for (std::uint32_t i = 0; i < 2; ++i) emit(producer, event::ReportSubmitted{{0}, {i}, {1, 0}});
  emit(producer, event::SlotPooled{{0}, .5});
  emit(producer, event::OutcomeRevealed{{0}, {1, 0}});
  emit(producer, event::SlotSettled{{0}});
  ASSERT_TRUE(producer.close().ok());

  const LedgerAudit audit = audited(folder.path("l.jsonl"));
  ASSERT_EQ(audit.workers.size(), 2U);
  EXPECT_EQ(audit.workers[0].honest.final_weight, 0.0);
  EXPECT_EQ(audit.workers[1].honest.final_weight, 1.0);
  EXPECT_EQ(audit.workers[1].honest.paid_micro, 1000);
  EXPECT_EQ(tried(audit, audit.workers[1], "always B").earned.final_weight, 0.0);
  EXPECT_EQ(tried(audit, audit.workers[1], "always B").earned.paid_micro, 0);
  // Had 0 said B: scores 0 1, worker 1 wins below 1/2 only: .6 stays with 0.
  EXPECT_EQ(tried(audit, audit.workers[0], "always B").earned.final_weight, 1.0);
}

TEST(LedgerAudit, DoesNotDependOnTheLabelPoolOrTheNumberOfThreads) {
  const TestFolder folder;
  RandomCampaign campaign;
  campaign.spec.slot_budget_micro = 1000;
  campaign.write(folder.path("hedged.jsonl"), 9);
  campaign.spec.label = "median";
  campaign.spec.output = mechanism::Output::drawn;
  campaign.write(folder.path("median.jsonl"), 9);
  const auto rows = [](const LedgerAudit& audit) { return to_json(audit)["rows"].dump(); };
  const std::string one = rows(audited(folder.path("hedged.jsonl"), {.threads = 1}));
  EXPECT_EQ(one, rows(audited(folder.path("hedged.jsonl"), {.threads = 3})));
  EXPECT_EQ(one, rows(audited(folder.path("median.jsonl"), {.threads = 2})));
}

// Beliefs that are right when they are reported: over many campaigns no distortion pays on average,
// each costs its price, and surprises are standard normal. A worker who exaggerates stands out.
TEST(LedgerAudit, TellsLuckFromMiscalibration) {
  const TestFolder folder;
  double surprise_sum = 0.0;
  double surprise_squares = 0.0;
  double bold_surprise = 0.0;
  constexpr int campaigns = 12;
  for (int c = 0; c < campaigns; ++c) {
    RandomStream random(static_cast<std::uint64_t>(c), 3);
    evaluation::Producer producer(nullptr);
    ASSERT_TRUE(producer.record_to(folder.path("l.jsonl")).ok());
    event::CampaignOpened opened{"c", {"A", "B"}, {}};
    opened.spec.weighted_score.step_size = .05;
    emit(producer, opened);
    for (std::uint32_t i = 0; i < 3; ++i) emit(producer, event::WorkerJoined{{i}, "w"});
    for (std::uint32_t t = 0; t < 200; ++t) {
      const double belief = .1 + .8 * random.uniform();
      const double odds = belief / (1 - belief);
      const double bold = odds * odds / (1 + odds * odds);
      emit(producer, event::SlotOpened{{t}, "s"});
      emit(producer, event::ReportSubmitted{{t}, {0}, {belief, 1 - belief}});
      emit(producer, event::ReportSubmitted{{t}, {1}, {bold, 1 - bold}});
      emit(producer, event::ReportSubmitted{{t}, {2}, {.5, .5}});
      emit(producer, event::SlotPooled{{t}, .5});
      const double outcome = random.bernoulli(belief) ? 1 : 0;
      emit(producer, event::OutcomeRevealed{{t}, {outcome, 1 - outcome}});
      emit(producer, event::SlotSettled{{t}});
    }
    ASSERT_TRUE(producer.close().ok());
    const LedgerAudit audit = audited(folder.path("l.jsonl"));
    const double surprise = *tried(audit, audit.workers[0], "log-odds x 0.5").surprise;
    surprise_sum += surprise;
    surprise_squares += surprise * surprise;
    bold_surprise += *tried(audit, audit.workers[1], "log-odds x 0.5").surprise;
    EXPECT_EQ(audit.workers[1].best_of(Measure::final_weight).distortion, 1U);  // log-odds x 0.5
    EXPECT_FALSE(tried(audit, audit.workers[2], "always even").surprise);       // no change
  }
  EXPECT_LT(std::abs(surprise_sum / campaigns), 4 / std::sqrt(campaigns));
  EXPECT_NEAR(surprise_squares / campaigns, 1.0, 1.0);
  EXPECT_GT(bold_surprise / campaigns, 2.5);
}

TEST(LedgerAudit, AuditsThoseWithMostAnswersAndSaysHowToReadIt) {
  const TestFolder folder;
  RandomCampaign{}.write(folder.path("l.jsonl"), 2);
  const LedgerAudit audit = audited(folder.path("l.jsonl"), {.workers = 3});
  ASSERT_EQ(audit.workers.size(), 3U);
  EXPECT_EQ(audit.all_workers, 7U);
  EXPECT_GE(audit.workers[0].slots, audit.workers[1].slots);
  EXPECT_GE(audit.workers[1].slots, audit.workers[2].slots);
  EXPECT_NE(text_table(audit).find(how_to_read(audit)), std::string::npos);
  const nlohmann::json json = report_json(audit, "title", "candor audit l.jsonl");
  EXPECT_EQ(json["kind_of_report"], "ledger-audit");
  EXPECT_EQ(json["rows"].size(), 3U);
  EXPECT_FALSE(json["rows"][0]["best"].contains("pay"));  // nobody is paid
  EXPECT_EQ(to_json(audit)["rows"][0]["tried"].size(), audit.distortions.size());
}

TEST(LedgerAudit, SaysWhatIsWrongWithALedger) {
  const TestFolder folder;
  dataset::expect_message(audit_ledger(folder.path("none.jsonl")), {"none.jsonl"});
  dataset::expect_message(audit_ledger(folder.write("bad.jsonl", "{}\n")), {"bad.jsonl:1"});
}

TEST(LedgerAudit, OfARealCrowdIsTheLedgersOwnWhereNothingIsDistorted) {
  const char* set = std::getenv("CANDOR_DATA");
  const std::string table =
      std::string(set != nullptr ? set : "../shared/data") + "/replication_survey/forecasts.csv.gz";
  if (!std::filesystem::exists(table)) GTEST_SKIP() << "no table " << table << "; set CANDOR_DATA";
  const TestFolder folder;
  evaluation::ReplayOptions options;
  options.paths = {table};
  options.out_folder = folder.path("out");
  options.spec.slot_budget_micro = 1'000'000;
  const auto replayed = evaluation::replay(options);
  ASSERT_TRUE(replayed.ok()) << replayed.error().message();
  const LedgerAudit audit = audited(folder.path("out/ledger.jsonl"), {.workers = 20});
  ASSERT_EQ(audit.workers.size(), 20U);
  for (const WorkerAudit& worker : audit.workers) {
    const auto same = std::find_if(
        replayed->weights.begin(), replayed->weights.end(),
        [&](const evaluation::WorkerResult& one) { return one.worker == worker.name; });
    ASSERT_NE(same, replayed->weights.end());
    EXPECT_EQ(worker.honest.final_weight, same->weight);
    EXPECT_EQ(worker.honest.paid_micro, *same->paid_micro);
    EXPECT_EQ(worker.settled, same->slots);
  }
}

}  // namespace
}  // namespace candor::audit
