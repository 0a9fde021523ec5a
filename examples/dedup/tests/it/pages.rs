//! Pages of HTML and web archives in the program's input. Pages and articles are made up.

use std::fs;
use std::io::Write;
use std::path::Path;

use encoding_rs::{BIG5, GB18030, WINDOWS_1251};
use flate2::{Compression, write::GzEncoder};
use serde_json::Value;

use crate::program::{code, errors, rows, run};

const ARTICLE: [&str; 5] = [
    "柳埠镇的老水尺立在江边已有九十年，刻痕旁边写着历年洪水的高度。入夏以来，白鹭江水位连日上涨，镇上的人都在看它。",
    "七月十二日凌晨，水文站的水位涨到二十三米六，离警戒线只差二十厘米。值班员没有等电话，先把预警短信发了出去。",
    "两分钟后，全镇十一个村的联络群里陆续响起收到。天还没亮，三百多名党员和民兵已经扛着铁锹上了堤。",
    "“老人和孩子先走，粮食后走。”镇长在广播里说了三遍。学校的操场上搭起了帐篷，食堂连夜蒸了两千个馒头。",
    "到十五日傍晚，水位开始回落。没有一户人家进水，没有一个人受伤，堤上的人这才坐下来喝第一口热水。",
];

const BOILERPLATE: [&str; 4] = [
    "网站地图与联系我们",
    "相关阅读：城南菜市场改造完成",
    "版权所有未经许可不得转载",
    "登录注册手机客户端",
];

/// A page with a menu, links and a footer around the article.
fn page(charset: &str) -> String {
    let paragraphs: String = ARTICLE
        .iter()
        .map(|text| format!("<p>{text}</p>\n"))
        .collect();
    let [map, related, rights, login] = BOILERPLATE;
    format!(
        "<!DOCTYPE html><html><head><meta http-equiv=\"Content-Type\" content=\"text/html; charset={charset}\">\
         <title>白鹭江涨水的那几夜</title><meta name=\"publishdate\" content=\"2023-07-21\">\
         <meta name=\"author\" content=\"沈柏青\"><style>p {{ color: red }}</style>\
         <script>var menu = '<div><div><div>';</script></head><body>\
         <div class=\"nav\"><ul><li><a href=\"/\">首页</a></li><li><a href=\"/map\">{map}</a></li><li><a href=\"/l\">{login}</a></li></ul></div>\
         <div class=\"content\"><h1>白鹭江涨水的那几夜</h1>{paragraphs}</div>\
         <div class=\"related\"><ul><li><a href=\"/1\">{related}</a></li><li><a href=\"/2\">老城区的路灯换新</a></li></ul></div>\
         <div class=\"footer\"><p>{rights}</p></div></body></html>"
    )
}

fn text_of(row: &Value) -> &str {
    row["text"].as_str().unwrap()
}

fn kept(folder: &Path) -> Vec<Value> {
    rows(folder.join("out/kept.jsonl"))
}

#[test]
fn a_page_in_gbk_gives_its_article_and_what_it_says_of_it_without_menu_and_foot() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("a.html"),
        GB18030.encode(&page("gb2312")).0,
    )
    .unwrap();
    let output = run(folder.path(), &["--output", "out", "a.html"]);
    assert_eq!((code(&output), errors(&output).as_str()), (0, ""));
    let row = &kept(folder.path())[0];
    for part in ARTICLE {
        assert!(text_of(row).contains(part), "{part} in {row}");
    }
    for part in BOILERPLATE.iter().chain(&["首页", "color", "var menu"]) {
        assert!(!text_of(row).contains(part), "{part} in {row}");
    }
    assert!(
        text_of(row).matches('\n').count() >= ARTICLE.len() - 1,
        "paragraphs: {row}"
    );
    let said = ["id", "title", "date", "author"].map(|name| row[name].as_str().unwrap_or_default());
    assert_eq!(
        said,
        ["a.html", "白鹭江涨水的那几夜", "2023-07-21", "沈柏青"]
    );
    let summary = fs::read_to_string(folder.path().join("out/summary.json")).unwrap();
    assert!(summary.contains("\"GB18030\": 1"), "{summary}");
}

