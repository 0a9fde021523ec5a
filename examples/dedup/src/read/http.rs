//! What did a server answer? The header fields and the body, without the encodings of the transfer.

use std::io::Read;

#[cfg(feature = "brotli")]
use brotli_decompressor::Decompressor;
use flate2::read::{MultiGzDecoder, ZlibDecoder};

use super::feature::Missing;
use super::records::{Fields, LONGEST, blank_line};

/// Size of brotli's read buffer in bytes.
#[cfg(feature = "brotli")]
const BUFFER: usize = 1 << 14;

/// A server's answer, unpacked.
pub struct Answer {
    pub fields: Fields,
    pub body: Vec<u8>,
}

/// Parses an answer. None if its status is not 200, such as for missing pages and redirects.
pub fn answer(content: &[u8]) -> Result<Option<Answer>, String> {
    let start = content.starts_with(b"HTTP/");
    let end = blank_line(content)
        .filter(|_| start)
        .ok_or("it holds no head of HTTP")?;
    let (head, body) = content.split_at(end);
    let status = head.split(|&byte| byte == b' ').nth(1);
    if status.is_none_or(|status| !status.starts_with(b"200")) {
        return Ok(None);
    }
    let fields = Fields::parse(head);
    let body = unpacked(whole(body, &fields)?, &fields)?;
    Ok(Some(Answer { fields, body }))
}

/// The body without its chunk lengths, if it still has them: crawlers join the chunks but keep the header field.
fn whole(body: &[u8], fields: &Fields) -> Result<Vec<u8>, String> {
    let said = fields.get("transfer-encoding").unwrap_or_default();
    let first = body.split(|&byte| byte == b'\n').next().unwrap_or_default();
    if !said.to_ascii_lowercase().contains("chunked") || length(first).is_none() {
        return Ok(body.to_vec());
    }
    let mut whole = Vec::with_capacity(body.len());
    let mut rest = body;
    loop {
        let end = memchr::memchr(b'\n', rest).ok_or("its chunks are cut short")?;
        let length = length(&rest[..end]).ok_or("its chunks have no length")?;
        if length == 0 {
            return Ok(whole);
        }
        rest = &rest[end + 1..];
        let chunk = rest.get(..length).ok_or("its chunks are cut short")?;
        whole.extend_from_slice(chunk);
        rest = &rest[length..];
        rest = rest.strip_prefix(b"\r").unwrap_or(rest);
        rest = rest.strip_prefix(b"\n").unwrap_or(rest);
    }
}

/// The length of a chunk: a hexadecimal number before an optional semicolon.
fn length(line: &[u8]) -> Option<usize> {
    let line = std::str::from_utf8(line).ok()?;
    let digits = line.split(';').next()?.trim();
    usize::from_str_radix(digits, 16).ok()
}

fn unpacked(body: Vec<u8>, fields: &Fields) -> Result<Vec<u8>, String> {
    let said = fields
        .get("content-encoding")
        .unwrap_or_default()
        .to_ascii_lowercase();
    let gzip = body.starts_with(b"\x1F\x8B");
    let zlib = body.first().is_some_and(|first| first & 0xF == 8);
    match said.trim() {
        "gzip" | "x-gzip" if gzip => read(MultiGzDecoder::new(body.as_slice())),
        // A body that is UTF-8 was unpacked by the crawler already. Brotli has no magic bytes to check instead.
        #[cfg(feature = "brotli")]
        "br" if std::str::from_utf8(&body).is_err() => {
            read(Decompressor::new(body.as_slice(), BUFFER))
        }
        "deflate" if zlib => read(ZlibDecoder::new(body.as_slice())),
        // Unpacked by the crawler already.
        "" | "identity" | "gzip" | "x-gzip" => Ok(body),
        _ if std::str::from_utf8(&body).is_ok() => Ok(body),
        "br" => Err(format!(
            "it is packed with brotli: {}",
            Missing("brotli").remedy()
        )),
        other => Err(format!("it is packed as {other}, which is not read")),
    }
}

fn read(from: impl Read) -> Result<Vec<u8>, String> {
    let mut body = Vec::new();
    let read = from.take(LONGEST as u64 + 1).read_to_end(&mut body);
    read.map_err(|error| format!("its body can't be unpacked ({error})"))?;
    if body.len() > LONGEST {
        return Err(format!("its body is longer than {} MB", LONGEST >> 20));
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    fn body(answer: &[u8]) -> Result<Option<String>, String> {
        let found = super::answer(answer)?;
        Ok(found.map(|answer| String::from_utf8_lossy(&answer.body).into_owned()))
    }

    #[test]
    fn chunks_are_put_together_and_what_was_together_stays() {
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        let chunked = format!("{head}4\r\nabcd\r\n3;x=y\r\nefg\r\n0\r\n\r\n");
        assert_eq!(body(chunked.as_bytes()), Ok(Some("abcdefg".into())));
        let together = format!("{head}<html>");
        assert_eq!(body(together.as_bytes()), Ok(Some("<html>".into())));
        let cut = format!("{head}ff\r\nabcd");
        assert!(body(cut.as_bytes()).is_err());
        let huge = format!("{head}ffffffffffffffff\r\nabcd");
        assert!(body(huge.as_bytes()).is_err());
    }

    /// A brotli stream of one block that is not packed, written by hand from RFC 7932: 1 bit for the window, 1 for "not the
    /// last block", 2 for the number of the length's digits, 16 for the length less one, 1 for "not packed"; then the bytes
    /// and an empty last block.
    fn brotli(bytes: &[u8]) -> Vec<u8> {
        let head = ((bytes.len() as u32 - 1) << 4) | (1 << 20);
        [&head.to_le_bytes()[..3], bytes, &[3]].concat()
    }

    #[test]
    fn a_body_is_unpacked_from_brotli_and_what_is_text_already_stays() {
        let head = b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\n";
        // 15 bytes of text: 0xE0 in the header of the block, with the bytes after it, is not valid UTF-8.
        let packed = brotli("<p>白鷺江".as_bytes());
        assert_eq!(packed.len(), 16);
        let answer = |packed: &[u8]| body(&[head, packed].concat());
        assert_eq!(answer(&packed[..]), Ok(Some("<p>白鷺江".into())));
        assert_eq!(answer(b"<p>text"), Ok(Some("<p>text".into())));
        assert!(answer(&packed[..9]).is_err());
    }

    #[test]
    fn only_answers_with_a_page_count() {
        assert_eq!(body(b"HTTP/1.1 404 Not Found\r\n\r\nnone"), Ok(None));
        assert_eq!(body(b"HTTP/1.0 301 Moved\n\n"), Ok(None));
        assert!(body(b"<html>").is_err());
        assert!(body(b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\n\xFF\x01").is_err());
    }
}
