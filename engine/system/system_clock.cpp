#include "engine/system/system_clock.h"

#include <charconv>
#include <cstdlib>
#include <string_view>
#include <thread>

namespace pregroove::system {

Duration SystemClock::now() const {
  return std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch());
}

void SystemClock::sleep_for(Duration duration) { std::this_thread::sleep_for(duration); }

FileTime current_time_or_source_date_epoch() {
  // Read once, before any thread starts that could change the environment.
  if (const char* text = std::getenv("SOURCE_DATE_EPOCH")) {  // NOLINT(concurrency-mt-unsafe)
    const std::string_view digits = text;
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(digits.begin(), digits.end(), seconds);
    if (error == std::errc{} && end == digits.end() && seconds >= 0)
      return FileTime(std::chrono::seconds(seconds));
  }
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

}  // namespace pregroove::system
