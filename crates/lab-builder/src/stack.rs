//! Puts components in the order of their dependencies.

use std::collections::{BTreeMap, BTreeSet};

use crate::component::Component;
use kube_vocab::names;

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
        /// The id as given.
        id: String,
        /// The rule that it breaks.
        reason: String,
    },
    /// Two components claim the same folder and place in the order.
    #[error(
        "two components own the folder `{0}`: give one of them another id, or put it in the other's place with Lab::replace"
    )]
    DuplicateId(String),
    /// A component needs one that is not part of the lab.
    #[error(
        "component `{component}` requires `{missing}`, which is not part of the lab: add a component with that id, \
         remove `{component}` as well, or let it go with Lab::detach(\"{component}\", \"{missing}\")"
    )]
    Missing {
        /// The component that needs it.
        component: String,
        /// The id that nobody has.
        missing: String,
    },
    /// Components that wait for each other.
    #[error("components depend on each other in a cycle: {}: break it with Lab::detach or another `requires`", .0.join(" -> "))]
    Cycle(Vec<String>),
    /// Something names a component that is not there.
    #[error("there is no component `{id}` in the lab: it has {}", .known.join(", "))]
    Unknown {
        /// The id that was asked for.
        id: String,
        /// The ids that there are.
        known: Vec<String>,
    },
}

/// Orders the components; the result does not depend on the order in which they come.
pub(crate) fn resolve<'a>(
    components: &'a [Box<dyn Component>],
    detached: &BTreeSet<(String, String)>,
) -> Result<Vec<Ranked<'a>>, StackError> {
    let mut by_id: BTreeMap<&str, &'a dyn Component> = BTreeMap::new();
    for component in components {
        let id = component.id();
        names::dns_label(id).map_err(|reason| StackError::Id {
            id: id.to_owned(),
            reason: reason.to_string(),
        })?;
        if by_id.insert(id, component.as_ref()).is_some() {
            return Err(StackError::DuplicateId(id.to_owned()));
        }
    }

    let mut edges: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (id, component) in &by_id {
        let kept = |other: &&str| !detached.contains(&((*id).to_owned(), (*other).to_owned()));
        let required: BTreeSet<&str> = component.requires().into_iter().filter(kept).collect();
        if let Some(missing) = required.iter().find(|other| !by_id.contains_key(**other)) {
            return Err(StackError::Missing {
                component: (*id).to_owned(),
                missing: (*missing).to_owned(),
            });
        }
        let after = component
            .after()
            .into_iter()
            .filter(kept)
            .filter(|other| by_id.contains_key(other));
        edges.insert(id, required.into_iter().chain(after).collect());
    }

    let mut ranked: Vec<Ranked<'a>> = Vec::with_capacity(by_id.len());
    let mut done: BTreeMap<&str, (usize, u8)> = BTreeMap::new();
    while done.len() < by_id.len() {
        // Of those whose dependencies are met, the one with the lowest step goes next; ties go by depth, then by id.
        let next = edges
            .iter()
            .filter(|(id, before)| {
                !done.contains_key(*id) && before.iter().all(|other| done.contains_key(other))
            })
            .filter_map(|(id, before)| {
                let of = |other: &&str| done.get(*other).copied().unwrap_or_default();
                let depth = before
                    .iter()
                    .map(|other| of(other).0 + 1)
                    .max()
                    .unwrap_or(0);
                let inherited = before.iter().map(|other| of(other).1).max().unwrap_or(0);
                let component = by_id.get(id)?;
                Some((
                    component.step().unwrap_or(inherited),
                    depth,
                    *id,
                    *component,
                    before,
                ))
            })
            .min_by_key(|(step, depth, id, ..)| (*step, *depth, *id));
        let Some((step, depth, id, component, before)) = next else {
            return Err(StackError::Cycle(find_cycle(&edges, &done)));
        };
        done.insert(id, (depth, step));
        let mut depends_on: Vec<String> = before.iter().map(|other| (*other).to_owned()).collect();
        depends_on.sort_by_key(|other| {
            ranked
                .iter()
                .position(|earlier| earlier.component.id() == other)
        });
        ranked.push(Ranked {
            component,
            depth,
            step,
            depends_on,
        });
    }
    Ok(ranked)
}

/// Walks from a component that never became ready until one comes up twice.
fn find_cycle(
    edges: &BTreeMap<&str, BTreeSet<&str>>,
    done: &BTreeMap<&str, (usize, u8)>,
) -> Vec<String> {
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
    use crate::component::{ComponentError, Context, Contribution};

    #[derive(Clone, Debug)]
    struct Fake {
        id: &'static str,
        requires: &'static [&'static str],
        after: &'static [&'static str],
        step: Option<u8>,
    }

    impl Component for Fake {
        fn id(&self) -> &str {
            self.id
        }
        fn namespace(&self) -> Option<&str> {
            None
        }
        fn requires(&self) -> Vec<&str> {
            self.requires.to_vec()
        }
        fn after(&self) -> Vec<&str> {
            self.after.to_vec()
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
            step: None,
        }
    }

    fn order(components: &[Fake]) -> Result<Vec<String>, StackError> {
        let boxed: Vec<Box<dyn Component>> = components
            .iter()
            .map(|fake| Box::new(fake.clone()) as _)
            .collect();
        let ranked = resolve(&boxed, &BTreeSet::new())?;
        Ok(ranked
            .iter()
            .map(|r| format!("{}-{}@{}", r.depth, r.component.id(), r.step))
            .collect())
    }

    #[test]
    fn order_does_not_depend_on_insertion() {
        let mut components = vec![
            Fake {
                id: "kind",
                requires: &[],
                after: &[],
                step: Some(1),
            },
            Fake {
                id: "mesh",
                requires: &["kind"],
                after: &[],
                step: Some(4),
            },
            Fake {
                id: "gate",
                requires: &["kind"],
                after: &[],
                step: Some(3),
            },
            Fake {
                id: "apps",
                requires: &["gate"],
                after: &["mesh", "absent"],
                step: Some(5),
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
                id: "a",
                requires: &[],
                after: &[],
                step: Some(9),
            },
        ];
        assert_eq!(order(&components).unwrap(), ["0-a@9", "1-b@9"]);
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
