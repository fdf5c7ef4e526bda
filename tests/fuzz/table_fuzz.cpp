// libFuzzer target: no text makes the scenario reader do more than throw InputError, and what it accepts reads back.
//   clang++-19 -std=c++20 -g -O1 -fsanitize=fuzzer,address,undefined -Iinclude tests/fuzz/table_fuzz.cpp src/core/*.cpp
//       -lfmt -o table_fuzz && ./table_fuzz -max_total_time=180
// The first line of the input, where it holds `=`, is an override.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "volstorm/core/table.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using volstorm::InputError;
    using volstorm::Table;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    std::string written;
    try {
        const std::vector<std::string> overrides{std::string(text.substr(0, text.find('\n')))};
        const Table root = Table::parse(text, "fuzz.toml");
        written = root.effective_text();
        Table::parse(text, "fuzz.toml", overrides).finish();
    } catch (const InputError&) {
    }
    if (!written.empty() && Table::parse(written, "written").effective_text() != written) std::abort();
    return 0;
}
