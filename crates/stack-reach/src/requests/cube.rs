//! What is asked of the parts of one request.

use std::collections::BTreeMap;
use std::fmt;

use super::texts::Texts;
use crate::flow::Request;
use crate::istio::normalize_path;

/// Requests whose parts are all in these sets.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Cube {
    pub(crate) method: Texts,
    /// Path and query, as they are sent.
    pub(crate) target: Texts,
    /// The path as Istio's proxies compare it.
    pub(crate) path: Texts,
    /// The host as it is sent; the empty text where none is.
    pub(crate) host: Texts,
    /// The host in small letters.
    pub(crate) folded_host: Texts,
    /// By name in small letters.
    pub(crate) headers: BTreeMap<String, HeaderSet>,
}

/// What is asked of a header.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct HeaderSet {
    pub(crate) values: Texts,
    /// Whether requests without the header are in the set.
    pub(crate) absent: bool,
}

impl HeaderSet {
    fn contains(&self, value: Option<&str>) -> bool {
        match value {
            Some(value) => self.values.contains(value),
            None => self.absent,
        }
    }

    fn complement(&self) -> Self {
        Self {
            values: self.values.complement(),
            absent: !self.absent,
        }
    }

    fn is_nothing(&self) -> bool {
        self.values == Texts::None && !self.absent
    }

    fn is_all(&self) -> bool {
        self.values == Texts::All && self.absent
    }
}

impl Cube {
    pub(crate) const fn all() -> Self {
        Self {
            method: Texts::All,
            target: Texts::All,
            path: Texts::All,
            host: Texts::All,
            folded_host: Texts::All,
            headers: BTreeMap::new(),
        }
    }

    /// Requests with one condition on a header.
    pub(crate) fn header(name: &str, set: HeaderSet) -> Self {
        let mut cube = Self::all();
        cube.headers.insert(name.to_ascii_lowercase(), set);
        cube
    }

    fn parts(&self) -> [&Texts; 5] {
        [
            &self.method,
            &self.target,
            &self.path,
            &self.host,
            &self.folded_host,
        ]
    }

    fn parts_mut(&mut self) -> [&mut Texts; 5] {
        [
            &mut self.method,
            &mut self.target,
            &mut self.path,
            &mut self.host,
            &mut self.folded_host,
        ]
    }

    pub(super) fn is_all(&self) -> bool {
        self.parts().iter().all(|part| **part == Texts::All)
            && self.headers.values().all(HeaderSet::is_all)
    }

    /// Whether it is empty at a glance.
    pub(super) fn is_nothing(&self) -> bool {
        self.parts().iter().any(|part| **part == Texts::None)
            || self.headers.values().any(HeaderSet::is_nothing)
    }

    /// Whether no request can be in it; `None` where that takes too long to find out. What two parts say of the same text of a
    /// request is looked at apart.
    pub(super) fn is_empty(&self) -> Option<bool> {
        let mut certain = true;
        for part in self.parts() {
            match part.shortest() {
                Ok(None) => return Some(true),
                Ok(Some(_)) => {}
                Err(_) => certain = false,
            }
        }
        for header in self.headers.values().filter(|header| !header.absent) {
            match header.values.shortest() {
                Ok(None) => return Some(true),
                Ok(Some(_)) => {}
                Err(_) => certain = false,
            }
        }
        certain.then_some(false)
    }

    pub(super) fn contains(&self, request: &Request) -> bool {
        let host = request.host.as_deref().unwrap_or_default();
        self.method.contains(request.method())
            && self.target.contains(request.target())
            && (self.path == Texts::All || self.path.contains(&normalize_path(request.path_only())))
            && self.host.contains(host)
            && (self.folded_host == Texts::All
                || self.folded_host.contains(&host.to_ascii_lowercase()))
            && self
                .headers
                .iter()
                .all(|(name, set)| set.contains(request.header(name)))
    }

    /// A request that is in it, where one is easily found.
    pub(super) fn example(&self) -> Option<Request> {
        let text = |part: &Texts| part.shortest().ok().flatten();
        let path = match (&self.target, &self.path) {
            (Texts::All, Texts::All) => "/".to_owned(),
            (Texts::All, path) => text(path)?,
            (target, _) => text(target)?,
        };
        let host = match (&self.host, &self.folded_host) {
            (Texts::All, Texts::All) => None,
            (Texts::All, host) | (host, _) => Some(text(host)?),
        };
        let method = match &self.method {
            Texts::All => "GET".to_owned(),
            method => text(method)?,
        };
        let mut request = Request {
            host,
            ..Request::new(method, path)
        };
        for (name, set) in &self.headers {
            if !set.absent {
                request.headers.insert(name.clone(), text(&set.values)?);
            }
        }
        self.contains(&request).then_some(request)
    }

    pub(crate) fn intersection(&self, other: &Self) -> Self {
        let mut both = self.clone();
        for (part, other) in both.parts_mut().into_iter().zip(other.parts()) {
            *part = part.intersection(other);
        }
        for (name, set) in &other.headers {
            let joined = match both.headers.get(name) {
                Some(own) => HeaderSet {
                    values: own.values.intersection(&set.values),
                    absent: own.absent && set.absent,
                },
                None => set.clone(),
            };
            both.headers.insert(name.clone(), joined);
        }
        both
    }

    /// Everything else, as cubes: one for each part that is asked about.
    pub(super) fn complement(&self) -> Vec<Self> {
        let mut rest = Vec::new();
        for position in 0..self.parts().len() {
            let asked = self.parts().get(position).copied();
            if let Some(asked) = asked.filter(|asked| **asked != Texts::All) {
                let mut cube = Self::all();
                if let Some(part) = cube.parts_mut().into_iter().nth(position) {
                    *part = asked.complement();
                }
                rest.push(cube);
            }
        }
        let headers = self.headers.iter().filter(|(_, set)| !set.is_all());
        rest.extend(headers.map(|(name, set)| Self::header(name, set.complement())));
        rest.retain(|cube| !cube.is_nothing());
        rest
    }
}

/// `method GET, path /api/.*`.
impl fmt::Display for Cube {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut first = true;
        let names = ["method", "target", "path", "host", "host"];
        for (name, part) in names.into_iter().zip(self.parts()) {
            if *part != Texts::All {
                write!(f, "{}{name} {part}", if first { "" } else { ", " })?;
                first = false;
            }
        }
        for (name, set) in &self.headers {
            let comma = if first { "" } else { ", " };
            match set.absent {
                true => write!(f, "{comma}no header {name}, or {}", set.values)?,
                false => write!(f, "{comma}header {name} {}", set.values)?,
            }
            first = false;
        }
        if first {
            f.write_str("any request")?;
        }
        Ok(())
    }
}
