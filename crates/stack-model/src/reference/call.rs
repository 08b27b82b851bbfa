//! Services that programs are told to call: DNS names in arguments, variables and configuration.

use kube_value::Value;
use kube_vocab::FieldPath;

use crate::model::Model;
use crate::{Entry, WorkloadKind};

/// A Service whose DNS name stands in a text: `http://web.demo.svc:8080/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call<'m> {
    /// Where the text stands, in the object that holds it.
    pub path: FieldPath,
    /// The first label of the DNS name.
    pub service: &'m str,
    /// The second label of the DNS name; the caller's namespace where it has none.
    pub namespace: &'m str,
    /// The port; that of the scheme (80 for `http`) where none is written, `None` where there is no such scheme either.
    pub port: Option<u16>,
    /// How much of the name is written.
    pub form: NameForm,
}

/// How a DNS name means a Service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NameForm {
    /// `web`, as the host of an address with a scheme: a Service of the pod's own namespace, or no Service at all.
    Short,
    /// `web.demo`, with a scheme or a port, where the input knows the namespace `demo`; it may be a host of the world.
    WithNamespace,
    /// `web.demo.svc`, perhaps with `.cluster.local`: surely a Service.
    Full,
}

impl Model {
    /// The Services whose DNS names stand in an object: in the commands, arguments and variables of a workload's containers,
    /// and in the texts of a ConfigMap. Each name once per text, in the order in which they stand there.
    ///
    /// Names with templates or variables in them are left out, and so are short names in a ConfigMap, which pods of several
    /// namespaces may read.
    pub fn calls_of<'m>(&'m self, entry: &'m Entry) -> Vec<Call<'m>> {
        let mut found = Vec::new();
        if entry.is("", "ConfigMap") {
            let texts = entry.at("data").and_then(Value::as_object);
            for (key, value) in texts.into_iter().flatten() {
                let path = || FieldPath::root().field("data").key(key.as_str());
                self.calls_in(entry, value, path, false, &mut found);
            }
        } else if let Some(kind) = WorkloadKind::of(entry.group(), entry.kind()) {
            let spec = entry
                .at(kind.pod_path())
                .and_then(|pod| pod.get("spec"))
                .filter(|spec| spec.is_object());
            for list in ["initContainers", "containers"] {
                let containers = spec.and_then(|spec| spec.get(list)?.as_array());
                for (number, container) in containers.into_iter().flatten().enumerate() {
                    let place = || {
                        FieldPath::parse(kind.pod_path())
                            .field("spec")
                            .field(list)
                            .index(number)
                    };
                    self.calls_of_container(entry, container, &place, &mut found);
                }
            }
        }
        found
    }

    fn calls_of_container<'m>(
        &'m self,
        entry: &'m Entry,
        container: &'m Value,
        place: &dyn Fn() -> FieldPath,
        found: &mut Vec<Call<'m>>,
    ) {
        for member in ["command", "args"] {
            let words = container.get(member).and_then(Value::as_array);
            for (number, word) in words.into_iter().flatten().enumerate() {
                let path = || place().field(member).index(number);
                self.calls_in(entry, word, path, true, found);
            }
        }
        let variables = container.get("env").and_then(Value::as_array);
        for (number, variable) in variables.into_iter().flatten().enumerate() {
            if let Some(value) = variable.get("value") {
                let path = || place().field("env").index(number).field("value");
                self.calls_in(entry, value, path, true, found);
            }
        }
    }

    fn calls_in<'m>(
        &'m self,
        entry: &'m Entry,
        text: &'m Value,
        path: impl Fn() -> FieldPath,
        with_short: bool,
        found: &mut Vec<Call<'m>>,
    ) {
        let first = found.len();
        for name in names_in(text.as_str().unwrap_or_default()) {
            let own = entry.namespace();
            let namespace = match name.form {
                NameForm::Short if !with_short => continue,
                NameForm::Short => own,
                NameForm::WithNamespace => name
                    .namespace
                    .filter(|namespace| self.namespace(namespace).is_some()),
                NameForm::Full => name.namespace,
            };
            let Some(namespace) = namespace else { continue };
            let is_known = found[first..].iter().any(|call| {
                (call.service, call.namespace, call.port) == (name.service, namespace, name.port)
            });
            if !is_known {
                found.push(Call {
                    path: path(),
                    service: name.service,
                    namespace,
                    port: name.port,
                    form: name.form,
                });
            }
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Name<'t> {
    service: &'t str,
    namespace: Option<&'t str>,
    port: Option<u16>,
    form: NameForm,
}

/// The ends of hosts in the world that are also likely names of namespaces.
const ENDS_OF_THE_WORLD: [&str; 16] = [
    "ai",
    "app",
    "cloud",
    "com",
    "de",
    "dev",
    "eu",
    "internal",
    "io",
    "local",
    "localdomain",
    "net",
    "org",
    "sh",
    "test",
    "xyz",
];

/// Schemes of addresses whose host is no Service.
const OTHER_SCHEMES: [&str; 8] = [
    "docker", "file", "git", "oci", "s3", "spiffe", "ssh", "unix",
];

/// Every name in a text that may be that of a Service.
fn names_in(text: &str) -> impl Iterator<Item = Name<'_>> {
    // Names without a point or a colon in the text are none.
    let may_have_one = text.bytes().any(|byte| matches!(byte, b'.' | b':'));
    let text = if may_have_one { text } else { "" };
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < text.len() {
            let rest = &text[at..];
            let start = at + rest.find(is_part)?;
            let end = text[start..]
                .find(|c| !is_part(c))
                .map_or(text.len(), |length| start + length);
            at = end;
            if let Some(name) = name_at(text, start, end) {
                return Some(name);
            }
        }
        None
    })
}

