//! What is said of an object in its annotations.

use argocd_types::annotations::{
    COMPARE_OPTIONS, CompareOption, HOOK, Hook, InvalidSyncWave, SYNC_WAVE, SyncAnnotations,
};
use k8s_openapi::api::core::v1::ConfigMap;

fn set(object: &mut ConfigMap, key: &str, value: String) {
    let annotations = object.metadata.annotations.get_or_insert_default();
    annotations.insert(key.to_owned(), value);
}

fn annotation<'a>(object: &'a ConfigMap, key: &str) -> Option<&'a str> {
    let annotations = object.metadata.annotations.as_ref()?;
    annotations.get(key).map(String::as_str)
}

#[test]
fn lists_grow_without_doubles_and_keep_what_is_unknown() {
    let mut object = ConfigMap::default();
    set(&mut object, HOOK, "PreSync, Odd".to_owned());
    object.add_hook(&Hook::PreSync);
    object.add_hook(&Hook::PostSync);
    assert_eq!(annotation(&object, HOOK), Some("PreSync, Odd,PostSync"));
    assert_eq!(
        object.hooks(),
        [Hook::PreSync, Hook::Other("Odd".into()), Hook::PostSync]
    );
}

#[test]
fn options_with_values_are_told_apart() {
    let mut object = ConfigMap::default();
    object.add_compare_option(&CompareOption::IgnoreExtraneous);
    object.add_compare_option(&CompareOption::ServerSideDiff);
    assert_eq!(
        annotation(&object, COMPARE_OPTIONS),
        Some("IgnoreExtraneous,ServerSideDiff=true")
    );
    assert_eq!(
        object.compare_options(),
        [
            CompareOption::IgnoreExtraneous,
            CompareOption::ServerSideDiff
        ]
    );
}

#[test]
fn a_wave_is_a_whole_number() {
    let mut object = ConfigMap::default();
    assert_eq!(object.sync_wave(), Ok(None));
    object.set_sync_wave(-5);
    assert_eq!(object.sync_wave(), Ok(Some(-5)));
    set(&mut object, SYNC_WAVE, "first".to_owned());
    assert_eq!(
        object.sync_wave(),
        Err(InvalidSyncWave {
            found: "first".to_owned()
        })
    );
}
