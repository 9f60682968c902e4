#include "candor/dataset/preferences.h"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "dataset/test_files.h"

namespace candor::dataset {
namespace {

Preference of(std::vector<double> label) {
  auto preference = preference_of(label);
  EXPECT_TRUE(preference.ok()) << preference.error().message();
  return *preference;
}

TEST(Preferences, WorkedExample) {
  const TestFolder folder;
  auto writer = PreferenceWriter::create(folder.path("preferences.jsonl"));
  ASSERT_TRUE(writer.ok());
  const TaskText text{"Say \"hi\"", "first", "second"};
  ASSERT_TRUE(writer->write("t0", std::array{.375, .125, .5}, text).ok());
  ASSERT_TRUE(writer->write("t1", std::array{.25, .75}, text).ok());
  EXPECT_EQ(folder.read("preferences.jsonl"), "") << "not there before commit";
  ASSERT_TRUE(writer->commit().ok());
  EXPECT_EQ(writer->pairs(), 2U);
  EXPECT_EQ(folder.read("preferences.jsonl"),
            "{\"prompt\":\"Say \\\"hi\\\"\",\"chosen\":\"first\",\"rejected\":\"second\","
            "\"p_chosen\":0.75,\"weight\":0.5,\"margin\":1.0986122886681098,"
            "\"slot_id\":\"t0\"}\n"
            "{\"prompt\":\"Say \\\"hi\\\"\",\"chosen\":\"second\",\"rejected\":\"first\","
            "\"p_chosen\":0.75,\"weight\":1,\"margin\":1.0986122886681098,\"slot_id\":\"t1\"}\n");
}

TEST(Preferences, ExtremesStayFinite) {
  const Preference certain = of({0, 1});
  EXPECT_FALSE(certain.chosen_is_a);
  EXPECT_EQ(certain.p_chosen, 1.0);
  EXPECT_NEAR(certain.margin, std::log(1e12), 1e-12);
  const Preference tie = of({0, 0, 1});
  EXPECT_TRUE(tie.chosen_is_a);
  EXPECT_EQ(tie.p_chosen, 0.5);
  EXPECT_EQ(tie.weight, 0.0);
  EXPECT_EQ(tie.margin, 0.0);
}

TEST(Preferences, RefusesWhatIsNoLabelOverAPair) {
  for (const std::vector<double>& label :
       {std::vector<double>{1}, {.5, .6}, {.5, -.1, .6}, {NAN, 1}, {.25, .25, .25, .25}})
    expect_message(preference_of(label), {"field \"label\"", "sum to 1", "pairwise"});
}

TEST(Preferences, AnyTextIsValidJsonOrAnError) {
  const TestFolder folder;
  auto writer = PreferenceWriter::create(folder.path("p.jsonl"));
  ASSERT_TRUE(writer.ok());
  std::string control;
  for (char c = 1; c < 32; ++c) control += c;
  const TaskText text{control + "\"\\/\x7f", "\xf0\x9f\x98\x80\xe2\x80\xa8", "\n"};
  ASSERT_TRUE(writer->write("t\"0", std::array{.6, .4}, text).ok());
  expect_message(writer->write("t1", std::array{.6, .4}, {"p", "\xff", "r"}),
                 {"response_a", "not UTF-8", "\"t1\""});
  ASSERT_TRUE(writer->commit().ok());
  simdjson::dom::parser parser;
  const simdjson::dom::element line = parser.parse(folder.read("p.jsonl"));
  EXPECT_EQ(std::string_view(line["prompt"]), text.prompt);
  EXPECT_EQ(std::string_view(line["chosen"]), text.response_a);
  EXPECT_EQ(std::string_view(line["rejected"]), text.response_b);
  EXPECT_EQ(std::string_view(line["slot_id"]), "t\"0");
}

}  // namespace
}  // namespace candor::dataset
