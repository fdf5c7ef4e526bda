#include <fcntl.h>
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <random>

#include "core/temporary_folder.h"
#include "io/child.h"
#include "io/sample.h"
#include "volstorm/core/error.h"
#include "volstorm/io/text_heaps.h"

using namespace volstorm;

namespace {

enum Outcome { kSame = 0, kRefused = 1, kDifferent = 2 };

/// One of five accidents to the bytes of a file: flipped bits, zeros, a cut, noise.
void damage(std::string& bytes, std::mt19937& random) {
    const auto below = [&](std::size_t n) { return random() % n; };
    const auto flip = [&](std::size_t at) { bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8))); };
    const std::size_t head = std::min<std::size_t>(6000, bytes.size()), at = below(bytes.size());
    switch (below(5)) {
        case 0:
            flip(at);
            break;
        case 1:
            flip(below(head));
            break;
        case 2:
            std::fill_n(bytes.begin() + static_cast<long>(at), std::min(1 + below(4096), bytes.size() - at), 0);
            break;
        case 3:
            bytes.resize(at);
            break;
        default:
            for (std::size_t i = 0, count = 1 + below(16); i < count; ++i)
                bytes[below(head)] = static_cast<char>(below(256));
    }
}

/// What a command does with a result file: opens it, checks the digest, reads everything.
Outcome read_all(const std::filesystem::path& path, const std::string& right) {
    try {
        const h5::File file = h5::File::open(path);
        check_digest(file);
        return full_digest(file) == right ? kSame : kDifferent;
    } catch (const DamagedFile&) {
        return kRefused;
    } catch (const IoError&) {
        return kRefused;
    }
}

int read_in_child(const std::filesystem::path& path, const std::string& right) {
    return run_in_child([&] {
        if (!kAddressSanitizer) limit(RLIMIT_AS, rlim_t{2} << 30);
        ::alarm(5);
        return read_all(path, right);
    });
}

/// Damages a sealed file `trials` times; every outcome must be the same content or a refusal.
void damage_and_read(int trials, unsigned seed) {
    const TemporaryFolder folder;
    const std::filesystem::path good = folder / "good.h5", bad = folder / "bad.h5";
    h5::File sample = sample_file(good);
    seal(sample);
    const std::string right = full_digest(sample);
    sample.close();
    std::ifstream in(good, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    REQUIRE(read_in_child(good, right) == kSame);

    std::mt19937 random(seed);
    int refused = 0;
    for (int trial = 0; trial < trials; ++trial) {
        std::string changed = bytes;
        damage(changed, random);
        std::ofstream(bad, std::ios::binary) << changed;
        const int outcome = read_in_child(bad, right);
        INFO("trial " << trial << ": exit code " << outcome << " (minus a signal: crash, or 14 for a hang)");
        REQUIRE((outcome == kSame || outcome == kRefused));
        refused += outcome == kRefused;
    }
    CHECK(refused > trials / 2);  // the rest hit bytes that carry nothing
}

}  // namespace

TEST_CASE("text is checked before HDF5, which crashes on some damage to it, reads it") {
    const TemporaryFolder folder;
    sample_file(folder / "a.h5").close();
    const std::vector<std::int64_t> list = find_text_heaps(folder / "a.h5");
    REQUIRE(list.size() > 3);
    std::fstream file(folder / "a.h5", std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(list[3] + list[4] - 1).put('x');  // the last byte of the first heap: free room in it
    file.close();
    CHECK_THROWS_WITH(h5::File::open(folder / "a.h5"), Catch::Matchers::Contains("its text has another checksum"));
}

TEST_CASE("a file that was never closed is refused") {
    const TemporaryFolder folder;
    { const h5::File file = sample_file(folder / "a.h5"); }
    CHECK_THROWS_WITH(h5::File::open(folder / "a.h5"), Catch::Matchers::Contains("it was never finished"));
}

TEST_CASE("a damaged file never becomes a number, a crash or a hang") { damage_and_read(300, 1); }
TEST_CASE("nor does any of 2,000", "[.long]") { damage_and_read(2000, 20250617); }
