//! The programs at the root of the tree: install, verify, remove.
//!
//! What they do comes from the bundle; what is the same in every stack (reading options, printing, judging) is plain bash
//! beside this module, without holes.

mod every;
mod script;
mod setup;
mod teardown;
mod tools;
mod verify;

pub(crate) use script::Script;
pub(super) use tools::known as tools;

use super::File;
use crate::bundle::Bundle;

/// Installs the stack.
pub(crate) const SETUP: &str = "setup.sh";
/// Checks a running stack.
pub(crate) const VERIFY: &str = "verify-all.sh";
/// Removes the stack.
pub(crate) const TEARDOWN: &str = "teardown.sh";

/// The three programs.
pub(crate) fn files(bundle: &Bundle) -> Vec<File> {
    [
        (SETUP, setup::text(bundle)),
        (VERIFY, verify::text(bundle)),
        (TEARDOWN, teardown::text(bundle)),
    ]
    .map(|(path, text)| File {
        path: path.to_owned(),
        text,
        executable: true,
    })
    .into()
}
