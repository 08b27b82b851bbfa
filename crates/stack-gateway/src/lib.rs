#![doc = include_str!("../README.md")]

mod answer;
mod attachment;
mod backend;
mod certificate;
mod condition;
mod conflict;
mod delivery;
mod fields;
mod filter;
mod gateway;
mod grant;
mod hostname;
mod listener;
mod matching;
mod mesh;
mod policy;
mod request;
mod route;
mod routing;
mod status;

pub use answer::{Answer, Forwarded, Mirror, Redirect, ResponseHeaders};
pub use attachment::{Attachment, Parent, Refusal};
pub use backend::{Backend, BackendProblem, BackendTls};
pub use condition::Condition;
pub use gateway::{Gateway, ListenerSet};
pub use listener::{AllowedNamespaces, Listener, ListenerProtocol};
pub use request::{Question, Request, Requests};
pub use route::{ParentRef, Route, RouteKind};
pub use routing::Routing;
pub use status::{ConditionRow, GatewayRow, ListenerRow, ObjectRef, Status};
