/// Comment lines for the top of a document or of a stream: `# ` before each line of the text.
///
/// Whatever either version of YAML takes for the end of a line starts a new comment line, so that no text can leave
/// the comment; other control characters, which YAML files must not hold, become U+FFFD. No text, no comment.
pub fn comment(text: &str) -> String {
    let mut block = String::new();
    let unix = text.replace("\r\n", "\n");
    let lines = unix.strip_suffix('\n').unwrap_or(&unix);
    if lines.is_empty() {
        return block;
    }
    for line in lines.split(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']) {
        block.push('#');
        let line = line.trim_end();
        if !line.is_empty() {
            block.push(' ');
            block.extend(line.chars().map(|c| {
                if is_printable(c) {
                    c
                } else {
                    char::REPLACEMENT_CHARACTER
                }
            }));
        }
        block.push('\n');
    }
    block
}

/// What a YAML file may hold outside an escape, tabs included and line breaks left out.
fn is_printable(c: char) -> bool {
    c == '\t' || !(c.is_control() || matches!(c, '\u{feff}' | '\u{fffe}' | '\u{ffff}'))
}
