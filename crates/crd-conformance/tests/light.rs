//! The programs are built without the schemas of the types, which cost more than all else.

use std::process::Command;

#[test]
fn programs_build_no_schemas() {
    for package in ["examples", "stackctl"] {
        let mut tree = Command::new(env!("CARGO"));
        tree.args(["tree", "--locked", "--offline", "--edges", "normal"]);
        tree.args(["--prefix", "none", "--package", package]);
        let output = tree
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        let tree = String::from_utf8_lossy(&output.stdout);
        assert!(tree.contains("crd-validate v"), "{tree}");
        assert!(
            !tree.contains("schemars v"),
            "{package}: `cargo tree -p {package} -e normal,features -i schemars` says why"
        );
    }
}
