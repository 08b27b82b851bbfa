//! The processor's time of the thread, so that other programs on the machine do not show.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

pub fn processor() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(
        u64::try_from(now.tv_sec).unwrap_or_default(),
        u32::try_from(now.tv_nsec).unwrap_or_default(),
    )
}