fn name_at(text: &str, start: usize, end: usize) -> Option<Name<'_>> {
    let (before, host, behind) = (&text[..start], &text[start..end], &text[end..]);
    let host = host.trim_end_matches('.');
    let scheme = before.strip_suffix("://").map(|before| {
        let start = before
            .rfind(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '+' | '-' | '.'))
            .map_or(0, |at| at + 1);
        before.get(start..).unwrap_or_default()
    });
    let is_open = |text: &str| {
        // What a template or a variable fills in is no name yet, nor what a wildcard or a pattern stands for.
        text.starts_with([
            '{', '$', '%', '(', '*', '_', '\\', '[', '<', '+', '|', '^', '?',
        ])
    };
    let last = before.chars().next_back();
    let is_filled =
        last.is_some_and(|c| "})*$%_\\]>+|^".contains(c)) || !before.is_char_boundary(start);
    if is_filled || is_open(behind) || !host.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    // The user before an address: `user:password@host`.
    let authority = behind.find(['/', ' ', ',']).unwrap_or(behind.len());
    if behind[..authority].contains('@') {
        return None;
    }
    let written = behind.strip_prefix(':').and_then(|port| {
        let digits = port
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(port.len());
        // A placeholder behind the digits makes another number of them.
        (!is_open(&port[digits..]))
            .then(|| port[..digits].parse::<u16>().ok())
            .flatten()
    });
    let has_open_port = behind.starts_with(':') && written.is_none();
    let by_scheme = || match scheme? {
        "http" | "ws" => Some(80),
        "https" | "wss" => Some(443),
        _ => None,
    };
    let port = written.or_else(|| by_scheme().filter(|_| !has_open_port));
    let labels: Vec<&str> = host.split('.').collect();
    if labels.iter().any(|label| label.is_empty()) {
        return None;
    }
    let name = |service, namespace, form| {
        Some(Name {
            service,
            namespace,
            port: port.filter(|port| *port != 0),
            form,
        })
    };
    let is_address =
        scheme.is_some_and(|scheme| !scheme.is_empty() && !OTHER_SCHEMES.contains(&scheme));
    match labels.as_slice() {
        [.., service, namespace, "svc"] | [.., service, namespace, "svc", "cluster", "local"] => {
            name(service, Some(*namespace), NameForm::Full)
        }
        [service, namespace] if is_address || written.is_some() => (!ENDS_OF_THE_WORLD
            .contains(namespace))
        .then(|| name(*service, Some(*namespace), NameForm::WithNamespace))?,
        [service] if is_address && *service != "localhost" => name(*service, None, NameForm::Short),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        names_in(text)
            .map(|name| {
                let port = name.port.map(|port| format!(":{port}")).unwrap_or_default();
                let namespace = name.namespace.unwrap_or("own");
                format!("{}/{namespace}{port}", name.service)
            })
            .collect()
    }

    #[test]
    fn names_are_found_in_urls_lists_and_sentences() {
        let cases: [(&str, &[&str]); 18] = [
            ("http://web.demo.svc:8080/path", &["web/demo:8080"]),
            (
                "a.b.svc.cluster.local:9092,c.d.svc:1",
                &["a/b:9092", "c/d:1"],
            ),
            ("web-0.web.demo.svc", &["web/demo"]),
            ("https://web.demo.svc.", &["web/demo:443"]),
            ("postgres://user:secret@db.data:5432/x", &["db/data:5432"]),
            ("kafka.data:9092", &["kafka/data:9092"]),
            ("http://backend/get", &["backend/own:80"]),
            ("http://web.example.com:80", &[]),
            ("https://web.dev", &[]),
            ("http://{{ .Name }}.demo.svc", &[]),
            ("http://$(HOST).demo.svc", &[]),
            ("http://web.demo.svc:$(PORT)", &["web/demo"]),
            ("*.demo.svc", &[]),
            ("web.demo.svcs", &[]),
            ("http://localhost:80 10.0.0.1:80", &[]),
            ("file.yaml: x", &[]),
            ("oci://registry", &[]),
            (".svc", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(found(text), expected, "{text}");
        }
    }
}
