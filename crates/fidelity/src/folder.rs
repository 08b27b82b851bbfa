//! Folders of data beside the project.

use std::io::Write as _;
use std::path::PathBuf;

/// The folder that an environment variable names, such as `CASES_DIR`. Where it names none, a line on standard error says that
/// a test was skipped: past the capture of the test harness, since nobody is to take that for a success.
#[must_use]
pub fn data_folder(variable: &str) -> Option<PathBuf> {
    let folder = std::env::var_os(variable);
    if folder.is_none() {
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED: {variable} names no folder, nothing was compared"
        );
    }
    folder.map(PathBuf::from)
}
