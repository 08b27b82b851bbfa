//! Each system that the documents name, and where it is at home: what stands in `docs/systems.md`.

mod table;

pub use table::TableError;

/// A system, and where it is at home.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct System {
    /// As the documents call it.
    pub name: &'static str,
    /// Where it is at home; one that is only outside says why.
    pub claims: Vec<Claim>,
}

/// Something that is claimed of a system. A test asks each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// A component of the lab, the catalogue or the reference stacks brings it, by its id.
    Component(&'static str),
    /// A kind with types, or a built-in kind that is judged: apiVersion and kind.
    Kind(&'static str, &'static str),
    /// A check finds what goes wrong with it, by its code.
    Check(&'static str),
    /// A printed document is built with it.
    Document(&'static str),
    /// A module: the path in this repository, and what it holds of the system.
    File(&'static str, &'static str),
    /// Images whose names begin so are in the lab's list.
    Image(&'static str),
    /// It is not at home here, or not all of it: why.
    Outside(&'static str),
}

/// All systems, in the order of the documents' own list.
///
/// # Errors
/// [`TableError`] when `systems.txt` beside this file has a line that says nothing.
pub fn all() -> Result<Vec<System>, TableError> {
    table::read()
}

/// The page `docs/systems.md`.
///
/// # Errors
/// As [`all`].
pub fn page() -> Result<String, TableError> {
    let all = all()?;
    let inside = all.iter().filter(|system| !system.is_outside()).count();
    let mut page = format!(
        "# Where each system is at home\n\n\
         The documents name {} systems; {inside} of them are at home here, the others are outside with the reason. The data is\n\
         `crates/reference-stacks/src/systems/systems.txt`; a test writes this page from it, and asks each claim.\n\n\
         | System | Component | Kinds | Checks | Documents | Code | Outside |\n|---|---|---|---|---|---|---|\n",
        all.len(),
    );
    for system in &all {
        page.push_str(&system.row());
    }
    Ok(page)
}

impl System {
    /// Whether nothing here has to do with it.
    pub fn is_outside(&self) -> bool {
        let mut claims = self.claims.iter();
        claims.all(|claim| matches!(claim, Claim::Outside(_)))
    }

    fn row(&self) -> String {
        let column = |pick: &dyn Fn(&Claim) -> Option<String>| {
            let texts: Vec<String> = self.claims.iter().filter_map(pick).collect();
            texts.join(", ").replace('|', "\\|")
        };
        let columns = [
            column(&|claim| match claim {
                Claim::Component(id) => Some(format!("`{id}`")),
                Claim::Image(image) => Some(format!("image `{image}`")),
                _ => None,
            }),
            column(&|claim| match claim {
                Claim::Kind(version, kind) => Some(format!("{kind} (`{version}`)")),
                _ => None,
            }),
            column(&|claim| match claim {
                Claim::Check(code) => Some(format!("`{code}`")),
                _ => None,
            }),
            column(&|claim| match claim {
                Claim::Document(file) => Some(format!("`{file}`")),
                _ => None,
            }),
            column(&|claim| match claim {
                Claim::File(path, what) => Some(format!("[{what}](../{path})")),
                _ => None,
            }),
            column(&|claim| match claim {
                Claim::Outside(reason) => Some((*reason).to_owned()),
                _ => None,
            }),
        ];
        format!("| {} | {} |\n", self.name, columns.join(" | "))
    }
}
