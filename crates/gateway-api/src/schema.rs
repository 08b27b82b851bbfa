//! The bounds, patterns and rules that several types share.

use crd_core::Channel;
use crd_core::schema::{JsonSchema, Schema, SchemaGenerator, experimental, json_schema, only_in};
use serde_json::{Value, json};

pub(crate) use crd_core::schema::{conditions, label_selector, rules};

const SUBDOMAIN: &str = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";
const HOSTNAME: &str = r"^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";
const LABEL: &str = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";
const GROUP: &str = r"^$|^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";
const KIND: &str = "^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$";
const CONTROLLER: &str = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/[A-Za-z0-9\/\-._~%!$&'()*+,;=:]+$";
const ADDRESS_TYPE: &str = r"^Hostname|IPAddress|NamedAddress|[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/[A-Za-z0-9\/\-._~%!$&'()*+,;=:]+$";
const PROTOCOL: &str = r"^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$|[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/[A-Za-z0-9]+$";
const LABEL_VALUE: &str = "^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$";
const HEADER_NAME: &str = r"^[A-Za-z0-9!#$%&'*+\-.^_\x60|~]+$";
const ORIGIN: &str =
    r"(^\*$)|(^(http(s)?):\/\/(((\*\.)?([a-zA-Z0-9\-]+\.)*[a-zA-Z0-9-]+|\*)(:([0-9]{1,5}))?)$)";
const URI: &str = r"^(([^:/?#]+):)(//([^/?#]*))([^?#]*)(\?([^#]*))?(#(.*))?";
const CA_CERTIFICATES: &str = r"^(System|([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9]))$";

/// The characters of an exact or prefix path.
const PATH: &str = "^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|[%][0-9a-fA-F]{2})+$";

macro_rules! strings {
    ($($name:ident: $schema:tt;)*) => {
        $(pub(crate) fn $name(_: &mut SchemaGenerator) -> Schema {
            json_schema!($schema)
        })*
    };
}

strings! {
    hostname: {"type": "string", "minLength": 1, "maxLength": 253, "pattern": HOSTNAME};
    precise_hostname: {"type": "string", "minLength": 1, "maxLength": 253, "pattern": SUBDOMAIN};
    section_name: {"type": "string", "minLength": 1, "maxLength": 253, "pattern": SUBDOMAIN};
    object_name: {"type": "string", "minLength": 1, "maxLength": 253};
    namespace: {"type": "string", "minLength": 1, "maxLength": 63, "pattern": LABEL};
    group: {"type": "string", "maxLength": 253, "pattern": GROUP};
    kind: {"type": "string", "minLength": 1, "maxLength": 63, "pattern": KIND};
    controller_name: {"type": "string", "minLength": 1, "maxLength": 253, "pattern": CONTROLLER};
    address_type: {"type": "string", "minLength": 1, "maxLength": 253, "pattern": ADDRESS_TYPE, "default": "IPAddress"};
    protocol: {"type": "string", "minLength": 1, "maxLength": 255, "pattern": PROTOCOL};
    port: {"type": "integer", "format": "int32", "minimum": 1, "maximum": 65535};
    weight: {"type": "integer", "format": "int32", "minimum": 0, "maximum": 1_000_000, "default": 1};
    hostnames: {
        "type": "array", "maxItems": 16, "x-kubernetes-list-type": "atomic",
        "items": {"type": "string", "minLength": 1, "maxLength": 253, "pattern": HOSTNAME},
    };
    infrastructure_labels: {
        "type": "object", "maxProperties": 8,
        "additionalProperties": {"type": "string", "minLength": 0, "maxLength": 63, "pattern": LABEL_VALUE},
        "x-kubernetes-validations": metadata_keys("label"),
    };
    infrastructure_annotations: {
        "type": "object", "maxProperties": 8,
        "additionalProperties": {"type": "string", "minLength": 0, "maxLength": 4096},
        "x-kubernetes-validations": metadata_keys("annotation"),
    };
    options: {
        "type": "object", "maxProperties": 16,
        "additionalProperties": {"type": "string", "minLength": 0, "maxLength": 4096},
    };
    header_name: {"type": "string", "minLength": 1, "maxLength": 256, "pattern": HEADER_NAME};
    header_names: {
        "type": "array", "maxItems": 64, "x-kubernetes-list-type": "set",
        "items": {"type": "string", "minLength": 1, "maxLength": 256, "pattern": HEADER_NAME},
    };
    origins: {
        "type": "array", "maxItems": 64, "x-kubernetes-list-type": "set",
        "items": {"type": "string", "minLength": 1, "maxLength": 253, "pattern": ORIGIN},
    };
    uri: {"type": "string", "minLength": 1, "maxLength": 253, "pattern": URI};
    ca_certificates: {"type": "string", "minLength": 1, "maxLength": 253, "pattern": CA_CERTIFICATES};
    integer: {"type": "integer"};
    budget_percent: {"type": "integer", "minimum": 0, "maximum": 100, "default": 20};
    retry_count: {"type": "integer", "minimum": 1, "maximum": 1_000_000};
    any_header_names: {
        "type": "array", "maxItems": 64, "x-kubernetes-list-type": "set",
        "items": {"type": "string"},
    };
    request_path: {"type": "string", "maxLength": 1024, "pattern": PATH};
    status_codes: {
        "type": "array", "x-kubernetes-list-type": "atomic",
        "items": {"type": "integer", "minimum": 400, "maximum": 599},
    };
}

/// The value of a header; the experimental channel refuses odd whitespace.
pub(crate) fn header_value(_: &mut SchemaGenerator) -> Schema {
    experimental(
        json_schema!({"type": "string", "minLength": 1, "maxLength": 4096}),
        json!({"pattern": r"^[!-~]+([\t ]?[!-~]+)*$"}),
    )
}

/// Rules that only one channel has.
fn rules_in(channel: Channel, pairs: &[(&str, &str)]) -> Vec<Value> {
    match rules(pairs) {
        Value::Array(rules) => rules
            .into_iter()
            .map(|rule| only_in(channel, rule))
            .collect(),
        _ => Vec::new(),
    }
}

fn metadata_keys(what: &str) -> Value {
    let name = format!(
        "a {what} key is a name of at most 63 characters, optionally behind a DNS subdomain and a slash"
    );
    let prefix = format!("the DNS subdomain of a {what} key has fewer than 253 characters");
    rules(&[
        (
            r"!self.exists(key, !key.matches('^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9]$'))",
            &name,
        ),
        (
            "!self.exists(key, key.split('/')[0].size() >= 253)",
            &prefix,
        ),
    ])
}

/// The status before any controller wrote one: each condition unknown.
pub(crate) fn pending(types: &[&str]) -> Value {
    types
        .iter()
        .map(|name| {
            json!({
                "type": name,
                "status": "Unknown",
                "reason": "Pending",
                "message": "Waiting for controller",
                "lastTransitionTime": "1970-01-01T00:00:00Z",
            })
        })
        .collect()
}

/// Whether two members, absent and empty being the same, are equal.
fn same(member: &str) -> String {
    format!("(has(a.{member}) ? a.{member} : '') == (has(b.{member}) ? b.{member} : '')")
}

/// Whether a member is set in both or in neither.
fn both(member: &str) -> String {
    format!("(has(a.{member}) && a.{member} != '') == (has(b.{member}) && b.{member} != '')")
}

/// What makes two references point to one object.
const ONE_TARGET: &str = "a.group == b.group && a.kind == b.kind && a.name == b.name";

/// Several references to one parent must differ in what they attach to: a section and, in the experimental channel, a port.
pub(crate) fn parent_refs() -> Value {
    let target = format!("{ONE_TARGET} && {}", same("__namespace__"));
    let differ = |channel, what: &str, ports: [&str; 2]| {
        let (both_or_none, identical) = (both("sectionName"), same("sectionName"));
        let [both_ports, same_port] = ports;
        rules_in(
            channel,
            &[
                (
                    &format!(
                        "self.all(a, self.all(b, !({target}) || ({both_or_none}{both_ports})))"
                    ),
                    &format!("parents that are named twice need a {what} each"),
                ),
                (
                    &format!("self.all(a, self.exists_one(b, {target} && {identical}{same_port}))"),
                    &format!("parents that are named twice need different values of {what}"),
                ),
            ],
        )
    };
    let mut all = differ(Channel::Standard, "sectionName", ["", ""]);
    all.extend(differ(
        Channel::Experimental,
        "sectionName or port",
        [
            " && has(a.port) == has(b.port)",
            " && (has(a.port) ? a.port : 0) == (has(b.port) ? b.port : 0)",
        ],
    ));
    Value::Array(all)
}

/// Several references to one target must differ in their section.
pub(crate) fn target_refs() -> Value {
    rules(&[
        (
            &format!(
                "self.all(a, self.all(b, !({ONE_TARGET}) || {}))",
                both("sectionName")
            ),
            "targets that are named twice need a sectionName each",
        ),
        (
            &format!(
                "self.all(a, self.exists_one(b, {ONE_TARGET} && {}))",
                same("sectionName")
            ),
            "targets that are named twice need different sectionNames",
        ),
    ])
}

/// A reference to a Service needs a port.
pub(crate) fn service_port() -> Value {
    rules(&[(
        "self.group != '' || self.kind != 'Service' || has(self.port)",
        "a Service is referred to with a port",
    )])
}

/// The listeners of one object: what each protocol demands, and what must be unique.
pub(crate) fn listeners() -> Value {
    rules(&[
        (
            "!self.exists(l, l.protocol in ['HTTP', 'TCP', 'UDP'] && has(l.tls))",
            "listeners of protocol HTTP, TCP or UDP have no tls",
        ),
        (
            "!self.exists(l, l.protocol == 'HTTPS' && has(l.tls) && l.tls.mode != 'Terminate')",
            "HTTPS listeners terminate TLS",
        ),
        (
            "!self.exists(l, l.protocol == 'TLS' && !(has(l.tls) && has(l.tls.mode)))",
            "TLS listeners need tls with a mode",
        ),
        (
            "!self.exists(l, l.protocol in ['TCP', 'UDP'] && has(l.hostname) && l.hostname != '')",
            "listeners of protocol TCP or UDP have no hostname",
        ),
        (
            "self.all(a, self.exists_one(b, a.name == b.name))",
            "listener names are unique",
        ),
        (
            "self.all(a, self.exists_one(b, a.port == b.port && a.protocol == b.protocol && has(a.hostname) == has(b.hostname) && (!has(a.hostname) || a.hostname == b.hostname)))",
            "two listeners differ in port, protocol or hostname",
        ),
    ])
}

/// What a listener that terminates TLS needs.
pub(crate) fn listener_tls() -> Value {
    rules(&[(
        "self.mode != 'Terminate' || (has(self.certificateRefs) && self.certificateRefs.size() > 0) || (has(self.options) && self.options.size() > 0)",
        "mode Terminate needs certificateRefs or options",
    )])
}

/// Addresses of a Gateway are named once.
pub(crate) fn addresses() -> Value {
    let unique = |kind: &str| {
        format!(
            "self.all(a, a.type != '{kind}' || !has(a.value) || self.exists_one(b, b.type == '{kind}' && has(b.value) && b.value == a.value))"
        )
    };
    rules(&[
        (&unique("IPAddress"), "IP addresses are unique"),
        (&unique("Hostname"), "host names are unique"),
    ])
}

/// An address of type Hostname holds one, if it holds anything.
pub(crate) fn address() -> Value {
    rules(&[(
        &format!(
            "self.type != 'Hostname' || !has(self.value) || self.value.matches(r'{HOSTNAME}')"
        ),
        "the value of a Hostname address is a host name",
    )])
}

/// An address of type IPAddress holds one, if it holds anything. CEL has no word for it that is as
/// old as the format.
pub(crate) fn address_formats() -> Value {
    json!([
        {"properties": {
            "type": {"enum": ["IPAddress"]},
            "value": {"anyOf": [{"format": "ipv4"}, {"format": "ipv6"}]},
        }},
        {"properties": {"type": {"not": {"enum": ["IPAddress"]}}}},
    ])
}

/// Rules of one route have different names, in the experimental channel.
pub(crate) fn plain_rules() -> Value {
    let unique = "self.all(a, !has(a.name) || self.exists_one(b, has(b.name) && b.name == a.name))";
    Value::Array(rules_in(
        Channel::Experimental,
        &[(unique, "rule names are unique")],
    ))
}

/// 1 to 16 rules of a route that does not look into the traffic.
pub(crate) fn several<R: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    let mut schema = generator.subschema_for::<Vec<R>>();
    schema.insert("minItems".to_owned(), 1.into());
    schema.insert("maxItems".to_owned(), 16.into());
    schema.insert("x-kubernetes-list-type".to_owned(), "atomic".into());
    schema.insert("x-kubernetes-validations".to_owned(), plain_rules());
    schema
}

