#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace volstorm {

/// A file that is seen whole or not at all: it is written under temporary() beside the target and takes the target's
/// name in commit(). Without commit() the temporary is removed and the target stays as it was.
class AtomicFile {
 public:
    explicit AtomicFile(std::filesystem::path target);
    ~AtomicFile();
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    const std::filesystem::path& target() const { return target_; }
    const std::filesystem::path& temporary() const { return temporary_; }  // target.tmp-PID; whoever writes creates it

    /// Lets the disk begin with what is written so far, so that commit() waits less. A hint: nothing fails.
    void begin_sync() const noexcept;

    /// Syncs the temporary, renames it over the target and syncs the folder: then a power cut loses nothing.
    /// IoError if the system refuses any of it.
    void commit();

 private:
    std::filesystem::path target_;
    std::filesystem::path temporary_;
    std::size_t listed_;  // where remove_unfinished_files() finds it
    bool committed_ = false;
};

/// For a signal handler: removes the temporary of every AtomicFile that is not committed. Calls nothing but unlink.
void remove_unfinished_files() noexcept;

/// Writes `text` to `target` as an AtomicFile. IoError if the system refuses.
void write_atomically(const std::filesystem::path& target, std::string_view text);

/// `cannot write PATH: No space left on device (needs 4096 bytes, 512 bytes free)`; the brackets only where `error`
/// (an errno) is about space, and the need only where it is known (not 0).
std::string write_error(const std::filesystem::path& path, int error, std::uint64_t needed_bytes = 0);

}  // namespace volstorm
