#include "report/assets.h"

// Defined by assets.S.in: the bytes from _begin up to _end.
extern "C" {
extern const char candor_report_js_begin[];   // NOLINT: an array of unknown length
extern const char candor_report_js_end[];     // NOLINT
extern const char candor_report_css_begin[];  // NOLINT
extern const char candor_report_css_end[];    // NOLINT
extern const char candor_report_csp_begin[];  // NOLINT
extern const char candor_report_csp_end[];    // NOLINT
}

namespace candor::report {
namespace {

std::string_view between(const char* begin, const char* end) {
  return {begin, end};
}

}  // namespace

std::string_view script() {
  return between(candor_report_js_begin, candor_report_js_end);
}
std::string_view style_sheet() {
  return between(candor_report_css_begin, candor_report_css_end);
}
std::string_view policy() {
  return between(candor_report_csp_begin, candor_report_csp_end);
}

}  // namespace candor::report
