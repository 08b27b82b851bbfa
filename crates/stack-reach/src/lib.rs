#![doc = include_str!("../README.md")]

mod address;
mod answer;
mod candidates;
mod findings;
mod flow;
mod istio;
mod matrix;
mod notation;
mod path;
mod policy;
mod ports;
mod reach;
mod requests;
mod require;
mod route;
mod settings;
mod unread;
mod world;

pub use address::{Block, BlockError};
pub use answer::{Answer, Layer, Step, Verdict};
pub use findings::Remark;
pub use flow::{Entity, Flow, FlowFrom, Icmp, IcmpFamily, Labelled, Name, Place, PortRef, Request};
pub use matrix::{Asked, Change, ChangeKind, Line, Matrix, Party, diff};
pub use notation::PlaceError;
pub use ports::{Connections, PortSet, Protocol};
pub use reach::Reach;
pub use requests::RequestSet;
pub use require::{
    Expectation, Failure, Outcome, Outside, Parties, PartyError, Report, RequestText, Requirements,
};
pub use settings::{Cni, OutboundTraffic, PolicyEnforcement, SettingError, Settings};
pub use unread::Unread;
