//! Which copy stays, under which policy?
//!
//! `cargo run --example canonical_policy`
#![allow(clippy::print_stdout)] // a program for people

use reprint::cluster::{Criterion, Policy};
use reprint::{Deduper, Document, Error, Metadata};

const TEXT: &str = "河边的旧糖厂改成了图书馆，昨天开门。第一天来了两百多人，最小的读者只有四岁，是跟着外婆来的，祖孙俩看了一下午的画册，傍晚才“依依不舍”地回家。";

const POLICIES: [&str; 5] = [
    "intact;complete;earliest",
    "source=library.example,news.example;intact",
    "earliest",
    "latest",
    "shortest;first",
];

fn main() -> Result<(), Error> {
    let bare = TEXT.replace(['，', '。', '“', '”'], "");
    let cut = TEXT.replace("，是跟着外婆来的", "");
    let documents = [
        document(
            "web",
            &bare,
            "2023-07-02",
            "http://city.news.example/7/2.html",
        ),
        document("print", TEXT, "2023-07-03", "Evening Paper"),
        document("mirror", &cut, "2023-07-01", "library.example"),
    ];
    for list in POLICIES {
        let policy: Policy = list.parse()?;
        let report = Deduper::builder().keep(policy).build()?.run(&documents)?;
        for cluster in &report.clusters {
            println!("{list}\n  {} stays: {}", cluster.canonical, cluster.reason);
        }
    }
    // A comparison of one's own: secure addresses first, then what is intact.
    let is_plain = |source: &str| !source.starts_with("https://");
    let secure = Criterion::by("secure", move |a, b| {
        is_plain(&a.source).cmp(&is_plain(&b.source))
    });
    let policy = Policy::new([secure, Criterion::Intact]);
    let report = Deduper::builder().keep(policy).build()?.run(&documents)?;
    println!("\n{}", report.clusters[0].reason);
    let report = Deduper::default().run(&documents)?;
    println!(
        "\nWhat is known of all copies: {:?}",
        report.clusters[0].metadata
    );
    Ok(())
}

fn document(id: &str, text: &str, date: &str, source: &str) -> Document {
    let metadata = Metadata {
        date: Some(date.into()),
        source: Some(source.into()),
        ..Metadata::default()
    };
    Document::new(id, text).with_metadata(metadata)
}
