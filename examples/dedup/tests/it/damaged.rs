//! Bad input costs only itself. Whatever is wrong with a file, all other documents are in the result, soon, and within the given memory.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output};

use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::{code, errors, row, rows, run, run_with_input, run_within_seconds};
use crate::support::Numbers;

/// Maximum memory of a run in these tests, in bytes.
const MEMORY: u64 = 400_000_000;

/// A file before it is damaged.
struct Sample {
    bytes: Vec<u8>,
    /// Bytes before this offset are not damaged.
    sound: usize,
    /// Number of rows in the undamaged part. They must be in the result.
    rows: usize,
}

/// A kind of file: its ending, and a sample of it.
type Kind = (&'static str, fn(&mut Numbers) -> Sample);

const KINDS: [Kind; 5] = [
    ("txt", text),
    ("md", text),
    ("jsonl", plain_rows),
    ("jsonl.gz", |numbers| packed_rows(numbers, gzip)),
    ("jsonl.zst", |numbers| packed_rows(numbers, zstd)),
];

/// A kind of damage to a file, after its undamaged part.
type Harm = (&'static str, fn(&Sample, &mut Numbers) -> Vec<u8>);

const HARMS: [Harm; 8] = [
    ("cut", |sample, numbers| {
        sample.bytes[..place(sample, numbers)].to_vec()
    }),
    ("flipped", |sample, numbers| {
        let mut bytes = sample.bytes.clone();
        for _ in 0..1 + numbers.below(8) {
            bytes[place(sample, numbers)] ^= 1 << numbers.below(8);
        }
        bytes
    }),
    ("overwritten", |sample, numbers| {
        let noise = noise(numbers, 64);
        replaced(sample, numbers, 64, &noise)
    }),
    ("zeroed", |sample, numbers| {
        let length = 1 + numbers.below(300);
        replaced(sample, numbers, length, &vec![0; length])
    }),
    ("removed", |sample, numbers| {
        let length = 1 + numbers.below(300);
        replaced(sample, numbers, length, b"")
    }),
    ("inserted", |sample, numbers| {
        let noise = noise(numbers, 100);
        replaced(sample, numbers, 0, &noise)
    }),
    ("doubled", |sample, numbers| {
        let from = place(sample, numbers);
        let again = sample.bytes[from..].to_vec();
        replaced(sample, numbers, 0, &again)
    }),
    ("garbage-behind", |sample, numbers| {
        [sample.bytes.clone(), noise(numbers, 500)].concat()
    }),
];

/// Samples of each kind for each harm.
const EACH: usize = 5;

fn place(sample: &Sample, numbers: &mut Numbers) -> usize {
    sample.sound + numbers.below(sample.bytes.len() - sample.sound)
}

/// Replaces some bytes with others.
fn replaced(sample: &Sample, numbers: &mut Numbers, length: usize, by: &[u8]) -> Vec<u8> {
    let from = place(sample, numbers);
    let to = (from + length).min(sample.bytes.len());
    [&sample.bytes[..from], by, &sample.bytes[to..]].concat()
}

fn noise(numbers: &mut Numbers, length: usize) -> Vec<u8> {
    (0..length).map(|_| numbers.next() as u8).collect()
}

/// A text that is not similar to any other.
fn words(numbers: &mut Numbers) -> String {
    let mut word = || format!("{:x} 溪{}", numbers.next(), numbers.below(1000));
    (0..12).map(|_| word() + " ").collect()
}

fn text(numbers: &mut Numbers) -> Sample {
    let bytes = (0..20).map(|_| words(numbers)).collect::<String>();
    Sample {
        bytes: bytes.into(),
        sound: 0,
        rows: 0,
    }
}

const ROWS: usize = 10;

/// Rows without an id. Each gets a name from its file and line.
fn some_rows(numbers: &mut Numbers) -> Vec<u8> {
    let row = |_| json!({"text": words(numbers), "more": [1, "two"]}).to_string() + "\n";
    (0..ROWS).map(row).collect::<String>().into()
}

fn plain_rows(numbers: &mut Numbers) -> Sample {
    let sound = some_rows(numbers);
    Sample {
        sound: sound.len(),
        rows: ROWS,
        bytes: [sound, some_rows(numbers), some_rows(numbers)].concat(),
    }
}

fn packed_rows(numbers: &mut Numbers, pack: fn(&[u8]) -> Vec<u8>) -> Sample {
    let [sound, second, third] = [(); 3].map(|()| pack(&some_rows(numbers)));
    Sample {
        sound: sound.len(),
        rows: ROWS,
        bytes: [sound, second, third].concat(),
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    let mut packed = zstd::Encoder::new(Vec::new(), 1).unwrap();
    packed.include_checksum(true).unwrap();
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

/// Undamaged documents of every kind: two copies in a plain file, a packed file and a text each, and an unrelated document.
fn good(folder: &Path) -> Vec<BTreeSet<String>> {
    let mut numbers = Numbers(42);
    let mut clusters = Vec::new();
    for (i, (ending, pack)) in [
        ("jsonl", <[u8]>::to_vec as fn(&[u8]) -> Vec<u8>),
        ("jsonl.gz", gzip),
        ("jsonl.zst", zstd),
    ]
    .into_iter()
    .enumerate()
    {
        let text = words(&mut numbers);
        let (id, copy) = (format!("good-{i}"), format!("in/good-{i}.txt"));
        fs::write(folder.join(&copy), &text).unwrap();
        let rows = row(&id, &text.replace(' ', "\n"))
            + &row(&format!("stranger-{i}"), &words(&mut numbers));
        fs::write(
            folder.join(format!("in/zz-good.{ending}")),
            pack(rows.as_bytes()),
        )
        .unwrap();
        clusters.push(BTreeSet::from([id, copy]));
        clusters.push(BTreeSet::from([format!("stranger-{i}")]));
    }
    clusters
}

/// Runs the program on a folder, with ten seconds of processor time.
fn run_bounded(folder: &Path) -> Output {
    let memory = MEMORY.to_string();
    let arguments = ["--memory", &memory, "--output", "out", "in"];
    run_within_seconds(folder, 10, &arguments)
}

/// Checks that all undamaged documents are there, with their clusters and the required rows, and that the limits of time and memory were kept.
fn check(folder: &Path, clusters: &[BTreeSet<String>], rows_there: &BTreeSet<String>) {
    let output = run_bounded(folder);
    let told = errors(&output);
    assert!(!told.contains("panicked"), "{told}");
    let status = output.status;
    assert!(matches!(status.code(), Some(0 | 3)), "{status}: {told}");
    let out = folder.join("out");
    let ids = |file: &str| {
        let rows = rows(out.join(file));
        let id = |row: Value| row["id"].as_str().map(str::to_owned);
        rows.into_iter().filter_map(id).collect::<Vec<_>>()
    };
    let (kept, removed) = (kept_lines(&out), ids("removed.jsonl"));
    let there: BTreeSet<String> = kept.into_iter().chain(removed).collect();
    let good = clusters.iter().flatten();
    let missing: Vec<_> = good.filter(|id| !there.contains(*id)).collect();
    assert!(missing.is_empty(), "{missing:?} missing: {told}");
    let found: Vec<BTreeSet<String>> = rows(out.join("clusters.jsonl"))
        .iter()
        .map(|row| {
            let members = row["members"].as_array().unwrap().iter();
            members
                .map(|member| member["id"].as_str().unwrap().to_owned())
                .collect()
        })
        .collect();
    for cluster in clusters.iter().filter(|cluster| cluster.len() > 1) {
        assert!(found.contains(cluster), "{cluster:?} in {found:?}");
    }
    let summary = fs::read_to_string(out.join("summary.json")).unwrap();
    let summary: Value = serde_json::from_str(&summary).unwrap();
    let documents = summary["documents"].as_u64().unwrap() as usize;
    assert!(documents >= clusters.iter().map(BTreeSet::len).sum::<usize>());
    if let Some(peak) = summary["peak_memory_bytes"].as_u64() {
        assert!(peak < MEMORY, "{peak} bytes");
    }
    let texts = fs::read_to_string(out.join("kept.jsonl")).unwrap();
    for text in rows_there {
        assert!(texts.contains(text.as_str()), "{text} is missing: {told}");
    }
}

/// The ids of the kept rows. A row may be nested too deep for this test to read it completely.
fn kept_lines(out: &Path) -> Vec<String> {
    let text = fs::read_to_string(out.join("kept.jsonl")).unwrap();
    let id = |line: &str| {
        let row: Value = serde_json::from_str(line).ok()?;
        row["id"].as_str().map(str::to_owned)
    };
    text.lines().filter_map(id).collect()
}

fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("in")).unwrap();
    folder
}

/// Two hundred files.
#[test]
fn a_damaged_file_costs_only_itself_and_the_rows_before_its_damage_are_there() {
    assert!(HARMS.len() * KINDS.len() * EACH >= 200);
    let mut numbers = Numbers(7);
    for (harm, damage) in HARMS {
        let folder = folder();
        let clusters = good(folder.path());
        let mut texts = BTreeSet::new();
        for (ending, sample) in KINDS {
            for each in 0..EACH {
                let mut of_sample = Numbers(numbers.next());
                let first = Numbers(of_sample.0);
                let sample = sample(&mut of_sample);
                texts.extend(sound_texts(first, sample.rows));
                let name = format!("in/{harm}-{each}.{ending}");
                fs::write(folder.path().join(name), damage(&sample, &mut numbers)).unwrap();
            }
        }
        check(folder.path(), &clusters, &texts);
    }
}

/// The texts of the first rows of a sample, exactly as in its rows.
fn sound_texts(mut numbers: Numbers, rows: usize) -> Vec<String> {
    (0..rows).map(|_| words(&mut numbers)).collect()
}

/// A hostile or odd file, and the texts of rows that must be there.
type Oddity = (&'static str, Vec<u8>, &'static [&'static str]);

const BEFORE: &str = "The row before it is read as if nothing were wrong.";
const AFTER: &str = "And so is the one after it, in another line of the same file.";

/// Puts bytes between two rows.
fn between(odd: &[u8]) -> Vec<u8> {
    let row = |text| json!({"text": text}).to_string() + "\n";
    [row(BEFORE).as_bytes(), odd, b"\n", row(AFTER).as_bytes()].concat()
}

const BOTH: &[&str] = &[BEFORE, AFTER];

fn oddities() -> Vec<Oddity> {
    let nest = |open: &str, close: &str| {
        let (open, close) = (open.repeat(1_000_000), close.repeat(1_000_000));
        format!("{{\"text\": \"Deep.\", \"more\": {open}1{close}}}").into_bytes()
    };
    let long = |field: &str, length: usize| {
        let value = "abc ".repeat(length / 4);
        format!("{{\"text\": \"Short.\", \"{field}\": \"{value}\"}}").into_bytes()
    };
    let zeros = between(&vec![0; 1 << 28]);
    let newlines = [between(b""), vec![b'\n'; 1 << 25]].concat();
    let junk = [between(b""), b"x\n".repeat(1 << 22)].concat();
    let wide = frame_with_window(35);
    let no_json: &[u8] = br#"{"text": "unfinished"#;
    vec![
        ("lists.jsonl", between(&nest("[", "]")), BOTH),
        ("objects.jsonl", between(&nest("{\"a\":", "}")), BOTH),
        ("unclosed.jsonl", between(&b"[".repeat(1_000_000)), BOTH),
        (
            "deep-text.jsonl",
            between(&[b"{\"text\": ".to_vec(), b"[".repeat(1_000_000)].concat()),
            BOTH,
        ),
        (
            "row-over-the-limit.jsonl",
            between(&long("more", 30 << 20)),
            BOTH,
        ),
        (
            "row-over-the-limit.jsonl.zst",
            zstd(&between(&long("text", 60 << 20))),
            BOTH,
        ),
        ("id-of-1-MB.jsonl", between(&long("id", 1 << 20)), BOTH),
        (
            "key-of-1-MB.jsonl",
            between(&long(&"k".repeat(1 << 20), 4)),
            BOTH,
        ),
        ("bomb.jsonl.gz", gzip(&zeros), BOTH),
        ("bomb.jsonl.zst", zstd(&zeros), BOTH),
        ("blank-lines.jsonl.gz", gzip(&newlines), BOTH),
        ("junk-lines.jsonl.zst", zstd(&junk), BOTH),
        ("gzip-in-truth.jsonl", gzip(&between(b"")), BOTH),
        ("zstd-in-truth.jsonl.gz", zstd(&between(b"")), BOTH),
        ("plain-in-truth.jsonl.zst", between(b""), BOTH),
        (
            "padded.jsonl.gz",
            [gzip(&between(b"")), vec![0; 10_000]].concat(),
            BOTH,
        ),
        (
            "window-of-32-GB.jsonl.zst",
            [zstd(&between(b"")), wide].concat(),
            BOTH,
        ),
        (
            "lz4-in-truth.jsonl",
            b"\x04\x22\x4D\x18 and so on".to_vec(),
            &[],
        ),
        ("xz-in-name.jsonl.xz", between(b""), BOTH),
        ("magic-only.jsonl.xz", b"\xFD7zXZ\0".to_vec(), &[]),
        ("magic-only.jsonl.bz2", b"BZh91AY&SY".to_vec(), &[]),
        ("empty.jsonl.gz", vec![], &[]),
        ("empty.jsonl.zst", vec![], &[]),
        ("magic-only.jsonl.gz", b"\x1F\x8B\x08".to_vec(), &[]),
        ("magic-only.jsonl.zst", b"\x28\xB5\x2F\xFD".to_vec(), &[]),
        (
            "skipped-without-end.jsonl.zst",
            b"\x50\x2A\x4D\x18\xFF\xFF\xFF\xFF".to_vec(),
            &[],
        ),
        ("nul.jsonl", between(&[0; 1000]), BOTH),
        (
            "nul-in-text.jsonl",
            between(b"{\"text\": \"a\\u0000b\"}"),
            BOTH,
        ),
        (
            "half-pair.jsonl",
            between(br#"{"text": "\ud83d \ude00"}"#),
            BOTH,
        ),
        ("unpaired-quotes.jsonl", between(no_json), BOTH),
        ("carriage-returns.jsonl", between(b"\r\r\r"), BOTH),
        (
            "steering-id.jsonl",
            between(br#"{"text": "x", "id": "\u001b[2J\n\u202e"}"#),
            BOTH,
        ),
        ("no-utf8.jsonl", between(b"\xFF\xFE{\"text\": 1}"), BOTH),
    ]
}

/// The beginning of a zstd frame that asks for a window of 2^`bits` bytes.
fn frame_with_window(bits: u8) -> Vec<u8> {
    let head = [0x28, 0xB5, 0x2F, 0xFD, 0, (bits - 10) << 3];
    [&head[..], &[1, 0, 0], b"more"].concat()
}

/// The line of a hostile file that is rejected, and a part of the error.
const REJECTED: [(&str, Option<u64>, &str); 9] = [
    ("row-over-the-limit.jsonl", Some(2), "31457310 bytes long"),
    ("id-of-1-MB.jsonl", Some(2), "--id-field"),
    ("bomb.jsonl.gz", Some(2), "268435456 bytes long"),
    ("bomb.jsonl.zst", Some(2), "268435456 bytes long"),
    ("junk-lines.jsonl.zst", None, "4094304 more rows"),
    ("window-of-32-GB.jsonl.zst", Some(4), "--long="),
    ("lz4-in-truth.jsonl", None, "packed with lz4"),
    ("magic-only.jsonl.xz", Some(1), "ends within it"),
    ("empty.jsonl.gz", None, "empty"),
];

/// Parts of the names of odd files that are read completely.
const READ_WHOLE: [&str; 4] = ["lists", "objects", "half-pair", "gzip-in-truth"];

#[test]
fn hostile_files_cost_only_themselves() {
    for (name, bytes, texts) in oddities() {
        let folder = folder();
        let clusters = good(folder.path());
        fs::write(folder.path().join("in").join(name), bytes).unwrap();
        let texts = texts.iter().map(|&text| text.to_owned()).collect();
        check(folder.path(), &clusters, &texts);
        // The file exists only if something was rejected.
        let place = folder.path().join("out/rejected.jsonl");
        let rejected = if place.exists() {
            rows(place)
        } else {
            Vec::new()
        };
        check_rejected(name, &rejected);
    }
}

/// Checks that the expected rows of a hostile file are rejected.
fn check_rejected(name: &str, rejected: &[Value]) {
    if READ_WHOLE.iter().any(|part| name.contains(part)) {
        assert!(rejected.is_empty(), "{name}: {rejected:?}");
    }
    for (_, line, told) in REJECTED.iter().filter(|(file, ..)| *file == name) {
        let found = rejected.iter().find(|row| row["line"].as_u64() == *line);
        let error = found.map(|row| row["error"].to_string());
        let is_told = error.as_ref().is_some_and(|error| error.contains(told));
        assert!(is_told, "{name}: {error:?}");
    }
}

#[test]
fn a_file_that_is_not_what_its_name_says_is_read_as_what_it_is_with_a_note() {
    let folder = folder();
    let place = folder.path().join("in/rows.jsonl");
    fs::write(&place, gzip(row("a", BEFORE).as_bytes())).unwrap();
    let output = run(folder.path(), &["in"]);
    assert_eq!(code(&output), 0);
    assert!(errors(&output).contains("rows.jsonl") && errors(&output).contains("gzip"));
}

#[test]
fn standard_input_may_be_packed() {
    let folder = folder();
    for pack in [gzip, zstd] {
        let input = pack(row("a", BEFORE).as_bytes());
        let output = run_with_input(folder.path(), &["--format", "json", "-"], &input);
        let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(summary["documents"], 1);
    }
}

#[test]
fn more_text_than_fits_the_memory_gives_the_same_result() {
    let folder = folder();
    let mut numbers = Numbers(3);
    let mut rows: String = (0..2000)
        .map(|i| row(&i.to_string(), &words(&mut numbers).repeat(40)))
        .collect();
    let copies: String = rows
        .lines()
        .step_by(7)
        .map(|line| line.replace("{\"id\":\"", "{\"id\":\"copy-") + "\n")
        .collect();
    rows += &copies;
    fs::write(folder.path().join("in/rows.jsonl"), rows).unwrap();
    for (name, limit) in [("free", &[][..]), ("bound", &["--memory", "90MB"])] {
        let output = run(folder.path(), &[limit, &["--output", name, "in"]].concat());
        assert_eq!(code(&output), 0, "{}", errors(&output));
    }
    for file in [
        "clusters.jsonl",
        "kept.jsonl",
        "removed.jsonl",
        "relations.jsonl",
    ] {
        let read = |name: &str| fs::read(folder.path().join(name).join(file)).unwrap();
        assert!(read("free") == read("bound"), "{file}");
    }
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), 3, "{left:?}");
}

#[test]
fn more_documents_than_fit_the_memory_end_the_run_before_the_work_and_say_how_much_they_need() {
    let folder = folder();
    let rows: String = (0..80_000)
        .map(|i| row(&i.to_string(), "A text."))
        .collect();
    fs::write(folder.path().join("in/rows.jsonl"), rows).unwrap();
    let output = run(
        folder.path(),
        &["--memory", "80MB", "--output", "out", "in"],
    );
    assert_eq!(code(&output), 1);
    assert!(
        errors(&output).contains("MB of memory"),
        "{}",
        errors(&output)
    );
    assert!(!folder.path().join("out").exists());
    let output = run(folder.path(), &["--memory", "some", "in"]);
    assert_eq!(code(&output), 2);
    assert!(errors(&output).contains("512MB"), "{}", errors(&output));
}

/// The texts need little memory, but their pairs need much.
#[cfg(target_os = "linux")]
#[test]
fn pairs_that_do_not_fit_the_memory_end_the_run_and_with_more_it_goes_on() {
    let folder = folder();
    let mut numbers = Numbers(4);
    let bases: Vec<Vec<char>> = (0..40)
        .map(|_| words(&mut numbers).chars().take(80).collect())
        .collect();
    let rows: String = (0..6000)
        .map(|i| {
            let mut text = bases[i % bases.len()].clone();
            text[numbers.below(80)] = char::from(b'a' + numbers.below(26) as u8);
            row(&i.to_string(), &String::from_iter(text))
        })
        .collect();
    fs::write(folder.path().join("in/rows.jsonl"), rows).unwrap();
    let output = run(
        folder.path(),
        &["--memory", "80MB", "--output", "out", "in"],
    );
    assert_eq!(code(&output), 1, "{}", errors(&output));
    assert!(errors(&output).contains("--memory"), "{}", errors(&output));
    let more = ["--memory", "4GB", "--resume", "--output", "out", "in"];
    let output = run(folder.path(), &more);
    assert_eq!(code(&output), 0, "{}", errors(&output));
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), 2, "{left:?}");
}

#[cfg(unix)]
#[test]
fn pipes_devices_and_circles_of_links_are_rejected_and_nothing_waits_for_them() {
    use std::os::unix::fs::symlink;
    let folder = folder();
    let clusters = good(folder.path());
    let inside = folder.path().join("in");
    let pipe = Command::new("mkfifo")
        .arg(inside.join("pipe.jsonl"))
        .status();
    assert!(pipe.unwrap().success());
    symlink("/dev/zero", inside.join("zero.txt")).unwrap();
    symlink("self.txt", inside.join("self.txt")).unwrap();
    symlink(".", inside.join("circle")).unwrap();
    let named = inside.join("folder.jsonl");
    fs::create_dir(&named).unwrap();
    fs::write(named.join("within.txt"), BEFORE).unwrap();
    check(folder.path(), &clusters, &BTreeSet::from([BEFORE.into()]));
    let rejected = rows(folder.path().join("out/rejected.jsonl"));
    for name in ["pipe.jsonl", "zero.txt", "self.txt", "circle"] {
        let named = |row: &&Value| row["file"] == format!("in/{name}");
        assert_eq!(rejected.iter().filter(named).count(), 1, "{name}");
    }
}

/// `cargo test --release --test it -- --ignored ten_gigabytes`, after `cargo build --release --examples`.
#[test]
#[ignore = "unpacks 20 GB; a release build takes some seconds"]
fn ten_gigabytes_of_zeros_take_seconds_and_the_rows_behind_them_are_read() {
    let folder = folder();
    let clusters = good(folder.path());
    let gz = fs::File::create(folder.path().join("in/bomb.jsonl.gz")).unwrap();
    let mut gz = GzEncoder::new(gz, Compression::fast());
    write_bomb(&mut gz);
    gz.finish().unwrap();
    check(
        folder.path(),
        &clusters,
        &BTreeSet::from([BEFORE.into(), AFTER.into()]),
    );
    fs::remove_file(folder.path().join("in/bomb.jsonl.gz")).unwrap();
    fs::remove_dir_all(folder.path().join("out")).unwrap();
    let zst = fs::File::create(folder.path().join("in/bomb.jsonl.zst")).unwrap();
    let mut zst = zstd::Encoder::new(zst, 1).unwrap();
    write_bomb(&mut zst);
    zst.finish().unwrap();
    check(
        folder.path(),
        &clusters,
        &BTreeSet::from([BEFORE.into(), AFTER.into()]),
    );
}

fn write_bomb(to: &mut impl Write) {
    let zeros = vec![0; 10_000_000];
    to.write_all(row("before", BEFORE).as_bytes()).unwrap();
    for _ in 0..1000 {
        to.write_all(&zeros).unwrap();
    }
    let after = "\n".to_owned() + &row("after", AFTER);
    to.write_all(after.as_bytes()).unwrap();
}
