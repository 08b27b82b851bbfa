//! Where a file stands in the tree.

/// A place in the tree: below the component's own folder, below another's, or at the root.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// Below the folder of the component that contributes it.
    Own(String),
    /// Below the folder of the named component, where the documentation puts it; below the own one if that is absent.
    Of(String, String),
    /// At the root of the tree.
    Root(String),
}

impl From<&str> for Place {
    fn from(path: &str) -> Self {
        Place::Own(path.to_owned())
    }
}

impl From<String> for Place {
    fn from(path: String) -> Self {
        Place::Own(path)
    }
}

impl Place {
    /// The path as given, without the folder. In a bundle all places are root places: there it is the path in the tree.
    pub fn path(&self) -> &str {
        match self {
            Place::Own(path) | Place::Of(_, path) | Place::Root(path) => path,
        }
    }

    /// Whether its path stays below its folder: relative, of plain parts, with `/` between them.
    pub(crate) fn is_below(&self) -> bool {
        let plain = |part: &str| {
            !part.is_empty() && part != "." && part != ".." && !part.contains(['\\', '\0', ':'])
        };
        self.path().split('/').all(plain)
    }
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[test]
    fn a_path_stays_below_its_folder() {
        for path in ["a", "a/b.yaml", ".lab"] {
            assert!(Place::from(path).is_below(), "{path:?}");
        }
        for path in ["", "/a", "a//b", "../a", "a/..", "a\\b", "c:/x"] {
            assert!(!Place::from(path).is_below(), "{path:?}");
        }
    }
}
