#include "volstorm/io/atomic_file.h"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "volstorm/core/error.h"

namespace volstorm {
namespace {

std::filesystem::path folder_of(const std::filesystem::path& file) {
    return file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
}

/// The temporaries that exist, where a signal handler may read them: global, in fixed room, with a flag that is set
/// last and cleared first.
class Unfinished {
 public:
    static constexpr std::size_t kNone = ~std::size_t{0};

    std::size_t add(const std::string& path) {
        if (path.size() >= kLongest) return kNone;  // the system takes no such path either
        for (std::size_t i = 0; i < slots_.size(); ++i) {
            int expected = kFree;
            if (!slots_[i].state.compare_exchange_strong(expected, kFilling)) continue;
            std::memcpy(slots_[i].path.data(), path.c_str(), path.size() + 1);
            slots_[i].state = kListed;
            return i;
        }
        return kNone;
    }
    void drop(std::size_t place) {
        if (place != kNone) slots_[place].state = kFree;
    }
    void remove_all() const noexcept {
        for (const Slot& slot : slots_)
            if (slot.state == kListed) ::unlink(slot.path.data());
    }

 private:
    static constexpr std::size_t kLongest = 4096;
    enum : int { kFree, kFilling, kListed };
    struct Slot {
        std::atomic<int> state = kFree;
        std::array<char, kLongest> path{};
    };
    std::array<Slot, 8> slots_{};
};
constinit Unfinished unfinished;

/// An open file descriptor; IoError if the system refuses to open it.
class Descriptor {
 public:
    /// Errors name `known_as`: the file that the user knows, where `path` is its temporary.
    Descriptor(const std::filesystem::path& path, int flags, std::filesystem::path known_as)
        : known_as_(std::move(known_as)), value_(::open(path.c_str(), flags | O_CLOEXEC, 0666)) {
        if (value_ < 0) fail();
    }
    ~Descriptor() {
        if (value_ >= 0) ::close(value_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    void write(std::string_view text) const {
        for (std::string_view rest = text; !rest.empty();) {
            const ssize_t written = ::write(value_, rest.data(), rest.size());
            if (written < 0 && errno != EINTR) fail(text.size());
            if (written > 0) rest.remove_prefix(static_cast<std::size_t>(written));
        }
    }
    void sync() const {
        if (::fsync(value_) != 0) fail();
    }
    void close() {
        if (::close(std::exchange(value_, -1)) != 0) fail();
    }

 private:
    [[noreturn]] void fail(std::uint64_t needed_bytes = 0) const {
        throw IoError(write_error(known_as_, errno, needed_bytes));
    }
    std::filesystem::path known_as_;
    int value_;
};

void sync(const std::filesystem::path& path, int flags, const std::filesystem::path& known_as) {
    Descriptor file(path, flags, known_as);
    file.sync();
    file.close();
}

}  // namespace

AtomicFile::AtomicFile(std::filesystem::path target)
    : target_(std::move(target)), temporary_(target_.string() + ".tmp-" + std::to_string(::getpid())) {
    ::unlink(temporary_.c_str());  // left by a killed process that had this number
    listed_ = unfinished.add(temporary_.string());
}

AtomicFile::~AtomicFile() {
    if (!committed_) ::unlink(temporary_.c_str());
    unfinished.drop(listed_);
}

void AtomicFile::begin_sync() const noexcept {
#ifdef __linux__
    const int file = ::open(temporary_.c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC);
    if (file < 0) return;
    ::sync_file_range(file, 0, 0, SYNC_FILE_RANGE_WRITE);
    ::close(file);
#endif
}

void AtomicFile::commit() {
    sync(temporary_, O_RDWR | O_NOFOLLOW, target_);
    if (::rename(temporary_.c_str(), target_.c_str()) != 0) throw IoError(write_error(target_, errno));
    committed_ = true;
    unfinished.drop(std::exchange(listed_, Unfinished::kNone));
    sync(folder_of(target_), O_RDONLY | O_DIRECTORY, target_);
}

void remove_unfinished_files() noexcept { unfinished.remove_all(); }

void write_atomically(const std::filesystem::path& target, std::string_view text) {
    AtomicFile file(target);
    Descriptor out(file.temporary(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, target);
    out.write(text);
    out.close();
    file.commit();
}

std::string write_error(const std::filesystem::path& path, int error, std::uint64_t needed_bytes) {
    std::string text = "cannot write " + path.string() + ": " + std::generic_category().message(error);
    struct statvfs disk {};
    if (error != ENOSPC && error != EDQUOT && error != EFBIG) return text;
    if (::statvfs(folder_of(path).c_str(), &disk) != 0) return text;
    const std::uint64_t free_bytes = std::uint64_t{disk.f_bavail} * disk.f_frsize;
    text += needed_bytes > 0 ? " (needs " + std::to_string(needed_bytes) + " bytes, " : " (";
    return text + std::to_string(free_bytes) + " bytes free)";
}

}  // namespace volstorm
