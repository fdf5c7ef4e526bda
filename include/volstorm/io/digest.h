#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace volstorm {

using Hash = std::array<std::byte, 16>;  // the highest byte first

/// XXH3-128 of bytes given piece by piece. It finds accidents; it stops no forger.
class Digest {
 public:
    Digest();
    Digest(Digest&&) noexcept;
    ~Digest();

    Digest& bytes(std::span<const std::byte> data);
    Digest& number(std::uint64_t value);  // its 8 bytes, the lowest first
    Digest& text(std::string_view text);  // its length, then its bytes
    std::uint64_t low_half() const;
    Hash hash() const;
    std::string hex() const;  // 32 digits, as xxhsum prints them

 private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace volstorm
