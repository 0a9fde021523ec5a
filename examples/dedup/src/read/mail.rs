//! What is the text of a mail? Its text without attachments, or the visible text of its HTML if it has nothing else.

use mail_parser::{Message, MessageParser, PartType};

use super::caught::caught;
use super::html::{self, Extent, PageOptions};
use super::page::{About, Page};
use super::reason::{Reason, ReasonKind};

/// The text and the header of a mail, or why the mail is rejected.
pub fn read(bytes: &[u8], options: PageOptions) -> Result<Page, Reason> {
    // A panic of the parser rejects only this mail.
    let message = caught(|| MessageParser::default().parse(bytes));
    let message = message.map_err(|panic| {
        ReasonKind::Malformed.because(format!("the mail can't be taken apart ({panic})"))
    })?;
    let message = message.filter(|message| !message.headers_raw().count().eq(&0));
    let message = message.ok_or_else(|| {
        ReasonKind::Malformed.because("it has no head of a mail; read it as text with --as text")
    })?;
    let text = text(&message, options)?;
    if text.is_empty() {
        return Err(ReasonKind::Empty.because("the mail has no text; leave it out"));
    }
    Ok(Page {
        text,
        about: about(&message),
        all_of_it: false,
    })
}

fn text(message: &Message<'_>, options: PageOptions) -> Result<String, Reason> {
    let mut texts = Vec::new();
    for part in message.text_bodies() {
        match &part.body {
            PartType::Text(text) => texts.push(text.trim().replace("\r\n", "\n")),
            PartType::Html(page) => {
                let options = PageOptions {
                    extent: Extent::Whole,
                    ..options
                };
                texts.push(html::read(page, options)?.text);
            }
            _ => {}
        }
    }
    texts.retain(|text| !text.is_empty());
    Ok(texts.join("\n\n"))
}

fn about(message: &Message<'_>) -> About {
    let sender = message.from().and_then(|from| from.first());
    let address = sender.and_then(|sender| sender.address.as_deref());
    let name = sender.and_then(|sender| sender.name.as_deref());
    let host = address.and_then(|address| address.rsplit_once('@'));
    About {
        title: message.subject().map(str::to_owned),
        date: message.date().map(|date| date.to_rfc3339()),
        author: name.or(address).map(str::to_owned),
        source: host.map(|(_, host)| host.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPTIONS: PageOptions = PageOptions {
        extent: Extent::Main,
        most_tags: 1000,
    };

    #[test]
    fn the_text_and_the_head_of_a_mail_are_read_and_attachments_are_not() {
        let mail = concat!(
            "From: =?utf-8?B?5Lit5paH?= <a@news.example>\r\nSubject: =?gb2312?B?1tDOxA==?=\r\n",
            "Date: Fri, 27 Nov 2026 08:00:00 +0800\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n",
            "--b\r\nContent-Type: text/plain; charset=gb2312\r\nContent-Transfer-Encoding: base64\r\n\r\n1tDOxA==\r\n",
            "--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=x.txt\r\n\r\nattached\r\n--b--\r\n",
        );
        let page = read(mail.as_bytes(), OPTIONS).unwrap();
        assert_eq!(page.text, "中文");
        assert_eq!(page.about.title.as_deref(), Some("中文"));
        assert_eq!(page.about.author.as_deref(), Some("中文"));
        assert_eq!(page.about.source.as_deref(), Some("news.example"));
        let date = page.about.date.unwrap();
        assert!(date.starts_with("2026-11-27T08:00:00"), "{date}");
    }

    #[test]
    fn of_two_forms_of_one_text_one_is_read_and_html_alone_is_what_is_seen_of_it() {
        let both = "Subject: x\n\
            Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\none\n\
            --b\nContent-Type: text/html\n\n<p>two</p>\n--b--\n";
        assert_eq!(read(both.as_bytes(), OPTIONS).unwrap().text, "one");
        let html = "Subject: x\nContent-Type: text/html\n\n<style>p{}</style><p>one</p><p>two &amp; three</p>";
        let text = read(html.as_bytes(), OPTIONS).unwrap().text;
        assert_eq!(text, "one\n\ntwo & three");
        assert!(read(b"Subject: x\n\n \n", OPTIONS).is_err());
    }
}
