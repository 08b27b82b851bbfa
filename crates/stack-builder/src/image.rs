//! Image references, and the registry that mirrors images where the Internet is out of reach.
//!
//! The grammar is that of the [distribution project](https://pkg.go.dev/github.com/distribution/reference), which
//! container runtimes use; names without a registry mean Docker Hub.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use kube_vocab::ImageName;
use kube_vocab::image::{is_digest, is_identifier, is_tag, means_host};

/// Docker Hub, as runtimes spell it.
const DOCKER_HUB: &str = "docker.io";

/// A container image: `[HOST[:PORT]/]REPOSITORY[:TAG][@DIGEST]`, kept as it was written.
///
/// ```
/// use stack_builder::ImageRef;
///
/// let image: ImageRef = "web:3.9".parse()?;
/// assert_eq!(image.to_string(), "web:3.9");
/// assert_eq!(image.canonical().to_string(), "docker.io/library/web:3.9");
/// # Ok::<(), stack_builder::image::ImageRefError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ImageRef {
    name: String,
    tag: Option<String>,
    digest: Option<String>,
}

/// A string is no image reference.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{reference}` is not an image reference ([HOST[:PORT]/]REPOSITORY[:TAG][@DIGEST]): {fault}"
)]
pub struct ImageRefError {
    /// The text that was given, unchanged.
    pub reference: String,
    /// The first fault from the left.
    pub fault: ImageFault,
}

/// What is wrong with an image reference.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImageFault {
    /// There is nothing, or nothing before the tag or the digest.
    #[error("it names no repository")]
    Empty,
    /// It begins with a scheme such as `https`, which references have not.
    #[error("leave out the scheme `{0}://`")]
    Scheme(String),
    /// The registry in front of the repository is not valid.
    #[error(transparent)]
    Host(#[from] HostFault),
    /// A part of the repository is not valid.
    #[error(transparent)]
    Path(#[from] PathFault),
    /// The repository, without the registry, is too long: its length in bytes.
    #[error("the repository is {0} characters long; 255 are allowed")]
    TooLong(usize),
    /// It looks like the identifier of a local image: 64 hexadecimal digits.
    #[error("64 hexadecimal digits are the identifier of a local image, which no registry knows")]
    Identifier,
    /// The tag is empty, longer than 128 characters, or holds a character that it may not hold.
    #[error(
        "tag `{0}`: give 1 to 128 letters, digits, `_`, `.` or `-`, not beginning with `.` or `-`"
    )]
    Tag(String),
    /// The digest is of an unknown algorithm or not as long as the algorithm wants it.
    #[error(
        "digest `{0}`: give sha256:, sha384: or sha512: and all of its 64, 96 or 128 hexadecimal digits in lower case"
    )]
    Digest(String),
}

/// What is wrong with a registry's host or port.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HostFault {
    /// The host is neither a DNS name nor an IP address.
    #[error("host `{0}`: give a DNS name, an IPv4 address or an IPv6 address in brackets")]
    Name(String),
    /// The port is not a number from 1 to 65535.
    #[error("port `{0}`: give a number from 1 to 65535")]
    Port(String),
    /// Runtimes would take the host for the first part of a Docker Hub repository.
    #[error(
        "host `{0}` would be taken for a repository on Docker Hub: give a name with a dot, or a port"
    )]
    Ambiguous(String),
}

/// What is wrong with one part, between slashes, of a repository.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PathFault {
    /// There is nothing between two slashes, or after the last.
    #[error("a part of the path is empty: remove the extra `/`")]
    Empty,
    /// A part of the repository holds a capital letter: the part.
    #[error("`{0}` has capital letters: repositories are in lower case")]
    UpperCase(String),
    /// Another character, or a separator in a place where it may not stand.
    #[error(
        "`{0}`: give lower-case letters and digits, with `.`, `_`, `__` or `-` only between them"
    )]
    Character(String),
}

