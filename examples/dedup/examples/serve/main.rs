//! An index behind HTTP, for programs that ask every few seconds what a new document repeats.
//!
//! `cargo run --release -p dedup --features serve --example serve -- news`
//!
//! One process writes to the index and answers from it. Requests are bounded in size, in number and in the time that they wait. The service
//! is for this machine: any other address needs a token, and a proxy in front of it for TLS.
//!
//! | module | question it answers |
//! |---|---|
//! | `options` | what may be asked for on the command line? |
//! | `guard` | who may ask? |
//! | `posted` | which documents are in a body? |
//! | `refusal` | why was a request refused? |
//! | `metrics` | how many requests were there, and how long did they take? |
//! | `service` | who uses the index when? |
//! | `routes` | what is answered under which path? |
//! | `server` | when does it listen, and when does it end? |

mod guard;
mod metrics;
mod openapi;
mod options;
mod posted;
mod refusal;
mod routes;
mod server;
mod service;
#[cfg(test)]
mod tests;

use std::process::ExitCode;

use clap::Parser;

use options::Options;
use server::{Server, stop_signal};

#[allow(clippy::print_stderr)] // a program for people
fn main() -> ExitCode {
    match work(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("serve: {message}");
            ExitCode::FAILURE
        }
    }
}

/// Serves until a signal comes. Work that has begun is finished: the end of the runtime waits for it.
#[allow(clippy::print_stderr)]
fn work(options: &Options) -> Result<(), String> {
    let runtime = tokio::runtime::Runtime::new();
    let runtime = runtime.map_err(|error| format!("threads could not be started: {error}"))?;
    runtime.block_on(async {
        // Before the address is told, so that no signal is missed after it.
        let stop = stop_signal()?;
        let server = Server::bind(options).await?;
        eprintln!("listening on http://{}", server.address());
        server.run(stop).await
    })
}
