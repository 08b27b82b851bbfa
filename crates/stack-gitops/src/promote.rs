//! Versions that move from one environment to the next: of charts, of images.
//!
//! Only what both environments have is moved: what is different by design, such as sizes and hosts, stays.

use std::collections::BTreeMap;
use std::fmt;

use kube_yaml::Documents;
use serde_json::Value;
use stack_builder::render::yaml;

use crate::checksums;
use crate::object::{identity, text};
use stack_builder::File;

/// A chart or image version that one environment takes over from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// The file of the environment that is moved to, below the repository's root.
    pub file: String,
    /// What it is the version of: `chart kong`, `Deployment demo/web, container web`, or the path of a value.
    pub what: String,
    /// The version of the environment that is moved to, before.
    pub old: String,
    /// The version of the environment that is moved from.
    pub new: String,
}

impl fmt::Display for Move {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {}: {} -> {}",
            self.file, self.what, self.old, self.new
        )
    }
}

/// The versions that one environment takes over from another, and the files that say so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Promotion {
    /// The versions that change, file by file; empty where both environments have the same.
    pub moves: Vec<Move>,
    /// The files that change, whole, the list of checksums among them.
    pub files: Vec<File>,
}

/// Why nothing can be promoted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PromotionError {
    /// An environment that has no files.
    #[error("there is no environment `{environment}`: {}", Known(known))]
    NoEnvironment {
        /// The environment's name, as its folder is called.
        environment: String,
        /// The environments that the repository has folders for.
        known: Vec<String>,
    },
    /// A file that cannot be read.
    #[error("{file}:{line}: {message}")]
    Unreadable {
        /// The file's path in the repository.
        file: String,
        /// The line in it, the first being 1.
        line: usize,
        /// What the reader of the file stumbled over.
        message: String,
    },
}

struct Known<'a>(&'a [String]);

impl fmt::Display for Known<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            [] => f.write_str("none is here; give the folder that `--format gitops` wrote"),
            known => write!(f, "there are {}", known.join(", ")),
        }
    }
}

