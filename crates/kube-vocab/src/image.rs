//! References to container images, taken apart.

/// A reference to a container image, `[HOST[:PORT]/]PATH[:TAG][@DIGEST]`, taken apart where container runtimes take it apart.
///
/// Nothing is checked and nothing is filled in: each part is as it was written, valid or not. The grammar is that of the
/// [distribution project](https://pkg.go.dev/github.com/distribution/reference).
///
/// ```
/// use kube_vocab::ImageName;
///
/// let image = ImageName::split("localhost:5000/acme/web:1.2@sha256:0f");
/// assert_eq!(image.host(), Some("localhost:5000"));
/// assert_eq!(image.path(), "acme/web");
/// assert_eq!(image.tag(), Some("1.2"));
/// assert_eq!(image.digest(), Some("sha256:0f"));
/// assert_eq!(image.name(), "localhost:5000/acme/web");
///
/// let image = ImageName::split("acme/web");
/// assert_eq!((image.host(), image.path(), image.tag()), (None, "acme/web", None));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageName<'a> {
    name: &'a str,
    tag: Option<&'a str>,
    digest: Option<&'a str>,
}

impl<'a> ImageName<'a> {
    /// The parts of a reference: the digest begins at the first `@`, the tag at the first `:` behind the last slash before it.
    pub fn split(reference: &'a str) -> Self {
        let (rest, digest) = match reference.split_once('@') {
            Some((rest, digest)) => (rest, Some(digest)),
            None => (reference, None),
        };
        let last = rest.rfind('/').map_or(0, |slash| slash + 1);
        let (name, tag) = match rest[last..].find(':') {
            Some(colon) => (&rest[..last + colon], Some(&rest[last + colon + 1..])),
            None => (rest, None),
        };
        Self { name, tag, digest }
    }

    /// Host and path together: all but tag and digest.
    pub fn name(self) -> &'a str {
        self.name
    }

    /// The registry, with its port: what stands before the first slash where that cannot be part of a path, since it has a
    /// dot, a colon or a capital letter or is `localhost`. `None` stands for Docker Hub.
    pub fn host(self) -> Option<&'a str> {
        self.host_and_path().0
    }

    /// The repository within its registry: `library/nginx` of `docker.io/library/nginx:1`.
    pub fn path(self) -> &'a str {
        self.host_and_path().1
    }

    /// The last part of the path: `nginx` of `docker.io/library/nginx:1`.
    pub fn short_name(self) -> &'a str {
        let path = self.path();
        path.rsplit_once('/').map_or(path, |(_, last)| last)
    }

    /// The tag that is written. A runtime takes `latest` where there is neither a tag nor a digest.
    pub fn tag(self) -> Option<&'a str> {
        self.tag
    }

    /// The digest with its algorithm: `sha256:` and 64 digits.
    pub fn digest(self) -> Option<&'a str> {
        self.digest
    }

    fn host_and_path(self) -> (Option<&'a str>, &'a str) {
        match self.name.split_once('/') {
            Some((host, path)) if means_host(host) => (Some(host), path),
            _ => (None, self.name),
        }
    }
}

/// Whether the part of a reference before its first slash is a registry rather than the begin of a path.
///
/// ```
/// use kube_vocab::image::means_host;
///
/// assert!(means_host("ghcr.io") && means_host("web:5000") && means_host("localhost"));
/// assert!(!means_host("library"));
/// ```
pub fn means_host(part: &str) -> bool {
    part == "localhost"
        || part.contains(['.', ':', '['])
        || part.contains(|letter: char| letter.is_ascii_uppercase())
}

/// Whether a registry takes a tag: 1 to 128 letters, digits, `_`, `.` and `-`, the first neither `.` nor `-`.
pub fn is_tag(tag: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    (1..=128).contains(&tag.len())
        && tag
            .bytes()
            .enumerate()
            .all(|(at, byte)| is_word(byte) || (at > 0 && matches!(byte, b'.' | b'-')))
}

/// Whether a digest is one of the three that runtimes know, `sha256:`, `sha384:` or `sha512:` with 64, 96 or 128 hexadecimal
/// digits in small letters.
pub fn is_digest(digest: &str) -> bool {
    let Some((algorithm, sum)) = digest.split_once(':') else {
        return false;
    };
    let length = match algorithm {
        "sha256" => 64,
        "sha384" => 96,
        "sha512" => 128,
        _ => return false,
    };
    sum.len() == length && sum.bytes().all(is_lower_hex)
}

/// Whether a reference is the identifier of an image on a node, which no registry knows: 64 hexadecimal digits in small letters.
pub fn is_identifier(reference: &str) -> bool {
    reference.len() == 64 && reference.bytes().all(is_lower_hex)
}

fn is_lower_hex(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_reference_is_taken_apart_where_runtimes_do() {
        for (reference, host, path, tag, digest) in [
            ("nginx", None, "nginx", None, None),
            ("nginx:1.25", None, "nginx", Some("1.25"), None),
            ("acme/web", None, "acme/web", None, None),
            // Without a slash what looks like a port is a tag.
            ("localhost:5000", None, "localhost", Some("5000"), None),
            (
                "localhost:5000/web",
                Some("localhost:5000"),
                "web",
                None,
                None,
            ),
            ("localhost/web:1", Some("localhost"), "web", Some("1"), None),
            ("Acme/web", Some("Acme"), "web", None, None),
            ("[::1]:5000/web", Some("[::1]:5000"), "web", None, None),
            (
                "ghcr.io/acme/web@sha256:0f",
                Some("ghcr.io"),
                "acme/web",
                None,
                Some("sha256:0f"),
            ),
            (
                "web:1@sha256:a/b",
                None,
                "web",
                Some("1"),
                Some("sha256:a/b"),
            ),
            ("web:1:2", None, "web", Some("1:2"), None),
            ("web:", None, "web", Some(""), None),
            ("", None, "", None, None),
        ] {
            let image = ImageName::split(reference);
            let parts = (image.host(), image.path(), image.tag(), image.digest());
            assert_eq!(parts, (host, path, tag, digest), "{reference}");
        }
        assert_eq!(
            ImageName::split("docker.io/library/nginx:1").short_name(),
            "nginx"
        );
    }

    #[test]
    fn digests_have_an_algorithm_that_is_known_and_all_their_digits() {
        for (algorithm, length) in [("sha256", 64), ("sha384", 96), ("sha512", 128)] {
            let digest = |length: usize| format!("{algorithm}:{}", "0f".repeat(length / 2));
            assert!(is_digest(&digest(length)));
            assert!(!is_digest(&digest(length - 2)));
            assert!(!is_digest(&digest(length).to_uppercase()));
        }
        assert!(!is_digest(&format!("md5:{}", "0".repeat(32))));
        assert!(is_identifier(&"0f".repeat(32)) && !is_identifier(&"0F".repeat(32)));
    }

    proptest! {
        #[test]
        fn the_parts_together_are_the_reference(reference in "[a-zA-Z.:/@\\[\\]é]{0,12}") {
            let image = ImageName::split(&reference);
            let mut again = String::new();
            if let Some(host) = image.host() {
                again = format!("{host}/");
            }
            again += image.path();
            prop_assert_eq!(&again, image.name());
            for (mark, part) in [(':', image.tag()), ('@', image.digest())] {
                again.extend(part.map(|part| format!("{mark}{part}")));
            }
            prop_assert_eq!(again, reference);
        }
    }
}
