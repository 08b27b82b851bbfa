//! A file of the tree may stand where a folder of it stood, and the other way round; what others have put there stays.

use std::fs;
use std::path::Path;

use stack_builder::{
    Component, ComponentError, Context, Contribution, Place, Stack, WriteError, WriteOptions,
    Written,
};

#[derive(Debug)]
struct Files(&'static [&'static str]);

impl Component for Files {
    fn id(&self) -> &str {
        "files"
    }
    fn contribute(&self, _: &Context<'_>, out: &mut Contribution) -> Result<(), ComponentError> {
        let mut paths = self.0.iter();
        paths.try_for_each(|path| out.file(Place::Root((*path).to_owned()), format!("{path}\n")))
    }
}

fn write(folder: &Path, files: &'static [&'static str]) -> Result<Written, WriteError> {
    let bundle = Stack::new("dev", "dev.example.com")
        .with(Files(files))
        .build()
        .unwrap();
    bundle.write_tree_with(folder, WriteOptions::default())
}

#[test]
fn a_folder_that_holds_nothing_else_gives_way_to_a_file() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("tree");
    write(&folder, &["x"]).unwrap();
    let written = write(&folder, &["x/y", "x/deep/z"]).unwrap();
    assert_eq!(written.removed, ["x"]);
    assert_eq!(
        fs::read_to_string(folder.join("x/deep/z")).unwrap(),
        "x/deep/z\n"
    );
    let written = write(&folder, &["x"]).unwrap();
    assert_eq!(written.removed, ["x/deep/z", "x/y"]);
    assert_eq!(fs::read_to_string(folder.join("x")).unwrap(), "x\n");
    // What is as it should be is not written again.
    let again = write(&folder, &["x"]).unwrap();
    assert_eq!((again.kept.len(), again.removed.len()), (0, 0));
}

#[test]
fn a_folder_with_a_file_of_somebody_else_stays() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("tree");
    write(&folder, &["x/deep/z"]).unwrap();
    fs::write(folder.join("x/deep/mine"), "mine").unwrap();
    let refused = write(&folder, &["x"]).unwrap_err();
    assert!(
        matches!(&refused, WriteError::Edited { files, .. } if files == &["x"]),
        "{refused}"
    );
    assert_eq!(
        fs::read_to_string(folder.join("x/deep/mine")).unwrap(),
        "mine"
    );
    assert_eq!(
        fs::read_to_string(folder.join("x/deep/z")).unwrap(),
        "x/deep/z\n"
    );
}

#[test]
fn an_edited_file_does_not_give_way_to_a_folder() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("tree");
    write(&folder, &["x"]).unwrap();
    fs::write(folder.join("x"), "edited").unwrap();
    let refused = write(&folder, &["x/y"]).unwrap_err();
    assert!(
        matches!(&refused, WriteError::Edited { files, .. } if files == &["x/y"]),
        "{refused}"
    );
    assert_eq!(fs::read_to_string(folder.join("x")).unwrap(), "edited");
}
