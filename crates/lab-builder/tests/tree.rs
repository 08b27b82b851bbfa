//! Writing the tree: whole or not at all, and never over something that is not ours.

use std::fs;
use std::path::Path;

use lab_builder::{Bundle, Environment, Lab, WriteError, WriteOptions};

fn bundle(environment: Environment) -> Bundle {
    Lab::new(environment).build().unwrap()
}

/// Every file below a folder with its content, sorted.
fn content(folder: &Path) -> Vec<(String, String)> {
    fn walk(folder: &Path, root: &Path, files: &mut Vec<(String, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, root, files);
            } else {
                let name = path
                    .strip_prefix(root)
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .to_owned();
                files.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let mut files = Vec::new();
    walk(folder, folder, &mut files);
    files.sort();
    files
}

#[test]
fn the_tree_is_what_the_bundle_says() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("deep/lab");
    let bundle = bundle(Environment::Dev);
    let count = bundle.write_tree(&target).unwrap();
    let mut expected: Vec<(String, String)> = bundle
        .files()
        .into_iter()
        .map(|file| (file.path, file.text))
        .collect();
    assert_eq!(count, expected.len());
    expected.push((".lab-builder".into(), "dev\n".into()));
    expected.sort();
    assert_eq!(content(&target), expected);
    for documented in [
        "01-cilium/policies/backend-l7-policy.yaml",
        "06-demo-app/namespace.yaml",
        "06-demo-app/load-generator/job.yaml",
        "02-istio/istio-ztunnel/values.yaml",
        "01-cilium/values.yaml",
        "README.md",
    ] {
        assert!(target.join(documented).is_file(), "{documented}");
    }
}

#[test]
fn a_tree_of_the_same_lab_is_replaced_as_a_whole() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("lab");
    bundle(Environment::Dev).write_tree(&target).unwrap();
    let first = content(&target);
    fs::write(target.join("01-cilium/left-over.yaml"), "old").unwrap();
    bundle(Environment::Dev).write_tree(&target).unwrap();
    assert_eq!(content(&target), first);
    // Nothing is left beside it.
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn an_empty_folder_is_filled() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("lab");
    fs::create_dir(&target).unwrap();
    bundle(Environment::Dev).write_tree(&target).unwrap();
    assert!(target.join("README.md").is_file());
}

#[test]
fn what_is_not_ours_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "mine").unwrap();
    let photos = folder.path().join("photos");
    fs::create_dir(&photos).unwrap();
    fs::write(photos.join("cat.png"), "cat").unwrap();
    let stg = folder.path().join("stg");
    bundle(Environment::Stg).write_tree(&stg).unwrap();
    let before = content(folder.path());

    let dev = bundle(Environment::Dev);
    assert!(matches!(dev.write_tree(&file), Err(WriteError::IsFile(_))));
    assert!(matches!(
        dev.write_tree(&photos),
        Err(WriteError::NotOurs { .. })
    ));
    assert!(
        matches!(dev.write_tree(&stg), Err(WriteError::OtherEnvironment { found, .. }) if found == "stg")
    );
    assert!(matches!(
        dev.write_tree(file.join("below")),
        Err(WriteError::Io { .. })
    ));
    assert!(matches!(
        dev.write_tree("/"),
        Err(WriteError::NotOurs { .. })
    ));
    assert!(matches!(
        dev.write_tree_with("/", WriteOptions { force: true }),
        Err(WriteError::NoParent(_))
    ));
    assert_eq!(content(folder.path()), before);

    dev.write_tree_with(&photos, WriteOptions { force: true })
        .unwrap();
    assert!(!photos.join("cat.png").exists());
    dev.write_tree_with(&stg, WriteOptions { force: true })
        .unwrap();
    assert_eq!(
        fs::read_to_string(stg.join(".lab-builder")).unwrap(),
        "dev\n"
    );
    assert!(matches!(
        dev.write_tree_with(&file, WriteOptions { force: true }),
        Err(WriteError::IsFile(_))
    ));
}

#[cfg(unix)]
#[test]
fn programs_can_be_run_and_a_link_stays_a_link() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let real = folder.path().join("real");
    fs::create_dir(&real).unwrap();
    let link = folder.path().join("link");
    std::os::unix::fs::symlink(&real, &link).unwrap();
    let bundle = bundle(Environment::Dev);
    bundle.write_tree(&link).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    for file in bundle.files() {
        let mode = fs::metadata(real.join(&file.path))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o111 != 0, file.executable, "{}", file.path);
    }
}