#[test]
fn a_page_and_the_plain_text_of_its_article_are_copies_and_the_date_decides() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.htm"), page("utf-8")).unwrap();
    fs::write(folder.path().join("b.txt"), ARTICLE.join("\n")).unwrap();
    let row = serde_json::json!({"id": "row", "body": ARTICLE.join(""), "when": "2023-07-20", "text": "x"});
    fs::write(folder.path().join("c.jsonl"), row.to_string()).unwrap();
    let names = ["--text-field", "body", "--date-field", "when"];
    let arguments = [&["--keep", "earliest", "--output", "out", "."], &names[..]].concat();
    let output = run(folder.path(), &arguments);
    assert_eq!((code(&output), errors(&output).as_str()), (0, ""));
    let cluster = &rows(folder.path().join("out/clusters.jsonl"))[0];
    assert_eq!(
        (&cluster["size"], &cluster["canonical"]),
        (&3.into(), &"row".into())
    );
    let dates = serde_json::json!(["2023-07-20", "2023-07-21"]);
    assert_eq!(cluster["metadata"]["date"], dates, "{cluster}");
    assert_eq!(cluster["metadata"]["author"], serde_json::json!(["沈柏青"]));
}

#[test]
fn the_whole_page_is_all_that_can_be_seen() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.html"), page("utf-8")).unwrap();
    let output = run(
        folder.path(),
        &["--whole-page", "--output", "out", "a.html"],
    );
    assert_eq!((code(&output), errors(&output).as_str()), (0, ""));
    let row = &kept(folder.path())[0];
    for part in ARTICLE.iter().chain(&BOILERPLATE) {
        assert!(text_of(row).contains(part), "{part} in {row}");
    }
    assert!(!text_of(row).contains("color") && !text_of(row).contains("var menu"));
}

#[test]
fn a_page_without_a_main_text_gives_all_that_can_be_seen_and_a_note() {
    let folder = tempfile::tempdir().unwrap();
    let list = "<html><body><select><option>One thing</option><option>Another thing</option></select></body></html>";
    fs::write(folder.path().join("a.html"), list).unwrap();
    fs::write(folder.path().join("b.html"), "<script>var a = 1;</script>").unwrap();
    let output = run(folder.path(), &["--output", "out", "."]);
    assert_eq!(code(&output), 3);
    assert!(
        errors(&output).contains("note: 1 page has no main text"),
        "{}",
        errors(&output)
    );
    assert!(errors(&output).contains("rejected: ./b.html: the page has no text that can be seen"));
    let row = &kept(folder.path())[0];
    assert_eq!(
        text_of(row)
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" "),
        "One thing Another thing"
    );
}

#[test]
fn pages_that_would_take_too_long_are_rejected_and_all_others_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let attributes: String = (0..100_000).map(|i| format!(" a{i}=1")).collect();
    let pages = [
        ("deep.html", "<div>".repeat(1_000_000)),
        ("wide.html", format!("<div{attributes}>text</div>")),
        ("long.html", "<p>text</p>".repeat(4 << 20)),
        ("signs.html", "<".repeat(11_000_000)),
        ("fine.html", page("utf-8")),
    ];
    for (name, html) in pages {
        fs::write(folder.path().join(name), html).unwrap();
    }
    let output = run(folder.path(), &["--output", "out", "."]);
    assert_eq!(code(&output), 3);
    let rejected = rows(folder.path().join("out/rejected.jsonl"));
    let said: Vec<&str> = rejected
        .iter()
        .map(|row| row["error"].as_str().unwrap())
        .collect();
    assert_eq!(said.len(), 4);
    for (said, part) in said.iter().zip([
        "within each other",
        "longer than 16 MB",
        "more than 1000000 tags",
        "5000 attributes",
    ]) {
        assert!(
            said.contains(part) && said.contains("take the text out"),
            "{said}"
        );
    }
    assert_eq!(kept(folder.path())[0]["id"], "./fine.html");
}

#[test]
fn many_pages_and_texts_stay_in_the_order_of_the_input_with_any_threads() {
    let folder = tempfile::tempdir().unwrap();
    let mut numbers = crate::support::Numbers(3);
    for i in 0..600 {
        let words: Vec<String> = (0..40).map(|_| numbers.next().to_string()).collect();
        let name = if i % 3 == 0 {
            format!("{i:03}.txt")
        } else {
            format!("{i:03}.html")
        };
        fs::write(
            folder.path().join(name),
            format!("<p>{}</p>", words.join(" ")),
        )
        .unwrap();
    }
    let ids = |threads: &str| {
        let output = run(
            folder.path(),
            &["--threads", threads, "--output", "out", "--force", "."],
        );
        assert_eq!(code(&output), 0, "{}", errors(&output));
        fs::read_to_string(folder.path().join("out/kept.jsonl")).unwrap()
    };
    let one = ids("1");
    assert_eq!(one, ids("4"));
    let ids: Vec<String> = kept(folder.path())
        .iter()
        .map(|row| row["id"].to_string())
        .collect();
    assert_eq!(ids.len(), 600);
    assert!(ids.is_sorted());
}

