//! What is the text of a manual page? The words of its source, without the formatting requests.

/// Requests of one line that show no text. Their arguments are layout.
const SILENT: [&str; 34] = [
    "TH", "ad", "na", "nf", "fi", "nh", "hy", "ne", "sp", "in", "ti", "ta", "br", "PD", "RS", "RE",
    "UE", "ME", "EX", "EE", "so", "ds", "nr", "rm", "if", "ie", "el", "ft", "ps", "ll", "Dd", "Os",
    "Dt", "Sm",
];

/// Requests that start a definition; its lines, up to `..`, are program code.
const DEFINITIONS: [&str; 4] = ["de", "am", "ig", "de1"];

/// The text of a page, with one line for each source line that shows text.
pub fn plain(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut within_definition = false;
    for line in source.lines() {
        if within_definition {
            within_definition = line.trim() != "..";
            continue;
        }
        let Some(request) = line.strip_prefix(['.', '\'']) else {
            out.push_str(&unescaped(line));
            out.push('\n');
            continue;
        };
        let request = request.trim_start();
        let end = request.find(char::is_whitespace).unwrap_or(request.len());
        let (name, arguments) = request.split_at(end);
        within_definition = DEFINITIONS.contains(&name);
        let comment = name.starts_with("\\\"");
        if comment || within_definition || SILENT.contains(&name) {
            if matches!(name, "sp" | "br") {
                out.push('\n');
            }
            continue;
        }
        // A heading or a paragraph starts after a blank line.
        if matches!(
            name,
            "SH" | "SS" | "PP" | "P" | "LP" | "TP" | "IP" | "HP" | "Sh" | "Ss" | "Pp" | "It"
        ) {
            out.push('\n');
        }
        // Requests that alternate between two fonts join their words without spaces.
        let space = if matches!(name, "BR" | "RB" | "IR" | "RI" | "BI" | "IB") {
            ""
        } else {
            " "
        };
        let shown: Vec<String> = words(arguments)
            .iter()
            .map(|word| unescaped(word))
            .collect();
        if !shown.is_empty() {
            out.push_str(&shown.join(space));
            out.push('\n');
        }
    }
    out
}

/// The arguments of a request. An argument between quotation marks may contain spaces.
fn words(arguments: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = arguments.trim();
    while !rest.is_empty() && !rest.starts_with("\\\"") {
        let (word, after) = match rest.strip_prefix('"') {
            Some(quoted) => {
                let end = quoted.find('"').unwrap_or(quoted.len());
                (&quoted[..end], quoted.get(end + 1..).unwrap_or_default())
            }
            None => rest.split_at(rest.find(' ').unwrap_or(rest.len())),
        };
        words.push(word.to_owned());
        rest = after.trim_start();
    }
    words
}

/// The line without the escapes of fonts and sizes. Escapes of characters become the characters.
fn unescaped(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, escape)) = rest.split_once('\\') {
        out.push_str(before);
        let Some(kind) = escape.chars().next() else {
            return out;
        };
        let after = &escape[kind.len_utf8()..];
        rest = match kind {
            '"' => return out,
            '-' | '\'' | '`' | ' ' | '.' => {
                out.push(kind);
                after
            }
            'e' | '\\' => {
                out.push('\\');
                after
            }
            '~' | '0' => {
                out.push(' ');
                after
            }
            'f' | '*' | '(' | '[' | 'n' | 'F' | 'm' => {
                let of = if matches!(kind, '(' | '[') {
                    escape
                } else {
                    after
                };
                let (name, after) = name(of);
                if matches!(kind, '(' | '[') {
                    out.push_str(character(name));
                }
                after
            }
            's' => after
                .trim_start_matches(['+', '-'])
                .trim_start_matches(|c: char| c.is_ascii_digit()),
            'h' | 'v' | 'w' | 'l' => match after
                .strip_prefix('\'')
                .and_then(|quoted| quoted.split_once('\''))
            {
                Some((_, after)) => after,
                None => after,
            },
            _ => after,
        };
    }
    out + rest
}

/// The name after an escape, and the text after the name. A name is one letter, two letters after `(`, or any number of
/// letters between `[` and `]`.
fn name(text: &str) -> (&str, &str) {
    let letters = |from: usize, count: usize| {
        let end = text[from..]
            .char_indices()
            .nth(count)
            .map_or(text.len(), |(at, _)| from + at);
        (&text[from..end], &text[end..])
    };
    match text.chars().next() {
        Some('(') => letters(1, 2),
        Some('[') => text[1..].split_once(']').unwrap_or((&text[1..], "")),
        Some(_) => letters(0, 1),
        None => ("", ""),
    }
}

/// The characters that pages use most, by their names.
fn character(name: &str) -> &'static str {
    match name {
        "aq" => "'",
        "dq" => "\"",
        "lq" => "\u{201C}",
        "rq" => "\u{201D}",
        "oq" => "\u{2018}",
        "cq" => "\u{2019}",
        "em" => "\u{2014}",
        "en" => "\u{2013}",
        "hy" => "-",
        "mi" => "\u{2212}",
        "bu" => "\u{2022}",
        "co" => "\u{A9}",
        "rg" => "\u{AE}",
        "tm" => "\u{2122}",
        "rs" => "\\",
        "ti" => "~",
        "ha" => "^",
        "ga" => "`",
        "la" => "\u{27E8}",
        "ra" => "\u{27E9}",
        "<=" => "\u{2264}",
        ">=" => "\u{2265}",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn words_stay_and_requests_go() {
        let page = concat!(
            ".\\\" a comment\n.TH LS 1\n.SH NAME\nls \\- list\n.de XX\n.B program\n..\n.SH \"SEE ALSO\"\n",
            ".BR grep (1),\n.I two words\nof \\fBbold\\fR and \\f(CWcode\\fP, \\s-1SMALL\\s+1, it\\(aqs\\|\n",
        );
        let text =
            "\nNAME\nls - list\n\nSEE ALSO\ngrep(1),\ntwo words\nof bold and code, SMALL, it's\n";
        assert_eq!(plain(page), text);
    }

    #[test]
    fn any_text_is_read_to_its_end() {
        for odd in [
            "\\",
            "\\f",
            "\\f(",
            "\\[",
            "\\(",
            ".",
            "'",
            ".B \"open",
            "\\fü",
            "\\(ü",
            "\\s",
            "\\h'",
        ] {
            let _ = plain(odd);
        }
        assert_eq!(plain("plain\ntext"), "plain\ntext\n");
    }
}
