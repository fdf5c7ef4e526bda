#include "volstorm/io/text_heaps.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <system_error>

#include "volstorm/core/clones.h"
#include "volstorm/core/error.h"
#include "volstorm/io/digest.h"

namespace volstorm {
namespace {

/// The bytes of a file, as memory.
class Mapped {
 public:
    explicit Mapped(const std::filesystem::path& file) : size_(std::filesystem::file_size(file)) {
        const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
        data_ = descriptor < 0 ? MAP_FAILED : ::mmap(nullptr, size_, PROT_READ, MAP_SHARED, descriptor, 0);
        const int error = errno;
        if (descriptor >= 0) ::close(descriptor);
        if (data_ == MAP_FAILED) {
            throw IoError("cannot read " + file.string() + ": " + std::generic_category().message(error));
        }
    }
    ~Mapped() { ::munmap(data_, size_); }
    Mapped(const Mapped&) = delete;
    Mapped& operator=(const Mapped&) = delete;

    std::span<const std::byte> bytes() const { return {static_cast<const std::byte*>(data_), size_}; }
    /// Gives back the memory of all before `end`; it is read again where it is needed.
    void forget(std::size_t end) const { ::madvise(data_, end / kPage * kPage, MADV_DONTNEED); }

 private:
    static constexpr std::size_t kPage = 65'536;  // a multiple of every page size
    std::size_t size_;
    void* data_;
};

constexpr std::string_view kHead("GCOL\1\0\0\0", 8);

// Whether "GCOL" begins at one of `count` bytes; reads three beyond them. memmem alone takes seconds on a large file.
VOLSTORM_CLONES
bool has_signature(const char* bytes, std::size_t count) {
    std::uint8_t found = 0;
    for (std::size_t i = 0; i < count; ++i) {
        found |= static_cast<std::uint8_t>((bytes[i] == 'G') & (bytes[i + 1] == 'C') & (bytes[i + 2] == 'O') &
                                           (bytes[i + 3] == 'L'));
    }
    return found != 0;
}

// The first place from `at` on where a heap's head stands; the size of the file where there is none.
std::size_t next_head(std::span<const std::byte> bytes, std::size_t at) {
    constexpr std::size_t kPiece = 4096;
    const char* all = reinterpret_cast<const char*>(bytes.data());
    for (; at + kHead.size() <= bytes.size(); at += kPiece) {
        const std::size_t count = std::min(kPiece, bytes.size() - kHead.size() + 1 - at);
        if (!has_signature(all + at, count)) continue;
        const void* found = ::memmem(all + at, count + kHead.size() - 1, kHead.data(), kHead.size());
        if (found != nullptr) return static_cast<std::size_t>(static_cast<const char*>(found) - all);
    }
    return bytes.size();
}

std::int64_t checksum(std::span<const std::byte> bytes) {
    return static_cast<std::int64_t>(Digest().bytes(bytes).low_half());
}

}  // namespace

std::vector<std::int64_t> find_text_heaps(const std::filesystem::path& file) {
    // HDF5 File Format Specification 3.0, section III.E: signature, version 1, three zeros, 8 bytes of size.
    constexpr std::size_t kSizeEnd = 16, kWindow = 16 << 20;
    const Mapped mapped(file);
    const std::span<const std::byte> bytes = mapped.bytes();
    std::vector<std::int64_t> list{0, 0, checksum({})};  // not every tool reads an empty attribute
    for (std::size_t window = 0; window < bytes.size(); window += kWindow) {
        const std::size_t end = std::min(window + kWindow, bytes.size());
        const auto searched = bytes.first(std::min(end + kHead.size() - 1, bytes.size()));
        for (std::size_t place = next_head(searched, window); place < end; place = next_head(searched, place + 1)) {
            std::uint64_t size = 0;
            if (bytes.size() - place < kSizeEnd) break;
            std::memcpy(&size, &bytes[place + kHead.size()], sizeof size);
            if (size < kSizeEnd || size > bytes.size() - place) continue;  // numbers that look like a heap
            list.insert(list.end(), {static_cast<std::int64_t>(place), static_cast<std::int64_t>(size),
                                     checksum(bytes.subspan(place, size))});
        }
        mapped.forget(end);
    }
    return list;
}

bool text_heaps_intact(const std::filesystem::path& file, std::span<const std::int64_t> list) {
    const Mapped mapped(file);
    const std::span<const std::byte> bytes = mapped.bytes();
    bool intact = list.size() % 3 == 0;
    for (; intact && !list.empty(); list = list.subspan(3)) {
        const auto at = static_cast<std::uint64_t>(list[0]), size = static_cast<std::uint64_t>(list[1]);
        intact = at <= bytes.size() && size <= bytes.size() - at && checksum(bytes.subspan(at, size)) == list[2];
    }
    return intact;
}

}  // namespace volstorm