/// A record of an archive.
fn record(kind: &str, uri: &str, date: &str, content_type: &str, content: &[u8]) -> Vec<u8> {
    let head = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {uri}\r\nWARC-Date: {date}\r\n\
         Content-Type: {content_type}\r\nContent-Length: {}\r\n\r\n",
        content.len()
    );
    [head.as_bytes(), content, b"\r\n\r\n"].concat()
}

fn response(uri: &str, date: &str, head: &str, body: &[u8]) -> Vec<u8> {
    let content = [format!("HTTP/1.1 {head}\r\n\r\n").as_bytes(), body].concat();
    record(
        "response",
        uri,
        date,
        "application/http; msgtype=response",
        &content,
    )
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

fn chunked(bytes: &[u8]) -> Vec<u8> {
    let chunks = bytes
        .chunks(700)
        .map(|chunk| [format!("{:x}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat());
    [chunks.collect::<Vec<_>>().concat(), b"0\r\n\r\n".to_vec()].concat()
}

const RUSSIAN: &str = "Вчера у ратуши открыли новый мост через реку, и собралось много людей. Он сокращает дорогу в школу вдвое.";

/// Each record contains the article in another way, or something that is not the article.
fn archive() -> Vec<Vec<u8>> {
    let html = "200 OK\r\nContent-Type: text/html";
    let named = format!("{html}; charset=Big5");
    let traditional = "<p>鎮上的人把沙袋一只一只壘上堤岸，老人和孩子先搬到了學校。天亮時雨停了，值班的人才坐下來。</p>";
    vec![
        record(
            "warcinfo",
            "",
            "2024-01-01T00:00:00Z",
            "application/warc-fields",
            b"software: made up\r\n",
        ),
        record(
            "request",
            "https://a.example/1",
            "2024-01-01T00:00:00Z",
            "application/http",
            b"GET / HTTP/1.1\r\n\r\n",
        ),
        response(
            "https://a.example/1",
            "2024-01-01T00:00:01Z",
            html,
            page("utf-8").as_bytes(),
        ),
        response(
            "https://b.example:8080/2?x",
            "2024-01-01T00:00:02Z",
            &format!("{html}\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip"),
            &chunked(&gz(page("utf-8").as_bytes())),
        ),
        response(
            "https://c.example/gone",
            "2024-01-01T00:00:03Z",
            "404 Not Found\r\nContent-Type: text/html",
            b"<p>gone</p>",
        ),
        response(
            "https://c.example/i.png",
            "2024-01-01T00:00:03Z",
            "200 OK\r\nContent-Type: image/png",
            b"\x89PNG",
        ),
        response(
            "https://d.example/",
            "2024-01-01T00:00:04Z",
            &named,
            &BIG5.encode(traditional).0,
        ),
        response(
            "https://a.example/1",
            "2024-02-01T00:00:00Z",
            html,
            page("utf-8").as_bytes(),
        ),
        record(
            "resource",
            "https://e.example/r.txt",
            "2024-01-01T00:00:05Z",
            "text/plain; charset=windows-1251",
            &WINDOWS_1251.encode(RUSSIAN).0,
        ),
        record(
            "conversion",
            "https://f.example/w",
            "2024-01-01T00:00:06Z",
            "text/plain",
            ARTICLE.join("\n").as_bytes(),
        ),
    ]
}

#[test]
fn an_archive_gives_a_document_a_page_packed_or_not() {
    let plain = archive().concat();
    let members: Vec<u8> = archive().iter().flat_map(|record| gz(record)).collect();
    let whole = gz(&plain);
    for (name, bytes) in [
        ("a.warc", plain.clone()),
        ("a.warc.wet", plain.clone()),
        ("a.wet", plain),
        ("a.warc.gz", members.clone()),
        ("a.warc.wet.gz", members),
        ("b.wet.gz", whole),
    ] {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(name), bytes).unwrap();
        let output = run(folder.path(), &["--output", "out", name]);
        let note = format!("note: {name}: skipped 2 records that are not HTML");
        assert_eq!(code(&output), 0, "{}", errors(&output));
        assert!(
            errors(&output).starts_with(&note) && errors(&output).lines().count() == 1,
            "{}",
            errors(&output)
        );
        let cluster = &rows(folder.path().join("out/clusters.jsonl"))[0];
        let ids: Vec<&str> = cluster["members"]
            .as_array()
            .unwrap()
            .iter()
            .map(|member| member["id"].as_str().unwrap())
            .collect();
        let expected = [
            "https://a.example/1",
            "https://a.example/1#2024-02-01T00:00:00Z",
            "https://b.example:8080/2?x",
            "https://f.example/w",
        ];
        let mut sorted = ids.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, expected, "{name}");
        let kept = kept(folder.path());
        assert_eq!(kept.len(), 3, "{name}: {kept:?}");
        assert_eq!(kept[1]["source"], "d.example");
        assert_eq!(kept[1]["date"], "2024-01-01T00:00:04Z");
        assert!(text_of(&kept[1]).starts_with("鎮上的人"), "{}", kept[1]);
        assert_eq!(
            (&kept[2]["id"], text_of(&kept[2])),
            (&"https://e.example/r.txt".into(), RUSSIAN)
        );
    }
}

#[test]
fn the_server_of_an_archived_page_can_decide_which_copy_stays() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.warc"), archive().concat()).unwrap();
    let output = run(
        folder.path(),
        &["--keep", "source=b.example", "--output", "out", "a.warc"],
    );
    assert_eq!(code(&output), 0, "{}", errors(&output));
    assert_eq!(
        rows(folder.path().join("out/clusters.jsonl"))[0]["canonical"],
        "https://b.example:8080/2?x"
    );
}

/// Checks that the one damaged record of the archive is rejected, and that its other pages are left.
fn check_spoiled(name: &str, bytes: &[u8], number: u64, part: &str) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(name), bytes).unwrap();
    let output = run(
        folder.path(),
        &["--format", "json", "--output", "out", name],
    );
    assert_eq!(code(&output), 3, "{part}: {}", errors(&output));
    let rejected = rows(folder.path().join("out/rejected.jsonl"));
    assert_eq!(rejected.len(), 1, "{part}: {rejected:?}");
    assert_eq!(
        (&rejected[0]["file"], &rejected[0]["line"]),
        (&name.into(), &number.into()),
        "{rejected:?}"
    );
    assert!(
        rejected[0]["error"].as_str().unwrap().contains(part),
        "{rejected:?}"
    );
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(summary["documents"], 5, "{part}");
}

