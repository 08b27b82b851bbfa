//! The list of checksums by which CI sees whether somebody edited what is generated.

use std::fmt::Write;

use sha2::{Digest, Sha256};
use stack_builder::File;

/// Beside all that it lists.
pub(crate) const FILE: &str = "MANIFEST.sha256";

/// One line for each file, as `sha256sum --check` reads it.
pub(crate) fn text(files: &[File]) -> String {
    let mut text = String::new();
    for file in files {
        for byte in Sha256::digest(file.text.as_bytes()) {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        let _ = writeln!(text, "  {}", file.path);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_what_sha256sum_prints() {
        // printf abc >f; sha256sum f
        let files = [File {
            path: "f".into(),
            text: "abc".into(),
            executable: false,
        }];
        let line = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  f\n";
        assert_eq!(text(&files), line);
    }
}
