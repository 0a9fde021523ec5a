//! A killed run continues where it was. Its result has the same bytes as that of an uninterrupted run.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::program::{code, errors, program, run};
use crate::support::{Numbers, corpus};

/// 2,000 rows, so that a run takes long enough to be interrupted.
fn collection() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let rows = corpus(11, 2000).into_iter().map(|(id, text)| {
        let row = serde_json::json!({"id": id, "text": text});
        row.to_string() + "\n"
    });
    fs::write(folder.path().join("rows.jsonl"), rows.collect::<String>()).unwrap();
    folder
}

fn start(folder: &Path, arguments: &[&str]) -> Child {
    let mut command = Command::new(program());
    command.current_dir(folder).args(arguments);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().unwrap()
}

/// Every file of a result. Of the summary, only the part that does not depend on the clock.
fn result(folder: &Path) -> Vec<(String, String)> {
    let files = fs::read_dir(folder).unwrap().map(|entry| {
        let entry = entry.unwrap();
        let mut text = fs::read_to_string(entry.path()).unwrap();
        let name = entry.file_name().into_string().unwrap();
        if name == "summary.json" {
            let mut summary: serde_json::Value = serde_json::from_str(&text).unwrap();
            summary["seconds"].take();
            summary["peak_memory_bytes"].take();
            text = summary.to_string();
        }
        (name, text)
    });
    let mut files: Vec<_> = files.collect();
    files.sort();
    files
}

/// The contents of a folder, including hidden files.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn killed_at_twenty_moments_and_resumed_a_run_writes_the_same_bytes() {
    let folder = collection();
    let folder = folder.path();
    let started = Instant::now();
    assert_eq!(code(&run(folder, &["--output", "whole", "rows.jsonl"])), 0);
    let takes = started.elapsed();
    let whole = result(&folder.join("whole"));

    let mut numbers = Numbers(20);
    let mut gone_on = 0;
    for moment in 0..20 {
        let output = format!("cut{moment}");
        let mut cut = start(folder, &["--output", &output, "rows.jsonl"]);
        let thousandths = (moment * 50 + numbers.below(50)) as u32;
        sleep(takes * thousandths / 1000);
        cut.kill().unwrap();
        cut.wait().unwrap();
        let resumed = run(folder, &["--resume", "--output", &output, "rows.jsonl"]);
        assert_eq!(code(&resumed), 0, "{}", errors(&resumed));
        gone_on += usize::from(errors(&resumed).contains("done: read sign"));
        assert_eq!(
            whole,
            result(&folder.join(&output)),
            "cut off at {thousandths} ‰"
        );
        fs::remove_dir_all(folder.join(output)).unwrap();
    }
    assert!(gone_on > 3, "{gone_on} of 20 had done a stage");
    assert_eq!(
        names(folder),
        ["rows.jsonl", "whole"],
        "nothing is left behind"
    );
}

/// The position of the result that is in the folder with every byte of each file, if there is one.
fn is_one_of(folder: &Path, whole: &[Vec<(String, String)>; 2]) -> Option<usize> {
    let found = result(folder);
    whole.iter().position(|whole| *whole == found)
}

