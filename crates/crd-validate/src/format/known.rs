//! The regular expressions of our own by which formats are judged.

use std::sync::OnceLock;

use regex::Regex;

/// A pattern that is compiled when it is first needed. One that is broken matches nothing, so that each value is refused; that
/// none is, a test shows.
pub(super) struct Known {
    text: &'static str,
    compiled: OnceLock<Result<Regex, regex::Error>>,
}

impl Known {
    const fn new(text: &'static str) -> Self {
        Self {
            text,
            compiled: OnceLock::new(),
        }
    }

    pub(super) fn get(&self) -> Result<&Regex, &regex::Error> {
        self.compiled.get_or_init(|| Regex::new(self.text)).as_ref()
    }

    pub(super) fn is_match(&self, text: &str) -> bool {
        self.get().is_ok_and(|regex| regex.is_match(text))
    }
}

pub(super) static HOSTNAME: Known = Known::new(
    r"^([a-zA-Z0-9\p{S}\p{L}]((-?[a-zA-Z0-9\p{S}\p{L}]{0,62})?)|([a-zA-Z0-9\p{S}\p{L}](([a-zA-Z0-9\p{S}\p{L}-]{0,61}[a-zA-Z0-9\p{S}\p{L}])?)(\.)){1,}([a-zA-Z\p{L}]){2,63})$",
);
pub(super) static SSN: Known = Known::new(r"^[0-9]{3}[- ]?[0-9]{2}[- ]?[0-9]{4}$");
pub(super) static HEX: Known = Known::new(r"^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$");
pub(super) static TIME: Known =
    Known::new(r"^([0-9]{2}):([0-9]{2}):([0-9]{2})(.[0-9]+)?(z|([+-][0-9]{2}:[0-9]{2}))$");
/// A number and a unit, as in `2 days`.
pub(super) static UNIT: Known = Known::new(r"([0-9]+)[\t\n\x0C\r ]*([A-Za-zµ]+)");
pub(super) static CARD: Known = Known::new(
    r"^(?:4[0-9]{12}(?:[0-9]{3})?|5[1-5][0-9]{14}|6(?:011|5[0-9][0-9])[0-9]{12}|3[47][0-9]{13}|3(?:0[0-5]|[68][0-9])[0-9]{11}|(?:2131|1800|35[0-9]{3})[0-9]{11})$",
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_pattern_can_be_compiled() {
        for known in [&HOSTNAME, &SSN, &HEX, &TIME, &UNIT, &CARD] {
            assert_eq!(known.get().err(), None, "{}", known.text);
        }
    }
}