/// The rules of a route that matches requests: at most 128 matches in all.
pub(crate) fn matching_rules() -> Value {
    let few = rules(&[(
        "self.map(r, has(r.matches) ? r.matches.size() : 0).sum() <= 128",
        "all rules together have at most 128 matches",
    )]);
    [few, plain_rules()]
        .into_iter()
        .flat_map(|rules| rules.as_array().cloned().unwrap_or_default())
        .collect()
}

/// Filters of these types appear at most once in a list; `exclusive` names two that exclude each
/// other.
pub(crate) fn filters(single: &[&str], exclusive: Option<(&str, &str)>) -> Value {
    let mut all: Vec<(String, String)> = single
        .iter()
        .map(|name| {
            (
                format!(
                    "!self.exists(f, f.type == '{name}') || self.exists_one(f, f.type == '{name}')"
                ),
                format!("there is at most one {name} filter"),
            )
        })
        .collect();
    if let Some((one, other)) = exclusive {
        all.push((
            format!("!self.exists(f, f.type == '{one}') || !self.exists(f, f.type == '{other}')"),
            format!("{one} and {other} exclude each other"),
        ));
    }
    let all: Vec<(&str, &str)> = all.iter().map(|(r, m)| (r.as_str(), m.as_str())).collect();
    rules(&all)
}

