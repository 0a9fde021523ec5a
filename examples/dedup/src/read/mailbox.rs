//! What mails does a mailbox hold? Each mail starts at a line `From ` with a time, after a blank line.

use std::io::{self, BufRead, BufReader, Read};

use super::reason::{Reason, ReasonKind};

/// Maximum bytes of a line that are read at once.
const LINE: u64 = 1 << 16;

/// A mail of a mailbox.
#[derive(Debug, PartialEq)]
pub struct Mail {
    /// Number of the mail in the mailbox, from 1.
    pub number: usize,
    /// The bytes of the mail, or why they are not held.
    pub content: Result<Vec<u8>, Reason>,
}

/// The mails of a reader. The reader may continue after an error.
pub struct Mailbox<R> {
    from: BufReader<R>,
    /// Length in bytes of the longest mail that is held.
    longest: u64,
    number: usize,
    /// The mail that was begun.
    begun: Option<Result<Vec<u8>, Reason>>,
    length: u64,
    /// Whether the previous line was blank, or there is no previous line.
    after_blank: bool,
    at_line_start: bool,
    line: Vec<u8>,
}

impl<R: Read> Mailbox<R> {
    pub fn new(from: R, longest: u64) -> Self {
        Self {
            from: BufReader::with_capacity(1 << 18, from),
            longest,
            number: 0,
            begun: None,
            length: 0,
            after_blank: true,
            at_line_start: true,
            line: Vec::new(),
        }
    }

    /// The next mail, or none at the end. Lines before the first mail are skipped.
    pub fn next(&mut self) -> Option<Mail> {
        loop {
            match self.read_line() {
                Ok(0) => return self.take(),
                Ok(_) => {}
                Err(error) => {
                    self.after_blank = true;
                    self.at_line_start = true;
                    // Before the first mail too: it names the mails that are lost there.
                    self.begun = Some(Err(ReasonKind::Damaged.because(format!(
                        "can't be read from here on: {error}; download or pack the file again"
                    ))));
                    continue;
                }
            }
            let starts = self.at_line_start && self.after_blank && is_start(&self.line);
            let blank = self.at_line_start && matches!(self.line.as_slice(), b"\n" | b"\r\n");
            let finished = if starts { self.take() } else { None };
            if starts {
                self.begun = Some(Ok(Vec::new()));
            } else {
                self.add();
            }
            self.after_blank = blank;
            self.at_line_start = self.line.ends_with(b"\n");
            if finished.is_some() {
                return finished;
            }
        }
    }

    fn read_line(&mut self) -> io::Result<usize> {
        self.line.clear();
        (&mut self.from)
            .take(LINE)
            .read_until(b'\n', &mut self.line)
    }

    /// Adds a line to the mail that was begun.
    fn add(&mut self) {
        self.length += self.line.len() as u64;
        let Some(Ok(content)) = &mut self.begun else {
            return;
        };
        if self.length > self.longest {
            let longest = self.longest;
            self.begun = Some(Err(ReasonKind::TooLarge.because(format!(
                "longer than {longest} bytes, which are read at most; leave it out"
            ))));
            return;
        }
        content.extend_from_slice(unquoted(&self.line, self.at_line_start));
    }

    fn take(&mut self) -> Option<Mail> {
        self.length = 0;
        let content = self.begun.take()?;
        self.number += 1;
        Some(Mail {
            number: self.number,
            content,
        })
    }
}

/// Whether a line starts a mail: `From `, the sender, and a time with a colon between digits.
fn is_start(line: &[u8]) -> bool {
    let is_time =
        |part: &[u8]| matches!(part, [a, b':', b] if a.is_ascii_digit() && b.is_ascii_digit());
    line.starts_with(b"From ") && line.windows(3).any(is_time)
}

/// A line without the `>` that quotes it: mailboxes put a `>` before a line `From ` of a mail's text, also before one that
/// is quoted already.
fn unquoted(line: &[u8], at_line_start: bool) -> &[u8] {
    let marks = line.iter().take_while(|&&byte| byte == b'>').count();
    match marks {
        1.. if at_line_start && line[marks..].starts_with(b"From ") => &line[1..],
        _ => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mails(mailbox: &str, longest: u64) -> Vec<Result<String, Reason>> {
        let mut from = Mailbox::new(mailbox.as_bytes(), longest);
        let mut mails = Vec::new();
        while let Some(mail) = from.next() {
            assert_eq!(mail.number, mails.len() + 1);
            let text = |bytes| String::from_utf8(bytes).unwrap();
            mails.push(mail.content.map(text));
        }
        mails
    }

    #[test]
    fn a_mail_starts_behind_a_blank_line_and_its_own_lines_are_no_starts() {
        let mailbox = "From a@b Fri Nov 27 08:00:00 2026\nSubject: x\n\nFrom here on\n\n>From there\n>>From\n\n\
            From here 8:00 is no time of a start before a blank line?\nbody\n";
        let found = mails(mailbox, 1000);
        assert_eq!(found.len(), 2, "{found:?}");
        let first = "Subject: x\n\nFrom here on\n\nFrom there\n>>From\n\n";
        assert_eq!(found[0].as_ref().map(String::as_str), Ok(first));
    }

    #[test]
    fn a_mail_too_long_is_named_and_those_behind_it_are_read() {
        let start = "From a Fri Nov 27 08:00:00 2026\n";
        let mailbox = format!("{start}{}\n\n{start}short\n", "x".repeat(200_000));
        let found = mails(&mailbox, 100_000);
        assert!(found[0].is_err());
        assert_eq!(found[1].as_ref().map(String::as_str), Ok("short\n"));
        assert_eq!(mails("no mailbox\n", 10), []);
    }
}
