// Damaged scenarios: whatever the damage, nothing but InputError comes out, and what is read can be written and read.
#include <array>
#include <catch2/catch.hpp>
#include <random>

#include "volstorm/core/table.h"

using namespace volstorm;

namespace {

const std::array<std::string, 3> kSamples{
    R"(title = "Condor" # sold
[market]
time = 2025-06-17T15:45:00
spx = 5982.72
snapshot = { spx = "chains/spx.csv", vix = "chains/vix.csv" }
[condor]
expiry = 2025-06-18
short_delta = 0.15
)",
    R"([[layer]]
name = "first"
instrument = { type = "vix_call", days = 30, delta = 0.50 }
size.budget = 0.125
[[layer]]
name = 'second'
open = """rsi(vix, 14) > 60 and
  macd_histogram(spx, 12, 26, 9) < 0"""
[[layer.rung]]
x = [1, 2.5e3, -inf, [true, 07:30:00]]
)",
    "\"quoted key\".sub = 'caf\xC3\xA9'\r\na.b.c = 0xFF\r\nd = 1_000\r\n[e.f]\r\ng = '''\r\n''' # "
    "\xE2\x82\xAC\r\nzoned = "
    "2025-06-17T15:45:30.123-04:00\r\nno = [ [ ], { } ]\r\n",
};

class Mutator {
 public:
    explicit Mutator(std::uint64_t seed) : bits_(seed) {}

    std::string mutate(std::string text) {
        for (std::size_t edits = 1 + below(4); edits > 0; --edits) edit(text);
        return text;
    }

 private:
    std::size_t below(std::size_t n) { return n == 0 ? 0 : static_cast<std::size_t>(bits_() % n); }

    void edit(std::string& text) {
        constexpr std::string_view kTelling = "[]{}\"'#=.,\\\n\r\t _-+:0eTZx\xC3\xA9\xFF";
        const std::size_t at = below(text.size() + 1);
        switch (below(5)) {
            case 0:
                if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << below(8)));
                break;
            case 1:
                text.insert(at, 1, static_cast<char>(below(256)));
                break;
            case 2:
                text.insert(at, 1, kTelling[below(kTelling.size())]);
                break;
            case 3:
                text.erase(at, below(8));
                break;
            default:
                text.insert(at, std::string(text, below(text.size() + 1), below(40)));
                break;
        }
    }

    std::mt19937_64 bits_;
};

/// Whether the text was accepted.
bool survives(const std::string& text) {
    std::string written;
    try {
        written = Table::parse(text, "m.toml").effective_text();
    } catch (const InputError&) {
        return false;
    }
    if (Table::parse(written, "written").effective_text() != written) FAIL("does not read back: " << text);
    return true;
}

}  // namespace

TEST_CASE("no damage to a scenario does more than an InputError") {
    Mutator mutator(20250617);
    int accepted = 0;
    for (int i = 0; i < 21'000; ++i) {
        const std::string text = mutator.mutate(kSamples[static_cast<std::size_t>(i) % kSamples.size()]);
        INFO(text);
        accepted += survives(text) ? 1 : 0;
    }
    CHECK(accepted > 1'000);  // else the damage hides what it should test
    CHECK(accepted < 20'000);
}

TEST_CASE("no damage to an override does more than an InputError") {
    Mutator mutator(7);
    for (int i = 0; i < 5'000; ++i) {
        const std::vector<std::string> overrides{mutator.mutate("layer.first.\"size\".budget=[0.2, {a = 'b'}]")};
        INFO(overrides[0]);
        try {
            Table::parse(kSamples[1], "m.toml", overrides).effective_text();
        } catch (const InputError&) {
        }
    }
}
