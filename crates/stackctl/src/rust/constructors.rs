//! The short constructors of the types crates.

mod generated;
mod hand_written;

use std::collections::BTreeMap;

use super::samples::Learner;
use super::short::Shorts;

/// Learns all of them.
pub(super) fn learn(defaults: &mut BTreeMap<String, bool>) -> Shorts {
    let mut shorts = Shorts::default();
    let mut learner = Learner {
        shorts: &mut shorts,
        defaults,
    };
    hand_written::learn(&mut learner);
    generated::learn(&mut learner);
    shorts
}

/// `Type { new constructor(samples); with method(samples); adds method(samples); }` for each type; `Type (value) { ... }` where
/// methods are called on the value of a constructor that is known anyway.
macro_rules! known {
    ($learner:ident => $($T:ident $(($made:expr))? { $($how:ident $name:ident ( $($kind:ident $(($($like:expr),*))?),* );)* })*) => {
        $({
            let of = $learner.of::<$T>();
            $(let of = of.on($made);)?
            $(let of = known!(@ $how of $T $name ( $($kind ($($($like),*)?)),* ));)*
            let _ = of;
        })*
    };
    (@ new $of:ident $T:ident $name:ident ( $($kind:ident ($($like:expr),*)),* )) => {
        $of.new(stringify!($name), |_samples| <$T>::$name($(_samples.$kind($($like),*)),*))
    };
    (@ $how:ident $of:ident $T:ident $name:ident ( $($kind:ident ($($like:expr),*)),* )) => {
        $of.$how(stringify!($name), |made, _samples| made.$name($(_samples.$kind($($like),*)),*))
    };
}
use known;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_constructor_is_found_where_it_was_called() {
        let shorts = learn(&mut BTreeMap::new());
        assert_eq!(shorts.unknown(), Vec::<String>::new());
        assert!(shorts.count() > 150, "{}", shorts.count());
    }
}
