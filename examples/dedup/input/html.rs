//! What does a page of HTML say, without its menus, heads and feet?

use dom_smoothie::{Article, Config, Readability, TextMode};
use encoding_rs::Encoding;

use super::page::{About, Page};

/// How much of a page is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    Main,
    Whole,
}

pub fn charset(bytes: &[u8]) -> Option<&'static Encoding> {
    let _ = bytes;
    None
}

pub fn read(html: &str, extent: Extent) -> Result<Page, String> {
    let _ = extent;
    let config = Config {
        text_mode: TextMode::Formatted,
        ..Config::default()
    };
    let mut r = Readability::new(html, None, Some(config)).map_err(|e| e.to_string())?;
    let a: Article = r.parse().map_err(|e| e.to_string())?;
    Ok(Page {
        text: a.text_content.to_string(),
        about: About {
            title: Some(a.title),
            date: a.published_time,
            author: a.byline,
            source: None,
        },
        all_of_it: false,
    })
}
