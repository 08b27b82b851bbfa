//! Which members of an object in JSON each field of its struct is.

use kube_vocab::FieldPath;
use serde_json::Value;

use super::builder::{Builder, Root};
use super::debugged::{Body, Node};
use super::seed::Seed;
use super::type_name::Ty;

/// A field of a struct that has a value, with the members that it is in JSON.
pub(super) struct Aligned<'v> {
    pub(super) name: &'v str,
    pub(super) node: &'v Node,
    pub(super) kind: Member<'v>,
}

pub(super) enum Member<'v> {
    /// One member.
    One(&'v str, &'v Value, Option<Ty>),
    /// A union beside other members.
    Embedded(Ty),
    /// All members that no other field has.
    Rest(usize),
    /// Nothing: left out.
    Absent,
}

impl Builder<'_> {
    /// Which members each field is. Both stand in the order of the declaration, and fields may be left out of JSON.
    pub(super) fn align<'v>(
        &self,
        fields: &'v [(String, Node)],
        value: &'v Value,
        path: &FieldPath,
    ) -> Option<Vec<Aligned<'v>>> {
        let members: Vec<(&String, &Value)> = value.as_object()?.iter().collect();
        let is_root = path.is_root() && self.reading.is != Root::Part;
        let mut at = 0;
        while is_root
            && at < members.len()
            && matches!(members[at].0.as_str(), "apiVersion" | "kind")
        {
            at += 1;
        }
        let mut aligned = Vec::new();
        for (number, (name, node)) in fields.iter().enumerate() {
            let mut kind = Member::Absent;
            if let Some((key, member)) = members.get(at) {
                let seed = self.seeds.get(&path.clone().field(key.as_str()));
                let named = squashed(name) == squashed(key);
                let later = || {
                    fields[number + 1..]
                        .iter()
                        .any(|(other, _)| squashed(other) == squashed(key))
                };
                match seed {
                    Some(Seed::Union(union, _)) if is_arm(node.inside()) && !node.is_empty() => {
                        let union = union.clone();
                        while let Some((key, _)) = members.get(at) {
                            let seed = self.seeds.get(&path.clone().field(key.as_str()));
                            if !matches!(seed, Some(Seed::Union(of, _)) if *of == union) {
                                break;
                            }
                            at += 1;
                        }
                        kind = Member::Embedded(union);
                    }
                    Some(Seed::Union(..)) => {}
                    _ if !named && is_rest(node, key) => {
                        kind = Member::Rest(at);
                        at = members.len();
                    }
                    seed => {
                        let hollow = node.is_empty() && !is_hollow(member);
                        // Of two members whose names differ in case only, the second field has a number behind its name.
                        let twin = || {
                            fields[number + 1..].iter().any(|(other, node)| {
                                let other = squashed(other);
                                let other = other.trim_end_matches(|c: char| c.is_ascii_digit());
                                !node.is_empty() && other == squashed(key)
                            })
                        };
                        let named = named && !(hollow && twin());
                        if named || (!hollow && *node != none() && !later()) {
                            let ty = match seed {
                                Some(Seed::Value(ty)) => Some(ty.clone()),
                                _ => None,
                            };
                            kind = Member::One(key, member, ty);
                            at += 1;
                        }
                    }
                }
            }
            aligned.push(Aligned { name, node, kind });
        }
        (at == members.len()).then_some(aligned)
    }
}

pub(super) fn none() -> Node {
    Node::Named("None".to_owned(), Body::Nothing)
}

/// Whether a node can be an arm of an enum.
fn is_arm(node: &Node) -> bool {
    matches!(node, Node::Named(_, Body::Nothing | Body::Tuple(_)))
}

/// Whether a field is a map that has the member among its entries.
fn is_rest(node: &Node, key: &str) -> bool {
    match node {
        Node::Map(entries) => entries
            .iter()
            .any(|(known, _)| matches!(known, Node::Text(known) if known == key)),
        _ => false,
    }
}

fn is_hollow(value: &Value) -> bool {
    match value {
        Value::Array(elements) => elements.is_empty(),
        Value::Object(members) => members.is_empty(),
        other => other.is_null(),
    }
}

/// The letters and digits of a name, in lower case: what the Rust and the JSON spelling of a name have in common.
pub(super) fn squashed(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|letter| letter.to_ascii_lowercase()).collect()
}
