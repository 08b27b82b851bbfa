//! The structs of a Go source folder, as far as names are concerned.

use std::collections::{BTreeMap, BTreeSet};

/// The structs of upstream's API packages: what they are called, and what their members are called in JSON.
///
/// ```
/// let go = crd_gen::GoTypes::parse(["
/// type TLSConfig struct {
///     // The certificate.
///     CAFile string `json:\"caFile,omitempty\"`
///     SafeTLSConfig `json:\",inline\"`
/// }
/// type SafeTLSConfig struct {
///     InsecureSkipVerify *bool `json:\"insecureSkipVerify,omitempty\"`
/// }
/// "]);
/// assert_eq!(go.len(), 2);
/// ```
#[derive(Clone, Debug, Default)]
pub struct GoTypes {
    /// Names by members; several where structs are alike.
    names: BTreeMap<BTreeSet<String>, BTreeSet<String>>,
    /// Names of structs by the members of others that hold them.
    held_as: BTreeMap<String, BTreeSet<String>>,
    count: usize,
}

#[derive(Default)]
struct Struct {
    members: BTreeSet<String>,
    embedded: Vec<String>,
}

impl GoTypes {
    /// Reads the texts of Go files. What is no struct is skipped.
    pub fn parse<'a>(files: impl IntoIterator<Item = &'a str>) -> Self {
        let mut structs: BTreeMap<String, Struct> = BTreeMap::new();
        let mut held_as: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for file in files {
            read_file(file, &mut structs, &mut held_as);
        }
        let mut names: BTreeMap<BTreeSet<String>, BTreeSet<String>> = BTreeMap::new();
        for name in structs.keys() {
            let mut members = BTreeSet::new();
            collect(name, &structs, &mut members, 0);
            if !members.is_empty() {
                names.entry(members).or_default().insert(name.clone());
            }
        }
        Self {
            names,
            held_as,
            count: structs.len(),
        }
    }

    /// How many structs there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The struct with exactly these members. Of several the one that a member of this name holds; none if that leaves more
    /// than one.
    pub(crate) fn name(&self, members: &BTreeSet<&str>, held_as: &str) -> Option<&str> {
        let members: BTreeSet<String> = members.iter().map(|name| (*name).to_owned()).collect();
        let names = self.names.get(&members)?;
        let mut fitting = names.iter().filter(|name| {
            names.len() == 1
                || self
                    .held_as
                    .get(*name)
                    .is_some_and(|members| members.contains(held_as))
        });
        let first = fitting.next()?;
        fitting.next().is_none().then_some(first.as_str())
    }
}

fn read_file(
    file: &str,
    structs: &mut BTreeMap<String, Struct>,
    held_as: &mut BTreeMap<String, BTreeSet<String>>,
) {
    let mut current: Option<(String, Struct)> = None;
    let mut depth = 0_usize;
    for line in file.lines() {
        let line = line.trim();
        let Some((name, body)) = &mut current else {
            let declared = line.strip_prefix("type ").unwrap_or(line);
            if let Some((name, "struct {")) = declared
                .split_once(' ')
                .map(|(name, rest)| (name, rest.trim()))
            {
                current = Some((name.to_owned(), Struct::default()));
                depth = 1;
            }
            continue;
        };
        if line.starts_with("//") {
            continue;
        }
        if line.starts_with('}') && depth == 1 {
            structs.insert(std::mem::take(name), std::mem::take(body));
            current = None;
            continue;
        }
        depth = (depth + line.matches('{').count()).saturating_sub(line.matches('}').count());
        read_field(line, body, held_as);
    }
}

fn read_field(line: &str, body: &mut Struct, held_as: &mut BTreeMap<String, BTreeSet<String>>) {
    let declared = line.split('`').next().unwrap_or_default();
    let words: Vec<&str> = declared.split_whitespace().collect();
    let tag = line
        .split("json:\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    let base = |ty: &str| {
        let ty = ty.trim_start_matches(['*', '[', ']']);
        ty.rsplit(['.', ']']).next().unwrap_or_default().to_owned()
    };
    match (words.as_slice(), tag) {
        ([ty], None) => body.embedded.push(base(ty)),
        ([ty], Some(tag)) if tag.split(',').next().is_some_and(str::is_empty) => {
            body.embedded.push(base(ty))
        }
        ([_, ty, ..] | [ty], Some(tag)) => {
            let member = tag.split(',').next().unwrap_or_default();
            if tag.contains(",inline") {
                body.embedded.push(base(ty));
            } else if !member.is_empty() && member != "-" {
                body.members.insert(member.to_owned());
                held_as
                    .entry(base(ty))
                    .or_default()
                    .insert(member.to_owned());
            }
        }
        _ => {}
    }
}

/// The members of a struct and of what it embeds.
fn collect(
    name: &str,
    structs: &BTreeMap<String, Struct>,
    members: &mut BTreeSet<String>,
    depth: usize,
) {
    let Some(found) = structs.get(name).filter(|_| depth < 16) else {
        return;
    };
    members.extend(found.members.iter().cloned());
    for embedded in &found.embedded {
        collect(embedded, structs, members, depth + 1);
    }
}
