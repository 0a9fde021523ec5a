//! How many requests were there, and how long did they take? In the text format of Prometheus.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// A method and the pattern of a path, both of a closed set: clients can't add series.
pub type Route = (&'static str, String);

/// Counts since the start.
#[derive(Debug, Default)]
pub struct Metrics {
    routes: Mutex<BTreeMap<Route, Counts>>,
    /// Documents that are in the index.
    documents: AtomicU64,
}

#[derive(Debug, Default)]
struct Counts {
    requests: u64,
    /// Answers with a status of 400 or more.
    errors: u64,
    time: Duration,
}

impl Metrics {
    pub fn count(&self, route: Route, is_error: bool, time: Duration) {
        let mut routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        let counts = routes.entry(route).or_default();
        counts.requests += 1;
        counts.errors += u64::from(is_error);
        counts.time += time;
    }

    pub fn set_documents(&self, documents: usize) {
        self.documents.store(documents as u64, Ordering::Relaxed);
    }

    /// All figures as Prometheus reads them.
    pub fn text(&self) -> String {
        let routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        let mut out = String::new();
        let documents = self.documents.load(Ordering::Relaxed);
        head(
            &mut out,
            "dedup_documents",
            "gauge",
            "Documents in the index.",
        );
        line(&mut out, format_args!("dedup_documents {documents}"));
        let name = "dedup_requests_total";
        head(&mut out, name, "counter", "Requests that were answered.");
        for (route, counts) in &*routes {
            series(&mut out, name, route, counts.requests);
        }
        let name = "dedup_errors_total";
        head(
            &mut out,
            name,
            "counter",
            "Answers with a status of 400 or more.",
        );
        for (route, counts) in &*routes {
            series(&mut out, name, route, counts.errors);
        }
        let name = "dedup_request_seconds";
        head(&mut out, name, "summary", "Time from request to answer.");
        for (route, counts) in &*routes {
            series(
                &mut out,
                "dedup_request_seconds_sum",
                route,
                counts.time.as_secs_f64(),
            );
            series(
                &mut out,
                "dedup_request_seconds_count",
                route,
                counts.requests,
            );
        }
        out
    }
}

fn head(out: &mut String, name: &str, kind: &str, help: &str) {
    line(out, format_args!("# HELP {name} {help}"));
    line(out, format_args!("# TYPE {name} {kind}"));
}

fn series(out: &mut String, name: &str, (method, path): &Route, value: impl std::fmt::Display) {
    line(
        out,
        format_args!("{name}{{method=\"{method}\",route=\"{path}\"}} {value}"),
    );
}

fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string can't fail.
    let _ = writeln!(out, "{text}");
}
