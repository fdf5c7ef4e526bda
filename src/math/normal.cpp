#include "volstorm/math/normal.h"

#include <boost/math/special_functions/erf.hpp>

namespace volstorm {

double normal_quantile(double p) { return -std::numbers::sqrt2 * boost::math::erfc_inv(2.0 * p); }

}  // namespace volstorm
