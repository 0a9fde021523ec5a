//! Who may ask?

use std::net::IpAddr;

use axum::http::{HeaderMap, StatusCode, header};
use subtle::ConstantTimeEq;

use crate::refusal::Refusal;

/// Decides about a request by its headers. With a token, a request must have it. Without one, it must be sent to a name of this
/// machine: a page in a browser that another name leads here is refused.
pub fn check(token: Option<&str>, headers: &HeaderMap) -> Result<(), Refusal> {
    match token {
        Some(token) => check_token(token, headers),
        None => check_host(headers),
    }
}

fn check_token(token: &str, headers: &HeaderMap) -> Result<(), Refusal> {
    let given = headers.get(header::AUTHORIZATION);
    let given = given.and_then(|value| bearer(value.as_bytes()));
    // The time does not tell how much of the token was right; only its length can be seen.
    let is_right = given.is_some_and(|given| bool::from(given.ct_eq(token.as_bytes())));
    if is_right {
        return Ok(());
    }
    let error = match given {
        Some(_) => "the token is not that of the service",
        None => "a token is missing; send it as \"Authorization: Bearer TOKEN\"",
    };
    Err(Refusal::new(StatusCode::UNAUTHORIZED, error).at("header Authorization"))
}

/// The token of a header. The name of the scheme may be in any case (RFC 9110, 11.1).
fn bearer(value: &[u8]) -> Option<&[u8]> {
    let (scheme, token) = value.split_at_checked(b"Bearer ".len())?;
    scheme
        .eq_ignore_ascii_case(b"Bearer ")
        .then_some(token.trim_ascii())
}

fn check_host(headers: &HeaderMap) -> Result<(), Refusal> {
    let Some(host) = headers.get(header::HOST) else {
        // HTTP/1.0, which no browser speaks.
        return Ok(());
    };
    if host.to_str().is_ok_and(is_this_machine) {
        return Ok(());
    }
    let error = "only localhost is served without a token; ask for http://localhost, or start with --token-file";
    Err(Refusal::new(StatusCode::FORBIDDEN, error).at("header Host"))
}

/// Is a host, perhaps with a port, a name of this machine?
fn is_this_machine(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next(),
        None => host.split(':').next(),
    };
    let name = name.unwrap_or_default();
    let address = name.parse::<IpAddr>();
    name.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_this_machine_are_told_from_others() {
        for host in [
            "localhost",
            "LOCALHOST:80",
            "127.0.0.1:7878",
            "127.9.0.1",
            "[::1]:1",
            "[::1]",
        ] {
            assert!(is_this_machine(host), "{host}");
        }
        for host in [
            "",
            "example.org",
            "localhost.example.org",
            "10.0.0.1:7878",
            "[::2]",
            "127.0.0.1.example.org",
        ] {
            assert!(!is_this_machine(host), "{host}");
        }
    }

    #[test]
    fn the_scheme_is_bearer_in_any_case() {
        assert_eq!(bearer(b"bEARER abc"), Some(&b"abc"[..]));
        assert_eq!(bearer(b"Basic abc"), None);
        assert_eq!(bearer(b"Bearer"), None);
    }
}
