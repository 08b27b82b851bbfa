//! Names in the API's spelling and in Rust's.

/// No name is longer.
pub(crate) const LONGEST: usize = 40;

/// The words of a name in lower case: `HTTPRouteRule` is `http`, `route`, `rule`; `podIPs` is `pod`, `ips`.
pub(crate) fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    for part in name.split(|c: char| !c.is_ascii_alphanumeric()) {
        split_part(part, &mut words);
    }
    words
}

fn split_part(part: &str, words: &mut Vec<String>) {
    let letters: Vec<char> = part.chars().collect();
    let mut word = String::new();
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| letters[at]);
        let after = letters.get(at + 1);
        let starts = letter.is_ascii_uppercase()
            && before.is_some_and(|before| {
                !before.is_ascii_uppercase() || after.is_some_and(char::is_ascii_lowercase)
            });
        // A plural of a shouted word: the `s` of `IPs` belongs to it.
        let plural = letter.is_ascii_uppercase()
            && before.is_some_and(|before| before.is_ascii_uppercase())
            && after == Some(&'s')
            && letters
                .get(at + 2)
                .is_none_or(|next| next.is_ascii_uppercase());
        if starts && !plural && !word.is_empty() {
            push(&mut word, words);
        }
        word.push(*letter);
    }
    push(&mut word, words);
}

/// Adds the word in lower case; two shouted ones, of which the second is of a few that everybody knows, are two.
fn push(word: &mut String, words: &mut Vec<String>) {
    let shouted = word.chars().all(|letter| letter.is_ascii_uppercase());
    let second = ["ID", "TTL", "URI", "URL"].into_iter().find(|second| {
        let first = word.strip_suffix(second);
        shouted && first.is_some_and(|first| first.len() > 2)
    });
    let (first, second) = word.split_at(word.len() - second.map_or(0, str::len));
    for part in [first, second].into_iter().filter(|part| !part.is_empty()) {
        words.push(part.to_ascii_lowercase());
    }
    word.clear();
}

/// A type's or an arm's name: `HTTPRoute` is `HttpRoute`.
pub(crate) fn pascal(name: &str) -> String {
    let name: String = words(name).iter().map(|word| capital(word)).collect();
    match name.chars().next() {
        Some(first) if first.is_ascii_digit() => format!("N{name}"),
        _ => name,
    }
}

/// A field's or a module's name: `podIPs` is `pod_ips`; never a keyword or without a letter.
pub(crate) fn snake(name: &str) -> String {
    let name = words(name).join("_");
    match name.chars().next() {
        None => "unnamed".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("n{name}"),
        Some(_) if KEYWORDS.contains(&name.as_str()) => format!("{name}_"),
        Some(_) => name,
    }
}

/// Whether a crate can be called so.
pub(crate) fn is_crate_name(name: &str) -> bool {
    let begins = name.starts_with(|first: char| first.is_ascii_alphabetic());
    let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
    // Cargo's own, and what would hide a crate that everybody has.
    let taken = ["alloc", "core", "proc_macro", "std", "test"];
    begins
        && name.chars().all(plain)
        && !KEYWORDS.contains(&name)
        && !taken.contains(&name.replace('-', "_").as_str())
}

pub(crate) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// How `crd-derive` spells a Rust field (snake case) or arm (Pascal case) in JSON; it knows each capital as a new word.
pub(crate) fn derived_camel(ident: &str) -> String {
    let mut name = String::new();
    for part in ident.split('_').filter(|part| !part.is_empty()) {
        if name.is_empty() {
            let mut letters = part.chars();
            name.extend(letters.next().map(|letter| letter.to_ascii_lowercase()));
            name.push_str(letters.as_str());
        } else {
            name.push_str(&capital(part));
        }
    }
    name
}

