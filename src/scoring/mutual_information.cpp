#include "candor/scoring/mutual_information.h"

#include <vector>

#include "scoring/answer_pairs.h"
#include "scoring/small_matrix.h"

namespace candor::scoring {
namespace {

Result<double> batch_determinant(const AnswerBatch& batch, std::size_t answers) {
  CANDOR_TRY(const std::vector<double> count,
             count_pairs(batch.worker, batch.peer, answers, "worker", "peer"));
  CANDOR_CHECK(check_slots(batch.worker.size(), answers));
  return determinant(count, answers);
}

// (n/K)^K: the product of K row sums that add up to n is largest where they are equal.
double largest_determinant(const AnswerBatch& batch, std::size_t answers) {
  const double row = static_cast<double>(batch.worker.size()) / static_cast<double>(answers);
  double product = 1.0;
  for (std::size_t k = 0; k < answers; ++k) product *= row;
  return product;
}

}  // namespace

Result<InformationPay> mutual_information_pay(const AnswerBatch& first, const AnswerBatch& second,
                                              std::size_t answers) {
  CANDOR_TRY(const double one, batch_determinant(first, answers));
  CANDOR_TRY(const double other, batch_determinant(second, answers));
  return InformationPay{one * other,
                        largest_determinant(first, answers) * largest_determinant(second, answers)};
}

}  // namespace candor::scoring
