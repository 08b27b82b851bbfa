//! Expressions that our own reader does not read.

use super::NOT_BUILT_IN;
use crate::cel::compiled::Unread;
use crate::cel::tree::IdedExpr;

/// Never a tree, and no word against the text.
pub(in crate::cel) fn guarded(_: &str, _: usize) -> Result<IdedExpr, Unread> {
    Err(Unread::NotRead(NOT_BUILT_IN.to_owned()))
}
