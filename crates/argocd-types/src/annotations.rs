//! The annotations that tell Argo CD how to treat one object: when it is synced, as a hook or not, and what is compared.
//!
//! [`SyncAnnotations`] reads and writes them on any object:
//!
//! ```
//! use argocd_types::annotations::{Hook, HookDeletePolicy, SyncAnnotations};
//! use argocd_types::v1alpha1::{Consent, SyncOption};
//! use k8s_openapi::api::core::v1::Namespace;
//!
//! let mut namespace = Namespace::default();
//! namespace.set_sync_wave(-1);
//! namespace.add_sync_option(&SyncOption::Prune(Consent::No));
//! assert_eq!(namespace.sync_wave(), Ok(Some(-1)));
//! assert_eq!(namespace.sync_options(), [SyncOption::Prune(Consent::No)]);
//! # namespace.add_hook(&Hook::PreSync);
//! # namespace.add_hook_delete_policy(&HookDeletePolicy::HookSucceeded);
//! # assert_eq!(namespace.hooks(), [Hook::PreSync]);
//! ```

use crd_core::{ObjectMeta, StringEnum};
use k8s_openapi::Metadata;

use crate::v1alpha1::SyncOption;

/// Objects of a lower wave are applied, and healthy, before those of a higher one. A whole number, 0 if absent.
pub const SYNC_WAVE: &str = "argocd.argoproj.io/sync-wave";
/// [`SyncOption`]s of one object, separated by commas.
pub const SYNC_OPTIONS: &str = "argocd.argoproj.io/sync-options";
/// [`CompareOption`]s of one object, separated by commas.
pub const COMPARE_OPTIONS: &str = "argocd.argoproj.io/compare-options";
/// [`Hook`]s, separated by commas: when an object that is a hook runs.
pub const HOOK: &str = "argocd.argoproj.io/hook";
/// [`HookDeletePolicy`]s, separated by commas: when a hook is deleted.
pub const HOOK_DELETE_POLICY: &str = "argocd.argoproj.io/hook-delete-policy";
/// Paths that an application is rendered from, separated by semicolons; commits that touch none of them start no sync.
pub const MANIFEST_GENERATE_PATHS: &str = "argocd.argoproj.io/manifest-generate-paths";
/// On an application: `normal` compares with the source at once, `hard` renders it anew as well.
pub const REFRESH: &str = "argocd.argoproj.io/refresh";
/// The finalizer that deletes an application's objects before the application.
pub const CASCADE_FINALIZER: &str = "resources-finalizer.argocd.argoproj.io";

/// When a hook runs. Upstream: <https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/>.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
pub enum Hook {
    /// Before the objects are applied.
    PreSync,
    /// Not at all: the object is left out.
    Skip,
    /// Along with the objects.
    Sync,
    /// Once the objects are healthy.
    PostSync,
    /// When the sync failed.
    SyncFail,
    /// Before the application's objects are deleted.
    PreDelete,
    /// After the application's objects are deleted.
    PostDelete,
    /// A text that this version of the types does not know.
    Other(String),
}

/// When a hook is deleted. Without any, before the next one of its name is created.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
pub enum HookDeletePolicy {
    /// Once it succeeded.
    HookSucceeded,
    /// Once it failed.
    HookFailed,
    /// Before the next one of its name is created.
    BeforeHookCreation,
    /// A text that this version of the types does not know.
    Other(String),
}

/// How an object is compared with the source. Upstream: <https://argo-cd.readthedocs.io/en/stable/user-guide/compare-options/>.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
pub enum CompareOption {
    /// An object that the source does not have does not make the application out of sync.
    IgnoreExtraneous,
    /// The API server computes the difference by a dry run.
    #[arm(rename = "ServerSideDiff=true")]
    ServerSideDiff,
    /// The difference is computed without the API server.
    #[arm(rename = "ServerSideDiff=false")]
    NoServerSideDiff,
    /// What mutating webhooks change counts as a difference, in a comparison by the API server.
    #[arm(rename = "IncludeMutationWebhook=true")]
    IncludeMutationWebhook,
    /// A text that this version of the types does not know.
    Other(String),
}