/// What the parts of one HTTPRoute rule demand of each other.
pub(crate) fn http_rule() -> Value {
    let one_prefix = "(self.matches.size() == 1 && has(self.matches[0].path) && self.matches[0].path.type == 'PathPrefix')";
    let prefix = |filter: &str| {
        format!(
            "exists_one(f, has(f.{filter}) && has(f.{filter}.path) && has(f.{filter}.path.replacePrefixMatch))"
        )
    };
    let of_rule = |filter: &str| {
        format!(
            "!has(self.filters) || !self.filters.{} || {one_prefix}",
            prefix(filter)
        )
    };
    let of_backend = |filter: &str| {
        format!(
            "!has(self.backendRefs) || !self.backendRefs.exists_one(b, has(b.filters) && b.filters.{}) || {one_prefix}",
            prefix(filter)
        )
    };
    let needs = |filter: &str| {
        format!("{filter} with replacePrefixMatch needs exactly one match, by path prefix")
    };
    rules(&[
        (
            "!has(self.backendRefs) || self.backendRefs.size() == 0 || !has(self.filters) || !self.filters.exists(f, has(f.requestRedirect))",
            "a rule that redirects has no backendRefs",
        ),
        (&of_rule("requestRedirect"), &needs("requestRedirect")),
        (&of_rule("urlRewrite"), &needs("urlRewrite")),
        (
            &of_backend("requestRedirect"),
            &needs("requestRedirect of a backend"),
        ),
        (&of_backend("urlRewrite"), &needs("urlRewrite of a backend")),
    ])
}

