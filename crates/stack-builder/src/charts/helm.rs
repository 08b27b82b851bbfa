//! The user's own `helm`.

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::thread;

use super::archive::Archive;
use super::cache::{self, Key};
use super::{ChartError, ChartSource, Rendered, Renderer};
use crate::fresh::FreshFolder;
use crate::release::Release;

/// Renders releases with `helm template`, hooks and CustomResourceDefinitions included. Nothing is installed, and no cluster is
/// asked.
///
/// Without [`archives`](Self::archives) Helm takes the charts from their repositories or registries. Values go through standard
/// input, so that no file is left behind.
#[derive(Debug)]
pub struct Helm {
    program: PathBuf,
    archives: Option<PathBuf>,
    cache: Option<PathBuf>,
    anew: bool,
    kube_version: Option<String>,
    api_versions: Vec<String>,
    version: OnceLock<String>,
}

impl Helm {
    /// Helm by its name, to be found as a shell finds it, or by its path.
    pub fn new(program: impl Into<PathBuf>) -> Self {
        Self {
            program: program.into(),
            archives: None,
            cache: None,
            anew: false,
            kube_version: None,
            api_versions: Vec::new(),
            version: OnceLock::new(),
        }
    }

    /// Takes charts from a folder, and from nowhere else: `NAME-VERSION.tgz`, or the folder of the chart as `NAME-VERSION` or
    /// `NAME`.
    #[must_use]
    pub fn archives(mut self, folder: impl Into<PathBuf>) -> Self {
        self.archives = Some(folder.into());
        self
    }

    /// Keeps charts and their output in a folder. What was rendered is used again while chart, values, Helm and its options are
    /// the same by content. The folder may be shared by several programs at once, and removed at any time.
    #[must_use]
    pub fn cache(mut self, folder: impl Into<PathBuf>) -> Self {
        self.cache = Some(folder.into());
        self
    }

    /// Renders even where the output is in the cache, and leaves that as it is: to see which values a chart makes up.
    #[must_use]
    pub fn anew(mut self) -> Self {
        self.anew = true;
        self
    }

    /// The version of Kubernetes for which charts are rendered: `1.35`. Default: the one that Helm was built for.
    #[must_use]
    pub fn kube_version(mut self, version: impl Into<String>) -> Self {
        self.kube_version = Some(version.into());
        self
    }

    /// An API that the cluster has beside the built-in ones, for charts that ask: `gateway.networking.k8s.io/v1`.
    #[must_use]
    pub fn api_version(mut self, version: impl Into<String>) -> Self {
        self.api_versions.push(version.into());
        self
    }

    /// The chart on disk, where it comes from a folder or goes through the cache.
    fn archive(&self, release: &Release) -> Result<Option<Archive>, ChartError> {
        if let Some(folder) = &self.archives {
            return Archive::find(folder, release).map(Some);
        }
        let Some(cache) = &self.cache else {
            return Ok(None);
        };
        let path = cache::chart(cache, release);
        if !path.is_file() {
            self.pull(release, &path)?;
        }
        Archive::open(path, release).map(Some)
    }

