#include "volstorm/io/digest.h"

#include <xxhash.h>

#include <bit>
#include <new>

namespace volstorm {

struct Digest::State {
    XXH3_state_t* xxh = XXH3_createState();
    ~State() { XXH3_freeState(xxh); }
};

Digest::Digest() : state_(std::make_unique<State>()) {
    if (state_->xxh == nullptr) throw std::bad_alloc();
    XXH3_128bits_reset(state_->xxh);
}
Digest::Digest(Digest&&) noexcept = default;
Digest::~Digest() = default;

Digest& Digest::bytes(std::span<const std::byte> data) {
    XXH3_128bits_update(state_->xxh, data.data(), data.size());
    return *this;
}

Digest& Digest::number(std::uint64_t value) {
    std::array<std::byte, 8> data{};
    for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<std::byte>(value >> (8 * i) & 0xff);
    return bytes(data);
}

Digest& Digest::text(std::string_view text) { return number(text.size()).bytes(std::as_bytes(std::span(text))); }

std::uint64_t Digest::low_half() const { return XXH3_128bits_digest(state_->xxh).low64; }

Hash Digest::hash() const {
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state_->xxh));
    return std::bit_cast<Hash>(canonical.digest);
}

std::string Digest::hex() const {
    std::string text;
    for (const std::byte byte : hash()) {
        text += "0123456789abcdef"[std::to_integer<unsigned>(byte >> 4)];
        text += "0123456789abcdef"[std::to_integer<unsigned>(byte & std::byte{15})];
    }
    return text;
}

}  // namespace volstorm
