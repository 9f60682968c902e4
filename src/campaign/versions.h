// The published versions of a policy: their training states on disk, and the ones that are still
// needed (the first, and the one before the newest) in memory.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "candor/policy/policy.h"

namespace candor::campaign {

class Versions {
 public:
  /// folder: of the campaign; empty: nothing is kept on disk.
  explicit Versions(std::string folder) : folder_(std::move(folder)) {}

  /// policy is the campaign's first version, as the caller gave it.
  Status begin(policy::Policy& policy);

  /// Saves the policy as this version. Returns the digest for the ledger ("" without a folder).
  /// What an interrupted run left under this version is replaced.
  Result<std::string> save(const policy::Policy& policy, std::uint32_t version);

  /// The policy has been published as `version`: from now on `previous()` is the one before, and
  /// states that nobody needs are removed. To be called before the policy moves on.
  Status published(policy::Policy& policy, std::uint32_t version);

  /// Sets the policy to the version, and previous() to the one before it. digest: as published, by
  /// version. Errors: corrupt for a state that is not the one that was published, not_found.
  Status restore(policy::Policy& policy, std::span<const std::string> digest);

  [[nodiscard]] policy::Policy& initial() const { return *initial_; }
  /// The version before the current one; version 0 at the beginning.
  [[nodiscard]] policy::Policy& previous() const { return previous_ ? *previous_ : *initial_; }
  /// As the current version was published.
  [[nodiscard]] policy::Policy& current() const { return current_ ? *current_ : *initial_; }

 private:
  Status load(policy::Policy& policy, std::size_t version, const std::string& digest) const;
  [[nodiscard]] std::string folder_of(std::uint32_t version) const;

  std::string folder_;
  std::unique_ptr<policy::Policy> initial_;
  std::unique_ptr<policy::Policy> previous_;
  std::unique_ptr<policy::Policy> current_;
};

/// BLAKE2b-256 over the names and bytes of a folder's files, in order of their names; hexadecimal.
Result<std::string> digest_of_folder(const std::string& folder);

}  // namespace candor::campaign
