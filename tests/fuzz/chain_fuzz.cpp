// libFuzzer target: no text makes the reader of option chains do more than throw InputError, and what it accepts can be
// measured and screened.
//   clang++-19 -std=c++20 -g -O1 -fsanitize=fuzzer,address,undefined -Iinclude tests/fuzz/chain_fuzz.cpp
//       src/core/{civil_time,error,text}.cpp src/math/{black,normal}.cpp
//       src/market/{arbitrage,calendar,chain*,clock,convex_hull,csv,date_words,parity}.cpp -lfmt -o chain_fuzz
//   ./chain_fuzz -max_total_time=180 -max_len=20000 FOLDER_OF_CHAINS
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "volstorm/core/error.h"
#include "volstorm/market/arbitrage.h"
#include "volstorm/market/chain.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace volstorm;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    try {
        const OptionChain chain = parse_chain(text, "fuzz.csv");
        if (chain.expiries.empty()) std::abort();
        for (const Violation& v : find_violations(chain, chain.quote_time.value_or(at(make_date(2023, 6, 14), 16, 0))))
            if (!(v.points > 0.0) || v.expiry >= chain.expiries.size()) std::abort();
    } catch (const InputError&) {
    }
    return 0;
}
