// Ctrl-C as a flag that long work looks at, so that a burn can end in a known state.
#pragma once

namespace pregroove::system {

// From now on SIGINT and SIGTERM set the flag instead of ending the process; a third one ends it.
void catch_interrupts();
[[nodiscard]] bool interrupt_requested();

// True when standard error is a terminal.
[[nodiscard]] bool stderr_is_terminal();

}  // namespace pregroove::system
