//! What is the text of an HTML page, without its menus, header and footer?

use dom_smoothie::{Config, Readability, TextMode};
use encoding_rs::Encoding;

use super::caught::caught;
use super::page::{About, Page};
use super::reason::{Reason, ReasonKind};
use super::tags::{Most, Shape};

/// How pages are read.
#[derive(Clone, Copy, Debug)]
pub struct PageOptions {
    pub extent: Extent,
    /// Maximum number of tags of a page that is parsed.
    pub most_tags: usize,
}

/// How much of a page is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    Main,
    Whole,
}

/// Limits of a page: its length in bytes, the depth of its elements, the attributes of one element, and the pairs of
/// attributes and the steps of [`Shape`]. Pages beyond these limits are rejected. The time that deep elements and many
/// attributes take grows with the square.
const LONGEST: usize = 16 << 20;
const DEEPEST: usize = 500;
const MOST_ATTRIBUTES: usize = 5000;
const MOST_PAIRS: u64 = 200_000_000;
const MOST_STEPS: usize = 5_000_000;

/// Maximum steps for the entities of a page whose main text is extracted. The extractor writes the page out and reads it
/// again; 8 MB of `&amp;` in one text took 45 seconds. Of pages with more steps, the whole text is taken.
const MOST_ESCAPES: u64 = 2_000_000_000;

/// Number of bytes at the start of a page in which it may name its encoding.
const HEAD: usize = 4096;

const REMEDY: &str = "take the text out of it first";

/// Elements whose text is left out, because a reader does not see it.
const UNSEEN: &str = "script, style, noscript, template, svg, iframe, object, [hidden], [style*='display:none'], [style*='display: none']";

/// Pronunciations of words (ruby). With them, the text would contain each word twice.
const READINGS: &str = "rt, rp, rtc";

/// Elements that start a new line, in addition to paragraphs, headings and lists.
const BLOCKS: &str = "dd, dt, figcaption, caption, main, header, footer, nav, aside, address, form, fieldset, legend, details, summary, option, body";

/// The text of a page and its metadata, or why the page is rejected.
pub fn read(html: &str, options: PageOptions) -> Result<Page, Reason> {
    let is_long = shape(html, options.most_tags)?.escapes > MOST_ESCAPES;
    // A panic of the parser rejects only this page.
    let page = caught(|| match options.extent {
        Extent::Main if is_long => whole_text(html, true),
        extent => text(html, extent),
    });
    let page = page
        .unwrap_or_else(|panic| Err(format!("the page can't be taken apart ({panic}); {REMEDY}")));
    let page = page.map_err(|text| ReasonKind::Malformed.because(text))?;
    if page.text.is_empty() {
        let text = "the page has no text that can be seen; leave it out";
        return Err(ReasonKind::Empty.because(text));
    }
    Ok(page)
}

/// The visible text of a piece of HTML, such as a field of a row. It may be empty.
pub fn fragment(html: &str, most_tags: usize) -> Result<String, Reason> {
    if !html.contains(['<', '&']) {
        return Ok(html.to_owned());
    }
    shape(html, most_tags)?;
    let text = caught(|| parsed(html).map(|page| visible(&page, "body")));
    let text = text
        .unwrap_or_else(|panic| Err(format!("its HTML can't be taken apart ({panic}); {REMEDY}")));
    text.map_err(|text| ReasonKind::Malformed.because(text))
}

fn text(html: &str, extent: Extent) -> Result<Page, String> {
    match extent {
        Extent::Main => main_text(html)?.map_or_else(|| whole_text(html, true), Ok),
        Extent::Whole => whole_text(html, false),
    }
}

/// The shape of a page that may be parsed, or why it may not. The length is checked first, because counting takes time.
fn shape(html: &str, most_tags: usize) -> Result<Shape<'_>, Reason> {
    let too_large = |fault: String| ReasonKind::TooLarge.because(format!("{fault}; {REMEDY}"));
    if html.len() > LONGEST {
        let fault = format!("the page is longer than {} MB", LONGEST >> 20);
        return Err(too_large(fault));
    }
    let most = Most {
        depth: DEEPEST,
        tags: most_tags,
        steps: MOST_STEPS,
    };
    let shape = Shape::measure(html, most);
    match fault(&shape, most) {
        Some(fault) => Err(too_large(fault)),
        None => Ok(shape),
    }
}

/// The limit that a page exceeds.
fn fault(shape: &Shape<'_>, most: Most) -> Option<String> {
    let fault = if shape.deepest > most.depth {
        let depth = most.depth;
        format!("more than {depth} elements of the page are within each other")
    } else if shape.tags > most.tags {
        let tags = most.tags;
        format!("the page has more than {tags} tags, which take too much memory")
    } else if shape.steps > most.steps {
        "the page has too many tags within each other".to_owned()
    } else if shape.attributes > MOST_ATTRIBUTES {
        format!("an element of the page has more than {MOST_ATTRIBUTES} attributes")
    } else if shape.pairs > MOST_PAIRS {
        "too many elements of the page have hundreds of attributes".to_owned()
    } else {
        return None;
    };
    Some(fault)
}

fn parsed(html: &str) -> Result<Readability, String> {
    let config = Config {
        text_mode: TextMode::Formatted,
        ..Config::default()
    };
    let page = Readability::new(html, None, Some(config))
        .map_err(|error| format!("the page can't be taken apart: {error}; {REMEDY}"))?;
    page.doc.select(READINGS).remove();
    Ok(page)
}

