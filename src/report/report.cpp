#include "candor/report/report.h"

#include <nlohmann/json.hpp>

#include "report/assets.h"
#include "report/fallback.h"
#include "report/html.h"

namespace candor::report {
namespace {

std::string head(const std::string& title) {
  std::string html = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
  html += "<meta http-equiv=\"Content-Security-Policy\" content=\"";
  html += policy();  // holds no double quote
  html += "\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
  html += "<meta name=\"color-scheme\" content=\"light dark\">\n";
  html += "<link rel=\"icon\" href=\"data:,\">\n<title>" + escape_html(title) + "</title>\n<style>";
  html += style_sheet();
  return html + "</style>\n</head>\n";
}

}  // namespace

std::string render_report(const nlohmann::json& result) {
  const std::string title = text_member(result, "title");
  std::string html = head(title.empty() ? "Candor report" : title);
  html += "<body>\n<main id=\"report\">\n<noscript>\n" + fallback_html(result) +
          "</noscript>\n</main>\n";
  html += "<script type=\"application/json\" id=\"candor-data\">" + json_for_script(result) +
          "</script>\n";
  html += "<script>";
  html += script();
  return html + "</script>\n</body>\n</html>\n";
}

}  // namespace candor::report
