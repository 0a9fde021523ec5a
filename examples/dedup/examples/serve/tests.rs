//! The service over plain HTTP: its answers are those of the index, and every refusal has a reason.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::mpsc;
use std::thread::JoinHandle;

use clap::Parser;
use reprint::report::records;
use reprint::{Deduper, Document, Index};
use serde_json::{Value, json};
use tokio::sync::oneshot;

use crate::openapi;
use crate::options::Options;
use crate::routes::routes;
use crate::server::Server;

const MONDAY: &str = "The ferry to Holm stops on the first of November, the port office said on Monday. \
    The last boat leaves at six in the evening, and the next one in April.";
const OTHER: &str =
    "The weir at Long Barton gave way in the night, and the mill has had no water since.";

/// A service in a thread of this process. It ends when this value is dropped.
struct Running {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<Result<(), String>>>,
}

/// The response to a request.
struct Answer {
    status: u16,
    headers: String,
    body: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{}: {error}", self.body))
    }
}

impl Running {
    fn start(folder: &Path, options: &[&str]) -> Self {
        let folder = folder.to_str().unwrap();
        let given = ["serve", "--listen", "127.0.0.1:0", folder];
        let options = Options::parse_from(given.iter().chain(options));
        let (stop, stopped) = oneshot::channel::<()>();
        let (told, address) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            runtime.block_on(async {
                let server = Server::bind(&options).await?;
                told.send(server.address()).unwrap();
                server
                    .run(async {
                        let _ = stopped.await;
                    })
                    .await
            })
        });
        Self {
            address: address.recv().expect("it listens"),
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    /// A request with further headers, each ended by CR LF.
    fn ask(&self, method: &str, path: &str, headers: &str, body: &str) -> Answer {
        let length = body.len();
        self.send(&format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
        ))
    }

    fn send(&self, request: &str) -> Answer {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (headers, body) = answer.split_once("\r\n\r\n").expect("an answer of HTTP");
        Answer {
            status: headers[9..12].parse().unwrap(),
            headers: headers.to_ascii_lowercase(),
            body: body.to_owned(),
        }
    }

    fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, "", "")
    }

    fn post(&self, path: &str, body: &Value) -> Answer {
        let kind = "Content-Type: application/json\r\n";
        self.ask("POST", path, kind, &body.to_string())
    }

    fn end(mut self) {
        self.stop.take().unwrap().send(()).unwrap();
        self.thread.take().unwrap().join().unwrap().unwrap();
    }
}

/// A service over a new index.
fn new_service(options: &[&str]) -> (tempfile::TempDir, Running) {
    let folder = tempfile::tempdir().unwrap();
    let running = Running::start(&folder.path().join("news"), options);
    (folder, running)
}

fn posted() -> Value {
    json!([
        {"id": "monday", "text": MONDAY, "date": "2026-11-23", "source": "wire"},
        {"id": "other", "text": OTHER},
        {"id": "friday", "text": MONDAY.replace(", ", "; ")},
    ])
}

fn documents() -> Vec<Document> {
    let posted = posted();
    let field = |one: &Value, name: &str| one[name].as_str().map(str::to_owned);
    let documents = posted.as_array().unwrap().iter().map(|one| {
        let mut document = Document::new(field(one, "id").unwrap(), field(one, "text").unwrap());
        document.metadata.date = field(one, "date");
        document.metadata.source = field(one, "source");
        document
    });
    documents.collect()
}

/// The same answers from an index that is queried directly.
fn rows(answers: &[reprint::index::Answer]) -> String {
    let rows: Vec<String> = answers
        .iter()
        .map(|answer| dedup::answer_row(answer).unwrap())
        .collect();
    format!("[{}]", rows.join(","))
}

#[test]
fn answers_are_those_of_the_index_and_stay_on_the_disk() {
    let (folder, running) = new_service(&[]);
    let mut twin = Index::create(&folder.path().join("twin"), Deduper::default(), "").unwrap();
    let added = running.post("/documents", &posted());
    assert_eq!(added.status, 200, "{}", added.body);
    assert_eq!(added.body, rows(&twin.add(&documents()).unwrap()));

    let asked = [Document::new("saturday", MONDAY.to_uppercase())];
    let one = json!({"id": "saturday", "text": MONDAY.to_uppercase()});
    let told = running.post("/query", &json!([one]));
    assert_eq!(told.body, rows(&twin.query(&asked).unwrap()));
    let told = running.post("/query", &one);
    assert_eq!(
        format!("[{}]", told.body),
        rows(&twin.query(&asked).unwrap())
    );

    twin.settle(&()).unwrap();
    let cluster = running.get("/clusters/friday").json();
    let expected = twin.clusters().unwrap();
    let expected = serde_json::to_value(records::cluster(&expected[0])).unwrap();
    assert_eq!(cluster["cluster"], expected);
    assert_eq!(
        (&cluster["settled"], &cluster["generation"]),
        (&json!(true), &json!(1))
    );
    assert_eq!(
        running.get("/clusters/other").json()["cluster"],
        Value::Null
    );

    let evidence = running.get("/explain?a=monday&b=friday");
    let [monday, _, friday] = documents().try_into().unwrap();
    let expected = twin.explain("monday", "friday").unwrap();
    assert_eq!(
        evidence.body,
        dedup::evidence_row(&[monday, friday].as_slice(), &expected)
    );
    assert_eq!(
        running.get("/explain?a=monday&b=monday").json()["relation"],
        "exact"
    );

    running.end();
    let kept = Index::open(&folder.path().join("news"), Deduper::default()).unwrap();
    assert_eq!(
        kept.ids().collect::<Vec<_>>(),
        ["monday", "other", "friday"]
    );
}

