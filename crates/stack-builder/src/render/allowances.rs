//! `allowances.tsv`: what components answer for, for whoever judges the tree.

use super::{File, airgap};
use crate::bundle::Bundle;

/// The findings that may stay, each with its reason.
pub(crate) const FILE: &str = "allowances.tsv";

/// The file, unless nothing is allowed.
pub(crate) fn file(bundle: &Bundle) -> Option<File> {
    let mut allowances = bundle.allowances().peekable();
    allowances.peek()?;
    let rows = allowances.map(|allowance| {
        [
            allowance.code.clone(),
            allowance.subject.to_string(),
            allowance.reason.clone(),
        ]
    });
    Some(File {
        path: FILE.to_owned(),
        text: airgap::table(["code", "subject", "reason"], rows),
        executable: false,
    })
}
