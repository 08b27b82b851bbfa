#![doc = include_str!("../README.md")]

mod bars;
mod dot;
mod escape;
mod fold;
mod graph;
mod grid;
mod layout;
mod measure;
mod mermaid;
mod outline;
mod picture;
mod pictures;
mod svg;
mod text;

pub use bars::{Bar, Bars};
pub use escape::clean;
pub use fold::READABLE;
pub use graph::{Direction, Edge, EdgeKind, Graph, Group, GroupId, Mark, Node, NodeId, NodeKind};
pub use grid::{Cell, Grid, Share};
pub use layout::{Layout, Point, Rect, Route};
pub use picture::Picture;
#[cfg(feature = "differences")]
pub use pictures::differences;
pub use pictures::{
    Configuration, PolicyUse, architecture, capacity, configurations, install, install_of_bundle,
    policies, policy_uses, references, telemetry, traffic,
};
pub use svg::{Drawing, SvgOptions, Text, stylesheet};