#[test]
fn clusters_are_settled_first_unless_that_is_not_wanted() {
    let (_folder, running) = new_service(&[]);
    running.post("/documents", &posted());
    let old = running.get("/clusters/monday?settle=false").json();
    assert_eq!(
        (&old["settled"], &old["generation"], &old["cluster"]),
        (&json!(false), &json!(0), &Value::Null)
    );
    assert_eq!(running.get("/clusters/monday").json()["cluster"]["size"], 2);
    running.post("/documents", &json!({"id": "later", "text": MONDAY}));
    let old = running.get("/clusters/monday?settle=false").json();
    assert_eq!(
        (&old["settled"], &old["cluster"]["size"]),
        (&json!(false), &json!(2))
    );
    assert_eq!(running.get("/clusters/later").json()["cluster"]["size"], 3);
    assert_eq!(running.get("/clusters/later?settle=perhaps").status, 400);
}

#[test]
fn ids_may_have_any_characters() {
    let (_folder, running) = new_service(&[]);
    let id = "a/b c?d=é&铜#%2F\"\n";
    let encoded = "a%2Fb%20c%3Fd%3D%C3%A9%26%E9%93%9C%23%252F%22%0A";
    assert_eq!(
        running
            .post("/documents", &json!({"id": id, "text": MONDAY}))
            .status,
        200
    );
    assert_eq!(
        running.get(&format!("/clusters/{encoded}")).json()["id"],
        id
    );
    let pair = running.get(&format!("/explain?a={encoded}&b={encoded}"));
    assert_eq!(pair.json()["a"], id);
    let removed = running.ask("DELETE", &format!("/documents/{encoded}"), "", "");
    assert_eq!(removed.json(), json!({"id": id, "removed": true}));
}

#[test]
fn what_can_not_be_done_is_refused_with_a_reason() {
    let (_folder, running) = new_service(&["--max-body", "1000"]);
    running.post("/documents", &json!({"id": "monday", "text": MONDAY}));
    let twice = json!([{"id": "a", "text": ""}, {"id": "a", "text": ""}]);
    let json = "Content-Type: application/json\r\n";
    let long = format!("{{\"id\":\"long\",\"text\":\"{}\"}}", "x".repeat(1000));
    let cases = [
        (running.get("/clusters/nobody"), 404, "path"),
        (running.get("/clusters/%FF"), 400, "path"),
        (
            running.get("/explain?a=monday&b=nobody"),
            404,
            "parameter b",
        ),
        (running.get("/explain?a=monday"), 400, "parameters"),
        (
            running.ask("DELETE", "/documents/nobody", "", ""),
            404,
            "path",
        ),
        (running.get("/nothing"), 404, "path"),
        (running.get("/documents"), 405, "method"),
        (
            running.ask("POST", "/documents", json, "{"),
            400,
            "line 1, column 1",
        ),
        (running.post("/documents", &twice), 409, "/1/id"),
        (
            running.post("/documents", &json!({"id": "monday", "text": OTHER})),
            409,
            "/id",
        ),
        (
            running.ask("POST", "/query", "", "{}"),
            415,
            "header Content-Type",
        ),
        (running.ask("POST", "/documents", json, &long), 413, ""),
    ];
    for (answer, status, place) in cases {
        assert_eq!(answer.status, status, "{}", answer.body);
        assert!(answer.headers.contains("content-type: application/json"));
        let error = answer.json();
        assert!(
            error["error"]
                .as_str()
                .is_some_and(|error| !error.is_empty())
        );
        assert_eq!(
            error["place"].as_str().unwrap_or_default(),
            place,
            "{error}"
        );
    }
    let several = json!([{"id": "monday", "text": OTHER}, {"id": "new", "text": OTHER}]);
    let several = running.post("/documents", &several).json();
    assert_eq!(
        [&several[0]["outcome"], &several[1]["outcome"]],
        ["conflict", "new"]
    );
    let figures = running.get("/metrics").body;
    for line in [
        "dedup_documents 2",
        "dedup_requests_total{method=\"POST\",route=\"/documents\"} 6",
        "dedup_errors_total{method=\"POST\",route=\"/documents\"} 4",
        "dedup_request_seconds_count{method=\"GET\",route=\"other\"} 1",
    ] {
        assert!(
            figures.lines().any(|other| other == line),
            "{line} is not in:\n{figures}"
        );
    }
}

