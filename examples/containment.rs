//! What is inside what, and what do several documents have in common?
//!
//! `cargo run --example containment`
#![allow(clippy::print_stdout)] // a program for people

use reprint::{Deduper, Document, Error, Split};

const HARVEST: &str = "天气预报说，7月6日夜里有大到暴雨。消息传到禾丰村的时候，是7月2日中午，村里1900亩早稻刚刚黄透，离原定的开镰日还差五天。\
    郑水英记得市里的干部在会上讲过：“水来之前人先动，灯亮之处有人守，一个人也不能落下。”她说，收稻子也是这个理。";
const LETTERS: &str = "小鎮來信兩篇\n\n一、雨前四天\n\n天氣預報說，7月6日夜裡有大到暴雨。消息傳到禾豐村的時候，是7月2日中午，村裡1900畝早稻剛剛黃透，\
    離原定的開鐮日還差五天。鄭水英記得市裡的幹部在會上講過：「水來之前人先動，燈亮之處有人守，一個人也不能落下。」她說，收稻子也是這個理。\n\n\
    二、修傘攤\n\n城南夜市一到六點就開張，賣烤魷魚的、賣剉冰的、套圈圈的，一攤挨著一攤。走到最裡面，過了賣襪子的攤車，有一盞罩著綠玻璃的舊檯燈，\
    燈下坐著修傘的葉師傅。葉師傅修傘四十一年了，早年他挑著擔子走街，後來腿不好，就在夜市裡租了半個攤位，一個月一千二，二十年沒有漲過。\
    他的工具只有三樣：一把尖嘴鉗、一捲細鐵絲、一只裝滿傘骨的餅乾盒。客人把傘撐開，他看一眼就知道斷在哪裡，快的三分鐘，慢的也不過一碗麵的工夫。\
    收費更簡單，摺疊傘三十，長柄傘五十，修不好不要錢。";
const SPEECH: &str = "同志们，汛期还没有过去。我再说一遍：水来之前人先动，灯亮之处有人守，一个人也不能落下。各村今晚八点以前把值班表报上来，电话必须有人接。";

fn main() -> Result<(), Error> {
    let documents = [
        Document::new("harvest", HARVEST),
        Document::new("letters", LETTERS),
        Document::new("speech", SPEECH),
    ];
    let deduper = Deduper::builder().passage(20).build()?;
    let report = deduper.run(&documents)?;
    for pair in &report.relations {
        println!(
            "{} {} {}: {:.0} % of {} is in {}",
            pair.a,
            pair.relation,
            pair.b,
            100.0 * pair.overlap.right_in_left(),
            pair.b,
            pair.a
        );
        for passage in &pair.passages {
            let range = &passage.left.characters;
            println!(
                "  {} characters, in {} from {} to {}: {}",
                passage.common,
                pair.a,
                range.start,
                range.end,
                passage.left.of(&documents[pair.a.position].text)
            );
        }
    }

    println!("\nPassages that several documents have:");
    for passage in &report.passages {
        let ids = passage
            .places
            .iter()
            .map(|place| documents[place.position].id.as_str());
        let first = &passage.places[0];
        let text = first.span.of(&documents[first.position].text);
        println!("  {}: {text}", ids.collect::<Vec<_>>().join(", "));
    }

    println!("\nThe same with the parts of compilations on their own:");
    let split = Split::new(&documents)?;
    for cluster in deduper.run(&split)?.clusters {
        for member in &cluster.members {
            println!("{} is a copy of {}", member.document, cluster.canonical);
        }
    }
    Ok(())
}