#[test]
fn a_damaged_record_costs_only_itself() {
    let spoil = |number: usize, from: &str, to: &str| {
        let mut records = archive();
        let head =
            String::from_utf8(records[number][..250].iter().map(|b| b & 0x7F).collect()).unwrap();
        let at = head.find(from).unwrap();
        records[number].splice(at..at + from.len(), to.bytes());
        records.concat()
    };
    check_spoiled(
        "a.warc",
        &spoil(2, "Content-Length: ", "Content-Length: x"),
        3,
        "no Content-Length that is a number",
    );
    check_spoiled(
        "a.warc",
        &spoil(2, "Content-Length: ", "Content-Length: 9"),
        3,
        "bytes",
    );
    check_spoiled(
        "a.warc",
        &spoil(2, "Content-Length: ", "Content-Length: 999999999"),
        3,
        "longer than 64 MB",
    );
    check_spoiled(
        "a.warc",
        &spoil(2, "HTTP/1.1", "GARBAGE!"),
        3,
        "no head of HTTP",
    );
    let whole = archive().concat();
    check_spoiled("a.warc", &whole[..whole.len() - 40], 10, "cut short");
}

#[test]
fn a_damaged_member_of_a_packed_archive_costs_only_itself() {
    let mut members: Vec<Vec<u8>> = archive().iter().map(|record| gz(record)).collect();
    let middle = members[2].len() / 2;
    let good = members[2].clone();
    for byte in &mut members[2][middle..middle + 40] {
        *byte ^= 0x55;
    }
    check_spoiled("a.warc.gz", &members.concat(), 3, "could not be unpacked");
    members[2] = good[..middle].to_vec();
    check_spoiled("a.warc.gz", &members.concat(), 3, "could not be unpacked");
    let mut sum = good;
    let end = sum.len() - 8;
    sum[end] ^= 1;
    members[2] = sum;
    check_spoiled("a.warc.gz", &members.concat(), 3, "could not be unpacked");
}
