// What ends a server: SIGINT, SIGTERM, or a part of the program that asks for it.
#pragma once

#include <memory>

#include "engine/base/error.h"
#include "simdrive/hosts/descriptor.h"

namespace simdrive::hosts {

class StopRequest {
 public:
  // The two signals are kept from the calling thread, and from those that it starts from now on,
  // until the StopRequest is gone. So it is made before the first way in.
  [[nodiscard]] static pregroove::Result<std::unique_ptr<StopRequest>> create();
  ~StopRequest();
  StopRequest(const StopRequest&) = delete;
  StopRequest& operator=(const StopRequest&) = delete;

  // From any thread.
  void request();
  // Returns when there was a signal or a request; the request stands from then on.
  void wait();
  // Readable as soon as there was a request, for poll().
  [[nodiscard]] int descriptor() const { return event_.get(); }

 private:
  StopRequest(Descriptor event, Descriptor signals);

  Descriptor event_;
  Descriptor signals_;
};

}  // namespace simdrive::hosts
