//! Which of these five documents are the same text, and which copy stays?
//!
//! `cargo run --example quickstart`
#![allow(clippy::print_stdout)] // a program for people

use reprint::{Deduper, Document, Error};

fn main() -> Result<(), Error> {
    let documents = [
        Document::new(
            "paper",
            "River Festival Returns\n\nThousands lined the banks on Satur-\nday as the boats came home.",
        ),
        Document::new(
            "web",
            "RIVER FESTIVAL RETURNS — Thousands lined the banks on Saturday, as the boats came home!",
        ),
        Document::new("beijing", "我们用软件记录信息，程序每 5 分钟运行一次。"),
        Document::new("taipei", "我們用軟體記錄資訊,程式每５分鐘運行一次"),
        Document::new("other", "The market opens at seven and closes at noon."),
    ];
    let report = Deduper::builder().threshold(0.6).build()?.run(&documents)?;
    for cluster in &report.clusters {
        println!("{} stays: {}", cluster.canonical, cluster.reason);
        for member in &cluster.members {
            let comparison = member.comparison;
            println!(
                "  {} goes: {}, {:.0} % alike",
                member.document,
                comparison.relation,
                100.0 * comparison.jaccard()
            );
        }
    }
    let kept = report.kept();
    let stays = documents.iter().zip(&kept).filter(|(_, kept)| **kept);
    println!(
        "kept: {}",
        stays
            .map(|(document, _)| document.id.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    );
    Ok(())
}
