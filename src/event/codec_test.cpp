#include "candor/event/codec.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <initializer_list>

#include "candor/base/random.h"

namespace candor::event {
namespace {

std::string json_of(const Event& event) {
  std::string out;
  encode(event, out);
  return out;
}

struct Example {
  Event event;
  std::string json;
};

Event campaign() {
  mechanism::MechanismSpec spec;
  spec.weighted_score = {.step_size = 0.25, .share = 0.01, .doubling = true, .epoch_share = 0.125};
  spec.label = "bayes-0.5";
  spec.output = mechanism::Output::drawn;
  spec.loss = {scoring::LossRule::Kind::clipped_log, 0.01};
  spec.admission = {.mass = 0.1, .period = 7};
  spec.asking = {.asks = 3, .step_size = 0.0625, .exploration = 0.2};
  spec.payment = "per-answer";
  spec.slot_budget_micro = 2'500'000;
  spec.campaign_budget_micro = 90'000'000;
  spec.worker_answers = 40;
  spec.outcome_errors = {0.7, 0.2, 0.1, 0, 1, 0, 0.1, 0.2, 0.7};
  return CampaignOpened{"spring \"A\"", {"yes", "no", "tie"}, spec};
}

// The wire format is a contract with every ledger written so far: these texts may not change.
std::vector<Example> examples() {
  const SlotId slot{3};
  const WorkerId worker{17};
  return {
      {campaign(),
       R"({"v":2,"type":"campaign.opened","name":"spring \"A\"","answers":["yes","no","tie"],)"
       R"("mechanism":{"weight_rule":"weighted-score","step_size":0.25,"share":0.01,)"
       R"("doubling":true,"epoch_share":0.125,"asks":3,"asking_step_size":0.0625,)"
       R"("exploration":0.2,"label":"bayes-0.5","output":"drawn",)"
       R"("loss":"clipped-log","loss_floor":0.01,"newcomer_mass":0.1,"newcomer_period":7,)"
       R"("payment":"per-answer","slot_budget_micro":2500000,"campaign_budget_micro":90000000,)"
       R"("worker_answers":40,"outcome_errors":[0.7,0.2,0.1,0,1,0,0.1,0.2,0.7]}})"},
      {WorkerJoined{worker, "ann"}, R"({"v":2,"type":"worker.joined","worker":17,"name":"ann"})"},
      {WorkerLeft{worker}, R"({"v":2,"type":"worker.left","worker":17})"},
      {WorkerReturned{worker}, R"({"v":2,"type":"worker.returned","worker":17})"},
      {AnswersWritten{slot, "fri 17h:", {"heavy", "\"light\""}, {0, 2}, {{7, 1}, {}}},
       R"({"v":2,"type":"answers.written","slot":3,"prompt":"fri 17h:",)"
       R"("text":["heavy","\"light\""],"policy":[0,2],"token":[[7,1],[]]})"},
      {PolicyPublished{2, 250, "9c56"},
       R"({"v":2,"type":"policy.published","policy":2,"pairs":250,"digest":"9c56"})"},
      {WorkersAsked{slot, {worker, WorkerId{4}}, {0.5, 0.25}, 0.75},
       R"({"v":2,"type":"workers.asked","slot":3,"worker":[17,4],"probability":[0.5,0.25],)"
       R"("lottery":0.75})"},
      {WorkerMissed{slot, worker}, R"({"v":2,"type":"worker.missed","slot":3,"worker":17})"},
      {SlotOpened{slot, "t3"}, R"({"v":2,"type":"slot.opened","slot":3,"name":"t3"})"},
      {ReportSubmitted{slot, worker, {0.8, 0.2}},
       R"({"v":2,"type":"report.submitted","slot":3,"worker":17,"report":[0.8,0.2]})"},
      {SlotPooled{slot, 0.375}, R"({"v":2,"type":"slot.pooled","slot":3,"draw":0.375})"},
      {OutcomeRevealed{slot, {1, 0}},
       R"({"v":2,"type":"outcome.revealed","slot":3,"outcome":[1,0]})"},
      {SlotSettled{slot, 0x00c0ffee12345678U},
       R"({"v":2,"type":"slot.settled","slot":3,"check":"00c0ffee12345678"})"},
      {SlotExpired{slot}, R"({"v":2,"type":"slot.expired","slot":3})"},
      {CampaignClosed{0xffffffffffffffffU},
       R"({"v":2,"type":"campaign.closed","check":"ffffffffffffffff"})"},
  };
}

