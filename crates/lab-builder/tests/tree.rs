//! Writing the tree: whole or not at all, and never over something that is not ours.
#![allow(clippy::unwrap_used)]

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
    let count = bundle.write_tree(&target).unwrap().files;
    let mut expected: Vec<(String, String)> = bundle
        .files()
        .into_iter()
        .map(|file| (file.path, file.text))
        .collect();
    assert_eq!(count, expected.len());
    expected.sort();
    let mut found = content(&target);
    let marker = found.remove(0);
    assert!(marker.0 == ".lab-builder" && marker.1.starts_with("dev\n"));
    assert_eq!(found, expected);
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
fn what_others_have_put_there_stays() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("lab");
    bundle(Environment::Dev).write_tree(&target).unwrap();
    let theirs = [
        ".git/HEAD",
        "downloads/dashboard.json",
        "01-cilium/mine.yaml",
        "notes.md",
    ];
    for path in theirs {
        let path = target.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "mine").unwrap();
    }
    // Edited, and there is nothing new to write to it.
    fs::write(target.join("01-cilium/values.yaml"), "edited: true\n").unwrap();
    let before = content(&target);
    let written = bundle(Environment::Dev).write_tree(&target).unwrap();
    assert_eq!(written.kept, ["01-cilium/values.yaml"]);
    assert_eq!(content(&target), before);
    // Nor does force touch what is not in the way.
    bundle(Environment::Dev)
        .write_tree_with(&target, WriteOptions { force: true })
        .unwrap();
    for path in theirs {
        assert_eq!(
            fs::read_to_string(target.join(path)).unwrap(),
            "mine",
            "{path}"
        );
    }
    assert_ne!(
        fs::read_to_string(target.join("01-cilium/values.yaml")).unwrap(),
        "edited: true\n"
    );
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn an_edit_that_would_be_lost_is_named_and_refused() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("lab");
    let other = || {
        Lab::new(Environment::Dev)
            .configure(|cilium: &mut lab_builder::components::Cilium| {
                cilium.values.operator.replicas = 1
            })
            .build()
            .unwrap()
    };
    bundle(Environment::Dev).write_tree(&target).unwrap();
    fs::write(target.join("01-cilium/values.yaml"), "edited: true\n").unwrap();
    let before = content(&target);
    let error = other().write_tree(&target).unwrap_err();
    assert!(
        matches!(&error, WriteError::Edited { files, .. } if *files == ["01-cilium/values.yaml"]),
        "{error}"
    );
    assert!(
        error.to_string().contains("01-cilium/values.yaml")
            && error.to_string().contains("--force")
    );
    assert_eq!(content(&target), before);
    other()
        .write_tree_with(&target, WriteOptions { force: true })
        .unwrap();
    let fresh = folder.path().join("fresh");
    other().write_tree(&fresh).unwrap();
    assert_eq!(content(&target), content(&fresh));
}

#[test]
fn a_tree_whose_marker_holds_no_checksums_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("lab");
    bundle(Environment::Dev).write_tree(&target).unwrap();
    fs::write(target.join(".lab-builder"), "dev\n").unwrap();
    fs::write(target.join("setup.sh"), "edited").unwrap();
    let error = bundle(Environment::Dev).write_tree(&target).unwrap_err();
    assert!(
        matches!(&error, WriteError::Edited { files, .. } if *files == ["setup.sh"]),
        "{error}"
    );
    fs::remove_file(target.join("setup.sh")).unwrap();
    bundle(Environment::Dev).write_tree(&target).unwrap();
    assert!(target.join("setup.sh").is_file());
}

