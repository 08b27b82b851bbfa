//! Puts components in the order of their dependencies.

use std::collections::{BTreeMap, BTreeSet};

use crate::component::Component;
use kube_vocab::names::{self, NameError};

/// One component in its place.
#[derive(Debug)]
pub(crate) struct Ranked<'a> {
    pub(crate) component: &'a dyn Component,
    /// The longest way to it through the dependencies that are there.
    pub(crate) depth: usize,
    pub(crate) step: u8,
    /// The dependencies that are there, in order.
    pub(crate) depends_on: Vec<String>,
}

/// Why the components do not make a stack.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum StackError {
    /// The id would not do as a folder name.
    #[error("component id `{id}` is invalid: {reason}")]
    Id {
        /// The refused id.
        id: String,
        /// The rule that it breaks.
        reason: NameError,
    },
    /// Two components claim the same folder and place in the order.
    #[error(
        "two components own the folder `{0}`: give one of them another id, or put it in the other's place with Stack::replace"
    )]
    DuplicateId(String),
    /// A component needs one that is not part of the stack.
    #[error(
        "component `{component}` requires `{missing}`, which is not part of the stack: add a component with that id or \
         role, remove `{component}` as well, or let it go with Stack::detach(\"{component}\", \"{missing}\")"
    )]
    Missing {
        /// The component that needs it.
        component: String,
        /// The id or role that nobody has.
        missing: String,
    },
    /// Components that wait for each other.
    #[error("components depend on each other in a cycle: {}: break it with Stack::detach or another `requires`", .0.join(" -> "))]
    Cycle(Vec<String>),
    /// A call changes shared values that the stack was not given.
    #[error(
        "there are no shared values of the type `{0}` in the stack: give them with Stack::wire"
    )]
    Unwired(&'static str),
    /// A profile would change a component of which fields had been set.
    #[error(
        "the profile `{profile}` would change `{component}`, which was configured before: call profile before configure"
    )]
    Resized {
        /// The id of the component whose fields were set before the profile was chosen.
        component: String,
        /// The name of the profile that came too late.
        profile: String,
    },
    /// A call changes the component of a type, and there are several.
    #[error(
        "there are several components of the type `{0}` in the stack: set their fields before you add them"
    )]
    Several(&'static str),
    /// A call names a component that is not there.
    #[error("there is no component `{id}` in the stack: it has {}", .known.join(", "))]
    Unknown {
        /// The id that was asked for.
        id: String,
        /// The ids that there are.
        known: Vec<String>,
    },
}

/// Orders the components; the result does not depend on the order in which they come.
pub(crate) fn resolve<'a>(
    components: &'a [&'a dyn Component],
    detached: &BTreeSet<(String, String)>,
) -> Result<Vec<Ranked<'a>>, StackError> {
    let mut by_id: BTreeMap<&str, &'a dyn Component> = BTreeMap::new();
    let mut providers: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for component in components {
        let id = component.id();
        names::dns_label(id).map_err(|reason| StackError::Id {
            id: id.to_owned(),
            reason,
        })?;
        if by_id.insert(id, *component).is_some() {
            return Err(StackError::DuplicateId(id.to_owned()));
        }
        for name in component.roles().into_iter().chain([id]) {
            providers.entry(name).or_default().insert(id);
        }
    }

    let mut edges: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (id, component) in &by_id {
        let kept = |other: &&str| !detached.contains(&((*id).to_owned(), (*other).to_owned()));
        let mut before = BTreeSet::new();
        for name in component.requires().into_iter().filter(kept) {
            let found = providers.get(name).ok_or_else(|| StackError::Missing {
                component: (*id).to_owned(),
                missing: name.to_owned(),
            })?;
            before.extend(found);
        }
        for name in component.after().into_iter().filter(kept) {
            before.extend(providers.get(name).into_iter().flatten());
        }
        edges.insert(id, before);
    }

    let mut behind: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut open: BTreeMap<&str, usize> = BTreeMap::new();
    let mut ready: BTreeSet<(u8, usize, &str)> = BTreeSet::new();
    let mut done: BTreeMap<&str, Place> = BTreeMap::new();
    let place = |id: &str, done: &BTreeMap<&str, Place>| {
        let before = edges.get(id).into_iter().flatten();
        let earlier = || before.clone().filter_map(|other| done.get(other));
        let depth = earlier().map(|place| place.depth + 1).max().unwrap_or(0);
        let inherited = earlier().map(|place| place.step).max().unwrap_or(0);
        let own = by_id.get(id).and_then(|component| component.step());
        (own.unwrap_or(inherited), depth)
    };
    for (id, before) in &edges {
        for other in before {
            behind.entry(other).or_default().push(id);
        }
        open.insert(id, before.len());
        if before.is_empty() {
            let (step, depth) = place(id, &done);
            ready.insert((step, depth, id));
        }
    }

    // Of those whose dependencies are met, the one with the lowest step goes next; ties go by depth, then by id.
    let mut ranked: Vec<Ranked<'a>> = Vec::with_capacity(by_id.len());
    while let Some((step, depth, id)) = ready.pop_first() {
        let mut depends_on: Vec<(usize, &str)> = edges
            .get(id)
            .into_iter()
            .flatten()
            .filter_map(|other| Some((done.get(other)?.position, *other)))
            .collect();
        depends_on.sort_unstable();
        let position = ranked.len();
        done.insert(
            id,
            Place {
                position,
                depth,
                step,
            },
        );
        ranked.extend(by_id.get(id).map(|component| {
            Ranked {
                component: *component,
                depth,
                step,
                depends_on: depends_on
                    .into_iter()
                    .map(|(_, other)| other.to_owned())
                    .collect(),
            }
        }));
        for other in behind.get(id).into_iter().flatten() {
            let left = open.entry(other).or_default();
            *left = left.saturating_sub(1);
            if *left == 0 {
                let (step, depth) = place(other, &done);
                ready.insert((step, depth, other));
            }
        }
    }
    if ranked.len() < by_id.len() {
        return Err(StackError::Cycle(find_cycle(&edges, &done)));
    }
    Ok(ranked)
}

