//! The output of the program for a person: columns, colours, suggestions, completions and the man page.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;
use unicode_width::UnicodeWidthStr;

use crate::program::{code, errors, printed, program, row, run, run_with_input};

const ESCAPE: char = '\u{1b}';

const WIDE: &str = "渡口的老钟敲了六下，对岸的船还没有来。等船的人把灯笼挂在柳树上，数着水面的光，说起三十年前那场大水，谁家的牛游了半里地自己回来，谁家的谷子晒在了庙顶上。";

/// Two clusters of wide text with long ids, one document inside another, two that share a passage, one row without text.
fn wide() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let long = "archive/2021/10/09/a-name-of-fifty-columns/";
    let more = "夜里风停了，雨也停了，只有屋檐还在一滴一滴地数着时辰，像是怕人忘记了天亮以前还有一段路要走完。";
    let digest = format!(
        "{more}{WIDE}城里的集市十天一次，卖竹器的老人每次都坐在同一棵树下，身边放着一壶凉茶，客人来了他也不站起来。"
    );
    let rows = [
        row(&format!("{long}渡口-1"), WIDE),
        row(&format!("{long}渡口-2"), &WIDE.replace('，', ",")),
        row(
            "other-1",
            "A row in another script, printed twice and changed nowhere at all.",
        ),
        row(
            "other-2",
            "A row in another script, printed twice and changed nowhere at all.",
        ),
        row(&format!("{long}digest"), &digest),
        "{\"id\":\"none\"}\n".into(),
    ];
    fs::write(folder.path().join("in.jsonl"), rows.concat()).unwrap();
    folder
}

fn with_environment(folder: &Path, arguments: &[&str], name: &str, value: &str) -> Output {
    let mut command = Command::new(program());
    let command = command.current_dir(folder).args(arguments);
    command.env(name, value).output().unwrap()
}

/// The output on a terminal with this many columns. `None` if there is no `script` that can emulate one.
fn on_terminal(folder: &Path, columns: usize, arguments: &str) -> Option<String> {
    let version = Command::new("script").arg("--version").output().ok();
    let can = version.is_some_and(|version| printed(&version).contains("util-linux"));
    if !can {
        let _ = std::io::Write::write_all(
            &mut std::io::stderr(),
            b"skipped: this needs the program script of util-linux\n",
        );
        return None;
    }
    let command = format!(
        "stty rows 24 cols {columns}; '{}' {arguments}",
        program().display()
    );
    let played = Command::new("script")
        .args(["-qec", &command, "/dev/null"])
        .env("TERM", "xterm-256color")
        .env_remove("NO_COLOR")
        .current_dir(folder)
        .output()
        .unwrap();
    Some(printed(&played).replace('\r', ""))
}

/// A text as the terminal shows it.
fn without_styles(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |seen, part| {
        seen + part.split_once('m').map_or("", |(_, rest)| rest)
    })
}

#[test]
fn every_line_of_wide_text_keeps_to_80_columns() {
    let folder = wide();
    for arguments in [
        &["in.jsonl"][..],
        &["--explain", "other-1", "in.jsonl"],
        &[
            "--explain",
            "other-1",
            "--explain",
            "archive/2021/10/09/a-name-of-fifty-columns/digest",
            "in.jsonl",
        ],
        &["-h"],
        &["--help"],
    ] {
        let text = printed(&run(folder.path(), arguments));
        assert!(text.lines().count() > 2, "{text}");
        for line in text.lines() {
            assert!(line.width() <= 80, "{}: {line}", line.width());
        }
    }
}

#[test]
fn copies_stand_in_columns_whatever_their_characters() {
    let folder = wide();
    let text = printed(&run(folder.path(), &["in.jsonl"]));
    let ids = [
        "archive/2021/10/09/a-name-of-fifty-columns/渡口-1",
        "archive/2021/10/09/a-name-of-fifty-columns/渡口-2",
    ];
    let column = |id: &str| {
        let line = text.lines().find(|line| line.ends_with(id)).unwrap();
        line.strip_suffix(id).unwrap().width()
    };
    assert_eq!(column(ids[0]), column(ids[1]), "{text}");
    for said in [
        "5 documents,",
        "2 clusters with 4 documents",
        "2 duplicates to remove",
        "3 documents kept",
        "2 pairs: one contained",
        "1 input rejected",
    ] {
        assert!(text.contains(said), "{said} in\n{text}");
    }
}

