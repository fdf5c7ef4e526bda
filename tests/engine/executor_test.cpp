#include <atomic>
#include <catch2/catch.hpp>
#include <mutex>
#include <set>
#include <stdexcept>

#include "executors.h"

using namespace volstorm;
using executors::Kind;

TEST_CASE("every piece is made once and handed on in order, within the slots", "[threads]") {
    const Kind kind = GENERATE(Kind::tbb, Kind::threads);
    const std::size_t threads = GENERATE(1u, 2u, 4u);
    const auto executor = executors::make(kind, threads);
    REQUIRE(executor->threads() == threads);
    std::vector<std::size_t> slot_holds(executor->slots(), 0), made(100, 0);
    std::vector<std::size_t> order;
    std::atomic<std::size_t> under_way{0}, most{0};
    std::atomic<bool> bad_worker{false};
    executor->for_each_ordered(
        100,
        [&](std::size_t worker, std::size_t slot, std::size_t piece) {
            const std::size_t now = ++under_way;
            for (std::size_t seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
            }
            if (worker >= threads) bad_worker = true;
            slot_holds[slot] = piece;
            ++made[piece];
        },
        [&](std::size_t slot, std::size_t piece) {
            CHECK(slot_holds[slot] == piece);
            order.push_back(piece);
            --under_way;
        });
    REQUIRE(order.size() == 100);
    for (std::size_t piece = 0; piece < 100; ++piece) {
        CHECK(order[piece] == piece);
        CHECK(made[piece] == 1);
    }
    CHECK(most <= executor->slots());
    CHECK_FALSE(bad_worker);
}

TEST_CASE("no pieces, no calls", "[threads]") {
    const auto executor = executors::make(GENERATE(Kind::tbb, Kind::threads), 2);
    executor->for_each_ordered(
        0, [](std::size_t, std::size_t, std::size_t) { FAIL(); }, [](std::size_t, std::size_t) { FAIL(); });
}

TEST_CASE("a failure of either side ends the work and is thrown on", "[threads]") {
    const auto executor = executors::make(GENERATE(Kind::tbb, Kind::threads), 2);
    const auto nothing = [](std::size_t, std::size_t) {};
    CHECK_THROWS_WITH(executor->for_each_ordered(
                          50,
                          [](std::size_t, std::size_t, std::size_t piece) {
                              if (piece == 20) throw std::runtime_error("no memory");
                          },
                          nothing),
                      "no memory");
    std::size_t consumed = 0;
    CHECK_THROWS_WITH(executor->for_each_ordered(
                          50, [](std::size_t, std::size_t, std::size_t) {},
                          [&](std::size_t, std::size_t piece) {
                              if (piece == 10) throw std::runtime_error("disk full");
                              ++consumed;
                          }),
                      "disk full");
    CHECK(consumed == 10);
}