/// The main text; none if no part of the page stands out as its main text.
fn main_text(html: &str) -> Result<Option<Page>, String> {
    let mut page = parsed(html)?;
    let date = date(&page);
    let Ok(article) = page.parse() else {
        return Ok(None);
    };
    let title = given(&article.title);
    let text = titled(title.as_deref(), visible(&page, "#readability-page-1"));
    let about = About {
        title,
        date: article.published_time.as_deref().and_then(given).or(date),
        author: article.byline.as_deref().and_then(given),
        source: None,
    };
    Ok(Some(Page {
        text,
        about,
        all_of_it: false,
    })
    .filter(|page| !page.text.is_empty()))
}

fn whole_text(html: &str, instead: bool) -> Result<Page, String> {
    let page = parsed(html)?;
    let said = page.get_article_metadata(page.parse_json_ld());
    let about = About {
        title: given(&said.title),
        date: said
            .published_time
            .as_deref()
            .and_then(given)
            .or(date(&page)),
        author: said.byline.as_deref().and_then(given),
        source: None,
    };
    let text = visible(&page, "body");
    let text = match instead {
        true => titled(about.title.as_deref(), text),
        false => text,
    };
    Ok(Page {
        text,
        about,
        all_of_it: instead,
    })
}

/// Adds the title to a text that does not contain it: pages with the same text may differ only in their titles.
fn titled(title: Option<&str>, text: String) -> String {
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    match title {
        Some(title) if !text.is_empty() && !plain(&text).contains(&plain(title)) => {
            format!("{title}\n\n{text}")
        }
        _ => text,
    }
}

/// The text of an element, with its paragraphs.
fn visible(page: &Readability, under: &str) -> String {
    let root = page.doc.select_single(under);
    root.select(UNSEEN).remove();
    root.select(BLOCKS).rename("div");
    root.formatted_text().trim().to_owned()
}

/// The text with its blanks normalised; none if it is empty.
fn given(text: &str) -> Option<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    Some(text).filter(|text| !text.is_empty())
}

/// Names of the fields that give the date of publication, best first.
const DATES: [&str; 10] = [
    "article:published_time",
    "datepublished",
    "publishdate",
    "pubdate",
    "publish-date",
    "publication_date",
    "dc.date.issued",
    "dc.date",
    "date",
    "weibo:article:create_at",
];

/// When the page was published, as the page itself says.
fn date(page: &Readability) -> Option<String> {
    let metas = page.doc.select("meta[content]");
    let metas: Vec<(String, String)> = metas
        .iter()
        .filter_map(|meta| {
            let name = ["property", "name", "itemprop"];
            let name = name.iter().find_map(|name| meta.attr(name))?;
            Some((name.to_lowercase(), meta.attr("content")?.to_string()))
        })
        .collect();
    let named = |wanted: &&str| metas.iter().find(|(name, _)| name == wanted);
    let meta = DATES.iter().find_map(named).map(|(_, date)| date.clone());
    let time = || page.doc.select_single("time[datetime]").attr("datetime");
    meta.or_else(|| Some(time()?.to_string()))
        .and_then(|date| given(&date))
}

/// The encoding that a page declares, in `<meta charset>`, in the older `http-equiv` or in its XML declaration.
pub fn charset(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(HEAD)];
    let head = head.to_ascii_lowercase();
    let head = String::from_utf8_lossy(&head);
    let xml = head.trim_start().strip_prefix("<?xml");
    let xml = xml.and_then(|xml| label(xml.split("?>").next()?, "encoding"));
    let metas = head.split("<meta").skip(1);
    xml.or_else(|| {
        metas
            .filter_map(|meta| label(meta.split('>').next()?, "charset"))
            .next()
    })
}

/// Maximum length of the name of an encoding in bytes.
const LONGEST_NAME: usize = 64;

/// The encoding that is named after a word and `=`.
pub fn label(text: &str, word: &str) -> Option<&'static Encoding> {
    text.match_indices(word).find_map(|(at, _)| {
        let value = text[at + word.len()..].trim_start().strip_prefix('=')?;
        let value = value.trim_start().trim_start_matches(['"', '\'']);
        // A name without end is not looked at again from each of its places.
        let value = &value.as_bytes()[..value.len().min(LONGEST_NAME)];
        let is_after = |byte: &u8| byte.is_ascii_whitespace() || b"\"';/?>".contains(byte);
        let end = value.iter().position(is_after);
        Encoding::for_label_no_replacement(&value[..end.unwrap_or(value.len())])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_an_encoding_is_found_and_none_in_a_name_without_end() {
        let named = |text: &str| label(text, "charset").map(Encoding::name);
        assert_eq!(named("text/html; charset = \"gbk\";x"), Some("GBK"));
        assert_eq!(named("charset: x; charset=big5"), Some("Big5"));
        assert_eq!(named(&"charset=".repeat(1 << 19)), None);
    }

    #[test]
    fn many_elements_with_many_attributes_are_rejected_though_none_has_too_many() {
        let attributes: String = (0..2000).map(|i| format!(" a{i}")).collect();
        let page = format!("<p{attributes}>text</p>").repeat(100);
        let error = fragment(&page, 1000).unwrap_err();
        assert!(error.text.contains("hundreds of attributes"), "{error}");
    }
}