template <class E>
E decoded_as(const Event& event) {
  auto result = decode(json_of(event));
  EXPECT_TRUE(result.ok()) << result.error().message();
  return std::get<E>(*result);
}

void expect_refused(std::string_view json, ErrorCode code,
                    std::initializer_list<std::string_view> pieces) {
  const auto event = decode(json);
  ASSERT_FALSE(event.ok()) << json;
  EXPECT_EQ(event.error().code, code) << json;
  const std::string message = event.error().message();
  for (const std::string_view piece : pieces)
    EXPECT_NE(message.find(piece), std::string::npos) << "no \"" << piece << "\" in: " << message;
}

TEST(Codec, WritesEachTypeOfEventAsItsContractSays) {
  for (const Example& example : examples()) EXPECT_EQ(json_of(example.event), example.json);
}

TEST(Codec, ReadsEachTypeOfEventBack) {
  for (const Example& example : examples()) {
    const auto event = decode(example.json);
    ASSERT_TRUE(event.ok()) << event.error().message();
    EXPECT_EQ(event->index(), example.event.index());
    EXPECT_EQ(json_of(*event), example.json);
  }
}

TEST(Codec, ReadsEveryPartOfTheMechanism) {
  const auto opened = decoded_as<CampaignOpened>(campaign());
  EXPECT_EQ(opened.name, "spring \"A\"");
  EXPECT_EQ(opened.answers, (std::vector<std::string>{"yes", "no", "tie"}));
  EXPECT_EQ(opened.spec.weight_rule, "weighted-score");
  EXPECT_EQ(opened.spec.weighted_score.step_size, 0.25);
  EXPECT_EQ(opened.spec.weighted_score.share, 0.01);
  EXPECT_TRUE(opened.spec.weighted_score.doubling);
  EXPECT_EQ(opened.spec.weighted_score.epoch_share, 0.125);
  EXPECT_EQ(opened.spec.label, "bayes-0.5");
  EXPECT_EQ(opened.spec.output, mechanism::Output::drawn);
  EXPECT_EQ(opened.spec.loss.kind, scoring::LossRule::Kind::clipped_log);
  EXPECT_EQ(opened.spec.loss.floor, 0.01);
  EXPECT_EQ(opened.spec.admission.mass, 0.1);
  EXPECT_EQ(opened.spec.admission.period, 7U);
  EXPECT_EQ(opened.spec.asking.asks, 3U);
  EXPECT_EQ(opened.spec.asking.step_size, 0.0625);
  EXPECT_EQ(opened.spec.asking.exploration, 0.2);
  EXPECT_EQ(opened.spec.payment, "per-answer");
  EXPECT_EQ(opened.spec.slot_budget_micro, 2'500'000);
  EXPECT_EQ(opened.spec.campaign_budget_micro, 90'000'000);
  EXPECT_EQ(opened.spec.worker_answers, 40U);
  EXPECT_EQ(opened.spec.outcome_errors, (std::vector<double>{.7, .2, .1, 0, 1, 0, .1, .2, .7}));
}

// What version 1 did not say is what it meant: nobody asked, paid by weight, no limits.
TEST(Codec, LiftsACampaignOfVersion1) {
  const auto event =
      decode(R"({"v":1,"type":"campaign.opened","name":"old","answers":["A","B"],)"
             R"("mechanism":{"weight_rule":"weighted-score","step_size":0.25,"share":0.01,)"
             R"("doubling":true,"epoch_share":0.125,"label":"bayes-0.5","output":"drawn",)"
             R"("loss":"clipped-log","loss_floor":0.01,"newcomer_mass":0.1,"newcomer_period":7,)"
             R"("slot_budget_micro":2500000}})");
  ASSERT_TRUE(event.ok()) << event.error().message();
  const mechanism::MechanismSpec& spec = std::get<CampaignOpened>(*event).spec;
  EXPECT_EQ(spec.slot_budget_micro, 2'500'000);
  EXPECT_EQ(spec.payment, "by-weight");
  EXPECT_EQ(spec.campaign_budget_micro, 0);
  EXPECT_EQ(spec.worker_answers, 0U);
  EXPECT_TRUE(spec.outcome_errors.empty());
}

