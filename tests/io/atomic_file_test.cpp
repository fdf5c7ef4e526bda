#include "volstorm/io/atomic_file.h"

#include <sched.h>
#include <sys/mount.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>

#include "core/temporary_folder.h"
#include "io/child.h"
#include "io/sample.h"
#include "volstorm/core/error.h"
#include "volstorm/io/publish.h"

using namespace volstorm;
using Catch::Matchers::Contains;

namespace {

std::string text_of(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::size_t files_in(const std::filesystem::path& folder) {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
}

/// Publishes a file with 4 MB of numbers.
void publish_large(const std::filesystem::path& target) {
    AtomicFile place(target);
    h5::File file = h5::File::create(place.temporary());
    file.dimension("path", 1'000'000, "path");
    file.dataset("/x", {h5::Type::float32, {"path"}, "1", "x"});
    file.write("/x", sample_numbers<float>(1'000'000, 1.0));
    publish(std::move(file), place);
}

/// 0 if publishing fails as it should: an IoError with path, need and room; the target as before, nothing else left.
int fails_cleanly(const std::filesystem::path& target, std::string_view reason) {
    std::ofstream(target) << "before";
    std::string message;
    try {
        publish_large(target);
        return 1;
    } catch (const IoError& error) {
        message = error.what();
    }
    const auto has = [&](std::string_view part) { return message.find(part) != std::string::npos; };
    if (!has(target.string()) || !has(reason) || !has("needs 4000000 bytes, ") || !has(" bytes free")) {
        std::cerr << message << '\n';
        return 2;
    }
    return text_of(target) == "before" && files_in(target.parent_path()) == 1 ? 0 : 3;
}

}  // namespace

TEST_CASE("a committed file takes the name of its target and leaves no temporary") {
    const TemporaryFolder folder;
    write_atomically(folder / "a.txt", "first");
    write_atomically(folder / "a.txt", "second");
    CHECK(text_of(folder / "a.txt") == "second");
    CHECK(files_in(folder.path()) == 1);
}

TEST_CASE("a sync begun early changes nothing that is written, and needs no file") {
    const TemporaryFolder folder;
    AtomicFile file(folder / "x");
    file.begin_sync();
    CHECK(files_in(folder.path()) == 0);
    std::ofstream(file.temporary()) << "first ";
    file.begin_sync();
    std::ofstream(file.temporary(), std::ios::app) << "second";
    file.commit();
    CHECK(text_of(folder / "x") == "first second");
    CHECK(files_in(folder.path()) == 1);
}

TEST_CASE("without a commit the target stays and the temporary goes") {
    const TemporaryFolder folder;
    std::ofstream(folder / "a.txt") << "before";
    {
        const AtomicFile file(folder / "a.txt");
        std::ofstream(file.temporary()) << "half";
        CHECK(files_in(folder.path()) == 2);
    }
    CHECK(text_of(folder / "a.txt") == "before");
    CHECK(files_in(folder.path()) == 1);
}

TEST_CASE("a temporary left by a killed process does not stop the next") {
    const TemporaryFolder folder;
    std::ofstream(AtomicFile(folder / "a.txt").temporary()) << "left";
    CHECK_NOTHROW(write_atomically(folder / "a.txt", "new"));
    CHECK(files_in(folder.path()) == 1);
}

TEST_CASE("a signal handler removes what is unfinished and nothing else") {
    const TemporaryFolder folder;
    {
        AtomicFile first(folder / "a.txt"), second(folder / "b.txt"), never_made(folder / "c.txt");
        std::ofstream(first.temporary()) << "half";
        std::ofstream(second.temporary()) << "whole";
        second.commit();
        std::ofstream(second.temporary()) << "somebody else's";
        remove_unfinished_files();
        CHECK_FALSE(std::filesystem::exists(first.temporary()));
        CHECK(std::filesystem::exists(second.temporary()));
        std::filesystem::remove(second.temporary());
    }
    CHECK(text_of(folder / "b.txt") == "whole");
    CHECK(files_in(folder.path()) == 1);
    for (int i = 0; i < 100; ++i) write_atomically(folder / "b.txt", "again");  // places in the list are given back
    AtomicFile last(folder / "d.txt");
    std::ofstream(last.temporary()) << "half";
    remove_unfinished_files();
    CHECK_FALSE(std::filesystem::exists(last.temporary()));
}

TEST_CASE("a refusal of the system names the path and the reason") {
    const TemporaryFolder folder;
    CHECK_THROWS_WITH(write_atomically(folder / "none" / "a.txt", "x"), Contains("none/a.txt") && Contains("No such"));
    std::filesystem::create_directory(folder / "b");
    CHECK_THROWS_AS(write_atomically(folder / "b", "x"), IoError);
    CHECK(files_in(folder.path()) == 1);
    CHECK_THAT(write_error("/tmp/x", ENOSPC, 4096), Contains("needs 4096 bytes, ") && Contains(" bytes free"));
    CHECK_THAT(write_error("/tmp/x", EACCES, 4096), !Contains("bytes"));
}

TEST_CASE("a published file is sealed and whole") {
    const TemporaryFolder folder;
    publish_large(folder / "a.h5");
    CHECK(files_in(folder.path()) == 1);
    CHECK_NOTHROW(check_full_digest(h5::File::open(folder / "a.h5")));
}

TEST_CASE("a file size limit leaves the target as it was, wherever the limit strikes") {
    for (const rlim_t bytes : {1u << 9, 1u << 11, 1u << 14, 1u << 19, 1u << 21, 4'000'000u, 4'001'000u}) {
        const TemporaryFolder folder;
        const int code = run_in_child([&] {
            std::signal(SIGXFSZ, SIG_IGN);
            limit(RLIMIT_FSIZE, bytes);
            // To the end of a program: HDF5 must not fall over what a failure left open.
            std::exit(fails_cleanly(folder / "a.h5", "File too large"));
            return 0;
        });
        INFO(bytes << " bytes");
        CHECK(code == 0);
    }
}

TEST_CASE("a full disk leaves the target as it was") {
    constexpr int kNoMount = 77;
    for (const char* size : {"size=40k", "size=1m", "size=3900k"}) {
        const TemporaryFolder folder;
        const int code = run_in_child([&] {
            if (::unshare(CLONE_NEWNS) != 0) return kNoMount;  // needs root
            if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return kNoMount;
            if (::mount("tmpfs", folder.path().c_str(), "tmpfs", 0, size) != 0) return kNoMount;
            std::exit(fails_cleanly(folder / "a.h5", "No space left on device"));
            return 0;
        });
        INFO(size);
        if (code == kNoMount) WARN("not tried: no right to mount a small disk");
        CHECK((code == 0 || code == kNoMount));
    }
}
