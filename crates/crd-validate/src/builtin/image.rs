//! References to container images, read as container runtimes read them.

use kube_vocab::ImageName;
use kube_vocab::image::{is_digest, is_identifier, is_tag};

/// The longest name of a repository, in bytes.
const MAX_NAME: usize = 255;

/// The tag that a reference stands for: its own, `latest` where it has neither tag nor digest, and nothing where it has a digest
/// alone or is no reference at all, such as `{{ .Image }}` or `Nginx`.
pub(super) fn tag_of(reference: &str) -> &str {
    read(reference).unwrap_or_default()
}

fn read(reference: &str) -> Option<&str> {
    let image = ImageName::split(reference);
    let fits = !is_identifier(reference)
        && image.host().is_none_or(is_domain)
        && image.path().split('/').all(is_component)
        && image.name().len() <= MAX_NAME
        && image.tag().is_none_or(is_tag)
        && image.digest().is_none_or(is_digest);
    match (image.tag(), image.digest()) {
        _ if !fits => None,
        (Some(tag), _) => Some(tag),
        (None, Some(_)) => None,
        (None, None) => Some("latest"),
    }
}

fn is_domain(domain: &str) -> bool {
    if let Some(rest) = domain.strip_prefix('[') {
        let Some((address, port)) = rest.split_once(']') else {
            return false;
        };
        let address_fits = !address.is_empty()
            && address
                .bytes()
                .all(|byte| byte.is_ascii_hexdigit() || byte == b':');
        return address_fits && (port.is_empty() || port.strip_prefix(':').is_some_and(is_number));
    }
    let (name, port) = match domain.split_once(':') {
        Some((name, port)) => (name, Some(port)),
        None => (domain, None),
    };
    let part = |part: &str| {
        !part.is_empty()
            && !part.starts_with('-')
            && !part.ends_with('-')
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    name.split('.').all(part) && port.is_none_or(is_number)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Small letters and digits; between them one dot, one or two underscores, or dashes.
fn is_component(component: &str) -> bool {
    let is_letter = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let is_separator = |between: &[u8]| {
        matches!(between, b"." | b"_" | b"__") || between.iter().all(|byte| *byte == b'-')
    };
    let bytes = component.as_bytes();
    let ends_fit = bytes.first().is_some_and(is_letter) && bytes.last().is_some_and(is_letter);
    let same = |one: &u8, other: &u8| is_letter(one) == is_letter(other);
    let mut runs = bytes.chunk_by(same);
    ends_fit && runs.all(|run| run.first().is_some_and(is_letter) || is_separator(run))
}

#[cfg(test)]
mod tests {
    use super::tag_of;

    #[test]
    fn images_have_tags() {
        let sum = "0".repeat(64);
        for (image, tag) in [
            ("nginx", "latest"),
            ("nginx:1", "1"),
            ("host:5000/nginx", "latest"),
            ("host:5000/nginx:2", "2"),
            ("localhost/a__b/c-d--e.f:v1.0_x", "v1.0_x"),
            ("[::1]:5000/nginx:2", "2"),
            ("ghcr.io/Owner/app", ""),
            ("OWNER/app", "latest"),
            ("Nginx", ""),
            ("", ""),
            ("{{ .Values.image }}", ""),
            ("$IMAGE:latest", ""),
            ("nginx: 1", ""),
            ("nginx:", ""),
            ("nginx/", ""),
            ("a___b", ""),
            ("nginx@sha256:00", ""),
            (&sum, ""),
            (&format!("nginx@sha256:{sum}"), ""),
            (&format!("nginx:latest@sha256:{sum}"), "latest"),
            (&format!("nginx:1@sha384:{}", "a".repeat(96)), "1"),
            (&format!("nginx:1@sha512:{}", "a".repeat(128)), "1"),
            (&format!("nginx:1@sha512:{sum}"), ""),
            (&format!("nginx:1@md5:{sum}"), ""),
            (&format!("nginx:1@sha256:{}", "G".repeat(64)), ""),
        ] {
            assert_eq!(tag_of(image), tag, "{image}");
        }
    }
}
