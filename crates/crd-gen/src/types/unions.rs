//! Which shapes are unions, and which have one among their members.

use std::collections::BTreeSet;

use serde_json::Value;

use super::decide::Decider;
use super::{Arm, Body, Embedded, Own, Ty, TypeId, preserves, rule_texts};
use crate::definition::elements;
use crate::rules::{Exclusion, Given, Rule, exclusion};
use crate::shape::{Shape, ShapeId, Shapes};
use crate::words;

/// Members that exclude each other.
struct Group {
    members: Vec<String>,
    /// Whether none of them may be set.
    optional: bool,
    /// The discriminator.
    tag: Option<Tag>,
}

struct Tag {
    name: String,
    required: bool,
    /// Each value, and its member if it has one.
    values: Vec<(String, Option<String>)>,
}

impl Decider<'_> {
    /// The body of a shape that is a union as a whole.
    pub(super) fn union(&mut self, id: ShapeId) -> Option<Body> {
        let shape = self.shapes.get(id).clone();
        // An enum has no place for members that it does not know.
        if self.choices.unions.get(&id) == Some(&false) || preserves(&shape) {
            return None;
        }
        let told = self.choices.unions.get(&id) == Some(&true);
        let group = groups(self.shapes, &shape)
            .into_iter()
            .find(|group| group.is_whole(&shape))
            .or_else(|| told.then(|| all_members(&shape)))?;
        if group.tag.as_ref().is_some_and(|tag| !tag.required) {
            return None;
        }
        Some(self.body(id, &shape, group, None))
    }

    /// The unions among the members of a shape, whose members are then taken.
    pub(super) fn embedded(
        &mut self,
        id: ShapeId,
        shape: &Shape,
        taken: &mut BTreeSet<String>,
    ) -> Vec<Embedded> {
        if self.choices.unions.get(&id) == Some(&false) {
            return Vec::new();
        }
        let mut embedded = Vec::new();
        let groups = groups(self.shapes, shape);
        if groups.is_empty() && looks_tagged(self.shapes, shape) {
            self.unsure(
                id,
                "looks like a union with a discriminator, but no rule says so",
            );
        }
        for group in groups {
            let all = group
                .members
                .iter()
                .chain(group.tag.iter().map(|tag| &tag.name));
            let all: BTreeSet<String> = all.cloned().collect();
            if !taken.is_disjoint(&all) {
                self.unsure(
                    id,
                    "has members that belong to two unions; only one is an enum",
                );
                continue;
            }
            taken.extend(all);
            let required = !group.optional;
            let group = Group {
                optional: false,
                ..group
            };
            let body = self.body(id, shape, group, Some(id));
            self.types.own.push(Own {
                body,
                shapes: vec![id],
                root: None,
                members: Vec::new(),
            });
            embedded.push(Embedded {
                ty: TypeId(self.types.own.len() - 1),
                required,
            });
        }
        embedded
    }

    fn body(&mut self, id: ShapeId, shape: &Shape, group: Group, owner: Option<ShapeId>) -> Body {
        let mut member = |name: &str| -> Option<(String, Ty, _)> {
            let (_, edge) = shape.properties.iter().find(|(known, _)| known == name)?;
            Some((name.to_owned(), self.at(id, name, edge), edge.clone()))
        };
        let arms = match &group.tag {
            Some(tag) => {
                let arms = tag.values.iter().map(|(value, name)| Arm {
                    member: name.as_deref().and_then(&mut member),
                    tag: Some(value.clone()),
                });
                arms.collect()
            }
            None => {
                let arms = group.members.iter().map(|name| Arm {
                    member: member(name),
                    tag: None,
                });
                arms.collect()
            }
        };
        Body::Union {
            tag: group.tag.map(|tag| tag.name),
            arms,
            may_be_empty: group.optional,
            owner,
        }
    }
}

impl Group {
    fn is_whole(&self, shape: &Shape) -> bool {
        let tagged = usize::from(self.tag.is_some());
        shape.properties.len() == self.members.len() + tagged
    }
}

fn all_members(shape: &Shape) -> Group {
    Group {
        members: shape
            .properties
            .iter()
            .map(|(name, _)| name.clone())
            .collect(),
        optional: false,
        tag: None,
    }
}

/// All groups of members that the schema or its rules say to exclude each other.
fn groups(shapes: &Shapes, shape: &Shape) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut add = |group: Option<Group>| {
        if let Some(group) = group.filter(|group| fits(group, shape))
            && !groups.iter().any(|known| known.members == group.members)
        {
            groups.push(group);
        }
    };
    add(shape.facts.get("oneOf").and_then(one_of));
    for part in shape.facts.get("allOf").into_iter().flat_map(elements) {
        let alone = part.as_object().is_some_and(|part| part.len() == 1);
        add(part.get("oneOf").filter(|_| alone).and_then(one_of));
    }
    let rules: Vec<Rule> = rule_texts(shape).filter_map(Rule::read).collect();
    add(tagged(shapes, shape, &rules));
    for rule in &rules {
        add(exclusion(rule).map(|(exclusion, members)| Group {
            members: in_order(shape, &members),
            optional: exclusion == Exclusion::AtMostOne && at_least_one(shape) == 0,
            tag: None,
        }));
    }
    if shape
        .facts
        .get("maxProperties")
        .is_some_and(|most| most == 1)
        && shape.properties.len() > 1
    {
        add(Some(Group {
            optional: at_least_one(shape) == 0,
            ..all_members(shape)
        }));
    }
    groups
}

