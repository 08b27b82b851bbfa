//! Reading a document, and comparing what was read with what is written.

#![allow(dead_code, clippy::panic, clippy::unwrap_used)]

pub mod random;

use fidelity::{is_hollow, losses_but};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// What became of a document.
pub enum Outcome {
    /// It was written back as it was read.
    Same,
    /// It was refused or came back changed; the text says why.
    Different(String),
}

/// Reads a document strictly, writes it, and compares.
pub fn round_trip<T: DeserializeOwned + Serialize>(document: &Value) -> Outcome {
    let object: T = match crd_core::parse::strict(document) {
        Ok(object) => object,
        Err(error) => return Outcome::Different(error.to_string()),
    };
    let written = serde_json::to_value(&object).unwrap();
    let differences = losses_but(document, &written, |_, value| is_hollow(value));
    if differences.is_empty() {
        Outcome::Same
    } else {
        Outcome::Different(differences.join(", "))
    }
}