TEST(Codec, RefusesListsOfWorkersThatHoldAnythingElse) {
  for (const std::string list : {R"(["1"])", "[1.5]", "[-1]", "[4294967296]", "7", "[null]"})
    expect_refused(R"({"v":2,"type":"workers.asked","slot":0,"worker":)" + list +
                       R"(,"probability":[1],"lottery":0})",
                   ErrorCode::malformed, {"\"worker\"", "list of worker numbers"});
}

TEST(Codec, KeepsEveryBitOfANumber) {
  const std::vector<double> numbers{1.0 / 3.0, 1e-300, 5e-324, 0.1 + 0.2, 1.0 - 0x1p-53, 0.0};
  const auto report = decoded_as<ReportSubmitted>(ReportSubmitted{{}, {}, numbers});
  EXPECT_EQ(report.report, numbers);
}

TEST(Codec, KeepsEveryBitOfTenThousandRandomNumbers) {
  RandomStream random(1);
  std::vector<double> numbers;
  while (numbers.size() < 10'000) {
    const auto number = std::bit_cast<double>(random.next());
    if (std::isfinite(number)) numbers.push_back(number);
  }
  const auto outcome = decoded_as<OutcomeRevealed>(OutcomeRevealed{{}, numbers});
  ASSERT_EQ(outcome.outcome.size(), numbers.size());
  for (std::size_t i = 0; i < numbers.size(); ++i)
    EXPECT_EQ(std::bit_cast<std::uint64_t>(outcome.outcome[i]),
              std::bit_cast<std::uint64_t>(numbers[i]));
}

TEST(Codec, KeepsTheSignOfZero) {
  const auto outcome = decoded_as<OutcomeRevealed>(OutcomeRevealed{{}, {-0.0, 0.0}});
  EXPECT_TRUE(std::signbit(outcome.outcome[0]));
  EXPECT_FALSE(std::signbit(outcome.outcome[1]));
  EXPECT_TRUE(std::signbit(decoded_as<SlotPooled>(SlotPooled{{}, -0.0}).draw));
}

TEST(Codec, KeepsNamesInAnyScriptAndWithAnyMark) {
  for (const std::string name :
       {"", "a\"b\\c", "two\nlines\tand\x01\x7f", "张伟", "Ζωή", "😀👩‍🔬", "</script>"}) {
    EXPECT_EQ(decoded_as<WorkerJoined>(WorkerJoined{WorkerId{1}, name}).name, name);
    EXPECT_EQ(json_of(WorkerJoined{WorkerId{1}, name}).find('\n'), std::string::npos) << name;
  }
  const std::string with_nul("a\0b", 3);
  EXPECT_EQ(decoded_as<SlotOpened>(SlotOpened{SlotId{1}, with_nul}).name, with_nul);
}

TEST(Codec, KeepsTheLargestNumbersOfWorkersAndSlots) {
  const auto report =
      decoded_as<ReportSubmitted>(ReportSubmitted{SlotId{0xffffffffU}, WorkerId{0xfffffffeU}, {}});
  EXPECT_EQ(report.slot.value, 0xffffffffU);
  EXPECT_EQ(report.worker.value, 0xfffffffeU);
}

TEST(Codec, ReadsMembersInAnyOrderAndWithSpace) {
  const auto event = decode(R"( { "slot" : 4 , "type":"slot.expired", "v" : 1 } )");
  ASSERT_TRUE(event.ok()) << event.error().message();
  EXPECT_EQ(std::get<SlotExpired>(*event).slot.value, 4U);
}

TEST(Codec, RefusesWhatIsNotAJsonObject) {
  for (const std::string_view text :
       {"", "{", "null", "[]", "7", "{\"v\":1}x", "{\"v\":1,}", "\xff\xfe", "{\"v\":1e999}"})
    expect_refused(text, ErrorCode::malformed, {"expected a JSON object"});
}

TEST(Codec, NamesAMissingMember) {
  expect_refused(R"({"type":"slot.expired","slot":1})", ErrorCode::malformed, {"\"v\""});
  expect_refused(R"({"v":1,"slot":1})", ErrorCode::malformed, {"\"type\""});
  for (const Example& example : examples()) {
    const std::string type(type_of(example.event));
    const auto event = decode(R"({"v":2,"type":")" + type + "\"}");
    ASSERT_FALSE(event.ok()) << type;
    EXPECT_EQ(event.error().code, ErrorCode::malformed);
    EXPECT_EQ(event.error().found, "nothing");
    EXPECT_NE(example.json.find('"' + event.error().field + "\":"), std::string::npos)
        << event.error().message();
  }
}