/// Half of the moments are spread over the run. The other half is close to the moment when the result is moved to its place.
#[test]
fn killed_at_sixty_moments_a_run_leaves_the_old_or_the_new_result_whole() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let inputs = ["one.jsonl", "two.jsonl"];
    let mut took = Duration::ZERO;
    let whole = inputs.map(|input| {
        let seed = input.len() as u64 + u64::from(input.starts_with('t'));
        let rows = corpus(seed, 300)
            .into_iter()
            .map(|(id, text)| serde_json::json!({"id": id, "text": text}).to_string() + "\n");
        fs::write(folder.join(input), rows.collect::<String>()).unwrap();
        let started = Instant::now();
        let options = ["--force", "--output", "out", input];
        assert_eq!(code(&run(folder, &options)), 0);
        took = started.elapsed();
        result(&folder.join("out"))
    });
    assert_ne!(whole[0], whole[1]);
    let mut numbers = Numbers(60);
    let mut there = 1;
    let mut counts = [0, 0];
    for moment in 0..60 {
        let next = 1 - there;
        let mut cut = start(folder, &["--force", "--output", "out", inputs[next]]);
        if moment % 2 == 0 {
            sleep(took * numbers.below(1000) as u32 / 1000);
        } else {
            // The summary of the result is written last.
            let summary = folder.join(".out.partial/result/summary.json");
            while !summary.exists() && cut.try_wait().unwrap().is_none() {
                sleep(Duration::from_micros(200));
            }
            // From a microsecond to 32 milliseconds, because syncing the files takes as long as the disk needs.
            sleep(Duration::from_micros(1 << numbers.below(16)));
        }
        // Every tenth run is not killed, however long this machine takes.
        if moment % 10 < 9 {
            cut.kill().unwrap();
        }
        cut.wait().unwrap();
        let found = is_one_of(&folder.join("out"), &whole);
        let found = found.unwrap_or_else(|| panic!("moment {moment}: neither result is whole"));
        counts[usize::from(found == next)] += 1;
        there = found;
    }
    assert!(counts.iter().all(|&count| count > 0), "{counts:?}");
    assert_eq!(
        code(&run(folder, &["--force", "--output", "out", inputs[0]])),
        0
    );
    assert_eq!(
        names(folder),
        ["one.jsonl", "out", "two.jsonl"],
        "nothing is left"
    );
}

/// Starts a run and kills it after a stage.
fn cut_off(folder: &Path, arguments: &[&str]) {
    let mut cut = start(folder, arguments);
    let deadline = Instant::now() + Duration::from_secs(60);
    while !folder.join(".result.partial/sign.state").exists() {
        assert!(Instant::now() < deadline, "no stage was done in a minute");
        sleep(Duration::from_millis(1));
    }
    cut.kill().unwrap();
    cut.wait().unwrap();
}

#[test]
fn a_run_of_other_input_or_settings_is_not_resumed() {
    let folder = collection();
    let folder = folder.path();
    cut_off(folder, &["--output", "result", "rows.jsonl"]);
    let resume = |more: &[&str]| {
        run(
            folder,
            &[&["--resume", "--output", "result", "rows.jsonl"], more].concat(),
        )
    };
    let other = resume(&["--threshold", "0.7"]);
    assert_eq!(code(&other), 1);
    assert!(
        errors(&other).contains("had other settings"),
        "{}",
        errors(&other)
    );

    let rows = fs::read_to_string(folder.join("rows.jsonl")).unwrap();
    fs::write(folder.join("rows.jsonl"), rows.replacen("w", "v", 1)).unwrap();
    let other = resume(&[]);
    assert_eq!(code(&other), 1);
    assert!(
        errors(&other).contains("had other input"),
        "{}",
        errors(&other)
    );

    // The finished stages are still there for the run that they belong to.
    fs::write(folder.join("rows.jsonl"), rows).unwrap();
    let same = resume(&[]);
    assert_eq!(code(&same), 0);
    assert!(
        errors(&same).contains("done: read sign"),
        "{}",
        errors(&same)
    );

    let again = resume(&[]);
    assert_eq!(code(&again), 0);
    assert!(
        errors(&again).contains("holds the result of this run"),
        "{}",
        errors(&again)
    );
    let changed = resume(&["--threshold", "0.7"]);
    assert_eq!(code(&changed), 1, "another result is not this run's");
}

#[test]
fn a_new_run_forgets_one_that_was_cut_off() {
    let folder = collection();
    let folder = folder.path();
    cut_off(folder, &["--output", "result", "rows.jsonl"]);
    let anew = run(
        folder,
        &["--output", "result", "--threshold", "0.7", "rows.jsonl"],
    );
    assert_eq!(code(&anew), 0, "{}", errors(&anew));
    assert_eq!(names(folder), ["result", "rows.jsonl"]);
}

