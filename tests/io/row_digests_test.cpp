#include "volstorm/io/row_digests.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "core/temporary_folder.h"
#include "io/sample.h"
#include "volstorm/core/error.h"

using namespace volstorm;
using Catch::Matchers::Contains;
using h5::File;

namespace {

constexpr h5::Size kRows = 3, kColumns = 90'000;  // more than a chunk; with float32 more than 64 kB

/// A file with a dataset of rank 1 and one of rank 2, whose numbers are not written yet.
File unwritten(const std::filesystem::path& path) {
    File file = File::create(path);
    file.dimension("row", kRows, "row");
    file.dimension("path", kColumns, "path");
    file.dataset("/line", {h5::Type::int32, {"path"}, "1", "rank 1"});
    file.dataset("/table", {h5::Type::float32, {"row", "path"}, "1", "rank 2"});
    return file;
}

const std::vector<std::int32_t> kLine = sample_numbers<std::int32_t>(kColumns, 1.0);
const std::vector<float> kTable = sample_numbers<float>(kRows * kColumns, 0.25);

/// Writes places [first, first + count) of every row of both.
void write_block(File& file, h5::Size first, h5::Size count) {
    file.write("/line", {{first}, {count}}, std::span(kLine).subspan(first, count));
    for (h5::Size row = 0; row < kRows; ++row) {
        file.write("/table", {{row, first}, {1, count}}, std::span(kTable).subspan(row * kColumns + first, count));
    }
}

/// The full digest as it was taken while writing, where it was, and as a reader of the file finds it: they agree.
std::string agreed_digest(File& file) {
    const std::filesystem::path path = file.path();
    seal(file);
    const auto written = file.attribute<std::string>("/", "full_digest");
    file.close();
    const File back = File::open(path);
    CHECK(back.written_rows("/line") == nullptr);
    CHECK(full_digest(back) == written);
    CHECK_NOTHROW(check_full_digest(back));
    return written;
}

std::span<const std::byte> bytes_of(std::span<const float> numbers) { return std::as_bytes(numbers); }

}  // namespace

TEST_CASE("the full digest is the same written whole, in uneven blocks or in any order, and read") {
    const TemporaryFolder folder;
    File whole = unwritten(folder / "whole.h5"), blocks = unwritten(folder / "blocks.h5");
    File disorder = unwritten(folder / "disorder.h5");
    whole.write("/line", kLine);
    whole.write("/table", kTable);
    for (h5::Size first = 0, count = 1; first < kColumns; first += count, count = 3 * count + 1) {
        count = std::min(count, kColumns - first);
        write_block(blocks, first, count);
    }
    for (const h5::Size first : {60'000, 0, 30'000}) write_block(disorder, first, 30'000);
    for (const File* file : {&whole, &blocks}) {
        CHECK(file->written_rows("/line") != nullptr);
        CHECK(file->written_rows("/table") != nullptr);
    }
    CHECK(disorder.written_rows("/line") == nullptr);  // so it is read
    CHECK(disorder.written_rows("/table") == nullptr);
    const std::string digest = agreed_digest(whole);
    CHECK(agreed_digest(blocks) == digest);
    CHECK(agreed_digest(disorder) == digest);
}

TEST_CASE("a row that is unfinished, or written twice, is read for its digest") {
    const TemporaryFolder folder;
    File file = unwritten(folder / "a.h5");
    write_block(file, 0, kColumns - 1);
    CHECK(file.written_rows("/table") == nullptr);
    write_block(file, kColumns - 1, 1);
    CHECK(file.written_rows("/table") != nullptr);
    const std::string before = full_digest(file);
    file.write("/table", {{2, 777}, {1, 1}}, std::vector<float>{-1.0f});
    CHECK(file.written_rows("/table") == nullptr);
    CHECK(file.written_rows("/line") != nullptr);
    CHECK(agreed_digest(file) != before);
}

TEST_CASE("a number changed after the seal is found by the full digest alone") {
    const TemporaryFolder folder;
    for (const bool table : {false, true}) {
        File file = unwritten(folder / (table ? "table.h5" : "line.h5"));
        write_block(file, 0, kColumns);
        seal(file);
        if (table) file.write("/table", {{1, 5}, {1, 1}}, std::vector<float>{-1.0f});
        if (!table) file.write("/line", {{5}, {1}}, std::vector<std::int32_t>{-1});
        const std::filesystem::path path = file.path();
        file.close();
        const File back = File::open(path);
        CHECK_NOTHROW(check_digest(back));
        CHECK_THROWS_WITH(check_full_digest(back), Contains("its full_digest is"));
    }
}

TEST_CASE("a row has the XXH3-128 of its numbers, at any rank and cut") {
    const std::span numbers = std::span(kTable).first(2 * 3 * 5);
    RowDigests whole({2, 3, 5}), cut({2, 3, 5});
    whole.add({{0, 0, 0}, {2, 3, 5}}, bytes_of(numbers));
    for (h5::Size i = 0; i < 2; ++i) {
        const std::span half = numbers.subspan(i * 15, 15);
        cut.add({{i, 0, 0}, {1, 1, 5}}, bytes_of(half.first(5)));
        cut.add({{i, 1, 0}, {1, 2, 5}}, bytes_of(half.last(10)));
    }
    REQUIRE(whole.complete());
    REQUIRE(cut.complete());
    CHECK(std::ranges::equal(whole.hashes(), cut.hashes()));
    for (std::size_t row = 0; row < 6; ++row) {
        CHECK(whole.hashes()[row] == Digest().bytes(bytes_of(numbers.subspan(row * 5, 5))).hash());
    }
}

TEST_CASE("rows are complete only when each came once, in order") {
    const std::vector<float> six(6);
    RowDigests rows({2, 3});
    CHECK_FALSE(rows.complete());
    rows.add({{1, 0}, {1, 3}}, bytes_of(std::span(six).first(3)));  // rows may come in any order
    CHECK_FALSE(rows.complete());
    rows.add({{0, 0}, {1, 3}}, bytes_of(std::span(six).first(3)));
    CHECK(rows.complete());
    rows.add({{0, 0}, {2, 3}}, bytes_of(six));
    CHECK_FALSE(rows.complete());
}
