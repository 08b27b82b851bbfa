//! Objects that Helm applies at certain moments, and not as part of the release.

use serde_json::Value;

/// When Helm applies an object, and in which order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hook {
    /// The moments. Empty where Helm knows none of those that are named: it then applies the object never.
    pub events: Vec<HookEvent>,
    /// Hooks of one moment run in the order of their weights, the smallest first. Default: 0.
    pub weight: i64,
}

/// A moment in the life of a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HookEvent {
    /// Before the objects of a new release.
    PreInstall,
    /// After the objects of a new release.
    PostInstall,
    /// Before the objects of a release are removed.
    PreDelete,
    /// After the objects of a release are gone.
    PostDelete,
    /// Before the objects of a newer chart or of other values are applied.
    PreUpgrade,
    /// After the objects of a newer chart or of other values are applied.
    PostUpgrade,
    /// Before a release goes back to what it was.
    PreRollback,
    /// After a release has gone back.
    PostRollback,
    /// Only when somebody calls `helm test`; never by installing.
    Test,
}

impl HookEvent {
    fn read(text: &str) -> Option<Self> {
        Some(match text {
            "pre-install" => Self::PreInstall,
            "post-install" => Self::PostInstall,
            "pre-delete" => Self::PreDelete,
            "post-delete" => Self::PostDelete,
            "pre-upgrade" => Self::PreUpgrade,
            "post-upgrade" => Self::PostUpgrade,
            "pre-rollback" => Self::PreRollback,
            "post-rollback" => Self::PostRollback,
            // The second is Helm 2's name, which still counts.
            "test" | "test-success" => Self::Test,
            _ => return None,
        })
    }
}

impl Hook {
    /// The hook that an object is; `None` for an ordinary one.
    pub fn of(object: &Value) -> Option<Self> {
        let annotations = object.pointer("/metadata/annotations")?;
        let text = |key: &str| annotations.get(key).and_then(Value::as_str);
        let events = text("helm.sh/hook")?;
        let events = events
            .split(',')
            .filter_map(|event| HookEvent::read(&event.trim().to_lowercase()));
        Some(Self {
            events: events.collect(),
            // What is no number counts as none, as in Helm.
            weight: text("helm.sh/hook-weight")
                .and_then(|weight| weight.parse().ok())
                .unwrap_or(0),
        })
    }

    /// Whether the object is applied while the release is installed.
    pub fn is_for_install(&self) -> bool {
        let install = [HookEvent::PreInstall, HookEvent::PostInstall];
        self.events.iter().any(|event| install.contains(event))
    }
}
