//! What does the library cost without Python? Reads texts from JSON lines, marks those that stay as `reprints.keep` does, and
//! prints the seconds of work, of the clock, and how many stay.

use std::error::Error;
use std::fs;
use std::time::Instant;

use reprint::Deduper;
use rustix::time::{ClockId, clock_gettime};

fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args().nth(1).ok_or("name a file of JSON lines")?;
    let mut documents = Vec::new();
    for (number, line) in fs::read_to_string(file)?.lines().enumerate() {
        let row: serde_json::Value = serde_json::from_str(line)?;
        let text = row["text"].as_str().unwrap_or_default().to_owned();
        documents.push((number.to_string(), text));
    }
    let (worked, began) = (work(), Instant::now());
    let report = Deduper::builder()
        .relations(false)
        .build()?
        .run(&documents)?;
    let kept = report.kept().iter().filter(|&&stays| stays).count();
    let (worked, took) = (work() - worked, began.elapsed().as_secs_f64());
    println!("{worked:.3} {took:.3} {kept}");
    Ok(())
}

/// Seconds that all threads of this process have worked.
fn work() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9
}