#[test]
fn with_a_token_nothing_but_health_is_answered_without_it() {
    let (folder, running) = new_service(&["--token", "s3cret"]);
    assert_eq!(running.get("/health").status, 200);
    for (method, path, _) in routes().iter().filter(|route| route.1 != "/health") {
        let (method, path) = (method.to_uppercase(), path.replace("{id}", "a"));
        let answer = running.ask(&method, &path, "", "");
        assert_eq!(answer.status, 401, "{method} {path}");
        assert!(answer.headers.contains("www-authenticate: bearer"));
    }
    let with = |token: &str| {
        let header = format!("Authorization: Bearer {token}\r\n");
        running.ask("GET", "/metrics", &header, "").status
    };
    let statuses = ["s3cret", "s3creT", "s3cre", "s3crets", ""].map(with);
    assert_eq!(statuses, [200, 401, 401, 401, 401]);

    let file = folder.path().join("token");
    std::fs::write(&file, "of-a-file\n").unwrap();
    let parse = |options: &[&str]| {
        Options::parse_from(["serve", "news"].iter().chain(options)).checked_token()
    };
    let token = parse(&[
        "--listen",
        "0.0.0.0:80",
        "--token-file",
        file.to_str().unwrap(),
    ]);
    assert_eq!(token.unwrap().as_deref(), Some("of-a-file"));
    assert!(parse(&["--listen", "0.0.0.0:80"]).is_err());
    assert!(parse(&["--listen", "[::]:80"]).is_err());
    assert!(parse(&["--token", " "]).is_err());
    assert_eq!(parse(&["--listen", "[::1]:80"]), Ok(None));
}

#[test]
fn without_a_token_only_names_of_this_machine_are_served() {
    let (_folder, running) = new_service(&[]);
    let named = |host: &str| {
        let request = format!("GET /metrics HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        running.send(&request).status
    };
    assert_eq!(
        ["localhost:1", "[::1]", "pages.example"].map(named),
        [200, 200, 403]
    );
}

#[test]
fn a_request_that_waits_too_long_is_refused() {
    let (_folder, running) = new_service(&["--max-requests", "1", "--max-wait", "0"]);
    let mut slow = TcpStream::connect(running.address).unwrap();
    slow.write_all(b"POST /query HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n[")
        .unwrap();
    let query = || running.post("/query", &json!([]));
    let begun = std::time::Instant::now();
    let refused = loop {
        let answer = query();
        // Repeats until the slow request is being served.
        if answer.status != 200 || begun.elapsed().as_secs() > 20 {
            break answer;
        }
    };
    assert_eq!(refused.status, 503, "{}", refused.body);
    assert!(refused.headers.contains("retry-after: 1"));
    assert_eq!(running.get("/health").status, 200);
    drop(slow);
    while query().status != 200 {
        assert!(begun.elapsed().as_secs() < 40, "its place is free again");
    }
}

#[test]
fn the_description_has_every_route_and_every_answer_keeps_to_it() {
    let (_folder, running) = new_service(&[]);
    let described = running.get("/openapi.json").json();
    let paths = described["paths"].as_object().unwrap();
    let paths = paths.iter().flat_map(|(path, methods)| {
        let methods = methods.as_object().unwrap().keys();
        methods.map(move |method| (method.as_str(), path.as_str()))
    });
    let served = routes().map(|(method, path, _)| (method, path));
    assert_eq!(paths.collect::<BTreeSet<_>>(), BTreeSet::from(served));

    let added = running.post("/documents", &posted());
    let cases = [
        ("Answer", added.json()[2].clone()),
        ("ClusterOfDocument", running.get("/clusters/monday").json()),
        ("ClusterOfDocument", running.get("/clusters/other").json()),
        ("Evidence", running.get("/explain?a=monday&b=friday").json()),
        ("Evidence", running.get("/explain?a=monday&b=other").json()),
        ("Error", running.get("/clusters/nobody").json()),
        (
            "Removed",
            running.ask("DELETE", "/documents/other", "", "").json(),
        ),
    ];
    for (name, answer) in cases {
        // The description contains the schemas that a schema refers to.
        let mut schema = openapi::description().unwrap();
        schema["$ref"] = json!(format!("#/components/schemas/{name}"));
        let schema = jsonschema::validator_for(&schema).unwrap();
        let faults: Vec<String> = schema
            .iter_errors(&answer)
            .map(|fault| fault.to_string())
            .collect();
        assert!(faults.is_empty(), "{name}: {faults:?} in {answer:#}");
    }
}
