//! The functions that a rule may call.

use std::sync::{Arc, OnceLock};

use kube_cel::KubeCelExt;
use kube_cel::cel::extractors::This;
use kube_cel::cel::{Context, ExecutionError, FunctionContext, Value};

use super::{macros, named_format, scalar, time, types, url};
use crate::cel::patterns;

/// The root of every evaluation, built once.
pub(super) fn root() -> &'static Context<'static> {
    static ROOT: OnceLock<Context<'static>> = OnceLock::new();
    ROOT.get_or_init(|| {
        let mut context = Context::default().with_all();
        context.add_function("matches", matches);
        context.add_function("duration", duration);
        scalar::register(&mut context);
        macros::register(&mut context);
        types::register(&mut context);
        named_format::register(&mut context);
        time::register(&mut context);
        url::register(&mut context);
        context
    })
}

/// `matches` with Go's patterns.
fn matches(
    context: &FunctionContext<'_, '_>,
    This(text): This<Arc<String>>,
    pattern: Arc<String>,
) -> Result<bool, ExecutionError> {
    match patterns::pattern(&pattern) {
        Some(regex) => Ok(regex.is_match(text.as_str())),
        None => Err(context.error(format!("the pattern {pattern} cannot be read"))),
    }
}

/// `duration` with Go's notation.
fn duration(context: &FunctionContext<'_, '_>, text: Arc<String>) -> Result<Value, ExecutionError> {
    match kube_vocab::duration::parse_go(&text) {
        Ok(nanoseconds) => Ok(Value::Duration(chrono::Duration::nanoseconds(nanoseconds))),
        Err(error) => Err(context.error(error)),
    }
}
