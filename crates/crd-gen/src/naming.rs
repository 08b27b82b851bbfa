//! What the types are called.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::definition::Definition;
use crate::error::Error;
use crate::go::GoTypes;
use crate::shape::{Place, Shapes};
use crate::types::{Body, Own, TypeId, Types};
use crate::words::{self, LONGEST, capital};

/// A version of a group: the index of the group among all, and the version's name.
pub(crate) type Home = (String, String);

/// What each type is called, and in which versions it is used.
#[derive(Debug)]
pub(crate) struct Names {
    names: Vec<String>,
    /// The versions in which a type is used, in the order of reading.
    pub(crate) homes: Vec<Vec<Home>>,
}

impl Names {
    pub(crate) fn of(&self, ty: TypeId) -> &str {
        &self.names[ty.0]
    }
}

/// Last steps that say too little without the step before them.
const WEAK: &[&str] = &[
    "Action",
    "All",
    "Any",
    "Args",
    "Auth",
    "Condition",
    "Conditions",
    "Config",
    "Configuration",
    "Data",
    "Details",
    "Element",
    "Empty",
    "Entry",
    "Exclude",
    "Field",
    "Format",
    "From",
    "Global",
    "Group",
    "In",
    "Input",
    "Item",
    "Key",
    "Kind",
    "Level",
    "Match",
    "Meta",
    "Metadata",
    "Method",
    "Mode",
    "Name",
    "Operator",
    "Option",
    "Out",
    "Output",
    "Param",
    "Parameter",
    "Phase",
    "Policy",
    "Property",
    "Protocol",
    "Provider",
    "Ref",
    "Reference",
    "Resource",
    "Result",
    "Rule",
    "Scheme",
    "Scope",
    "Selector",
    "Server",
    "Set",
    "Setting",
    "Settings",
    "Source",
    "Spec",
    "State",
    "Status",
    "Step",
    "Strategy",
    "Target",
    "Template",
    "To",
    "Type",
    "Value",
    "Version",
    "With",
];

pub(crate) struct Namer<'a> {
    pub(crate) definitions: &'a [Definition],
    pub(crate) shapes: &'a Shapes,
    pub(crate) types: &'a Types,
    /// The names that people say, each with the place by which they do.
    pub(crate) told: BTreeMap<usize, (String, String)>,
    pub(crate) go: &'a GoTypes,
}

/// The names that are given so far.
struct Register<'a> {
    homes: &'a [Vec<Home>],
    core: BTreeSet<&'a str>,
    taken: HashMap<&'a Home, BTreeSet<String>>,
    names: Vec<String>,
}

impl Register<'_> {
    /// Whether a type can have the name, in all versions where it is used.
    fn is_free(&self, ty: usize, name: &str) -> bool {
        let taken = |home: &Home| {
            self.taken
                .get(home)
                .is_some_and(|taken| taken.contains(name))
        };
        !words::is_taken(name) && !self.core.contains(name) && !self.homes[ty].iter().any(taken)
    }

    fn give(&mut self, ty: usize, name: String) {
        for home in &self.homes[ty] {
            self.taken.entry(home).or_default().insert(name.clone());
        }
        self.names[ty] = name;
    }

    /// Gives the name, or the name with a number behind it.
    fn give_unique(&mut self, ty: usize, wanted: &str) {
        let name = unique(wanted, |name| self.is_free(ty, name));
        self.give(ty, name);
    }
}