/// Where a component came in the order.
struct Place {
    position: usize,
    depth: usize,
    step: u8,
}

/// Walks from a component that never became ready until one comes up twice.
fn find_cycle(edges: &BTreeMap<&str, BTreeSet<&str>>, done: &BTreeMap<&str, Place>) -> Vec<String> {
    let waiting = |id: &&str| !done.contains_key(id);
    let mut path: Vec<&str> = Vec::new();
    let mut at = edges.keys().copied().find(waiting);
    while let Some(id) = at {
        if let Some(start) = path.iter().position(|seen| *seen == id) {
            path.drain(..start);
            path.push(id);
            break;
        }
        path.push(id);
        at = edges
            .get(id)
            .and_then(|before| before.iter().copied().find(waiting));
    }
    path.into_iter().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::Context;
    use crate::contribution::Contribution;
    use crate::error::ComponentError;

    #[derive(Clone, Debug)]
    struct Fake {
        id: &'static str,
        requires: &'static [&'static str],
        after: &'static [&'static str],
        roles: &'static [&'static str],
        step: Option<u8>,
    }

    impl Component for Fake {
        fn id(&self) -> &str {
            self.id
        }
        fn requires(&self) -> Vec<&str> {
            self.requires.to_vec()
        }
        fn after(&self) -> Vec<&str> {
            self.after.to_vec()
        }
        fn roles(&self) -> Vec<&str> {
            self.roles.to_vec()
        }
        fn step(&self) -> Option<u8> {
            self.step
        }
        fn contribute(&self, _: &Context<'_>, _: &mut Contribution) -> Result<(), ComponentError> {
            Ok(())
        }
    }

    fn fake(id: &'static str, requires: &'static [&'static str]) -> Fake {
        Fake {
            id,
            requires,
            after: &[],
            roles: &[],
            step: None,
        }
    }

    fn order(components: &[Fake]) -> Result<Vec<String>, StackError> {
        let components: Vec<&dyn Component> = components.iter().map(|fake| fake as _).collect();
        let ranked = resolve(&components, &BTreeSet::new())?;
        Ok(ranked
            .iter()
            .map(|r| format!("{}-{}@{}", r.depth, r.component.id(), r.step))
            .collect())
    }

    #[test]
    fn order_does_not_depend_on_insertion() {
        let mut components = vec![
            Fake {
                step: Some(1),
                ..fake("kind", &[])
            },
            Fake {
                step: Some(4),
                ..fake("mesh", &["kind"])
            },
            Fake {
                step: Some(3),
                ..fake("gate", &["kind"])
            },
            Fake {
                after: &["mesh", "absent"],
                step: Some(5),
                ..fake("apps", &["gate"])
            },
            fake("mine", &["gate"]),
        ];
        let expected = ["0-kind@1", "1-gate@3", "2-mine@3", "1-mesh@4", "2-apps@5"];
        for _ in 0..components.len() {
            components.rotate_left(1);
            assert_eq!(order(&components).unwrap(), expected);
        }
    }

    #[test]
    fn a_step_never_overrides_a_dependency() {
        let components = [
            fake("b", &["a"]),
            Fake {
                step: Some(9),
                ..fake("a", &[])
            },
        ];
        assert_eq!(order(&components).unwrap(), ["0-a@9", "1-b@9"]);
    }

    #[test]
    fn whoever_names_a_role_comes_after_all_that_fill_it() {
        let gate = |id| Fake {
            roles: &["gateway"],
            ..fake(id, &[])
        };
        let app = Fake {
            after: &["gateway"],
            ..fake("app", &["b"])
        };
        let components = [app, gate("a"), gate("b")];
        assert_eq!(order(&components).unwrap(), ["0-a@0", "0-b@0", "1-app@0"]);
        let error = order(&[fake("app", &["gateway"])]).unwrap_err();
        assert!(error.to_string().contains("requires `gateway`"), "{error}");
    }

    #[test]
    fn what_does_not_make_a_stack_is_named() {
        for (components, part) in [
            (vec![fake("a", &["b"])], "`a` requires `b`"),
            (
                vec![fake("a", &["b"]), fake("b", &["c"]), fake("c", &["b"])],
                "b -> c -> b",
            ),
            (vec![fake("a", &["a"])], "a -> a"),
            (
                vec![fake("a", &[]), fake("a", &[])],
                "two components own the folder `a`",
            ),
            (vec![fake("../a", &[])], "`../a` is invalid"),
        ] {
            let error = order(&components).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
    }
}
