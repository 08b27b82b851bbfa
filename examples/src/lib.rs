//! What the examples share: sets of objects, of which the command line names one.

use std::io::Write;
use std::process::ExitCode;

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Arg, Command};
use crd_core::parse;
use lab_builder::render::yaml;
use serde::Serialize;
use serde_json::Value;

/// Objects that belong together, under a name for the command line.
#[derive(Clone, Debug)]
pub struct Set {
    name: &'static str,
    about: &'static str,
    objects: Vec<Value>,
    notes: Vec<String>,
}

impl Set {
    /// A set without objects; `about` stands in the help.
    pub fn new(name: &'static str, about: &'static str) -> Self {
        let (objects, notes) = Default::default();
        Self {
            name,
            about,
            objects,
            notes,
        }
    }

    /// Adds an object.
    ///
    /// # Errors
    ///
    /// An object that JSON has no form for.
    pub fn with(mut self, object: &impl Serialize) -> Result<Self, serde_json::Error> {
        self.objects.push(serde_json::to_value(object)?);
        Ok(self)
    }

    /// The first object is documented without a member of what the JSON pointer names: printing the set says what reading it so
    /// reports.
    #[must_use]
    pub fn lacks<K: crd_core::Kind>(mut self, pointer: &str, member: &str) -> Self {
        let mut documented = self.objects.first().cloned().unwrap_or_default();
        let holder = documented
            .pointer_mut(pointer)
            .and_then(Value::as_object_mut);
        let ours = holder.and_then(|holder| holder.remove(member));
        if let (Some(ours), Err(error)) = (ours, parse::strict::<K>(&documented)) {
            let ours = ours.as_str().unwrap_or_default();
            self.notes
                .push(format!("as documented, {error}; here it is `{ours}`"));
        }
        self
    }

    /// The objects, in the order in which they were added.
    pub fn objects(&self) -> &[Value] {
        &self.objects
    }

    /// The sentences for standard error.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }
}

/// Those of the sets that a command line asks for: the one it names, or all. The first argument is the program's name.
///
/// # Errors
///
/// A name that no set has, with those that there are; a wish for help.
pub fn chosen<'a>(
    about: &'static str,
    sets: &'a [Set],
    arguments: &[&str],
) -> Result<Vec<&'a Set>, clap::Error> {
    let names = sets
        .iter()
        .map(|set| PossibleValue::new(set.name).help(set.about));
    let name = Arg::new("name")
        .value_parser(PossibleValuesParser::new(names))
        .help("What to print. Without a name all is printed.");
    let matches = Command::new("example")
        .about(about)
        .arg(name)
        .after_help("Exit code: 0 when printed, 2 when the name is unknown.")
        .try_get_matches_from(arguments)?;
    let name = matches.get_one::<String>("name");
    let asked = |set: &&Set| name.is_none_or(|name| name == set.name);
    Ok(sets.iter().filter(asked).collect())
}

/// Prints the sets that the program's command line asks for, as YAML.
#[allow(clippy::print_stderr)]
pub fn print(about: &'static str, sets: &[Set]) -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let sets = match chosen(about, sets, &arguments) {
        Ok(sets) => sets,
        Err(error) => error.exit(),
    };
    for note in sets.iter().flat_map(|set| &set.notes) {
        eprintln!("{note}");
    }
    let objects = sets.iter().flat_map(|set| &set.objects);
    // A reader that stops early, such as `head`, is no fault of ours.
    let _ = std::io::stdout()
        .lock()
        .write_all(yaml::stream(objects).as_bytes());
    ExitCode::SUCCESS
}