/// Moves versions within the folder of all environments, as [`GitOps::files`](crate::GitOps::files) lays it out: its files by
/// their paths below that folder.
///
/// # Errors
/// [`PromotionError`] says what is missing or cannot be read.
pub fn promote(files: &[File], from: &str, to: &str) -> Result<Promotion, PromotionError> {
    let all: BTreeMap<&str, &File> = files
        .iter()
        .map(|file| (file.path.as_str(), file))
        .collect();
    for environment in [from, to] {
        let start = format!("{environment}/");
        if !all.keys().any(|path| path.starts_with(&start)) {
            let roots = all
                .keys()
                .filter_map(|path| path.strip_suffix("/bootstrap/bootstrap.sh"));
            return Err(PromotionError::NoEnvironment {
                environment: environment.to_owned(),
                known: roots.map(str::to_owned).collect(),
            });
        }
    }
    let mut promotion = Promotion::default();
    let (start_from, start_to) = (format!("{from}/"), format!("{to}/"));
    for (path, file) in all
        .range(start_to.as_str()..)
        .take_while(|(path, _)| path.starts_with(&start_to))
    {
        let below = &path[start_to.len()..];
        let Some(other) = all.get(format!("{start_from}{below}").as_str()) else {
            continue;
        };
        let versions = match below.split('/').next() {
            Some("root" | "units") => charts as fn(&Value, &mut Visit<'_>),
            Some("values") => values,
            Some("objects") => images,
            _ => continue,
        };
        if !below.ends_with(".yaml") || file.text == other.text {
            continue;
        }
        let mut known = BTreeMap::new();
        versions(&read(other)?, &mut |pointer, what, version| {
            known.insert(pointer.to_owned(), (what, version.to_owned()));
        });
        let mut value = read(file)?;
        let mut changes = Vec::new();
        versions(&value, &mut |pointer, _, version| {
            if let Some((what, new)) = known.get(pointer).filter(|(_, new)| new != version) {
                changes.push((
                    pointer.to_owned(),
                    what.clone(),
                    version.to_owned(),
                    new.clone(),
                ));
            }
        });
        if changes.is_empty() {
            continue;
        }
        for (pointer, what, old, new) in changes {
            if let Some(place) = value.pointer_mut(&pointer) {
                *place = Value::from(new.as_str());
            }
            promotion.moves.push(Move {
                file: (*path).to_owned(),
                what,
                old,
                new,
            });
        }
        promotion.files.push(File {
            text: written(file, &value),
            ..(*file).clone()
        });
    }
    if !promotion.files.is_empty() {
        let list = checksum_list(files, &promotion.files);
        promotion.files.push(list);
    }
    Ok(promotion)
}

/// What is told of each version: its JSON pointer, what it is of, and the version.
type Visit<'v> = dyn FnMut(&str, String, &str) + 'v;

fn read(file: &File) -> Result<Value, PromotionError> {
    let unreadable = |line, message: &str| PromotionError::Unreadable {
        file: file.path.clone(),
        line,
        message: message.to_owned(),
    };
    match Documents::new(&file.text).next() {
        None => Ok(Value::Null),
        Some(Ok(document)) => Ok(document.value),
        Some(Err(error)) => Err(unreadable(error.line, &error.message)),
    }
}

/// The file with another value, below the comment with which it begins.
fn written(file: &File, value: &Value) -> String {
    let comment = file.text.lines().take_while(|line| line.starts_with('#'));
    let comment: String = comment.map(|line| format!("{line}\n")).collect();
    comment + &yaml::document(value)
}

fn checksum_list(files: &[File], changed: &[File]) -> File {
    let new: BTreeMap<&str, &File> = changed
        .iter()
        .map(|file| (file.path.as_str(), file))
        .collect();
    let mut listed: Vec<File> = files
        .iter()
        .filter(|file| file.path != checksums::FILE)
        .map(|file| File::clone(new.get(file.path.as_str()).unwrap_or(&file)))
        .collect();
    listed.sort_by(|a, b| a.path.cmp(&b.path));
    File {
        path: checksums::FILE.to_owned(),
        text: checksums::text(&listed),
        executable: false,
    }
}

/// The version of each chart of an Application, or of an ApplicationSet's element.
fn charts(application: &Value, visit: &mut Visit<'_>) {
    let spec = &application["spec"];
    let one = spec
        .get("source")
        .map(|source| ("/spec/source".to_owned(), source));
    let several = spec["sources"].as_array().into_iter().flatten().enumerate();
    let several = several.map(|(at, source)| (format!("/spec/sources/{at}"), source));
    for (pointer, source) in one.into_iter().chain(several) {
        if let (Some(chart), Some(version)) =
            (source["chart"].as_str(), source["targetRevision"].as_str())
        {
            visit(
                &format!("{pointer}/targetRevision"),
                format!("chart {chart}"),
                version,
            );
        }
    }
}

/// The image of each container of an object.
fn images(object: &Value, visit: &mut Visit<'_>) {
    let id = identity(object);
    leaves(object, &mut String::new(), &mut |pointer, path, version| {
        let is_container = path
            .rsplit('/')
            .nth(2)
            .is_some_and(|list| list.to_ascii_lowercase().ends_with("containers"));
        if is_container && path.ends_with("/image") {
            let container = pointer
                .strip_suffix("/image")
                .and_then(|at| object.pointer(at));
            let name = container.map_or("", |container| text(&container["name"]));
            visit(pointer, format!("{id}, container {name}"), version);
        }
    });
}

/// Tags, digests and whole references of images among values.
fn values(values: &Value, visit: &mut Visit<'_>) {
    leaves(values, &mut String::new(), &mut |pointer, path, version| {
        let mut parts = path.rsplit('/');
        let key = parts.next().unwrap_or_default();
        let is_version = match key {
            "tag" | "digest" | "imageTag" => true,
            "image" => version.contains(':'),
            _ => false,
        };
        if is_version {
            visit(
                pointer,
                path.trim_start_matches('/').replace('/', "."),
                version,
            );
        }
    });
}

/// Every text in a value: its pointer, the same as a path for people, and the text.
fn leaves(value: &Value, pointer: &mut String, visit: &mut dyn FnMut(&str, &str, &str)) {
    match value {
        Value::String(text) => {
            let path = pointer.replace("~1", "/").replace("~0", "~");
            visit(pointer, &path, text);
        }
        Value::Object(members) => {
            for (key, member) in members {
                let length = pointer.len();
                pointer.push('/');
                pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
                leaves(member, pointer, visit);
                pointer.truncate(length);
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                let length = pointer.len();
                pointer.push_str(&format!("/{at}"));
                leaves(item, pointer, visit);
                pointer.truncate(length);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> File {
        File {
            path: path.into(),
            text: text.into(),
            executable: false,
        }
    }

    #[test]
    fn versions_move_and_nothing_else() {
        let application = |version: &str, host: &str| {
            format!(
                "kind: Application\nspec:\n  sources:\n  - chart: kong\n    targetRevision: \"{version}\"\n  destination:\n    server: {host}\n"
            )
        };
        let values = |tag: &str, replicas: u8| {
            format!(
                "# Release web\nimage:\n  repository: web\n  tag: {tag}\nreplicas: {replicas}\n"
            )
        };
        let pods = |image: &str| {
            format!(
                "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n  - name: web\n    image: {image}\n  hostname: {image}\n"
            )
        };
        let files = [
            file("dev/root/apps/020-kong.yaml", &application("2.0.0", "a")),
            file("stg/root/apps/020-kong.yaml", &application("1.0.0", "b")),
            file("dev/values/web.yaml", &values("v2", 1)),
            file("stg/values/web.yaml", &values("v1", 3)),
            file("dev/objects/web/web/pod-web.yaml", &pods("web:2")),
            file("stg/objects/web/web/pod-web.yaml", &pods("web:1")),
            file("stg/objects/web/web/only-here.yaml", &pods("web:1")),
        ];
        let promotion = promote(&files, "dev", "stg").unwrap();
        let said: Vec<String> = promotion.moves.iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            [
                "stg/objects/web/web/pod-web.yaml: Pod web, container web: web:1 -> web:2",
                "stg/root/apps/020-kong.yaml: chart kong: 1.0.0 -> 2.0.0",
                "stg/values/web.yaml: image.tag: v1 -> v2",
            ]
        );
        let text = |path: &str| {
            &promotion
                .files
                .iter()
                .find(|file| file.path == path)
                .unwrap()
                .text
        };
        assert_eq!(*text("stg/values/web.yaml"), values("v2", 3));
        assert_eq!(
            *text("stg/root/apps/020-kong.yaml"),
            application("2.0.0", "b")
        );
        assert!(text("stg/objects/web/web/pod-web.yaml").contains("hostname: web:1"));
        assert_eq!(text(checksums::FILE).lines().count(), files.len());
        // Once it is done there is nothing more to do.
        let mut after: Vec<File> = files.to_vec();
        for changed in &promotion.files {
            after.retain(|file| file.path != changed.path);
            after.push(changed.clone());
        }
        assert_eq!(promote(&after, "dev", "stg").unwrap(), Promotion::default());
    }

    #[test]
    fn an_environment_that_is_not_there_is_named() {
        let files = [
            file("dev/bootstrap/bootstrap.sh", ""),
            file("stg/bootstrap/bootstrap.sh", ""),
        ];
        let error = promote(&files, "dev", "prod").unwrap_err();
        assert_eq!(
            error.to_string(),
            "there is no environment `prod`: there are dev, stg"
        );
    }
}
