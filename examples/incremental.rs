//! Three days of news: what does each day repeat?
//!
//! `cargo run --features index --example incremental`
//!
//! The folder keeps what was there. On the third day an edition of the first day's story returns, and a digest that contains another one.

#![allow(clippy::print_stdout)] // a program for people

use reprint::{Deduper, Index};

const BRIDGE: &str = "The old toll bridge at Aske opens again on Saturday. For three years carts and lorries went round by the \
    upper ford, and the baker of the left bank sent his bread across in a rowing boat. The council paid for oak, the two \
    villages for the nails, and the carpenter asks that nobody cross at more than a walk before the first rain has closed the joints.";

const HERONS: &str = "Eleven herons have settled on the roof of the customs house. The clerks count them at noon, when the wind falls, \
    and write the number beside the tides. A ringed bird among them was marked as a chick two valleys to the north, said the \
    keeper of the marsh, who has not seen so many in one place since the year of the long frost.";

const MARKET: &str = "From next week the fish market begins an hour later. The boats wait for the new lock to fill, and the first \
    crates seldom reach the quay before seven. The restaurants had asked for it, the porters had not.";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::temp_dir().join(format!("reprint-incremental-{}", std::process::id()));
    let mut index = Index::create(&folder, Deduper::default(), "")?;

    let edition = BRIDGE
        .to_uppercase()
        .replace("JOINTS.", "joints - from our correspondent at the bridge");
    let digest = format!("The week in the river towns.\n\n{HERONS}\n\n{MARKET}\n\n{BRIDGE}");
    let days = [
        vec![("monday-1", BRIDGE), ("monday-2", HERONS)],
        vec![("tuesday-1", MARKET)],
        vec![("wednesday-1", edition.as_str()), ("wednesday-2", &digest)],
    ];
    for day in &days {
        for answer in index.add(day)? {
            match answer.relations.as_slice() {
                [] => println!("{}: new", answer.id),
                others => {
                    for other in others {
                        println!("{}: {} {}", answer.id, other.comparison.relation, other.id);
                    }
                }
            }
        }
        index.settle(&())?;
    }
    for cluster in index.clusters()? {
        let members = cluster.documents().map(|document| document.id.as_str());
        println!("one story: {}", members.collect::<Vec<_>>().join(", "));
    }
    drop(index);
    std::fs::remove_dir_all(folder)?;
    Ok(())
}