impl Namer<'_> {
    pub(crate) fn name(&self) -> Result<Names, Error> {
        let types: Vec<TypeId> = (0..self.types.own.len()).map(TypeId).collect();
        let stands: Vec<Vec<Cow<'_, Place>>> = self
            .types
            .own
            .iter()
            .map(|own| own.places(self.shapes))
            .collect();
        let places: Vec<Vec<&Place>> = stands
            .iter()
            .map(|places| places.iter().map(AsRef::as_ref).collect())
            .collect();
        let homes: Vec<Vec<Home>> = (0..types.len())
            .map(|ty| self.homes(ty, &places[ty]))
            .collect();
        let mut register = Register {
            homes: &homes,
            core: self.types.core.values().map(|core| core.name()).collect(),
            taken: HashMap::new(),
            names: vec![String::new(); types.len()],
        };
        // What people say, and what kinds are called, comes first.
        for (ty, (place, name)) in &self.told {
            if !register.is_free(*ty, name) {
                let reason =
                    format!("another type that is used with it is called `{name}` already");
                return Err(Error::stale("rename", place, reason));
            }
            register.give(*ty, name.clone());
        }
        for (ty, own) in self.types.own.iter().enumerate() {
            if let Some(root) = own.root.filter(|_| register.names[ty].is_empty()) {
                let definition = &self.definitions[self.shapes.roots[root].definition];
                register.give_unique(ty, &words::pascal(&definition.kind));
            }
        }
        for ty in 0..types.len() {
            let wanted = self.go_name(ty).filter(|_| register.names[ty].is_empty());
            if let Some(name) = wanted.filter(|name| register.is_free(ty, name)) {
                register.give(ty, name);
            }
        }
        // Those that stand in most places have the first choice of the short names.
        let unnamed = types.iter().map(|ty| ty.0);
        let unnamed = unnamed.filter(|ty| register.names[*ty].is_empty() && !self.is_embedded(*ty));
        let mut order: Vec<usize> = unnamed.collect();
        order.sort_by_key(|ty| std::cmp::Reverse(parents(&places[*ty])));
        for ty in order {
            let candidates = self.candidates(ty, &places[ty]);
            let fitting = candidates
                .iter()
                .find(|name| name.len() <= LONGEST && register.is_free(ty, name));
            match fitting {
                Some(name) => register.give(ty, name.clone()),
                None => {
                    register.give_unique(ty, candidates.first().map_or("Unnamed", String::as_str))
                }
            }
        }
        // Unions among members are called after what they stand in.
        for (ty, own) in self.types.own.iter().enumerate() {
            if let (
                true,
                Body::Union {
                    owner: Some(owner), ..
                },
            ) = (register.names[ty].is_empty(), &own.body)
            {
                let holds = |own: &Own| {
                    matches!(own.body, Body::Struct { .. }) && own.shapes.contains(owner)
                };
                let holder = self.types.own.iter().position(holds);
                let holder = holder.map_or("Object", |holder| register.names[holder].as_str());
                let wanted = format!("{holder}Choice");
                register.give_unique(ty, &wanted);
            }
        }
        let names = register.names;
        Ok(Names { names, homes })
    }

    fn is_embedded(&self, ty: usize) -> bool {
        matches!(self.types.own[ty].body, Body::Union { owner: Some(_), .. })
    }

    fn homes(&self, ty: usize, places: &[&Place]) -> Vec<Home> {
        // Of two versions with one shape each may have a root of its own.
        let mut roots: Vec<usize> = match self.types.own[ty].root {
            Some(_) => {
                let of_root = self.types.of_root.iter().enumerate();
                let of_root = of_root.filter(|(_, declared)| declared.0 == ty);
                of_root.map(|(root, _)| root).collect()
            }
            None => places.iter().map(|place| place.root).collect(),
        };
        roots.sort_unstable();
        roots.dedup();
        let mut homes: Vec<Home> = Vec::new();
        for root in roots {
            let root = &self.shapes.roots[root];
            let definition = &self.definitions[root.definition];
            let home = (
                definition.group.clone(),
                definition.versions[root.version].name.clone(),
            );
            if !homes.contains(&home) {
                homes.push(home);
            }
        }
        homes
    }

    /// What the Go source calls the struct with exactly these members.
    fn go_name(&self, ty: usize) -> Option<String> {
        let own = &self.types.own[ty];
        if !matches!(
            own.body,
            Body::Struct { .. } | Body::Union { owner: None, .. }
        ) || own.root.is_some()
        {
            return None;
        }
        let shape = self.shapes.get(*own.shapes.first()?);
        let members: BTreeSet<&str> = shape
            .properties
            .iter()
            .map(|(name, _)| name.as_str())
            .collect();
        let place = self.shapes.places[own.shapes.first()?.0].first()?;
        let last = place
            .steps
            .iter()
            .rev()
            .find(|step| *step != "[]" && *step != "{}");
        let name = self.go.name(&members, last.map_or("", String::as_str))?;
        let name = words::pascal(name);
        (name.len() <= LONGEST).then_some(name)
    }

    /// Names for a type, from the shortest to the one that tells the whole way.
    fn candidates(&self, ty: usize, places: &[&Place]) -> Vec<String> {
        let mut ways: Vec<Vec<String>> = places.iter().map(|place| self.way(place)).collect();
        let is_set = matches!(
            self.types.own[ty].body,
            Body::Texts { .. } | Body::Numbers(_)
        );
        if matches!(&self.types.own[ty].body, Body::Struct { fields, embedded, .. } if fields.is_empty() && embedded.is_empty())
        {
            // What it stands for differs from place to place.
            if parents(places) > 1 {
                ways.insert(0, vec!["EmptyObject".to_owned()]);
                return vec!["EmptyObject".to_owned()];
            }
        }
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for way in &ways {
            *counts
                .entry(way.first().map_or("", String::as_str))
                .or_default() += 1;
        }
        let most = counts.values().max().copied().unwrap_or_default();
        let usual = ways
            .iter()
            .filter(|way| counts.get(way.first().map_or("", String::as_str)) == Some(&most));
        // The shortest way to it, and of those the first.
        let Some(way) = usual.min_by_key(|way| way.len()) else {
            return Vec::new();
        };
        let shared = parents(places) > 2;
        let mut names: Vec<String> = Vec::new();
        let mut name = String::new();
        for (depth, step) in way.iter().enumerate() {
            name = join(step, &name);
            let one_word = words::words(&way[0]).len() == 1;
            let too_weak = depth == 0
                && way.len() > 1
                && ((WEAK.contains(&step.as_str()) && !(is_set && shared))
                    || (is_set && !shared && one_word));
            if !too_weak {
                names.push(name.clone());
            }
        }
        // The ends of the way without what lies between.
        if let [last, .., first] = way.as_slice() {
            names.push(join(first, last));
            if let Some(second) = way.get(1) {
                names.push(join(first, &join(second, last)));
            }
        }
        names.retain(|name| !name.is_empty());
        let fits = names.iter().any(|name| name.len() <= LONGEST);
        if !fits {
            names.push(shorten(&way[0]));
        }
        names
    }

    /// The steps to a place from its end, in type spelling; the kind is the last.
    fn way(&self, place: &Place) -> Vec<String> {
        let mut way = Vec::new();
        let mut one = false;
        for step in place.steps.iter().rev() {
            if step == "[]" || step == "{}" {
                one = true;
                continue;
            }
            let step = if std::mem::take(&mut one) {
                words::singular(step)
            } else {
                step.clone()
            };
            let step = words::pascal(&step);
            if !step.is_empty() {
                way.push(step);
            }
        }
        // Every kind has them; they say nothing on the way to something else.
        if way.len() > 1 {
            let last = way.len() - 1;
            if matches!(way[last].as_str(), "Spec" | "Status") {
                way.remove(last);
            }
        }
        let root = &self.shapes.roots[place.root];
        way.push(words::pascal(&self.definitions[root.definition].kind));
        way
    }
}

