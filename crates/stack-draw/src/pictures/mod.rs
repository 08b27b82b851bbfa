//! Pictures of bundles and models. What they show comes from the crates that know it; nothing is worked out twice.

mod architecture;
mod boxes;
mod capacity;
#[cfg(feature = "differences")]
mod differences;
mod flows;
mod install;
mod policies;
mod references;
mod said;
mod scrape;
mod selected;
mod telemetry;
mod traffic;

pub use architecture::architecture;
pub use capacity::capacity;
#[cfg(feature = "differences")]
pub use differences::differences;
pub use install::{install, install_of_bundle};
pub use policies::policies;
pub use references::references;
pub use selected::{PolicyUse, policy_uses};
pub use telemetry::{Configuration, configurations, telemetry};
pub use traffic::traffic;
