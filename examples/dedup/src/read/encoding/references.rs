//! Which characters of a text are written as numbers because its encoding lacks them? Python (`xmlcharrefreplace`) and
//! browsers write them as `&#32675;`.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8};
use memchr::memmem;

/// Replaces these references in a text from a legacy encoding. Editions of an encoding differ in the characters that they
/// lack, so all references are replaced except those to ASCII, which every encoding has.
pub fn restored<'t>(text: Cow<'t, str>, encoding: &'static Encoding) -> Cow<'t, str> {
    if encoding.output_encoding() == UTF_8 {
        return text;
    }
    let mut out = String::new();
    let mut done = 0;
    for at in memmem::find_iter(text.as_bytes(), START) {
        if let Some((c, end)) = reference(&text, at).filter(|&(c, _)| !c.is_ascii()) {
            out.push_str(&text[done..at]);
            out.push(c);
            done = end;
        }
    }
    if done == 0 {
        return text;
    }
    out.push_str(&text[done..]);
    out.into()
}

const START: &str = "&#";

/// The character of the reference at a position, and the position after the reference.
fn reference(text: &str, at: usize) -> Option<(char, usize)> {
    let number = &text[at + START.len()..];
    let digits = number.bytes().take_while(u8::is_ascii_digit).count();
    if number.as_bytes().get(digits) != Some(&b';') {
        return None;
    }
    let c = char::from_u32(number[..digits].parse().ok()?)?;
    Some((c, at + START.len() + digits + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::BIG5;

    #[test]
    fn numbers_of_characters_in_an_old_encoding_become_characters() {
        let text = "一&#65;&#32675;&#160;人 &#; &#x4E2D; &#99999999999; &#55296; &#32675";
        let expected = "一&#65;羣\u{A0}人 &#; &#x4E2D; &#99999999999; &#55296; &#32675";
        assert_eq!(restored(text.into(), BIG5), expected);
        assert_eq!(restored(text.into(), UTF_8), text);
    }
}
