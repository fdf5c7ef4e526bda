#include "volstorm/io/text_heaps.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>
#include <system_error>

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

 private:
    std::size_t size_;
    void* data_;
};

std::int64_t checksum(std::span<const std::byte> bytes) {
    return static_cast<std::int64_t>(Digest().bytes(bytes).low_half());
}

}  // namespace

std::vector<std::int64_t> find_text_heaps(const std::filesystem::path& file) {
    // HDF5 File Format Specification 3.0, section III.E: signature, version 1, three zeros, 8 bytes of size.
    constexpr std::string_view kHead("GCOL\1\0\0\0", 8);
    constexpr std::size_t kSizeEnd = 16;
    const Mapped mapped(file);
    const std::span<const std::byte> bytes = mapped.bytes();
    std::vector<std::int64_t> list{0, 0, checksum({})};  // not every tool reads an empty attribute
    for (std::size_t at = 0; at + kSizeEnd <= bytes.size(); ++at) {
        const void* found = ::memmem(&bytes[at], bytes.size() - at, kHead.data(), kHead.size());
        if (found == nullptr) break;
        at = static_cast<std::size_t>(static_cast<const std::byte*>(found) - bytes.data());
        std::uint64_t size = 0;
        if (bytes.size() - at < kSizeEnd) break;
        std::memcpy(&size, &bytes[at + kHead.size()], sizeof size);
        if (size < kSizeEnd || size > bytes.size() - at) continue;  // numbers that look like a heap
        list.insert(list.end(), {static_cast<std::int64_t>(at), static_cast<std::int64_t>(size),
                                 checksum(bytes.subspan(at, size))});
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
