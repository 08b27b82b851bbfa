//! Writers: they turn a bundle into text and files, and nothing else does.

pub(crate) mod airgap;
pub(crate) mod files;
pub(crate) mod install;
pub(crate) mod readme;
pub(crate) mod scripts;
pub(crate) mod tree;

pub(crate) use stack_builder::render::shell;
pub use stack_builder::render::yaml;

pub use files::File;
pub use tree::{WriteError, WriteOptions};
