//! The files of a chart, out of an archive or a folder.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

/// More than this, unpacked, no chart has: Helm's own bound.
#[cfg(feature = "archives")]
const MAX_BYTES: u64 = 100 << 20;

/// The files of a chart by their paths below its root, with `/` between the parts.
pub(super) type Files = BTreeMap<String, Vec<u8>>;

/// The files of a packed chart, without the folder in which they all lie.
#[cfg(feature = "archives")]
pub(super) fn unpack(bytes: &[u8]) -> io::Result<Files> {
    use std::io::Read as _;

    use flate2::read::MultiGzDecoder;

    let mut files = Files::new();
    let mut archive = tar::Archive::new(MultiGzDecoder::new(bytes).take(MAX_BYTES));
    for entry in archive.entries()? {
        let mut entry = entry?;
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let path = entry.path()?.to_string_lossy().replace('\\', "/");
        if let Some((_, path)) = path.trim_start_matches("./").split_once('/') {
            let path = path.to_owned();
            let mut content = Vec::new();
            entry.read_to_end(&mut content)?;
            files.insert(path, content);
        }
    }
    Ok(files)
}

/// Nothing that unpacks charts is built in.
#[cfg(not(feature = "archives"))]
pub(super) fn unpack(_: &[u8]) -> io::Result<Files> {
    Err(io::Error::new(
        io::ErrorKind::Unsupported,
        "built without `stack-builder`'s feature `archives`, which unpacks charts",
    ))
}

/// The files of a folder and those below it, each with `prefix` before its path; links are left out.
pub(super) fn read_folder(folder: &Path, prefix: &str, files: &mut Files) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type()?;
        if kind.is_dir() {
            read_folder(&entry.path(), &format!("{path}/"), files)?;
        } else if kind.is_file() {
            files.insert(path, fs::read(entry.path())?);
        }
    }
    Ok(())
}