TEST(Codec, NamesAMemberOfTheWrongType) {
  const std::string start = R"({"v":1,"type":"report.submitted",)";
  expect_refused(start + R"("slot":"3","worker":1,"report":[1,0]})", ErrorCode::malformed,
                 {"\"slot\"", "found string", "whole number"});
  expect_refused(start + R"("slot":3,"worker":1.5,"report":[1,0]})", ErrorCode::malformed,
                 {"\"worker\""});
  expect_refused(start + R"("slot":3,"worker":1,"report":"1,0"})", ErrorCode::malformed,
                 {"\"report\"", "a list of numbers"});
  expect_refused(start + R"("slot":3,"worker":1,"report":[1,null]})", ErrorCode::malformed,
                 {"\"report\"", "null", "a list of numbers"});
  expect_refused(R"({"v":1,"type":"slot.opened","slot":0,"name":7})", ErrorCode::malformed,
                 {"\"name\"", "a text"});
}

TEST(Codec, NamesWhatIsWrongInsideAMechanism) {
  const auto with = [](std::string_view from, std::string_view to) {
    std::string json = examples()[0].json;
    return json.replace(json.find(from), from.size(), to);
  };
  expect_refused(with("\"drawn\"", "\"both\""), ErrorCode::malformed, {"\"output\"", "both"});
  expect_refused(with("true", "1"), ErrorCode::malformed, {"\"doubling\"", "true or false"});
  expect_refused(with("\"clipped-log\"", "\"absolute\""), ErrorCode::invalid_argument,
                 {"absolute", "quadratic"});
  expect_refused(with("\"yes\"", "1"), ErrorCode::malformed, {"\"answers\"", "a list of texts"});
  expect_refused(with("2500000", "9223372036854775808"), ErrorCode::malformed,
                 {"\"slot_budget_micro\"", "2^63"});
  expect_refused(with("2500000", "-1"), ErrorCode::malformed, {"\"slot_budget_micro\""});
}

TEST(Codec, RefusesNumbersOfSlotsThatAreNegativeOrTooLarge) {
  expect_refused(R"({"v":1,"type":"slot.expired","slot":-1})", ErrorCode::malformed, {"\"slot\""});
  expect_refused(R"({"v":1,"type":"slot.expired","slot":4294967296})", ErrorCode::malformed,
                 {"\"slot\"", "4294967296", "below 2^32"});
}

TEST(Codec, RefusesChecksumsThatAreNotSixteenHexadecimalDigits) {
  for (const std::string digits : {"", "12345678", "00c0ffee123456789", "00c0ffee1234567g",
                                   "0x00c0ffee123456", "-0c0ffee12345678"})
    expect_refused(R"({"v":1,"type":"slot.settled","slot":0,"check":")" + digits + "\"}",
                   ErrorCode::malformed, {"\"check\"", "16 hexadecimal digits"});
}

TEST(Codec, RefusesANewerVersionAndSaysWhatToDo) {
  expect_refused(
      R"({"v":3,"type":"slot.expired","slot":1})", ErrorCode::unsupported,
      {"\"v\"", "found 3", "expected version 1 to 2", "version of Candor that wrote it"});
  expect_refused(R"({"v":0,"type":"slot.expired","slot":1})", ErrorCode::unsupported, {"\"v\""});
}

TEST(Codec, RefusesAnUnknownType) {
  expect_refused(R"({"v":1,"type":"slot.vanished","slot":1})", ErrorCode::not_found,
                 {"\"type\"", "slot.vanished"});
}

TEST(Codec, SurvivesManyNestedLists) {
  const std::string open(200'000, '[');
  const std::string close(200'000, ']');
  expect_refused(open + close, ErrorCode::malformed, {"a JSON object"});
  expect_refused(open, ErrorCode::malformed, {"a JSON object"});
  for (const std::string member : {"report", "slot"})
    expect_refused(
        R"({"v":1,"type":"report.submitted","worker":0,")" + member + "\":" + open + close + "}",
        ErrorCode::malformed, {});
  expect_refused(
      R"({"v":1,"type":"report.submitted","slot":0,"worker":0,"report":)" + open + close + "}",
      ErrorCode::malformed, {"\"report\"", "a list of numbers"});
}

}  // namespace
}  // namespace candor::event