/// A sync wave that is not a whole number; Argo CD takes it for 0.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("annotation {SYNC_WAVE} is `{found}`, which is not a whole number")]
pub struct InvalidSyncWave {
    /// The value that is no whole number, as it was written.
    pub found: String,
}

/// Reads and writes the annotations of Argo CD on any object.
pub trait SyncAnnotations: Metadata<Ty = ObjectMeta> {
    /// The object's sync wave; `None` where nothing is said, which means 0.
    ///
    /// # Errors
    ///
    /// An annotation that is not a whole number.
    fn sync_wave(&self) -> Result<Option<i64>, InvalidSyncWave> {
        let Some(text) = annotation(self, SYNC_WAVE) else {
            return Ok(None);
        };
        text.parse().map(Some).map_err(|_| InvalidSyncWave {
            found: text.to_owned(),
        })
    }

    /// Sets the object's sync wave.
    fn set_sync_wave(&mut self, wave: i64) {
        set(self, SYNC_WAVE, wave.to_string());
    }

    /// The object's own sync options.
    fn sync_options(&self) -> Vec<SyncOption> {
        list(self, SYNC_OPTIONS)
    }

    /// Adds a sync option to the object.
    fn add_sync_option(&mut self, option: &SyncOption) {
        add(self, SYNC_OPTIONS, &option.to_string());
    }

    /// How the object is compared with the source.
    fn compare_options(&self) -> Vec<CompareOption> {
        list(self, COMPARE_OPTIONS)
    }

    /// Adds a compare option to the object.
    fn add_compare_option(&mut self, option: &CompareOption) {
        add(self, COMPARE_OPTIONS, option.as_str());
    }

    /// When the object runs as a hook; empty where it is none. Hooks of Helm are not looked at.
    fn hooks(&self) -> Vec<Hook> {
        list(self, HOOK)
    }

    /// Makes the object a hook that runs then, too.
    fn add_hook(&mut self, hook: &Hook) {
        add(self, HOOK, hook.as_str());
    }

    /// When the hook is deleted.
    fn hook_delete_policies(&self) -> Vec<HookDeletePolicy> {
        list(self, HOOK_DELETE_POLICY)
    }

    /// Deletes the hook then, too.
    fn add_hook_delete_policy(&mut self, policy: &HookDeletePolicy) {
        add(self, HOOK_DELETE_POLICY, policy.as_str());
    }
}

impl<M: Metadata<Ty = ObjectMeta>> SyncAnnotations for M {}

fn annotation<'a, M: Metadata<Ty = ObjectMeta> + ?Sized>(
    object: &'a M,
    key: &str,
) -> Option<&'a str> {
    object
        .metadata()
        .annotations
        .as_ref()?
        .get(key)
        .map(String::as_str)
}

fn set<M: Metadata<Ty = ObjectMeta> + ?Sized>(object: &mut M, key: &str, value: String) {
    object
        .metadata_mut()
        .annotations
        .get_or_insert_default()
        .insert(key.to_owned(), value);
}

fn list<M: Metadata<Ty = ObjectMeta> + ?Sized, T: for<'a> From<&'a str>>(
    object: &M,
    key: &str,
) -> Vec<T> {
    let parts = annotation(object, key).unwrap_or_default().split(',');
    parts
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(T::from)
        .collect()
}

/// Adds to a list, unless it is there.
fn add<M: Metadata<Ty = ObjectMeta> + ?Sized>(object: &mut M, key: &str, value: &str) {
    let list = object
        .metadata_mut()
        .annotations
        .get_or_insert_default()
        .entry(key.to_owned())
        .or_default();
    if list.split(',').any(|part| part.trim() == value) {
        return;
    }
    if !list.is_empty() {
        list.push(',');
    }
    list.push_str(value);
}
