#include "candor/report/report.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "report/assets.h"
#include "report/html.h"

namespace candor::report {
namespace {

using Json = nlohmann::json;

constexpr std::string_view data_open = "<script type=\"application/json\" id=\"candor-data\">";
constexpr const char* hostile[] = {"</script><script>alert(1)</script>",
                                   "<img src=x onerror=alert(2)>",
                                   "<!--<script>",
                                   "\" onclick=\"alert(3)",
                                   "]]></noscript><b>",
                                   "\xF0\x9F\x90\x93 \xE2\x80\xA8 zero\x01width"};

Json small_result() {
  return {{"kind_of_report", "replay"},
          {"title", "June"},
          {"workers", 3},
          {"methods",
           {{{"name", "hedged"}, {"brier", 0.0531}, {"bound", nullptr}, {"whole_file", false}},
            {{"name", "glad"}, {"brier", 0.06}, {"regret", -1.5}, {"whole_file", true}}}}};
}

std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++count;
  return count;
}

// The text a browser takes for the data block: up to the first closing tag, as the HTML standard
// has it.
std::string data_block(const std::string& html) {
  const auto begin = html.find(data_open) + data_open.size();
  return html.substr(begin, html.find("</script", begin) - begin);
}

std::string between(const std::string& html, const std::string& open, const std::string& close) {
  const auto begin = html.find(open) + open.size();
  return html.substr(begin, html.find(close, begin) - begin);
}

TEST(RenderReport, EscapesTheTitleAsItsHeaderPromises) {
  const std::string html = render_report({{"title", "A <b> C"}});
  EXPECT_NE(html.find("<title>A &lt;b&gt; C</title>"), std::string::npos);
  EXPECT_EQ(html.find("<b>"), std::string::npos);
}

TEST(RenderReport, CarriesTheWholeResultToTheScript) {
  const Json result = small_result();
  EXPECT_EQ(Json::parse(data_block(render_report(result))), result);
}

TEST(RenderReport, HostileNamesCannotBreakOut) {
  const std::string plain = render_report(small_result());
  for (const char* name : hostile) {
    Json result = small_result();
    result["title"] = name;
    result["methods"][0]["name"] = name;
    result["weights"] = {{{"worker", name}, {"weight", 1.0}}};
    result["scenarios"] = {{{"name", name}, {"methods", Json::array()}}};
    const std::string html = render_report(result);
    EXPECT_EQ(Json::parse(data_block(html)), result);
    EXPECT_EQ(count_of(html, "<script"), count_of(plain, "<script")) << name;
    EXPECT_EQ(count_of(html, "</script"), count_of(plain, "</script")) << name;
    EXPECT_EQ(count_of(html, "<img"), count_of(plain, "<img")) << name;
    EXPECT_EQ(count_of(html, "</noscript"), 1U) << name;
    EXPECT_EQ(count_of(html, "<b>"), count_of(plain, "<b>")) << name;
  }
}

TEST(RenderReport, BytesThatAreNotUtf8BecomeReplacementCharacters) {
  const std::string html =
      render_report({{"title", "caf\xE9"}, {"weights", {{{"worker", "w\xFF"}}}}});
  EXPECT_NE(html.find("<title>caf\xEF\xBF\xBD</title>"), std::string::npos);
  EXPECT_EQ(Json::parse(data_block(html))["weights"][0]["worker"], "w\xEF\xBF\xBD");
}

TEST(RenderReport, ShowsTheMethodsWithoutScripts) {
  const std::string fallback = between(render_report(small_result()), "<noscript>", "</noscript>");
  EXPECT_NE(fallback.find("<h1>June</h1>"), std::string::npos);
  EXPECT_NE(fallback.find("<p>3 workers</p>"), std::string::npos);
  EXPECT_NE(fallback.find("<tr><th scope=\"row\">hedged</th><td>0.0531</td>"), std::string::npos);
  EXPECT_NE(fallback.find("glad (sees whole file)</th><td>0.0600</td>"), std::string::npos);
  EXPECT_NE(fallback.find("<td>-1.5000</td>"), std::string::npos);
}

TEST(RenderReport, ShowsEveryScenarioWithoutScripts) {
  const Json result = {
      {"kind_of_report", "simulation"},
      {"scenarios",
       {{{"name", "median fails"}, {"methods", {{{"name", "median"}, {"slope", 0.98}}}}},
        {{"name", "random"}, {"methods", {{{"name", "average"}, {"slope", 1}}}}}}}};
  const std::string fallback = between(render_report(result), "<noscript>", "</noscript>");
  EXPECT_NE(fallback.find("<caption>median fails</caption>"), std::string::npos);
  EXPECT_NE(fallback.find("<td>0.9800</td>"), std::string::npos);
  EXPECT_NE(fallback.find("<caption>random</caption>"), std::string::npos);
}

Json experiment_result() {
  return {{"kind_of_report", "alignment-experiment"},
          {"title", "Navigation"},
          {"unit", "vehicles an hour"},
          {"seeds", 5},
          {"before", {{"forecast_error", 1512}, {"forecast_error_ci", {1460, 1564}}}},
          {"methods",
           {{{"name", "average"}, {"forecast_error", 1015}, {"forecast_error_ci", {945, 1085}}},
            {{"name", "oracle"}, {"forecast_error", 588.25}, {"regret", -31}}}},
          {"by_round",
           {{"round", {0, 1}},
            {"series", {{{"name", "average"}, {"unit", "v/h"}, {"value", {1512, 1015}}}}}}},
          {"samples", {{{"prompt", "17:00"}, {"before", "light"}, {"after", "heavy"}}}}};
}

TEST(RenderReport, ShowsAnExperimentWithoutScripts) {
  const std::string fallback =
      between(render_report(experiment_result()), "<noscript>", "</noscript>");
  EXPECT_NE(fallback.find("<p>5 seeds</p>"), std::string::npos);
  EXPECT_NE(fallback.find("forecast error 1512 [1460, 1564] vehicles an hour"), std::string::npos);
  EXPECT_NE(fallback.find("<th scope=\"col\">Method</th><th scope=\"col\">Forecast error</th>"
                          "<th scope=\"col\">Regret</th></tr>"),
            std::string::npos);
  EXPECT_NE(fallback.find("average</th><td>1015 [945, 1085]</td><td>&ndash;</td>"),
            std::string::npos);
  EXPECT_NE(fallback.find("oracle</th><td>588.2500</td><td>-31</td>"), std::string::npos);
  EXPECT_NE(fallback.find("average, v/h</th><td>1512</td><td>1015</td>"), std::string::npos);
}

TEST(RenderReport, WhatAModelWroteCannotBreakOut) {
  const std::string plain = render_report(experiment_result());
  for (const char* text : hostile) {
    Json result = experiment_result();
    for (const char* name : {"prompt", "before", "after", "truth", "note_before", "note_after"})
      result["samples"][0][name] = text;
    for (const char* name : {"unit", "model", "data", "penalty"}) result[name] = text;
    result["measure"] = {{"name", text}, {"unit", text}};
    result["by_round"]["series"][0]["name"] = text;
    result["by_round"]["series"][0]["unit"] = text;
    const std::string html = render_report(result);
    EXPECT_EQ(Json::parse(data_block(html)), result);
    for (const char* part : {"<script", "</script", "<img", "</noscript", "<b>", "onclick=\"alert"})
      EXPECT_EQ(count_of(html.substr(0, html.find(data_open)), part),
                count_of(plain.substr(0, plain.find(data_open)), part))
          << text;
  }
}

TEST(RenderReport, TakesExperimentsWithPartsMissingOrOfAnotherType) {
  for (const char* name : {"before", "methods", "by_round", "measure", "unit", "seeds"}) {
    for (const Json& value :
         {Json(), Json("x"), Json({1, nullptr, "x"}), Json({{"round", {0}}, {"series", {1}}}),
          Json({{"round", {0, 1, 2}}, {"series", {{{"value", {7}}}}}})}) {
      Json result = experiment_result();
      result[name] = value;
      EXPECT_EQ(Json::parse(data_block(render_report(result))), result);
    }
  }
}

TEST(RenderReport, NumbersThatDoNotExistAreDashesAndNulls) {
  Json result = small_result();
  result["methods"][0]["brier"] = std::nan("");
  result["methods"][1]["brier"] = std::numeric_limits<double>::infinity();
  const std::string html = render_report(result);
  EXPECT_TRUE(Json::parse(data_block(html))["methods"][0]["brier"].is_null());
  EXPECT_NE(html.find("<th scope=\"row\">hedged</th><td>&ndash;</td>"), std::string::npos);
  EXPECT_NE(html.find("(sees whole file)</th><td>&ndash;</td>"), std::string::npos);
}

TEST(RenderReport, TakesResultsWithPartsMissingOrOfAnotherType) {
  for (const Json& result :
       {Json::object(), Json(), Json::array({1, 2}), Json({{"methods", Json::array()}}),
        Json({{"methods", 7}, {"title", 8}, {"scenarios", "x"}, {"workers", "y"}}),
        Json({{"methods", {1, nullptr, "x"}}})}) {
    const std::string html = render_report(result);
    EXPECT_NE(html.find("<title>Candor report</title>"), std::string::npos) << result;
    EXPECT_EQ(Json::parse(data_block(html)), result);
  }
}

TEST(RenderReport, IsOneFileThatAsksForNothingElse) {
  const std::string html = render_report(small_result());
  EXPECT_NE(html.find("default-src 'none'; script-src 'sha256-"), std::string::npos);
  EXPECT_EQ(html.find("unsafe-inline"), std::string::npos);
  EXPECT_EQ(html.find(" src=\""), std::string::npos);
  EXPECT_EQ(html.find("@import"), std::string::npos);
  EXPECT_EQ(count_of(html, "<link"), 1U);  // the empty icon
  EXPECT_NE(html.find("<link rel=\"icon\" href=\"data:,\">"), std::string::npos);
}

TEST(RenderReport, IsAsLargeAsItsPartsAndNotMuchMore) {
  const Json result = small_result();
  const std::size_t parts =
      script().size() + style_sheet().size() + policy().size() + result.dump().size();
  const std::size_t size = render_report(result).size();
  EXPECT_GT(size, parts);
  EXPECT_LT(size, parts + 4000);
  EXPECT_GT(script().size(), 40'000U);  // the charts are in it
  EXPECT_LT(parts, 150'000U);
}

TEST(Assets, CannotCloseTheirElementsEarly) {
  EXPECT_EQ(script().find("</script"), std::string_view::npos);
  EXPECT_EQ(script().find("<!--"), std::string_view::npos);
  EXPECT_EQ(style_sheet().find("</style"), std::string_view::npos);
  EXPECT_EQ(policy().find('"'), std::string_view::npos);
}

TEST(EscapeHtml, WorkedExample) {
  EXPECT_EQ(escape_html("<b a=\"1\">"), "&lt;b a=&quot;1&quot;&gt;");
  EXPECT_EQ(escape_html("a & 'b'"), "a &amp; &#39;b&#39;");
  EXPECT_EQ(escape_html(std::string_view("\0\t\x7F", 3)), "\xEF\xBF\xBD\t\xEF\xBF\xBD");
  EXPECT_EQ(escape_html("Z\xC3\xBCrich"), "Z\xC3\xBCrich");
}

TEST(JsonForScript, HasNoAngleBracketAndReadsBackTheSame) {
  const Json value = {{"<key>", "a<b<!--"}, {"n", 0.1}};
  EXPECT_EQ(json_for_script(value), R"({"\u003ckey>":"a\u003cb\u003c!--","n":0.1})");
  EXPECT_EQ(Json::parse(json_for_script(value)), value);
}

}  // namespace
}  // namespace candor::report