/// One of several: `rules` is `rule`, `policies` is `policy`, `status` stays.
pub(crate) fn singular(name: &str) -> String {
    for stays in [
        "ss", "us", "is", "tls", "dns", "aws", "alias", "https", "ics",
    ] {
        if name.to_ascii_lowercase().ends_with(stays) {
            return name.to_owned();
        }
    }
    if let Some(stem) = name.strip_suffix("ies").filter(|stem| stem.len() > 1) {
        return format!("{stem}y");
    }
    for (plural, one) in [
        ("sses", "ss"),
        ("ches", "ch"),
        ("shes", "sh"),
        ("xes", "x"),
        ("uses", "us"),
        ("ases", "ase"),
        ("indices", "index"),
    ] {
        if let Some(stem) = name.strip_suffix(plural) {
            return format!("{stem}{one}");
        }
    }
    match name.strip_suffix('s') {
        Some(stem) if stem.len() > 1 => stem.to_owned(),
        _ => name.to_owned(),
    }
}

/// Words that Rust keeps for itself; a field of such a name gets an underscore, which `crd-derive` knows of.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Type names that mean something else to every reader of Rust, or to the generated code itself.
const TAKEN: &[&str] = &[
    "Any",
    "Arc",
    "AsMut",
    "AsRef",
    "BTreeMap",
    "BTreeSet",
    "Borrow",
    "Box",
    "Cell",
    "Clone",
    "Copy",
    "Cow",
    "Debug",
    "Default",
    "Deref",
    "Deserialize",
    "Display",
    "Drop",
    "Duration",
    "Eq",
    "Err",
    "Error",
    "Fn",
    "FnMut",
    "FnOnce",
    "Family",
    "From",
    "FromStr",
    "Future",
    "GenericMap",
    "HashMap",
    "HashSet",
    "Hash",
    "Instant",
    "IntOrString",
    "IntegerEnum",
    "Into",
    "Iterator",
    "JsonSchema",
    "Kind",
    "List",
    "Map",
    "Mutex",
    "N",
    "None",
    "Number",
    "Object",
    "ObjectMeta",
    "Ok",
    "Option",
    "Ord",
    "Ordering",
    "Output",
    "PartialEq",
    "PartialOrd",
    "Path",
    "Pin",
    "Quantity",
    "Range",
    "Rc",
    "Ref",
    "Resource",
    "Result",
    "RwLock",
    "Schema",
    "SchemaGenerator",
    "Self",
    "Send",
    "Serialize",
    "Sized",
    "Some",
    "String",
    "StringEnum",
    "Sync",
    "Time",
    "ToOwned",
    "ToString",
    "Type",
    "TryFrom",
    "TryInto",
    "Union",
    "Unpin",
    "Value",
    "Vec",
    "Version",
];

/// Whether a type must not be called so.
pub(crate) fn is_taken(name: &str) -> bool {
    TAKEN.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fall_into_words() {
        for (name, expected) in [
            ("HTTPRouteRule", "HttpRouteRule"),
            ("podIPs", "PodIps"),
            ("tlsConfig", "TlsConfig"),
            ("URLs", "Urls"),
            ("x-forwarded-for", "XForwardedFor"),
            ("2xx", "N2xx"),
            ("oAuth2", "OAuth2"),
            ("caFile", "CaFile"),
            ("IPAddressPool", "IpAddressPool"),
            ("jwtSVIDTTL", "JwtSvidTtl"),
            ("SVID", "Svid"),
        ] {
            assert_eq!(pascal(name), expected);
        }
        assert_eq!(snake("type"), "type_");
        assert_eq!(snake("$patch"), "patch");
        assert_eq!(snake("="), "unnamed");
        assert_eq!(snake("hostIPC"), "host_ipc");
    }

    #[test]
    fn crates_have_names_that_cargo_takes() {
        for name in ["keda-types", "a", "x_2"] {
            assert!(is_crate_name(name), "{name}");
        }
        for name in [
            "", "My Types", "3scale", "test", "core", "type", "a/b", "été",
        ] {
            assert!(!is_crate_name(name), "{name}");
        }
    }

    #[test]
    fn the_derive_spells_fields_so() {
        assert_eq!(derived_camel("pod_ips"), "podIps");
        assert_eq!(derived_camel("type_"), "type");
        assert_eq!(derived_camel("UrlRewrite"), "urlRewrite");
    }

    #[test]
    fn one_of_many() {
        for (many, one) in [
            ("rules", "rule"),
            ("policies", "policy"),
            ("status", "status"),
            ("ingress", "ingress"),
            ("addresses", "address"),
            ("matches", "match"),
            ("tls", "tls"),
        ] {
            assert_eq!(singular(many), one);
        }
    }
}
