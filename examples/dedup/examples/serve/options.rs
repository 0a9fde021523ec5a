//! What may be asked for on the command line?

use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, ValueHint};

/// Serve an index over HTTP
///
/// The routes are described under /openapi.json. SIGINT and SIGTERM end the service: requests that have begun are answered first.
#[derive(Debug, Parser)]
#[command(name = "serve", max_term_width = 80)]
pub struct Options {
    /// Folder of the index. Made with default options if it is missing
    #[arg(value_hint = ValueHint::DirPath)]
    pub dir: PathBuf,

    /// Address to listen on. Others than 127.0.0.0/8 and ::1 need a token
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:7878")]
    pub listen: SocketAddr,

    /// File with the token that requests must have ("Authorization: Bearer TOKEN")
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "token")]
    pub token_file: Option<PathBuf>,

    /// The token itself. Other users of the machine can see it: better use --token-file
    #[arg(long, value_name = "TOKEN")]
    pub token: Option<String>,

    /// Bytes that a body may have
    #[arg(long, value_name = "BYTES", default_value_t = 16 << 20)]
    pub max_body: usize,

    /// Requests that are worked on, or wait for the index, at once. Bodies of so many requests are in memory
    #[arg(long, value_name = "NUMBER", default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..))]
    pub max_requests: u16,

    /// Seconds that a request waits for its turn, before it is refused with status 503
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    pub max_wait: u64,
}

impl Options {
    /// How long a request waits for its turn.
    pub fn wait(&self) -> Duration {
        Duration::from_secs(self.max_wait)
    }

    /// The token of the file or of the option. Fails if there is none and the address needs one.
    pub fn checked_token(&self) -> Result<Option<String>, String> {
        let token = match &self.token_file {
            Some(file) => Some(
                fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?,
            ),
            None => self.token.clone(),
        };
        let token = token.map(|token| token.trim().to_owned());
        match &token {
            Some(token) if !is_sendable(token) => Err(
                "the token must be one or more visible ASCII characters: no other can be sent in a header"
                    .to_owned(),
            ),
            None if !self.listen.ip().is_loopback() => Err(format!(
                "{}: others could read and change the index from there; give a token with --token-file, or listen on 127.0.0.1",
                self.listen
            )),
            _ => Ok(token),
        }
    }
}

fn is_sendable(token: &str) -> bool {
    !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic())
}
