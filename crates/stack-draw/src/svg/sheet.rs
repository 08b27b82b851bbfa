//! The styles of all pictures.

/// Hues of frames, for the light and the dark ground: fill, border, title. Titles have a contrast of at least 4.5 to their fill.
const FRAMES: [[&str; 6]; 8] = [
    [
        "#eef4fd", "#7aa5dd", "#1d4f91", "#14202f", "#3f6797", "#a9cbf5",
    ],
    [
        "#f3effc", "#a58fdc", "#5a3a9e", "#1d1a30", "#6b5a9c", "#cdbdf7",
    ],
    [
        "#eaf7f2", "#6fb99d", "#1a6348", "#10251f", "#3c7a64", "#9adbc1",
    ],
    [
        "#fdf3e9", "#dba566", "#804a0b", "#2a2014", "#8d6838", "#f2c995",
    ],
    [
        "#e9f6f8", "#6ab3c1", "#125c6b", "#10252a", "#397783", "#9bd7e3",
    ],
    [
        "#fcf0f1", "#dd949c", "#8f2a37", "#2b191d", "#8e4f58", "#f4b9c0",
    ],
    [
        "#f7f6e6", "#b8ad5a", "#5d5508", "#242313", "#7a733a", "#ddd494",
    ],
    [
        "#f2f3f5", "#9aa5b3", "#414d5c", "#1b222c", "#5a6675", "#c3ccd8",
    ],
];

/// How many hues there are for frames.
pub(super) const HUES: usize = FRAMES.len();

