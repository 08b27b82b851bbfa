//! One version of a kind as a value.

use kube_vocab::FieldPath;
use serde_json::Value;

use crate::channel::Channel;
use crate::parse::{self, ParseError};
use crate::resource::{Kind, KindInfo};
use crate::typed::TypedObject;

type Read = fn(&Value) -> Result<Box<dyn TypedObject>, ParseError>;
type Seeds = fn(&Value) -> Result<Vec<(FieldPath, &'static str)>, ParseError>;

/// A version of a kind with its schema. [`derive(Resource)`](crate::Resource) implements it where schemas are wanted.
#[cfg(feature = "schema")]
pub trait CrdVersion: Kind {
    /// The schema of the root object as the type declares it; [`Version::schema`] is what a server reads.
    fn schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema;
}

/// One version of a kind: what it is called, how documents of it are read and, with the feature `schema`, its schema.
#[derive(Clone, Copy, Debug)]
pub struct Version {
    info: KindInfo,
    served: Served,
    stored: bool,
    strict: Read,
    lenient: Read,
    seeds: Seeds,
    #[cfg(feature = "schema")]
    schema: fn(&mut schemars::SchemaGenerator) -> schemars::Schema,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Served {
    Always,
    Never,
    Experimental,
}

impl Version {
    /// The version of which `K` is the root type: served, and not stored.
    #[cfg(feature = "schema")]
    pub fn of<K: CrdVersion>() -> Self {
        Self {
            info: K::INFO,
            served: Served::Always,
            stored: false,
            strict: strict::<K>,
            lenient: lenient::<K>,
            seeds: parse::seeds::<K>,
            schema: K::schema,
        }
    }

    /// The version of which `K` is the root type: served, and not stored.
    #[cfg(not(feature = "schema"))]
    pub fn of<K: Kind>() -> Self {
        Self {
            info: K::INFO,
            served: Served::Always,
            stored: false,
            strict: strict::<K>,
            lenient: lenient::<K>,
            seeds: parse::seeds::<K>,
        }
    }

    /// Makes it the version in which the server keeps objects.
    #[must_use]
    pub fn stored(mut self) -> Self {
        self.stored = true;
        self
    }

    /// The server knows the version for objects stored long ago, and does not serve it.
    #[must_use]
    pub fn not_served(mut self) -> Self {
        self.served = Served::Never;
        self
    }

    /// Only a server of the experimental channel serves the version.
    #[must_use]
    pub fn served_in_experimental(mut self) -> Self {
        self.served = Served::Experimental;
        self
    }

    /// What the version is called and how kubectl shows it.
    pub fn info(&self) -> &KindInfo {
        &self.info
    }

    /// Group and version: `networking.istio.io/v1`.
    pub fn api_version(&self) -> String {
        format!("{}/{}", self.info.group, self.info.version)
    }

    /// Whether the server keeps objects in this version.
    pub fn is_stored(&self) -> bool {
        self.stored
    }

    /// Whether a server of this channel serves the version.
    pub fn is_served(&self, channel: Channel) -> bool {
        match self.served {
            Served::Always => true,
            Served::Never => false,
            Served::Experimental => channel == Channel::Experimental,
        }
    }

    /// Reads a document as [`parse::strict`] does.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the document, each with its path.
    pub fn strict(&self, document: &Value) -> Result<Box<dyn TypedObject>, ParseError> {
        (self.strict)(document)
    }

    /// Reads a document as [`parse::lenient`] does.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the document but unknown fields, each with its path.
    pub fn lenient(&self, document: &Value) -> Result<Box<dyn TypedObject>, ParseError> {
        (self.lenient)(document)
    }

    /// What each part of a document is read with, as [`parse::seeds`] says it.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong with the document.
    pub fn seeds(&self, document: &Value) -> Result<Vec<(FieldPath, &'static str)>, ParseError> {
        (self.seeds)(document)
    }

    /// The structural schema of the root object, as a server of this channel has it.
    #[cfg(feature = "schema")]
    pub fn schema(&self, channel: Channel) -> Value {
        crate::schema::inline(self.schema, channel).to_value()
    }

    /// The same schema with what stands in several places once, under `$defs`, and `$ref` in those places. No server reads that;
    /// it is made sooner and takes less memory than [`schema`](Self::schema). Beside a `$ref` stands at most a description.
    #[cfg(feature = "schema")]
    pub fn shared_schema(&self, channel: Channel) -> Value {
        crate::shared::schema(self.schema, channel)
    }
}

fn strict<K: Kind>(document: &Value) -> Result<Box<dyn TypedObject>, ParseError> {
    Ok(Box::new(parse::strict::<K>(document)?))
}

fn lenient<K: Kind>(document: &Value) -> Result<Box<dyn TypedObject>, ParseError> {
    Ok(Box::new(parse::lenient::<K>(document)?))
}
