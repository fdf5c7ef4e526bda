#pragma once
#define H5_USE_110_API  // in later libraries the same names mean the same
#include <hdf5.h>
#include <hdf5_hl.h>

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "volstorm/io/h5.h"

namespace volstorm::h5 {

/// An HDF5 identifier, closed at its end.
class Handle {
 public:
    using Closer = herr_t (*)(hid_t);
    Handle() = default;
    Handle(hid_t id, Closer closer) : id_(id), closer_(closer) {}
    Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, H5I_INVALID_HID)), closer_(other.closer_) {}
    Handle& operator=(Handle&& other) noexcept {
        std::swap(id_, other.id_);
        std::swap(closer_, other.closer_);
        return *this;
    }
    ~Handle() { close(); }
    operator hid_t() const { return id_; }

    /// False if HDF5 could not close it, that is, could not write out what it held.
    bool close() {
        const hid_t id = std::exchange(id_, H5I_INVALID_HID);
        return id < 0 || closer_(id) >= 0;
    }
    void abandon() { id_ = H5I_INVALID_HID; }

 private:
    hid_t id_ = H5I_INVALID_HID;
    Closer closer_ = nullptr;
};

/// Before the library's first call: it would close at the exit what a full disk kept it from closing, and crash.
void leave_exit_alone();

/// In this thread: errors become exceptions.
void silence();

/// The innermost message of HDF5's error stack, which is then empty.
std::string last_error();

hid_t file_type(Type type);
hid_t memory_type(Type type);
bool is_float(Type type);

/// The largest number where the product overflows.
Size product(std::span<const Size> factors);

/// For HDF5, as long as `words` live.
std::vector<const char*> c_strings(std::span<const std::string> words);

}  // namespace volstorm::h5
