//! The patterns that rules ask about, each compiled once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::pattern::{self, Regex};

/// A pattern of Go, compiled once; `None` for one that cannot be read.
pub(super) fn pattern(text: &str) -> Option<Arc<Regex>> {
    // A clone of an expression itself would make its working memory anew.
    type Compiled = HashMap<String, Option<Arc<Regex>>>;
    static CACHE: OnceLock<Mutex<Compiled>> = OnceLock::new();
    let cache = CACHE.get_or_init(Mutex::default);
    let mut cache = cache.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = cache.get(text) {
        return known.clone();
    }
    if cache.len() > 10_000 {
        cache.clear();
    }
    let compiled = pattern::compile(text).map(Arc::new);
    cache.insert(text.to_owned(), compiled.clone());
    compiled
}