impl ImageRef {
    /// Registry and repository as they were written, without tag and digest.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The tag, if one was written.
    pub fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }

    /// The digest with its algorithm, if one was written: `sha256:...`.
    pub fn digest(&self) -> Option<&str> {
        self.digest.as_deref()
    }

    /// The registry from which the image is pulled, with its port; `docker.io` if none was written.
    pub fn host(&self) -> &str {
        match ImageName::split(&self.name).host() {
            None | Some("index.docker.io") => DOCKER_HUB,
            Some(host) => host,
        }
    }

    /// The last part of the repository: `web` of `docker.io/library/web:3.9`.
    pub fn short_name(&self) -> &str {
        ImageName::split(&self.name).short_name()
    }

    /// The same image with everything written out that runtimes fill in: the registry, Docker Hub's `library`, and the
    /// tag `latest` where there is neither a tag nor a digest.
    ///
    /// Two references mean the same image if their canonical forms are equal.
    pub fn canonical(&self) -> ImageRef {
        let host = self.host();
        let path = ImageName::split(&self.name).path();
        let library = if host == DOCKER_HUB && !path.contains('/') {
            "library/"
        } else {
            ""
        };
        let latest = if self.tag.is_none() && self.digest.is_none() {
            Some("latest".to_owned())
        } else {
            None
        };
        ImageRef {
            name: format!("{host}/{library}{path}"),
            tag: self.tag.clone().or(latest),
            digest: self.digest.clone(),
        }
    }

    /// Where a mirror keeps the image: `REGISTRY/COMPONENT/NAME:TAG`, with the last part of the repository as the name.
    ///
    /// The digest is left out, since copying an image for fewer platforms changes it. An image that has a digest and no
    /// tag gets the digest as its tag (`sha256-...`), so that no two images share a name; one that has neither gets
    /// none, as before. What a repository may not hold becomes `-` in the component's name.
    pub fn mirrored(&self, registry: &Registry, component: &str) -> ImageRef {
        let below = self.below(component);
        ImageRef {
            name: format!("{registry}/{}", below.name),
            ..below
        }
    }

    /// The name that [`ImageRef::mirrored`] gives it, below whatever registry: `COMPONENT/NAME:TAG`.
    pub(crate) fn below(&self, component: &str) -> ImageRef {
        let digest_as_tag = || self.digest.as_ref().map(|digest| digest.replace(':', "-"));
        ImageRef {
            name: format!("{}{}", folder(component), self.short_name()),
            tag: self.tag.clone().or_else(digest_as_tag),
            digest: None,
        }
    }

    /// Another repository with the same tag; for charts that put the name together from parts of a valid one.
    pub fn with_name(&self, name: &str) -> ImageRef {
        ImageRef {
            name: name.to_owned(),
            tag: self.tag.clone(),
            digest: None,
        }
    }
}

impl FromStr for ImageRef {
    type Err = ImageRefError;

    fn from_str(reference: &str) -> Result<Self, Self::Err> {
        parse(reference).map_err(|fault| ImageRefError {
            reference: reference.to_owned(),
            fault,
        })
    }
}

impl fmt::Display for ImageRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        if let Some(digest) = &self.digest {
            write!(f, "@{digest}")?;
        }
        Ok(())
    }
}

/// A registry that mirrors all images: `HOST[:PORT][/PATH]`, as in `harbor.internal/lab` or `localhost:5000`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Registry(String);

/// A text that names no registry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{registry}` is not a registry (HOST[:PORT][/PATH]): {fault}")]
pub struct RegistryError {
    /// The text that was given, unchanged.
    pub registry: String,
    /// What is wrong with it.
    pub fault: RegistryFault,
}

/// What is wrong with a registry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RegistryFault {
    /// No host at all; a registry that is not wanted is left out instead.
    #[error("it is empty")]
    Empty,
    /// A URL, whose scheme this is: image references have none.
    #[error("leave out the scheme `{0}://`")]
    Scheme(String),
    /// The host or the port is not valid.
    #[error(transparent)]
    Host(#[from] HostFault),
    /// A part of the path is not valid.
    #[error(transparent)]
    Path(#[from] PathFault),
    /// The path leaves no room for the images' names: its length in bytes.
    #[error(
        "the path is {0} characters long; 127 are allowed, since a whole repository may have 255"
    )]
    TooLong(usize),
}

impl Registry {
    /// The host, with its port, without the path.
    pub fn host(&self) -> &str {
        self.0
            .split_once('/')
            .map_or(self.0.as_str(), |(host, _)| host)
    }
}

impl FromStr for Registry {
    type Err = RegistryError;