    /// Fetches a chart into a file of the cache.
    fn pull(&self, release: &Release, path: &Path) -> Result<(), ChartError> {
        let failed = |path: &Path, source| ChartError::File {
            release: release.name.clone(),
            path: path.to_owned(),
            source,
        };
        let folder = path.parent().unwrap_or(path);
        std::fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
        let fresh =
            FreshFolder::new_in(folder, ".pulled-").map_err(|error| failed(folder, error))?;
        let mut arguments: Vec<OsString> = vec!["pull".into()];
        arguments.extend(release.chart.source().into_iter().map(OsString::from));
        arguments.extend(["--version".into(), release.chart.version.clone().into()]);
        arguments.extend(["--destination".into(), fresh.path().into()]);
        self.run(release, &arguments, b"")?;
        let mut found = std::fs::read_dir(fresh.path())
            .and_then(Iterator::collect::<io::Result<Vec<_>>>)
            .map_err(|error| failed(fresh.path(), error))?
            .into_iter()
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "tgz"));
        let pulled = found.next().ok_or_else(|| {
            failed(
                fresh.path(),
                io::Error::new(io::ErrorKind::NotFound, "helm pull wrote no archive"),
            )
        })?;
        std::fs::rename(&pulled, path).map_err(|error| failed(path, error))
    }

    fn arguments(&self, release: &Release, archive: Option<&Archive>) -> Vec<OsString> {
        let mut arguments: Vec<OsString> = vec!["template".into(), release.name.clone().into()];
        match archive {
            Some(archive) => arguments.push(archive.path().into()),
            None => {
                arguments.extend(release.chart.source().into_iter().map(OsString::from));
                arguments.extend(["--version".into(), release.chart.version.clone().into()]);
            }
        }
        arguments.extend(["--namespace".into(), release.namespace.clone().into()]);
        arguments.extend(["--include-crds", "--values", "-"].map(OsString::from));
        if let Some(version) = &self.kube_version {
            arguments.extend(["--kube-version".into(), version.into()]);
        }
        for version in &self.api_versions {
            arguments.extend(["--api-versions".into(), version.into()]);
        }
        arguments
    }

    /// What Helm says of its version: another Helm may render otherwise.
    fn version(&self, release: &Release) -> Result<&str, ChartError> {
        if let Some(version) = self.version.get() {
            return Ok(version);
        }
        let arguments = ["version", "--short"].map(OsString::from);
        let version = self.run(release, &arguments, b"")?;
        Ok(self.version.get_or_init(|| version.trim().to_owned()))
    }

    /// Runs Helm, and gives what it prints.
    fn run(
        &self,
        release: &Release,
        arguments: &[OsString],
        input: &[u8],
    ) -> Result<String, ChartError> {
        let cannot_run = |source| ChartError::Program {
            release: release.name.clone(),
            program: self.program.clone(),
            source,
        };
        let output = run(&self.program, arguments, input).map_err(cannot_run)?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        if !output.status.success() {
            let words = arguments.iter().map(|argument| argument.to_string_lossy());
            let said = text(&output.stderr).trim().to_owned();
            return Err(ChartError::Helm {
                release: release.name.clone(),
                command: [self.program.to_string_lossy()]
                    .into_iter()
                    .chain(words)
                    .collect::<Vec<_>>()
                    .join(" "),
                stderr: match said.is_empty() {
                    true => output.status.to_string(),
                    false => said,
                },
            });
        }
        Ok(text(&output.stdout))
    }
}

fn run(program: &Path, arguments: &[OsString], input: &[u8]) -> io::Result<Output> {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let stdin = child.stdin.take();
    thread::scope(|scope| {
        // Beside reading, because neither side may wait for the other with a full pipe.
        let writing = scope.spawn(move || match stdin {
            Some(mut stdin) => stdin.write_all(input),
            None => Ok(()),
        });
        let output = child.wait_with_output()?;
        match writing.join() {
            Ok(Err(error)) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
            // Who does not read what it is given says why by its exit code.
            _ => Ok(output),
        }
    })
}

impl Renderer for Helm {
    fn render(&self, release: &Release) -> Result<Rendered, ChartError> {
        let archive = self.archive(release)?;
        let arguments = self.arguments(release, archive.as_ref());
        // JSON is YAML.
        let values = release.values.to_string();
        let cache = self.cache.as_ref().filter(|_| !self.anew);
        let (Some(folder), Some(archive)) = (cache, &archive) else {
            let text = self.run(release, &arguments, values.as_bytes())?;
            return Ok(Rendered { text, file: None });
        };
        let key = Key::of(self.version(release)?, &arguments, &values, archive);
        if let Some(text) = key.look_up(folder, release) {
            return Ok(Rendered { text, file: None });
        }
        let text = self.run(release, &arguments, values.as_bytes())?;
        key.keep(folder, release, &text)?;
        Ok(Rendered { text, file: None })
    }

    fn source(&self, release: &Release) -> Result<Option<ChartSource>, ChartError> {
        let archive = self.archive(release)?;
        archive.map(|archive| archive.source(release)).transpose()
    }
}
