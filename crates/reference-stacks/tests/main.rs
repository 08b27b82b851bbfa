//! The tests of this crate, as one program: what it depends on is linked once.

mod documents;
mod facts;
mod gitops;
mod made;
mod pictures;
mod scripts;
mod stacks;
mod systems;
