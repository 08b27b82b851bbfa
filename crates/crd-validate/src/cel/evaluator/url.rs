//! URLs as Go reads them: `url(self).getHost()`.

use std::collections::HashMap;
use std::sync::Arc;

use kube_cel::cel::extractors::This;
use kube_cel::cel::objects::{Key, Map, Opaque};
use kube_cel::cel::{Context, ExecutionError, FunctionContext, ResolveResult, Value as Cel};

use crate::format::Format;

/// The parts of a URL, as they stand in its text.
#[derive(Debug, PartialEq, Eq)]
struct Url {
    scheme: String,
    host: String,
    path: String,
    query: String,
}

impl Opaque for Url {
    fn runtime_type_name(&self) -> &str {
        "kubernetes.URL"
    }
}

pub(super) fn register(context: &mut Context<'_>) {
    context.add_function("isURL", |text: Arc<String>| -> bool {
        Format::Uri.accepts(&text)
    });
    context.add_function("url", parse);
    context.add_function("getScheme", |This(url): This<Cel>| {
        part(&url, |url| url.scheme.clone())
    });
    context.add_function("getHost", |This(url): This<Cel>| {
        part(&url, |url| url.host.clone())
    });
    context.add_function("getHostname", |This(url): This<Cel>| {
        part(&url, |url| url.split_host().0.to_owned())
    });
    context.add_function("getPort", |This(url): This<Cel>| {
        part(&url, |url| url.split_host().1.to_owned())
    });
    context.add_function("getEscapedPath", |This(url): This<Cel>| {
        part(&url, |url| escape_path(&url.path))
    });
    context.add_function("getQuery", query);
}

fn parse(context: &FunctionContext<'_, '_>, text: Arc<String>) -> ResolveResult {
    if !Format::Uri.accepts(&text) {
        return Err(context.error(format!("\"{text}\" is not a URL")));
    }
    let rest = text.split('#').next().unwrap_or_default();
    let (scheme, rest) = match rest.split_once(':') {
        Some((scheme, after)) if !scheme.contains(['/', '?']) => {
            (scheme.to_ascii_lowercase(), after)
        }
        _ => (String::new(), rest),
    };
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let has_authority = rest.starts_with("//") && (!scheme.is_empty() || !rest.starts_with("///"));
    let (authority, path) = match rest.strip_prefix("//").filter(|_| has_authority) {
        Some(after) => after.split_at(after.find('/').unwrap_or(after.len())),
        // Without a slash it is opaque: `mailto:someone`.
        None if rest.starts_with('/') || scheme.is_empty() => ("", rest),
        None => ("", ""),
    };
    let host = authority.rsplit('@').next().unwrap_or_default();
    Ok(Cel::Opaque(Arc::new(Url {
        scheme,
        host: unescape(host, false).unwrap_or_default(),
        path: path.to_owned(),
        query: query.to_owned(),
    })))
}

impl Url {
    fn split_host(&self) -> (&str, &str) {
        let (host, port) = match self.host.rfind(':') {
            Some(index)
                if self.host[index + 1..]
                    .bytes()
                    .all(|byte| byte.is_ascii_digit()) =>
            {
                (&self.host[..index], &self.host[index + 1..])
            }
            _ => (self.host.as_str(), ""),
        };
        let bare = host
            .strip_prefix('[')
            .and_then(|host| host.strip_suffix(']'));
        (bare.unwrap_or(host), port)
    }
}

fn url_of(value: &Cel) -> Result<&Url, ExecutionError> {
    match value {
        Cel::Opaque(opaque) => opaque.downcast_ref().ok_or(ExecutionError::NoSuchOverload),
        _ => Err(ExecutionError::NoSuchOverload),
    }
}

fn part(value: &Cel, of: impl Fn(&Url) -> String) -> ResolveResult {
    url_of(value).map(|url| Cel::String(Arc::new(of(url))))
}

fn escape_path(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/[]%".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// Resolves percent escapes, and a plus where it stands for a space; `None` where an escape is broken.
fn unescape(text: &str, plus: bool) -> Option<String> {
    let mut bytes = text.bytes();
    let mut out = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        match byte {
            b'%' => {
                let high = char::from(bytes.next()?).to_digit(16)?;
                let low = char::from(bytes.next()?).to_digit(16)?;
                out.push(u8::try_from(high * 16 + low).ok()?);
            }
            b'+' if plus => out.push(b' '),
            other => out.push(other),
        }
    }
    Some(String::from_utf8_lossy(&out).into_owned())
}

/// The values of each name in the query, in their order. What is malformed is left out.
fn query(This(url): This<Cel>) -> ResolveResult {
    let mut found: HashMap<String, Vec<Cel>> = HashMap::new();
    for pair in url_of(&url)?.query.split('&') {
        if pair.is_empty() || pair.contains(';') {
            continue;
        }
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        if let (Some(name), Some(value)) = (unescape(name, true), unescape(value, true)) {
            let values = found.entry(name).or_default();
            values.push(Cel::String(Arc::new(value)));
        }
    }
    let map = found
        .into_iter()
        .map(|(name, values)| (Key::String(Arc::new(name)), Cel::List(Arc::new(values))))
        .collect();
    Ok(Cel::Map(Map { map: Arc::new(map) }))
}