#[test]
fn ids_are_cut_for_a_narrow_terminal_and_whole_in_a_pipe() {
    let folder = wide();
    let id = "archive/2021/10/09/a-name-of-fifty-columns/渡口-2";
    assert!(printed(&run(folder.path(), &["in.jsonl"])).contains(id));
    for columns in [50, 60, 120] {
        let Some(text) = on_terminal(folder.path(), columns, "--quiet in.jsonl") else {
            return;
        };
        let text = without_styles(&text);
        // The name comes before its folder, which is cut. A reason is a sentence, so it is broken between words instead.
        let mut copies = text.lines().filter(|line| line.contains("same-text"));
        let copy = copies.find(|line| line.contains("渡口-2")).unwrap();
        let folder = "  archive/2021/10/09/a-name-of-fifty-columns/";
        assert_eq!(copy.ends_with(folder), columns == 120, "{text}");
        assert!(!copy.contains(id), "{text}");
        let widest = text.lines().filter(|line| !line.starts_with("rejected"));
        assert!(widest.clone().count() > 10, "{text}");
        for line in widest {
            assert!(line.width() <= columns, "{columns}: {line}");
        }
    }
}

#[test]
fn there_is_colour_on_a_terminal_and_where_it_is_asked_for_only() {
    let folder = wide();
    let coloured = |output: &Output| {
        (
            printed(output).contains(ESCAPE),
            errors(output).contains(ESCAPE),
        )
    };
    let run = |arguments: &[&str]| coloured(&run(folder.path(), arguments));
    assert_eq!(run(&["in.jsonl"]), (false, false));
    assert_eq!(run(&["--color", "always", "in.jsonl"]), (true, true));
    assert_eq!(run(&["--color=never", "in.jsonl"]), (false, false));
    assert_eq!(run(&["--color", "always", "--help"]), (true, false));
    assert_eq!(run(&["--help"]), (false, false));
    assert_eq!(run(&["--color", "always", "--nonsense"]), (false, true));
    assert_eq!(run(&["--nonsense"]), (false, false));
    let forced = with_environment(folder.path(), &["in.jsonl"], "CLICOLOR_FORCE", "1");
    assert_eq!(coloured(&forced), (true, true));
    let arguments = ["--color", "never", "in.jsonl"];
    let never = with_environment(folder.path(), &arguments, "CLICOLOR_FORCE", "1");
    assert_eq!(coloured(&never), (false, false));
    let Some(seen) = on_terminal(folder.path(), 80, "--quiet in.jsonl") else {
        return;
    };
    assert!(seen.contains(ESCAPE));
    let dedup = program();
    let plain = format!("NO_COLOR=1 '{}' --quiet in.jsonl", dedup.display());
    // The first command only prints the version. The second command has `NO_COLOR`.
    let seen = on_terminal(folder.path(), 80, &format!("--version; {plain}")).unwrap();
    assert!(
        seen.contains("2 clusters") && !seen.contains(ESCAPE),
        "{seen}"
    );
}

#[test]
fn data_has_no_colour_even_where_it_is_asked_for() {
    let folder = wide();
    let arguments = [
        "--color", "always", "--format", "json", "--output", "out", "in.jsonl",
    ];
    let output = run(folder.path(), &arguments);
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(summary["documents"], 5);
    for entry in fs::read_dir(folder.path().join("out")).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        assert!(!text.contains(ESCAPE), "{text}");
    }
}

#[test]
fn a_document_can_not_send_codes_to_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let text = "\u{1b}]0;owned\u{7}The ferry left at six\u{9b}2J with nobody\u{202e} on board, and came back full.";
    let ids = ["\u{1b}[31mred", "a\nb"];
    let rows = ids.map(|id| row(id, text)).concat() + &row("\u{1b}[2J", "") + &row("\u{1b}[2J", "");
    fs::write(folder.path().join("in.jsonl"), rows).unwrap();
    fs::write(folder.path().join("\u{1b}[5m.pdf"), "").unwrap();
    for arguments in [
        &["in.jsonl", "\u{1b}[5m.pdf"][..],
        &["--explain", ids[0], "in.jsonl"],
        &["--explain", ids[0], "--explain", ids[1], "in.jsonl"],
        &["--explain", "\u{1b}[31mre", "in.jsonl"],
    ] {
        let output = run(folder.path(), arguments);
        for said in [printed(&output), errors(&output)] {
            let steers = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
            assert!(!said.contains(steers), "{said:?}");
        }
    }
    let shown = printed(&run(folder.path(), &["in.jsonl"]));
    for said in [
        "\\u{1b}[31mred",
        "a\\nb",
        "\"\\u{1b}]0;owned\\u{7}The ferry",
        "nobody\\u{202e} on",
    ] {
        assert!(shown.contains(said), "{said} in\n{shown}");
    }
}

