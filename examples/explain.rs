//! Why are these two the same, and what differs between them?
//!
//! `cargo run --example explain`
#![allow(clippy::print_stdout)] // a program for people

use reprint::{Deduper, Error};

const PRINT: &str = "7 月 12 日凌晨1时40分，白鹭江柳埠水文站的水位涨到23.6米，离警戒线只差20厘米。值班员许小满没有等电话，先把预警短信\n\
    发了出去。两分钟后，全镇11个村、2.6 万人的联络群里陆续响起“收到”。图为志愿者加固堤脚。";
const WEB: &str = "首页 > 新闻 > 正文\n712日凌晨1时40分,白鹭江柳埠水文站的水位涨到23.6米,离警戒线只差20厘米。值班员许小满没有等电话,先把预警短信发了出去。\
    两分钟后,全镇11个村、2.6万人的联络群里陆续响起收到。";

fn main() -> Result<(), Error> {
    let documents = [("print", PRINT), ("web", WEB)];
    let deduper = Deduper::builder().threshold(0.6).build()?;
    let report = deduper.run(&documents)?;
    let explanation = report.explain("web");
    if let Some(cluster) = explanation.cluster {
        println!("{} stays: {}", cluster.canonical, cluster.reason);
    }
    for (a, b, jaccard) in &explanation.accepted {
        println!("accepted: {a} and {b}, {:.0} % alike", 100.0 * jaccard);
    }

    let evidence = deduper.evidence(&documents, 0, 1)?;
    println!(
        "\n{} and {}: {}",
        evidence.a, evidence.b, evidence.comparison.relation
    );
    for difference in &evidence.differences {
        println!(
            "  {:11} {:?} against {:?}",
            difference.kind.as_str(),
            difference.left.of(PRINT),
            difference.right.of(WEB)
        );
    }
    println!(
        "{} of these are conflicting numbers",
        evidence.conflicts().count()
    );
    Ok(())
}