    fn from_str(registry: &str) -> Result<Self, Self::Err> {
        check_registry(registry).map_err(|fault| RegistryError {
            registry: registry.to_owned(),
            fault,
        })?;
        Ok(Registry(registry.to_owned()))
    }
}

impl fmt::Display for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn check_registry(registry: &str) -> Result<(), RegistryFault> {
    if registry.is_empty() {
        return Err(RegistryFault::Empty);
    }
    if let Some((scheme, _)) = registry.split_once("://") {
        return Err(RegistryFault::Scheme(scheme.to_owned()));
    }
    let (host, path) = registry
        .split_once('/')
        .map_or((registry, None), |(host, path)| (host, Some(path)));
    check_host(host)?;
    if !means_host(host) {
        return Err(HostFault::Ambiguous(host.to_owned()).into());
    }
    if let Some(path) = path {
        check_path(path)?;
        if path.len() > 127 {
            return Err(RegistryFault::TooLong(path.len()));
        }
    }
    Ok(())
}

fn parse(reference: &str) -> Result<ImageRef, ImageFault> {
    if let Some((scheme, _)) = reference.split_once("://") {
        return Err(ImageFault::Scheme(scheme.to_owned()));
    }
    if is_identifier(reference) {
        return Err(ImageFault::Identifier);
    }
    let image = ImageName::split(reference);
    let (host, path, tag, digest) = (image.host(), image.path(), image.tag(), image.digest());
    if path.is_empty() {
        return Err(ImageFault::Empty);
    }
    if let Some(host) = host {
        check_host(host)?;
    }
    check_path(path)?;
    if path.len() > 255 {
        return Err(ImageFault::TooLong(path.len()));
    }
    if let Some(tag) = tag.filter(|tag| !is_tag(tag)) {
        return Err(ImageFault::Tag(tag.to_owned()));
    }
    if let Some(digest) = digest.filter(|digest| !is_digest(digest)) {
        return Err(ImageFault::Digest(digest.to_owned()));
    }
    Ok(ImageRef {
        name: image.name().to_owned(),
        tag: tag.map(str::to_owned),
        digest: digest.map(str::to_owned),
    })
}

fn check_host(authority: &str) -> Result<(), HostFault> {
    let port_at = match authority.rfind(']') {
        Some(bracket) => authority[bracket..].find(':').map(|colon| bracket + colon),
        None => authority.find(':'),
    };
    let (host, port) = match port_at {
        Some(colon) => (&authority[..colon], Some(&authority[colon + 1..])),
        None => (authority, None),
    };
    let valid = match host.strip_prefix('[') {
        Some(rest) => rest
            .strip_suffix(']')
            .is_some_and(|address| address.parse::<Ipv6Addr>().is_ok()),
        None if host.bytes().all(|b| b.is_ascii_digit() || b == b'.') => {
            host.parse::<Ipv4Addr>().is_ok()
        }
        None => host.len() <= 253 && host.split('.').all(is_dns_label),
    };
    if !valid {
        return Err(HostFault::Name(host.to_owned()));
    }
    let is_port = |port: &str| {
        port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|port| port > 0)
    };
    match port {
        Some(port) if !is_port(port) => Err(HostFault::Port(port.to_owned())),
        _ => Ok(()),
    }
}

fn is_dns_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

fn check_path(path: &str) -> Result<(), PathFault> {
    path.split('/').try_for_each(check_path_part)
}

/// Letters and digits in lower case, with `.`, `_`, `__` or any number of `-` between them.
fn check_path_part(part: &str) -> Result<(), PathFault> {
    if part.is_empty() {
        return Err(PathFault::Empty);
    }
    if part.bytes().any(|b| b.is_ascii_uppercase()) {
        return Err(PathFault::UpperCase(part.to_owned()));
    }
    let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let is_separator = |between: &str| {
        matches!(between, "" | "." | "_" | "__") || between.bytes().all(|b| b == b'-')
    };
    // Cutting at every letter and digit leaves the separators, and nothing at both ends.
    if !part.starts_with(is_word)
        || !part.ends_with(is_word)
        || !part.split(is_word).all(is_separator)
    {
        return Err(PathFault::Character(part.to_owned()));
    }
    Ok(())
}

