// An audit of mechanisms as text: a matrix of gains, then each mechanism's worst instances in words.
#pragma once

#include <string>

#include "candor/audit/audit.h"

namespace candor::app {

[[nodiscard]] std::string audit_table(const audit::AuditResult& result);

}  // namespace candor::app
