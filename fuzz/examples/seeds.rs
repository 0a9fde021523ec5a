//! Which files does each target start from? Writes them to `corpus/TARGET`.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use flate2::{Compression, write::GzEncoder};

const ROWS: &str = concat!(
    r#"{"id": "a", "text": "A row, its id and its text.", "date": "2026-11-22", "more": [1, "two", [3]]}"#,
    "\n",
    r#"{"text": "\u4e00\ud83d\ude00 \"quoted\" \n", "id": 7, "source": {"deep": [[[[1]]]]}}"#,
    "\r\n\n",
    r#"{"id": null, "text": "白鷺江漲水的那幾夜"}"#,
);

fn main() -> io::Result<()> {
    let rows = ROWS.as_bytes();
    let many = ROWS.repeat(40);
    let gz = gzip(rows)?;
    let zst = zstd(rows, false)?;
    seed(
        "rows",
        &[
            rows,
            b"\xEF\xBB\xBF{\"text\": \"x\"}",
            b"[1]\n{}\nnull\n{\"text\": 5}",
        ],
    )?;
    seed(
        "gzip",
        &[
            &gz,
            &[&gz[..], &gz].concat(),
            &gzip(many.as_bytes())?,
            &named(&gz),
        ],
    )?;
    let skipped = b"\x50\x2A\x4D\x18\x02\0\0\0ab";
    seed(
        "zstd",
        &[
            &zst,
            &zstd(many.as_bytes(), true)?,
            &[&skipped[..], &zst, &zst].concat(),
        ],
    )?;
    seed(
        "text",
        &[
            "白鷺江漲水的那幾夜".as_bytes(),
            b"\xEF\xBB\xBFtext\r\n",
            b"caf\xE9",
        ],
    )
}

fn seed(target: &str, seeds: &[&[u8]]) -> io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus")
        .join(target);
    fs::create_dir_all(&folder)?;
    let mut numbered = seeds.iter().enumerate();
    numbered.try_for_each(|(number, seed)| fs::write(folder.join(format!("seed-{number}")), seed))
}

fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(bytes)?;
    packed.finish()
}

/// With a name in the head.
fn named(gz: &[u8]) -> Vec<u8> {
    [&gz[..3], &[8], &gz[4..10], b"rows.jsonl\0", &gz[10..]].concat()
}

fn zstd(bytes: &[u8], checksum: bool) -> io::Result<Vec<u8>> {
    let mut packed = zstd::Encoder::new(Vec::new(), 3)?;
    packed.include_checksum(checksum)?;
    packed.write_all(bytes)?;
    packed.finish()
}