#[test]
fn of_two_runs_with_one_output_the_second_is_refused() {
    let folder = collection();
    let folder = folder.path();
    let partial = folder.join(".result.partial");
    fs::create_dir(&partial).unwrap();
    let first = fs::File::create(partial.join("lock")).unwrap();
    first.lock().unwrap();
    let second = run(folder, &["--output", "result", "rows.jsonl"]);
    assert_eq!(code(&second), 1);
    assert!(
        errors(&second).contains("another run is writing"),
        "{}",
        errors(&second)
    );
    drop(first);
    assert_eq!(code(&run(folder, &["--output", "result", "rows.jsonl"])), 0);
    assert_eq!(names(folder), ["result", "rows.jsonl"]);
}

#[test]
fn a_run_that_was_killed_behind_its_end_is_told_as_finished() {
    let folder = collection();
    let folder = folder.path();
    cut_off(folder, &["--output", "result", "rows.jsonl"]);
    let partial = folder.join(".result.partial");
    let states =
        ["run.json", "sign.state"].map(|name| (name, fs::read(partial.join(name)).unwrap()));
    let resume = [
        "--resume",
        "--format",
        "json",
        "--output",
        "result",
        "rows.jsonl",
    ];
    assert_eq!(code(&run(folder, &resume)), 0);
    // The state between the last move and the removal of the partial folder.
    fs::create_dir(&partial).unwrap();
    for (name, state) in states {
        fs::write(partial.join(name), state).unwrap();
    }
    let again = run(folder, &resume);
    assert_eq!(code(&again), 0, "{}", errors(&again));
    let summary = fs::read(folder.join("result/summary.json")).unwrap();
    assert_eq!(again.stdout, summary);
    assert_eq!(names(folder), ["result", "rows.jsonl"]);
}

#[test]
fn a_result_that_a_killed_run_had_moved_aside_is_put_back() {
    let folder = collection();
    let folder = folder.path();
    assert_eq!(code(&run(folder, &["--output", "result", "rows.jsonl"])), 0);
    let before = result(&folder.join("result"));
    // The state between the two moves.
    fs::create_dir(folder.join(".result.partial")).unwrap();
    fs::rename(folder.join("result"), folder.join(".result.partial/old")).unwrap();
    assert_eq!(
        code(&run(folder, &["--output", "result", "nothing.jsonl"])),
        1
    );
    assert_eq!(before, result(&folder.join("result")));
    assert_eq!(names(folder), ["result", "rows.jsonl"]);
}

#[test]
fn of_a_finished_run_pairs_are_written_and_documents_explained() {
    let folder = collection();
    let folder = folder.path();
    let options = ["--output", "result", "rows.jsonl", "--pairs"];
    assert_eq!(code(&run(folder, &[&options[..], &["first"]].concat())), 0);
    let before = result(&folder.join("result"));
    let resume = |more: &[&str]| run(folder, &[&options[..], more, &["--resume"]].concat());
    let again = resume(&["again"]);
    assert_eq!(code(&again), 0, "{}", errors(&again));
    let [first, second] = ["first", "again"].map(|name| fs::read_to_string(folder.join(name)));
    let first = first.unwrap();
    assert!(first.lines().count() > 2, "{first}");
    assert_eq!(first, second.unwrap());

    let id = first.lines().nth(1).unwrap().split('\t').next().unwrap();
    let explained = resume(&["third", "--explain", id, "--format", "json"]);
    assert_eq!(code(&explained), 0, "{}", errors(&explained));
    let alone = ["--explain", id, "--format", "json", "rows.jsonl"];
    assert_eq!(explained.stdout, run(folder, &alone).stdout);
    assert_eq!(fs::read_to_string(folder.join("third")).unwrap(), first);
    let unknown = resume(&["third", "--explain", "no such id"]);
    assert_eq!(code(&unknown), 2, "{}", errors(&unknown));
    assert_eq!(before, result(&folder.join("result")));
    assert_eq!(
        names(folder),
        ["again", "first", "result", "rows.jsonl", "third"]
    );
}