/// In how many different objects the places are.
fn parents(places: &[&Place]) -> usize {
    let parents: BTreeSet<(usize, &[String])> = places
        .iter()
        .map(|place| {
            (
                place.root,
                place
                    .steps
                    .split_last()
                    .map_or(&[][..], |(_, before)| before),
            )
        })
        .collect();
    parents.len()
}

/// Both names, without repeating the words at the seam: `RemoteWrite` and `WriteRelabel` are `RemoteWriteRelabel`.
fn join(before: &str, name: &str) -> String {
    let (first, second) = (words::words(before), words::words(name));
    let most = first.len().min(second.len());
    let shared = (1..=most)
        .rev()
        .find(|count| first[first.len() - count..] == second[..*count]);
    let rest = &second[shared.unwrap_or(0)..];
    let joined: String = first.iter().chain(rest).map(|word| capital(word)).collect();
    match joined.chars().next() {
        Some(digit) if digit.is_ascii_digit() => format!("N{joined}"),
        _ => joined,
    }
}

/// The last words of a name that is too long.
fn shorten(name: &str) -> String {
    let mut short = String::new();
    for word in words::words(name).iter().rev() {
        if short.len() + word.len() > LONGEST - 4 {
            break;
        }
        short = capital(word) + &short;
    }
    match short.chars().next() {
        None => name
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .take(LONGEST - 4)
            .collect(),
        Some(digit) if digit.is_ascii_digit() => format!("N{short}"),
        Some(_) => short,
    }
}

/// The name, or the name with a number behind it.
fn unique(wanted: &str, free: impl Fn(&str) -> bool) -> String {
    let wanted = if wanted.is_empty() { "Unnamed" } else { wanted };
    if wanted.len() <= LONGEST && free(wanted) {
        return wanted.to_owned();
    }
    let stem = if wanted.len() > LONGEST - 4 {
        shorten(wanted)
    } else {
        wanted.to_owned()
    };
    let numbered = (2..).map(|number: u32| format!("{stem}{number}"));
    let mut numbered = numbered.filter(|name| free(name));
    match free(&stem) && stem != wanted {
        true => stem,
        false => numbered.next().unwrap_or_default(),
    }
}
