//! Writers of the formats that every stack needs.

pub mod shell;
pub mod yaml;
