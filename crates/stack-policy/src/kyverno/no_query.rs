//! Where no program that understands JMESPath is built in.

use serde_json::{Map, Value};

/// Never an answer: a policy that asks says that it is not known what it says.
pub(super) fn answer(_: &str, _: &Map<String, Value>) -> Result<Value, String> {
    Err("this program is built without JMESPath (feature `jmespath` of stack-policy and lab-builder)".to_owned())
}
