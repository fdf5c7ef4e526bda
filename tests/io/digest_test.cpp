#include "volstorm/io/digest.h"

#include <catch2/catch.hpp>
#include <set>

#include "core/temporary_folder.h"
#include "io/sample.h"
#include "volstorm/core/error.h"

using namespace volstorm;
using Catch::Matchers::Contains;

TEST_CASE("XXH3-128 has its known answers") {
    CHECK(Digest().hex() == "99aa06d3014798d86001c324468d497f");  // of nothing: xxHash's XXH3 test vectors, seed 0
    // `printf abc | xxh128sum` (xxHash 0.8.1)
    CHECK(Digest().bytes(std::as_bytes(std::span("abc", 3))).hex() == "06b05ab6733a618578af5f94892f3950");
}

TEST_CASE("a digest tells where a text ends") {
    CHECK(Digest().text("ab").text("c").hex() != Digest().text("a").text("bc").hex());
    CHECK(Digest().number(0x6162).hex() == Digest().bytes(std::as_bytes(std::span("ba\0\0\0\0\0\0", 8))).hex());
}

TEST_CASE("a sealed file has the digest it was sealed with, archived or not") {
    const TemporaryFolder folder;
    std::set<std::string> digests;
    for (const bool archive : {false, true}) {
        const auto path = folder / (archive ? "archive.h5" : "plain.h5");
        h5::File file = sample_file(path, archive);
        seal(file);
        file.close();
        const h5::File back = h5::File::open(path);
        CHECK_NOTHROW(check_full_digest(back));
        digests.insert(full_digest(back));
    }
    CHECK(digests.size() == 1);
}

TEST_CASE("a file without a seal is refused") {
    const TemporaryFolder folder;
    sample_file(folder / "a.h5").close();
    CHECK_THROWS_WITH(check_digest(h5::File::open(folder / "a.h5")), Contains("attribute digest is missing"));
}

TEST_CASE("the digest changes with every part of the content") {
    const TemporaryFolder folder;
    h5::File file = sample_file(folder / "a.h5");
    std::set<std::string> seen{content_digest(file)};
    const auto changed = [&] { return seen.insert(content_digest(file)).second; };
    file.set_attribute("/", "seed", std::int64_t{1});
    CHECK(changed());
    file.set_attribute("/paths/pnl", "units", std::string("EUR"));
    CHECK(changed());
    file.set_attribute("/", "shares", std::vector<double>{0.25, 0.75});
    CHECK(changed());
    file.write_text("/scenario/files", std::vector<std::string>{"calm.toml", "x"});
    CHECK(changed());
    file.write("/summary/paths", std::vector<std::int64_t>{1});
    CHECK(changed());
    file.write("/level", {{1}, {1}}, std::vector<double>{0.976});
    CHECK(changed());
    file.group("/empty");
    CHECK(changed());
    file.dimension("other", 5, "another dimension");
    CHECK(changed());
    file.set_attribute("/", "digest", std::string("any"));
    CHECK_FALSE(changed());
    const std::string full = full_digest(file);
    file.write("/paths/pnl", {{2, 777}, {1, 1}}, std::vector<float>{1.0f});  // large: the full digest's
    CHECK_FALSE(changed());
    CHECK(full_digest(file) != full);
}

TEST_CASE("an attribute changed after the seal is found") {
    const TemporaryFolder folder;
    h5::File file = sample_file(folder / "a.h5");
    seal(file);
    file.set_attribute("/", "title", std::string("another"));
    file.close();
    CHECK_THROWS_WITH(check_digest(h5::File::open(folder / "a.h5")), Contains("its digest is"));
}

TEST_CASE("both digests by hand, as results/README.md defines them, a large dataset in pieces") {
    const TemporaryFolder folder;
    const std::vector<double> numbers = sample_numbers<double>(600'000, 0.5);
    {
        h5::File file = h5::File::create(folder / "a.h5");
        file.dimension("row", 2, "row");
        file.dimension("path", 300'000, "path");  // more than a piece
        file.dataset("/x", {h5::Type::float64, {"row", "path"}, "1", "x"});
        file.write("/x", numbers);
        file.close();
    }
    Digest content, full;
    for (const char* name : {"/path", "/row"}) {
        content.text(name).number(2).text("float32").number(name == std::string("/path") ? 300'000 : 2);
        content.text(name + 1).text("long_name").number(0).text(name + 1);
    }
    content.text("/x").number(1).text("float64").number(2).number(300'000).text("row").text("path");
    content.text("long_name").number(0).text("x").text("units").number(0).text("1");
    full.text(content.hex()).text("/x");
    for (const std::size_t row : {0, 1}) {
        full.bytes(Digest().bytes(std::as_bytes(std::span(numbers).subspan(row * 300'000, 300'000))).hash());
    }
    const h5::File file = h5::File::open(folder / "a.h5");
    CHECK(content_digest(file) == content.hex());
    CHECK(full_digest(file) == full.hex());
}