/// The styles that all pictures share. Every colour is given for a light and for a dark ground (`prefers-color-scheme`), and no
/// colour is the only sign of anything.
#[must_use]
pub fn stylesheet() -> String {
    let mut light = String::new();
    let mut dark = String::new();
    for (hue, [fill, border, title, dark_fill, dark_border, dark_title]) in
        FRAMES.iter().enumerate()
    {
        light.push_str(&format!(
            "--f{hue}:{fill};--b{hue}:{border};--t{hue}:{title};"
        ));
        dark.push_str(&format!(
            "--f{hue}:{dark_fill};--b{hue}:{dark_border};--t{hue}:{dark_title};"
        ));
    }
    let hues: String = (0..HUES)
        .map(|hue| {
            format!(
                ".sd .h{hue}{{fill:var(--f{hue});stroke:var(--b{hue})}}.sd .n{hue}{{fill:var(--t{hue})}}\
                 .sd .s{hue}{{stroke:var(--b{hue})}}.sd .i{hue}{{stroke:var(--t{hue})}}"
            )
        })
        .collect();
    format!(
        ".sd{{--ground:#fff;--card:#fff;--ink:#17202b;--dim:#4d5a6a;--edge:#5a6a7e;--ok:#16703a;--bad:#b3261e;--warn:#855400;\
         --ok-fill:#e3f4e8;--bad-fill:#fdeae8;--warn-fill:#fdf1dc;--track:#e4e8ee;{light}\
         font-family:'Helvetica Neue',Helvetica,Arial,'Liberation Sans','Noto Sans','Noto Sans CJK KR',sans-serif;font-size:11px}}\
         @media(prefers-color-scheme:dark){{.sd{{--ground:#0d1420;--card:#18222f;--ink:#e9eff7;--dim:#adb9c8;--edge:#93a2b5;\
         --ok:#6fd18f;--bad:#ff9a92;--warn:#f0bd6a;--ok-fill:#12301e;--bad-fill:#3b1a1a;--warn-fill:#35270f;--track:#2a3646;{dark}}}}}\
         @media print{{.sd{{--ground:#fff}}}}\
         {hues}\
         .sd-ground{{fill:var(--ground)}}\
         .sd-heading{{font-size:17px;font-weight:700;fill:var(--ink)}}\
         .sd-frame{{stroke-width:1.2}}\
         .sd-name{{font-size:12px;font-weight:700;paint-order:stroke;stroke-width:4px;stroke-linejoin:round}}\
         .sd-note{{font-size:11px;font-weight:400}}\
         .sd-card{{fill:var(--card);stroke-width:1.4}}\
         .sd-title{{font-size:13px;font-weight:700;fill:var(--ink)}}\
         .sd-detail{{font-size:11px;fill:var(--dim)}}\
         .sd-icon{{fill:none;stroke-width:1.5;stroke-linecap:round;stroke-linejoin:round}}\
         .sd-more{{stroke-dasharray:4 3}}\
         .sd .sd-added{{stroke:var(--ok);stroke-width:2}}.sd .sd-removed{{stroke:var(--bad);stroke-width:2;stroke-dasharray:6 3}}\
         .sd .sd-changed{{stroke:var(--warn);stroke-width:2}}.sd .sd-missing{{stroke:var(--bad);stroke-width:1.6;stroke-dasharray:3 3}}\
         .sd .sd-wrong{{stroke:var(--bad);stroke-width:2}}\
         .sd-edge{{fill:none;stroke:var(--edge);stroke-width:1.5}}\
         .sd-tip{{fill:var(--edge)}}\
         .sd-query{{stroke-dasharray:6 4}}.sd-then{{stroke-width:2}}.sd-reference{{stroke-width:1.2}}.sd-selects{{stroke-dasharray:2 3}}\
         .sd-refused,.sd-broken{{stroke:var(--bad);stroke-dasharray:7 3 2 3}}.sd-depends{{stroke:var(--warn);stroke-dasharray:7 4}}\
         .sd-tip.sd-refused,.sd-tip.sd-broken{{fill:var(--bad);stroke:none}}.sd-tip.sd-depends{{fill:var(--warn);stroke:none}}\
         .sd-plate{{fill:var(--ground)}}\
         .sd-label{{font-size:11px;fill:var(--ink);text-anchor:middle}}\
         .sd-key{{font-size:11px;fill:var(--dim)}}\
         .sd-cell{{stroke:var(--ground);stroke-width:1}}.sd-none{{fill:var(--track)}}.sd-all{{fill:var(--warn-fill)}}\
         .sd-some{{fill:var(--ok-fill)}}.sd-own{{fill:none;stroke:var(--track)}}\
         .sd-number{{font-size:11px;fill:var(--ink);text-anchor:middle}}\
         .sd-track{{fill:var(--track)}}.sd-bar{{fill:var(--b0)}}.sd-bar-more{{fill:var(--f0);stroke:var(--b0);stroke-dasharray:3 2}}\
         .sd-bar-full{{fill:var(--bad)}}.sd-bound{{stroke:var(--ink);stroke-width:2}}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance as the Web Content Accessibility Guidelines define it.
    fn luminance(colour: &str) -> f64 {
        let digits = colour.trim_start_matches('#');
        let wide: String = match digits.len() {
            3 => digits.chars().flat_map(|c| [c, c]).collect(),
            _ => digits.to_owned(),
        };
        let part = |at: usize| {
            let value = f64::from(u8::from_str_radix(&wide[at..at + 2], 16).unwrap()) / 255.0;
            match value <= 0.03928 {
                true => value / 12.92,
                false => ((value + 0.055) / 1.055).powf(2.4),
            }
        };
        0.2126 * part(0) + 0.7152 * part(2) + 0.0722 * part(4)
    }

    fn contrast(a: &str, b: &str) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// The value of a variable of the stylesheet, for a light or a dark ground.
    fn variable(name: &str, dark: bool) -> String {
        let sheet = stylesheet();
        let start = if dark {
            sheet.find("prefers-color-scheme").unwrap()
        } else {
            0
        };
        let key = format!("--{name}:");
        let at = sheet[start..].find(&key).unwrap() + start + key.len();
        sheet[at..].split(';').next().unwrap().to_owned()
    }

    #[test]
    fn text_stands_out_from_its_ground_in_light_and_dark() {
        for dark in [false, true] {
            let of = |name: &str| variable(name, dark);
            for ink in ["ink", "dim", "ok", "bad", "warn"] {
                for ground in ["ground", "card"] {
                    let found = contrast(&of(ink), &of(ground));
                    assert!(found >= 4.5, "{ink} on {ground}, dark: {dark}: {found}");
                }
            }
            for fill in ["ok-fill", "bad-fill", "warn-fill", "track"] {
                let found = contrast(&of("ink"), &of(fill));
                assert!(found >= 4.5, "ink on {fill}, dark: {dark}: {found}");
            }
            for hue in 0..HUES {
                let found = contrast(&of(&format!("t{hue}")), &of(&format!("f{hue}")));
                assert!(found >= 4.5, "title {hue}, dark: {dark}: {found}");
                let found = contrast(&of("dim"), &of(&format!("f{hue}")));
                assert!(found >= 4.5, "note {hue}, dark: {dark}: {found}");
            }
            // Lines that carry meaning.
            for line in ["edge", "ok", "bad", "warn"] {
                let found = contrast(&of(line), &of("ground"));
                assert!(found >= 3.0, "{line}, dark: {dark}: {found}");
            }
        }
    }
}
