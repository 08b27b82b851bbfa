//! Kubernetes' rules for names, labels and paths, so that a bad one is refused before anything is written.

/// RFC 1123 label: what Namespaces, label-like ids and folder names must be.
pub(crate) fn dns_label(name: &str) -> Result<(), String> {
    if name.len() > 63 {
        return Err(format!("{} characters, at most 63 are allowed", name.len()));
    }
    let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    let inner = name
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if inner && edge(name.chars().next()) && edge(name.chars().last()) {
        Ok(())
    } else {
        Err("it must consist of lower-case letters, digits and `-`, and begin and end with a letter or digit".into())
    }
}

/// RFC 1035 label: as [`dns_label`], but it begins with a letter. Services ask for it.
pub(crate) fn dns_1035_label(name: &str) -> Result<(), String> {
    dns_label(name)?;
    match name.chars().next() {
        Some(first) if first.is_ascii_lowercase() => Ok(()),
        _ => Err("it must begin with a lower-case letter".into()),
    }
}

/// RFC 1123 subdomain: what most object names must be.
pub(crate) fn dns_subdomain(name: &str) -> Result<(), String> {
    if name.len() > 253 {
        return Err(format!(
            "{} characters, at most 253 are allowed",
            name.len()
        ));
    }
    let part = |part: &str| {
        let edge =
            |c: Option<char>| c.is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
        edge(part.chars().next())
            && edge(part.chars().last())
            && part
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    };
    if name.split('.').all(part) {
        Ok(())
    } else {
        Err("it must be lower-case letters, digits, `-` and `.`, each part beginning and ending with a letter or digit".into())
    }
}

/// A domain under which hosts are made: DNS labels, with room for one more.
pub(crate) fn domain(name: &str) -> Result<(), String> {
    const LONGEST: usize = 239;
    if name.len() > LONGEST {
        return Err(format!(
            "{} characters, at most {LONGEST} leave room for a host name",
            name.len()
        ));
    }
    if name.starts_with("*.") {
        return Err("give the domain itself, without `*.`".into());
    }
    name.split('.').try_for_each(|label| {
        if label.is_empty() {
            Err("it has an empty label".to_owned())
        } else {
            dns_label(label).map_err(|reason| format!("label `{label}`: {reason}"))
        }
    })
}

/// The key of a label or annotation: `[prefix/]name`.
pub(crate) fn qualified_name(key: &str) -> Result<(), String> {
    let name = match key.split_once('/') {
        Some((prefix, name)) => {
            dns_subdomain(prefix).map_err(|reason| format!("prefix `{prefix}`: {reason}"))?;
            name
        }
        None => key,
    };
    if name.is_empty() || name.len() > 63 {
        return Err(format!(
            "its name part has {} characters, 1 to 63 are allowed",
            name.len()
        ));
    }
    tidy(name)
}

/// The value of a label: empty, or up to 63 tidy characters.
pub(crate) fn label_value(value: &str) -> Result<(), String> {
    if value.is_empty() {
        return Ok(());
    }
    if value.len() > 63 {
        return Err(format!(
            "{} characters, at most 63 are allowed",
            value.len()
        ));
    }
    tidy(value)
}

fn tidy(text: &str) -> Result<(), String> {
    let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let inner = text
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    if inner && edge(text.chars().next()) && edge(text.chars().last()) {
        Ok(())
    } else {
        Err("it must consist of letters, digits, `-`, `_` and `.`, and begin and end with a letter or digit".into())
    }
}

/// A path below the root of the tree: relative, of plain parts, with `/` between them.
pub(crate) fn relative_path(path: &str) -> Result<(), String> {
    let plain = |part: &str| {
        !part.is_empty() && part != "." && part != ".." && !part.contains(['\\', '\0', ':'])
    };
    if path.split('/').all(plain) {
        Ok(())
    } else {
        Err("it must be relative, without empty parts, `.`, `..`, `\\` or `:`".into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_kubernetes_rules() {
        type Rule = fn(&str) -> Result<(), String>;
        let long = "a".repeat(64);
        let table: [(&str, Rule, &[&str], &[&str]); 7] = [
            (
                "label",
                dns_label,
                &["a", "a-b", "0a"],
                &["", "A", "a.b", "-a", "a-", &long],
            ),
            ("1035", dns_1035_label, &["a0"], &["0a", ""]),
            (
                "subdomain",
                dns_subdomain,
                &["a.b", "a-b.0"],
                &["", "a..b", ".a", "a.", "a_b", "A"],
            ),
            (
                "domain",
                domain,
                &["lab-dev.local", "x"],
                &["", "*.x", "a..b", "a.b."],
            ),
            (
                "key",
                qualified_name,
                &["app", "a.b/c_D", "istio.io/dataplane-mode"],
                &["", "/", "a/", "a/b/c", "A_/b", "-a"],
            ),
            (
                "value",
                label_value,
                &["", "v1.0", "A_b"],
                &["a b", "-", "a-", &long],
            ),
            (
                "path",
                relative_path,
                &["a", "a/b.yaml", ".lab"],
                &["", "/a", "a//b", "../a", "a/..", "a\\b", "c:/x"],
            ),
        ];
        for (what, rule, good, bad) in table {
            for text in good {
                assert_eq!(rule(text), Ok(()), "{what} {text:?}");
            }
            for text in bad {
                assert!(rule(text).is_err(), "{what} {text:?}");
            }
        }
    }
}