#[test]
fn a_slip_is_answered_with_what_was_meant() {
    let folder = wide();
    let cases: [(&[&str], &str); 9] = [
        (
            &["--treshold", "0.5", "in.jsonl"],
            "a similar argument exists: '--threshold'",
        ),
        (
            &["--format", "jsn", "in.jsonl"],
            "a similar value exists: 'json'",
        ),
        (
            &["--keep", "complete;intcat", "in.jsonl"],
            "a similar word exists: 'intact'",
        ),
        (
            &["--keep", "sources=a", "in.jsonl"],
            "a similar word exists: 'source'",
        ),
        (
            &["--threshold", "high", "in.jsonl"],
            "not a number; give one over 0 and at most 1",
        ),
        (
            &["--recall", "x", "in.jsonl"],
            "not a number; give one over 0 and under 1",
        ),
        (
            &["--threads", "many", "in.jsonl"],
            "not a whole number; give one from 1 to 1024",
        ),
        (
            &["--explain", "other1", "in.jsonl"],
            "did you mean \"other-1\"?",
        ),
        (
            &["--explain", "digest", "in.jsonl"],
            "did you mean \"archive/2021/10/09/a-name-of-fifty-columns/digest\"?",
        ),
    ];
    for (arguments, said) in cases {
        let output = run(folder.path(), arguments);
        assert_eq!(code(&output), 2, "{arguments:?}");
        assert!(
            errors(&output).contains(said),
            "{arguments:?}: {}",
            errors(&output)
        );
    }
}

#[test]
fn a_wrong_field_name_is_answered_with_the_fields_that_rows_have() {
    let folder = tempfile::tempdir().unwrap();
    let rows: String = (0..60)
        .map(|n| format!("{{\"url\":{n},\"content\":\"x\"}}\n"))
        .collect();
    let many: Vec<String> = (0..40).map(|n| format!("\"field-{n}\":0")).collect();
    let input = rows + &format!("{{{}}}\n{{}}\n", many.join(","));
    let arguments = ["--text-field", "body", "-"];
    let output = run_with_input(folder.path(), &arguments, input.as_bytes());
    assert_eq!(code(&output), 1);
    let said = errors(&output);
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(
        lines[0],
        "rejected: -:1, -:2, -:3 and 57 more: the row has no field \"body\"; it has \"url\", \"content\": name the one that holds the text with --text-field"
    );
    assert!(
        lines[1].contains("\"field-0\", ") && lines[1].contains(", ...: name"),
        "{}",
        lines[1]
    );
    assert!(lines[2].contains("it has none"), "{}", lines[2]);
    assert_eq!(lines.len(), 4, "{said}");
}

#[test]
fn no_progress_is_left_on_the_screen() {
    let folder = wide();
    let Some(done) = on_terminal(folder.path(), 80, "--color never in.jsonl") else {
        return;
    };
    let failed = on_terminal(folder.path(), 80, "--color never --explain nobody in.jsonl").unwrap();
    let quiet = on_terminal(folder.path(), 80, "--color never --quiet in.jsonl").unwrap();
    assert!(done.contains(ESCAPE) && failed.contains(ESCAPE) && !quiet.contains(ESCAPE));
    for text in [done, failed] {
        for line in text.lines() {
            // The line is cleared before something else is written there.
            let left = line.rsplit("\u{1b}[2K").next().unwrap_or_default();
            let progress = ["read", "sign", "search", "verify", "cluster", "relate"];
            let left = progress
                .iter()
                .find(|stage| left.trim_start().starts_with(&format!("{stage} ")));
            assert_eq!(left, None, "{line:?}");
        }
    }
}

#[test]
fn completions_are_there_for_every_shell_and_work_in_bash() {
    let folder = tempfile::tempdir().unwrap();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let output = run(folder.path(), &["--completions", shell]);
        assert_eq!((code(&output), errors(&output).as_str()), (0, ""));
        assert!(printed(&output).contains("threshold"), "{shell}");
        fs::write(folder.path().join(shell), output.stdout).unwrap();
    }
    let bash = |script: &str| {
        Command::new("bash")
            .args(["-c", script])
            .current_dir(folder.path())
            .output()
    };
    let Ok(checked) = bash("bash -n bash") else {
        return;
    };
    assert!(checked.status.success(), "{}", errors(&checked));
    let completed = |words: &str, last: usize| {
        let script = format!(
            "source ./bash; COMP_WORDS=({words}); COMP_CWORD={last}; _dedup dedup \"${{COMP_WORDS[-1]}}\" \"${{COMP_WORDS[-2]}}\"; echo \"${{COMPREPLY[@]}}\""
        );
        printed(&bash(&script).unwrap()).trim().to_owned()
    };
    assert_eq!(completed("dedup --thresh", 1), "--threshold");
    assert_eq!(completed("dedup --format j", 2), "json");
}

#[test]
fn the_man_page_names_every_option_of_the_help() {
    let folder = tempfile::tempdir().unwrap();
    let page = printed(&run(folder.path(), &["--man"])).replace('\\', "");
    let help = printed(&run(folder.path(), &["--help"]));
    let options = help
        .split_whitespace()
        .filter(|word| word.starts_with("--") && word.len() > 2);
    let options: Vec<&str> = options
        .map(|word| word.trim_end_matches(|c: char| !c.is_alphanumeric()))
        .collect();
    assert!(options.len() > 20);
    for option in options {
        assert!(page.contains(option), "{option}");
    }
    for section in [
        "SYNOPSIS",
        "FILES",
        "EXIT STATUS",
        "ENVIRONMENT",
        "EXAMPLES",
    ] {
        assert!(page.contains(section), "{section}");
    }
}
