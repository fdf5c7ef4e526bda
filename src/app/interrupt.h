#pragma once

namespace volstorm {

/// From here on Ctrl-C, SIGTERM and SIGHUP remove the unfinished result, say so, and end the program by that signal,
/// so that a shell shows 130, 143 or 129. A signal that is ignored (nohup) stays so.
void clean_up_on_signals();

}  // namespace volstorm
