//! How wide a text is, without a font.

/// Widths of the printable characters of ASCII in thousandths of the font's size, from the blank on: those of the widest of the
/// common sans-serif fonts, so that a label fits whichever of them a reader has.
const ASCII: [u16; 95] = [
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318,
    337, // blank to /
    636, 636, 636, 636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531, // 0 to ?
    1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863, 748, 787, // @ to O
    603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500, // P to _
    500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, // ` to o
    635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838, // p to ~
];

/// What fonts differ in, and what a browser rounds.
const MARGIN: f64 = 1.04;

/// Bold letters are so much wider.
const BOLD: f64 = 1.11;

/// The width of a text in pixels, rather too wide than too narrow.
pub(crate) fn width(text: &str, size: f64, bold: bool) -> f64 {
    let thousandths: u64 = text.chars().map(|c| u64::from(advance(c))).sum();
    // A text has fewer characters than a float has exact integers.
    #[allow(clippy::cast_precision_loss)]
    let em = thousandths as f64 / 1000.0;
    em * size * MARGIN * if bold { BOLD } else { 1.0 }
}

fn advance(c: char) -> u16 {
    let code = u32::from(c);
    match code {
        0x20..=0x7e => ASCII[(code - 0x20) as usize],
        // Marks that stand above or below another letter, and what joins letters.
        0x0300..=0x036f | 0x200b..=0x200d | 0xfe00..=0xfe0f => 0,
        0x00a0..=0x024f => 700,
        // Greek and Cyrillic.
        0x0370..=0x052f => 820,
        0x2010..=0x2027 | 0x2190..=0x21ff => 1000,
        // Hangul, Chinese, Japanese, full-width forms: a square each.
        0x1100..=0x11ff | 0x2e80..=0xa4cf | 0xac00..=0xd7ff | 0xf900..=0xfaff | 0xff00..=0xff60 => {
            1000
        }
        // Pictures, which fonts draw wider than a square.
        0x1f000..=0x1faff => 1400,
        _ => 1000,
    }
}

/// The text cut to a width, with an ellipsis where something is missing.
pub(crate) fn shortened(text: &str, most: f64, size: f64, bold: bool) -> String {
    if width(text, size, bold) <= most {
        return text.to_owned();
    }
    let room = most - width("…", size, bold);
    let mut kept = String::new();
    let mut used = 0.0;
    for c in text.chars() {
        used += width(c.encode_utf8(&mut [0; 4]), size, bold);
        if used > room {
            break;
        }
        kept.push(c);
    }
    kept.push('…');
    kept
}

/// The text in lines of at most this width, broken at blanks and behind `/`, `.`, `-` and `,`; at most so many lines, the last of
/// which is shortened.
pub(crate) fn wrapped(text: &str, most: f64, lines: usize, size: f64, bold: bool) -> Vec<String> {
    let mut rows: Vec<String> = Vec::new();
    let mut row = String::new();
    let mut used = 0.0;
    let mut pieces = pieces(text).peekable();
    while let Some(piece) = pieces.next() {
        let wide = width(piece, size, bold);
        if !row.is_empty() && used + wide > most {
            if rows.len() + 1 == lines {
                // The rest does not fit: it is shortened where it stands.
                row.push_str(piece);
                pieces.by_ref().for_each(|piece| row.push_str(piece));
                break;
            }
            rows.push(std::mem::take(&mut row).trim_end().to_owned());
            used = 0.0;
        }
        row.push_str(piece);
        used += wide;
    }
    if !row.is_empty() || rows.is_empty() {
        rows.push(row.trim_end().to_owned());
    }
    rows.iter()
        .map(|row| shortened(row, most, size, bold))
        .collect()
}

/// Where a line may be broken: each piece ends with the character after which it may.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive([' ', '/', '.', '-', ','])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_letters_are_wider_than_narrow_ones_and_marks_take_no_room() {
        assert!(width("WWW", 12.0, false) > width("iii", 12.0, false) * 3.0);
        assert!(width("트래픽", 12.0, false) >= 36.0);
        assert_eq!(width("e\u{301}", 12.0, false), width("e", 12.0, false));
        assert!(width("abc", 12.0, true) > width("abc", 12.0, false));
    }

    #[test]
    fn what_is_shortened_fits() {
        for text in [
            "kube-prometheus-stack-grafana",
            "관측 가능성 스택 전체",
            "WWWWWWWWWWWW",
        ] {
            for most in [20.0, 50.0, 90.0] {
                let short = shortened(text, most, 12.0, false);
                assert!(width(&short, 12.0, false) <= most, "{short}");
                assert!(short.ends_with('…') || short == text, "{short}");
            }
        }
    }

    #[test]
    fn lines_fit_and_nothing_is_lost_that_is_not_marked() {
        let text = "registry.example.com/platform/observability/opentelemetry-collector";
        let lines = wrapped(text, 180.0, 9, 12.0, false);
        assert!(lines.len() > 1);
        assert_eq!(lines.concat(), text);
        let two = wrapped(text, 180.0, 2, 12.0, false);
        assert_eq!(two.len(), 2);
        assert!(two[1].ends_with('…'));
        assert!(two.iter().all(|line| width(line, 12.0, false) <= 180.0));
        assert_eq!(wrapped("", 100.0, 2, 12.0, false), [""]);
    }
}