#[test]
fn what_the_tree_has_no_more_goes_unless_it_was_edited() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("lab");
    bundle(Environment::Dev).write_tree(&target).unwrap();
    fs::write(target.join("02-istio/namespace.yaml"), "edited: true\n").unwrap();
    let without = Lab::new(Environment::Dev).skip_istio().build().unwrap();
    let written = without.write_tree(&target).unwrap();
    assert_eq!(written.kept, ["02-istio/namespace.yaml"]);
    assert!(
        written
            .removed
            .contains(&"02-istio/istio-cni/values.yaml".to_owned())
    );
    assert!(!target.join("02-istio/istio-cni").exists());
    let names: Vec<String> = content(&target).into_iter().map(|(name, _)| name).collect();
    let istio: Vec<&String> = names
        .iter()
        .filter(|name| name.starts_with("02-istio/"))
        .collect();
    assert_eq!(istio, ["02-istio/namespace.yaml"]);
    let expected = without.files().len() + 2;
    assert_eq!(
        names.len(),
        expected,
        "the marker and the edited file beside the tree"
    );
}

#[test]
fn what_an_interrupted_run_has_left_is_cleaned_up() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("lab");
    let left_over = |place: &Path| {
        fs::create_dir_all(place.join(".lab-builder-a1B2c3/new/01-cilium")).unwrap();
        fs::write(place.join(".lab-builder-a1B2c3/new/README.md"), "half").unwrap();
    };
    left_over(folder.path());
    // Whatever else bears the name is somebody's.
    fs::create_dir(folder.path().join(".lab-builder-backup")).unwrap();
    fs::write(folder.path().join(".lab-builder-backup/mine"), "mine").unwrap();
    bundle(Environment::Dev).write_tree(&target).unwrap();
    left_over(&target);
    bundle(Environment::Dev).write_tree(&target).unwrap();
    assert!(!folder.path().join(".lab-builder-a1B2c3").exists());
    assert!(!target.join(".lab-builder-a1B2c3").exists());
    assert!(folder.path().join(".lab-builder-backup/mine").exists());
}

#[test]
fn several_writers_at_once_end_in_one_whole_tree() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("lab");
    let environments = [Environment::Dev, Environment::Stg, Environment::Prod];
    let bundles: Vec<Bundle> = environments
        .into_iter()
        .cycle()
        .take(6)
        .map(bundle)
        .collect();
    for _ in 0..2 {
        let results: Vec<_> = std::thread::scope(|scope| {
            let writers: Vec<_> = bundles
                .iter()
                .map(|bundle| scope.spawn(|| bundle.write_tree(&target)))
                .collect();
            writers
                .into_iter()
                .map(|writer| writer.join().unwrap())
                .collect()
        });
        let winner = bundles
            .iter()
            .zip(&results)
            .find_map(|(bundle, result)| result.is_ok().then_some(bundle))
            .unwrap();
        for (bundle, result) in bundles.iter().zip(&results) {
            match result {
                Ok(_) => assert_eq!(bundle.environment().name(), winner.environment().name()),
                Err(WriteError::OtherEnvironment { found, .. }) => {
                    assert_eq!(found, winner.environment().name());
                    assert_ne!(bundle.environment().name(), winner.environment().name());
                }
                Err(error) => panic!("{error}"),
            }
        }
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 2);
        let fresh = tempfile::tempdir().unwrap();
        winner.write_tree(fresh.path()).unwrap();
        assert_eq!(content(&target), content(fresh.path()));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
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
fn a_new_repository_counts_as_empty_and_keeps_its_history() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("lab");
    fs::create_dir_all(target.join(".git")).unwrap();
    fs::write(target.join(".git/HEAD"), "ref: refs/heads/main\n").unwrap();
    bundle(Environment::Dev).write_tree(&target).unwrap();
    bundle(Environment::Dev).write_tree(&target).unwrap();
    assert!(target.join("README.md").is_file());
    assert_eq!(
        fs::read_to_string(target.join(".git/HEAD")).unwrap(),
        "ref: refs/heads/main\n"
    );
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
    assert_eq!(fs::read_to_string(photos.join("cat.png")).unwrap(), "cat");
    assert!(photos.join("README.md").is_file());
    dev.write_tree_with(&stg, WriteOptions { force: true })
        .unwrap();
    let fresh = folder.path().join("dev");
    dev.write_tree(&fresh).unwrap();
    assert_eq!(content(&stg), content(&fresh));
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
