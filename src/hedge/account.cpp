#include "volstorm/hedge/account.h"

namespace volstorm {

Account read_account(const Table& scenario) {
    Account account;
    const auto table = scenario.table_if("account");
    if (!table) return account;
    account.equity = table->number_if("equity", kPositive);
    account.financing_rate = table->number("financing_rate", {.low = -0.1, .high = 1.0}, account.financing_rate);
    account.vix_future_margin =
        table->number("vix_future_margin", {.low = 0.01, .high = 2.0}, account.vix_future_margin);
    return account;
}

}  // namespace volstorm