/// What an exact or prefix path may hold.
pub(crate) fn path_match() -> Value {
    let literal = "self.type == 'RegularExpression' || ";
    let mut all = vec![(
        format!("{literal}self.value.startsWith('/')"),
        "a path begins with a slash".to_owned(),
    )];
    for part in ["//", "/./", "/../", "%2f", "%2F", "#"] {
        all.push((
            format!("{literal}!self.value.contains('{part}')"),
            format!("a path does not contain {part}"),
        ));
    }
    for end in ["/..", "/."] {
        all.push((
            format!("{literal}!self.value.endsWith('{end}')"),
            format!("a path does not end with {end}"),
        ));
    }
    all.push((
        "self.type in ['PathPrefix', 'Exact', 'RegularExpression']".to_owned(),
        "type is PathPrefix, Exact or RegularExpression".to_owned(),
    ));
    // The pattern has single quotes, so the literal has double ones.
    all.push((
        format!("{literal}self.value.matches(r\"{PATH}\")"),
        "a path has only the characters that a URL allows there".to_owned(),
    ));
    let all: Vec<(&str, &str)> = all.iter().map(|(r, m)| (r.as_str(), m.as_str())).collect();
    rules(&all)
}

/// What an exact gRPC method may hold.
pub(crate) fn grpc_method_match() -> Value {
    let exact = "(has(self.type) && self.type != 'Exact')";
    rules(&[
        (
            "!has(self.type) || has(self.service) || has(self.method)",
            "a service, a method or both are named",
        ),
        (
            &format!(
                r"{exact} || !has(self.service) || self.service.matches(r'(?i)^\.?[a-z_][a-z_0-9]*(\.[a-z_][a-z_0-9]*)*$')"
            ),
            "a service is named with letters, digits, underscores and dots",
        ),
        (
            &format!(
                "{exact} || !has(self.method) || self.method.matches('^[A-Za-z_][A-Za-z_0-9]*$')"
            ),
            "a method is named with letters, digits and underscores",
        ),
    ])
}

/// The star stands alone.
pub(crate) fn lonely_star() -> Value {
    rules(&[(
        "self.size() < 2 || !self.exists(item, item == '*')",
        "'*' stands alone",
    )])
}

/// TLS is matched by names, not by addresses.
pub(crate) fn tls_hostnames() -> Value {
    let name = r"matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$')";
    rules(&[
        (
            "!self.exists(h, isIP(h))",
            "host names are not IP addresses",
        ),
        (
            &format!("self.all(h, h.contains('*') || h.{name})"),
            "a host name is made of DNS labels",
        ),
        (
            &format!(
                "self.all(h, !h.contains('*') || (h.startsWith('*.') && h.substring(2).{name}))"
            ),
            "a wildcard is the whole first label",
        ),
    ])
}
