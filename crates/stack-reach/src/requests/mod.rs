//! Sets of requests: what policies let through on a port, for the matrix.
//!
//! A set is a union of cubes; a cube asks something of the method, the path, the host and of headers, each by a set of texts. A
//! set of texts is an expression over patterns, which tells of a text whether it is a member; to compare sets it becomes an
//! automaton.

mod arena;
mod automaton;
mod cube;
mod texts;

use std::fmt;

pub(crate) use arena::{RequestSets, SetId, Verdicts};
pub(crate) use cube::{Cube, HeaderSet};
pub(crate) use texts::Texts;

use crate::flow::Request;

/// A set of plain HTTP requests.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestSet {
    cubes: Vec<Cube>,
}

impl RequestSet {
    pub(crate) const fn none() -> Self {
        Self { cubes: Vec::new() }
    }

    pub(crate) fn all() -> Self {
        Self::of(Cube::all())
    }

    pub(crate) fn of(cube: Cube) -> Self {
        match cube.is_nothing() {
            true => Self::none(),
            false => Self { cubes: vec![cube] },
        }
    }

    /// Whether a request is in it. One that is sent in TLS is in none: nobody reads it.
    pub fn contains(&self, request: &Request) -> bool {
        request.sni.is_none() && self.cubes.iter().any(|cube| cube.contains(request))
    }

    /// Whether every request is in it, as far as it is written.
    pub fn is_all(&self) -> bool {
        self.cubes.iter().any(Cube::is_all)
    }

    /// Whether no request can be in it; `None` where that takes too long to find out.
    pub fn is_empty(&self) -> Option<bool> {
        let mut certain = true;
        for cube in &self.cubes {
            match cube.is_empty() {
                Some(false) => return Some(false),
                Some(true) => {}
                None => certain = false,
            }
        }
        certain.then_some(true)
    }

    /// Whether every request of this set is in the other one; `None` where that takes too long to find out.
    pub fn is_within(&self, other: &Self) -> Option<bool> {
        self.intersection(&other.complement()?)?.is_empty()
    }

    /// A request that is in it, with method, path and host; `None` where there is none, or it takes too long to find.
    pub fn example(&self) -> Option<Request> {
        self.cubes.iter().find_map(Cube::example)
    }

    #[must_use]
    pub(crate) fn union(&self, other: &Self) -> Self {
        let mut cubes: Vec<Cube> = self.cubes.iter().chain(&other.cubes).cloned().collect();
        if cubes.iter().any(Cube::is_all) {
            return Self::all();
        }
        cubes.sort();
        cubes.dedup();
        Self { cubes }
    }

    /// `None` where the result would be too large.
    pub(crate) fn intersection(&self, other: &Self) -> Option<Self> {
        if self.is_all() {
            return Some(other.clone());
        }
        if other.is_all() {
            return Some(self.clone());
        }
        if self.cubes.len() * other.cubes.len() > LIMIT {
            return None;
        }
        let pairs = self
            .cubes
            .iter()
            .flat_map(|a| other.cubes.iter().map(move |b| a.intersection(b)));
        let mut cubes: Vec<Cube> = pairs.filter(|cube| !cube.is_nothing()).collect();
        cubes.sort();
        cubes.dedup();
        Some(Self { cubes })
    }

    /// `None` where the result would be too large.
    pub(crate) fn complement(&self) -> Option<Self> {
        let mut rest = Self::all();
        for cube in &self.cubes {
            rest = rest.intersection(&Self {
                cubes: cube.complement(),
            })?;
        }
        Some(rest)
    }
}

/// The number of cubes beyond which a set is not worked out.
const LIMIT: usize = 4096;

/// `GET /api/.*; POST /items`.
impl fmt::Display for RequestSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_all() {
            return f.write_str("all requests");
        }
        if self.cubes.is_empty() {
            return f.write_str("no request");
        }
        for (position, cube) in self.cubes.iter().enumerate() {
            if position > 0 {
                f.write_str("; ")?;
            }
            cube.fmt(f)?;
        }
        Ok(())
    }
}
