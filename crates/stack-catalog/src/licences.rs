//! Which licences the programs of images stand under.

/// What the makers of the images' programs state, as `LICENCES`: page by page the licence (`unknown` where none is stated for the
/// whole image) and the images that hold the program.
macro_rules! licences {
    (@one unknown, $image:literal, $page:literal) => {
        stack_builder::Licence::unknown($image, $page)
    };
    (@one $licence:literal, $image:literal, $page:literal) => {
        stack_builder::Licence::of($image, $licence, $page)
    };
    ($($page:literal, $licence:tt: [$($image:literal),+ $(,)?];)+) => {
        pub(super) const LICENCES: &[stack_builder::Licence<'_>] =
            &[$($($crate::licences::licences!(@one $licence, $image, $page)),+),+];
    };
}

pub(crate) use licences;
