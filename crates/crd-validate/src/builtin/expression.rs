//! Rules in CEL that policies and definitions bring.

use std::sync::OnceLock;

use super::faults::Faults;
use super::node::Node;
use crate::cel::{self, Kind, Unread};
use serde_json::{Map, Value as Json, json};

use crate::value::Value;

/// What an expression of a policy may speak of, besides the request and its objects.
#[derive(Clone, Copy, Default)]
pub(super) struct Names<'a> {
    /// Whether there are parameters.
    pub(super) params: bool,
    /// Whether it may ask what the user may do.
    pub(super) authorizer: bool,
    /// The variables that are defined before it; `None` where there are none in any case.
    pub(super) variables: Option<&'a [&'a str]>,
}

/// The result that the place of an expression asks for.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Made {
    Answer,
    Text,
    /// A text, or null.
    Note,
    Anything,
}

impl Made {
    fn has(self, kind: &Kind<'_>) -> bool {
        match (self, kind) {
            (_, Kind::Any) | (Self::Anything, _) => true,
            (Self::Answer, kind) => *kind == Kind::Bool,
            (Self::Text, kind) => *kind == Kind::Text,
            (Self::Note, kind) => matches!(kind, Kind::Text | Kind::Null),
        }
    }

    fn why(self) -> &'static str {
        match self {
            Self::Answer => "must say true or false",
            _ => "must make a text",
        }
    }
}

/// Reports an expression of a policy or webhook that a server refuses.
pub(super) fn of_policy(node: &Node<'_, '_>, names: Names<'_>, made: Made, out: &mut Faults) {
    let mut known = vec![
        ("object", Kind::Any),
        ("oldObject", Kind::Any),
        ("namespaceObject", Kind::Any),
        ("request", Kind::Object(request())),
    ];
    let optional = [
        ("params", names.params),
        ("authorizer", names.authorizer),
        ("variables", names.variables.is_some()),
    ];
    let there = optional.into_iter().filter(|(_, there)| *there);
    known.extend(there.map(|(name, _)| (name, Kind::Any)));
    let Some(parsed) = judged(node, &known, made, out) else {
        return;
    };
    let unknown = names.variables.and_then(|variables| {
        let mut all = parsed.members_of("variables");
        all.find(|name| !variables.contains(&name.as_str()))
    });
    if let Some(name) = unknown {
        out.invalid(
            node.path,
            format!("variables.{name} is not defined before it"),
        );
    }
}

/// Reports an expression that chooses devices and that a server refuses.
pub(super) fn of_device(node: &Node<'_, '_>, out: &mut Faults) {
    judged(node, &[("device", Kind::Any)], Made::Answer, out);
}

/// The expression, where nothing was found wrong with it and it could be read.
fn judged(
    node: &Node<'_, '_>,
    known: &[(&str, Kind<'_>)],
    made: Made,
    out: &mut Faults,
) -> Option<cel::Parsed> {
    match cel::syntax(node.str()) {
        Err(unread) => unreadable(node, unread, out),
        Ok(parsed) => match parsed.kind(known) {
            Ok(kind) if made.has(&kind) => return Some(parsed),
            Ok(_) => out.invalid(node.path, made.why()),
            Err(reason) => out.invalid(node.path, reason),
        },
    }
    None
}

/// Reports an expression that could not be read: that a server refuses it, or that none was there to judge it.
fn unreadable(node: &Node<'_, '_>, unread: Unread, out: &mut Faults) {
    match unread {
        Unread::Wrong(reason) => out.invalid(node.path, format!("is no CEL: {reason}")),
        // Mutating policies do it, as they should.
        Unread::Typed(_) => {}
        Unread::NotRead(reason) => out.not_judged(node.path, reason),
    }
}

/// The members of `request` in a policy, as a schema.
fn request() -> &'static Value {
    static REQUEST: OnceLock<Value> = OnceLock::new();
    REQUEST.get_or_init(|| {
        let fields = |names: &[&str]| {
            let field = |name: &&str| ((*name).to_owned(), json!({"type": "string"}));
            json!({"type": "object", "properties": names.iter().map(field).collect::<Map<String, Json>>()})
        };
        let any = json!({"x-kubernetes-int-or-string": true});
        let kind = fields(&["group", "version", "kind"]);
        let resource = fields(&["group", "version", "resource"]);
        let mut request = fields(&[
            "subResource",
            "requestSubResource",
            "name",
            "namespace",
            "operation",
        ]);
        request[cel::PLAIN_NAMES] = true.into();
        let members = &mut request["properties"];
        for (name, schema) in [
            ("kind", kind.clone()),
            ("requestKind", kind),
            ("resource", resource.clone()),
            ("requestResource", resource),
            ("userInfo", {
                let mut user = fields(&["username", "uid"]);
                user["properties"]["groups"] =
                    json!({"type": "array", "items": {"type": "string"}});
                user["properties"]["extra"] = any.clone();
                user
            }),
            ("dryRun", json!({"type": "boolean"})),
            ("options", any),
        ] {
            members[name] = schema;
        }
        request.into()
    })
}

/// A rule of a schema, which is to say true or false: whether it uses `oldSelf`, or `None` where it was reported.
pub(super) fn rule(
    node: &Node<'_, '_>,
    schema: &Value,
    optional: bool,
    out: &mut Faults,
) -> Option<bool> {
    let parsed = of_kind(
        node,
        schema,
        optional,
        &Kind::Bool,
        "must say true or false",
        out,
    )?;
    Some(parsed.is_some_and(|parsed| parsed.has_variable("oldSelf")))
}

/// An expression that makes a message.
pub(super) fn text(node: &Node<'_, '_>, schema: &Value, optional: bool, out: &mut Faults) {
    of_kind(node, schema, optional, &Kind::Text, "must make a text", out);
}

/// Reads an expression on the values of a schema, and reports one that a server refuses.
fn of_kind(
    node: &Node<'_, '_>,
    schema: &Value,
    optional: bool,
    wanted: &Kind<'_>,
    why: &str,
    out: &mut Faults,
) -> Option<Option<cel::Parsed>> {
    let parsed = match cel::syntax(node.str()) {
        Ok(parsed) => parsed,
        Err(unread) => {
            let is_wrong = matches!(unread, Unread::Wrong(_));
            unreadable(node, unread, out);
            return (!is_wrong).then_some(None);
        }
    };
    let this = Kind::of(schema).unwrap_or(Kind::Any);
    let old = if optional { Kind::Any } else { this.clone() };
    match parsed.kind(&[("self", this), ("oldSelf", old)]) {
        Ok(found) if found == *wanted || found == Kind::Any => Some(Some(parsed)),
        Ok(_) => {
            out.invalid(node.path, why);
            None
        }
        Err(reason) => {
            out.invalid(node.path, reason);
            None
        }
    }
}

/// Whether a text may be the name of a variable.
pub(super) fn is_identifier(text: &str) -> bool {
    let first = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
    !cel::RESERVED.contains(&text)
        && text.bytes().next().is_some_and(first)
        && text
            .bytes()
            .all(|byte| first(byte) || byte.is_ascii_digit())
}
