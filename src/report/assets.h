// report/assets.h
// The files of web/report as they were bundled when the program was built.
#pragma once

#include <string_view>

namespace candor::report {

[[nodiscard]] std::string_view script();       ///< JavaScript, one self-starting function
[[nodiscard]] std::string_view style_sheet();  ///< CSS
[[nodiscard]] std::string_view policy();       ///< content security policy that names both by hash

}  // namespace candor::report