/// How many members must be set, whichever.
fn at_least_one(shape: &Shape) -> u64 {
    shape
        .facts
        .get("minProperties")
        .and_then(Value::as_u64)
        .unwrap_or_default()
}

/// Whether the members are there, and none of them must be.
fn fits(group: &Group, shape: &Shape) -> bool {
    let known = |name: &String| shape.properties.iter().any(|(known, _)| known == name);
    let free = |name: &String| {
        let edge = shape.properties.iter().find(|(known, _)| known == name);
        !shape.required.contains(name)
            && edge.is_none_or(|(_, edge)| edge.default.is_none() && !edge.nullable)
    };
    group.members.len() > 1 - usize::from(group.tag.is_some())
        && group.members.iter().all(|name| known(name) && free(name))
}

fn in_order(shape: &Shape, members: &[&str]) -> Vec<String> {
    let names = shape.properties.iter().map(|(name, _)| name);
    names
        .filter(|name| members.contains(&name.as_str()))
        .cloned()
        .collect()
}

/// `oneOf` with one required member each, and perhaps an arm for none of them.
fn one_of(arms: &Value) -> Option<Group> {
    let mut group = Group {
        members: Vec::new(),
        optional: false,
        tag: None,
    };
    for arm in elements(arms) {
        let arm = arm.as_object()?;
        if let Some(none) = arm.get("not") {
            if arm.len() > 1 || none.get("anyOf").is_none() {
                return None;
            }
            group.optional = true;
            continue;
        }
        // Names again, without saying anything of them.
        let empty = |properties: &Value| {
            properties.as_object().is_some_and(|named| {
                named
                    .values()
                    .all(|said| said.as_object().is_some_and(serde_json::Map::is_empty))
            })
        };
        let plain = arm.iter().all(|(key, value)| match key.as_str() {
            "required" => true,
            "properties" => empty(value),
            _ => false,
        });
        let [one] = arm.get("required")?.as_array()?.as_slice() else {
            return None;
        };
        if !plain {
            return None;
        }
        group.members.push(one.as_str()?.to_owned());
    }
    let distinct: BTreeSet<&String> = group.members.iter().collect();
    (distinct.len() == group.members.len()).then_some(group)
}

/// A discriminator whose rules say exactly when each member is set.
fn tagged(shapes: &Shapes, shape: &Shape, rules: &[Rule]) -> Option<Group> {
    shape.properties.iter().find_map(|(tag, _)| {
        let values = tag_values(shapes, shape, tag)?;
        let of_value = |member: &str| {
            values
                .iter()
                .find(|(_, known)| known.as_deref() == Some(member))
        };
        let members: Vec<String> = values
            .iter()
            .filter_map(|(_, member)| member.clone())
            .collect();
        if members.is_empty() {
            return None;
        }
        let proven = members.iter().all(|member| {
            let (value, _) = match of_value(member) {
                Some(found) => found,
                None => return false,
            };
            let allowed = |tag_value: &str, set: &[&str]| {
                let given = Given {
                    members: set,
                    tag: Some((tag, tag_value)),
                };
                let about = rules
                    .iter()
                    .filter(|rule| rule.members().contains(member.as_str()));
                let mut about = about.peekable();
                about.peek().is_some() && about.all(|rule| rule.allows(&given))
            };
            let refused_elsewhere = values
                .iter()
                .filter(|(other, _)| other != value)
                .all(|(other, _)| !allowed(other, &[member]));
            allowed(value, &[member]) && !allowed(value, &[]) && refused_elsewhere
        });
        proven.then(|| Group {
            members,
            optional: !shape.required.contains(tag),
            tag: Some(Tag {
                name: tag.clone(),
                required: shape.required.contains(tag),
                values,
            }),
        })
    })
}

/// The values of a member that may be a discriminator, each with the member that is named after it.
fn tag_values(shapes: &Shapes, shape: &Shape, tag: &str) -> Option<Vec<(String, Option<String>)>> {
    let (_, edge) = shape.properties.iter().find(|(name, _)| name == tag)?;
    let facts = &shapes.get(edge.shape).facts;
    // The derive says no more of a discriminator than its values.
    if edge.default.is_some() || edge.nullable || facts.len() != 2 || facts.get("type")? != "string"
    {
        return None;
    }
    let values = elements(facts.get("enum")?).filter_map(Value::as_str);
    Some(
        values
            .map(|value| (value.to_owned(), member_of(value, shape, tag)))
            .collect(),
    )
}

fn member_of(value: &str, shape: &Shape, tag: &str) -> Option<String> {
    let wanted = words::words(value).concat();
    let mut names = shape
        .properties
        .iter()
        .map(|(name, _)| name)
        .filter(|name| *name != tag);
    names
        .find(|name| words::words(name).concat() == wanted)
        .cloned()
}

/// Whether a member such as `type` has at least two values that are named after other members.
fn looks_tagged(shapes: &Shapes, shape: &Shape) -> bool {
    shape.properties.iter().any(|(tag, edge)| {
        let values = shapes
            .get(edge.shape)
            .facts
            .get("enum")
            .into_iter()
            .flat_map(elements);
        let named = values
            .filter_map(Value::as_str)
            .filter(|value| member_of(value, shape, tag).is_some());
        named.count() > 1
    })
}
