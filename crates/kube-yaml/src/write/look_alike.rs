//! Which texts some reader takes for a null, a boolean, a number or a date when they stand without quotes.
//!
//! The union of YAML 1.1 (its type repository, and what PyYAML and go-yaml make of it) and YAML 1.2's core schema: a text is
//! quoted as soon as one of them would read anything but the text.

/// Whether the text has to be quoted whatever characters it consists of.
pub(super) fn is_taken_for_something_else(text: &str) -> bool {
    let bytes = text.as_bytes();
    match bytes.first() {
        None => true,
        Some(b'0'..=b'9' | b'+' | b'-' | b'.' | b'_') => is_number(text) || is_date(bytes),
        Some(b'~' | b'=') => bytes.len() == 1,
        Some(b'<') => text == "<<",
        Some(_) => is_word(bytes),
    }
}

/// The longest word is `false`.
pub(super) const LONGEST_WORD: usize = 5;

/// Whether a word may begin with this letter.
pub(super) fn begins_word(letter: u8) -> bool {
    matches!(
        letter.to_ascii_lowercase(),
        b'f' | b'i' | b'n' | b'o' | b't' | b'y'
    )
}

fn is_word(bytes: &[u8]) -> bool {
    let words: &[&[u8]] = match bytes.len() {
        1 => &[b"y", b"n"],
        2 => &[b"no", b"on"],
        3 => &[b"yes", b"off", b"nan", b"inf"],
        4 => &[b"null", b"true"],
        LONGEST_WORD => &[b"false"],
        _ => &[],
    };
    words.iter().any(|word| word.eq_ignore_ascii_case(bytes))
}

fn is_number(text: &str) -> bool {
    let bytes = text.as_bytes();
    // Most texts that begin with a digit (`100m`, `1Gi`, `10.0.0.0/8`) end here.
    if !bytes.iter().all(|byte| {
        byte.is_ascii_hexdigit()
            || matches!(
                byte,
                b'+' | b'-'
                    | b'.'
                    | b'_'
                    | b':'
                    | b'o'
                    | b'O'
                    | b'x'
                    | b'X'
                    | b'i'
                    | b'I'
                    | b'n'
                    | b'N'
            )
    }) {
        return false;
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let special = [".inf", ".nan", "inf"];
    if special
        .iter()
        .any(|name| name.eq_ignore_ascii_case(unsigned))
    {
        // `inf` has its place among the words, unless it has a sign.
        return true;
    }
    if is_base_60(unsigned) {
        return true;
    }
    if let Some((radix, digits)) = radix(unsigned)
        && !digits.is_empty()
        && digits
            .bytes()
            .all(|byte| byte == b'_' || is_digit(byte, radix))
    {
        return true;
    }
    // go-yaml drops underscores before it looks.
    if text.contains('_') {
        is_plain_number(&text.replace('_', ""))
    } else {
        is_plain_number(text)
    }
}

fn is_digit(byte: u8, radix: u32) -> bool {
    char::from(byte).is_digit(radix)
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

fn radix(unsigned: &str) -> Option<(u32, &str)> {
    let radix = match unsigned.as_bytes() {
        [b'0', b'b' | b'B', ..] => 2,
        [b'0', b'o' | b'O', ..] => 8,
        [b'0', b'x' | b'X', ..] => 16,
        _ => return None,
    };
    Some((radix, &unsigned[2..]))
}

/// A number without underscores.
fn is_plain_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if let Some((radix, digits)) = radix(unsigned) {
        // go-yaml takes `0b-1` and `0o+7`.
        let signed = unsigned.len() == text.len() && matches!(&text[..2], "0b" | "0o");
        let digits = match digits.strip_prefix(['+', '-']) {
            Some(rest) if signed => rest,
            _ => digits,
        };
        return !digits.is_empty() && digits.bytes().all(|byte| is_digit(byte, radix));
    }
    let mantissa = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => {
            let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            if exponent.is_empty() || !all_digits(exponent) {
                return false;
            }
            mantissa
        }
        None => unsigned,
    };
    match mantissa.split_once('.') {
        // YAML 1.1's own expression for floats lets more dots follow, and a dot stand alone.
        Some((whole, fraction)) => {
            all_digits(whole)
                && fraction
                    .bytes()
                    .all(|byte| byte.is_ascii_digit() || byte == b'.')
        }
        None => !mantissa.is_empty() && all_digits(mantissa),
    }
}

/// `12:30:45` and `190:20:30.15`.
fn is_base_60(unsigned: &str) -> bool {
    let (whole, fraction) = match unsigned.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (unsigned, None),
    };
    let Some((first, rest)) = whole.split_once(':') else {
        return false;
    };
    let digits = |text: &str| {
        text.bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'_')
    };
    let starts = match first.as_bytes().first() {
        Some(b'0') => fraction.is_some(),
        Some(byte) => byte.is_ascii_digit(),
        None => false,
    };
    starts
        && digits(first)
        && fraction.is_none_or(digits)
        && rest.split(':').all(|part| match part.as_bytes() {
            [unit] => unit.is_ascii_digit(),
            [ten, unit] => matches!(ten, b'0'..=b'5') && unit.is_ascii_digit(),
            _ => false,
        })
}

/// Eats bytes from the front of a text.
struct Eater<'a>(&'a [u8]);

impl Eater<'_> {
    fn digits(&mut self, least: usize, most: usize) -> bool {
        let count = self
            .0
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        self.0 = &self.0[count..];
        (least..=most).contains(&count)
    }

    fn one_of(&mut self, bytes: &[u8]) -> bool {
        match self.0 {
            [first, rest @ ..] if bytes.contains(first) => {
                self.0 = rest;
                true
            }
            _ => false,
        }
    }

    fn blanks(&mut self) -> bool {
        let before = self.0.len();
        while self.one_of(b" \t") {}
        self.0.len() < before
    }
}

/// `2001-12-14`, `2001-12-15 2:59:43.10` and the like, whether such a day exists or not; with Go's liberties.
fn is_date(bytes: &[u8]) -> bool {
    let mut text = Eater(bytes);
    if !(text.digits(4, 4)
        && text.one_of(b"-")
        && text.digits(1, 2)
        && text.one_of(b"-")
        && text.digits(1, 2))
    {
        return false;
    }
    if text.0.is_empty() {
        return true;
    }
    if !(text.one_of(b"Tt") || text.blanks())
        || !(text.digits(1, 2)
            && text.one_of(b":")
            && text.digits(1, 2)
            && text.one_of(b":")
            && text.digits(1, 2))
    {
        return false;
    }
    if text.one_of(b".,") {
        text.digits(0, usize::MAX);
    }
    text.blanks();
    if text.0.is_empty() || text.0 == b"Z" {
        return true;
    }
    text.one_of(b"+-")
        && text.digits(1, 2)
        && (!text.one_of(b":") || text.digits(2, 2))
        && text.0.is_empty()
}
