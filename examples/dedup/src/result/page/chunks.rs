//! Where is each entry of the page? In the page itself if there is little data, otherwise in a folder of numbered files, which the
//! page loads when they are needed.

use std::io;
use std::path::PathBuf;

use serde::Serialize;

use super::entries::Entry;

/// Maximum size in bytes of all chunks together that are written into the page.
const MAX_INLINED_BYTES: usize = 2_000_000;

/// Minimum size in bytes of a chunk; after that, the next one begins.
const MIN_CHUNK_BYTES: usize = 300_000;

/// All chunks, numbered from 0.
pub struct Chunks {
    folder: PathBuf,
    /// The chunks in the page; empty if there was too much data.
    inlined: Vec<String>,
    bytes: usize,
    count: usize,
}

impl Chunks {
    /// An empty list of chunks. If files are needed, they go into `folder`.
    pub fn in_folder(folder: PathBuf) -> Self {
        Self {
            folder,
            inlined: Vec::new(),
            bytes: 0,
            count: 0,
        }
    }

    /// The chunks in the page.
    pub fn inlined(&self) -> &[String] {
        &self.inlined
    }

    fn push(&mut self, json: String) -> io::Result<()> {
        let number = self.count;
        self.count += 1;
        self.bytes += json.len();
        if self.bytes <= MAX_INLINED_BYTES {
            self.inlined.push(json);
            return Ok(());
        }
        std::fs::create_dir_all(&self.folder)?;
        for (number, json) in std::mem::take(&mut self.inlined).iter().enumerate() {
            self.file(number, json)?;
        }
        self.file(number, &json)
    }

    fn file(&self, number: usize, json: &str) -> io::Result<()> {
        let script = format!("reprintChunk({number},{json});\n");
        std::fs::write(self.folder.join(format!("{number:03}.js")), script)
    }
}

/// Entries that are being written into chunks, and the rows of the list that names them.
#[derive(Default)]
pub struct Stream {
    open: String,
    starts: Vec<[usize; 2]>,
    rows: Vec<String>,
}

/// Where the entries of a stream are.
#[derive(Serialize)]
pub struct Streamed {
    /// Number of items in the list.
    pub count: usize,
    /// For each chunk of entries: the item and the place of its first entry. The first of these chunks has the number `first`.
    starts: Vec<[usize; 2]>,
    first: usize,
    /// The chunks of the list: the number of the first one, and the number after the last one.
    list: [usize; 2],
}

impl Stream {
    /// Adds an entry. With a row it is a new item, without a row it belongs to the item before.
    pub fn push(&mut self, entry: Entry, chunks: &mut Chunks) -> io::Result<()> {
        self.rows.extend(entry.row);
        let item = self.rows.len().saturating_sub(1);
        let place = entry.place;
        if self.open.is_empty() {
            self.starts.push([item, place]);
            self.open.push('[');
        } else {
            self.open.push(',');
        }
        self.open
            .push_str(&format!("[{item},{place},{}]", entry.json));
        if self.open.len() >= MIN_CHUNK_BYTES {
            self.close(chunks)?;
        }
        Ok(())
    }

    fn close(&mut self, chunks: &mut Chunks) -> io::Result<()> {
        if self.open.is_empty() {
            return Ok(());
        }
        self.open.push(']');
        chunks.push(std::mem::take(&mut self.open))
    }

    /// Writes the last chunk of entries, and the list.
    pub fn finish(mut self, chunks: &mut Chunks) -> io::Result<Streamed> {
        self.close(chunks)?;
        let first = chunks.count - self.starts.len();
        let from = chunks.count;
        let mut rows = self.rows.iter().peekable();
        while rows.peek().is_some() {
            let mut json = String::from("[");
            while let Some(row) = rows.next_if(|_| json.len() < MIN_CHUNK_BYTES) {
                json.push_str(if json.len() > 1 { "," } else { "" });
                json.push_str(row);
            }
            chunks.push(json + "]")?;
        }
        Ok(Streamed {
            count: self.rows.len(),
            starts: self.starts,
            first,
            list: [from, chunks.count],
        })
    }
}
