//! Why a stack could not be built.

use kube_vocab::ObjectId;

use crate::environment::EnvironmentError;
use crate::error::ComponentError;
use crate::order::StackError;
use crate::patch::PatchError;

/// Why a stack could not be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The environment is not valid.
    #[error(transparent)]
    Environment(#[from] EnvironmentError),
    /// The components do not make a stack.
    #[error(transparent)]
    Stack(#[from] StackError),
    /// A component's contribution is not valid.
    #[error("component `{component}`: {source}")]
    Component {
        /// The id of the component that was asked to contribute.
        component: String,
        /// Why the component could not contribute.
        source: ComponentError,
    },
    /// What belongs to the stack as a whole is not valid.
    #[error("the stack as a whole: {0}")]
    Whole(ComponentError),
    /// A patch does not fit the stack.
    #[error(transparent)]
    Patch(#[from] PatchError),
    /// Two components contribute the same object.
    #[error(
        "{object} is owned by both `{first}` and `{second}`: rename one of them, or remove or replace one component"
    )]
    DuplicateObject {
        /// The object that two components contribute, or one twice.
        object: Box<ObjectId>,
        /// The component that comes first.
        first: String,
        /// The component that comes second; the same one when it adds it twice.
        second: String,
    },
    /// Two components install a release of the same name in the same namespace.
    #[error(
        "release `{release}` in `{namespace}` is owned by both `{first}` and `{second}`: rename one of them, or remove or replace one component"
    )]
    DuplicateRelease {
        /// The name that both give to Helm.
        release: String,
        /// The namespace that both install it in.
        namespace: String,
        /// The component that comes first.
        first: String,
        /// The component that comes second.
        second: String,
    },
    /// Two components write the same file.
    #[error(
        "file `{path}` is written by both `{first}` and `{second}`: give one of them another path"
    )]
    DuplicateFile {
        /// The path below the tree's root.
        path: String,
        /// The component that comes first.
        first: String,
        /// The component that comes second.
        second: String,
    },
}
