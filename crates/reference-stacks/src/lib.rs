#![doc = include_str!("../README.md")]

pub mod documents;
pub mod script;
pub mod stacks;
pub mod systems;