/// The component's part of a mirrored name, with the slash behind it.
fn folder(component: &str) -> String {
    if check_path_part(component).is_ok() {
        return format!("{component}/");
    }
    let lower = component.to_ascii_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    if words.is_empty() {
        String::new()
    } else {
        format!("{}/", words.join("-"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HEX: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    fn image(reference: &str) -> ImageRef {
        reference.parse().unwrap()
    }

    #[test]
    fn references_are_taken_apart_and_put_together() {
        let pinned = format!("quay.io/acme/agent:v1.19.1@sha256:{HEX}");
        let only_digest = format!("web@sha256:{HEX}");
        #[rustfmt::skip]
        let cases = [
            ("web:3.9", "web", Some("3.9"), "docker.io", "web", "docker.io/library/web:3.9"),
            ("web", "web", None, "docker.io", "web", "docker.io/library/web:latest"),
            ("library/web", "library/web", None, "docker.io", "web", "docker.io/library/web:latest"),
            ("docker.io/web:1", "docker.io/web", Some("1"), "docker.io", "web", "docker.io/library/web:1"),
            ("index.docker.io/web:1", "index.docker.io/web", Some("1"), "docker.io", "web", "docker.io/library/web:1"),
            ("acme/store:3.5.0", "acme/store", Some("3.5.0"), "docker.io", "store", "docker.io/acme/store:3.5.0"),
            ("quay.io/web", "quay.io/web", None, "quay.io", "web", "quay.io/web:latest"),
            ("localhost/web:1", "localhost/web", Some("1"), "localhost", "web", "localhost/web:1"),
            ("localhost:5000", "localhost", Some("5000"), "docker.io", "localhost", "docker.io/library/localhost:5000"),
            ("localhost:5000/a/b:1", "localhost:5000/a/b", Some("1"), "localhost:5000", "b", "localhost:5000/a/b:1"),
            ("10.0.0.1:5000/a", "10.0.0.1:5000/a", None, "10.0.0.1:5000", "a", "10.0.0.1:5000/a:latest"),
            ("[fd00::1]:5000/a:1", "[fd00::1]:5000/a", Some("1"), "[fd00::1]:5000", "a", "[fd00::1]:5000/a:1"),
            ("[::1]/a:1", "[::1]/a", Some("1"), "[::1]", "a", "[::1]/a:1"),
            ("Harbor/a:1", "Harbor/a", Some("1"), "Harbor", "a", "Harbor/a:1"),
            ("harbor/a:1", "harbor/a", Some("1"), "docker.io", "a", "docker.io/harbor/a:1"),
            ("a.b/c__d/e-----f.g_h:_T.1-", "a.b/c__d/e-----f.g_h", Some("_T.1-"), "a.b", "e-----f.g_h", "a.b/c__d/e-----f.g_h:_T.1-"),
            (&pinned, "quay.io/acme/agent", Some("v1.19.1"), "quay.io", "agent", &pinned),
            (&only_digest, "web", None, "docker.io", "web", &format!("docker.io/library/{only_digest}")),
        ];
        for (written, name, tag, host, short, canonical) in cases {
            let image = image(written);
            assert_eq!(image.to_string(), written);
            assert_eq!(
                (image.name(), image.tag(), image.host(), image.short_name()),
                (name, tag, host, short),
                "{written}"
            );
            assert_eq!(image.canonical().to_string(), canonical, "{written}");
            assert_eq!(
                image.canonical().canonical(),
                image.canonical(),
                "{written}"
            );
        }
        assert_eq!(
            image(&pinned).digest(),
            Some(format!("sha256:{HEX}").as_str())
        );
        assert_eq!(image("web:3.9").digest(), None);
        assert_eq!(
            image("quay.io/acme/operator-generic:v1")
                .with_name("quay.io/acme/operator")
                .to_string(),
            "quay.io/acme/operator:v1"
        );
    }

    #[test]
    fn what_no_runtime_would_pull_is_refused() {
        let host = |text: &str| ImageFault::Host(HostFault::Name(text.into()));
        let port = |text: &str| ImageFault::Host(HostFault::Port(text.into()));
        let path = |text: &str| ImageFault::Path(PathFault::Character(text.into()));
        let upper = |text: &str| ImageFault::Path(PathFault::UpperCase(text.into()));
        let empty = ImageFault::Path(PathFault::Empty);
        let tag = |text: &str| ImageFault::Tag(text.into());
        let digest = |text: &str| ImageFault::Digest(text.into());
        let long = "a".repeat(256);
        let long_tag = "t".repeat(129);
        #[rustfmt::skip]
        let cases = [
            ("", ImageFault::Empty),
            (":1", ImageFault::Empty),
            ("@sha256:1", ImageFault::Empty),
            ("quay.io/", ImageFault::Empty),
            ("https://quay.io/a", ImageFault::Scheme("https".into())),
            ("docker://a", ImageFault::Scheme("docker".into())),
            (HEX, ImageFault::Identifier),
            ("Web:3.9", upper("Web")),
            ("quay.io/a/B:1", upper("B")),
            ("a//b", empty.clone()),
            ("/a", empty.clone()),
            ("a/", empty.clone()),
            ("-a", path("-a")),
            ("a-", path("a-")),
            ("a..b", path("a..b")),
            ("a___b", path("a___b")),
            ("a._b", path("a._b")),
            ("a/b c", path("b c")),
            (" a", path(" a")),
            ("a\n", path("a\n")),
            ("한국", path("한국")),
            ("-a.b/c", host("-a.b")),
            ("a_b.c/d", host("a_b.c")),
            ("a..b/c", host("a..b")),
            ("256.0.0.1/a", host("256.0.0.1")),
            ("[::g]/a", host("[::g]")),
            ("[::1/a", host("[")),
            (":5000/a", host("")),
            ("a.b:/c", port("")),
            ("a.b:0/c", port("0")),
            ("a.b:65536/c", port("65536")),
            ("a.b:+80/c", port("+80")),
            ("user:secret@a.b/c", digest("a.b/c")),
            ("a:", tag("")),
            ("a:-1", tag("-1")),
            ("a:.1", tag(".1")),
            ("a:1:2", tag("1:2")),
            ("a:1+2", tag("1+2")),
            ("a:1 ", tag("1 ")),
            ("a@", digest("")),
            ("a@sha256", digest("sha256")),
            ("a@sha256:abc", digest("sha256:abc")),
            (&format!("a@md5:{}", &HEX[..32]), digest(&format!("md5:{}", &HEX[..32]))),
            (&format!("a@sha256:{}", HEX.to_uppercase()), digest(&format!("sha256:{}", HEX.to_uppercase()))),
            (&format!("a@sha512:{HEX}"), digest(&format!("sha512:{HEX}"))),
            (&long, ImageFault::TooLong(256)),
            (&format!("a:{long_tag}"), tag(&long_tag)),
        ];
        for (reference, fault) in cases {
            let error = reference.parse::<ImageRef>().unwrap_err();
            assert_eq!(
                error,
                ImageRefError {
                    reference: reference.to_owned(),
                    fault
                },
                "{reference:?}"
            );
            assert!(
                error
                    .to_string()
                    .starts_with(&format!("`{reference}` is not an image reference")),
                "{error}"
            );
        }
        for allowed in [
            &long[1..],
            &format!("a:{}", &long_tag[1..]),
            &format!("a@sha512:{HEX}{HEX}"),
            &HEX[1..],
        ] {
            assert_eq!(image(allowed).to_string(), *allowed);
        }
    }

    #[test]
    fn registries_are_hosts_with_or_without_a_path() {
        let long = "a".repeat(127);
        #[rustfmt::skip]
        let cases = [
            ("harbor.internal", "harbor.internal"),
            ("harbor.internal/lab/images", "harbor.internal"),
            ("localhost", "localhost"),
            ("localhost:5000/lab", "localhost:5000"),
            ("registry:5000", "registry:5000"),
            ("10.0.0.1:5000", "10.0.0.1:5000"),
            ("[fd00::1]:5000/a", "[fd00::1]:5000"),
            (&format!("a.b/{long}"), "a.b"),
        ];
        for (registry, host) in cases {
            let parsed: Registry = registry.parse().unwrap();
            assert_eq!(
                (parsed.to_string().as_str(), parsed.host()),
                (registry, host)
            );
        }
    }

    #[test]
    fn what_is_no_registry_is_refused() {
        let host = |text: &str| RegistryFault::Host(HostFault::Name(text.into()));
        let port = |text: &str| RegistryFault::Host(HostFault::Port(text.into()));
        let path = |text: &str| RegistryFault::Path(PathFault::Character(text.into()));
        #[rustfmt::skip]
        let cases = [
            ("", RegistryFault::Empty),
            ("https://harbor.internal", RegistryFault::Scheme("https".into())),
            ("oci://harbor.internal", RegistryFault::Scheme("oci".into())),
            ("harbor", RegistryFault::Host(HostFault::Ambiguous("harbor".into()))),
            ("harbor/lab", RegistryFault::Host(HostFault::Ambiguous("harbor".into()))),
            ("/lab", host("")),
            (" harbor.internal", host(" harbor.internal")),
            ("harbor_1.internal", host("harbor_1.internal")),
            ("harbor.internal.", host("harbor.internal.")),
            ("user@harbor.internal", host("user@harbor.internal")),
            ("fd00::1", port(":1")),
            ("harbor.internal:", port("")),
            ("harbor.internal:http", port("http")),
            ("harbor.internal:70000", port("70000")),
            ("harbor.internal/", RegistryFault::Path(PathFault::Empty)),
            ("harbor.internal//a", RegistryFault::Path(PathFault::Empty)),
            ("harbor.internal/Lab", RegistryFault::Path(PathFault::UpperCase("Lab".into()))),
            ("harbor.internal/lab:1", path("lab:1")),
            ("harbor.internal/../a", path("..")),
            (&format!("a.b/{}", "a".repeat(128)), RegistryFault::TooLong(128)),
        ];
        for (registry, fault) in cases {
            let error = registry.parse::<Registry>().unwrap_err();
            assert_eq!(
                error,
                RegistryError {
                    registry: registry.to_owned(),
                    fault
                },
                "{registry:?}"
            );
        }
    }

    #[test]
    fn a_mirror_keeps_images_by_component() {
        let digest = format!("sha256:{HEX}");
        #[rustfmt::skip]
        let cases = [
            ("harbor.internal/lab", "web", "web:3.9", "harbor.internal/lab/web/web:3.9"),
            ("localhost:5000", "agent", "quay.io/acme/agent:v1.19.1", "localhost:5000/agent/agent:v1.19.1"),
            ("a.b", "agent", &format!("quay.io/acme/agent:v1@{digest}"), "a.b/agent/agent:v1"),
            ("a.b", "agent", &format!("quay.io/acme/agent@{digest}"), &format!("a.b/agent/agent:sha256-{HEX}")),
            ("a.b", "web", "web", "a.b/web/web"),
            ("a.b", "demo_app", "c", "a.b/demo_app/c"),
            ("a.b", "My App!", "c", "a.b/my-app/c"),
            ("a.b", "한", "c", "a.b/c"),
        ];
        for (registry, component, source, mirrored) in cases {
            let mirrored_to = image(source).mirrored(&registry.parse().unwrap(), component);
            assert_eq!(mirrored_to.to_string(), mirrored, "{source}");
            assert_eq!(
                image(mirrored),
                mirrored_to,
                "a mirrored name must be a reference"
            );
        }
    }

    proptest! {
        #[test]
        fn whatever_parses_is_displayed_as_it_was_written(
            reference in "([a-zA-Z.:0-9\\[\\]-]{0,8}/)?([a-z0-9._-]{1,5}/){0,2}[a-z0-9._-]{1,5}(:[a-zA-Z0-9._+-]{0,5})?",
        ) {
            if let Ok(image) = reference.parse::<ImageRef>() {
                prop_assert_eq!(image.to_string(), reference);
                let canonical = image.canonical();
                prop_assert_eq!(canonical.to_string().parse::<ImageRef>(), Ok(canonical));
            }
        }

        #[test]
        fn no_text_makes_the_parsers_panic(text in any::<String>(), near in "[a:/@\\[\\].A 한-]{0,12}") {
            for text in [text, near] {
                if let Ok(registry) = text.parse::<Registry>() {
                    let mirrored = image("web:3.9").mirrored(&registry, &text).to_string();
                    prop_assert_eq!(mirrored.parse::<ImageRef>().map(|image| image.to_string()), Ok(mirrored));
                }
                if let Ok(image) = text.parse::<ImageRef>() {
                    prop_assert_eq!(image.to_string(), text);
                }
            }
        }
    }
}
