// candor/mechanism/admission.h
// Who gets a first weight, when, and how much, so that new identities cannot mint influence.
//
// Giving each new account a weight of 1/N is a hole: one person with a hundred accounts would own
// the crowd. Instead:
//   * founders, the workers who join before the first slot is pooled, share mass 1 equally;
//   * later workers wait, and every `period` pooled slots those waiting are admitted as one cohort.
//     Its mass is fixed, and its members share it equally, however many they are. Everyone else
//     gives up that mass in proportion. It depends on no report, so truthfulness is untouched.
// So a hundred accounts of one person get what one account would have got, and nobody who was
// admitted before notices. (Honest newcomers of the same cohort do: they share its mass with a
// crowd. And founders are counted by account: know who they are.)
// Choose mass / period as the influence that strangers may gain in so many slots.
// A waiting worker's reports count in pools that do not use weights, and in its own record there.
#pragma once

#include <cstddef>
#include <vector>

#include "candor/base/ids.h"
#include "candor/base/result.h"

namespace candor::mechanism {

struct AdmissionOptions {
  double mass = 0.05;        ///< a cohort's weight, in (0,1)
  std::size_t period = 100;  ///< pooled slots between cohorts, at least 1
};

class Admission {
 public:
  explicit Admission(AdmissionOptions options) : options_(options) {}

  /// Refuses a mass outside (0,1) or a period of 0.
  [[nodiscard]] static Status check(const AdmissionOptions& options);

  void join(WorkerId worker) { waiting_.push_back(worker); }

  /// All who have joined so far count as admitted, with weights set otherwise. Errors: conflict
  /// once anybody was admitted.
  Status skip_founders();

  struct Cohort {
    std::vector<WorkerId> workers;
    double mass = 0.0;
  };
  /// To be called before each slot is pooled: who is admitted now (nobody: empty). Without
  /// founders the first cohort has mass 1.
  [[nodiscard]] Cohort due();

 private:
  AdmissionOptions options_;
  std::vector<WorkerId> waiting_;
  std::size_t admitted_ = 0;
  std::size_t slots_ = 0;
};

}  // namespace candor::mechanism
