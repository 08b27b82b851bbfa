//! What belongs to a stack as a whole and to none of its components.

use crate::air_gap::AirGap;
use crate::bundle::Bundle;

/// Markdown for the `README.md` of the tree: sections, each with its heading, or nothing.
pub type Sections = fn(&Bundle) -> Vec<String>;

/// How a stack is called, and what its tree says beside what the components bring.
#[derive(Clone, Debug)]
pub struct Whole {
    /// What the stack is called in texts, in lower case. Default: `stack`.
    pub noun: String,
    /// The program that writes it; the tree is known by the file `.<program>`. Default: `stack-builder`.
    pub program: String,
    /// Host names that come first in the line for `/etc/hosts`, where routes have them.
    pub hosts: Vec<String>,
    /// Options of `setup.sh` that the stack adds.
    pub setup_options: Vec<SetupOption>,
    /// What the `README.md` of the tree says beside what the engine writes: pictures, what the machine needs.
    pub sections: Sections,
    /// What a place without Internet must know beside what the components say.
    pub air_gap: AirGap,
}

impl Default for Whole {
    fn default() -> Self {
        Whole {
            noun: "stack".into(),
            program: "stack-builder".into(),
            hosts: Vec::new(),
            setup_options: Vec::new(),
            sections: |_| Vec::new(),
            air_gap: AirGap::default(),
        }
    }
}

impl Whole {
    /// The noun at the beginning of a sentence.
    pub(crate) fn title(&self) -> String {
        let mut letters = self.noun.chars();
        letters
            .next()
            .map(|first| first.to_uppercase().chain(letters).collect())
            .unwrap_or_default()
    }

    /// The file by which a tree of this program is known; its first line names the environment.
    pub(crate) fn marker(&self) -> String {
        format!(".{}", self.program)
    }

    /// The ConfigMap by which a cluster is known that holds a stack of this program.
    pub(crate) fn mark(&self) -> String {
        let label: String = self
            .program
            .chars()
            .map(|c| match c {
                'a'..='z' | '0'..='9' => c,
                'A'..='Z' => c.to_ascii_lowercase(),
                _ => '-',
            })
            .collect();
        match label.trim_matches('-') {
            "" => "stack-environment".to_owned(),
            label => format!("{label}-environment"),
        }
    }
}

/// An option that this stack adds to `setup.sh`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetupOption {
    /// The option with its dashes: `--skip-mesh`. It takes no value.
    pub flag: String,
    /// What it does, in lines that need no wrapping.
    pub help: Vec<String>,
    /// What it leaves out; without this the option is accepted and does nothing.
    pub leaves_out: Option<LeftOut>,
}

/// What an option of `setup.sh` leaves out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The component, by its id: its whole step.
    pub component: String,
    /// What the component is called in a sentence.
    pub title: String,
    /// A word of small letters for what depends on it, unique among the options: the name of a function in the program.
    pub word: String,
    /// The end of API groups whose objects mean nothing without it: files with such objects are not applied.
    pub groups: String,
}
